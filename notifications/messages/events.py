"""What is said about events, in Vietnamese and English. Titles and places stay Vietnamese, times are Viet Nam's."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import kinds
from content.documents.effect import VIETNAM
from content.events.models import Event
from content.events.models import Kind as EventKind
from notifications.follows.models import Kind
from notifications.messages.words import Words

KINDS = {  # which changes are told, and to followers of what
    kinds.EVENT_ANNOUNCED: Kind.EVENT,
    kinds.EVENT_MOVED: Kind.EVENT,
    kinds.EVENT_CANCELLED: Kind.EVENT,
    kinds.EVENT_RECORDED: Kind.EVENT,
    kinds.EVENT_STARTS_SOON: Kind.REMINDER,
    kinds.EVENT_SEAT_GIVEN: Kind.EVENT,  # to the reader alone
}
UNTIL_IT_BEGINS = {kinds.EVENT_ANNOUNCED, kinds.EVENT_MOVED, kinds.EVENT_STARTS_SOON}


def words(change, language, title=None):
    """The words for an `event.*` change; a public line has the title, that of a reader's own is looked up."""
    with override(language):
        if change.reader_id:
            title = title or Event.objects.filter(key=change.subject).values_list("title", flat=True).first()
            return Words(title or _("An event"), _own_body())
        return Words(change.facts["title"], _BODIES[change.kind](change.facts))


def generic(change, language):
    """The words for a lock screen: that there is news, not of what."""
    with override(language):
        return Words(_("Your registration"), _own_body())


def path(change):
    address = f"/api/v1/events/{change.subject}"
    return f"{address}/registration" if change.reader_id else address


def until(change):
    """What is said of a time to come is worth nothing once it has come."""
    if change.kind == kinds.EVENT_SEAT_GIVEN:  # a private line says nothing of the event
        return Event.objects.filter(key=change.subject).values_list("starts_at", flat=True).first()
    return datetime.datetime.fromisoformat(change.facts["starts_at"]) if change.kind in UNTIL_IT_BEGINS else None


def _own_body():
    return _("You have a seat now. Tap for your code; if you cannot come, please give it back.")


def _announced(facts):
    words = {"kind": EventKind(facts["kind"]).label, "when": _when(facts), "where": _where(facts)}
    return _("%(kind)s: %(when)s, %(where)s. Tap for more.") % words


def _moved(facts):
    was, until = facts["was"], _written(facts["ends_at"])
    words = {"when": _when(facts), "until": until, "where": _where(facts), "was": _when(was)}
    if _when(facts) != _when(was):
        return _("Moved: now %(when)s, %(where)s (it was to be %(was)s).") % words
    if _where(facts) != _where(was):
        return _("Now at another place: %(where)s, %(when)s as before.") % words
    if until != _written(was["ends_at"]):
        return _("Now until %(until)s; it begins %(when)s as before, %(where)s.") % words
    return _("Its online address is another one: %(when)s, %(where)s as before.") % words


def _cancelled(facts):
    return _("Cancelled (it was to be %(when)s): %(reason)s") % {"when": _when(facts), "reason": facts["reason"]}


def _recorded(facts):
    return _("There is a recording. Tap to see it.")


def _starts_soon(facts):
    words = {"when": _when(facts), "where": _where(facts)}
    if facts["hours"] == 1:
        return _("Begins within the hour: %(when)s, %(where)s.") % words
    return _("Begins within a day: %(when)s, %(where)s.") % words


def _when(facts):
    return _written(facts["starts_at"])


def _written(moment):
    """«08:00 05/12/2026», by the clocks of Viet Nam whatever the server's."""
    return datetime.datetime.fromisoformat(moment).astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def _where(facts):
    place = ", ".join(filter(None, [facts["place"], facts["place"] and facts["province"]]))
    return place or _("online")


_BODIES = {
    kinds.EVENT_ANNOUNCED: _announced,
    kinds.EVENT_MOVED: _moved,
    kinds.EVENT_CANCELLED: _cancelled,
    kinds.EVENT_RECORDED: _recorded,
    kinds.EVENT_STARTS_SOON: _starts_soon,
}
