"""The admin of disqualifications: disqualify a contestant with a reason, and decide on the objection."""

import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.contest_administration.result_forms import DecisionForm, DisqualifyForm
from content.contest_results import services
from content.contest_results.models import Disqualification
from content.contest_results.policy import may_decide_on_results
from content.contests import policy
from content.contests.models import Contest, Entry
from content.people.admin_mixins import (
    MAX_ID_DIGITS,
    Context,
    HistoryOnPageMixin,
    ReadOnlyAdminMixin,
    call_service,
    staff_user,
)
from content.people.models import AnyUser, User
from content.people.queries import audit_history
from content.people.transition_pages import TransitionPage, TransitionViewsMixin


def may_decide(user: AnyUser, decision: Disqualification) -> bool:
    """Whether the person may decide on the objection: not who disqualified."""
    is_waiting = decision.objected_at is not None and decision.decided_at is None
    return may_decide_on_results(user, decision.entry.contest) and is_waiting and decision.by_id != user.pk


def decide(decision: Disqualification, *, by: User, lift: bool, reason: str) -> Disqualification:
    """`services.decide_objection` for the row of the page."""
    return services.decide_objection(decision.entry, by=by, lift=lift, reason=reason)


DECISION_PAGES: dict[str, TransitionPage] = {
    "decide": TransitionPage(
        decide,
        gettext_lazy("Decide on the objection"),
        gettext_lazy("Decided."),
        gettext_lazy("Who disqualified does not decide. The contestant reads the decision and its reason."),
        DecisionForm,
        is_grave=True,
        may=may_decide,
    ),
}


class ObjectionFilter(admin.SimpleListFilter):
    title = gettext_lazy("Objection")
    parameter_name = "objection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("To be decided")), ("decided", _("Decided")), ("none", _("No objection"))]

    def queryset(self, request: HttpRequest, decisions: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "open":
                return decisions.filter(objected_at__isnull=False, decided_at=None)
            case "decided":
                return decisions.exclude(decided_at=None)
            case "none":
                return decisions.filter(objected_at=None)
        return decisions


@admin.register(Disqualification)
class DisqualificationAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin, TransitionViewsMixin):
    """Contestants who were taken out of a ranking, by code."""

    row_name = "decision"
    transition_table, transition_pages = {}, DECISION_PAGES

    list_display = ["shown_code", "shown_contest", "shown_at", "shown_objection"]
    list_filter = [ObjectionFilter]
    list_per_page = 50
    search_fields = ["entry__code", "entry__contest__title"]
    ordering = ["-pk"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return policy.may_judge(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_judge(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The list is reached from the results of a contest, not from every page."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Disqualification]:
        return Disqualification.objects.select_related("entry__contest", "by", "decided_by")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Disqualify a contestant of the contest `?contest=`."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        contest = _asked_contest(request)
        if not may_decide_on_results(request.user, contest):
            raise PermissionDenied
        form = DisqualifyForm(request.POST or None, contest=contest, initial={"code": request.GET.get("code", "")})
        made: list[Disqualification] = []

        def disqualify(code: Entry, reason: str) -> None:
            made.append(services.disqualify(code, by=staff_user(request), reason=reason))

        if form.is_valid() and call_service(form, disqualify, **form.cleaned_data):
            messages.success(request, _("Disqualified. The contestant is told why and may object for 72 hours."))
            return HttpResponseRedirect(self.row_url(made[0]))
        return self.render_page(request, "form", _("Disqualify a contestant"), form=form, contest=contest)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """Why a contestant was disqualified, what they object, and what was decided."""
        decision = self.get_row(request, object_id)
        entry = decision.entry
        return self.render_page(
            request,
            "decision",
            _("Disqualification"),
            decision=decision,
            transitions=self.offered_pages(request.user, decision),
            objection_until=decision.at + services.OBJECTION_TIME,
            history=audit_history([entry.contest.key], facts__code=entry.code),
        )

    def offered_pages(self, user: AnyUser, row: Any) -> list[tuple[str, TransitionPage]]:
        return [(name, page) for name, page in self.transition_pages.items() if page.may and page.may(user, row)]

    @admin.display(description=gettext_lazy("Code of the contestant"), ordering="entry__code")
    def shown_code(self, decision: Disqualification) -> str:
        return format_html("<code>{}</code>", decision.entry.code)

    @admin.display(description=gettext_lazy("contest"), ordering="entry__contest__title")
    def shown_contest(self, decision: Disqualification) -> Contest:
        return decision.entry.contest

    @admin.display(description=gettext_lazy("Disqualified at"), ordering="at")
    def shown_at(self, decision: Disqualification) -> datetime.datetime:
        return decision.at

    @admin.display(description=gettext_lazy("Objection"), ordering="objected_at")
    def shown_objection(self, decision: Disqualification) -> str | datetime.datetime:
        if decision.objected_at is None:
            return "—"
        if decision.decided_at is None:
            return _("To be decided")
        return _("Lifted") if decision.is_lifted else _("It holds")


def _asked_contest(request: HttpRequest) -> Contest:
    pk = request.GET.get("contest", "")
    contest = Contest.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) <= MAX_ID_DIGITS else None
    if contest is None:
        raise Http404
    return contest
