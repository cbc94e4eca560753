"""Sending again and cancelling: what is allowed, what the audit log says, and that a sender never loses a race."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from content.changes.models import Change
from content.errors import RuleBroken
from content.people.models import AuditRow, Role
from content.publishing import services as documents
from notifications.deliveries import services
from notifications.deliveries.models import Delivery
from tests.builders import a_delivery, a_document, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa():
    return staff("hoa", Role.APPROVER)


def test_what_was_cancelled_is_not_sent(hoa):
    delivery = a_delivery()
    services.cancel(delivery, by=hoa, reason="the title is wrong")
    assert services.claim(10) == []
    row = AuditRow.objects.get(action="delivery.cancelled")
    assert (row.by, row.reason, row.subject) == (hoa, "the title is wrong", f"delivery:{delivery.pk}")
    delivery.refresh_from_db()
    assert (delivery.status, delivery.settled_at is None) == ("cancelled", False)


def test_cancelling_twice_is_one_act(hoa):
    delivery = a_delivery()
    for _ in range(2):
        services.cancel(delivery, by=hoa, reason="wrong")
    assert AuditRow.objects.filter(action="delivery.cancelled").count() == 1


@pytest.mark.parametrize("status", ["sending", "accepted", "refused", "expired"])
def test_what_is_under_way_or_ended_cannot_be_cancelled(hoa, status):
    delivery = a_delivery(status)
    with pytest.raises(RuleBroken) as refusal:
        services.cancel(delivery, by=hoa, reason="wrong")
    delivery.refresh_from_db()
    assert (refusal.value.code, delivery.status) == ("delivery_already_sending", status)
    assert not AuditRow.objects.filter(action="delivery.cancelled").exists()


@pytest.mark.parametrize("status", ["refused", "expired", "cancelled"])
def test_what_ended_unsent_is_sent_again_for_another_day(hoa, status):
    delivery = a_delivery(status, expires_at=timezone.now(), error="QUOTA", attempts=3, settled_at=timezone.now())
    services.resend(delivery, by=hoa, reason="quota is back")
    (claimed,) = services.claim(10)
    assert (claimed.pk, claimed.attempts, claimed.error, claimed.settled_at) == (delivery.pk, 4, "", None)
    assert 23 * 3600 < (claimed.expires_at - timezone.now()).total_seconds() <= 24 * 3600
    assert AuditRow.objects.get(action="delivery.resent").facts == {"key": delivery.key, "was": status}


@pytest.mark.parametrize("status", ["queued", "sending", "accepted"])
def test_what_phones_have_or_will_get_is_not_sent_again(hoa, status):
    delivery = a_delivery(status)
    with pytest.raises(RuleBroken) as refusal:
        services.resend(delivery, by=hoa, reason="again")
    delivery.refresh_from_db()
    assert (refusal.value.code, delivery.status) == ("wrong_status", status)


def test_news_of_a_withdrawn_document_is_not_sent_again(hoa):
    law = a_document("00/0000/MAU", notify=True)
    delivery = a_delivery("refused", change=law_change(law))
    documents.remove_sample(law)
    with pytest.raises(RuleBroken) as refusal:
        services.resend(delivery, by=hoa, reason="again")
    assert refusal.value.code == "superseded"


def law_change(law):
    return Change.objects.get(subject=law.key)


@pytest.mark.parametrize(("call", "status"), [(services.resend, "refused"), (services.cancel, "queued")])
def test_without_a_reason_both_are_refused(hoa, call, status):
    delivery = a_delivery(status)
    with pytest.raises(RuleBroken) as refusal:
        call(delivery, by=hoa, reason=" ")
    delivery.refresh_from_db()
    assert (refusal.value.code, delivery.status) == ("reason_required", status)


def test_a_sender_of_an_earlier_claim_cannot_settle_what_was_sent_again(hoa):
    delivery = a_delivery()
    (old,) = services.claim(10)
    Delivery.objects.update(status="refused")
    services.resend(delivery, by=hoa, reason="again")
    services.claim(10)
    assert services.accept(services.Accepted(old, "projects/x/messages/1")) is False
    assert Delivery.objects.get().status == "sending"


@pytest.mark.usefixtures("committed")
def test_a_delivery_is_either_cancelled_or_claimed_however_close_they_come():
    hoa = staff("hoa", Role.APPROVER)
    for _ in range(15):
        delivery = a_delivery()
        start, results = threading.Barrier(2), {}
        race = [
            threading.Thread(target=_claims, args=(start, results)),
            threading.Thread(target=_cancels, args=(start, results, delivery, hoa)),
        ]
        for each in race:
            each.start()
        for each in race:
            each.join()
        delivery.refresh_from_db()
        claimed = delivery.pk in results["claimed"]
        assert (results["cancelled"], delivery.status) == (not claimed, "sending" if claimed else "cancelled")


def _claims(start, results):
    start.wait()
    results["claimed"] = [row.pk for row in services.claim(10)]
    connection.close()


def _cancels(start, results, delivery, by):
    start.wait()
    try:
        services.cancel(delivery, by=by, reason="race")
        results["cancelled"] = True
    except RuleBroken:
        results["cancelled"] = False
    connection.close()


@pytest.mark.usefixtures("committed")
def test_two_who_send_again_at_once_queue_it_once():
    hoa, delivery = staff("hoa", Role.APPROVER), a_delivery("refused")
    start, results = threading.Barrier(2), []

    def resends():
        start.wait()
        try:
            services.resend(delivery, by=hoa, reason="race")
            results.append("queued")
        except RuleBroken as refusal:
            results.append(refusal.code)
        connection.close()

    race = [threading.Thread(target=resends) for _ in range(2)]
    for each in race:
        each.start()
    for each in race:
        each.join()
    assert sorted(results) == ["queued", "wrong_status"]
    assert AuditRow.objects.filter(action="delivery.resent").count() == 1
