"""Announce, correct, move and cancel events, and add recordings. Each notifies followers and participants."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes.event_types import EventType, Nature
from content.errors import RuleBroken
from content.events import queries, search_keys
from content.events.models import Event, EventMove
from content.events.services import drafts, seats, transitions
from content.events.states import EventStatus, EventTransition
from content.organisations.models import Province
from content.people import text_input
from content.people.models import User
from content.text.removed_words import removes_words

PLACE_FIELDS = ("province", "place", "online_url")
NOT_CORRECTABLE = {"starts_at", "ends_at", *PLACE_FIELDS, "status", "is_sample"}  # these change by a move


@transaction.atomic
def announce(event: Event, *, by: User | None = None, notify: bool = True, reason: str = "", seen: str = "") -> Event:
    """Make a draft public and tell the followers of its topics and organisation. Announcing twice is a no-op.

    Raises RuleBroken: "place_required" (neither a place nor an online address), "topic_required", "starts_in_past",
    "registration_already_closed", "wrong_status", "changed_meanwhile" (`seen`, see `require_transition`);
    NotAllowed("not_allowed"), for the author of the draft too unless they may announce their own.
    """
    event = transitions.locked_event(event)
    if event.status == EventStatus.ANNOUNCED:
        return event
    transitions.require_transition(event, EventTransition.ANNOUNCE, by=by, seen=seen)
    refuse_without_place(event)
    if not event.topics.exists():
        raise RuleBroken("topic_required", _("Choose at least one topic. Its followers are notified."), field="topics")
    drafts.refuse_past(event)
    event.announced_at = event.time_announced_at = event.changed_at = timezone.now()
    transitions.apply_transition(event, EventTransition.ANNOUNCE, by=by, reason=reason)
    search_keys.refresh_event_search_keys(event)
    transitions.record_event_change(event, EventType.EVENT_ANNOUNCED, notify=notify)
    return event


@transaction.atomic
def correct(event: Event, *, by: User | None = None, reason: str, seen: str = "", **columns: Any) -> Event:
    """Correct an announced event, except its time and place. Nobody is notified; calendars update the entry.

    `columns` as for `drafts.revise`. Additional seats go to the waiting list. Raises RuleBroken: "move_required",
    "capacity_below_taken_seats", "names_already_given" (for another purpose), "changed_meanwhile" (`seen`),
    "reason_required", "topic_required", and what `drafts.plan` raises.
    """
    event = transitions.locked_event(event)
    transitions.require_transition(event, EventTransition.CORRECT, by=by, seen=seen)
    reason = text_input.require_reason(reason)
    moved = [name for name in NOT_CORRECTABLE & columns.keys() if getattr(event, name) != columns[name]]
    if moved:
        raise RuleBroken("move_required", _("Use «Move» to change time or place."), field=sorted(moved)[0])
    if "topics" in columns and not columns["topics"]:
        raise RuleBroken("topic_required", _("Choose at least one topic. Its followers are notified."), field="topics")
    taken = queries.seat_counts(event).seated
    if columns.get("capacity") is not None and columns["capacity"] < taken:
        raise RuleBroken(
            "capacity_below_taken_seats", _("%d seats are taken. Enter at least that many.") % taken, field="capacity"
        )
    refuse_other_purpose(event, columns.get("data_purpose", event.data_purpose))
    before = queries.public_texts(event)
    transitions.bump_sequence(event)
    drafts.update_event(event, columns)
    search_keys.refresh_event_search_keys(event)
    transitions.audit_transition(event, EventTransition.CORRECT, by=by, reason=reason)
    removes = removes_words(before.values(), queries.public_texts(event).values())
    transitions.record_event_change(event, EventType.EVENT_CORRECTED, notify=False, removes_words=removes)
    seats.assign_free_seats(event)
    return event


@transaction.atomic
def move(
    event: Event,
    *,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    province: Province | None,
    place: str,
    online_url: str,
    by: User | None = None,
    reason: str,
    registration_closes_at: datetime.datetime | None = None,
    seen: str = "",
) -> Event:
    """Move the event to another time or place, or both. The earlier ones stay readable. Returns the event.

    Sessions, and the end of registration unless given, move by as much as the start. Raises RuleBroken: "no_change",
    "reason_required", "place_required", "starts_in_past", "registration_already_closed",
    "invalid_registration_period", "session_outside_event" (the sessions no longer fit), "changed_meanwhile" (`seen`),
    and what `drafts.plan` raises.
    """
    event = transitions.locked_event(event)
    transitions.require_transition(event, EventTransition.MOVE, by=by, seen=seen)
    reason = text_input.require_reason(reason)
    before = EventMove(
        event=event, starts_at=event.starts_at, ends_at=event.ends_at, province=event.province, place=event.place,
        online_url=event.online_url, reason=reason, by=by,
    )  # fmt: skip
    shift = starts_at - event.starts_at
    closes_at = event.registration_closes_at
    event.starts_at, event.ends_at = starts_at, ends_at
    event.province, event.place, event.online_url = province, place, online_url
    event.registration_closes_at = registration_closes_at or (closes_at and min(closes_at + shift, ends_at))
    if all(getattr(event, name) == getattr(before, name) for name in ("starts_at", "ends_at", *PLACE_FIELDS)):
        raise RuleBroken(
            "no_change", _("The event already has this time and place. Change at least one."), field="starts_at"
        )
    refuse_without_place(event)
    drafts.refuse_past(event)
    drafts.clean_event(event)
    transitions.bump_sequence(event)
    if shift:
        event.time_announced_at = event.changed_at
    transitions.apply_transition(event, EventTransition.MOVE, by=by, reason=reason)
    before.save()
    _shift_sessions(event, shift)
    search_keys.refresh_event_search_keys(event)
    transitions.record_event_change(event, EventType.EVENT_MOVED, reason=reason, was=transitions.time_and_place(before))
    return event


@transaction.atomic
def cancel(event: Event, *, by: User | None = None, reason: str, seen: str = "") -> Event:
    """Cancel the event. It stays readable with the reason, and calendars show it as cancelled. A repeat is a no-op.

    Raises RuleBroken: "reason_required", "wrong_status", "changed_meanwhile" (`seen`).
    """
    event = transitions.locked_event(event)
    if event.status == EventStatus.CANCELLED:
        return event
    transitions.require_transition(event, EventTransition.CANCEL, by=by, seen=seen)
    event.cancel_reason = text_input.clean_text(text_input.require_reason(reason), "reason", max_length=1000)
    transitions.bump_sequence(event)
    transitions.apply_transition(event, EventTransition.CANCEL, by=by, reason=event.cancel_reason)
    transitions.record_event_change(
        event,
        EventType.EVENT_CANCELLED,
        nature=Nature.WITHDRAWAL,
        reason=event.cancel_reason,
        removes_words=False,  # the page stays as it was
    )
    return event


@transaction.atomic
def add_recording(event: Event, *, url: str, by: User | None = None, seen: str = "") -> Event:
    """Add the URL of a recording. Only the first notifies followers; another URL replaces it; the same is a no-op.

    Raises RuleBroken: "invalid_url", "not_started" before the start, "wrong_status", "changed_meanwhile" (`seen`).
    """
    event = transitions.locked_event(event)
    transitions.require_transition(event, EventTransition.ADD_RECORDING, by=by, seen=seen)
    url = drafts.clean_url(url, "recording_url")
    if event.starts_at > timezone.now():
        raise RuleBroken(
            "not_started", _("The event has not begun. Add the recording afterwards."), field="recording_url"
        )
    if url == event.recording_url:
        return event
    former, event.recording_url = event.recording_url, url
    transitions.bump_sequence(event)
    transitions.apply_transition(event, EventTransition.ADD_RECORDING, by=by)
    removes = removes_words([former], [url])
    transitions.record_event_change(event, EventType.EVENT_RECORDED, notify=not former, removes_words=removes)
    return event


def refuse_without_place(event: Event) -> None:
    if not (event.place or event.online_url):
        raise RuleBroken("place_required", _("Enter a place, an online address, or both."), field="place")


def refuse_other_purpose(event: Event, purpose: str) -> None:
    """Refuse another purpose for names already given: consent is for one purpose (Law 91/2025/QH15)."""
    if purpose.split() != event.data_purpose.split() and event.registrations.exclude(consented_at=None).exists():
        message = _("People consented to this purpose only: «%s». Keep it unchanged.") % event.data_purpose
        raise RuleBroken("names_already_given", message, field="data_purpose")


def _shift_sessions(event: Event, shift: datetime.timedelta) -> None:
    for session in event.sessions.all():
        session.starts_at, session.ends_at = session.starts_at + shift, session.ends_at + shift
        if not event.starts_at <= session.starts_at < session.ends_at <= event.ends_at:
            message = (
                _("The session «%s» would no longer be within the event. Change the sessions first.") % session.title
            )
            raise RuleBroken("session_outside_event", message, field="sessions")
        session.save(update_fields=["starts_at", "ends_at"])
