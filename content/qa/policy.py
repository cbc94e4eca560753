"""Who of the staff may do what with questions. The staff site and the services both ask here."""

from content.people import transitions
from content.people.models import AnyUser
from content.qa import states
from content.qa.models import Question
from content.qa.states import QuestionTransition

REQUIRED_PERMISSION = {
    QuestionTransition.SCREEN: "content.screen_question",
    QuestionTransition.RETURN: "content.screen_question",
    QuestionTransition.ASSIGN: "content.screen_question",
    QuestionTransition.REJECT: "content.screen_question",
    QuestionTransition.MERGE: "content.screen_question",
    QuestionTransition.REDIRECT: "content.screen_question",
    QuestionTransition.START: "content.answer_question",
    QuestionTransition.SUBMIT: "content.answer_question",
    QuestionTransition.REVISE: "content.answer_question",
    QuestionTransition.KEEP: "content.answer_question",
    QuestionTransition.SEND_BACK: "content.approve_question",
    QuestionTransition.APPROVE: "content.approve_question",
    QuestionTransition.TAKE_DOWN: "content.approve_question",
}
# staff never make the asker's own transitions; reopening follows from what happened to another question
ASKER_TRANSITIONS = (QuestionTransition.ADD_DETAIL, QuestionTransition.WITHDRAW)
SYSTEM_TRANSITIONS = (QuestionTransition.REOPEN,)


def may(user: AnyUser, transition: QuestionTransition, question: Question) -> bool:
    """Whether the person may make the transition, whatever the status of the question. If not, the answer is 403."""
    if transition in ASKER_TRANSITIONS + SYSTEM_TRANSITIONS or not user.has_perm(REQUIRED_PERMISSION[transition]):
        return False
    if transition in (QuestionTransition.START, QuestionTransition.SUBMIT):
        return question.answerer_id == user.pk
    if transition == QuestionTransition.APPROVE:
        draft = question.answers.filter(approved_at=None).first()
        return draft is not None and draft.written_by_id != user.pk
    return True


def available_transitions(user: AnyUser, question: Question) -> list[QuestionTransition]:
    """The transitions that the question has now and this user may make, in the order of its life."""
    return transitions.offered(states.TABLE, question, lambda transition: may(user, transition, question))


def may_see(user: AnyUser) -> bool:
    """May see questions and all that is stored of them, except the original text."""
    return user.has_perm("content.view_question")


def may_screen(user: AnyUser) -> bool:
    """May screen questions, and classify them whatever their status."""
    return user.has_perm("content.screen_question")


def may_write(user: AnyUser, question: Question) -> bool:
    """May write the draft of its answer now."""
    return states.permits(question, QuestionTransition.SUBMIT) and may(user, QuestionTransition.SUBMIT, question)


def may_confirm(user: AnyUser) -> bool:
    """May confirm an answer after the law it cites changed."""
    return user.has_perm("content.answer_question") or user.has_perm("content.approve_question")


def may_read_original(user: AnyUser) -> bool:
    """May read questions as they were asked."""
    return user.has_perm("content.read_original")


def may_handle_reports(user: AnyUser) -> bool:
    """May handle reports of problems."""
    return user.has_perm("content.change_problemreport")
