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


class Status(models.TextChoices):
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


class Move(models.TextChoices):
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


S = Status
OPEN = (S.SUBMITTED, S.SCREENING, S.RETURNED, S.ASSIGNED, S.ANSWERING, S.REVIEWING)
UNTOUCHED = (S.SUBMITTED, S.SCREENING, S.RETURNED)

# move → (from which statuses, to which; None: the service decides)
MOVES = {
    Move.SCREEN: ((S.SUBMITTED,), S.SCREENING),
    Move.RETURN: ((S.SCREENING, S.ASSIGNED, S.ANSWERING), S.RETURNED),
    Move.ADD_DETAIL: ((S.RETURNED,), S.SUBMITTED),
    Move.ASSIGN: ((S.SCREENING, S.ASSIGNED, S.ANSWERING), S.ASSIGNED),
    Move.START: ((S.ASSIGNED,), S.ANSWERING),
    Move.SUBMIT: ((S.ANSWERING,), S.REVIEWING),
    Move.SEND_BACK: ((S.REVIEWING,), S.ANSWERING),
    Move.APPROVE: ((S.REVIEWING,), None),  # published with the asker's consent, else closed
    Move.REVISE: ((S.PUBLISHED, S.CLOSED), S.ANSWERING),  # of the closed only those answered to the asker alone
    Move.KEEP: ((S.ANSWERING, S.REVIEWING), None),  # back to where the standing answer was
    Move.REJECT: (UNTOUCHED, S.CLOSED),
    Move.MERGE: ((*OPEN, S.PUBLISHED), S.CLOSED),  # what is public only into what is public
    Move.REDIRECT: ((*UNTOUCHED, S.ASSIGNED), S.CLOSED),
    Move.WITHDRAW: ((*OPEN, S.PUBLISHED, S.CLOSED), S.CLOSED),  # consent may be taken back at any time
    Move.TAKE_DOWN: ((S.PUBLISHED, S.ASSIGNED, S.ANSWERING, S.REVIEWING), S.CLOSED),  # what is public, by us
    Move.REOPEN: ((S.CLOSED,), S.SCREENING),  # by the system: what a duplicate was merged into went without an answer
}
RESOLUTIONS = {
    Move.REJECT: Resolution.REJECTED,
    Move.MERGE: Resolution.DUPLICATE,
    Move.REDIRECT: Resolution.REDIRECTED,
    Move.WITHDRAW: Resolution.WITHDRAWN,
    Move.APPROVE: Resolution.ANSWERED,
    Move.KEEP: Resolution.ANSWERED,
    Move.TAKE_DOWN: Resolution.WITHDRAWN,
}
TOLD = {Move.RETURN, Move.REJECT, Move.REDIRECT, Move.TAKE_DOWN}  # their reasons are what the asker reads
WHILE_PUBLIC = {  # what may happen to a question the public reads; all others would end it in silence
    Move.ASSIGN, Move.START, Move.SUBMIT, Move.SEND_BACK, Move.APPROVE, Move.REVISE, Move.KEEP, Move.WITHDRAW,
    Move.TAKE_DOWN, Move.MERGE,
}  # fmt: skip


def moves_of(question):
    """Every move the question as it stands allows, whoever makes it."""
    return [move for move in MOVES if permits(question, move)]


def permits(question, move):
    """Does the question as it stands have that move? Who may make it is another matter."""
    if question.status not in MOVES[move][0]:
        return False
    if question.is_public:
        return move in WHILE_PUBLIC
    if move == Move.KEEP:
        return question.was_answered
    if move == Move.REVISE:
        return question.resolution == Resolution.ANSWERED
    if move == Move.REOPEN:
        return question.resolution == Resolution.DUPLICATE
    return move != Move.TAKE_DOWN
