"""The life of an event: which steps there are. Who may take them is in `policy`.

    draft → announced → moved → … → held
                 ↓        ↓
                 cancelled

Nothing that was announced is ever hidden: a cancelled event stays readable with its reason, a moved one with where and
when it was to be.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Announced")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held")


class EventTransition(models.TextChoices):
    """What somebody does to an event. Each is a service of that name."""

    REVISE = "revise", _("Change the draft")
    ANNOUNCE = "announce", _("Announce")
    CORRECT = "correct", _("Correct what was announced")
    MOVE = "move", _("Move")
    CANCEL = "cancel", _("Cancel the event")
    ADD_RECORDING = "add_recording", _("Add a recording")


AHEAD_STATUSES = (EventStatus.ANNOUNCED, EventStatus.MOVED)  # it is to take place
PUBLIC_STATUSES = (*AHEAD_STATUSES, EventStatus.CANCELLED, EventStatus.HELD)
TRANSITIONS = {  # step → from which statuses
    EventTransition.REVISE: (EventStatus.DRAFT,),
    EventTransition.ANNOUNCE: (EventStatus.DRAFT,),
    EventTransition.CORRECT: AHEAD_STATUSES,
    EventTransition.MOVE: AHEAD_STATUSES,
    EventTransition.CANCEL: AHEAD_STATUSES,
    EventTransition.ADD_RECORDING: (*AHEAD_STATUSES, EventStatus.HELD),
}


def permits(event, step):
    """Does the event as it stands have that step? Who may take it is another matter."""
    return event.status in TRANSITIONS[step]
