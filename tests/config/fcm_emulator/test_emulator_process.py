"""How the server starts, lives and ends."""

import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from config.local.fcm_emulator.client import ROOT, ControlClient, running_emulator

COMMAND = [sys.executable, "-m", "config.local.fcm_emulator"]


def gone(port, *, within):
    """True once nothing answers on `port`."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        try:
            requests.get(f"http://127.0.0.1:{port}/_emu/devices", timeout=1)
        except requests.ConnectionError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("option", ["", "--parent {pid}"])
def test_it_ends_when_its_parent_ends(option, tmp_path):
    code = (
        "import os, subprocess, sys\n"
        f"option = {option!r}.format(pid=os.getpid()).split()\n"
        f"command = [*{COMMAND!r}, '--port', '0', '--dir', {str(tmp_path)!r}, *option]\n"
        "child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)\n"
        "print(child.stdout.readline(), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    parent = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert parent.returncode == -signal.SIGKILL
    port = int(parent.stdout.split(":")[1].split(",")[0])
    assert gone(port, within=3)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_even_with_open_connections(number, tmp_path):
    command = [*COMMAND, "--port", "0", "--dir", str(tmp_path)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    port = int(child.stdout.readline().split(":")[1].split(",")[0])
    with requests.Session() as session:
        session.trust_env = False
        session.get(f"http://127.0.0.1:{port}/_emu/devices", timeout=5)
        child.send_signal(number)
        assert child.communicate(timeout=5) == ("", "")
    assert child.returncode == 0


def test_a_taken_port_is_one_sentence_and_exit_code_two(own_server, tmp_path):
    command = [*COMMAND, "--port", str(own_server.port), "--dir", str(tmp_path / "other")]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Port {own_server.port} on 127.0.0.1 is already in use")
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "other").exists()


def test_a_second_start_reuses_the_material_and_follows_the_port(tmp_path):
    folder = tmp_path / "fcm"
    with running_emulator(folder) as first:
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        port = first.port
    with running_emulator(folder) as second:
        after = {path.name: path.read_bytes() for path in folder.iterdir()}
        changed = {name for name in before if before[name] != after[name]}
        assert changed == ({"service-account.json"} if second.port != port else set())
        assert f"127.0.0.1:{second.port}/token".encode() in after["service-account.json"]
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}


@pytest.mark.parametrize("name", ["leaf.pem", "service-account.json", "idtoken.crt"])
def test_incomplete_material_is_made_anew(name, tmp_path):
    with running_emulator(tmp_path):
        old = (tmp_path / "ca.pem").read_bytes()
    (tmp_path / name).write_text("half a fi")
    with running_emulator(tmp_path):
        assert (tmp_path / "ca.pem").read_bytes() != old


def test_it_needs_neither_django_nor_the_sdk():
    code = (
        "import sys, config.local.fcm_emulator.__main__\n"
        "print(sorted({'django', 'firebase_admin', 'google'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_light_module_does_not_load_cryptography():
    code = "import sys, config.local.fcm_emulator.client; print('cryptography' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


def test_hosts_google_does_not_have_are_unreachable(fcm):
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://example.com/", timeout=5)
    assert [(entry["op"], entry["target"], entry["status"]) for entry in fcm.log()] == [("other", "example.com", 403)]


def test_a_bearer_outlives_a_reset(fcm, app):
    credential = app.credential.get_credential()
    token = app.credential.get_access_token().access_token
    fcm.call("POST", "reset")
    assert credential.token == token
    url = "https://fcm.googleapis.com/v1/projects/luatmo-local/messages:send"
    answer = requests.post(
        url, json={"message": {"topic": "x"}}, headers={"Authorization": f"Bearer {token}"}, timeout=5
    )
    assert answer.status_code == 200


def test_a_send_does_not_pay_for_nagle(fcm, app):
    """Without quick acknowledgements each POST through a proxy takes 40 ms (design/push.md 2)."""
    credential = app.credential.get_access_token().access_token
    url = "https://fcm.googleapis.com/v1/projects/luatmo-local/messages:send"
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {credential}"
        times = []
        for _ in range(21):
            started = time.monotonic()
            session.post(url, json={"message": {"topic": "x"}}, timeout=5)
            times.append(time.monotonic() - started)
    assert sorted(times)[10] < 0.03


def test_the_environment_overrides_a_proxy_in_small_letters(own_server, tmp_path):
    code = "import urllib.request; print(urllib.request.getproxies()['https'])"
    environment = {**os.environ, "https_proxy": "http://proxy.example:3128", **own_server.environment}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == f"http://127.0.0.1:{own_server.port}"


def test_phones_are_kept_over_a_restart_where_that_is_asked_for(tmp_path):
    command = [*COMMAND, "--port", "0", "--dir", str(tmp_path), "--keep"]
    for start in range(2):
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        port = int(child.stdout.readline().split(":")[1].split(",")[0])
        control = ControlClient(port, tmp_path)
        if start == 0:
            control.call("POST", "devices", {"token": "minh", "platform": "ios"})
        else:
            assert control.phone("minh")["platform"] == "ios"
        child.terminate()
        assert child.wait(10) == 0
        child.stdout.close()


def test_saved_phones_that_cannot_be_read_are_said_and_mean_none(tmp_path):
    (tmp_path / "phones.pickle").write_bytes(b"whatever")
    command = [*COMMAND, "--port", "0", "--dir", str(tmp_path), "--keep"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    port = int(child.stdout.readline().split(":")[1].split(",")[0])
    assert ControlClient(port, tmp_path).call("GET", "devices") == []
    child.terminate()
    assert "cannot be read" in child.communicate(timeout=10)[1]
