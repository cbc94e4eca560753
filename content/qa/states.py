"""The life of a question: which moves there are. Who may make them is in `policy`.

    submitted → screening → assigned → answering ⇄ reviewing → published → (revised) answering
        ↑           ↓                                   ↓
        └────── returned                    closed ── answered, to the asker alone

Status says where the work stands, resolution how it ended: a question that was answered without consent to publish is
closed and answered, one that was merged is closed and a duplicate. A published question that is revised stays public,
with the answer that stands.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    REJECTED = "rejected", _("Turned down")
    DUPLICATE = "duplicate", _("Duplicate")
    REDIRECTED = "redirected", _("Redirected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class QuestionTransition(models.TextChoices):
    """What somebody does to a question. Each is a service of that name and leaves a row with who, when and why."""

    SCREEN = "screen", _("Take up for screening")
    ASSIGN = "assign", _("Assign")
    RETURN = "return", _("Return for detail")
    ADD_DETAIL = "add_detail", _("Add detail")
    START = "start", _("Start answering")
    SUBMIT = "submit", _("Submit for review")
    SEND_BACK = "send_back", _("Send back to the answerer")
    APPROVE = "approve", _("Approve")
    REVISE = "revise", _("Revise")
    KEEP = "keep", _("Keep the standing answer")
    REJECT = "reject", _("Reject")
    MERGE = "merge", _("Merge into another question")
    REDIRECT = "redirect", _("Redirect")
    WITHDRAW = "withdraw", _("Withdraw")
    TAKE_DOWN = "take_down", _("Take down")
    REOPEN = "reopen", _("Reopen")


S = QuestionStatus
OPEN_STATUSES = (S.SUBMITTED, S.SCREENING, S.RETURNED, S.ASSIGNED, S.ANSWERING, S.REVIEWING)
BEFORE_ASSIGNMENT = (S.SUBMITTED, S.SCREENING, S.RETURNED)

# transition → (from which statuses, to which; None: the service decides)
TRANSITIONS = {
    QuestionTransition.SCREEN: ((S.SUBMITTED,), S.SCREENING),
    QuestionTransition.RETURN: ((S.SCREENING, S.ASSIGNED, S.ANSWERING), S.RETURNED),
    QuestionTransition.ADD_DETAIL: ((S.RETURNED,), S.SUBMITTED),
    QuestionTransition.ASSIGN: ((S.SCREENING, S.ASSIGNED, S.ANSWERING), S.ASSIGNED),
    QuestionTransition.START: ((S.ASSIGNED,), S.ANSWERING),
    QuestionTransition.SUBMIT: ((S.ANSWERING,), S.REVIEWING),
    QuestionTransition.SEND_BACK: ((S.REVIEWING,), S.ANSWERING),
    QuestionTransition.APPROVE: ((S.REVIEWING,), None),  # published with the asker's consent, else closed
    QuestionTransition.REVISE: (
        (S.PUBLISHED, S.CLOSED),
        S.ANSWERING,
    ),  # of the closed only those answered to the asker alone
    QuestionTransition.KEEP: ((S.ANSWERING, S.REVIEWING), None),  # back to where the standing answer was
    QuestionTransition.REJECT: (BEFORE_ASSIGNMENT, S.CLOSED),
    QuestionTransition.MERGE: ((*OPEN_STATUSES, S.PUBLISHED), S.CLOSED),  # what is public only into what is public
    QuestionTransition.REDIRECT: ((*BEFORE_ASSIGNMENT, S.ASSIGNED), S.CLOSED),
    QuestionTransition.WITHDRAW: (
        (*OPEN_STATUSES, S.PUBLISHED, S.CLOSED),
        S.CLOSED,
    ),  # consent may be taken back at any time
    QuestionTransition.TAKE_DOWN: (
        (S.PUBLISHED, S.ASSIGNED, S.ANSWERING, S.REVIEWING),
        S.CLOSED,
    ),  # what is public, by us
    QuestionTransition.REOPEN: (
        (S.CLOSED,),
        S.SCREENING,
    ),  # by the system: what a duplicate was merged into went without an answer
}
RESOLUTIONS = {
    QuestionTransition.REJECT: Resolution.REJECTED,
    QuestionTransition.MERGE: Resolution.DUPLICATE,
    QuestionTransition.REDIRECT: Resolution.REDIRECTED,
    QuestionTransition.WITHDRAW: Resolution.WITHDRAWN,
    QuestionTransition.APPROVE: Resolution.ANSWERED,
    QuestionTransition.KEEP: Resolution.ANSWERED,
    QuestionTransition.TAKE_DOWN: Resolution.WITHDRAWN,
}
REASON_SHOWN_TO_ASKER = {
    QuestionTransition.RETURN,
    QuestionTransition.REJECT,
    QuestionTransition.REDIRECT,
    QuestionTransition.TAKE_DOWN,
}  # their reasons are what the asker reads
PERMITTED_WHILE_PUBLIC = {  # what may happen to a question the public reads; all others would end it in silence
    QuestionTransition.ASSIGN, QuestionTransition.START, QuestionTransition.SUBMIT, QuestionTransition.SEND_BACK, QuestionTransition.APPROVE, QuestionTransition.REVISE, QuestionTransition.KEEP, QuestionTransition.WITHDRAW,
    QuestionTransition.TAKE_DOWN, QuestionTransition.MERGE,
}  # fmt: skip


def permitted_transitions(question):
    """Every transition the question as it stands allows, whoever makes it."""
    return [transition for transition in TRANSITIONS if permits(question, transition)]


def permits(question, transition):
    """Does the question as it stands have that transition? Who may make it is another matter."""
    if question.status not in TRANSITIONS[transition][0]:
        return False
    if question.is_public:
        return transition in PERMITTED_WHILE_PUBLIC
    if transition == QuestionTransition.KEEP:
        return question.was_answered
    if transition == QuestionTransition.REVISE:
        return question.resolution == Resolution.ANSWERED
    if transition == QuestionTransition.REOPEN:
        return question.resolution == Resolution.DUPLICATE
    return transition != QuestionTransition.TAKE_DOWN
