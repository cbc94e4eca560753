"""The admin of problem reports: the list, and a report's own page where it is claimed, released and resolved."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service
from content.people.queries import audit_history
from content.qa import policy, services
from content.qa.admin.filters import ReportKindFilter, ReportStatusFilter
from content.qa.models import ProblemReport

REPORT_ACTIONS: dict[str, tuple[Callable[..., ProblemReport], Any]] = {
    "claim": (services.claim_report, _("Claimed.")),
    "unclaim": (services.unclaim_report, _("Released.")),
    "resolve": (services.resolve_report, _("Resolved.")),
}


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("Outcome"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


@admin.register(ProblemReport)
class ProblemReportAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin):
    """Problems that readers report: one person claims a report and records the outcome."""

    list_display = ["shown_kind", "shown_question", "shown_at", "shown_claimer", "shown_end"]
    list_display_links = ["shown_kind"]
    list_filter = [ReportStatusFilter, ReportKindFilter]
    list_per_page = 50
    search_fields = ["question__key", "question__public_title"]
    ordering = ["pk"]
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProblemReport]:
        return ProblemReport.objects.select_related("question", "claimed_by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """GET shows the report; a POST runs the action of the pressed button."""
        report, form = self.get_row(request, object_id), OutcomeForm()
        if request.method == "POST":
            name = next((each for each in REPORT_ACTIONS if each in request.POST), None)
            if name is None or not policy.may_handle_reports(request.user):
                raise PermissionDenied
            form = OutcomeForm(request.POST)
            data = form.cleaned_data if form.is_valid() and name == "resolve" else {}
            service, done = REPORT_ACTIONS[name]
            if form.is_valid() and call_service(form, service, report, by=request.user, **data):
                messages.success(request, done)
                return HttpResponseRedirect(request.path)
        return self.render_page(
            request,
            "report",
            report.get_kind_display(),
            report=report,
            form=form,
            may_handle=policy.may_handle_reports(request.user) and report.resolved_at is None,
            may_read=policy.may_handle_reports(request.user),
            is_mine=report.claimed_by_id == request.user.pk,
            history=audit_history([report.question.key], facts__report=report.pk),
        )

    @admin.display(description=_("Problem"), ordering="kind")
    def shown_kind(self, report: ProblemReport) -> str:
        return report.get_kind_display()

    @admin.display(description=_("Question"))
    def shown_question(self, report: ProblemReport) -> str:
        return f"{report.question} {report.question.public_title}"

    @admin.display(description=_("Reported"), ordering="reported_at")
    def shown_at(self, report: ProblemReport) -> datetime.datetime:
        return report.reported_at

    @admin.display(description=_("Claimed by"), ordering="claimed_by__username")
    def shown_claimer(self, report: ProblemReport) -> str:
        return (report.claimed_by.get_full_name() or report.claimed_by.username) if report.claimed_by else "—"

    @admin.display(description=_("Resolved"), ordering="resolved_at")
    def shown_end(self, report: ProblemReport) -> str | datetime.datetime:
        return report.resolved_at or "—"
