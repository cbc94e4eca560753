"""Announcing, moving, cancelling: first what will be said and who will be told, then, when confirmed, the verb."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from content.events import services
from content.events.desk.forms import AnnounceForm, MoveForm, ReasonForm, RecordingForm
from content.events.models import Event
from content.events.states import Step


@dataclass(frozen=True)
class Act:
    """A step as the desk has it. `call(event, by=…, **cleaned data)`; `field` of the form for those a rule names."""

    form: type[forms.Form]
    call: object
    explanation: str
    tells: bool = True


ACTS = {
    Step.ANNOUNCE: Act(
        AnnounceForm, services.announce, _("The event becomes public, and those who follow its topics are told.")
    ),
    Step.MOVE: Act(
        MoveForm, services.move, _("What was said before stays readable. Reminders follow the new time by themselves.")
    ),
    Step.CANCEL: Act(ReasonForm, services.cancel, _("It stays readable with the reason. This cannot be taken back.")),
    Step.ADD_RECORDING: Act(RecordingForm, services.add_recording, _("Told once; another address only replaces it.")),
}


def shown(event: Event, step, cleaned):
    """The event as it would be, for the preview; never saved."""
    if step == Step.MOVE:
        for name in ("starts_at", "ends_at", "province", "place", "online_url"):
            setattr(event, name, cleaned[name])
    elif step == Step.CANCEL:
        event.cancel_reason = cleaned["reason"]
    return event
