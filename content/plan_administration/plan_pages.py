"""The admin of plans: read the PDF, enter a draft, publish by another person, correct, withdraw."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.people.admin_mixins import Context, call_service, staff_user
from content.people.models import User
from content.people.queries import audit_history
from content.plan_administration import file_heads
from content.plan_administration.forms import (
    PlanCorrectionForm,
    PlanEntryForm,
    PlanFileForm,
    WithdrawalForm,
    initial_of_plan,
)
from content.plan_administration.pages import PlanPagesMixin, badge, require
from content.plans import policy, services
from content.plans.models import Plan
from content.plans.services import FileBytes, PlanForm


@admin.register(Plan)
class PlanAdmin(PlanPagesMixin):
    """Plans, drafts too. Nothing is edited through the stock form and nothing is deleted."""

    list_display = ["title", "number", "adopter", "programme", "year", "adopted_on", "shown_status"]
    list_filter = ["status", "programme"]
    search_fields = ["key", "number", "title", "adopter__name"]
    ordering = ["-pk"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("read/", wrap(self.read_view), name="content_plan_read"),
            path("<int:pk>/write/", wrap(self.write_view), name="content_plan_write"),
            path("<int:pk>/publish/", wrap(self.publish_view), name="content_plan_publish"),
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name="content_plan_withdraw"),
            path("<int:pk>/file/", wrap(self.file_view), name="content_plan_file"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        rows = Plan.objects.select_related("programme", "adopter__province", "document", "file", "replaces")
        return rows.defer("file__content")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def shown_status(self, plan: Plan) -> str:
        return badge(plan.status, plan.get_status_display())

    def read_view(self, request: HttpRequest) -> HttpResponse:
        """Give the PDF: what its head says is proposed on the next page."""
        require(self.has_add_permission(request))
        form = PlanFileForm(request.POST or None, request.FILES or None)
        if form.is_bound and form.is_valid():
            upload = form.cleaned_data["file"]
            file = FileBytes(upload.name, "application/pdf", upload.read())
            if call_service(form, services.keep_file, file, by=staff_user(request)):
                return self._proposal(request, file)
        return self.render_page(
            request, "form", _("Read a plan"), form=form, has_file=True, button=_("Read the file"),
            back=reverse("admin:content_plan_add"),
            explanation=_("Number, day and adopter are guessed from the text. You confirm or correct them."),
        )  # fmt: skip

    def _proposal(self, request: HttpRequest, file: FileBytes) -> HttpResponse:
        """The form of a new plan, filled with what the head of the file says. Nothing is entered yet."""
        head = file_heads.head_of_file(file.name, file.content)
        initial = {
            "number": head.number, "title": head.title, "adopted_on": head.adopted_on, "adopter": head.adopter,
            "stored": services.sha256_of(file),
        }  # fmt: skip
        if not head.number:
            messages.warning(request, _("The file cannot be read: it may be a scan. Type what it says."))
        return self._entry_page(request, PlanEntryForm(initial=initial), guessed_from=file.name)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Enter a plan as a draft."""
        require(self.has_add_permission(request))
        initial = {name: request.GET.get(name, "") for name in ("programme", "adopter", "year")}
        return self._entry_page(request, PlanEntryForm(request.POST or None, request.FILES or None, initial=initial))

    def _entry_page(self, request: HttpRequest, form: PlanEntryForm, **context: Any) -> HttpResponse:
        def write(*, by: User, form: PlanForm) -> str:
            return self.row_url(services.write_plan(form, by=by))

        return self.form_page(
            request, form, write, title=_("Enter a plan"), done=_("The draft was saved. Another person publishes it."),
            back=reverse("admin:content_plan_changelist"), has_file=True, action=reverse("admin:content_plan_add"),
            read_url=reverse("admin:content_plan_read"), **context,
        )  # fmt: skip

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a draft, or correct what is said of a public plan."""
        plan = self.get_row(request, pk)
        is_draft = plan.status == Plan.Status.DRAFT
        require(policy.may_write(request.user) if is_draft else policy.may_publish(request.user))
        if plan.status == Plan.Status.WITHDRAWN:
            return self._back_with(request, plan, _("The plan was withdrawn. Enter it again."))
        given, initial = (request.POST or None, request.FILES or None), initial_of_plan(plan)
        form = (
            PlanEntryForm(*given, initial=initial)
            if is_draft
            else PlanCorrectionForm(*given, initial=initial, plan=plan)
        )

        def save(*, by: User, form: PlanForm, reason: str = "") -> None:
            if is_draft:
                services.write_plan(form, plan=plan, by=by)
            else:
                services.correct_plan(plan, form, reason=reason, by=by)

        return self.form_page(
            request, form, save, title=_("Change the draft") if is_draft else _("Correct the plan"), done=_("Saved."),
            back=self.row_url(plan), plan=plan, has_file=is_draft,
        )  # fmt: skip

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at the draft of somebody else, then publish it."""
        plan = self.get_row(request, pk)
        require(policy.may_publish(request.user))
        form = forms.Form(request.POST if request.method == "POST" else None)
        seen = _time(request.POST.get("seen", ""))
        if form.is_valid() and call_service(form, services.publish_plan, plan, seen=seen, by=staff_user(request)):
            messages.success(request, _("The plan was published."))
            return HttpResponseRedirect(self.row_url(plan))
        read = plan.updated_at.isoformat()
        return self.render_page(request, "publish", _("Publish the plan"), plan=plan, form=form, seen=read)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Withdraw a public plan with a reason."""
        plan = self.get_row(request, pk)
        require(policy.may_publish(request.user))

        def withdraw(*, by: User, reason: str) -> None:
            services.withdraw_plan(plan, reason=reason, by=by)

        return self.form_page(
            request, WithdrawalForm(request.POST or None), withdraw, title=_("Withdraw the plan"),
            done=_("The plan was withdrawn."), back=self.row_url(plan), plan=plan, is_grave=True,
            explanation=_("The plan counts for no day any more. This cannot be undone; it can be entered again."),
        )  # fmt: skip

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF, for who may see the plan."""
        plan = self.get_row(request, pk)
        if plan.file is None:
            raise Http404
        response = HttpResponse(bytes(plan.file.content), content_type=plan.file.media_type)
        response["Content-Disposition"] = f'attachment; filename="{plan.key[:100]}.pdf"'
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A plan with its file and its history."""
        plan = self.get_row(request, object_id)
        own = plan.written_by_id == request.user.pk
        return self.render_page(
            request, "plan", plan.title, plan=plan, is_own=own, is_draft=plan.status == Plan.Status.DRAFT,
            is_public=plan.status == Plan.Status.PUBLISHED and not plan.home, history=audit_history([plan.key]),
        )  # fmt: skip

    def _back_with(self, request: HttpRequest, plan: Plan, message: str) -> HttpResponse:
        messages.error(request, message)
        return HttpResponseRedirect(self.row_url(plan))


def _time(written: str) -> datetime.datetime:
    """The time that a form holds; one at which nothing was written where it holds none."""
    never = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    try:
        return parse_datetime(written) or never
    except ValueError:
        return never
