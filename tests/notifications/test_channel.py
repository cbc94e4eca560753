"""A refused configuration stops the channel, is tried once a minute, and says why; a test push reports at once."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.test import Client

from api.openapi.push_schema import PUSH_DATA_SCHEMA
from content.people.models import AuditRow
from notifications import sender
from notifications.deliveries import services
from notifications.deliveries.models import Channel, Delivery
from notifications.devices.models import Device
from notifications.fanout import read_changes
from notifications.follows.models import FcmSubscription
from notifications.follows.reconciliation import reconcile_subscriptions
from notifications.management.commands.send_test_push import TEST_KIND
from tests.builders import a_device, a_document, a_follower, land, registration_of

pytestmark = pytest.mark.usefixtures("committed")
REFUSED = {"op": "send", "kind": "THIRD_PARTY_AUTH_ERROR", "times": 9}


@pytest.fixture
def three_queued(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    a_follower("minh", land())
    reconcile_subscriptions(gateway)
    for number in (1, 2, 3):
        a_document(f"{number}/2024/QH15", topics=[land()], notify=True)
    read_changes()
    return Delivery.objects.all()


def states():
    return sorted(Delivery.objects.values_list("status", flat=True))


def a_minute_passes():
    Channel.objects.update(next_trial_at=Now())


def test_a_refused_configuration_stops_all_sending_and_health_says_why(fcm, gateway, three_queued):
    fcm.call("POST", "faults", REFUSED)
    services.mark_channel_broken("THIRD_PARTY_AUTH_ERROR")
    assert sender.send_due(gateway) == 0
    assert fcm.log("send") == []
    health = Client().get("/health/ready").json()
    assert (health["push"], health["push_reason"]) == ("broken", "THIRD_PARTY_AUTH_ERROR")


def test_one_delivery_a_minute_tries_it_and_the_first_accepted_opens_it_again(fcm, gateway, three_queued):
    services.mark_channel_broken("invalid_grant")
    a_minute_passes()
    fcm.call("POST", "faults", REFUSED)
    assert sender.send_due(gateway) == 1
    assert states() == ["queued"] * 3
    assert sender.send_due(gateway) == 0
    fcm.call("DELETE", "faults")
    a_minute_passes()
    sender.send_due(gateway)
    assert states() == ["accepted"] * 3
    assert Channel.objects.get().broken_since is None


def test_two_senders_try_a_broken_channel_once(three_queued):
    services.mark_channel_broken("invalid_grant")
    a_minute_passes()
    assert (len(services.claim(8)), len(services.claim(8))) == (1, 0)


def test_what_goes_out_of_date_while_the_channel_is_broken_is_settled(three_queued):
    services.mark_channel_broken("invalid_grant")
    Delivery.objects.update(expires_at=Now())
    assert services.claim(8) == []
    assert states() == ["expired"] * 3


def test_a_refused_configuration_on_topics_is_not_tried_again_and_again(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    a_follower("minh", land())
    fcm.call("POST", "faults", {"op": "token", "kind": "INVALID_GRANT", "times": 99})
    assert reconcile_subscriptions(gateway) == 0
    asked = len(fcm.log("subscribe"))
    assert Channel.objects.get().broken_since
    untold = FcmSubscription.objects.exclude(actual=True)
    assert set(untold.values_list("attempts", flat=True)) == {0}
    assert asked == 0


def test_a_test_push_reaches_the_device_in_its_language_and_opens_the_channel(fcm, gateway, settings):
    settings.FIREBASE_CREDENTIALS_FILE = fcm.environment["FIREBASE_CREDENTIALS_FILE"]
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_device("minh")
    services.mark_channel_broken("invalid_grant")
    said = io.StringIO()
    call_command("send_test_push", minh.installation_key, stdout=said)
    assert said.getvalue().startswith("FCM đã nhận thông báo: projects/")
    (entry,) = fcm.phone(registration_of("minh"))["tray"].values()
    assert entry["title"] == "Thử thông báo của Luật Mở"
    assert Channel.objects.get().broken_since is None
    assert AuditRow.objects.get(action="push.tested").subject == f"device:{minh.pk}"


def test_a_test_push_that_is_only_validated_is_shown_to_nobody(fcm, settings):
    settings.FIREBASE_CREDENTIALS_FILE = fcm.environment["FIREBASE_CREDENTIALS_FILE"]
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    said = io.StringIO()
    call_command("send_test_push", a_device("minh").installation_key, "--validate-only", stdout=said)
    assert said.getvalue().startswith("FCM sẽ nhận thông báo: ")
    assert fcm.phone(registration_of("minh"))["received"] == []


def test_a_test_push_says_why_not(fcm, settings):
    settings.FIREBASE_CREDENTIALS_FILE = fcm.environment["FIREBASE_CREDENTIALS_FILE"]
    with pytest.raises(CommandError, match="Không có thiết bị nào đăng ký với mã nowhere"):
        call_command("send_test_push", "nowhere")
    minh = a_device("minh")  # FCM does not know its registration
    with pytest.raises(CommandError, match="Đăng ký của thiết bị này không còn dùng được"):
        call_command("send_test_push", minh.installation_key)
    fcm.call("POST", "faults", REFUSED)
    with pytest.raises(CommandError, match="Kênh gửi đã dừng"):
        call_command("send_test_push", minh.installation_key)
    assert Channel.objects.get().broken_since
    Device.objects.update(registration_id=None)
    with pytest.raises(CommandError, match="không còn đăng ký nào"):
        call_command("send_test_push", minh.installation_key)
    settings.FIREBASE_CREDENTIALS_FILE = "/nowhere/at/all.json"
    Device.objects.update(registration_id="registration-again")
    with pytest.raises(CommandError, match="FIREBASE_CREDENTIALS_FILE"):
        call_command("send_test_push", minh.installation_key)


def test_the_contract_says_which_kind_a_trial_push_has():
    assert f"`{TEST_KIND}`" in PUSH_DATA_SCHEMA["properties"]["kind"]["description"]
