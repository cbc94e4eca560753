"""messages:send through the real SDK."""

import pytest
import requests
from firebase_admin import exceptions, messaging
from google.auth.transport.requests import AuthorizedSession

pytestmark = pytest.mark.filterwarnings("ignore:Message.token is deprecated:DeprecationWarning")

SEND = "https://fcm.googleapis.com/v1/projects/luatmo-local/messages:send"
LINK = "https://luatmo.vn/vb/31"


def news(**fields):
    return messaging.Message(notification=messaging.Notification("Luật mới", "Luật Đất đai"), **fields)


def authorized(app):
    return AuthorizedSession(app.credential.get_credential())


def arrivals(fcm, token):
    return [received["via"] for received in fcm.phone(token)["received"]]


def test_a_topic_reaches_its_subscribers_and_nobody_else(fcm, app):
    fcm.call("POST", "devices", [{"token": "lan"}, {"token": "minh"}, {"token": "hoa"}])
    messaging.subscribe_to_topic(["lan", "minh"], "local.lv.1.moi.vi", app)
    name = messaging.send(news(topic="local.lv.1.moi.vi", data={"nid": "7", "link": LINK}), app=app)
    phone = fcm.phone("lan")
    assert [(received["id"], received["via"]) for received in phone["received"]] == [(name, "topic:local.lv.1.moi.vi")]
    assert phone["received"][0]["message"]["data"] == {"nid": "7", "link": LINK}
    entry = {"title": "Luật mới", "body": "Luật Đất đai", "nid": "7", "link": LINK, "id": name}
    assert phone["tray"] == {name: entry}
    assert (arrivals(fcm, "minh"), arrivals(fcm, "hoa")) == (["topic:local.lv.1.moi.vi"], [])


def test_a_condition_reaches_each_phone_once(fcm, app):
    fcm.call("POST", "devices", [{"token": "lan"}, {"token": "minh"}, {"token": "hoa"}])
    for topic, tokens in {"a": ["lan", "minh"], "b": ["lan"], "any": ["minh"]}.items():
        messaging.subscribe_to_topic(tokens, topic, app)
    either = "'a' in topics || 'b' in topics"
    messaging.send(news(condition=either), app=app)
    messaging.send(news(condition=f"({either}) && !('any' in topics)"), app=app)
    assert [len(arrivals(fcm, token)) for token in ("lan", "minh", "hoa")] == [2, 1, 0]
    messaging.send(news(condition="!('a' in topics)"), app=app)
    assert len(arrivals(fcm, "hoa")) == 1


def test_fid_and_token_name_the_same_phone(fcm, app):
    fcm.call("POST", "devices", {"token": "lan", "fid": "fidOfLan"})
    messaging.send(news(fid="fidOfLan"), app=app)
    messaging.send(news(token="lan"), app=app)
    assert arrivals(fcm, "fidOfLan") == ["fid:fidOfLan", "token:lan"]
    assert [entry["target"] for entry in fcm.log("send")] == ["fid:fidOfLan", "token:lan"]


def test_an_unknown_or_invalidated_registration_is_unregistered(fcm, app):
    fcm.call("POST", "devices", {"token": "lan"})
    fcm.phone("lan", "invalidate")
    for fields in ({"fid": "nobody"}, {"token": "lan"}):
        with pytest.raises(messaging.UnregisteredError):
            messaging.send(news(**fields), app=app)


def test_what_cannot_be_a_registration_is_an_invalid_argument(fcm, app):
    with pytest.raises(exceptions.InvalidArgumentError) as refusal:
        messaging.send(news(token="two words"), app=app)
    details = refusal.value.http_response.json()["error"]["details"]
    assert [detail["@type"].rpartition(".")[2] for detail in details] == ["FcmError"]


def test_a_dry_run_checks_and_delivers_nothing(fcm, app):
    fcm.call("POST", "devices", {"token": "lan"})
    assert messaging.send(news(token="lan"), dry_run=True, app=app).startswith("projects/luatmo-local/messages/")
    assert arrivals(fcm, "lan") == []
    with pytest.raises(exceptions.InvalidArgumentError):
        messaging.send(messaging.Message(topic="x", data={"text": "ộ" * 700}), dry_run=True, app=app)


def test_seven_hundred_accented_letters_fit_a_phone_but_not_a_topic(fcm, app):
    fcm.call("POST", "devices", {"token": "lan"})
    long = {"data": {"text": "ộ" * 700}}  # 2,100 bytes in UTF-8
    for fields in ({"topic": "news"}, {"condition": "'news' in topics"}):
        with pytest.raises(exceptions.InvalidArgumentError, match="at most 2048"):
            messaging.send(messaging.Message(**long, **fields), app=app)
    messaging.send(messaging.Message(**long, token="lan"), app=app)
    with pytest.raises(exceptions.InvalidArgumentError, match="at most 4096"):
        messaging.send(messaging.Message(data={"text": "ộ" * 1400}, token="lan"), app=app)


def test_the_limit_is_exact_and_counts_escapes_as_json_does(fcm, app):
    frame = len(b'{"data":{"text":""}}')
    messaging.send(messaging.Message(data={"text": "a" * (2048 - frame)}, topic="news"), app=app)
    with pytest.raises(exceptions.InvalidArgumentError, match="2049 bytes"):
        messaging.send(messaging.Message(data={"text": "a" * (2049 - frame)}, topic="news"), app=app)


def test_a_condition_of_six_topics_is_refused(fcm, app):
    terms = [f"'t{n}' in topics" for n in range(6)]
    messaging.send(news(condition=" || ".join(terms[:5])), app=app)
    with pytest.raises(exceptions.InvalidArgumentError, match="At most 5"):
        messaging.send(news(condition=" || ".join(terms)), app=app)


@pytest.mark.parametrize(
    "message",
    [
        messaging.Message(topic="x", data={"from": "me"}),
        messaging.Message(topic="x", data={"google.c": "1"}),
        messaging.Message(topic="x", android=messaging.AndroidConfig(ttl=28 * 86400 + 1)),
        messaging.Message(topic="x", apns=messaging.APNSConfig(headers={"apns-collapse-id": "đ" * 33})),
        messaging.Message(condition="'x' in topics &&"),
        messaging.Message(topic="x" * 901),
    ],
)
def test_other_limits_of_fcm(message, fcm, app):
    with pytest.raises(exceptions.InvalidArgumentError) as refusal:
        messaging.send(message, app=app)
    assert "FcmError" in refusal.value.http_response.text


@pytest.mark.parametrize("message", [{"topic": "x", "notifcation": {}}, {"topic": "x", "data": {"n": 1}}, {}, "x"])
def test_a_message_of_the_wrong_shape_names_the_field(message, fcm, app):
    answer = authorized(app).post(SEND, json={"message": message})
    assert answer.status_code == 400
    assert "fieldViolations" in answer.text


def test_camel_case_is_taken_as_google_takes_it(fcm, app):
    fcm.call("POST", "devices", {"token": "lan"})
    message = {"token": "lan", "android": {"collapseKey": "k", "notification": {"title": "A", "tag": "n7"}}}
    assert authorized(app).post(SEND, json={"message": message, "validateOnly": False}).status_code == 200
    assert list(fcm.phone("lan")["tray"]) == ["n7"]


def test_without_a_bearer_or_for_another_project_nothing_is_sent(fcm, app):
    body = {"message": {"topic": "x"}}
    assert requests.post(SEND, json=body, timeout=5).status_code == 401
    assert requests.post(SEND, json=body, headers={"Authorization": "Bearer ya29.no"}, timeout=5).status_code == 401
    assert authorized(app).post(SEND.replace("luatmo-local", "luatmo"), json=body).status_code == 403
