"""The admin of winners, and the pages where the results of a contest are proposed and published by two people."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.contest_administration.result_transitions import RESULT_PAGES, WINNER_PAGES
from content.contest_results import boards, policy, services
from content.contest_results.models import Winner
from content.contest_results.queries import identity_fingerprint
from content.contest_results.states import TABLE, WinnerTransition
from content.contests import policy as contest_policy
from content.contests import queries
from content.contests.models import Contest
from content.contests.states import TABLE as CONTEST_TABLE
from content.contests.states import ContestTransition
from content.people import transitions
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.models import AnyUser
from content.people.queries import audit_history
from content.people.transition_pages import TransitionForm, TransitionPage, TransitionViewsMixin

BEST_SHOWN = 100  # of each bracket


@admin.register(Winner)
class WinnerAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin, TransitionViewsMixin):
    """Winners by code. Who they are is on a page of its own, and reading it is audited."""

    row_name = "winner"
    transition_table, transition_pages, transition_policy = TABLE, WINNER_PAGES, policy

    list_display = ["shown_code", "shown_contest", "shown_position", "prize", "shown_status"]
    list_filter = ["status"]
    list_per_page = 50
    search_fields = ["entry__code", "contest__title", "prize"]
    ordering = ["-contest", "position"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("contest/<int:pk>/", wrap(self.results_view), name="content_winner_results"),
            path("contest/<int:pk>/<slug:name>/", wrap(self.result_page_view), name="content_winner_result_page"),
            path("<int:pk>/identity/", wrap(self.identity_view), name="content_winner_identity"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Winner]:
        return Winner.objects.select_related("contest", "entry", "verified_by", "published_by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A winner: code, prize and status. Not who they are."""
        winner = self.get_row(request, object_id)
        return self.render_page(
            request,
            "winner",
            _("Winner"),
            winner=winner,
            transitions=self.offered_pages(request.user, winner),
            may_identify=policy.may_identify(request.user) and winner.asked_at is not None,
            history=audit_history([winner.key]),
        )

    def transition_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """As for all rows; who verifies a winner has read first who it is."""
        if name == WinnerTransition.VERIFY and request.method != "POST" and "seen" not in request.GET:
            return HttpResponseRedirect(reverse("admin:content_winner_identity", args=[pk]))
        return super().transition_view(request, pk, name)

    def transition_form(self, request: HttpRequest, name: str, row: Any) -> TransitionForm:
        form = super().transition_form(request, name, row)
        if name == WinnerTransition.VERIFY:
            form.initial["seen"] = request.GET.get("seen", "")
        return form

    def identity_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks first; a POST shows who the winner is, which is audited each time."""
        winner = self.get_row(request, pk)
        if not policy.may_identify(request.user):
            raise PermissionDenied
        is_read = request.method == "POST"
        identity = services.read_identity(winner, by=staff_user(request)) if is_read else None
        return self.render_page(
            request,
            "identity",
            _("Who the winner is"),
            winner=winner,
            is_read=is_read,
            identity=identity,
            seen=identity_fingerprint(identity) if identity else "",
            may_verify=WinnerTransition.VERIFY in policy.available_transitions(request.user, winner),
        )

    def results_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The results of a contest: ranks by code, winners, and what may be done with them now."""
        contest = self._contest(request, pk)
        round = boards.counted_round(contest, None)
        brackets = contest.brackets or [""]
        chosen = request.GET.get("bracket", brackets[0])
        standings = boards.standings_of(contest, round, chosen).select_related("entry", "province")
        return self.render_page(
            request,
            "results",
            _("Results and winners"),
            contest=contest,
            turnout=services.turnout_of(contest),
            is_final=boards.is_final(contest, round),
            brackets=brackets,
            chosen=chosen,
            standings=standings[:BEST_SHOWN],
            winners=contest.winners.select_related("entry").order_by("position"),
            pages=self._offered_results(request.user, contest),
            may_judge=contest_policy.may_judge(request.user),
            may_disqualify=policy.may_decide_on_results(request.user, contest),
            rounds=contest.rounds.order_by("number"),
        )

    def result_page_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Propose, return or publish the results, or record a draw."""
        contest = self._contest(request, pk)
        page, back = RESULT_PAGES.get(name), reverse("admin:content_winner_results", args=[pk])
        if page is None:
            raise Http404
        transition = next((each for each in ContestTransition if each == name), None)
        may = page.may or (lambda user, row: transition is not None and contest_policy.may(user, transition, row))
        if not may(request.user, contest):
            raise PermissionDenied
        if request.method != "POST" and transition and not transitions.permits(CONTEST_TABLE, contest, transition):
            messages.error(request, transitions.wrong_status(contest, transition).message)
            return HttpResponseRedirect(back)
        form = page.form(request.POST if request.method == "POST" else None, row=contest)
        if form.is_valid() and call_service(form, page.service, contest, by=staff_user(request), **form.arguments()):
            messages.success(request, page.done)
            return HttpResponseRedirect(back)
        winners = contest.winners.select_related("entry").order_by("position")
        return self.render_page(
            request, "result_page", page.label, contest=contest, page=page, form=form, winners=winners
        )

    def _offered_results(self, user: AnyUser, contest: Contest) -> list[tuple[str, TransitionPage]]:
        available = contest_policy.available_transitions(user, contest)
        return [
            (name, page)
            for name, page in RESULT_PAGES.items()
            if name in available or (page.may and page.may(user, contest))
        ]

    def _contest(self, request: HttpRequest, pk: int) -> Contest:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(queries.public_contests(), pk=pk)

    @admin.display(description=gettext_lazy("Code of the contestant"), ordering="entry__code")
    def shown_code(self, winner: Winner) -> str:
        return format_html("<code>{}</code>", winner.entry.code)

    @admin.display(description=gettext_lazy("contest"), ordering="contest__title")
    def shown_contest(self, winner: Winner) -> Contest:
        return winner.contest

    @admin.display(description=gettext_lazy("Place in the list"), ordering="position")
    def shown_position(self, winner: Winner) -> int:
        return winner.position

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def shown_status(self, winner: Winner) -> str:
        return format_html('<span class="badge badge-{}">{}</span>', winner.status, winner.get_status_display())
