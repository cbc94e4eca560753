"""The statuses of contests and rounds and the transitions between them. Who may make them is in `policy`.

    contest   draft → announced → closed ⇄ proposed → published
                          ↓
                      cancelled
    round     draft ⇄ proposed → frozen → open → closed

A round is open by the clock, [starts_at, ends_at), once it is frozen. Its status follows: the worker sets it, writes
the change log, and publishes the seed when it closes.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people.transitions import Table, Transition


class ContestStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Announced")
    CLOSED = "closed", _("Closed")
    PROPOSED = "proposed", _("Results proposed")
    PUBLISHED = "published", _("Results published")
    CANCELLED = "cancelled", _("Cancelled")


class ContestTransition(models.TextChoices):
    """What staff or the system does to a contest."""

    REVISE = "revise", _("Revise the draft")
    ANNOUNCE = "announce", _("Announce")
    CORRECT = "correct", _("Correct the announcement")
    CANCEL = "cancel", _("Cancel the contest")
    CLOSE = "close", _("Close")
    PROPOSE_RESULTS = "propose_results", _("Propose the results")
    RETURN_RESULTS = "return_results", _("Return the results")
    PUBLISH_RESULTS = "publish_results", _("Publish the results")


class RoundStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Freezing proposed")
    FROZEN = "frozen", _("Frozen")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class RoundTransition(models.TextChoices):
    """What staff or the system does to a round."""

    REVISE = "revise", _("Revise the round")
    PROPOSE_FREEZE = "propose_freeze", _("Propose to freeze")
    RETURN = "return", _("Return to draft")
    FREEZE = "freeze", _("Freeze")
    OPEN = "open", _("Open")
    CLOSE = "close", _("Close")


PLANNED_STATUSES = (ContestStatus.DRAFT, ContestStatus.ANNOUNCED)  # rounds may still be added
PUBLIC_STATUSES = tuple(each for each in ContestStatus if each != ContestStatus.DRAFT)
ENDED_STATUSES = (ContestStatus.CLOSED, ContestStatus.PROPOSED, ContestStatus.PUBLISHED)
TAKING_STATUSES = (ContestStatus.ANNOUNCED, *ENDED_STATUSES)  # rounds run; after the end those of practice
FROZEN_STATUSES = (RoundStatus.FROZEN, RoundStatus.OPEN, RoundStatus.CLOSED)

TABLE: Table[ContestTransition] = {
    ContestTransition.REVISE: Transition((ContestStatus.DRAFT,), action="contest.revise"),
    ContestTransition.ANNOUNCE: Transition((ContestStatus.DRAFT,), (ContestStatus.ANNOUNCED,), "contest.announce"),
    ContestTransition.CORRECT: Transition((ContestStatus.ANNOUNCED, *ENDED_STATUSES), action="contest.correct"),
    ContestTransition.CANCEL: Transition((ContestStatus.ANNOUNCED,), (ContestStatus.CANCELLED,), "contest.cancel"),
    ContestTransition.CLOSE: Transition((ContestStatus.ANNOUNCED,), (ContestStatus.CLOSED,)),  # by the system
    ContestTransition.PROPOSE_RESULTS: Transition(
        (ContestStatus.CLOSED,), (ContestStatus.PROPOSED,), "contest.propose_results"
    ),
    ContestTransition.RETURN_RESULTS: Transition(
        (ContestStatus.PROPOSED,), (ContestStatus.CLOSED,), "contest.return_results"
    ),
    ContestTransition.PUBLISH_RESULTS: Transition(
        (ContestStatus.PROPOSED,), (ContestStatus.PUBLISHED,), "contest.publish_results"
    ),
}
ROUND_TABLE: Table[RoundTransition] = {
    RoundTransition.REVISE: Transition((RoundStatus.DRAFT,), action="round.revise"),
    RoundTransition.PROPOSE_FREEZE: Transition((RoundStatus.DRAFT,), (RoundStatus.PROPOSED,), "round.propose_freeze"),
    RoundTransition.RETURN: Transition((RoundStatus.PROPOSED,), (RoundStatus.DRAFT,), "round.return"),
    RoundTransition.FREEZE: Transition((RoundStatus.PROPOSED,), (RoundStatus.FROZEN,), "round.freeze"),
    RoundTransition.OPEN: Transition((RoundStatus.FROZEN,), (RoundStatus.OPEN,)),  # by the system, at its start
    RoundTransition.CLOSE: Transition((RoundStatus.FROZEN, RoundStatus.OPEN), (RoundStatus.CLOSED,)),  # at its end
}
