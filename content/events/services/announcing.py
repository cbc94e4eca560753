"""An event becomes public, and what happens to it then. Each verb tells those who follow or come."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import kinds
from content.errors import RuleBroken
from content.events import queries, searching
from content.events.models import EventMove
from content.events.services import planning, seats, steps
from content.events.states import Status, Step
from content.qa import wording

WHERE = ("province", "place", "online_url")
NOT_BY_CORRECTION = {"starts_at", "ends_at", *WHERE, "status", "is_specimen"}  # those are moves


@transaction.atomic
def announce(event, *, by=None, notify=True, reason="", seen=""):
    """Make a draft public and tell the followers of its topics and organisation. Announcing twice is a no-op.

    Raises RuleBroken: "no_place" (neither a place nor an online address), "no_topic", "past", "past_window", "not_now",
    "changed_meanwhile" (`seen`, see `steps.allow`), NotAllowed("not_yours") for its own writer too, publishers apart.
    """
    event = steps.locked(event)
    if event.status == Status.ANNOUNCED:
        return event
    steps.allow(event, Step.ANNOUNCE, by=by, seen=seen)
    refuse_nowhere(event)
    if not event.topics.exists():
        raise RuleBroken("no_topic", _("Choose at least one topic: its followers are told."), field="topics")
    planning.refuse_past(event)
    event.status = Status.ANNOUNCED
    event.announced_at = event.time_told_at = event.changed_at = timezone.now()
    event.save()
    searching.refresh(event)
    steps.note(event, Step.ANNOUNCE, by=by, reason=reason)
    steps.tell(event, kinds.EVENT_ANNOUNCED, notify=notify)
    return event


@transaction.atomic
def correct(event, *, by=None, reason, seen="", **given):
    """Better what an announced event says, its time and place apart; nobody is told, calendars take it.

    `given` as for `planning.revise`. More seats go to those who wait. Raises RuleBroken: "is_a_move",
    "too_few_seats" (fewer than are taken), "names_were_given" (for another purpose), "changed_meanwhile" (`seen`),
    "no_reason", "no_topic", those of `planning.plan`.
    """
    event = steps.locked(event)
    steps.allow(event, Step.CORRECT, by=by, seen=seen)
    reason = wording.needed(reason)
    moved = [name for name in NOT_BY_CORRECTION & given.keys() if getattr(event, name) != given[name]]
    if moved:
        raise RuleBroken("is_a_move", _("Time and place change by a move."), field=sorted(moved)[0])
    if "topics" in given and not given["topics"]:
        raise RuleBroken("no_topic", _("Choose at least one topic: its followers are told."), field="topics")
    taken = queries.seats(event)[0]
    if given.get("capacity") is not None and given["capacity"] < taken:
        raise RuleBroken("too_few_seats", _("%d seats are taken.") % taken, field="capacity")
    refuse_other_purpose(event, given.get("data_purpose", event.data_purpose))
    steps.changed(event)
    planning.rewrite(event, given)
    searching.refresh(event)
    steps.note(event, Step.CORRECT, by=by, reason=reason)
    steps.tell(event, kinds.EVENT_CORRECTED, notify=False)
    seats.fill(event)
    return event


@transaction.atomic
def move(
    event, *, starts_at, ends_at, province, place, online_url, by=None, reason, registration_closes_at=None, seen=""
):
    """Another time, another place, or both. What had been said before stays readable. Returns the event.

    Sessions, and the end of registration where none is given, move by as much as the beginning. Raises RuleBroken:
    "not_moved", "no_reason", "no_place", "past", "past_window", "bad_window", "outside" (the sessions do not fit any
    more), "changed_meanwhile" (`seen`), those of `planning.plan`.
    """
    event = steps.locked(event)
    steps.allow(event, Step.MOVE, by=by, seen=seen)
    reason = wording.needed(reason)
    before = EventMove(
        event=event, starts_at=event.starts_at, ends_at=event.ends_at, province=event.province, place=event.place,
        online_url=event.online_url, reason=reason, by=by,
    )  # fmt: skip
    shift = starts_at - event.starts_at
    closes_at = event.registration_closes_at
    event.starts_at, event.ends_at = starts_at, ends_at
    event.province, event.place, event.online_url = province, place, online_url
    event.registration_closes_at = registration_closes_at or (closes_at and min(closes_at + shift, ends_at))
    if all(getattr(event, name) == getattr(before, name) for name in ("starts_at", "ends_at", *WHERE)):
        raise RuleBroken("not_moved", _("It is there, and then, already."), field="starts_at")
    refuse_nowhere(event)
    planning.refuse_past(event)
    planning.tidy(event)
    event.status = Status.MOVED
    steps.changed(event)
    if shift:
        event.time_told_at = event.changed_at
    event.save()
    before.save()
    _shift_sessions(event, shift)
    searching.refresh(event)
    steps.note(event, Step.MOVE, by=by, reason=reason)
    steps.tell(event, kinds.EVENT_MOVED, reason=reason, was=steps.when_and_where(before))
    return event


@transaction.atomic
def cancel(event, *, by=None, reason, seen=""):
    """It will not take place; it stays readable with the reason, and says so in every calendar. A repeat is a no-op.

    Raises RuleBroken: "no_reason", "not_now", "changed_meanwhile" (`seen`).
    """
    event = steps.locked(event)
    if event.status == Status.CANCELLED:
        return event
    steps.allow(event, Step.CANCEL, by=by, seen=seen)
    event.cancel_reason = wording.clean(wording.needed(reason), "reason", most=1000)
    event.status = Status.CANCELLED
    steps.changed(event)
    event.save()
    steps.note(event, Step.CANCEL, by=by, reason=event.cancel_reason)
    steps.tell(event, kinds.EVENT_CANCELLED, change_kind=kinds.WITHDRAWAL, reason=event.cancel_reason)
    return event


@transaction.atomic
def add_recording(event, *, url, by=None, seen=""):
    """Say where it can be seen again. The first is told, another address only replaces it; the same is a no-op.

    Raises RuleBroken: "bad_address", "too_early" before it began, "not_now", "changed_meanwhile" (`seen`).
    """
    event = steps.locked(event)
    steps.allow(event, Step.ADD_RECORDING, by=by, seen=seen)
    url = planning.web_address(url, "recording_url")
    if event.starts_at > timezone.now():
        raise RuleBroken("too_early", _("It has not begun yet."), field="recording_url")
    if url == event.recording_url:
        return event
    is_first, event.recording_url = not event.recording_url, url
    steps.changed(event)
    event.save()
    steps.note(event, Step.ADD_RECORDING, by=by)
    steps.tell(event, kinds.EVENT_RECORDED, notify=is_first)
    return event


def refuse_nowhere(event):
    if not (event.place or event.online_url):
        raise RuleBroken("no_place", _("Say where it is: a place, an online address, or both."), field="place")


def refuse_other_purpose(event, purpose):
    """Consent is for one purpose (Law 91/2025/QH15): names that were given for it are not kept for another."""
    if purpose.split() != event.data_purpose.split() and event.registrations.exclude(consented_at=None).exists():
        message = _("Names were given for this only: «%s».") % event.data_purpose
        raise RuleBroken("names_were_given", message, field="data_purpose")


def _shift_sessions(event, shift):
    for session in event.sessions.all():
        session.starts_at, session.ends_at = session.starts_at + shift, session.ends_at + shift
        if not event.starts_at <= session.starts_at < session.ends_at <= event.ends_at:
            message = _("The session «%s» would not be within the event any more.") % session.title
            raise RuleBroken("outside", message, field="sessions")
        session.save(update_fields=["starts_at", "ends_at"])
