"""The life of an event: which steps there are. Who may take them is in `policy`.

    draft → announced → moved → … → held
                 ↓        ↓
                 cancelled

Nothing that was announced is ever hidden: a cancelled event stays readable with its reason, a moved one with where and
when it was to be.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Announced")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held")


class Step(models.TextChoices):
    """What somebody does to an event. Each is a service of that name."""

    REVISE = "revise", _("Change the draft")
    ANNOUNCE = "announce", _("Announce")
    CORRECT = "correct", _("Correct what was announced")
    MOVE = "move", _("Move")
    CANCEL = "cancel", _("Cancel the event")
    ADD_RECORDING = "add_recording", _("Add a recording")


AHEAD = (Status.ANNOUNCED, Status.MOVED)  # it is to take place
PUBLIC = (*AHEAD, Status.CANCELLED, Status.HELD)
STEPS = {  # step → from which statuses
    Step.REVISE: (Status.DRAFT,),
    Step.ANNOUNCE: (Status.DRAFT,),
    Step.CORRECT: AHEAD,
    Step.MOVE: AHEAD,
    Step.CANCEL: AHEAD,
    Step.ADD_RECORDING: (*AHEAD, Status.HELD),
}


def permits(event, step):
    """Does the event as it stands have that step? Who may take it is another matter."""
    return event.status in STEPS[step]
