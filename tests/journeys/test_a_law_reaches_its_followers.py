"""The main job, with real processes: one command, a law goes in, the phones that follow it show it."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from config.local.private_postgres import PrivatePostgres
from content.publishing import sample
from tests.journeys.installation import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
LAND, JUSTICE = "11-dat-dai", "15-hanh-chinh-tu-phap"
ACT = sample.sample_records()[0][0]
A_LAW = {
    "number": "31/2024/QH15",
    "type": "Luật",
    "title": "Luật Mẫu về đất",
    "issuer": "Quốc hội",
    "issued": "2024-01-18",
    "effective": "2025-01-01",
    "preamble": ["QUỐC HỘI", "LUẬT", "MẪU"],
    "articles": [
        {
            "number": "1",
            "title": "Một",
            "path": [],
            "text": "1. Một.\na) Một a;\nb) Một b;\nc) Một c;\nd) Một d;\nđ) Một đ.",
        }
    ],
    "footer": [],
}


def register(installation, name, *topics):
    registration = f"registration-of-{name}-0123456789"
    installation.emu("POST", "devices", {"token": registration})
    fields = {
        "registration_id": registration,
        "id_kind": "token",
        "platform": "android",
        "app_version": "1",
        "language": "vi",
    }
    status, device = installation.api("PUT", f"devices/phone-of-{name}", fields)
    assert status == 201
    for topic in topics:
        assert installation.api("PUT", f"follows/topic/{topic}", {}, device["secret"])[0] == 201
    return registration


KINDS = 7  # new, amended, effect, question, event, contest, material: one FCM topic each


def follows_settled(installation, registration, topics):
    """Whether FCM has every topic, and the headings under each."""
    wanted = sum(KINDS * (1 + len(installation.api("GET", f"topics/{topic}")[1]["children"])) for topic in topics)
    return len(installation.emu("GET", f"devices/{registration}")["topics"]) == wanted


def phone(installation, registration):
    return installation.emu("GET", f"devices/{registration}")


def publish(installation, tmp_path: Path, law, *topics):
    file = tmp_path / "law.jsonl"
    file.write_text(json.dumps(law))
    options = [part for topic in topics for part in ("--topic", topic)]
    return installation.manage("import_documents", file, *options, "--publish", "--notify")


def test_one_command_and_each_law_is_one_push_per_phone(installation):
    a = register(installation, "a", LAND)
    b = register(installation, "b", LAND, JUSTICE)
    c = register(installation, "c")
    eventually(lambda: follows_settled(installation, a, [LAND]) and follows_settled(installation, b, [LAND, JUSTICE]))
    assert [phone(installation, each)["received"] for each in (a, b, c)] == [
        [],
        [],
        [],
    ]  # samples notify nobody

    assert installation.manage("load_sample", "--remove") == "8 samples removed\n"
    assert installation.api("GET", "documents")[1]["results"] == []
    assert installation.manage("load_sample", "--notify").startswith("8 samples: 8 created")
    eventually(lambda: all(len(phone(installation, each)["tray"]) == 2 for each in (a, b)))

    assert [len(phone(installation, each)["received"]) for each in (a, b, c)] == [2, 2, 0]
    sends = [entry for entry in installation.emu("GET", "log") if entry["op"] == "send"]
    assert len(sends) == 2  # b follows both topics of the act and gets one push
    titles = {entry["title"]: entry["link"] for entry in phone(installation, b)["tray"].values()}
    assert titles.keys() == {record.title for record, _ in sample.sample_records()}
    status, document = installation.api("GET", titles[ACT.title])
    assert (status, document["title"], document["effect_status"]) == (200, ACT.title, "partly_expired")
    assert document["is_sample"] is True
    status, point = installation.api("GET", f"documents/{document['key']}/provisions/art_2__clause_2__point_dd")
    assert (status, point["text"]) == (200, "đ) Người giữ dụng cụ và sửa dụng cụ.\n")  # as amended

    assert installation.manage("load_sample", "--notify") == "8 samples: 0 created, 0 updated, 8 unchanged\n"

    assert installation.stop() == 0
    assert installation.processes() == []


@pytest.mark.rehearsal
def test_what_dies_is_started_again_and_what_was_queued_is_sent(installation, tmp_path):
    a = register(installation, "a", LAND)
    eventually(lambda: follows_settled(installation, a, [LAND]))
    worker = installation.child(r"manage\.py work")
    web = installation.child(r"gunicorn")
    for pid in (worker, web):
        os.kill(pid, signal.SIGKILL)
    publish(installation, tmp_path, A_LAW, LAND)
    eventually(lambda: phone(installation, a)["tray"])
    eventually(lambda: installation.api("GET", "topics")[0] == 200 if installation.child("gunicorn") else False)
    assert installation.child(r"manage\.py work") not in (None, worker)
    assert "worker ended" in installation.said()
    assert installation.stop(signal.SIGINT) == 0
    assert installation.processes() == []


@pytest.mark.rehearsal
def test_a_database_that_dies_is_started_again(installation, tmp_path):
    a = register(installation, "a", LAND)
    eventually(lambda: follows_settled(installation, a, [LAND]))
    pid_file = PrivatePostgres(installation.environment["LUATMO_HOME"]).data / "postmaster.pid"
    os.kill(int(pid_file.read_text().split("\n")[0]), signal.SIGKILL)
    eventually(lambda: "PostgreSQL had ended and runs again" in installation.said())
    eventually(lambda: installation.api("GET", "topics")[0] == 200)
    publish(installation, tmp_path, A_LAW, LAND)
    eventually(lambda: phone(installation, a)["tray"])
    assert installation.stop() == 0
    assert installation.processes() == []


@pytest.mark.rehearsal
def test_nothing_outlives_a_killed_launcher(installation):
    installation.process.kill()
    installation.process.wait()
    eventually(lambda: not installation.child(r"gunicorn|manage\.py|emulator"))
    installation.manage("migrate", "--check")  # joins the database that was left, and stops it as its last user
    eventually(lambda: installation.processes() == [])


@pytest.mark.rehearsal
def test_an_installation_that_is_started_again_still_pushes_to_the_phones_it_knew(installation, tmp_path):
    a = register(installation, "a", LAND)
    eventually(lambda: follows_settled(installation, a, [LAND]))
    former = installation.child("emulator")
    os.kill(former, signal.SIGTERM)  # the supervisor starts it again
    eventually(lambda: installation.child("emulator") not in (None, former) and phone_answers(installation, a))
    assert follows_settled(installation, a, [LAND])
    assert installation.stop() == 0
    installation.start()
    publish(installation, tmp_path, A_LAW, LAND)
    eventually(lambda: phone(installation, a)["tray"])


def phone_answers(installation, registration):
    try:
        return phone(installation, registration)["token"] == registration
    except OSError:  # not listening again yet
        return False
