"""What web server, worker and database write at DEBUG while FCM fails: nothing that belongs to a reader."""

import json
import os
import signal
import sys
import urllib.request
from pathlib import Path

import pytest

from config.local.private_postgres import PrivatePostgres
from tests.journeys.installation import eventually
from tests.journeys.test_a_law_reaches_its_followers import A_LAW, LAND

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
PHONES = ("minh", "hoa", "lan")
QUESTION = "Zquestion: nhà tôi ở số 7, tôi phải làm gì?"
FAULTS = [
    {"op": "topic", "kind": "reset", "times": 4},
    {"op": "topic", "kind": "UNAVAILABLE", "times": 2},
    {"op": "topic", "kind": "PAGE_400", "times": 2},
    {"op": "token", "kind": "NOT_JSON", "times": 1},
    {"op": "send", "kind": "reset", "times": 1},
    {"op": "send", "kind": "INTERNAL", "times": 1},
    {"op": "send", "kind": "PAGE_403", "times": 1},
]
A_ROW_TWICE = """
import django.db
from notifications.devices.models import Device
device = Device.objects.first()
device.pk = None
try:
    device.save()
except django.db.IntegrityError:
    print("refused")
"""


def test_no_log_at_any_level_holds_what_belongs_to_a_reader(installation):
    installation.stop()
    installation.environment["LOG_LEVEL"] = "DEBUG"
    installation.start()
    installation.emu("POST", "faults", FAULTS)
    secrets = [QUESTION, "Zquery", "Zbody", "Zauthorization"]
    for name in PHONES:
        registration, key = f"Zregistration-of-{name}:APA91b-0123456789", f"Zkey-of-{name}"
        installation.emu("POST", "devices", {"token": registration})
        body = {"registration_id": registration, "id_kind": "token", "platform": "android", "language": "vi"}
        _status, device = installation.api("PUT", f"devices/{key}", body)
        secrets += [registration, key, device["secret"]]
        assert installation.api("PUT", f"follows/topic/{LAND}", {"kinds": ["new"]}, device["secret"])[0] == 201
        installation.api("GET", f"devices/{key}?token=Zquery", secret=device["secret"])
        installation.api("PUT", f"devices/{key}", body | {"registration_id": "Zbody not ascii ệ"}, device["secret"])
        installation.api("DELETE", f"devices/{key}/Zquery", secret="Zauthorization")
    question = {"title": QUESTION, "text": QUESTION * 2, "consent_to_publish": True, "topic": LAND}
    assert ask(installation, question, device["secret"]) == 201
    assert installation.manage("shell", "-v0", "-c", A_ROW_TWICE) == "refused\n"
    file = installation.log.parent / "law.jsonl"
    file.write_text(json.dumps(A_LAW))
    installation.manage("import_documents", file, "--topic", LAND, "--publish", "--notify")
    eventually(lambda: not any(fault["op"] == "send" for fault in installation.emu("GET", "faults")), seconds=180)
    os.kill(installation.child(r"manage\.py work"), signal.SIGKILL)
    eventually(lambda: installation.said().count("worker ended"))
    postgres = PrivatePostgres(Path(installation.environment["LUATMO_HOME"])).log
    installation.stop()
    written = installation.log.read_bytes() + postgres.read_bytes()
    loggers = {json.loads(line)["logger"] for line in installation.said().splitlines() if line.startswith("{")}
    assert {"luatmo.requests", "urllib3.connectionpool", "urllib3.util.retry"} <= loggers
    assert {"google.auth.transport.requests", "procrastinate.worker"} <= loggers
    assert b"after connection broken" in written
    assert b"duplicate key" in postgres.read_bytes()
    assert [secret for secret in secrets if secret.encode() in written] == []


def ask(installation, question, secret):
    """The status of the answer. A question needs the key of its try, which `Installation.api` does not send."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}", "Idempotency-Key": "a-try-0001"}
    url = f"http://127.0.0.1:{installation.port}/api/v1/questions"
    request = urllib.request.Request(url, json.dumps(question).encode(), headers, method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return answer.status
