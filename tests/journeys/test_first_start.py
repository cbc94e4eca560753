"""What a newcomer finds at the first start, and no second time; a second installation is refused."""

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
from tests.journeys.installation import Installation, eventually, printed_accounts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
WHO = """
from content.people.models import User
for username, password in {}.items():
    user = User.objects.get(username=username)
    assert user.check_password(password)
    print(username, user.first_name, *user.groups.values_list("name", flat=True))
"""


def test_lan_tam_and_hoa_get_accounts_whose_passwords_are_said_once_and_kept_nowhere(installation):
    passwords = printed_accounts(installation.first_said)
    assert passwords.keys() == {"editor", "answerer", "approver"}
    assert printed_accounts(installation.said()) == {}
    who = installation.manage("shell", "-v0", "-c", WHO.format(passwords))
    assert who == "editor Lan editor\nanswerer Tâm answerer\napprover Hoa approver\n"
    for username, name in (("editor", "Lan"), ("approver", "Hoa")):
        assert f"<strong>{name}</strong>" in dashboard_of(installation, username, passwords[username])
    installation.stop()
    home = Path(installation.environment["LUATMO_HOME"])
    folders = {home, PrivatePostgres(home).root}  # the database may have had to go elsewhere
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file() and file != installation.log]
    assert len(files) > 100  # the database's files are among them
    for password in passwords.values():
        assert [file for file in files if password.encode() in file.read_bytes()] == []


def test_web_and_worker_log_json_lines_without_what_callers_send(shared_installation):
    installation = shared_installation
    installation.api("GET", "topics?token=Zsecret-in-a-query", secret="dvc_Zsecret-in-a-header")
    raw(installation.port, b"GET /?token=Zsecret-in-a-query HTP/9\r\n\r\n")  # refused before Django sees it
    os.kill(installation.child(r"manage\.py work"), signal.SIGTERM)
    eventually(lambda: "worker ended" in installation.said())
    eventually(lambda: "Request refused before it was read: 400" in installation.said())  # written after the answer
    said = [json.loads(line) for line in installation.said().splitlines() if line.startswith("{")]
    assert {"luatmo.requests", "luatmo.server"} <= {line["logger"] for line in said}
    assert "Request refused before it was read: 400" in [line["message"] for line in said]
    assert "Zsecret" not in installation.said()
    plain = [line for line in installation.said().splitlines() if not line.startswith("{")]
    assert [line for line in plain if re.search("INFO|WARNING|ERROR|Traceback", line)] == []


def another(installation, tmp_path, **environment):
    """What a second start says that is refused."""
    other = Installation(installation.environment["LUATMO_HOME"])
    other.environment |= environment
    other.log = tmp_path / "other.log"
    with pytest.raises(AssertionError):
        other.start()
    return other.said()


def test_a_second_installation_over_the_same_folder_and_a_taken_port_are_refused_with_a_message(
    shared_installation, tmp_path
):
    installation = shared_installation
    assert f"Luật Mở already runs here (process {installation.process.pid}, PORT {installation.port})" in another(
        installation, tmp_path
    )
    elsewhere = {"LUATMO_HOME": str(tmp_path / "elsewhere"), "DATABASE_URL": "postgres://x@127.0.0.1:1/x"}
    said = another(installation, tmp_path, PORT=str(installation.port), **elsewhere)
    assert f"Port {installation.port} is not available" in said
    assert installation.api("GET", "topics")[0] == 200


def dashboard_of(installation, username, password):
    """The dashboard, for who signs in with the printed password."""
    browser = build_opener(ProxyHandler({}), HTTPCookieProcessor())
    address = f"http://127.0.0.1:{installation.port}/staff/login/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.open(address).read().decode())[1]
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    return browser.open(address, urlencode(form).encode()).read().decode()


def raw(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(1000)
