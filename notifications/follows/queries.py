from django.db.models import Q

from content.events import queries as events
from content.events.models import Registration
from notifications.follows.models import FollowKind


def registered_events(reader):
    """[(event's id, since when, kinds)]: who comes is told of the event, who has a seat is reminded of it too."""
    rows = Registration.objects.filter(reader=reader).order_by("pk").values_list("event", "registered_at", "status")
    return [(event, since, _kinds_by_registration(status)) for event, since, status in rows]


def _kinds_by_registration(status):
    return (FollowKind.EVENT, FollowKind.REMINDER) if status == Registration.Status.SEATED else (FollowKind.EVENT,)


def calendar_events(reader):
    """The public events of a reader's own calendar: those they come to or wait for, and those they follow."""
    return events.public_events().filter(Q(registrations__reader=reader) | Q(follows__reader=reader)).distinct()
