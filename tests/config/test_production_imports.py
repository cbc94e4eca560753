"""Production loads nothing of config.local: neither the web process nor the worker."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {  # as in script/test, «Settings of production»
    "LUATMO_MODE": "production",
    "SECRET_KEY": "x" * 25 + "0123456789-ABCDEFGHIJKLMNOPQ",
    "ALLOWED_HOSTS": "luatmo.example",
    "PUBLIC_URL": "https://luatmo.example",
    "DATABASE_URL": "postgres://luatmo@db.example/luatmo",
    "FIREBASE_CREDENTIALS_FILE": "/run/secrets/firebase.json",
    "SECURITY_CONTACTS": "mailto:an-ninh@luatmo.example",
}
LOADED = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""
WEB_AND_WORKER = [
    "config.wsgi",
    "config.urls",
    "config.jobs",
    "config.management.commands.work",
    "config.management.commands.migrate",
    "config.management.commands.export_bulk",
    "notifications.management.commands.send_test_push",
]


def loaded_modules(environment, *names):
    """The modules that a process with these settings has after it imported the named ones."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *names],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def of_config_local(modules):
    return [name for name in modules if name.split(".")[:2] == ["config", "local"]]


def test_production_imports_nothing_of_config_local(tmp_path):
    """One process imports all: what any of them imports is there."""
    modules = loaded_modules(PRODUCTION | {"LUATMO_HOME": str(tmp_path)}, *WEB_AND_WORKER)
    assert set(WEB_AND_WORKER) <= set(modules)
    assert of_config_local(modules) == []


def test_a_laptop_does_import_it(tmp_path):
    """So the test above can fail: the same process without settings."""
    modules = loaded_modules({"LUATMO_HOME": str(tmp_path)}, "config.wsgi", "config.urls")
    assert {"config.local.private_postgres", "config.local.urls"} <= set(of_config_local(modules))
