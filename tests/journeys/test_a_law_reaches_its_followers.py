"""The main job, with real processes: one command, a law goes in, the phones that follow it show it."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from config.local.private_postgres import PrivatePostgres
from content.publishing import sample
from tests.journeys.installation import Installation, eventually

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
    "articles": [{"number": "1", "title": "Một", "path": [], "text": "1. Một.\na) Một a;\nđ) Một đ."}],
    "footer": [],
}


def register(house, name, *topics):
    registration = f"registration-of-{name}-0123456789"
    house.emu("POST", "devices", {"token": registration})
    papers = {
        "registration_id": registration,
        "id_kind": "token",
        "platform": "android",
        "app_version": "1",
        "language": "vi",
    }
    status, device = house.api("PUT", f"devices/phone-of-{name}", papers)
    assert status == 201
    for topic in topics:
        assert house.api("PUT", f"follows/topic/{topic}", {}, device["secret"])[0] == 201
    return registration


KINDS = 5  # new, amended, effect, question, event: one FCM topic each


def follows_settled(house, registration, topics):
    """Has FCM been told of every topic, the headings under each included?"""
    wanted = sum(KINDS * (1 + len(house.api("GET", f"topics/{topic}")[1]["children"])) for topic in topics)
    return len(house.emu("GET", f"devices/{registration}")["topics"]) == wanted


def phone(house, registration):
    return house.emu("GET", f"devices/{registration}")


def publish(house, tmp_path: Path, law, *topics):
    file = tmp_path / "law.jsonl"
    file.write_text(json.dumps(law))
    options = [part for topic in topics for part in ("--topic", topic)]
    return house.manage("import_documents", file, *options, "--publish", "--notify")


def test_one_command_and_each_law_is_one_push_per_phone(house):
    a = register(house, "a", LAND)
    b = register(house, "b", LAND, JUSTICE)
    c = register(house, "c")
    eventually(lambda: follows_settled(house, a, [LAND]) and follows_settled(house, b, [LAND, JUSTICE]))
    assert [phone(house, each)["received"] for each in (a, b, c)] == [[], [], []]  # samples were there, in silence

    assert house.manage("load_sample", "--remove") == "3 samples removed\n"
    assert house.api("GET", "documents")[1]["results"] == []
    assert house.manage("load_sample", "--notify").startswith("3 samples: 3 created")
    eventually(lambda: all(len(phone(house, each)["tray"]) == 2 for each in (a, b)))

    assert [len(phone(house, each)["received"]) for each in (a, b, c)] == [2, 2, 0]
    sends = [entry for entry in house.emu("GET", "log") if entry["op"] == "send"]
    assert len(sends) == 2  # b follows both topics of the act and is told once
    titles = {entry["title"]: entry["link"] for entry in phone(house, b)["tray"].values()}
    assert titles.keys() == {record.title for record, _ in sample.sample_records()}
    status, document = house.api("GET", titles[ACT.title])
    assert (status, document["title"], document["effect_status"]) == (200, ACT.title, "in_force")
    assert document["is_sample"] is True
    status, point = house.api("GET", f"documents/{document['key']}/provisions/art_2__clause_2__point_dd")
    assert (status, point["text"]) == (200, "đ) Người giữ dụng cụ.\n")

    assert house.manage("load_sample", "--notify") == "3 samples: 0 created, 0 updated, 3 unchanged\n"

    assert house.stop() == 0
    assert house.processes() == []


def test_what_dies_is_started_again_and_what_was_queued_is_sent(house, tmp_path):
    a = register(house, "a", LAND)
    eventually(lambda: follows_settled(house, a, [LAND]))
    worker = house.child(r"manage\.py work")
    web = house.child(r"gunicorn")
    for pid in (worker, web):
        os.kill(pid, signal.SIGKILL)
    publish(house, tmp_path, A_LAW, LAND)
    eventually(lambda: phone(house, a)["tray"])
    eventually(lambda: house.api("GET", "topics")[0] == 200 if house.child("gunicorn") else False)
    assert house.child(r"manage\.py work") not in (None, worker)
    assert "worker ended" in house.said()
    assert house.stop(signal.SIGINT) == 0
    assert house.processes() == []


def test_a_database_that_dies_is_started_again(house, tmp_path):
    a = register(house, "a", LAND)
    eventually(lambda: follows_settled(house, a, [LAND]))
    pid_file = PrivatePostgres(house.environment["LUATMO_HOME"]).data / "postmaster.pid"
    os.kill(int(pid_file.read_text().split("\n")[0]), signal.SIGKILL)
    eventually(lambda: "PostgreSQL ended and was restarted" in house.said())
    eventually(lambda: house.api("GET", "topics")[0] == 200, seconds=10)
    publish(house, tmp_path, A_LAW, LAND)
    eventually(lambda: phone(house, a)["tray"])
    assert house.stop() == 0
    assert house.processes() == []


def test_nothing_outlives_a_killed_launcher(house):
    house.process.kill()
    house.process.wait()
    eventually(lambda: not house.child(r"gunicorn|manage\.py|emulator"))
    house.manage("migrate", "--check")  # joins the database that was left, and stops it as its last user
    eventually(lambda: house.processes() == [])


def another(house, tmp_path, **environment):
    """What a second start says that is refused."""
    other = Installation(house.environment["LUATMO_HOME"])
    other.environment |= environment
    other.log = tmp_path / "other.log"
    with pytest.raises(AssertionError):
        other.start()
    return other.said()


def test_a_second_house_over_the_same_folder_and_a_taken_port_are_refused_in_words(house, tmp_path):
    assert f"Another installation runs here (process {house.process.pid}, PORT {house.port})" in another(
        house, tmp_path
    )
    elsewhere = {"LUATMO_HOME": str(tmp_path / "elsewhere"), "DATABASE_URL": "postgres://x@127.0.0.1:1/x"}
    said = another(house, tmp_path, PORT=str(house.port), **elsewhere)
    assert f"Port {house.port} is not available" in said
    assert house.api("GET", "topics")[0] == 200


def test_a_house_that_is_started_again_still_pushes_to_the_phones_it_knew(house, tmp_path):
    a = register(house, "a", LAND)
    eventually(lambda: follows_settled(house, a, [LAND]))
    former = house.child("emulator")
    os.kill(former, signal.SIGTERM)  # the supervisor starts it again
    eventually(lambda: house.child("emulator") not in (None, former) and phone_answers(house, a))
    assert follows_settled(house, a, [LAND])
    assert house.stop() == 0
    house.start()
    publish(house, tmp_path, A_LAW, LAND)
    eventually(lambda: phone(house, a)["tray"])


def phone_answers(house, registration):
    try:
        return phone(house, registration)["token"] == registration
    except OSError:  # not listening again yet
        return False
