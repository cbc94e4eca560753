"""Who may do what to questions. Predicates without HTTP; the services ask them, the desk shows by them."""

from content.qa import states
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
ASKER_TRANSITIONS = (
    QuestionTransition.ADD_DETAIL,
    QuestionTransition.WITHDRAW,
)  # the asker's own; staff never act on a question in their name
SYSTEM_TRANSITIONS = (QuestionTransition.REOPEN,)  # follows by itself from what happened to another question


def may(user, transition, question):
    """May this member of staff make that transition on that question? The status is the states' business."""
    if transition in ASKER_TRANSITIONS + SYSTEM_TRANSITIONS or not user.has_perm(REQUIRED_PERMISSION[transition]):
        return False
    if transition in (QuestionTransition.START, QuestionTransition.SUBMIT):
        return question.answerer_id == user.pk
    if transition == QuestionTransition.APPROVE:
        draft = question.answers.filter(approved_at=None).first()
        return draft is not None and draft.written_by_id != user.pk
    return True


def transitions_for(user, question):
    """What this member of staff may do to the question as it stands now: the desk's buttons, in their order."""
    return [transition for transition in states.permitted_transitions(question) if may(user, transition, question)]


def may_see(user):
    """Questions with all that is kept of them, but the words as they were asked."""
    return user.has_perm("content.view_question")


def may_screen(user):
    """Also say what a question is about, whatever its status."""
    return user.has_perm("content.screen_question")


def may_write(user, question):
    """The draft of its answer is this person's to write now."""
    return states.permits(question, QuestionTransition.SUBMIT) and may(user, QuestionTransition.SUBMIT, question)


def may_confirm(user):
    """Read the law again and stand by an answer."""
    return user.has_perm("content.answer_question") or user.has_perm("content.approve_question")


def may_read_original(user):
    return user.has_perm("content.read_original")


def may_handle_reports(user):
    return user.has_perm("content.change_problemreport")
