"""Dashboard of the staff site: work queues, state of the push channel, recent publications."""

import contextlib
import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from config.staff import charts
from content import vietnam_time
from content.changes import queries as changes
from content.changes.models import Change
from content.contest_results.models import Disqualification
from content.contests import policy as contest_policy
from content.contests.models import Round
from content.contests.states import RoundStatus
from content.documents.models import LegalDocument
from content.editing import revisions
from content.effect_reviews import queries as effect_reviews
from content.errors import QueryTooSlow
from content.legal_basis_reviews import queries as legal_basis_reviews
from content.official_statuses import queries as official_statuses
from content.peer_administration import queries as peers
from content.people import services as people
from content.people.models import User
from content.plans import policy as plan_policy
from content.plans import queries as plan_queries
from content.qa import policy, queues
from content.qa import queries as questions
from content.question_banks import queries as quiz_questions
from content.relations import queries as relations
from content.relations.models import Relation
from content.sync.models import Peer
from content.sync.queries import open_conflicts
from content.sync.services import MAY_DECIDE, MAY_MANAGE
from notifications.deliveries import queries as deliveries
from notifications.deliveries.models import Delivery, Notification
from notifications.follows.reach import notification_reach

DAYS = 30  # period of the charts and of recent failures
LATEST_PUBLICATIONS = 6
WAITING_STATUSES = (LegalDocument.Status.DRAFT, LegalDocument.Status.IN_REVIEW)


@dataclass(frozen=True)
class WorkQueue:
    """A list of waiting work with its count."""

    name: str
    count: int | None  # None: the database is too busy to count
    url: str  # of the list
    is_alert: bool = False


def dashboard_context(user: User) -> dict[str, Any]:
    """Template context of the dashboard, limited to what the user may see."""
    first_day = vietnam_time.today() - datetime.timedelta(days=DAYS - 1)
    days = [first_day + datetime.timedelta(days=number) for number in range(DAYS)]
    waiting: list[WorkQueue] = []
    chart_list: list[charts.Chart] = []
    latest: list[dict[str, Any]] = []
    if user.has_perm("content.view_legaldocument"):
        waiting += _document_queues(user)
        chart_list.append(_publications_chart(days))
        latest = [_publication_reach(change) for change in changes.publications()[:LATEST_PUBLICATIONS]]
    waiting += [*_question_queues(user), *_contest_queues(user), *_plan_queues(user), *_peer_queues(user)]
    if user.has_perm("content.change_user"):
        url = reverse("admin:content_roleproposal_changelist")
        waiting.append(WorkQueue(_("Roles to confirm"), people.open_proposals().count(), f"{url}?status=open"))
    if user.has_perm("notifications.view_delivery"):
        waiting += _delivery_queues(first_day)
        chart_list.append(_deliveries_chart(days))
    return {
        "queues": waiting,
        "charts": chart_list,
        "latest": latest,
        "channel": deliveries.broken_channel(),
        "closed_gates": deliveries.closed_gates(),
        "worker_alive": deliveries.is_a_worker_alive(),
    }


def _document_queues(user: User) -> list[WorkQueue]:
    url = reverse("admin:content_legaldocument_changelist")
    waiting = LegalDocument.objects.filter(status__in=WAITING_STATUSES).order_by().values_list("status")
    counts = dict(waiting.annotate(Count("pk")))
    by_status = [
        WorkQueue(str(status.label), counts.get(status, 0), f"{url}?status={status}") for status in WAITING_STATUSES
    ]
    corrections = WorkQueue(
        _("Corrections to confirm"), revisions.proposed_corrections().count(), f"{url}?status=proposed"
    )
    return [*by_status, corrections, *_relation_queues(user), _effect_review_queue()]


def _relation_queues(user: User) -> list[WorkQueue]:
    if not user.has_perm("content.view_relation"):
        return []
    url = reverse("admin:content_relation_changelist")
    count = relations.proposed_relations().count()
    return [
        WorkQueue(_("Relations to confirm"), count, f"{url}?status__exact={Relation.Status.PROPOSED}"),
        *_ending_queues(),
    ]


def _ending_queues() -> list[WorkQueue]:
    """What acts say they end, samples of what the machine carried out, conflicts with official lists."""
    url = reverse("admin:content_endingcase_changelist")
    conflicts = official_statuses.open_conflicts().count()
    return [
        WorkQueue(_("Endings to decide"), effect_reviews.undecided_cases().count(), url),
        WorkQueue(_("Automatic ends to check"), effect_reviews.samples_to_check().count(), f"{url}?show=sample"),
        WorkQueue(
            _("Conflicts with official lists"),
            conflicts,
            reverse("admin:content_statusconflict_changelist"),
            is_alert=conflicts > 0,
        ),
    ]


def _effect_review_queue() -> WorkQueue:
    count: int | None = None
    with contextlib.suppress(QueryTooSlow):  # as before the effect spans of a new release are written
        count = legal_basis_reviews.count_pending_legal_basis_reviews(vietnam_time.today())
    return WorkQueue(
        _("Documents whose legal basis changed"), count, reverse("admin:content_amendment_legal_basis_reviews")
    )


def _question_queues(user: User) -> list[WorkQueue]:
    """Queues of questions, and problem reports for those who handle them."""
    url, found = reverse("admin:content_question_changelist"), []
    for key, queue in queues.queues_for(user).items():
        count = queue.questions(user).count()
        found.append(WorkQueue(str(queue.name), count, f"{url}?queue={key}", queue.is_worrying and count > 0))
    if policy.may_handle_reports(user):
        reports = f"{reverse('admin:content_problemreport_changelist')}?status=open"
        found.append(WorkQueue(_("Reported problems"), questions.open_reports().count(), reports))
    return found


def _contest_queues(user: User) -> list[WorkQueue]:
    """Quiz questions whose law changed, rounds to freeze, and objections of contestants, for those who decide."""
    found = []
    if user.has_perm("content.approve_quizquestion"):
        flagged, url = quiz_questions.flagged_questions().count(), reverse("admin:content_quizquestion_changelist")
        drafts = quiz_questions.drafts_for(user).count()
        found += [
            WorkQueue(_("Quiz questions to approve"), drafts, f"{url}?status=draft"),
            WorkQueue(_("Quiz questions whose law changed"), flagged, f"{url}?status=flagged", flagged > 0),
        ]
    if user.has_perm("content.freeze_contest"):
        proposed = Round.objects.filter(status=RoundStatus.PROPOSED).count()
        url = reverse("admin:content_round_changelist")
        found.append(WorkQueue(_("Rounds to freeze"), proposed, f"{url}?status__exact={RoundStatus.PROPOSED}"))
    if contest_policy.may_judge(user):
        waiting = Disqualification.objects.filter(objected_at__isnull=False, decided_at=None).count()
        url = reverse("admin:content_disqualification_changelist")
        found.append(WorkQueue(_("Objections of contestants"), waiting, f"{url}?objection=open", waiting > 0))
    return found


def _plan_queues(user: User) -> list[WorkQueue]:
    """Plans and measurements that somebody else entered, for those who may publish them."""
    if not plan_policy.may_publish(user):
        return []
    plans, rows = reverse("admin:content_plan_changelist"), reverse("admin:content_measurement_changelist")
    return [
        WorkQueue(_("Plans to publish"), plan_queries.drafts_for(user).count(), f"{plans}?status__exact=draft"),
        WorkQueue(_("Measurements to approve"), plan_queries.waiting_for(user).count(), f"{rows}?show=waiting"),
    ]


def _peer_queues(user: User) -> list[WorkQueue]:
    """Other installations that wait for a person, where any is followed."""
    found = []
    if user.has_perm(MAY_DECIDE) and Peer.objects.exists():
        url, conflicts = reverse("admin:content_conflict_changelist"), open_conflicts().count()
        found.append(WorkQueue(_("Conflicts of installations"), conflicts, url, conflicts > 0))
    if user.has_perm(MAY_MANAGE) and Peer.objects.exists():
        url, stopped = reverse("admin:content_peer_changelist"), peers.stopped_peers().count()
        found += [
            WorkQueue(_("Installations to confirm"), peers.peers_to_confirm(user).count(), url),
            WorkQueue(_("Installations that are not read any more"), stopped, url, stopped > 0),
        ]
    return found


def _delivery_queues(first_day: datetime.date) -> list[WorkQueue]:
    url = reverse("admin:notifications_delivery_changelist")
    failed = deliveries.failed_deliveries().filter(settled_at__date__gte=first_day).count()
    states = ",".join((Delivery.Status.REFUSED, Delivery.Status.EXPIRED))
    return [
        WorkQueue(_("Waiting to be sent"), deliveries.waiting_deliveries().count(), f"{url}?status__in=queued,sending"),
        WorkQueue(_("Failed in %d days") % DAYS, failed, f"{url}?status__in={states}", is_alert=failed > 0),
    ]


def _publication_reach(change: Change) -> dict[str, Any]:
    notification = Notification.objects.filter(change=change).first()
    return {"change": change, "reach": notification and notification_reach(notification)}


def _publications_chart(days: list[datetime.date]) -> charts.Chart:
    counts = changes.publications_per_day(days[0])
    total = _("%(count)d documents in %(days)d days") % {"count": sum(counts.values()), "days": len(days)}
    return charts.daily_chart("publications", _("Documents published per day"), total, days, {_("Published"): counts})


def _deliveries_chart(days: list[datetime.date]) -> charts.Chart:
    accepted = deliveries.settled_per_day(Delivery.objects.filter(status=Delivery.Status.ACCEPTED), days[0])
    failed = deliveries.settled_per_day(deliveries.failed_deliveries(), days[0])
    total = _("%(accepted)d accepted by FCM, %(failed)d failed in %(days)d days") % {
        "accepted": sum(accepted.values()),
        "failed": sum(failed.values()),
        "days": len(days),
    }
    series = {_("Accepted by FCM"): accepted, _("Failed"): failed}
    return charts.daily_chart("deliveries", _("Messages sent per day"), total, days, series)
