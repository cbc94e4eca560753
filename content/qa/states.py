"""The life of a question: which moves there are. Who may make them is in `policy`.

    submitted → screening → assigned → answering → reviewing → published
                    ↓           ↓          ↑ ↓         ↓
                 returned    (closed)               closed

Status says where the work stands, resolution how it ended: a question that was answered without consent to publish is
closed and answered, one that was merged is closed and a duplicate.
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
    REJECTED = "rejected", _("Rejected")
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
    REJECT = "reject", _("Reject")
    MERGE = "merge", _("Merge into another question")
    REDIRECT = "redirect", _("Redirect")
    WITHDRAW = "withdraw", _("Withdraw")
    TAKE_DOWN = "take_down", _("Take down")


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
    Move.REVISE: ((S.PUBLISHED,), S.ANSWERING),  # the standing answer stays public until the new one is approved
    Move.REJECT: (UNTOUCHED, S.CLOSED),
    Move.MERGE: (OPEN, S.CLOSED),
    Move.REDIRECT: ((*UNTOUCHED, S.ASSIGNED), S.CLOSED),
    Move.WITHDRAW: ((*OPEN, S.PUBLISHED), S.CLOSED),  # consent may be taken back at any time
    Move.TAKE_DOWN: ((S.PUBLISHED, S.ANSWERING, S.REVIEWING), S.CLOSED),  # what is public is taken back by us
}
RESOLUTIONS = {
    Move.REJECT: Resolution.REJECTED,
    Move.MERGE: Resolution.DUPLICATE,
    Move.REDIRECT: Resolution.REDIRECTED,
    Move.WITHDRAW: Resolution.WITHDRAWN,
    Move.APPROVE: Resolution.ANSWERED,
    Move.TAKE_DOWN: Resolution.WITHDRAWN,
}


def moves_from(status):
    """Every move there is from that status."""
    return [move for move, (sources, _target) in MOVES.items() if status in sources]
