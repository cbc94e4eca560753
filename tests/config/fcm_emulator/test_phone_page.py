"""The page `/phone` and its views, which call the local FCM server."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from firebase_admin import messaging

ROOT = Path(__file__).resolve().parents[3]
MINE = "registration-of-minh-0123456789"
PHONE_URL = f"/phone/devices/{MINE}"


@pytest.fixture
def ask_phone(fcm, settings):
    """Call the views as the page does: `ask_phone("put", path, {…})`."""
    settings.FCM_PORT = fcm.port

    def ask(method, path=PHONE_URL, body=None, content_type="application/json"):
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        sent = {} if method == "get" else {"data": data, "content_type": content_type}
        return getattr(Client(enforce_csrf_checks=True), method)(path, **sent)

    return ask


def test_the_page_loads_only_files_of_ours_and_holds_no_script_or_style_of_its_own():
    page = Client().get("/phone")
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"} <= set(
        policy.split("; ")
    )
    html = page.content.decode()
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?://", html) == []
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert {file.rpartition(".")[2] for file in files} == {"css", "js", "svg"}
    assert [file for file in files if Client().get(file).status_code != 200] == []


def test_the_first_page_of_a_local_installation_is_the_phone():
    assert Client().get("/").headers["Location"] == "/phone"


def test_a_phone_is_made_once_and_goes_off_and_on_line(ask_phone, fcm):
    assert ask_phone("get").status_code == 404
    assert ask_phone("put", body={}).json() == {"online": True, "topics": 0, "waiting": 0, "tray": []}
    assert ask_phone("put", body={"online": False}).json()["online"] is False
    assert ask_phone("put", body={}).json()["online"] is False  # made already: as it is
    assert ask_phone("put", body={"online": True}).json()["online"] is True
    assert ask_phone("get").json()["online"] is True
    assert fcm.call("GET", "devices") == [MINE]


def test_the_tray_has_one_card_per_tag_and_the_newest_first(ask_phone, app):
    ask_phone("put", body={})
    for tag, title in (("1", "Một"), ("2", "Hai"), ("1", "Một, sửa lại")):
        notification = messaging.AndroidNotification(title=title, body="Chạm để đọc.", tag=tag)
        link = f"http://127.0.0.1:8000/api/v1/documents/{tag}"
        message = messaging.Message(
            token=MINE, data={"link": link}, android=messaging.AndroidConfig(notification=notification)
        )
        messaging.send(message, app=app)
    tray = ask_phone("get").json()["tray"]
    assert [(card["tag"], card["title"], card["link"][-1]) for card in tray] == [
        ("1", "Một, sửa lại", "1"),
        ("2", "Hai", "2"),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+07:00", card["at"]) for card in tray)
    assert [card["data"] for card in tray] == [{"link": card["link"]} for card in tray]


def test_a_page_of_another_origin_may_have_a_phone_in_local_mode(ask_phone):
    origin = {"HTTP_ORIGIN": "http://localhost:5173"}
    asked = {"HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT", "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "content-type"}
    assert Client().options(PHONE_URL, **origin, **asked)["Access-Control-Allow-Origin"] == "*"
    assert Client().put(PHONE_URL, "{}", "application/json", **origin)["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in Client().get("/phone", **origin)


def test_the_emulator_of_android_may_call_in_local_mode():
    """It reaches the machine it runs on as 10.0.2.2."""
    assert Client().get("/docs", HTTP_HOST="10.0.2.2:8000").status_code == 200
    assert Client().get("/docs", HTTP_HOST="10.0.2.3:8000").status_code == 400


def test_the_command_of_the_page_reaches_this_installation(settings):
    def shown():
        return re.search(r'<code id="command">(.*?)</code>', Client().get("/phone").content.decode())[1]

    settings.HOME, settings.PORT, settings.FCM_PORT = settings.BASE_DIR / ".local", 8000, 9099
    assert shown().startswith(".venv/bin/python manage.py load_sample --remove &amp;&amp; .venv/bin/python")
    settings.HOME = Path("/srv/luật mở")
    assert shown().count("LUATMO_HOME=&#x27;/srv/luật mở&#x27; .venv/bin/python manage.py load_sample") == 2
    settings.PORT, settings.FCM_PORT = 8731, 9731
    assert shown().count("&#x27;/srv/luật mở&#x27; PORT=8731 FCM_PORT=9731 .venv/bin/python manage.py") == 2


def test_what_is_sent_to_a_phone_off_line_waits_for_it(ask_phone, app):
    ask_phone("put", body={"online": False})
    messaging.send(messaging.Message(token=MINE, notification=messaging.Notification("Một", "a")), app=app)
    assert (ask_phone("get").json()["waiting"], ask_phone("get").json()["tray"]) == (1, [])
    shown = ask_phone("put", body={"online": True}).json()
    assert (shown["waiting"], [card["title"] for card in shown["tray"]]) == (0, ["Một"])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{", "application/json"),
        (b"\xff", "application/json"),
        ("[" * 100_000, "application/json"),
        ("[]", "application/json"),
        ("null", "application/json"),
        ('{"online": 1}', "application/json"),
        ('{"online": null}', "application/json"),
        ('{"token": "another"}', "application/json"),
        ("{}", "text/plain"),
        ("{}", "application/x-www-form-urlencoded"),
    ],
)
def test_a_bad_body_is_refused_with_a_message_and_changes_nothing(ask_phone, fcm, body, content_type):
    answer = ask_phone("put", body=body, content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["detail"]
    assert fcm.call("GET", "devices") == []


@pytest.mark.parametrize(
    "registration", ["short", "x" * 101, "with space in the middle", "dots.and.dots.and.dots", "a/b"]
)
def test_a_registration_that_no_page_makes_is_404(ask_phone, fcm, registration):
    assert ask_phone("put", f"/phone/devices/{registration}", {}).status_code == 404
    assert fcm.call("GET", "devices") == []


def test_a_registration_that_is_the_fid_of_another_phone_is_refused(ask_phone, fcm):
    fid = fcm.call("POST", "devices", {"token": "registration-of-hoa"})["fid"]
    assert ask_phone("put", f"/phone/devices/{fid}", {}).status_code == 400


def test_pages_make_a_hundred_phones_at_most_and_those_that_are_there_stay_usable(ask_phone, fcm):
    fcm.call("POST", "devices", [{"token": f"registration-of-phone-{n:04}"} for n in range(99)])
    assert ask_phone("put", body={}).status_code == 200
    refused = ask_phone("put", "/phone/devices/registration-of-hoa-0123456789", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "full")
    assert "fcm/phones.pickle" in refused.json()["detail"]
    assert len(fcm.call("GET", "devices")) == 100
    assert ask_phone("put", body={"online": False}).json()["online"] is False


def test_a_server_that_does_not_answer_is_reported(ask_phone, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.FCM_PORT = free.getsockname()[1]
        for answer in (ask_phone("get"), ask_phone("put", body={})):
            assert (answer.status_code, answer.json()) == (
                502,
                {"code": "fcm_away", "detail": "Máy chủ FCM cục bộ không trả lời."},
            )


def test_polling_leaves_no_line_in_the_log_and_a_change_does(ask_phone, caplog):
    with caplog.at_level("INFO", "luatmo.requests"):
        ask_phone("put", body={})
        ask_phone("get")
    assert [(record.method, record.path) for record in caplog.records if record.name == "luatmo.requests"] == [
        ("PUT", "/phone/devices/***")
    ]


def test_other_methods_are_405(ask_phone):
    assert [ask_phone(method, body={}).status_code for method in ("post", "delete", "patch")] == [405, 405, 405]


PRODUCTION = {
    "LUATMO_MODE": "production",
    "SECRET_KEY": "x" * 25 + "0123456789-ABCDEFGHIJKLMNOPQ",
    "ALLOWED_HOSTS": "luatmo.example",
    "PUBLIC_URL": "https://luatmo.example",
    "DATABASE_URL": "postgres://luatmo@db.example/luatmo",
    "FIREBASE_CREDENTIALS_FILE": "/run/secrets/firebase.json",
    "SECURITY_CONTACTS": "mailto:an-ninh@luatmo.example",
}
ASK = """
import django, json
django.setup()
from django.test import Client
client = Client(headers={"host": "luatmo.example"})
paths = ["/phone", "/phone/devices/registration-of-minh-0123456789", "/static/phone/page.js"]
statuses = [client.get(path, secure=True).status_code for path in paths]
statuses.append(client.put(paths[1], "{}", content_type="application/json", secure=True).status_code)
first = client.get("/", secure=True).headers["Location"]
print(json.dumps([*statuses, first, client.get("/docs", secure=True).status_code]))
"""


@pytest.mark.parametrize(
    "mode", [PRODUCTION, {"FIREBASE_CREDENTIALS_FILE": "/run/secrets/firebase.json", "ALLOWED_HOSTS": "luatmo.example"}]
)
def test_nothing_of_it_is_there_in_production_nor_with_real_credentials(tmp_path, mode):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    answers = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=kept | {"LUATMO_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"} | mode,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(answers.stdout) == [404, 404, 404, 404, "/tim", 200]
