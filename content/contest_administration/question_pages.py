"""The admin of the frozen questions of rounds: which are asked, and voiding one by two people."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from content.basis import cited_texts
from content.contest_administration.result_forms import SeenVoidForm, VoidForm
from content.contest_results import services
from content.contest_results.policy import may_decide_on_results
from content.contests import policy
from content.contests.models import Round, RoundQuestion
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin
from content.people.models import AnyUser
from content.people.queries import audit_history
from content.people.transition_pages import TransitionPage, TransitionViewsMixin


def may_propose_void(user: AnyUser, question: RoundQuestion) -> bool:
    return may_decide_on_results(user, question.round.contest) and question.voided_at is None


def may_confirm_void(user: AnyUser, question: RoundQuestion) -> bool:
    proposer = question.void_proposed_by_id
    return may_propose_void(user, question) and proposer is not None and proposer != user.pk


VOID_PAGES: dict[str, TransitionPage] = {
    "propose_void": TransitionPage(
        services.propose_void,
        _("Propose that it counts for nobody"),
        _("Proposed. Another person confirms it."),
        _("Another person confirms it. All attempts are then scored and ranked again without this question."),
        VoidForm,
        may=may_propose_void,
    ),
    "confirm_void": TransitionPage(
        services.confirm_void,
        _("Confirm that it counts for nobody"),
        _("The question counts for nobody. The attempts are being scored again."),
        _("All attempts are scored and ranked again without this question, and contestants are told. "
          "This cannot be undone."),
        SeenVoidForm,
        is_grave=True,
        may=may_confirm_void,
    ),
}  # fmt: skip


class RoundFilter(admin.SimpleListFilter):
    """By round: the newest hundred that are frozen."""

    title = _("Round")
    parameter_name = "round"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        ours = Round.objects.filter(is_copied=False).exclude(frozen_at=None)  # copies have no questions here
        frozen = ours.select_related("contest").order_by("-starts_at")[:100]
        return [(str(each.pk), f"{Truncator(each.contest.title).chars(60)} / {each.number}") for each in frozen]

    def queryset(self, request: HttpRequest, questions: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return questions.filter(round=int(value[:18])) if value.isdecimal() else questions


class VoidFilter(admin.SimpleListFilter):
    title = _("Counts for nobody")
    parameter_name = "void"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("proposed", _("Proposed")), ("voided", _("Confirmed"))]

    def queryset(self, request: HttpRequest, questions: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "proposed":
                return questions.filter(voided_at=None).exclude(void_proposed_by=None)
            case "voided":
                return questions.exclude(voided_at=None)
        return questions


@admin.register(RoundQuestion)
class RoundQuestionAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin, TransitionViewsMixin):
    """The frozen questions, with their right answers: for those who judge."""

    row_name = "asked"
    transition_table, transition_pages = {}, VOID_PAGES

    list_display = ["shown_question", "shown_round", "shown_position", "shown_void"]
    list_filter = [RoundFilter, VoidFilter]
    list_per_page = 50
    search_fields = ["question__key", "question__text"]
    ordering = ["-round", "position"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return policy.may_judge(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The list is reached from a round, not from every page."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoundQuestion]:
        return RoundQuestion.objects.select_related("round__contest", "question", "void_proposed_by", "voided_by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A question of a round with its right answer, and whether it counts."""
        asked = self.get_row(request, object_id)
        return self.render_page(
            request,
            "question",
            f"{asked.round} · {asked.question.key}",
            asked=asked,
            transitions=self.offered_pages(request.user, asked),
            history=audit_history([asked.round.key], facts__position=asked.position),
            **_question_context(asked),
        )

    def offered_pages(self, user: AnyUser, row: Any) -> list[tuple[str, TransitionPage]]:
        return [(name, page) for name, page in self.transition_pages.items() if page.may and page.may(user, row)]

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        return _question_context(row)

    @admin.display(description=_("Text of the question"))
    def shown_question(self, asked: RoundQuestion) -> str:
        return f"{asked.question.key}: {Truncator(asked.question.text).chars(100)}"

    @admin.display(description=_("Round"), ordering="round")
    def shown_round(self, asked: RoundQuestion) -> str:
        return f"{Truncator(asked.round.contest.title).chars(60)} / {asked.round.number}"

    @admin.display(description=_("Place in the list"), ordering="position")
    def shown_position(self, asked: RoundQuestion) -> int:
        return asked.position + 1

    @admin.display(description=_("Counts for nobody"), ordering="voided_at")
    def shown_void(self, asked: RoundQuestion) -> str:
        if asked.voided_at:
            return format_html('<span class="badge badge-cancelled">{}</span>', _("Confirmed"))
        if asked.void_proposed_by_id:
            return format_html('<span class="badge badge-proposed">{}</span>', _("Proposed"))
        return "—"


def _question_context(asked: RoundQuestion) -> dict[str, Any]:
    question = asked.question
    return {
        "question": question,
        "choices": question.lettered_choices,
        "cited_texts": cited_texts.cited_texts_of(question.basis),
    }
