import datetime
import hashlib
import json

from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Extract

from content.events.models import Event, ReaderCalendar, Registration
from content.events.states import AHEAD_STATUSES, PUBLIC_STATUSES, EventStatus
from content.qa.models import Question
from content.topics.queries import with_descendants
from content.vietnam_time import VIETNAM_TIME

CALENDAR_PAST = datetime.timedelta(days=90)  # how long what is over stays in a calendar
IDS_PER_SECOND = 1_000_000_000  # for the ids of rows beside one another in the same second
UNFINGERPRINTED_FIELDS = {
    "day_reminder_sent_for",
    "hour_reminder_sent_for",
    "checked_in_count",
    "registrations_erased_at",
    "search_words",
    "search_codes",
}
RegistrationStatus = Registration.Status


def public_events():
    """All that were announced, whatever became of them, the soonest first, with what their representation needs."""
    seconds = Cast(Extract("starts_at", "epoch"), BigIntegerField())
    in_order = ExpressionWrapper(seconds * Value(IDS_PER_SECOND) + F("id"), BigIntegerField())
    return (
        Event.objects.filter(status__in=PUBLIC_STATUSES)
        .select_related("organisation", "province")
        .prefetch_related("topics")
        .annotate(calendar_order=in_order)
        .order_by("calendar_order")
    )


def events_announced_by(day):
    """The bare rows of what was announced when that day ended (Viet Nam time)."""
    return Event.objects.filter(
        status__in=PUBLIC_STATUSES, announced_at__lt=_midnight(day + datetime.timedelta(days=1))
    )


def changed_at_by_key(keys):
    """{key: when what the public sees of it was last written} of those events that are public."""
    return dict(Event.objects.filter(status__in=PUBLIC_STATUSES, key__in=keys).values_list("key", "changed_at"))


def with_details(events):
    """With all that one event's own page shows."""
    return events.prefetch_related("sessions__speakers", "speakers", "materials", "moves__province")


def events_between(events, first, last):
    """Narrow to those that take place on a day from `first` to `last`, both included, in Viet Nam."""
    return events.filter(starts_at__lt=_midnight(last + datetime.timedelta(days=1)), ends_at__gt=_midnight(first))


def events_about(events, topics):
    """Narrow to those about one of these topics or a heading of theirs."""
    return events.filter(topics__in=with_descendants(topics)).distinct()


def events_in_calendars(events, moment):
    """Narrow to those a calendar shows: ahead, and those of the last 90 days."""
    return events.filter(ends_at__gt=moment - CALENDAR_PAST)


def event_fingerprint(event):
    """A fingerprint of all that is said of an event: whatever staff changes, another one; the clock changes none."""
    said = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
    rows = [
        event.topics.order_by("pk").values_list("pk"),
        event.sessions.values_list("title", "starts_at", "ends_at"),
        event.speakers.values_list("session__title", "name", "about"),
        event.materials.values_list("title", "url"),
    ]
    kept = [said[name] for name in sorted(said.keys() - UNFINGERPRINTED_FIELDS)]
    return hashlib.sha256(json.dumps([kept, *map(list, rows)], default=str).encode()).hexdigest()


def events_registered_for(reader):
    """The public events that reader has a seat at, or waits for one."""
    return public_events().filter(registrations__reader=reader)


def registration_of(reader, event):
    """The reader's registration, None without one."""
    return event.registrations.filter(reader=reader).first()


def registrations_of(reader):
    """All of a reader's, the latest first, with their events."""
    registrations = Registration.objects.filter(reader=reader).select_related("event__organisation", "event__province")
    return with_waiting_position(registrations).prefetch_related("event__topics").order_by("-pk")


def with_waiting_position(registrations):
    """With what `position` else counts for each."""
    waiting = Registration.objects.filter(
        event=OuterRef("event"), status=RegistrationStatus.WAITING, pk__lte=OuterRef("pk")
    )
    counted = waiting.order_by().values("event").annotate(count=Count("pk")).values("count")
    return registrations.annotate(place_in_line=Subquery(counted))


def waiting_position(registration):
    """Which one on the waiting list, from 1; None for who has a seat."""
    if registration.status == RegistrationStatus.SEATED:
        return None
    if hasattr(registration, "place_in_line"):
        return registration.place_in_line
    return registration.event.registrations.filter(status=RegistrationStatus.WAITING, pk__lte=registration.pk).count()


def seat_counts(event):
    """(seated, waiting, checked in): how many."""
    counts = event.registrations.aggregate(
        seated=Count("pk", filter=Q(status=RegistrationStatus.SEATED)),
        waiting=Count("pk", filter=Q(status=RegistrationStatus.WAITING)),
        checked_in_count=Count("pk", filter=Q(checked_in_at__isnull=False)),
    )
    return counts["seated"], counts["waiting"], counts["checked_in_count"]


def free_seat_count(event):
    """How many are left; None where there is one for everybody."""
    if event.capacity is None:
        return None
    return max(event.capacity - event.registrations.filter(status=RegistrationStatus.SEATED).count(), 0)


def events_with_free_seats_and_waiting(moment):
    """Events ahead at which somebody waits though a seat is free: what a killed process may leave behind."""
    counted = Event.objects.filter(status__in=AHEAD_STATUSES, starts_at__gt=moment).annotate(
        seated=Count("registrations", filter=Q(registrations__status=RegistrationStatus.SEATED)),
        waiting=Count("registrations", filter=Q(registrations__status=RegistrationStatus.WAITING)),
    )
    return counted.filter(Q(capacity=None) | Q(capacity__gt=F("seated")), waiting__gt=0).order_by("pk")


def ended_events(moment):
    """Events that ended and nobody has noted it."""
    return Event.objects.filter(status__in=AHEAD_STATUSES, ends_at__lte=moment).order_by("pk")


def events_beginning_within(lead, moment):
    """Events that begin within `lead` of that moment, and whose time was known before the reminder was due.

    Whoever learns the time only later learns it from the announcement, or from the news that it was moved.
    """
    told_by = ExpressionWrapper(F("starts_at") - Value(lead, DurationField()), DateTimeField())
    known = Event.objects.filter(status__in=AHEAD_STATUSES, starts_at__gt=moment, starts_at__lte=moment + lead)
    return known.annotate(due_at=told_by).filter(time_announced_at__lte=F("due_at")).order_by("pk")


def events_to_erase(moment):
    """Events over for so long that nobody needs to know who came."""
    over = Event.objects.filter(
        status__in=[EventStatus.HELD, EventStatus.CANCELLED], ends_at__lte=moment, registrations_erased_at=None
    )
    return over.order_by("pk")  # they are locked one after the other


def calendar_owner(secret):
    """The reader whose calendar has this secret; None if it is nobody's."""
    owned = ReaderCalendar.objects.select_related("reader").filter(secret_hash=secret_hash(secret)).first()
    return owned and owned.reader


def secret_hash(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def advance_questions_of(event):
    """All that was asked ahead for an event, oldest first."""
    return Question.objects.filter(asked_ahead__event=event).order_by("pk")


def events_of_week(day):
    """[(day, its events, drafts included)] from the Monday before that day to the Sunday after."""
    monday = day - datetime.timedelta(days=day.weekday())
    days = [monday + datetime.timedelta(days=number) for number in range(7)]
    found = events_between(Event.objects.select_related("organisation", "province"), days[0], days[-1])
    events = list(found.order_by("starts_at", "pk"))
    return [(each, [event for event in events if _takes_place_on(event, each)]) for each in days]


def _takes_place_on(event, day):
    return event.starts_at < _midnight(day + datetime.timedelta(days=1)) and event.ends_at > _midnight(day)


def _midnight(day):
    return datetime.datetime.combine(day, datetime.time(), VIETNAM_TIME)
