"""What the real SDK makes of each planned fault: the table of design/push.md, measured again here."""

import json
import time

import pytest
from firebase_admin import exceptions, messaging
from google.auth.exceptions import RefreshError


def plan(fcm, op, kind, **fields):
    fcm.call("POST", "devices", {"token": "lan", "fid": "fidOfLan"})
    fcm.call("POST", "faults", {"op": op, "kind": kind, **fields})


def send(app):
    return messaging.send(messaging.Message(fid="fidOfLan", data={"nid": "7"}), app=app)


def statuses(fcm, op="send"):
    return [entry["status"] for entry in fcm.log(op)]


@pytest.mark.parametrize(
    ("kind", "expected", "status"),
    [
        ("UNREGISTERED", messaging.UnregisteredError, 404),
        ("INVALID_ARGUMENT", exceptions.InvalidArgumentError, 400),
        ("INVALID_MESSAGE", exceptions.InvalidArgumentError, 400),
        ("SENDER_ID_MISMATCH", messaging.SenderIdMismatchError, 403),
        ("NOT_FOUND_PLAIN", exceptions.NotFoundError, 404),
        ("BAD_GATEWAY", exceptions.UnknownError, 502),
        ("NOT_JSON", exceptions.UnknownError, 200),
    ],
)
def test_final_answers_are_asked_for_once(kind, expected, status, fcm, app):
    plan(fcm, "send", kind, times=9)
    with pytest.raises(exceptions.FirebaseError) as failure:
        send(app)
    assert type(failure.value) is expected
    assert statuses(fcm) == [status]
    assert fcm.log("send")[0]["fault"] == kind


def test_only_an_invalid_message_names_a_field(fcm, app):
    named = {}
    for kind in ("INVALID_ARGUMENT", "INVALID_MESSAGE"):
        plan(fcm, "send", kind)
        with pytest.raises(exceptions.InvalidArgumentError) as failure:
            send(app)
        details = failure.value.http_response.json()["error"]["details"]
        named[kind] = [detail["fieldViolations"][0]["field"] for detail in details if "fieldViolations" in detail]
    assert named == {"INVALID_ARGUMENT": [], "INVALID_MESSAGE": ["message.data"]}


def test_bad_apple_credentials_cost_two_new_access_tokens(fcm, app):
    plan(fcm, "send", "THIRD_PARTY_AUTH_ERROR", times=9)
    with pytest.raises(messaging.ThirdPartyAuthError):
        send(app)
    assert (statuses(fcm), len(fcm.log("token"))) == ([401] * 3, 3)


def test_a_spent_quota_is_raised_at_once_with_the_time_to_wait(fcm, app):
    """Because of what push/firebase.py asks of urllib3: else the SDK sleeps and tries five times."""
    plan(fcm, "send", "QUOTA_EXCEEDED", times=9, retry_after=600)
    with pytest.raises(messaging.QuotaExceededError) as failure:
        send(app)
    assert failure.value.http_response.headers["Retry-After"] == "600"
    assert statuses(fcm) == [429]


@pytest.mark.parametrize(("kind", "status"), [("UNAVAILABLE", 503), ("INTERNAL", 500)])
def test_a_passing_server_error_is_retried_inside_the_sdk(kind, status, fcm, app):
    plan(fcm, "send", kind, times=1)  # the second attempt comes at once, the third would wait 1 s, the fifth 4 s
    send(app)
    assert statuses(fcm) == [status, 200]


def test_a_connection_reset_is_retried(fcm, app):
    plan(fcm, "send", "reset")
    send(app)
    assert statuses(fcm) == [None, 200]
    assert len(fcm.phone("lan")["received"]) == 1


def test_a_reset_after_the_message_was_taken_delivers_it_twice(fcm, app):
    plan(fcm, "send", "accept_then_reset")
    send(app)
    assert len(fcm.phone("lan")["received"]) == 2


def test_hanging_costs_two_timeouts(fcm, make_app):
    plan(fcm, "send", "hang", times=9)
    with pytest.raises(exceptions.UnavailableError):
        send(make_app(httpTimeout=0.3))
    assert statuses(fcm) == [None, None]


def test_slow_answers_after_its_delay_and_delivers(fcm, app):
    plan(fcm, "send", "slow", delay=0.3)
    started = time.monotonic()
    send(app)
    assert time.monotonic() - started >= 0.3
    assert len(fcm.phone("lan")["received"]) == 1


def test_a_bad_grant_is_not_a_firebase_error(fcm, make_app):
    plan(fcm, "token", "INVALID_GRANT", times=9)
    with pytest.raises(RefreshError, match="invalid_grant"):
        send(make_app())
    assert statuses(fcm, "token") == [400]


def test_a_key_of_another_server_is_an_invalid_grant(fcm, make_app, tmp_path, monkeypatch):
    account = json.loads((fcm.folder / "service-account.json").read_text())
    other = json.dumps({**account, "private_key": (fcm.folder / "idtoken.key").read_text()})
    (tmp_path / "service-account.json").write_text(other)
    monkeypatch.setattr(type(fcm), "environment", {"FIREBASE_CREDENTIALS_FILE": str(tmp_path / "service-account.json")})
    with pytest.raises(RefreshError, match="invalid_grant"):
        send(make_app())


def test_a_fault_hits_its_target_only_and_as_often_as_planned(fcm, app):
    plan(fcm, "send", "UNREGISTERED", target="fid:fidOfLan", times=1)
    messaging.send(messaging.Message(topic="news"), app=app)
    with pytest.raises(messaging.UnregisteredError):
        send(app)
    send(app)
    assert fcm.call("GET", "faults") == []


def test_a_topic_fault_reaches_the_result_of_its_registration(fcm, app):
    plan(fcm, "topic", "UNREGISTERED", target="lan", times=1)
    result = messaging.subscribe_to_topic(["lan", "fidOfLan"], "news", app)
    assert [(error.index, error.reason) for error in result.errors] == [(0, "UNREGISTERED")]


def test_a_new_plan_replaces_the_old_and_delete_clears_it(fcm, app):
    plan(fcm, "send", "UNREGISTERED", times=9)
    plan(fcm, "send", "SENDER_ID_MISMATCH", times=9)
    with pytest.raises(messaging.SenderIdMismatchError):
        send(app)
    fcm.call("DELETE", "faults")
    send(app)
