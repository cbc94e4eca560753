"""From the announcement to the cancellation, on real phones of the local FCM server: each hears each thing once."""

import datetime

import pytest

from content.events import services as events
from notifications import sender
from notifications.fanout import read_changes
from notifications.follows.reconciliation import reconcile_subscriptions
from tests.builders import a_device, a_follower, a_planned_event, land, move_event, registration_of

pytestmark = pytest.mark.usefixtures("committed")
NAMES = ("follower", "a", "b", "c")


def test_three_register_for_two_seats_and_it_moves_and_is_cancelled(fcm, gateway, api):
    for name in NAMES:
        fcm.call("POST", "devices", {"token": registration_of(name)})
    a_follower("follower", land())
    a, b, c = (a_device(name) for name in "abc")

    def heard():
        """What each phone has heard since the last look, as the worker goes round."""
        before = {name: len(fcm.phone(registration_of(name))["received"]) for name in NAMES}
        while read_changes():
            pass
        reconcile_subscriptions(gateway)
        while sender.send_due(gateway):
            pass
        return {name: len(fcm.phone(registration_of(name))["received"]) - before[name] for name in NAMES}

    reconcile_subscriptions(gateway)
    event = events.announce(a_planned_event(seats=2))
    assert heard() == {"follower": 1, "a": 0, "b": 0, "c": 0}
    path = f"events/{event.key}/registration"
    assert [api("put", path, {}, device=each).json()["status"] for each in (a, b, c)] == ["seated", "seated", "waiting"]
    assert heard() == {"follower": 0, "a": 0, "b": 0, "c": 0}
    api("delete", path, device=a)
    assert heard() == {"follower": 0, "a": 0, "b": 0, "c": 1}
    event = move_event(event, days=3)
    assert heard() == {"follower": 1, "a": 0, "b": 1, "c": 1}
    for hours in (24, 23, 1, 0.5):  # the worker asks each minute: a day before, and an hour before
        events.record_reminders(event.starts_at - datetime.timedelta(hours=hours))
        assert heard() == {"follower": 0, "a": 0, "b": hours in (24, 1), "c": hours in (24, 1)}
    events.cancel(event, reason="Bão số 9")
    assert heard() == {"follower": 1, "a": 0, "b": 1, "c": 1}
    tray = fcm.phone(registration_of("b"))["tray"].values()
    assert any("Bão số 9" in entry["body"] for entry in tray)
