"""What every transition of an event shares: lock, check, apply, record."""

from typing import Any

from django.utils import timezone

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.copies import refuse_copy
from content.events import policy, queries, states
from content.events.models import Event, EventMove
from content.events.states import EventTransition
from content.people import transitions
from content.people.models import User
from content.vietnam_time import local_iso


def locked_event(event: Event, *, may_be_copy: bool = False) -> Event:
    """The event, locked until the transaction ends; rows that only refer to it do not wait.

    Lock it before the change log, and several in the order of their ids, so that transactions never deadlock. Raises
    RuleBroken("not_ours") for a copy, unless it `may_be_copy`.
    """
    event = Event.objects.select_for_update(no_key=True).get(pk=event.pk)
    if not may_be_copy:
        refuse_copy(event)
    return event


def require_transition(event: Event, transition: EventTransition, *, by: User | None, seen: str = "") -> None:
    """Refuse the transition unless the event has it and `by` may make it. `by` is None for the system.

    `seen` is the `queries.event_fingerprint` of what the person read; empty: not asked. Raises RuleBroken(
    "wrong_status", "changed_meanwhile"), NotAllowed("not_allowed").
    """
    transitions.require(
        states.TABLE, event, transition, by=by, may=policy.may, seen=seen, fingerprint=queries.event_fingerprint
    )


def apply_transition(event: Event, transition: EventTransition, *, by: User | None = None, reason: str = "") -> None:
    """Set the new status, save the event and audit the transition. Raises RuleBroken("wrong_status")."""
    transitions.apply(states.TABLE, event, transition, by=by, reason=reason)


def audit_transition(event: Event, transition: EventTransition, *, by: User | None, reason: str = "") -> None:
    """Audit a transition whose service has saved the event itself."""
    transitions.record_audit(states.TABLE, event, transition, by=by, reason=reason)


def record_event_change(
    event: Event,
    event_type: EventType,
    *,
    notify: bool = True,
    nature: Nature = Nature.EDITORIAL,
    to_topics: bool = True,
    **facts: Any,
) -> Change:
    """Record a public change with the present facts of the event, and nothing about readers.

    Without `to_topics` only followers of the event itself and its participants are notified.
    """
    return changes.record_public_change_of(
        event, event_type, facts_of_event(event) | facts, nature=nature, notify=notify, to_topics=to_topics
    )


def facts_of_event(event: Event) -> dict[str, Any]:
    """The facts of the event that the change log stores."""
    return {
        "title": event.title,
        "kind": event.kind,
        "is_sample": event.is_sample,
        **time_and_place(event),
    }


def time_and_place(event: Event | EventMove) -> dict[str, Any]:
    """Time and place of an event, or of its announcement before a move."""
    return {
        "starts_at": local_iso(event.starts_at),
        "ends_at": local_iso(event.ends_at),
        "place": event.place,
        "province": event.province.name if event.province else "",
        "online": bool(event.online_url),
    }


def bump_sequence(event: Event, *, sequence: int = 1) -> None:
    """Mark the public content as changed, so that calendars update the entry. The caller saves the row."""
    event.changed_at, event.sequence = timezone.now(), event.sequence + sequence
