"""Announcing, moving, cancelling: first what will be said and who will be told, then, when confirmed, the verb."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from content.changes.event_types import EventType
from content.changes.models import Change
from content.events import services
from content.events.admin.forms import AnnounceForm, MoveForm, ReasonForm, RecordingForm
from content.events.models import Event
from content.events.states import EventTransition


@dataclass(frozen=True)
class TransitionPage:
    """A step as the desk has it. `call(event, by=…, seen=…, **cleaned data)`."""

    form: type[forms.Form]
    call: object
    explanation: str
    kind: str  # of the day-book's line, by which it is told


TRANSITION_PAGES = {
    EventTransition.ANNOUNCE: TransitionPage(
        AnnounceForm,
        services.announce,
        _("The event becomes public, and those who follow its topics are told."),
        EventType.EVENT_ANNOUNCED,
    ),
    EventTransition.MOVE: TransitionPage(
        MoveForm,
        services.move,
        _("What was said before stays readable. Reminders follow the new time by themselves."),
        EventType.EVENT_MOVED,
    ),
    EventTransition.CANCEL: TransitionPage(
        ReasonForm,
        services.cancel,
        _("It stays readable with the reason. This cannot be taken back."),
        EventType.EVENT_CANCELLED,
    ),
    EventTransition.ADD_RECORDING: TransitionPage(
        RecordingForm,
        services.add_recording,
        _("Told once; another address only replaces it."),
        EventType.EVENT_RECORDED,
    ),
}


def preview_transition(event: Event, step, cleaned):
    """(the event as it would be, the line of the day-book that would tell of it). Neither is saved."""
    was = services.time_and_place(event)
    if step == EventTransition.MOVE:
        for name in ("starts_at", "ends_at", "province", "place", "online_url"):
            setattr(event, name, cleaned[name])
    facts = services.facts_of_event(event) | {"was": was, "reason": cleaned.get("reason", "")}
    return event, Change(event_type=TRANSITION_PAGES[step].kind, subject=event.key, facts=facts)
