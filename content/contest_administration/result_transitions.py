"""The pages on which staff decide on results and winners: the service, its texts and its form."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from content.contest_administration import result_forms as forms
from content.contest_results import boards, services
from content.contest_results.states import WinnerTransition as W
from content.contests import policy
from content.contests.choices import RankingKey
from content.contests.models import Contest
from content.contests.states import ContestStatus
from content.contests.states import ContestTransition as T
from content.people.models import AnyUser, User
from content.people.transition_pages import TransitionPage


def may_draw(user: AnyUser, contest: Contest) -> bool:
    """Whether the person may record a drawing of lots now."""
    return policy.may_judge(user) and RankingKey.DRAW in contest.ranking and contest.status == ContestStatus.CLOSED


def record_draw(contest: Contest, *, by: User, codes: Sequence[str], reason: str) -> None:
    """`services.record_draw` for the ranks that the page of the results shows."""
    services.record_draw(contest, boards.counted_round(contest, None), codes, by=by, reason=reason)


RESULT_PAGES: dict[str, TransitionPage] = {
    "draw": TransitionPage(
        record_draw,
        _("Record a drawing of lots"),
        _("The draw was recorded. The ranks are being counted again."),
        _("Contestants whose results are equal get the order that was drawn."),
        forms.DrawForm,
        may=may_draw,
    ),
    T.PROPOSE_RESULTS: TransitionPage(
        services.propose_results,
        T.PROPOSE_RESULTS.label,
        _("The results were proposed. Another person publishes them."),
        _("Another person publishes the ranks and these winners. Nothing can be voided or disqualified meanwhile."),
        forms.ProposeResultsForm,
    ),
    T.RETURN_RESULTS: TransitionPage(
        services.return_results,
        T.RETURN_RESULTS.label,
        _("The results were returned. The proposed winners were deleted."),
        _("The proposed winners are deleted. Questions can then be voided and contestants disqualified again."),
        forms.ReasonForm,
    ),
    T.PUBLISH_RESULTS: TransitionPage(
        services.publish_results,
        T.PUBLISH_RESULTS.label,
        _("The results were published."),
        _("Ranks become final and public, by code. Followers and contestants are notified. This cannot be undone."),
        forms.SeenContestForm,
        is_grave=True,
    ),
}
WINNER_PAGES: dict[str, TransitionPage] = {
    W.ASK: TransitionPage(
        services.ask_identity,
        W.ASK.label,
        _("The winner was asked."),
        _("The app asks the winner, privately, who they are."),
    ),
    W.VERIFY: TransitionPage(
        services.verify_winner,
        W.VERIFY.label,
        _("Verified. Another person publishes the winner."),
        _("You have read who the winner is and compared it with a document. Another person publishes the winner."),
        forms.SeenIdentityForm,
    ),
    W.PUBLISH: TransitionPage(
        services.publish_winner,
        W.PUBLISH.label,
        _("The winner was published."),
        _("The winner becomes public: with the name if they agreed, under 16 only if the representative agreed too; "
          "otherwise with the code."),
        forms.NoQuestionForm,
    ),
    W.PASS_OVER: TransitionPage(
        services.pass_over,
        W.PASS_OVER.label,
        _("The winner was passed over."),
        _("Who the winner is, if they said it, is erased now. This cannot be undone."),
        forms.ReasonForm,
        is_grave=True,
    ),
}  # fmt: skip
