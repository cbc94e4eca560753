"""The control side answers every mistake in words."""

import json
import socket
import urllib.error

import pytest

DEVICE, FAULT = {"token": "lan"}, {"op": "send", "kind": "INTERNAL"}


def refusal(fcm, method, path, body=None):
    with pytest.raises(urllib.error.HTTPError) as failure:
        fcm.call(method, path, body)
    return failure.value.code, json.load(failure.value)["error"]


def raw(fcm, *lines, body=b""):
    """Send bytes as they are; returns the status and the body of the answer."""
    with socket.create_connection(("127.0.0.1", fcm.port), timeout=5) as connection:
        connection.sendall("\r\n".join((*lines, "", "")).encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer or b"}" not in answer:
            answer += connection.recv(65536)
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2].decode()


def test_a_phone_is_created_once_and_found_by_token_and_fid(fcm):
    made = fcm.call("POST", "devices", {"token": "lan"})
    assert (made["platform"], made["online"], made["received"], made["tray"], made["topics"]) == (
        "android",
        True,
        [],
        {},
        [],
    )
    assert len(made["fid"]) == 22
    assert fcm.call("POST", "devices", {"token": "lan"}) == made
    assert fcm.phone(made["fid"]) == made
    assert fcm.call("GET", "devices") == ["lan"]


def test_an_invalidated_phone_can_be_installed_anew(fcm):
    fcm.call("POST", "devices", {"token": "lan"})
    assert fcm.phone("lan", "invalidate")["valid"] is False
    assert fcm.call("POST", "devices", {"token": "lan"})["valid"] is True


def test_reset_forgets_phones_faults_and_log(fcm):
    fcm.call("POST", "devices", DEVICE)
    fcm.call("POST", "faults", FAULT)
    fcm.call("POST", "reset")
    assert [fcm.call("GET", path) for path in ("devices", "faults", "log")] == [[], [], []]
    assert fcm.call("DELETE", "log") == {}


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("devices", {}, "token is missing"),
        ("devices", {"token": 7}, "wrong type"),
        ("devices", {"token": ""}, "non-empty"),
        ("devices", {**DEVICE, "platform": "symbian"}, "android, ios"),
        ("devices", {**DEVICE, "online": 1}, "wrong type"),
        ("devices", {**DEVICE, "colour": "red"}, "unknown field 'colour'"),
        ("devices", ["lan"], "object"),
        ("devices", "lan", "object"),
        ("faults", {"op": "send"}, "kind is missing"),
        ("faults", {**FAULT, "kind": "BROKEN"}, "UNREGISTERED"),
        ("faults", {**FAULT, "op": "receive"}, "send, topic, token"),
        ("faults", {**FAULT, "times": 0}, "times"),
        ("faults", {**FAULT, "times": True}, "wrong type"),
        ("faults", {**FAULT, "delay": "1"}, "wrong type"),
        ("faults", {"op": "send", "kind": "INVALID_GRANT"}, "token only"),
    ],
)
def test_wrong_fields_are_refused_in_words(path, body, words, fcm):
    code, error = refusal(fcm, "POST", path, body)
    assert code == 400
    assert words in error


def test_a_fid_cannot_belong_to_two_phones(fcm):
    fcm.call("POST", "devices", {"token": "lan", "fid": "one"})
    assert refusal(fcm, "POST", "devices", {"token": "minh", "fid": "one"})[0] == 400
    assert fcm.call("GET", "devices") == ["lan"]


def test_unknown_places_methods_and_phones(fcm):
    assert refusal(fcm, "GET", "devices/nobody")[0] == 404
    assert refusal(fcm, "POST", "devices/nobody/online")[0] == 404
    assert refusal(fcm, "POST", "devices/lan/explode")[0] == 400
    assert refusal(fcm, "GET", "nothing")[0] == 404
    assert refusal(fcm, "PUT", "log", {})[0] == 405


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"token": "\\ud800"}', b"[" * 100_000, b"NaN"])
def test_what_is_not_json_is_answered(body, fcm):
    length = f"Content-Length: {len(body)}"
    status, answer = raw(fcm, "POST /_emu/devices HTTP/1.1", "Host: localhost", length, body=body)
    assert status == 400
    assert "not JSON" in json.loads(answer)["error"]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("POST /_emu/devices HTTP/1.1", "Host: localhost", f"Content-Length: {1024 * 1024 + 1}"), 413),
        (("POST /_emu/devices HTTP/1.1", "Host: localhost", "Content-Length: many"), 400),
        (("POST /_emu/devices HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked"), 411),
        (("GET /_emu/log HTTP/1.1", "Host: localhost", "X-Long: " + "x" * 40_000), 431),
        (("hello",), 400),
        (("GET /_emu/log HTTP/1.1", "Host: evil.example"), 403),
        (("GET http://example.com/ HTTP/1.1", "Host: example.com"), 403),
        (("CONNECT example.com:443 HTTP/1.1",), 403),
        (("GET /other HTTP/1.1", "Host: localhost"), 404),
        (("POST /v1/projects/luatmo-local/messages:send HTTP/1.1", "Host: localhost", "Content-Length: 0"), 404),
    ],
)
def test_requests_that_are_not_for_us_get_a_status(lines, status, fcm):
    assert raw(fcm, *lines)[0] == status


def test_a_large_body_within_the_cap_is_read(fcm):
    devices = [{"token": f"phone-{n:05}"} for n in range(20_000)]  # about 0.5 MB
    assert len(fcm.call("POST", "devices", devices)) == 20_000
