"""What a phone shows and what waits for it."""

import time

import pytest
from firebase_admin import messaging

pytestmark = pytest.mark.filterwarnings("ignore:Message.token is deprecated:DeprecationWarning")


def titles(phone):
    return [received["message"]["notification"]["title"] for received in phone["received"]]


def send(app, token, title, *, collapse_key=None, ttl=None, tag=None, expiration=None):
    android = messaging.AndroidNotification(tag=tag)
    headers = {"apns-collapse-id": collapse_key or tag, "apns-expiration": expiration}
    message = messaging.Message(
        notification=messaging.Notification(title, "…"),
        android=messaging.AndroidConfig(collapse_key=collapse_key, ttl=ttl, notification=android),
        apns=messaging.APNSConfig(headers={name: value for name, value in headers.items() if value is not None}),
        webpush=messaging.WebpushConfig(
            headers={"Topic": collapse_key} if collapse_key else None,
            notification=messaging.WebpushNotification(tag=tag),
        ),
        token=token,
    )
    return messaging.send(message, app=app)


@pytest.mark.parametrize("platform", ["android", "ios", "web"])
def test_the_same_tag_replaces_the_entry_in_the_tray(platform, fcm, app):
    fcm.call("POST", "devices", {"token": "lan", "platform": platform})
    for title in ("Bản đầu", "Bản sửa"):
        send(app, "lan", title, tag="n7")
    send(app, "lan", "Khác", tag="n8")
    phone = fcm.phone("lan")
    assert {tag: entry["title"] for tag, entry in phone["tray"].items()} == {"n7": "Bản sửa", "n8": "Khác"}
    assert len(phone["received"]) == 3


def test_without_a_tag_a_message_sent_twice_is_shown_twice(fcm, app):
    fcm.call("POST", "devices", {"token": "lan"})
    names = [send(app, "lan", "Hai lần") for _ in range(2)]
    assert list(fcm.phone("lan")["tray"]) == names


def test_ios_shows_the_alert_of_its_payload_and_a_data_message_shows_nothing(fcm, app):
    fcm.call("POST", "devices", {"token": "lan", "platform": "ios"})
    alert = messaging.ApsAlert(title="Riêng", body="cho iOS")
    payload = messaging.APNSPayload(messaging.Aps(alert=alert), nid="9")
    apns = messaging.APNSConfig(headers={"apns-collapse-id": "n9"}, payload=payload)
    name = messaging.send(messaging.Message(token="lan", data={"link": "/vb/1"}, apns=apns), app=app)
    messaging.send(messaging.Message(token="lan", data={"op": "withdraw"}), app=app)
    phone = fcm.phone("lan")
    expected = {"title": "Riêng", "body": "cho iOS", "link": "/vb/1", "nid": "9", "id": name}
    assert phone["tray"] == {"n9": expected}
    assert len(phone["received"]) == 2


@pytest.mark.parametrize("platform", ["android", "ios", "web"])
def test_offline_a_newer_message_of_the_same_key_replaces_the_older(platform, fcm, app):
    fcm.call("POST", "devices", {"token": "lan", "platform": platform, "online": False})
    for title, key in [("a1", "a"), ("plain1", None), ("a2", "a"), ("plain2", None)]:
        send(app, "lan", title, collapse_key=key)
    assert (fcm.phone("lan")["received"], fcm.phone("lan")["waiting"]) == ([], 3)
    assert titles(fcm.phone("lan", "online")) == ["plain1", "a2", "plain2"]
    assert fcm.phone("lan")["waiting"] == 0


def test_offline_only_four_collapse_keys_are_kept(fcm, app):
    fcm.call("POST", "devices", {"token": "lan", "online": False})
    for key in "abcde":
        send(app, "lan", key, collapse_key=key)
    assert titles(fcm.phone("lan", "online")) == ["b", "c", "d", "e"]


def test_offline_a_message_waits_as_long_as_its_ttl(fcm, app):
    fcm.call("POST", "devices", [{"token": "lan", "online": False}, {"token": "minh", "platform": "ios"}])
    fcm.phone("minh", "offline")
    now = int(time.time())
    for title, ttl, until in [("now or never", 0, 0), ("short", 1, now + 1), ("long", 3600, now + 3600)]:
        send(app, "lan", title, ttl=ttl)
        send(app, "minh", title, expiration=str(until))
    time.sleep(1.05)
    assert titles(fcm.phone("lan", "online")) == ["long"]
    assert titles(fcm.phone("minh", "online")) == ["long"]


def test_a_hundred_and_one_waiting_messages_are_all_dropped(fcm, app):
    fcm.call("POST", "devices", {"token": "lan", "online": False})
    for n in range(101):
        send(app, "lan", str(n))
    phone = fcm.phone("lan", "online")
    assert (phone["received"], phone["deleted_messages"]) == ([], True)
