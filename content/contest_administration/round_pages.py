"""The admin of rounds: the list, a round's own page, freezing by two people, the live round, and signals."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.clock_times import end_in_words, start_in_words
from content.contest_administration import live
from content.contest_administration.result_forms import SeenRoundForm
from content.contest_results import boards
from content.contest_rules.sentences import round_in_words, scores_tell_answers
from content.contests import policy, services
from content.contests.models import Contest, Round
from content.contests.states import ROUND_TABLE
from content.contests.states import RoundTransition as T
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin
from content.people.models import AnyUser
from content.people.queries import audit_history
from content.people.transition_pages import TransitionPage, TransitionViewsMixin
from content.question_banks import queries as banks
from content.topics.models import Topic

TRANSITION_PAGES: dict[str, TransitionPage] = {
    T.PROPOSE_FREEZE: TransitionPage(
        services.propose_freeze,
        T.PROPOSE_FREEZE.label,
        gettext_lazy("Freezing was proposed. Another person freezes the round."),
        gettext_lazy("Read the round. Another person freezes it; until then it can be returned to draft."),
        SeenRoundForm,
    ),
    T.FREEZE: TransitionPage(
        services.freeze,
        T.FREEZE.label,
        gettext_lazy("The round was frozen. The hashes of the draw and of the questions are public."),
        gettext_lazy(
            "From now on nobody can change the round or its questions. The seed of the draw is made now, and nobody "
            "sees it before the round is closed. This cannot be undone."
        ),
        SeenRoundForm,
        is_grave=True,
    ),
    T.RETURN: TransitionPage(
        services.return_round,
        T.RETURN.label,
        gettext_lazy("The round was returned to draft."),
        gettext_lazy("The round can then be changed again."),
    ),
}


class ChartingSite(Protocol):
    """What these pages ask of the staff site, which draws charts."""

    def minute_chart(
        self, id: str, title: str, minutes: Sequence[datetime.datetime], counts: Mapping[datetime.datetime, int]
    ) -> Any: ...


@admin.register(Round)
class RoundAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin, TransitionViewsMixin):
    """Rounds by time. They are written on the pages of their contest."""

    row_name = "round"
    transition_table, transition_pages = ROUND_TABLE, TRANSITION_PAGES

    list_display = ["shown_contest", "number", "shown_status", "shown_start", "shown_end"]
    list_filter = ["status", "is_practice"]
    list_per_page = 50
    search_fields = ["contest__title", "contest__key"]
    ordering = ["-starts_at", "-pk"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/live/", wrap(self.live_view), name="content_round_live"),
            path("<int:pk>/signals/", wrap(self.signals_view), name="content_round_signals"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("content.view_contest")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The list is reached from that of the contests, not from every page."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round]:
        return Round.objects.select_related("contest", "bank", "freeze_proposed_by", "frozen_by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A round: what it draws, its hashes once it is frozen, and what is counted of it."""
        round, user = self.get_row(request, object_id), request.user
        has_begun = round.is_frozen and round.starts_at <= timezone.now() and not round.is_copied  # counted at its home
        return self.render_page(
            request,
            "round",
            _round_title(round),
            round=round,
            is_own_page=True,
            transitions=self.offered_pages(user, round),
            may_write=T.REVISE in policy.available_round_transitions(user, round),
            may_judge=policy.may_judge(user) and not round.is_copied,
            has_begun=has_begun,
            counts=live.live_counts(round) if has_begun else None,
            history=audit_history([round.key]),
            **_draw_context(round),
        )

    def may_open_transition(self, request: HttpRequest, name: str, row: Any) -> bool:
        return policy.may_with_round(request.user, T(name), row)

    def offered_pages(self, user: AnyUser, row: Any) -> list[tuple[str, TransitionPage]]:
        available = policy.available_round_transitions(user, row)
        return [(name, page) for name, page in self.transition_pages.items() if name in available]

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        """What would be drawn from."""
        return _draw_context(row)

    def live_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The round at this moment. While it is open the page loads itself again, unless the person unticks that."""
        round = self.get_row(request, pk)
        per_minute, site = live.attempts_per_minute(round), cast(ChartingSite, self.admin_site)
        charts = [
            site.minute_chart("started", _("Attempts started per minute"), per_minute.minutes, per_minute.started),
            site.minute_chart(
                "submitted", _("Attempts submitted per minute"), per_minute.minutes, per_minute.submitted
            ),
        ]
        return self.render_page(
            request,
            "live",
            _("Live round"),
            round=round,
            counts=live.live_counts(round),
            charts=charts,
            now=timezone.now(),
            is_open=round.is_open(timezone.now()),
        )

    def signals_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a person may want to look at. It decides nothing."""
        round = self.get_row(request, pk)
        if not policy.may_judge(request.user):
            raise PermissionDenied
        return self.render_page(
            request,
            "signals",
            _("Signals"),
            round=round,
            fast=boards.fast_attempts(round),
            equal=boards.equal_attempts(round),
        )

    @admin.display(description=gettext_lazy("contest"), ordering="contest__title")
    def shown_contest(self, round: Round) -> Contest:
        return round.contest

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def shown_status(self, round: Round) -> str:
        return format_html('<span class="badge badge-{}">{}</span>', round.status, round.get_status_display())

    @admin.display(description=gettext_lazy("Begins"), ordering="starts_at")
    def shown_start(self, round: Round) -> str:
        return start_in_words(round.starts_at)

    @admin.display(description=gettext_lazy("Ends"), ordering="ends_at")
    def shown_end(self, round: Round) -> str:
        return end_in_words(round.ends_at)


def _round_title(round: Round) -> str:
    words = _("Practice round %(number)s") if round.is_practice else _("Round %(number)s")
    return words % {"number": round.number}


def _draw_context(round: Round) -> dict[str, Any]:
    """The round in words, for each section (topic, how many are drawn, from how many), and if scores tell answers."""
    topics = {topic.key: topic for topic in Topic.objects.filter(key__in=[each["topic"] for each in round.sections])}
    frozen = Counter(round.questions.values_list("section", flat=True))
    sections = []
    for number, section in enumerate(round.sections):
        topic = topics.get(section["topic"])
        available = frozen[number] if round.is_frozen else banks.pool_of(round.bank, topic).count()
        sections.append((topic, section["count"], available))
    tells_answers = not round.is_practice and scores_tell_answers(round.contest)
    return {"sentences": list(round_in_words(round)), "sections": sections, "tells_answers": tells_answers}
