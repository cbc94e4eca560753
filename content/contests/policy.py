"""Who of the staff may do what with contests and rounds. The staff site and the services both ask here."""

from django.conf import settings

from content.contests import states
from content.contests.models import Contest, Round
from content.contests.states import ContestTransition, RoundTransition
from content.people import transitions
from content.people.models import AnyUser

REQUIRED_PERMISSION = {
    ContestTransition.REVISE: "content.change_contest",
    ContestTransition.ANNOUNCE: "content.announce_contest",
    ContestTransition.CORRECT: "content.announce_contest",
    ContestTransition.CANCEL: "content.announce_contest",
    ContestTransition.PROPOSE_RESULTS: "content.judge_contest",
    ContestTransition.RETURN_RESULTS: "content.judge_contest",
    ContestTransition.PUBLISH_RESULTS: "content.judge_contest",
}
REQUIRED_ROUND_PERMISSION = {
    RoundTransition.REVISE: "content.change_contest",
    RoundTransition.PROPOSE_FREEZE: "content.change_contest",
    RoundTransition.RETURN: "content.change_contest",
    RoundTransition.FREEZE: "content.freeze_contest",
}


def may(user: AnyUser, transition: ContestTransition, contest: Contest) -> bool:
    """Whether the person may make the transition, whatever the status of the contest. If not, the answer is 403.

    Who wrote or last revised a contest does not announce it. Who proposed the results does not publish them. The
    system closes a contest.
    """
    permission = REQUIRED_PERMISSION.get(transition)
    if permission is None or not user.has_perm(permission):
        return False
    if transition == ContestTransition.ANNOUNCE:
        return user.pk not in (contest.written_by_id, contest.revised_by_id)
    return transition != ContestTransition.PUBLISH_RESULTS or contest.results_proposed_by_id != user.pk


def may_with_round(user: AnyUser, transition: RoundTransition, round: Round) -> bool:
    """As `may`, for a round. Who proposed to freeze it does not freeze it."""
    permission = REQUIRED_ROUND_PERMISSION.get(transition)
    if transition == RoundTransition.RETURN and user.has_perm("content.freeze_contest"):
        return True
    if permission is None or not user.has_perm(permission):
        return False
    return transition != RoundTransition.FREEZE or round.freeze_proposed_by_id != user.pk


def available_transitions(user: AnyUser, contest: Contest) -> list[ContestTransition]:
    """The transitions that the contest has now and this user may make, in the order of its life."""
    return transitions.offered(states.TABLE, contest, lambda transition: may(user, transition, contest))


def available_round_transitions(user: AnyUser, round: Round) -> list[RoundTransition]:
    """The transitions that the round has now and this user may make, in the order of its life."""
    return transitions.offered(states.ROUND_TABLE, round, lambda each: may_with_round(user, each, round))


def may_write(user: AnyUser) -> bool:
    """May plan contests and revise drafts."""
    return user.has_perm("content.add_contest")


def may_judge(user: AnyUser) -> bool:
    """May void questions, disqualify, decide on objections, and record a draw."""
    return user.has_perm("content.judge_contest")


def may_require_sign_in() -> bool:
    """Whether a contest may be for people who signed in: only where ID tokens are verified."""
    return bool(settings.ID_TOKENS_VERIFIED)
