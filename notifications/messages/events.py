"""What is said about events, in Vietnamese and English. Titles and places stay Vietnamese, times are Viet Nam's."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import event_types
from content.events.models import Event, EventKind
from content.vietnam_time import VIETNAM_TIME
from notifications.follows.models import FollowKind
from notifications.messages.message_text import MessageText

FOLLOW_KINDS = {  # which changes are told, and to followers of what
    event_types.EVENT_ANNOUNCED: FollowKind.EVENT,
    event_types.EVENT_MOVED: FollowKind.EVENT,
    event_types.EVENT_CANCELLED: FollowKind.EVENT,
    event_types.EVENT_RECORDED: FollowKind.EVENT,
    event_types.EVENT_STARTS_SOON: FollowKind.REMINDER,
    event_types.EVENT_SEAT_GIVEN: FollowKind.EVENT,  # to the reader alone
}
STALE_AFTER_START = {event_types.EVENT_ANNOUNCED, event_types.EVENT_MOVED, event_types.EVENT_STARTS_SOON}


def full_text(change, language, title=None):
    """The words for an `event.*` change; a public line has the title, that of a reader's own is looked up."""
    with override(language):
        if change.reader_id:
            title = title or Event.objects.filter(key=change.subject).values_list("title", flat=True).first()
            return MessageText(title or _("An event"), _seat_given_body())
        return MessageText(change.facts["title"], _BODY_BUILDERS[change.event_type](change.facts))


def lock_screen_text(change, language):
    """The words for a lock screen: that there is news, not of what."""
    with override(language):
        return MessageText(_("Your registration"), _seat_given_body())


def link_path(change):
    address = f"/api/v1/events/{change.subject}"
    return f"{address}/registration" if change.reader_id else address


def relevant_until(change):
    """What is said of a time to come is worth nothing once it has come."""
    if change.event_type == event_types.EVENT_SEAT_GIVEN:  # a private line says nothing of the event
        return Event.objects.filter(key=change.subject).values_list("starts_at", flat=True).first()
    return (
        datetime.datetime.fromisoformat(change.facts["starts_at"]) if change.event_type in STALE_AFTER_START else None
    )


def _seat_given_body():
    return _("You have a seat now. Tap for your code; if you cannot come, please give it back.")


def _announced_body(facts):
    words = {"kind": EventKind(facts["kind"]).label, "when": _start_time(facts), "where": _place_name(facts)}
    return _("%(kind)s: %(when)s, %(where)s. Tap for more.") % words


def _moved_body(facts):
    was, until = facts["was"], _formatted_time(facts["ends_at"])
    words = {"when": _start_time(facts), "until": until, "where": _place_name(facts), "was": _start_time(was)}
    if _start_time(facts) != _start_time(was):
        return _("Moved: now %(when)s, %(where)s (it was to be %(was)s).") % words
    if _place_name(facts) != _place_name(was):
        return _("Now at another place: %(where)s, %(when)s as before.") % words
    if until != _formatted_time(was["ends_at"]):
        return _("Now until %(until)s; it begins %(when)s as before, %(where)s.") % words
    return _("Its online address is another one: %(when)s, %(where)s as before.") % words


def _cancelled_body(facts):
    return _("Cancelled (it was to be %(when)s): %(reason)s") % {"when": _start_time(facts), "reason": facts["reason"]}


def _recorded_body(facts):
    return _("There is a recording. Tap to see it.")


def _starts_soon_body(facts):
    words = {"when": _start_time(facts), "where": _place_name(facts)}
    if facts["hours"] == 1:
        return _("Begins within the hour: %(when)s, %(where)s.") % words
    return _("Begins within a day: %(when)s, %(where)s.") % words


def _start_time(facts):
    return _formatted_time(facts["starts_at"])


def _formatted_time(moment):
    """«08:00 05/12/2026», by the clocks of Viet Nam whatever the server's."""
    return datetime.datetime.fromisoformat(moment).astimezone(VIETNAM_TIME).strftime("%H:%M %d/%m/%Y")


def _place_name(facts):
    place = ", ".join(filter(None, [facts["place"], facts["place"] and facts["province"]]))
    return place or _("online")


_BODY_BUILDERS = {
    event_types.EVENT_ANNOUNCED: _announced_body,
    event_types.EVENT_MOVED: _moved_body,
    event_types.EVENT_CANCELLED: _cancelled_body,
    event_types.EVENT_RECORDED: _recorded_body,
    event_types.EVENT_STARTS_SOON: _starts_soon_body,
}
