"""What a newcomer finds at the first start, and no second time."""

import json
import os
import re
import signal
import socket
import sys
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest

from config.local.private_postgres import PrivatePostgres
from tests.journeys.installation import eventually, printed_accounts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
WHO = """
from content.people.models import User
for username, password in {}.items():
    user = User.objects.get(username=username)
    assert user.check_password(password)
    print(username, user.first_name, *user.groups.values_list("name", flat=True))
"""


def test_lan_tam_and_hoa_get_accounts_whose_passwords_are_said_once_and_kept_nowhere(house):
    passwords = printed_accounts(house.first_said)
    assert passwords.keys() == {"editor", "answerer", "approver"}
    assert printed_accounts(house.said()) == {}
    who = house.manage("shell", "-v0", "-c", WHO.format(passwords))
    assert who == "editor Lan editor\nanswerer Tâm answerer\napprover Hoa approver\n"
    for username, name in (("editor", "Lan"), ("approver", "Hoa")):
        assert f"<strong>{name}</strong>" in desk_of(house, username, passwords[username])
    house.stop()
    home = Path(house.environment["LUATMO_HOME"])
    folders = {home, PrivatePostgres(home).root}  # the database may have had to go elsewhere
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file() and file != house.log]
    assert len(files) > 100  # the database's files are among them
    for password in passwords.values():
        assert [file for file in files if password.encode() in file.read_bytes()] == []


def test_web_and_worker_log_json_lines_without_what_callers_send(house):
    house.api("GET", "topics?token=Zsecret-in-a-query", secret="dvc_Zsecret-in-a-header")
    raw(house.port, b"GET /?token=Zsecret-in-a-query HTP/9\r\n\r\n")  # refused by gunicorn itself
    os.kill(house.child(r"manage\.py work"), signal.SIGTERM)
    eventually(lambda: "worker ended" in house.said())
    said = [json.loads(line) for line in house.said().splitlines() if line.startswith("{")]
    assert {"luatmo.requests", "gunicorn.error"} <= {line["logger"] for line in said}
    assert "Invalid request" in [line["message"] for line in said]
    assert "Zsecret" not in house.said()
    plain = [line for line in house.said().splitlines() if not line.startswith("{")]
    assert [line for line in plain if re.search("INFO|WARNING|ERROR|Traceback", line)] == []


def desk_of(house, username, password):
    """The first page of the desk, as somebody sees it who signs in with the password that was said."""
    browser = build_opener(ProxyHandler({}), HTTPCookieProcessor())
    address = f"http://127.0.0.1:{house.port}/staff/login/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.open(address).read().decode())[1]
    papers = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    return browser.open(address, urlencode(papers).encode()).read().decode()


def raw(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(1000)
