"""Wrong settings are said in words when a command starts, not found out later."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "LUATMO_MODE": "production",
    "SECRET_KEY": "x" * 25 + "0123456789-ABCDEFGHIJKLMNOPQ",
    "ALLOWED_HOSTS": "luatmo.example",
    "PUBLIC_URL": "https://luatmo.example",
    "DATABASE_URL": "postgres://luatmo@db.example/luatmo",
    "FIREBASE_CREDENTIALS_FILE": "/run/secrets/firebase.json",
    "SECURITY_CONTACTS": "mailto:an-ninh@luatmo.example",
}


def check(tmp_path, **environment):
    """(exit code, what was said) of `manage.py check --deploy` under exactly these settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=kept | {"LUATMO_HOME": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def new_seal_key() -> str:
    return subprocess.run(
        [sys.executable, "manage.py", "make_seal_key"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_production_starts_with_all_it_needs(tmp_path):
    assert check(tmp_path, **PRODUCTION, SEAL_KEYS=new_seal_key())[0] == 0
    assert list(tmp_path.iterdir()) == []


def test_a_bucket_is_refused_without_its_packages(tmp_path):
    code, said = check(tmp_path, MEDIA_BUCKET="luatmo-media")
    assert (code, "requirements-s3.txt" in said) == (1, True), said


def test_production_without_a_key_for_seals_is_warned_that_no_contest_can_be_frozen(tmp_path):
    code, said = check(tmp_path, **PRODUCTION)
    assert (code, "no round of a contest can be frozen" in said) == (1, True), said


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"LUATMO_MODE"}))
def test_production_names_what_is_missing(tmp_path, name):
    code, said = check(tmp_path, **{key: value for key, value in PRODUCTION.items() if key != name})
    assert (code, said) == (1, f"LUATMO_MODE=production cannot start: {name} is not set.\n")


def test_production_refuses_the_emulator_of_firebase_authentication(tmp_path):
    code, said = check(tmp_path, **PRODUCTION, FIREBASE_AUTH_EMULATOR_HOST="127.0.0.1:9")
    assert (code, "the SDK would accept unsigned tokens" in said) == (1, True)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"LUATMO_MODE": "prod"}, "LUATMO_MODE is 'prod'"),
        ({"PORT": "eighty"}, "PORT"),
        ({"DATABASE_URL": "x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "", "DATABASE_DIRECT_URL": PRODUCTION["DATABASE_URL"]}, "DATABASE_DIRECT_URL is set without"),
        ({"WIRE_ENVIRONMENT": "staging"}, "WIRE_ENVIRONMENT is now FCM_TOPIC_ENVIRONMENT"),
    ],
)
def test_wrong_values_are_said_in_one_line(tmp_path, environment, words):
    code, said = check(tmp_path, **environment)
    assert (code, len(said.splitlines()), words in said) == (1, 1, True), said


def test_what_the_address_of_the_database_asks_for_is_kept_beside_the_pool(tmp_path):
    line = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    address = PRODUCTION["DATABASE_URL"] + "?sslmode=verify-full&connect_timeout=3"
    done = subprocess.run(
        [sys.executable, "-c", line],
        cwd=ROOT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "config.settings", "LUATMO_HOME": str(tmp_path), "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=True,
    )
    options = ast.literal_eval(done.stdout)
    assert options.pop("pool")["reconnect_timeout"] == 2
    limits = "-c statement_timeout=1800000 -c lock_timeout=30000"  # of a command, see content/database_limits.py
    assert options == {"sslmode": "verify-full", "connect_timeout": 3, "options": limits}


def test_a_secret_may_come_from_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(PRODUCTION["SECRET_KEY"])
    settings = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    assert check(tmp_path, **settings, SECRET_KEY_FILE=str(file), SEAL_KEYS=new_seal_key())[0] == 0
    code, said = check(tmp_path, **settings, SECRET_KEY_FILE=str(tmp_path / "nowhere"))
    assert (code != 0, len(said.strip().splitlines())) == (True, 1), said
    assert f"SECRET_KEY_FILE names {tmp_path}/nowhere, which cannot be read" in said


def test_the_secret_key_of_a_checkout_is_made_once_and_only_its_owner_reads_it(tmp_path):
    check(tmp_path)
    key = tmp_path / "secret_key"
    first = key.read_text()
    check(tmp_path)
    assert (key.read_text(), len(first) > 50, key.stat().st_mode & 0o077) == (first, True, 0)
