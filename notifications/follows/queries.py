"""Read which notifications registrations, entries and follows ask for, and a reader's calendar."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from content.contests import queries as contests
from content.events import queries as events
from content.events.models import Event, Registration
from content.people.models import Reader
from notifications.follows.models import FcmSubscription, NotificationType


@dataclass(frozen=True)
class RegisteredEvent:
    """An event that a reader is registered for, since when, and which notifications follow from it."""

    event_id: int
    since: datetime.datetime
    notification_types: tuple[NotificationType, ...]


def registered_events(reader: Reader) -> list[RegisteredEvent]:
    """The events a reader is registered for. Everybody registered gets news of it; who has a seat is reminded too."""
    rows = Registration.objects.filter(reader=reader).order_by("pk").values_list("event", "registered_at", "status")
    return [RegisteredEvent(event, since, _types_for(status)) for event, since, status in rows]


@dataclass(frozen=True)
class EnteredContest:
    """A contest in which a reader takes part, and since when. They get all notifications about it."""

    contest_id: int
    since: datetime.datetime


ENTRANT_TYPES = (NotificationType.CONTEST, NotificationType.REMINDER)


def entered_contests(reader: Reader) -> list[EnteredContest]:
    """The contests in which a reader takes part, and whose end is not long ago."""
    entries = contests.entries_with_news(reader).values_list("contest", "entered_at")
    return [EnteredContest(contest, since) for contest, since in entries]


def _types_for(status: str) -> tuple[NotificationType, ...]:
    if status == Registration.Status.SEATED:
        return (NotificationType.EVENT, NotificationType.REMINDER)
    return (NotificationType.EVENT,)


def desired_subscriptions(topic_names: list[str]) -> QuerySet[FcmSubscription]:
    """Subscriptions to these FCM topics that follows ask for, of devices with a registration."""
    return FcmSubscription.objects.filter(
        fcm_topic__in=topic_names, desired=True, device__registration_id__isnull=False
    )


def calendar_events(reader: Reader) -> QuerySet[Event]:
    """The public events of a reader's own calendar: those they are registered for or follow."""
    own = Q(registrations__reader=reader) | Q(follows__reader=reader)
    calendar: QuerySet[Event] = events.public_events().filter(own).distinct()
    return calendar
