"""The admin of contests: the list, a contest with its rules in words, and the pages where it and rounds are written.

A round has pages of its own, see `round_pages`.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.clock_times import end_in_words, start_in_words
from content.contest_administration import contest_forms as forms
from content.contest_administration.contest_transitions import TRANSITION_PAGES
from content.contest_rules.sentences import rules_in_words
from content.contests import policy, queries, services
from content.contests.models import Contest, Round
from content.contests.states import (
    PLANNED_STATUSES,
    TABLE,
    TAKING_STATUSES,
    ContestStatus,
    ContestTransition,
    RoundTransition,
)
from content.people import stale_forms
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.queries import audit_history
from content.people.transition_pages import TransitionForm, TransitionViewsMixin

WRITING_TRANSITIONS = {
    ContestStatus.DRAFT: ContestTransition.REVISE,
    **dict.fromkeys(TAKING_STATUSES, ContestTransition.CORRECT),
}


@admin.register(Contest)
class ContestAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin, TransitionViewsMixin):
    """The pages of contests. Nothing is edited through the stock form and nothing is deleted."""

    row_name = "contest"
    transition_table, transition_pages, transition_policy = TABLE, TRANSITION_PAGES, policy

    list_display = ["title", "shown_status", "shown_start", "shown_end", "organisation", "province"]
    list_filter = ["status"]
    list_per_page = 50
    search_fields = ["title", "key"]
    search_help_text = gettext_lazy("Words of the title, or the key.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/write/", wrap(self.write_view), name="content_contest_write"),
            path("<int:pk>/rounds/add/", wrap(self.add_round_view), name="content_contest_add_round"),
            path("rounds/<int:pk>/write/", wrap(self.write_round_view), name="content_contest_write_round"),
            path("rounds/<int:pk>/remove/", wrap(self.remove_round_view), name="content_contest_remove_round"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contest]:
        return queries.staff_contests()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Write the draft of a new contest; its rounds come after."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = forms.DraftForm(request.POST or None, initial=forms.DEFAULT_RULES)
        planned: list[Contest] = []

        def plan(**columns: Any) -> None:
            planned.append(services.plan(by=staff_user(request), **columns))

        if form.is_valid() and call_service(form, plan, **form.columns()):
            messages.success(request, _("The draft was saved. Now plan its rounds."))
            return HttpResponseRedirect(self.row_url(planned[0]))
        return self.render_page(request, "form", _("Plan a contest"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A contest: its rules in words, its rounds, and the transitions it has now."""
        contest, user = self.get_row(request, object_id), request.user
        writing = WRITING_TRANSITIONS.get(contest.status)
        rounds = list(contest.rounds.select_related("bank").order_by("number"))
        takes_rounds = contest.status in PLANNED_STATUSES
        return self.render_page(
            request,
            "contest",
            contest.title,
            contest=contest,
            transitions=self.offered_pages(user, contest),
            writing=writing if writing in policy.available_transitions(user, contest) else None,
            may_add_round=takes_rounds and policy.may_write(user) and not contest.home,
            rules=rules_in_words(contest),
            rounds=[(each, start_in_words(each.starts_at), end_in_words(each.ends_at)) for each in rounds],
            may_see_results=contest.is_public and not contest.home and user.has_perm("content.view_winner"),
            history=audit_history([contest.key, *(f"{contest.key}/{each.number}" for each in rounds)]),
        )

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revise the draft with its rules, or correct the description of the announced contest."""
        contest = self.get_row(request, pk)
        transition = WRITING_TRANSITIONS.get(contest.status)
        if transition is None or transition not in policy.available_transitions(request.user, contest):
            raise PermissionDenied
        form_class = forms.DraftForm if transition == ContestTransition.REVISE else forms.CorrectionForm
        initial = forms.initial_from_contest(contest)
        seen = queries.contest_fingerprint(contest)
        form = form_class(request.POST or None, initial=initial | {"seen": seen})
        if form.is_valid() and call_service(form, self._write, request, contest, transition, form):
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(self.row_url(contest))
        if is_stale := stale_forms.is_stale(form):
            contest = self.get_row(request, pk)
            initial = forms.initial_from_contest(contest)
            form.data = request.POST.copy()
            form.data["seen"] = queries.contest_fingerprint(contest)  # the page shows what is saved now
        return self.render_page(
            request,
            "form",
            transition.label,
            contest=contest,
            form=form,
            is_stale=is_stale,
            saved_meanwhile=stale_forms.saved_beside(form, initial) if is_stale else [],
        )

    def _write(
        self, request: HttpRequest, contest: Contest, transition: ContestTransition, form: forms.DescriptionForm
    ) -> Contest:
        columns = form.columns() | {"seen": form.cleaned_data["seen"]}
        if transition == ContestTransition.REVISE:
            return services.revise(contest, by=staff_user(request), **columns)
        return services.correct(contest, by=staff_user(request), reason=form.cleaned_data["reason"], **columns)

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        """The rules as contestants read them, and a mark of what the person read."""
        return {
            "rules": rules_in_words(row),
            "seen": request.POST.get("seen") or queries.contest_fingerprint(row),
        }

    def service_arguments(self, request: HttpRequest, form: TransitionForm) -> dict[str, Any]:
        return super().service_arguments(request, form) | {"seen": request.POST.get("seen", "")}

    def add_round_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Plan another round of a contest."""
        contest = self.get_row(request, pk)
        takes_rounds = contest.status in PLANNED_STATUSES
        if not takes_rounds or not policy.may_write(request.user):
            raise PermissionDenied
        form = forms.RoundForm(request.POST or None)
        sections = forms.SectionFormSet(request.POST or None, prefix="sections")

        def add() -> None:
            columns = form.columns() | {"sections": forms.sections_from(sections)}
            services.add_round(contest, by=staff_user(request), **columns)

        if form.is_valid() and sections.is_valid() and call_service(form, add):
            messages.success(request, _("The round was saved."))
            return HttpResponseRedirect(self.row_url(contest))
        return self._round_page(request, _("Plan a round"), contest, form, sections)

    def write_round_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a round before its freezing is proposed."""
        round = self._round_to_write(request, pk)
        seen = queries.round_fingerprint(round)
        form = forms.RoundForm(request.POST or None, initial=forms.initial_from_round(round) | {"seen": seen})
        sections = forms.SectionFormSet(request.POST or None, prefix="sections", initial=round.sections)

        def revise() -> None:
            columns = form.columns() | {"sections": forms.sections_from(sections)}
            services.revise_round(round, by=staff_user(request), seen=form.cleaned_data["seen"], **columns)

        if form.is_valid() and sections.is_valid() and call_service(form, revise):
            messages.success(request, _("The round was saved."))
            return HttpResponseRedirect(self.row_url(round.contest))
        if is_stale := stale_forms.is_stale(form):
            round = self._round_to_write(request, pk)
            form.data = request.POST.copy()
            form.data["seen"] = queries.round_fingerprint(round)
        saved = stale_forms.saved_beside(form, forms.initial_from_round(round)) if is_stale else []
        title = RoundTransition.REVISE.label
        return self._round_page(
            request, title, round.contest, form, sections, round=round, is_stale=is_stale, saved_meanwhile=saved
        )

    def remove_round_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then delete a round whose freezing nobody has proposed."""
        round = self._round_to_write(request, pk)
        form = TransitionForm(request.POST if request.method == "POST" else None, row=round)
        if form.is_valid() and call_service(form, services.remove_round, round, by=staff_user(request)):
            messages.success(request, _("The round was removed."))
            return HttpResponseRedirect(self.row_url(round.contest))
        return self.render_page(
            request, "remove_round", _("Remove the round"), contest=round.contest, round=round, form=form
        )

    def _round_to_write(self, request: HttpRequest, pk: int) -> Round:
        if not self.has_view_permission(request):
            raise PermissionDenied
        round = get_object_or_404(Round.objects.select_related("contest", "bank"), pk=pk)
        if RoundTransition.REVISE not in policy.available_round_transitions(request.user, round):
            raise PermissionDenied
        return round

    def _round_page(
        self, request: HttpRequest, title: Any, contest: Contest, form: forms.RoundForm, sections: Any, **context: Any
    ) -> HttpResponse:
        return self.render_page(request, "round_form", title, contest=contest, form=form, sections=sections, **context)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def shown_status(self, contest: Contest) -> str:
        return format_html('<span class="badge badge-{}">{}</span>', contest.status, contest.get_status_display())

    @admin.display(description=gettext_lazy("Begins"), ordering="first_start")
    def shown_start(self, contest: Any) -> str:
        return start_in_words(contest.first_start) if contest.first_start else "—"

    @admin.display(description=gettext_lazy("Ends"), ordering="last_end")
    def shown_end(self, contest: Any) -> str:
        return end_in_words(contest.last_end) if contest.last_end else "—"
