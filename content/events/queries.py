"""Which events, registrations and calendars there are, and how they are fetched."""

import datetime
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Extract

from content.events.models import Event, ReaderCalendar, Registration
from content.events.states import AHEAD_STATUSES, PUBLIC_STATUSES, EventStatus
from content.people.models import Reader
from content.qa.models import Question
from content.topics.models import Topic
from content.topics.queries import with_descendants
from content.vietnam_time import VIETNAM_TIME

CALENDAR_PAST = datetime.timedelta(days=90)  # how long a calendar shows past events
IDS_PER_SECOND = 1_000_000_000  # orders events of the same second by id
UNFINGERPRINTED_FIELDS = {
    "day_reminder_sent_for",
    "hour_reminder_sent_for",
    "checked_in_count",
    "registrations_erased_at",
    "search_words",
    "search_codes",
}
RegistrationStatus = Registration.Status


def public_events() -> QuerySet[Event]:
    """All announced events, whatever their status, the soonest first, with the related objects that the API shows."""
    seconds = Cast(Extract("starts_at", "epoch"), BigIntegerField())
    in_order = ExpressionWrapper(seconds * Value(IDS_PER_SECOND) + F("id"), BigIntegerField())
    return (
        Event.objects.filter(status__in=PUBLIC_STATUSES)
        .select_related("organisation", "province")
        .prefetch_related("topics")
        .annotate(calendar_order=in_order)
        .order_by("calendar_order")
    )


def events_announced_by(day: datetime.date) -> QuerySet[Event]:
    """The events announced by the end of that day (Viet Nam time), without related objects."""
    return Event.objects.filter(
        status__in=PUBLIC_STATUSES, announced_at__lt=_midnight(day + datetime.timedelta(days=1))
    )


def changed_at_by_key(keys: Iterable[str]) -> dict[str, datetime.datetime | None]:
    """{key: when its public content was last written} for the events that are public."""
    return dict(Event.objects.filter(status__in=PUBLIC_STATUSES, key__in=keys).values_list("key", "changed_at"))


def public_titles_by_key(keys: Iterable[str]) -> dict[str, str]:
    """{key: title} of those of these events that are public."""
    return dict(Event.objects.filter(status__in=PUBLIC_STATUSES, key__in=keys).values_list("key", "title"))


def with_details(events: QuerySet[Event]) -> QuerySet[Event]:
    """With all that the page of one event shows."""
    return events.prefetch_related("sessions__speakers", "speakers", "materials", "moves__province")


def events_between(events: QuerySet[Event], first: datetime.date, last: datetime.date) -> QuerySet[Event]:
    """Narrow to those that take place on a day from `first` to `last`, both included, in Viet Nam."""
    return events.filter(starts_at__lt=_midnight(last + datetime.timedelta(days=1)), ends_at__gt=_midnight(first))


def events_about(events: QuerySet[Event], topics: Iterable[Topic]) -> QuerySet[Event]:
    """Narrow to those about one of these topics or a topic under them."""
    return events.filter(topics__in=with_descendants(topics)).distinct()


def events_in_calendars(events: QuerySet[Event], moment: datetime.datetime) -> QuerySet[Event]:
    """Narrow to those a calendar shows: future events, and those of the last 90 days."""
    return events.filter(ends_at__gt=moment - CALENDAR_PAST)


def event_fingerprint(event: Event) -> str:
    """A fingerprint of the content of an event. Staff edits change it, reminders and erasures do not."""
    values = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
    rows = [
        event.topics.order_by("pk").values_list("pk"),
        event.sessions.values_list("title", "starts_at", "ends_at"),
        event.speakers.values_list("session__title", "name", "about"),
        event.materials.values_list("title", "url"),
    ]
    fields = [values[name] for name in sorted(values.keys() - UNFINGERPRINTED_FIELDS)]
    return hashlib.sha256(json.dumps([fields, *map(list, rows)], default=str).encode()).hexdigest()


def public_texts(event: Event) -> dict[str, str]:
    """{name: text} of what the page of an event says in words and links, but for its place, which changes by a move."""
    lists = {
        "sessions": event.sessions.values_list("title"),
        "speakers": event.speakers.values_list("name", "about"),
        "materials": event.materials.values_list("title", "url"),
    }
    texts = {name: "\n".join(" ".join(row) for row in rows) for name, rows in lists.items()}
    return texts | {name: getattr(event, name) for name in ("title", "text", "data_purpose", "recording_url")}


def events_registered_for(reader: Reader) -> QuerySet[Event]:
    """The public events at which that reader has a seat or waits for one."""
    return public_events().filter(registrations__reader=reader)


def registration_of(reader: Reader, event: Event) -> Registration | None:
    """The reader's registration for the event, None without one."""
    return event.registrations.filter(reader=reader).first()


def registrations_of(reader: Reader) -> QuerySet[Registration]:
    """All registrations of a reader, the latest first, with their events."""
    registrations = Registration.objects.filter(reader=reader).select_related("event__organisation", "event__province")
    return with_waiting_position(registrations).prefetch_related("event__topics").order_by("-pk")


def with_waiting_position(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Add `place_in_line`, which `waiting_position` would else count for each."""
    waiting = Registration.objects.filter(
        event=OuterRef("event"), status=RegistrationStatus.WAITING, pk__lte=OuterRef("pk")
    )
    counted = waiting.order_by().values("event").annotate(count=Count("pk")).values("count")
    return registrations.annotate(place_in_line=Subquery(counted))


def waiting_position(registration: Registration) -> int | None:
    """The place on the waiting list, from 1; None with a seat."""
    if registration.status == RegistrationStatus.SEATED:
        return None
    if hasattr(registration, "place_in_line"):
        return registration.place_in_line
    return registration.event.registrations.filter(status=RegistrationStatus.WAITING, pk__lte=registration.pk).count()


@dataclass(frozen=True)
class SeatCounts:
    """How many registrations of an event have a seat, wait for one, and were checked in."""

    seated: int
    waiting: int
    checked_in: int


def seat_counts(event: Event) -> SeatCounts:
    counts = event.registrations.aggregate(
        seated=Count("pk", filter=Q(status=RegistrationStatus.SEATED)),
        waiting=Count("pk", filter=Q(status=RegistrationStatus.WAITING)),
        checked_in=Count("pk", filter=Q(checked_in_at__isnull=False)),
    )
    return SeatCounts(**counts)


def free_seat_count(event: Event) -> int | None:
    """How many seats are free; None without a limit."""
    if event.capacity is None:
        return None
    return max(event.capacity - event.registrations.filter(status=RegistrationStatus.SEATED).count(), 0)


def events_with_free_seats_and_waiting(moment: datetime.datetime) -> QuerySet[Event]:
    """Future events with a waiting list and a free seat: a killed process may leave them."""
    counted = Event.objects.filter(status__in=AHEAD_STATUSES, starts_at__gt=moment).annotate(
        seated=Count("registrations", filter=Q(registrations__status=RegistrationStatus.SEATED)),
        waiting=Count("registrations", filter=Q(registrations__status=RegistrationStatus.WAITING)),
    )
    return counted.filter(Q(capacity=None) | Q(capacity__gt=F("seated")), waiting__gt=0).order_by("pk")


def ended_events(moment: datetime.datetime) -> QuerySet[Event]:
    """Our own events that have ended and are not yet set to held; of a copy its home says so."""
    return Event.objects.filter(home="", status__in=AHEAD_STATUSES, ends_at__lte=moment).order_by("pk")


def events_beginning_within(lead: datetime.timedelta, moment: datetime.datetime) -> QuerySet[Event]:
    """Events that start within `lead` of that moment, if their time was announced before the reminder was due.

    Otherwise the announcement, or the message about the move, is the reminder.
    """
    remind_at = ExpressionWrapper(F("starts_at") - Value(lead, DurationField()), DateTimeField())
    known = Event.objects.filter(status__in=AHEAD_STATUSES, starts_at__gt=moment, starts_at__lte=moment + lead)
    return known.annotate(due_at=remind_at).filter(time_announced_at__lte=F("due_at")).order_by("pk")


def events_to_erase(moment: datetime.datetime) -> QuerySet[Event]:
    """Events whose registrations are to be erased: they ended before that moment."""
    over = Event.objects.filter(
        status__in=[EventStatus.HELD, EventStatus.CANCELLED], ends_at__lte=moment, registrations_erased_at=None
    )
    return over.order_by("pk")  # the order in which they are locked


def calendar_owner(secret: str) -> Reader | None:
    """The reader whose calendar has this secret, None without one."""
    owned = ReaderCalendar.objects.select_related("reader").filter(secret_hash=secret_hash(secret)).first()
    return owned.reader if owned else None


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def advance_questions_of(event: Event) -> QuerySet[Question]:
    """The questions asked before the event, oldest first."""
    return Question.objects.filter(asked_ahead__event=event).order_by("pk")


def events_of_week(day: datetime.date) -> list[tuple[datetime.date, list[Event]]]:
    """[(day, its events with drafts)] for the week of that day, from Monday."""
    monday = day - datetime.timedelta(days=day.weekday())
    days = [monday + datetime.timedelta(days=number) for number in range(7)]
    found = events_between(Event.objects.select_related("organisation", "province"), days[0], days[-1])
    events = list(found.order_by("starts_at", "pk"))
    return [(each, [event for event in events if _takes_place_on(event, each)]) for each in days]


def _takes_place_on(event: Event, day: datetime.date) -> bool:
    return event.starts_at < _midnight(day + datetime.timedelta(days=1)) and event.ends_at > _midnight(day)


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), VIETNAM_TIME)
