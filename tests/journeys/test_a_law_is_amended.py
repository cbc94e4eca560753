"""A law is published, amended from a day to come, followed, and the amending act is withdrawn: the whole story.

The change log, the outbox, the real Firebase SDK and the local FCM server; only the days are given, none is waited for.
"""

import datetime

import pytest

from content.amendments import queries as amendments
from content.amendments import services
from content.changes.models import Change
from content.editing import services as editing
from content.transitions.services import record_due_transitions
from content.vietnam_time import today
from notifications import sender
from notifications.fanout import read_changes
from notifications.follows.reconciliation import reconcile_subscriptions
from tests.builders import a_device, a_document, an_amending_law, registration_of

pytestmark = pytest.mark.usefixtures("committed")
EVE = today() + datetime.timedelta(days=9)
DAY = EVE + datetime.timedelta(days=1)


def a_phone_that_follows(api, fcm, name, path):
    fcm.call("POST", "devices", {"token": registration_of(name)})
    assert api("put", f"follows/{path}", {}, device=a_device(name)).status_code == 201


def pushes(fcm, gateway, *names):
    """The pushes that these phones have received, after everything queued was sent: {name: [bodies]}."""
    while read_changes():
        pass
    while sender.send_due(gateway):
        pass
    return {name: _bodies(fcm.phone(registration_of(name))["tray"]) for name in names}


def _bodies(tray):
    return [entry["body"] for entry in sorted(tray.values(), key=lambda entry: int(entry["nid"]))]


def text(api, law, day):
    answer = api("get", f"documents/{law.key}/text?as_of={day}").json()
    return {unit["eid"]: unit["text"] for unit in answer["provisions"]}


def test_a_law_is_amended_and_the_amending_act_is_withdrawn(api, fcm, gateway):
    law = a_document("1/2019/QH14", title="Luật Mẫu")
    a_phone_that_follows(api, fcm, "minh", f"article/{law.key}~art_2")
    a_phone_that_follows(api, fcm, "hoa", f"article/{law.key}~art_3")
    reconcile_subscriptions(gateway)
    record_due_transitions(today())
    first_text = text(api, law, today())

    act = an_amending_law(law, "2/2024/QH15", on=DAY)
    orders = amendments.recognised_instructions(act)
    assert all(order.is_certain for order in orders)
    services.apply_amendments(act, orders)

    before, after = text(api, law, EVE), text(api, law, DAY)
    assert before == first_text
    differing = {eid for eid in before.keys() | after.keys() if before.get(eid) != after.get(eid)}
    diff = api("get", f"documents/{law.key}/diff?from={EVE}&to={DAY}").json()
    assert {change["eid"] for change in diff["changes"]} == differing
    assert {"art_1a", "art_2__clause_1__point_b", "art_2__clause_1__point_dd", "art_2__clause_3"} <= differing
    timeline = [
        (each["on"], each["event_type"]) for each in api("get", f"documents/{law.key}/timeline").json()["results"]
    ]
    assert (str(DAY), "amended") in timeline
    calendar = api("get", "effects").json()["results"]
    assert {each["kind"] for each in calendar if each["document"]["key"] == law.key} == {"amended", "expires"}

    heard = pushes(fcm, gateway, "minh", "hoa")
    (body,) = heard["minh"]
    assert [words.split(":")[0] for words in body.split("; ")] == [
        "Điểm b khoản 1 Điều 2", "điểm đ khoản 1 Điều 2", "Điều 1a, khoản 3 Điều 2"
    ]  # fmt: skip
    assert heard["hoa"] == []

    status = {day: api("get", f"documents/{law.key}?as_of={day}").json()["effect_status"] for day in (EVE, DAY)}
    assert status == {EVE: "in_force", DAY: "partly_expired"}
    for day in (EVE, DAY):
        record_due_transitions(day)
    heard = pushes(fcm, gateway, "minh", "hoa")
    assert ["ngày mai" in body for body in heard["minh"][1:]] == [True, False]
    assert "từ hôm nay" in heard["minh"][2]
    assert heard["hoa"] == []

    editing.withdraw_document(act, reason="Bản chép sai.", notify=True)
    assert text(api, law, EVE) == text(api, law, DAY) == first_text
    assert api("get", f"documents/{law.key}?as_of={DAY}").json()["effect_status"] == "in_force"
    assert api("get", f"documents/{law.key}/diff?from={EVE}&to={DAY}").json()["changes"] == []
    heard = pushes(fcm, gateway, "minh", "hoa")
    assert heard["minh"][3].startswith("Đính chính")
    assert heard["hoa"] == []

    story = Change.objects.filter(subject=law.key).order_by("pk").values_list("event_type", flat=True)
    assert list(story) == [
        "document.published",
        "document.amended",
        "document.status_ahead",
        "document.status_changed",
        "document.amendment_withdrawn",
    ]
    answer = api("get", f"documents/{act.key}")
    assert (answer.status_code, "Bản chép sai." in answer.json()["detail"]) == (410, True)
    end = Change.objects.order_by("-pk").values_list("subject", "event_type")[:2]
    assert list(end) == [(act.key, "document.withdrawn"), (law.key, "document.amendment_withdrawn")]
