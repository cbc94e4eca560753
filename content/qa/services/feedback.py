"""What readers say of a public answer: helpful or not, and what is not right about it."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.errors import QuotaExceeded, RuleBroken
from content.people import services as people
from content.people import text_input
from content.people.models import Reader
from content.qa import policy
from content.qa.models import ProblemReport, Rating
from content.qa.services import transitions

REPORTS_PER_DAY = 20
DAY = datetime.timedelta(days=1)


@transaction.atomic
def rate_answer(question, *, reader, is_helpful):
    """One rating of a reader; another replaces it. Returns (rating, created).

    Raises RuleBroken: "own_question", "not_public".
    """
    question = transitions.locked_question(question)  # whether it is public does not change meanwhile
    if not question.is_public:
        raise RuleBroken("not_public", _("The question is not public."))
    if question.reader_id == reader.pk:
        raise RuleBroken("own_question", _("The asker does not rate their own question."))
    return Rating.objects.update_or_create(question=question, reader=reader, defaults={"is_helpful": is_helpful})


@transaction.atomic
def remove_rating(question, *, reader):
    """Take a rating back. A no-op where there is none."""
    question.ratings.filter(reader=reader).delete()


@transaction.atomic
def report_problem(question, *, reader, kind, text=""):
    """A reader says what is not right. The same kind while it is open changes nothing. Returns (report, created).

    Raises TooMany beyond 20 a day, and those of `wording.clean`.
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    standing = reader.reports.filter(question=question, kind=kind, resolved_at=None).first()
    if standing:
        return standing, False
    if text.strip():
        text = text_input.clean_text(text, "text", most=ProblemReport.MOST_LETTERS)
    recent = reader.reports.filter(reported_at__gt=timezone.now() - DAY).order_by("-reported_at")
    last = recent[REPORTS_PER_DAY - 1 : REPORTS_PER_DAY].first()
    if last:
        message = _("At most %d reports a day.") % REPORTS_PER_DAY
        raise QuotaExceeded("too_many_reports", message, until=last.reported_at + DAY)
    return ProblemReport.objects.create(question=question, reader=reader, kind=kind, text=text.strip()), True


@transaction.atomic
def claim_report(report, *, by):
    """Take a report up. A repeat by the same person is a no-op. Raises RuleBroken("report_claimed", "report_resolved")."""
    report = _locked_open_report(report, by)
    if report.claimed_by_id not in (None, by.pk):
        raise RuleBroken("report_claimed", _("%s looks at it already.") % report.claimed_by)
    if report.claimed_by_id is None:
        report.claimed_by = by
        report.save(update_fields=["claimed_by"])
        people.audit("report.claimed", report.question.key, by=by, report=report.pk)
    return report


@transaction.atomic
def unclaim_report(report, *, by):
    """Leave a report to others again. A no-op where nobody had taken it. Raises RuleBroken("report_claimed", "report_resolved")."""
    report = _locked_open_report(report, by)
    if report.claimed_by_id is None:
        return report
    if report.claimed_by_id != by.pk:
        raise RuleBroken("report_claimed", _("%s looks at it already.") % report.claimed_by)
    report.claimed_by = None
    report.save(update_fields=["claimed_by"])
    people.audit("report.unclaimed", report.question.key, by=by, report=report.pk)
    return report


@transaction.atomic
def resolve_report(report, *, by, outcome):
    """Say what came of it. Raises RuleBroken("report_not_claimed", "report_resolved", "reason_required")."""
    report = _locked_open_report(report, by)
    if report.claimed_by_id != by.pk:
        raise RuleBroken("report_not_claimed", _("Take the report up first."))
    report.outcome, report.resolved_at = text_input.require_reason(outcome), timezone.now()
    report.save(update_fields=["outcome", "resolved_at"])
    people.audit("report.resolved", report.question.key, by=by, reason=report.outcome, report=report.pk)
    return report


def _locked_open_report(report, by):
    if not policy.may_handle_reports(by):
        raise transitions.NotAllowed("not_allowed", _("You do not handle reports."))
    report = ProblemReport.objects.select_for_update(of=("self",)).select_related("question").get(pk=report.pk)
    if report.resolved_at:
        raise RuleBroken("report_resolved", _("The report is resolved already."))
    return report
