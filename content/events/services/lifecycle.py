"""An event becomes public, and what happens to it then. Each verb tells those who follow or come."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes.event_types import EventType, Nature
from content.errors import RuleBroken
from content.events import queries, search_keys
from content.events.models import EventMove
from content.events.services import drafts, seats, transitions
from content.events.states import EventStatus, EventTransition
from content.people import text_input

PLACE_FIELDS = ("province", "place", "online_url")
NOT_CORRECTABLE = {"starts_at", "ends_at", *PLACE_FIELDS, "status", "is_sample"}  # those are moves


@transaction.atomic
def announce(event, *, by=None, notify=True, reason="", seen=""):
    """Make a draft public and tell the followers of its topics and organisation. Announcing twice is a no-op.

    Raises RuleBroken: "place_required" (neither a place nor an online address), "topic_required", "starts_in_past", "registration_already_closed", "wrong_status",
    "changed_meanwhile" (`seen`, see `steps.allow`), NotAllowed("not_allowed") for its own writer too, publishers apart.
    """
    event = transitions.locked_event(event)
    if event.status == EventStatus.ANNOUNCED:
        return event
    transitions.require_transition(event, EventTransition.ANNOUNCE, by=by, seen=seen)
    refuse_without_place(event)
    if not event.topics.exists():
        raise RuleBroken("topic_required", _("Choose at least one topic: its followers are told."), field="topics")
    drafts.refuse_past(event)
    event.status = EventStatus.ANNOUNCED
    event.announced_at = event.time_announced_at = event.changed_at = timezone.now()
    event.save()
    search_keys.refresh_event_search_keys(event)
    transitions.audit_transition(event, EventTransition.ANNOUNCE, by=by, reason=reason)
    transitions.record_event_change(event, EventType.EVENT_ANNOUNCED, notify=notify)
    return event


@transaction.atomic
def correct(event, *, by=None, reason, seen="", **given):
    """Better what an announced event says, its time and place apart; nobody is told, calendars take it.

    `given` as for `planning.revise`. More seats go to those who wait. Raises RuleBroken: "move_required",
    "capacity_below_taken_seats" (fewer than are taken), "names_already_given" (for another purpose), "changed_meanwhile" (`seen`),
    "reason_required", "topic_required", those of `planning.plan`.
    """
    event = transitions.locked_event(event)
    transitions.require_transition(event, EventTransition.CORRECT, by=by, seen=seen)
    reason = text_input.require_reason(reason)
    moved = [name for name in NOT_CORRECTABLE & given.keys() if getattr(event, name) != given[name]]
    if moved:
        raise RuleBroken("move_required", _("Time and place change by a move."), field=sorted(moved)[0])
    if "topics" in given and not given["topics"]:
        raise RuleBroken("topic_required", _("Choose at least one topic: its followers are told."), field="topics")
    taken = queries.seat_counts(event)[0]
    if given.get("capacity") is not None and given["capacity"] < taken:
        raise RuleBroken("capacity_below_taken_seats", _("%d seats are taken.") % taken, field="capacity")
    refuse_other_purpose(event, given.get("data_purpose", event.data_purpose))
    transitions.bump_sequence(event)
    drafts.update_event(event, given)
    search_keys.refresh_event_search_keys(event)
    transitions.audit_transition(event, EventTransition.CORRECT, by=by, reason=reason)
    transitions.record_event_change(event, EventType.EVENT_CORRECTED, notify=False)
    seats.assign_free_seats(event)
    return event


@transaction.atomic
def move(
    event, *, starts_at, ends_at, province, place, online_url, by=None, reason, registration_closes_at=None, seen=""
):
    """Another time, another place, or both. What had been said before stays readable. Returns the event.

    Sessions, and the end of registration where none is given, move by as much as the beginning. Raises RuleBroken:
    "no_change", "reason_required", "place_required", "starts_in_past", "registration_already_closed", "invalid_registration_period", "session_outside_event" (the sessions do not fit any
    more), "changed_meanwhile" (`seen`), those of `planning.plan`.
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
        raise RuleBroken("no_change", _("It is there, and then, already."), field="starts_at")
    refuse_without_place(event)
    drafts.refuse_past(event)
    drafts.clean_event(event)
    event.status = EventStatus.MOVED
    transitions.bump_sequence(event)
    if shift:
        event.time_announced_at = event.changed_at
    event.save()
    before.save()
    _shift_sessions(event, shift)
    search_keys.refresh_event_search_keys(event)
    transitions.audit_transition(event, EventTransition.MOVE, by=by, reason=reason)
    transitions.record_event_change(event, EventType.EVENT_MOVED, reason=reason, was=transitions.time_and_place(before))
    return event


@transaction.atomic
def cancel(event, *, by=None, reason, seen=""):
    """It will not take place; it stays readable with the reason, and says so in every calendar. A repeat is a no-op.

    Raises RuleBroken: "reason_required", "wrong_status", "changed_meanwhile" (`seen`).
    """
    event = transitions.locked_event(event)
    if event.status == EventStatus.CANCELLED:
        return event
    transitions.require_transition(event, EventTransition.CANCEL, by=by, seen=seen)
    event.cancel_reason = text_input.clean_text(text_input.require_reason(reason), "reason", most=1000)
    event.status = EventStatus.CANCELLED
    transitions.bump_sequence(event)
    event.save()
    transitions.audit_transition(event, EventTransition.CANCEL, by=by, reason=event.cancel_reason)
    transitions.record_event_change(
        event, EventType.EVENT_CANCELLED, nature=Nature.WITHDRAWAL, reason=event.cancel_reason
    )
    return event


@transaction.atomic
def add_recording(event, *, url, by=None, seen=""):
    """Say where it can be seen again. The first is told, another address only replaces it; the same is a no-op.

    Raises RuleBroken: "invalid_url", "not_started" before it began, "wrong_status", "changed_meanwhile" (`seen`).
    """
    event = transitions.locked_event(event)
    transitions.require_transition(event, EventTransition.ADD_RECORDING, by=by, seen=seen)
    url = drafts.clean_url(url, "recording_url")
    if event.starts_at > timezone.now():
        raise RuleBroken("not_started", _("It has not begun yet."), field="recording_url")
    if url == event.recording_url:
        return event
    is_first, event.recording_url = not event.recording_url, url
    transitions.bump_sequence(event)
    event.save()
    transitions.audit_transition(event, EventTransition.ADD_RECORDING, by=by)
    transitions.record_event_change(event, EventType.EVENT_RECORDED, notify=is_first)
    return event


def refuse_without_place(event):
    if not (event.place or event.online_url):
        raise RuleBroken("place_required", _("Say where it is: a place, an online address, or both."), field="place")


def refuse_other_purpose(event, purpose):
    """Consent is for one purpose (Law 91/2025/QH15): names that were given for it are not kept for another."""
    if purpose.split() != event.data_purpose.split() and event.registrations.exclude(consented_at=None).exists():
        message = _("Names were given for this only: «%s».") % event.data_purpose
        raise RuleBroken("names_already_given", message, field="data_purpose")


def _shift_sessions(event, shift):
    for session in event.sessions.all():
        session.starts_at, session.ends_at = session.starts_at + shift, session.ends_at + shift
        if not event.starts_at <= session.starts_at < session.ends_at <= event.ends_at:
            message = _("The session «%s» would not be within the event any more.") % session.title
            raise RuleBroken("session_outside_event", message, field="sessions")
        session.save(update_fields=["starts_at", "ends_at"])
