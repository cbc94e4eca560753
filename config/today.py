"""What the first page of the desk shows: what waits for somebody, whether pushes go out, what was published lately."""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from config import charts
from content.changes import queries as changes
from content.documents import effect, manuscripts
from content.documents.amendments import reviewing
from content.documents.models import LegalDocument
from content.documents.relations import queries as relations
from content.documents.relations.models import Relation
from content.qa import policy, queues
from content.qa import queries as questions
from notifications.deliveries import queries as deliveries
from notifications.deliveries.models import Delivery, Notification
from notifications.reach import reach

DAYS = 30  # of the charts and of what counts as a failure of late
LATEST = 6  # publications
WAITING_STATES = (LegalDocument.State.DRAFT, LegalDocument.State.IN_REVIEW)


@dataclass(frozen=True)
class Queue:
    name: str
    count: int
    url: str  # the list itself
    is_worrying: bool = False


def overview(user):
    """Context of the page. Whoever may not see the documents or the deliveries is told nothing of them."""
    first_day = effect.today() - datetime.timedelta(days=DAYS - 1)
    days = [first_day + datetime.timedelta(days=number) for number in range(DAYS)]
    waiting, pictures, latest = [], [], []
    if user.has_perm("content.view_legaldocument"):
        waiting += _queues_of_documents(user)
        pictures.append(_publications_chart(days))
        latest = [_publication(change) for change in changes.publications()[:LATEST]]
    waiting += _queues_of_questions(user)
    if user.has_perm("notifications.view_delivery"):
        waiting += _queues_of_deliveries(first_day)
        pictures.append(_deliveries_chart(days))
    return {
        "queues": waiting,
        "charts": pictures,
        "latest": latest,
        "channel": deliveries.broken_channel(),
        "worker_alive": deliveries.a_worker_works(),
    }


def _queues_of_documents(user):
    url = reverse("admin:content_legaldocument_changelist")
    waiting = LegalDocument.objects.filter(state__in=WAITING_STATES).order_by().values_list("state")
    counts = dict(waiting.annotate(Count("pk")))
    states = [Queue(str(state.label), counts.get(state, 0), f"{url}?state={state}") for state in WAITING_STATES]
    corrections = Queue(_("Corrections to confirm"), manuscripts.proposals().count(), f"{url}?state=proposed")
    return [*states, corrections, *_queue_of_relations(user), _queue_of_reviews()]


def _queue_of_relations(user):
    if not user.has_perm("content.view_relation"):
        return []
    url = reverse("admin:content_relation_changelist")
    count = relations.proposals().count()
    return [Queue(_("Relations to confirm"), count, f"{url}?state__exact={Relation.State.PROPOSED}")]


def _queue_of_reviews():
    count = reviewing.count_awaiting_review(effect.today())
    return Queue(_("Does it still hold?"), count, reverse("admin:content_amendment_waiting"))


def _queues_of_questions(user):
    """Those of the room, and the reports for whoever handles them."""
    url, found = reverse("admin:content_question_changelist"), []
    for key, queue in queues.seen_by(user).items():
        count = queue.questions(user).count()
        found.append(Queue(str(queue.name), count, f"{url}?queue={key}", queue.is_worrying and count > 0))
    if policy.may_handle_reports(user):
        reports = f"{reverse('admin:content_problemreport_changelist')}?state=open"
        found.append(Queue(_("Reported problems"), questions.open_reports().count(), reports))
    return found


def _queues_of_deliveries(first_day):
    url = reverse("admin:notifications_delivery_changelist")
    failed = deliveries.failed_deliveries().filter(settled_at__date__gte=first_day).count()
    states = ",".join((Delivery.State.REFUSED, Delivery.State.EXPIRED))
    return [
        Queue(_("Waiting to be sent"), deliveries.waiting_deliveries().count(), f"{url}?state__in=queued,sending"),
        Queue(_("Failed in %d days") % DAYS, failed, f"{url}?state__in={states}", is_worrying=failed > 0),
    ]


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
