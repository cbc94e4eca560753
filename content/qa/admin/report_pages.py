"""A report of a reader on its own page: taken up, left to others, resolved."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from content.people.audit_actions import ACTION_LABELS
from content.people.models import AuditRow
from content.qa import policy, services
from content.qa.admin.service_calls import call_service
from content.qa.models import ProblemReport

REPORT_ACTIONS = {
    "claim": (services.claim_report, _("Taken up.")),
    "unclaim": (services.unclaim_report, _("Left to others.")),
    "resolve": (services.resolve_report, _("Resolved.")),
}


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("What came of it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReportViewsMixin:
    """Part of the desk's admin of reports."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """GET shows; a POST does what the pressed button names."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(object_id).isdecimal():
            raise Http404
        reports = ProblemReport.objects.select_related("question", "claimed_by")
        report, form = get_object_or_404(reports, pk=object_id), OutcomeForm()
        if request.method == "POST":
            verb = next((name for name in REPORT_ACTIONS if name in request.POST), None)
            if verb is None or not policy.may_handle_reports(request.user):
                raise PermissionDenied
            form = OutcomeForm(request.POST)
            papers = form.cleaned_data if form.is_valid() and verb == "resolve" else {}
            does, done = REPORT_ACTIONS[verb]
            if form.is_valid() and call_service(form, does, report, by=request.user, **papers):
                messages.success(request, done)
                return HttpResponseRedirect(request.path)
        rows = AuditRow.objects.filter(subject=report.question.key, facts__report=report.pk).select_related("by")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": report.get_kind_display(),
            "media": self.media,
            "report": report,
            "form": form,
            "may_handle": policy.may_handle_reports(request.user) and report.resolved_at is None,
            "may_read": policy.may_handle_reports(request.user),
            "is_mine": report.claimed_by_id == request.user.pk,
            "history": [(row, ACTION_LABELS.get(row.action, row.action)) for row in rows.order_by("pk")],
        }
        return TemplateResponse(request, "admin/content/problemreport/report.html", context)

    def history_view(self, request, object_id, extra_context=None):
        """The history stands on the report's page."""
        return HttpResponseRedirect(reverse("admin:content_problemreport_change", args=[object_id]) + "#history")
