"""Conflicts with official lists on the staff site: a person says which is right, and why."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.official_statuses import queries, services
from content.official_statuses.models import StatusConflict
from content.people.admin_mixins import ReadOnlyAdminMixin, StaffPageMixin, call_service, reason_field, staff_user
from content.relations import policy

PER_PAGE = 50
CHOICES = [(state.value, state.label) for state in StatusConflict.State if state != StatusConflict.State.OPEN]


class StateFilter(admin.SimpleListFilter):
    """The open conflicts, unless another choice is made."""

    title = gettext_lazy("Shown")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("decided", gettext_lazy("decided"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("to decide")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[StatusConflict]) -> QuerySet[StatusConflict]:
        is_open = {"state": StatusConflict.State.OPEN}
        return queryset.exclude(**is_open) if self.value() == "decided" else queryset.filter(**is_open)


class ConflictForm(forms.Form):
    """Which is right, since when and why."""

    state = forms.ChoiceField(label=gettext_lazy("Which is right"), choices=CHOICES, widget=forms.RadioSelect)
    on = forms.DateField(
        label=gettext_lazy("Day of the end"),
        required=False,
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        help_text=gettext_lazy("Only where both are right: the document ends later than the list."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = reason_field(help_text=gettext_lazy("Stored in the audit with your name."))


@admin.register(StatusConflict)
class StatusConflictAdmin(ReadOnlyAdminMixin, StaffPageMixin):
    """Lists conflicts with both statements side by side; each is decided on its own page."""

    list_display = ["__str__"]
    list_filter = [StateFilter]
    search_fields = ["document__number"]
    search_help_text = gettext_lazy("Number of the document")
    list_per_page = PER_PAGE
    show_full_result_count = False
    change_list_template = "admin/content/statusconflict/list.html"
    actions = None
    ordering = ("pk",)

    class Media:
        css = {"all": ["staff/documents.css", "staff/endings.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatusConflict]:
        return queries.conflicts()

    def has_view_permission(self, request: HttpRequest, obj: StatusConflict | None = None) -> bool:
        return request.user.has_perm("content.view_relation")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Conflicts with official lists"), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Both statements, and for those who may decide the form."""
        conflict: StatusConflict = self.get_row(request, object_id)
        may_decide = policy.may_decide_on_relations(request.user)
        form = ConflictForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            if form.is_valid() and self._decide(request, conflict, form):
                messages.success(request, _("The decision was saved."))
                return HttpResponseRedirect(self.row_url(conflict))
        is_open = conflict.state == StatusConflict.State.OPEN
        shown = {"conflict": conflict, "form": form if may_decide and is_open else None}
        return self.render_page(request, "conflict", str(conflict.document), **shown)

    def _decide(self, request: HttpRequest, conflict: StatusConflict, form: ConflictForm) -> bool:
        data = form.cleaned_data
        chosen = StatusConflict.State(data["state"])
        return call_service(
            form,
            services.decide_conflict,
            conflict,
            chosen,
            by=staff_user(request),
            reason=data["reason"],
            on=data["on"],
        )
