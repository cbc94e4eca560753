"""The statuses of a question and the transitions between them. Who may make them is in `policy`.

    submitted → screening → assigned → answering ⇄ reviewing → published → (revised) answering
        ↑           ↓                                   ↓
        └────── returned                    closed ── answered, to the asker alone

The status says how far the work is, the resolution how it ended: a question that was answered without consent to
publish is closed and answered, one that was merged is closed and a duplicate. A published question that is revised
stays public with its current answer.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people import transitions
from content.people.transitions import Row, Table, Transition


class QuestionStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    SCREENING = "screening", _("Being screened")
    RETURNED = "returned", _("Returned for detail")
    ASSIGNED = "assigned", _("Assigned")
    ANSWERING = "answering", _("Being answered")
    REVIEWING = "reviewing", _("In review")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")


class Resolution(models.TextChoices):
    """How a question ended; empty while it is open."""

    ANSWERED = "answered", _("Answered")
    REJECTED = "rejected", _("Declined")
    DUPLICATE = "duplicate", _("Duplicate")
    REDIRECTED = "redirected", _("Redirected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class QuestionTransition(models.TextChoices):
    """What somebody does to a question. Each leaves a row in its history with who, when and why."""

    SCREEN = "screen", _("Start screening")
    ASSIGN = "assign", _("Assign")
    RETURN = "return", _("Return for detail")
    ADD_DETAIL = "add_detail", _("Add detail")
    START = "start", _("Start answering")
    SUBMIT = "submit", _("Submit for review")
    SEND_BACK = "send_back", _("Send back to the answerer")
    APPROVE = "approve", _("Approve")
    REVISE = "revise", _("Revise")
    KEEP = "keep", _("Keep the current answer")
    REJECT = "reject", _("Reject")
    MERGE = "merge", _("Merge into another question")
    REDIRECT = "redirect", _("Redirect")
    WITHDRAW = "withdraw", _("Withdraw")
    TAKE_DOWN = "take_down", _("Take down")
    REOPEN = "reopen", _("Reopen")


S, T = QuestionStatus, QuestionTransition
OPEN_STATUSES = (S.SUBMITTED, S.SCREENING, S.RETURNED, S.ASSIGNED, S.ANSWERING, S.REVIEWING)
BEFORE_ASSIGNMENT = (S.SUBMITTED, S.SCREENING, S.RETURNED)


def _is_public(question: Row) -> bool:
    return question.is_public


def _is_not_public(question: Row) -> bool:
    """Most transitions of a public question would end it without telling anybody."""
    return not question.is_public


def _has_current_answer(question: Row) -> bool:
    return question.is_public or question.was_answered


def _was_answered_to_asker(question: Row) -> bool:
    return question.is_public or question.resolution == Resolution.ANSWERED


def _is_closed_duplicate(question: Row) -> bool:
    return not question.is_public and question.resolution == Resolution.DUPLICATE


TABLE: Table[QuestionTransition] = {
    T.SCREEN: Transition((S.SUBMITTED,), (S.SCREENING,), "question.screen", _is_not_public),
    T.RETURN: Transition((S.SCREENING, S.ASSIGNED, S.ANSWERING), (S.RETURNED,), "question.return", _is_not_public),
    T.ADD_DETAIL: Transition((S.RETURNED,), (S.SUBMITTED,), guard=_is_not_public),
    T.ASSIGN: Transition((S.SCREENING, S.ASSIGNED, S.ANSWERING), (S.ASSIGNED,), "question.assign"),
    T.START: Transition((S.ASSIGNED,), (S.ANSWERING,), "question.start"),
    T.SUBMIT: Transition((S.ANSWERING,), (S.REVIEWING,), "question.submit"),
    T.SEND_BACK: Transition((S.REVIEWING,), (S.ANSWERING,), "question.send_back"),
    T.APPROVE: Transition(  # published with the asker's consent, else closed
        (S.REVIEWING,), (S.PUBLISHED, S.CLOSED), "question.approve"
    ),
    T.REVISE: Transition((S.PUBLISHED, S.CLOSED), (S.ANSWERING,), "question.revise", _was_answered_to_asker),
    T.KEEP: Transition(  # back to where the current answer was
        (S.ANSWERING, S.REVIEWING), (S.PUBLISHED, S.CLOSED), "question.keep", _has_current_answer
    ),
    T.REJECT: Transition(BEFORE_ASSIGNMENT, (S.CLOSED,), "question.reject", _is_not_public),
    T.MERGE: Transition(  # a public question only into a public one
        (*OPEN_STATUSES, S.PUBLISHED), (S.CLOSED,), "question.merge"
    ),
    T.REDIRECT: Transition((*BEFORE_ASSIGNMENT, S.ASSIGNED), (S.CLOSED,), "question.redirect", _is_not_public),
    T.WITHDRAW: Transition(  # by the asker: consent may be withdrawn at any time
        (*OPEN_STATUSES, S.PUBLISHED, S.CLOSED), (S.CLOSED,)
    ),
    T.TAKE_DOWN: Transition(  # by staff: what is public
        (S.PUBLISHED, S.ASSIGNED, S.ANSWERING, S.REVIEWING), (S.CLOSED,), "question.take_down", _is_public
    ),
    T.REOPEN: Transition(  # by the system: the question it was merged into ended without an answer
        (S.CLOSED,), (S.SCREENING,), guard=_is_closed_duplicate
    ),
}
RESOLUTIONS = {
    T.REJECT: Resolution.REJECTED,
    T.MERGE: Resolution.DUPLICATE,
    T.REDIRECT: Resolution.REDIRECTED,
    T.WITHDRAW: Resolution.WITHDRAWN,
    T.APPROVE: Resolution.ANSWERED,
    T.KEEP: Resolution.ANSWERED,
    T.TAKE_DOWN: Resolution.WITHDRAWN,
}
REASON_SHOWN_TO_ASKER = {T.RETURN, T.REJECT, T.REDIRECT, T.TAKE_DOWN}


def permitted_transitions(question: Row) -> list[QuestionTransition]:
    """The transitions that the question has now, whoever makes them, in the order of its life."""
    return transitions.offered(TABLE, question, lambda transition: True)


def permits(question: Row, transition: QuestionTransition) -> bool:
    """Whether the question has that transition now. Who may make it is another matter."""
    return transitions.permits(TABLE, question, transition)


def ends(transition: QuestionTransition) -> bool:
    """Whether the question is closed or published after the transition."""
    return S.CLOSED in TABLE[transition].targets
