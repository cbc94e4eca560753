"""What operators get in deploy/ agrees with the program and with the page that tells them what to do."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from config.metrics.application import answer_metrics
from config.metrics.gateway import ANSWERS
from config.metrics.installation import REPLICA_BEHIND
from config.metrics.requests import REQUESTS, SECONDS

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
RUNBOOK = ROOT / "docs" / "how-to" / "operate.md"
METRIC = re.compile(r"\bluatmo_[a-z_]+\b")
OF_OTHERS = {  # read by libraries, by a server that is not ours, or by the container
    "PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE",
    "POSTGRES_INITDB_ARGS",
}  # fmt: skip
OF_ETCD = "ETCD_"  # etcd itself warns of one that it does not know
ANSWER = """
import sys
from config.wsgi import application
environ = {"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "luatmo.example", "SERVER_NAME": "x",
           "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "wsgi.input": sys.stdin.buffer, "wsgi.url_scheme": "http",
           "HTTP_X_FORWARDED_PROTO": "https"}
for path in sys.argv[1:]:
    application(environ | {"PATH_INFO": path}, lambda status, headers: print(path, status[:3]))
"""


def documents(path):
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def rules():
    (group,) = documents(DEPLOY / "prometheus" / "rules.yaml")[0]["groups"]
    return group["rules"]


def slug(heading):
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(path):
    return {slug(line.lstrip("#")) for line in path.read_text().splitlines() if re.match(r"#+ ", line)}


@pytest.fixture
def metric_names(db):
    """Every name that /metrics can have, also of what nothing was counted of yet."""
    body = b"".join(answer_metrics({"REQUEST_METHOD": "GET"}, lambda *said: None)).decode()
    told = {sample.name for family in text_string_to_metric_families(body) for sample in family.samples}
    gauges = {family.name for family in text_string_to_metric_families(body)}
    counted = {f"{name}_total" for metric in (REQUESTS, ANSWERS) for name in [metric._name]}
    return (
        told | gauges | counted | {REPLICA_BEHIND} | {f"{SECONDS._name}_{part}" for part in ("bucket", "count", "sum")}
    )


def test_large_uploads_are_on_a_disk_in_every_sample():
    image = (DEPLOY / "Containerfile").read_text()
    assert "UPLOADS_FOLDER" not in image  # the worker and commands have a read-only root and no such disk
    services = documents(DEPLOY / "compose.yaml")[0]["services"]
    folder = services["web"]["environment"]["UPLOADS_FOLDER"]
    assert f"/var/lib/luatmo {folder}" in image  # made, and ours
    assert [name for name, service in services.items() if "UPLOADS_FOLDER" in str(service)] == ["web"]
    web = next(each for each in documents(DEPLOY / "kubernetes" / "web.yaml") if each["kind"] == "Deployment")
    pod = web["spec"]["template"]["spec"]
    mounts = {each["mountPath"]: each["name"] for each in pod["containers"][0]["volumeMounts"]}
    (volume,) = [each for each in pod["volumes"] if each["name"] == mounts[folder]]
    assert "medium" not in volume["emptyDir"]  # no memory
    assert {"name": "UPLOADS_FOLDER", "value": folder} in pod["containers"][0]["env"]
    assert folder in services["web"]["volumes"]
    assert "UPLOADS_FOLDER=%S/luatmo/uploads" in (DEPLOY / "systemd" / "luatmo-web.service").read_text()


def test_compose_says_whose_its_secrets_are():
    sample = (DEPLOY / "compose.yaml").read_text()
    user = yaml.safe_load(sample)["x-program"]["user"]
    assert f"chown {user} deploy/secrets/*" in sample and "chmod 0400 deploy/secrets/*" in sample


def test_each_alert_leads_to_a_heading_that_says_what_to_do():
    known = anchors(RUNBOOK)
    for rule in rules():
        page, _hash, anchor = rule["annotations"]["runbook"].partition("#")
        assert (ROOT / page, anchor in known) == (RUNBOOK, True), rule["alert"]
        assert anchor == slug(f"Alert: {rule['alert']}")
    alerts = {slug(f"Alert: {rule['alert']}") for rule in rules()}
    assert {each for each in known if each.startswith("alert-")} == alerts


def test_each_metric_that_an_alert_or_the_dashboard_asks_for_exists(metric_names):
    panels = json.loads((DEPLOY / "grafana" / "luatmo.json").read_text())["panels"]
    queries = [target["expr"] for panel in panels for target in panel["targets"]] + [rule["expr"] for rule in rules()]
    asked = {name for query in queries for name in METRIC.findall(query)}
    assert len(asked) > 10
    assert asked - metric_names == set()


def test_a_metric_that_does_not_exist_would_be_found(metric_names):
    assert set(METRIC.findall("sum(rate(luatmo_reqests_total[5m]))")) - metric_names == {"luatmo_reqests_total"}


def test_each_setting_of_a_sample_is_one_that_we_read():
    program = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "gunicorn.conf.py", "logs.py"))
    program += "".join(path.read_text() for path in (DEPLOY / "connectors").glob("*.py"))  # of their own
    read = set(re.findall(r"""["']([A-Z][A-Z_]{3,})["']""", program))
    named = set()
    for path in DEPLOY.rglob("*"):
        text = path.read_text() if path.is_file() and path.suffix != ".pyc" else ""
        named |= set(re.findall(r"^(?:Environment=|\s*- |ENV |    )?([A-Z][A-Z_]{3,})=", text, re.MULTILINE))
        named |= set(re.findall(r"^\s+(?:- name: )?([A-Z][A-Z_]{3,})(?::|$)", text, re.MULTILINE))
    named = {name for name in named - OF_OTHERS if not name.startswith(OF_ETCD)}
    assert len(named) > 12
    assert {name for name in named if name.removesuffix("_FILE") not in read and name not in read} == set()


def copied():
    """The sources of COPY in the last stage of the Containerfile, with their places."""
    stage = (DEPLOY / "Containerfile").read_text().rpartition("\nFROM ")[2]
    for line in re.findall(r"^COPY (?!--from)(.+)$", stage, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            yield source, source if target == "./" else target


def test_what_the_image_copies_is_enough_to_answer(tmp_path):
    """Its files in an empty folder, with the settings of the Containerfile; the database is away."""
    app = tmp_path / "app"
    app.mkdir()
    for source, target in copied():
        place = app / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    environment = kept | {
        "LUATMO_MODE": "production", "SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "luatmo.example",
        "PUBLIC_URL": "https://luatmo.example", "DATABASE_URL": "postgres://luatmo@/nowhere/luatmo",
        "FIREBASE_CREDENTIALS_FILE": "/run/secrets/firebase.json", "LUATMO_HOME": str(tmp_path / "home"),
        "SECURITY_CONTACTS": "mailto:an-ninh@luatmo.example", "DJANGO_SETTINGS_MODULE": "config.settings",
        "METRICS_FOLDER": str(tmp_path / "metrics"), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    paths = [
        "/health/live",
        "/docs",
        "/docs/changelog",
        "/docs/starters/flutter/pubspec.yaml",
        "/api/v1/openapi.yaml",
        "/api/v1",
    ]
    paths += ["/problems", "/metrics"]
    done = subprocess.run(
        [sys.executable, "-c", ANSWER, *paths], cwd=app, env=environment, capture_output=True, text=True, check=True
    )
    answered = dict(line.split() for line in done.stdout.splitlines() if line.startswith("/"))
    assert answered == dict.fromkeys(paths, "200"), done.stderr[-2000:]


def test_the_image_runs_as_nobody_in_particular_and_names_its_base():
    text = (DEPLOY / "Containerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001:10001"]
    (base,) = re.findall(r"^ARG BASE=(\S+)", text, re.MULTILINE)
    assert ":" in base and "latest" not in base
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["${BASE}", "${BASE}"]
    assert "--require-hashes" in text


def test_a_build_is_given_what_the_image_copies_and_no_more():
    """Podman and docker find the list by its name. Without it a build reads .git, .venv and the secrets."""
    lines = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert (rules[0], rules[-1]) == ("*", "**/__pycache__")
    given = {rule.removeprefix("!") for rule in rules[1:-1] if rule.startswith("!")}
    assert given == {source for source, _target in copied()} - {"requirements.txt"} | {"requirements*.txt"}
    assert len(given) == len(rules) - 2


def test_the_kustomization_names_every_manifest():
    folder = DEPLOY / "kubernetes"
    (kustomization,) = documents(folder / "kustomization.yaml")
    there = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
    assert sorted(kustomization["resources"]) == sorted(there)


def pods():
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        for each in documents(path):
            spec = each.get("spec", {})
            template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
            if template:
                yield each["metadata"]["name"], template["spec"]


def test_no_pod_may_write_to_its_image_or_be_root():
    seen = dict(pods())
    assert sorted(seen) == ["luatmo-backup", "luatmo-migrate", "luatmo-web", "luatmo-worker"]
    for name, pod in seen.items():
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        for container in pod["containers"]:
            allowed = container["securityContext"]
            assert (allowed["readOnlyRootFilesystem"], allowed["allowPrivilegeEscalation"]) == (True, False), name
            mounted = {mount["name"] for mount in container["volumeMounts"]}
            assert mounted == {volume["name"] for volume in pod["volumes"]}, name


def test_no_service_of_ours_in_compose_may_write_to_its_image_or_be_root():
    (compose,) = documents(DEPLOY / "compose.yaml")
    ours = {name: each for name, each in compose["services"].items() if each["image"] == "luatmo"}
    assert sorted(ours) == ["migrate", "web", "worker"]
    for name, service in ours.items():
        assert (service["read_only"], service["user"], service["cap_drop"]) == (True, "10001:10001", ["ALL"]), name
    used = {secret for each in ours.values() for secret in each["secrets"]}
    assert used <= compose["secrets"].keys()


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.name)
def test_a_unit_may_write_where_it_must_and_nowhere_else(unit):
    lines = unit.read_text().splitlines()
    assert {"User=luatmo", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet="} <= set(lines)
    given = {line.partition("=")[2].partition(":")[0] for line in lines if line.startswith("LoadCredential=")}
    assert given >= set(re.findall(r"%d/([\w.]+)", unit.read_text()))


def test_a_command_has_the_secrets_of_the_units_where_systemd_puts_them(tmp_path):
    """A program in the place of systemd-run prints what it is given."""
    secrets = [
        "database_url",
        "database_direct_url",
        "secret_key",
        "seal_keys.pem",
        "firebase.json",
        "backup_passphrase",
    ]
    for name in (*secrets, "luatmo.env"):
        (tmp_path / name).touch()
    shown = tmp_path / "bin" / "systemd-run"
    shown.parent.mkdir()
    shown.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    shown.chmod(0o755)
    environment = {"PATH": f"{shown.parent}:{os.environ['PATH']}", "SETTINGS_FOLDER": str(tmp_path)}
    command = [
        DEPLOY / "systemd" / "luatmo-manage",
        "restore",
        "/a b",
        "--passphrase-file",
        tmp_path / "backup_passphrase",
    ]
    lines = subprocess.check_output(command, env=environment, text=True).splitlines()
    (unit,) = [line.removeprefix("--unit=") for line in lines if line.startswith("--unit=")]
    copies = f"/run/credentials/{unit}.service"
    loaded = {line.removeprefix("LoadCredential=") for line in lines if line.startswith("LoadCredential=")}
    assert loaded == {f"{name}:{tmp_path}/{name}" for name in secrets}
    told = dict(line.removeprefix("--setenv=").split("=") for line in lines if line.startswith("--setenv="))
    units = (DEPLOY / "systemd" / "luatmo-web.service").read_text()
    assert told.items() >= {(name, f"{copies}/{file}") for name, file in re.findall(r"=(\w+_FILE)=%d/([\w.]+)", units)}
    assert told["DATABASE_DIRECT_URL_FILE"] == f"{copies}/database_direct_url"
    program = ["/srv/luatmo/.venv/bin/python", "manage.py"]
    assert lines[-6:] == [*program, "restore", "/a b", "--passphrase-file", f"{copies}/backup_passphrase"]


def test_patroni_replaces_a_dead_primary_at_once_and_only_by_what_has_all_of_it():
    (sample,) = documents(DEPLOY / "cluster" / "patroni.yml")
    told = sample["bootstrap"]["dcs"]
    assert told["synchronous_mode"] is True and told["primary_start_timeout"] == 0
    assert told["synchronous_mode_strict"] is True  # else one server alone acknowledges what it then may lose
    # Patroni corrects in silence what breaks these two rules
    assert told["ttl"] >= 20 and told["loop_wait"] + 2 * told["retry_timeout"] <= told["ttl"]


def test_the_samples_of_a_cluster_name_each_other():
    (patroni,) = documents(DEPLOY / "cluster" / "patroni.yml")
    haproxy = (DEPLOY / "cluster" / "haproxy.cfg").read_text()
    pgbouncer = (DEPLOY / "cluster" / "pgbouncer.ini").read_text()
    page = RUNBOOK.read_text()
    here = re.findall(r"server (database\d) ([\d.]+):(\d+) check port (\d+)", haproxy)
    ports = [patroni[part]["listen"].rpartition(":")[2] for part in ("postgresql", "restapi")]
    assert [(name, host) for name, host, *_ports in here] == [(f"database{n}", f"10.0.0.1{n}") for n in (1, 2, 3)]
    assert {(own, check) for _name, _host, own, check in here} == {tuple(ports)}
    assert patroni["etcd3"]["hosts"] == [f"{host}:2379" for _name, host, *_ports in here]
    (port,) = re.findall(r"bind 127\.0\.0\.1:(\d+)", haproxy)
    assert f"luatmo = host=127.0.0.1 port={port} dbname=luatmo" in pgbouncer and f"HAProxy (port {port})" in page
    assert "pool_mode = transaction" in pgbouncer and "ignore_startup_parameters = options" in pgbouncer


def test_who_may_end_a_primary_has_a_password_and_the_superuser_comes_from_the_databases_alone():
    (patroni,) = documents(DEPLOY / "cluster" / "patroni.yml")
    assert patroni["restapi"]["authentication"].keys() == {"username", "password"}
    from_afar = [line.split() for line in patroni["postgresql"]["pg_hba"] if line.startswith("host")]
    assert {method for *_rule, method in from_afar} == {"scram-sha-256"}
    wide = {user for _kind, _database, user, address, _method in from_afar if not address.endswith("/32")}
    assert wide == {"luatmo,luatmo_worker"}


@pytest.mark.parametrize("drop_in", ["luatmo.conf", "luatmo-worker.conf"])
def test_a_drop_in_of_the_cluster_names_the_credentials_that_it_loads(drop_in):
    text = (DEPLOY / "cluster" / drop_in).read_text()
    loaded = re.findall(r"^LoadCredential=([\w.]+):/etc/luatmo/([\w.]+)$", text, re.MULTILINE)
    assert {name for name, _file in loaded} == set(re.findall(r"%d/([\w.]+)", text))
    page = RUNBOOK.read_text()
    assert all(name == file and file in page for name, file in loaded)


@pytest.mark.skipif(not shutil.which("haproxy", path="/usr/sbin:/usr/bin"), reason="haproxy is not installed")
def test_haproxy_takes_the_sample():
    command = [shutil.which("haproxy", path="/usr/sbin:/usr/bin"), "-c", "-f", DEPLOY / "cluster" / "haproxy.cfg"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
