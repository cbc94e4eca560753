"""The pages on which staff announce, move or cancel an event: first a preview of what is sent, then the service."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from content.changes.event_types import EventType
from content.changes.models import Change
from content.events import services
from content.events.admin.forms import AnnounceForm, CancelForm, MoveForm, RecordingForm
from content.events.models import Event
from content.events.states import EventTransition as T
from content.people.transition_pages import TransitionPage

TRANSITION_PAGES: dict[str, TransitionPage] = {
    T.ANNOUNCE: TransitionPage(
        services.announce,
        T.ANNOUNCE.label,
        _("The event was announced."),
        _("The event becomes public, and the followers of its topics are notified."),
        AnnounceForm,
    ),
    T.MOVE: TransitionPage(
        services.move,
        T.MOVE.label,
        _("The event was moved."),
        _("The earlier time and place stay readable. Reminders follow the new time."),
        MoveForm,
    ),
    T.CANCEL: TransitionPage(
        services.cancel,
        T.CANCEL.label,
        _("The event was cancelled."),
        _("The event stays readable with the reason. This cannot be undone."),
        CancelForm,
        is_grave=True,
    ),
    T.ADD_RECORDING: TransitionPage(
        services.add_recording,
        T.ADD_RECORDING.label,
        _("The recording was saved."),
        _("Followers are notified of the first recording only. Another address replaces it."),
        RecordingForm,
    ),
}
EVENT_TYPES = {  # of the change that the transition records
    T.ANNOUNCE: EventType.EVENT_ANNOUNCED,
    T.MOVE: EventType.EVENT_MOVED,
    T.CANCEL: EventType.EVENT_CANCELLED,
    T.ADD_RECORDING: EventType.EVENT_RECORDED,
}


def apply_preview(event: Event, name: str, data: dict[str, Any]) -> Change:
    """Set the fields of `event` as after the transition; returns the change it would record. Neither is saved."""
    was = services.time_and_place(event)
    if name == T.MOVE:
        for column in ("starts_at", "ends_at", "province", "place", "online_url"):
            setattr(event, column, data[column])
    facts = services.facts_of_event(event) | {"was": was, "reason": data.get("reason", "")}
    return Change(event_type=EVENT_TYPES[T(name)], subject=event.key, facts=facts)
