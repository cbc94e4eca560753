"""Who of the staff may do what with quiz questions. The staff site and the services both ask here."""

from content.people import transitions
from content.people.models import AnyUser
from content.question_banks import states
from content.question_banks.models import QuizQuestion
from content.question_banks.states import QuizTransition

WRITERS = (QuizTransition.REVISE,)
APPROVERS = (QuizTransition.APPROVE,)


def may(user: AnyUser, transition: QuizTransition, question: QuizQuestion) -> bool:
    """Whether the person may make the transition, whatever the status of the question. If not, the answer is 403.

    Nobody approves what they wrote or last revised.
    """
    if transition == QuizTransition.REPLACE:
        return False
    if transition in APPROVERS:
        is_own = user.pk in (question.written_by_id, question.revised_by_id)
        return user.has_perm("content.approve_quizquestion") and not is_own
    return may_write(user) or (transition not in WRITERS and user.has_perm("content.approve_quizquestion"))


def available_transitions(user: AnyUser, question: QuizQuestion) -> list[QuizTransition]:
    """The transitions that the question has now and this user may make, in the order of its life."""
    return transitions.offered(states.TABLE, question, lambda transition: may(user, transition, question))


def may_write(user: AnyUser) -> bool:
    """May write banks and quiz questions."""
    return user.has_perm("content.change_quizquestion")
