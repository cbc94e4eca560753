"""The desk's side of reported problems."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.people import services as people
from content.qa.models import ProblemReport


@transaction.atomic
def claim_report(report, *, by):
    """Take a report up. A repeat by the same person is a no-op. Raises RuleBroken("claimed", "resolved")."""
    report = _open(report)
    if report.claimed_by_id not in (None, by.pk):
        raise RuleBroken("claimed", _("%s looks at it already.") % report.claimed_by)
    if report.claimed_by_id is None:
        report.claimed_by = by
        report.save(update_fields=["claimed_by"])
        people.audit("report.claimed", report.question.key, by=by, report=report.pk)
    return report


@transaction.atomic
def resolve_report(report, *, by, outcome):
    """Say what came of it. Raises RuleBroken("not_claimed", "resolved", "no_reason")."""
    report = _open(report)
    if report.claimed_by_id != by.pk:
        raise RuleBroken("not_claimed", _("Take the report up first."))
    if not outcome.strip():
        raise RuleBroken("no_reason", _("Say what came of it."), field="outcome")
    report.outcome, report.resolved_at = outcome.strip(), timezone.now()
    report.save(update_fields=["outcome", "resolved_at"])
    people.audit("report.resolved", report.question.key, by=by, reason=report.outcome, report=report.pk)
    return report


def _open(report):
    report = ProblemReport.objects.select_for_update().get(pk=report.pk)
    if report.resolved_at:
        raise RuleBroken("resolved", _("The report is resolved already."))
    return report
