"""The queue of what acts end, on the staff site: decided one by one or together, and undone together."""

import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from content import vietnam_time
from content.effect_reviews import pictures, policy, queries, services
from content.effect_reviews.models import DecisionBatch
from content.effect_reviews.queries import ReviewRow
from content.endings import case_services, decisions
from content.endings.models import EndingCase
from content.endings.queries import is_machine_on
from content.errors import RuleBroken
from content.people.admin_mixins import ReadOnlyAdminMixin, ReasonedActionsMixin, StaffPageMixin, staff_user

PER_PAGE = 50


class ShowFilter(admin.SimpleListFilter):
    """Which cases the list shows: those to decide, unless another choice is made."""

    title = gettext_lazy("Shown")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("sample", gettext_lazy("samples to check")),
            ("waiting", gettext_lazy("waiting for a document")),
            ("carried_out", gettext_lazy("carried out")),
            ("rejected", gettext_lazy("rejected")),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("to decide")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[EndingCase]) -> QuerySet[EndingCase]:
        match self.value():
            case "sample":
                return queryset.filter(pk__in=queries.samples_to_check())
            case "waiting" | "carried_out" | "rejected" as state:
                return queryset.filter(state=state)
            case _:
                return queryset.filter(state__in=queries.TO_DECIDE)


@admin.register(EndingCase)
class EndingCaseAdmin(ReadOnlyAdminMixin, ReasonedActionsMixin, StaffPageMixin):
    """Lists what acts say they end, with the clause; the certain first. Everything works without a script."""

    list_display = ["__str__"]
    list_filter = [ShowFilter, "kind"]
    search_fields = ["act__number", "target__number"]
    search_help_text = gettext_lazy("Number of the act or of the document that ends")
    list_per_page = PER_PAGE
    show_full_result_count = False
    change_list_template = "admin/content/endingcase/list.html"
    change_form_template = "admin/content/endingcase/case.html"
    actions = ["accept", "reject", "confirm_sample"]
    ordering = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/endings.css"]}
        js = ["staff/endings.js"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("batches/<int:pk>/take-back/", view(self.take_back_view), name="content_endingcase_take_back"),
            path("switch-on/", view(self.switch_on_view), name="content_endingcase_switch_on"),
            path("left-behind/", view(self.left_behind_view), name="content_endingcase_left_behind"),
            path("picture/", view(self.picture_view), name="content_endingcase_picture"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EndingCase]:
        return queries.cases_for_review()

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        return ["-can_be_confirmed", "doubt_count", "-relied_on", "-act_relied_on", "pk"]

    def has_view_permission(self, request: HttpRequest, obj: EndingCase | None = None) -> bool:
        return policy.may_look(request.user)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return policy.may_decide(request.user)

    def audit_subject_of(self, row: EndingCase) -> str:
        return row.target.key if row.target else row.act.key

    def is_offered(self, action: str, row: EndingCase) -> bool:
        match action:
            case "accept":
                return row.state in queries.TO_DECIDE and queries.review_row(row).can_be_confirmed
            case "confirm_sample":
                return row.is_sample and row.found_right is None and row.state == EndingCase.State.CARRIED_OUT
            case _:
                return row.state != EndingCase.State.REJECTED

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context: dict[str, Any] = {
            "title": _("Queue of endings"),
            "may_decide": policy.may_decide(request.user),
            "may_decide_many": policy.may_decide_many(request.user),
            "batches": queries.batches_to_take_back(staff_user(request)) if policy.may_decide(request.user) else [],
            "judged": None if is_machine_on() else decisions.last_judged(),
            "shown": request.GET.get("show", ""),
            "max_at_once": services.MAX_AT_ONCE,
        }
        response = super().changelist_view(request, context | (extra_context or {}))
        data = getattr(response, "context_data", None)
        if data and "cl" in data:
            data["rows"] = [queries.review_row(case) for case in data["cl"].result_list]
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row: ReviewRow = queries.review_row(self.get_row(request, object_id))
        return super().change_view(
            request,
            object_id,
            form_url,
            {"row": row, "title": str(row.case.act), "subtitle": None, **(extra_context or {})},
        )

    @admin.action(description=gettext_lazy("Confirm: the text says so"), permissions=["decide"])
    def accept(self, request: HttpRequest, cases: QuerySet[EndingCase]) -> None:
        try:
            result = services.accept_together(list(cases), by=staff_user(request))
        except RuleBroken as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
            return
        self._tell(request, result, ngettext("%d end confirmed.", "%d ends confirmed.", len(result.done)))

    def _tell(self, request: HttpRequest, result: services.BatchResult, done: str) -> None:
        for case, why in result.refused:
            self.message_user(request, f"{case}: {why}", messages.ERROR)
        if result.done:
            self.message_user(request, done % len(result.done), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Reject: the text does not say so"), permissions=["decide"])
    def reject(self, request: HttpRequest, cases: QuerySet[EndingCase]) -> HttpResponse | None:
        title, done = _("Reject: the text does not say so"), _("Rejected: %d.")
        return self.run_with_reason(request, cases, case_services.reject, title=title, done=done)

    @admin.action(description=gettext_lazy("The machine was right"), permissions=["decide"])
    def confirm_sample(self, request: HttpRequest, cases: QuerySet[EndingCase]) -> None:
        samples = list(cases.filter(pk__in=queries.samples_to_check()))
        for case in samples:
            case_services.confirm_sample(case, by=staff_user(request))
        self.message_user(request, _("Checked: %d.") % len(samples), messages.SUCCESS)

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take back what was confirmed together."""
        if not policy.may_decide(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        batch = get_object_or_404(DecisionBatch, pk=pk)
        try:
            result = services.take_back(batch, by=staff_user(request))
            self._tell(request, result, _("Undone: %d. They are in the queue again."))
        except RuleBroken as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:content_endingcase_changelist"))

    def switch_on_view(self, request: HttpRequest) -> HttpResponse:
        """Let the machine carry out again what is certain."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            services.switch_on(by=staff_user(request))
            self.message_user(request, _("Automatic changes are switched on."), messages.SUCCESS)
        except RuleBroken as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:content_endingcase_changelist"))

    def left_behind_view(self, request: HttpRequest) -> HttpResponse:
        """Acts that only amended documents that have ended."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        acts = queries.left_behind(vietnam_time.today())
        page = Paginator(acts, PER_PAGE).get_page(request.GET.get("p"))
        amended = queries.amended_by(page.object_list)
        rows = [(act, amended.get(act.pk, [])) for act in page.object_list]
        return self.render_page(request, "left_behind", _("Acts that only amended what ended"), page=page, rows=rows)

    def picture_view(self, request: HttpRequest) -> HttpResponse:
        """How we know the effect of each document, and how old the queue is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today: datetime.date = vietnam_time.today()
        shown = [*pictures.knowledge_of_effect(today), pictures.age_of_queue()]
        return self.render_page(request, "picture", _("How we know the effect"), pictures=shown)
