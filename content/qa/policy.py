"""Who may do what to questions. Predicates without HTTP; the services ask them, the desk shows by them."""

from content.qa import states
from content.qa.states import Move

PERMISSION = {
    Move.SCREEN: "content.screen_question",
    Move.RETURN: "content.screen_question",
    Move.ASSIGN: "content.screen_question",
    Move.REJECT: "content.screen_question",
    Move.MERGE: "content.screen_question",
    Move.REDIRECT: "content.screen_question",
    Move.START: "content.answer_question",
    Move.SUBMIT: "content.answer_question",
    Move.REVISE: "content.answer_question",
    Move.KEEP: "content.answer_question",
    Move.SEND_BACK: "content.approve_question",
    Move.APPROVE: "content.approve_question",
    Move.TAKE_DOWN: "content.approve_question",
}
OWN = (Move.ADD_DETAIL, Move.WITHDRAW)  # the asker's own; staff never move a question in their name
SYSTEM = (Move.REOPEN,)  # follows by itself from what happened to another question


def may(user, move, question):
    """May this member of staff make that move on that question? The status is the states' business."""
    if move in OWN + SYSTEM or not user.has_perm(PERMISSION[move]):
        return False
    if move in (Move.START, Move.SUBMIT):
        return question.answerer_id == user.pk
    if move == Move.APPROVE:
        draft = question.answers.filter(approved_at=None).first()
        return draft is not None and draft.written_by_id != user.pk
    return True


def moves_for(user, question):
    """What this member of staff may do to the question as it stands now: the desk's buttons, in their order."""
    return [move for move in states.moves_of(question) if may(user, move, question)]


def may_see(user):
    """Questions with all that is kept of them, but the words as they were asked."""
    return user.has_perm("content.view_question")


def may_screen(user):
    """Also say what a question is about, whatever its status."""
    return user.has_perm("content.screen_question")


def may_write(user, question):
    """The draft of its answer is this person's to write now."""
    return states.permits(question, Move.SUBMIT) and may(user, Move.SUBMIT, question)


def may_confirm(user):
    """Read the law again and stand by an answer."""
    return user.has_perm("content.answer_question") or user.has_perm("content.approve_question")


def may_read_original(user):
    return user.has_perm("content.read_original")


def may_handle_reports(user):
    return user.has_perm("content.change_problemreport")
