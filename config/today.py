"""What the first page of the desk shows: what waits for somebody, whether pushes go out, what was published lately."""

import datetime
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from config import charts
from content.changes import queries as changes
from content.documents import effect
from content.documents.models import LegalDocument
from notifications.deliveries import queries as deliveries
from notifications.deliveries.models import Delivery, Notification
from notifications.reach import reach

DAYS = 30  # of the charts and of what counts as a failure of late
LATEST = 6  # publications
WAITING_STATES = ("draft", "in_review")  # of documents, as far as the library knows them


@dataclass(frozen=True)
class Queue:
    name: str
    count: int
    url: str | None  # the list itself
    is_worrying: bool = False


def overview(user):
    """Context of the page. Whoever may not see the documents or the deliveries is told nothing of them."""
    first_day = effect.today() - datetime.timedelta(days=DAYS - 1)
    days = [first_day + datetime.timedelta(days=number) for number in range(DAYS)]
    queues, pictures, latest = [], [], []
    if user.has_perm("content.view_legaldocument"):
        queues += _queues_of_documents()
        pictures.append(_publications_chart(days))
        latest = [_publication(change) for change in changes.publications()[:LATEST]]
    if user.has_perm("notifications.view_delivery"):
        queues += _queues_of_deliveries(first_day)
        pictures.append(_deliveries_chart(days))
    return {
        "queues": queues,
        "charts": pictures,
        "latest": latest,
        "channel": deliveries.broken_channel(),
        "worker_alive": deliveries.a_worker_works(),
    }


def _queues_of_documents():
    url = _list_of("content_legaldocument")
    return [
        Queue(
            str(LegalDocument.State(state).label),
            LegalDocument.objects.filter(state=state).count(),
            url and f"{url}?state={state}",
        )
        for state in WAITING_STATES
        if state in LegalDocument.State.values
    ]


def _queues_of_deliveries(first_day):
    url = _list_of("notifications_delivery")
    failed = deliveries.failed_deliveries().filter(settled_at__date__gte=first_day).count()
    states = ",".join((Delivery.State.REFUSED, Delivery.State.EXPIRED))
    return [
        Queue(_("Waiting to be sent"), deliveries.waiting_deliveries().count(), f"{url}?state__in=queued,sending"),
        Queue(_("Failed in %d days") % DAYS, failed, f"{url}?state__in={states}", is_worrying=failed > 0),
    ]


def _list_of(model):
    try:
        return reverse(f"admin:{model}_changelist")
    except NoReverseMatch:
        return None


def _publication(change):
    notification = Notification.objects.filter(change=change).first()
    return {"change": change, "reach": notification and reach(notification)}


def _publications_chart(days):
    counts = changes.publications_per_day(days[0])
    total = _("%(count)d documents in %(days)d days") % {"count": sum(counts.values()), "days": len(days)}
    return charts.per_day("publications", _("Documents published per day"), total, days, {_("Published"): counts})


def _deliveries_chart(days):
    accepted = deliveries.settled_per_day(Delivery.objects.filter(state=Delivery.State.ACCEPTED), days[0])
    failed = deliveries.settled_per_day(deliveries.failed_deliveries(), days[0])
    total = _("%(accepted)d accepted by FCM, %(failed)d failed in %(days)d days") % {
        "accepted": sum(accepted.values()),
        "failed": sum(failed.values()),
        "days": len(days),
    }
    series = {_("Accepted by FCM"): accepted, _("Failed"): failed}
    return charts.per_day("deliveries", _("Messages sent per day"), total, days, series)
