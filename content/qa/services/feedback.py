"""Ratings of public answers, and reports of problems with them."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes.event_types import EventType, Nature
from content.errors import NotAllowed, QuotaExceeded, RuleBroken
from content.people import services as people
from content.people import text_input
from content.people.models import Reader, User
from content.qa import policy, queries
from content.qa.models import ProblemReport, Question, Rating
from content.qa.services import transitions

REPORTS_PER_DAY = 20
DAY = datetime.timedelta(days=1)


@transaction.atomic
def rate_answer(question: Question, *, reader: Reader, is_helpful: bool) -> tuple[Rating, bool]:
    """Rate the answer; a reader's later rating replaces the earlier one. Returns (rating, created).

    Raises RuleBroken: "own_question", "not_public".
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)  # before the question, as where a reader is erased
    question = transitions.locked_questions([question])[0]  # so that it stays public meanwhile
    if not question.is_public:
        raise RuleBroken("not_public", _("The question is not public."))
    if question.reader_id == reader.pk:
        raise RuleBroken("own_question", _("You cannot rate the answer to your own question."))
    return Rating.objects.update_or_create(question=question, reader=reader, defaults={"is_helpful": is_helpful})


@transaction.atomic
def remove_rating(question: Question, *, reader: Reader) -> None:
    """Remove a rating. A no-op without one."""
    question.ratings.filter(reader=reader).delete()


@transaction.atomic
def report_problem(question: Question, *, reader: Reader, kind: str, text: str = "") -> tuple[ProblemReport, bool]:
    """Report a problem. An open report of the same kind is returned unchanged. Returns (report, created).

    Raises QuotaExceeded after 20 reports in a day, and what `text_input.clean_text` raises.
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    existing = reader.reports.filter(question=question, kind=kind, resolved_at=None).first()
    if existing:
        return existing, False
    if text.strip():
        text = text_input.clean_text(text, "text", max_length=ProblemReport.MAX_LENGTH)
    recent = reader.reports.filter(reported_at__gt=timezone.now() - DAY).order_by("-reported_at")
    last = recent[REPORTS_PER_DAY - 1 : REPORTS_PER_DAY].first()
    if last:
        message = _("You can send at most %d reports a day. Try again later.") % REPORTS_PER_DAY
        raise QuotaExceeded("too_many_reports", message, until=last.reported_at + DAY)
    return ProblemReport.objects.create(question=question, reader=reader, kind=kind, text=text.strip()), True


@transaction.atomic
def claim_report(report: ProblemReport, *, by: User) -> ProblemReport:
    """Claim a report. A repeat by the same person is a no-op.

    Raises RuleBroken("report_claimed", "report_resolved").
    """
    report = _locked_open_report(report, by)
    if report.claimed_by_id not in (None, by.pk):
        raise RuleBroken("report_claimed", _("%s has claimed this report.") % report.claimed_by)
    if report.claimed_by_id is None:
        report.claimed_by = by
        report.save(update_fields=["claimed_by"])
        people.audit("report.claimed", report.question.key, by=by, report=report.pk)
    return report


@transaction.atomic
def unclaim_report(report: ProblemReport, *, by: User) -> ProblemReport:
    """Release a claimed report. A no-op if nobody has claimed it.

    Raises RuleBroken("report_claimed", "report_resolved").
    """
    report = _locked_open_report(report, by)
    if report.claimed_by_id is None:
        return report
    if report.claimed_by_id != by.pk:
        raise RuleBroken("report_claimed", _("%s has claimed this report.") % report.claimed_by)
    report.claimed_by = None
    report.save(update_fields=["claimed_by"])
    people.audit("report.unclaimed", report.question.key, by=by, report=report.pk)
    return report


@transaction.atomic
def resolve_report(report: ProblemReport, *, by: User, outcome: str) -> ProblemReport:
    """Resolve a claimed report with its outcome.

    Where a former answer is not shown any more because of it, a public change without a notification tells mirrors.
    Raises RuleBroken("report_not_claimed", "report_resolved", "reason_required").
    """
    question = transitions.locked_questions([report.question])[0]  # before the report, as who erases a question does
    report = _locked_open_report(report, by)
    if report.claimed_by_id != by.pk:
        raise RuleBroken("report_not_claimed", _("Claim the report first."))
    shown = queries.published_answers(question).count()
    report.outcome, report.resolved_at = text_input.require_reason(outcome), timezone.now()
    report.save(update_fields=["outcome", "resolved_at"])
    if question.is_public and queries.published_answers(question).count() < shown:
        transitions.record_public_change(
            question, EventType.QUESTION_ANSWERED, nature=Nature.CORRECTION, notify=False, removes_words=True
        )
    people.audit("report.resolved", report.question.key, by=by, reason=report.outcome, report=report.pk)
    return report


def _locked_open_report(report: ProblemReport, by: User) -> ProblemReport:
    if not policy.may_handle_reports(by):
        raise NotAllowed("not_allowed", _("You are not allowed to handle reports."))
    locked = ProblemReport.objects.select_for_update(no_key=True, of=("self",))
    report = locked.select_related("question").get(pk=report.pk)
    if report.resolved_at:
        raise RuleBroken("report_resolved", _("The report is already resolved."))
    return report
