"""Who of the staff may do what with winners. The staff site and the services both ask here."""

from content.contest_results import states
from content.contest_results.models import Winner
from content.contest_results.states import WinnerTransition
from content.contests import policy as contest_policy
from content.contests.models import Contest
from content.contests.states import ContestStatus
from content.people import transitions
from content.people.models import AnyUser

OPEN_STATUSES = (ContestStatus.ANNOUNCED, ContestStatus.CLOSED)  # results are neither proposed nor published


def may(user: AnyUser, transition: WinnerTransition, winner: Winner) -> bool:
    """Whether the person may make the transition, whatever the status. Who verified a winner does not publish them."""
    if not may_identify(user):
        return False
    return transition != WinnerTransition.PUBLISH or winner.verified_by_id != user.pk


def available_transitions(user: AnyUser, winner: Winner) -> list[WinnerTransition]:
    """The transitions that the winner has now and this user may make."""
    return transitions.offered(states.TABLE, winner, lambda transition: may(user, transition, winner))


def may_decide_on_results(user: AnyUser, contest: Contest) -> bool:
    """May void questions, disqualify and decide on objections: until the results are proposed."""
    return contest_policy.may_judge(user) and contest.status in OPEN_STATUSES


def may_identify(user: AnyUser) -> bool:
    """May ask winners who they are, read it and verify it."""
    return user.has_perm("content.identify_winner")
