from django.db.models import Q

from content.events import queries as events
from content.events.models import Registration
from notifications.follows.models import Kind


def attended(reader):
    """[(event's id, since when, kinds)]: who comes is told of the event, who has a seat is reminded of it too."""
    rows = Registration.objects.filter(reader=reader).order_by("pk").values_list("event", "registered_at", "state")
    return [(event, since, _told_of(state)) for event, since, state in rows]


def _told_of(state):
    return (Kind.EVENT, Kind.REMINDER) if state == Registration.State.SEATED else (Kind.EVENT,)


def events_of(reader):
    """The public events of a reader's own calendar: those they come to or wait for, and those they follow."""
    return events.public_events().filter(Q(registrations__reader=reader) | Q(follows__reader=reader)).distinct()
