"""The statuses of an event and the transitions between them. Who may make them is in `policy`.

    draft → announced → moved → … → held
                 ↓        ↓
                 cancelled

Nothing that was announced is ever hidden: a cancelled event stays readable with its reason, a moved one with its
earlier time and place.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.people.transitions import Table, Transition


class EventStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Announced")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held")


class EventTransition(models.TextChoices):
    """What staff or the system does to an event."""

    REVISE = "revise", _("Revise the draft")
    ANNOUNCE = "announce", _("Announce")
    CORRECT = "correct", _("Correct the announcement")
    MOVE = "move", _("Move")
    CANCEL = "cancel", _("Cancel the event")
    ADD_RECORDING = "add_recording", _("Add a recording")
    CONCLUDE = "conclude", _("Conclude")


AHEAD_STATUSES = (EventStatus.ANNOUNCED, EventStatus.MOVED)  # it will take place
PUBLIC_STATUSES = (*AHEAD_STATUSES, EventStatus.CANCELLED, EventStatus.HELD)
TABLE: Table[EventTransition] = {
    EventTransition.REVISE: Transition((EventStatus.DRAFT,), action="event.revise"),
    EventTransition.ANNOUNCE: Transition((EventStatus.DRAFT,), (EventStatus.ANNOUNCED,), "event.announce"),
    EventTransition.CORRECT: Transition(AHEAD_STATUSES, action="event.correct"),
    EventTransition.MOVE: Transition(AHEAD_STATUSES, (EventStatus.MOVED,), "event.move"),
    EventTransition.CANCEL: Transition(AHEAD_STATUSES, (EventStatus.CANCELLED,), "event.cancel"),
    EventTransition.ADD_RECORDING: Transition((*AHEAD_STATUSES, EventStatus.HELD), action="event.add_recording"),
    EventTransition.CONCLUDE: Transition(AHEAD_STATUSES, (EventStatus.HELD,)),  # by the system, at the end
}
