"""Messages about events, in Vietnamese and English. Titles and places stay Vietnamese; times are Vietnam time."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import event_types
from content.changes.models import Change
from content.events.models import Event, EventKind
from content.law.page_paths import event_path
from content.vietnam_time import VIETNAM_TIME
from notifications.follows.models import NotificationType
from notifications.messages.message_text import MessageText

NOTIFICATION_TYPES: Mapping[str, NotificationType] = {  # event type → which followers are notified
    event_types.EVENT_ANNOUNCED: NotificationType.EVENT,
    event_types.EVENT_MOVED: NotificationType.EVENT,
    event_types.EVENT_CANCELLED: NotificationType.EVENT,
    event_types.EVENT_RECORDED: NotificationType.EVENT,
    event_types.EVENT_STARTS_SOON: NotificationType.REMINDER,
    event_types.EVENT_SEAT_GIVEN: NotificationType.EVENT,  # only the reader who got it
}
STALE_AFTER_START = {event_types.EVENT_ANNOUNCED, event_types.EVENT_MOVED, event_types.EVENT_STARTS_SOON}

Facts = Mapping[str, Any]  # Change.facts of an event: starts_at, ends_at, place, province …


def full_text(change: Change, language: str, title: str | None = None) -> MessageText:
    """The text for an `event.*` change. A public change contains the title; for a private one it is looked up."""
    with override(language):
        if change.reader_id:
            title = title or Event.objects.filter(key=change.subject).values_list("title", flat=True).first()
            return MessageText(title or _("An event"), _seat_given_body())
        return MessageText(change.facts.get("title") or _("An event"), _BODY_BUILDERS[change.event_type](change.facts))


def lock_screen_text(change: Change, language: str) -> MessageText:
    """The text for a lock screen: it does not contain the title of the event."""
    with override(language):
        return MessageText(_("Your registration"), _seat_given_body())


def link_path(change: Change) -> str:
    """The path of the event; for a registered reader, that of their registration."""
    address = f"/api/v1/events/{change.subject}"
    return f"{address}/registration" if change.reader_id else address


def page_path(change: Change) -> str:
    """The path of the event's page."""
    return event_path(change.subject)


def relevant_until(change: Change) -> datetime.datetime | None:
    """The start of the event, for what concerns nobody once it has started; else None."""
    if change.event_type == event_types.EVENT_SEAT_GIVEN:  # a private change does not contain facts of the event
        return Event.objects.filter(key=change.subject).values_list("starts_at", flat=True).first()
    if change.event_type in STALE_AFTER_START:
        return datetime.datetime.fromisoformat(change.facts["starts_at"])
    return None


def _seat_given_body() -> str:
    return _("You have a seat now. Tap for your code; if you cannot come, please give it back.")


def _announced_body(facts: Facts) -> str:
    values = {"kind": EventKind(facts["kind"]).label, "when": _start_time(facts), "where": _place_name(facts)}
    return _("%(kind)s: %(when)s, %(where)s. Tap for more.") % values


def _moved_body(facts: Facts) -> str:
    was, until = facts.get("was", facts), _formatted_time(facts["ends_at"])
    values = {"when": _start_time(facts), "until": until, "where": _place_name(facts), "was": _start_time(was)}
    if _start_time(facts) != _start_time(was):
        return _("Moved: now %(when)s, %(where)s (it was to be %(was)s).") % values
    if _place_name(facts) != _place_name(was):
        return _("Now at another place: %(where)s, %(when)s as before.") % values
    if until != _formatted_time(was["ends_at"]):
        return _("Now until %(until)s; it begins %(when)s as before, %(where)s.") % values
    return _("Its online address is another one: %(when)s, %(where)s as before.") % values


def _cancelled_body(facts: Facts) -> str:
    values = {"when": _start_time(facts), "reason": facts.get("reason", "")}
    return _("Cancelled (it was to be %(when)s): %(reason)s") % values


def _recorded_body(_facts: Facts) -> str:
    return _("There is a recording. Tap to see it.")


def _starts_soon_body(facts: Facts) -> str:
    values = {"when": _start_time(facts), "where": _place_name(facts)}
    if facts["hours"] == 1:
        return _("Begins within the hour: %(when)s, %(where)s.") % values
    return _("Begins within a day: %(when)s, %(where)s.") % values


def _start_time(facts: Facts) -> str:
    return _formatted_time(facts["starts_at"])


def _formatted_time(moment: str) -> str:
    """«08:00 05/12/2026» in Vietnam time, whatever the server's zone."""
    return datetime.datetime.fromisoformat(moment).astimezone(VIETNAM_TIME).strftime("%H:%M %d/%m/%Y")


def _place_name(facts: Facts) -> str:
    place = facts.get("place")  # none: the event is gone
    return ", ".join(filter(None, [place, place and facts["province"]])) or _("online")


_BODY_BUILDERS: dict[str, Callable[[Facts], str]] = {
    event_types.EVENT_ANNOUNCED: _announced_body,
    event_types.EVENT_MOVED: _moved_body,
    event_types.EVENT_CANCELLED: _cancelled_body,
    event_types.EVENT_RECORDED: _recorded_body,
    event_types.EVENT_STARTS_SOON: _starts_soon_body,
}
