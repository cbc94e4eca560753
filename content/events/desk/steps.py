"""Announcing, moving, cancelling: first what will be said and who will be told, then, when confirmed, the verb."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from content.changes import kinds
from content.changes.models import Change
from content.events import services
from content.events.desk.forms import AnnounceForm, MoveForm, ReasonForm, RecordingForm
from content.events.models import Event
from content.events.states import Step


@dataclass(frozen=True)
class Act:
    """A step as the desk has it. `call(event, by=…, seen=…, **cleaned data)`."""

    form: type[forms.Form]
    call: object
    explanation: str
    kind: str  # of the day-book's line, by which it is told


ACTS = {
    Step.ANNOUNCE: Act(
        AnnounceForm,
        services.announce,
        _("The event becomes public, and those who follow its topics are told."),
        kinds.EVENT_ANNOUNCED,
    ),
    Step.MOVE: Act(
        MoveForm,
        services.move,
        _("What was said before stays readable. Reminders follow the new time by themselves."),
        kinds.EVENT_MOVED,
    ),
    Step.CANCEL: Act(
        ReasonForm,
        services.cancel,
        _("It stays readable with the reason. This cannot be taken back."),
        kinds.EVENT_CANCELLED,
    ),
    Step.ADD_RECORDING: Act(
        RecordingForm,
        services.add_recording,
        _("Told once; another address only replaces it."),
        kinds.EVENT_RECORDED,
    ),
}


def preview(event: Event, step, cleaned):
    """(the event as it would be, the line of the day-book that would tell of it). Neither is saved."""
    was = services.when_and_where(event)
    if step == Step.MOVE:
        for name in ("starts_at", "ends_at", "province", "place", "online_url"):
            setattr(event, name, cleaned[name])
    facts = services.facts_of(event) | {"was": was, "reason": cleaned.get("reason", "")}
    return event, Change(kind=ACTS[step].kind, subject=event.key, facts=facts)
