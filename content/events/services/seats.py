"""Who comes: seats are given one after the other under the event's lock, so none is given twice."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.errors import RuleBroken
from content.events import policy, queries
from content.events.models import Event, Registration
from content.events.services import transitions
from content.events.states import AHEAD_STATUSES, EventStatus
from content.people import services as people
from content.people import text_input
from content.people.models import Reader

RegistrationStatus = Registration.Status


@transaction.atomic
def register(event, reader, *, name="", contact="", consent=False):
    """Give this reader a seat, or the last place on the waiting list. Returns (registration, created).

    The same again keeps seat and place, and what it says of the person replaces what was said before. Raises
    RuleBroken: "registration_closed" (no window, before or after it, or the event is not ahead), "name_not_requested" (the
    event needs no names), "consent_required".
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    event = transitions.locked_event(event)
    standing = queries.registration_of(reader, event)
    if standing is None and not event.takes_registrations(timezone.now()):
        raise RuleBroken("registration_closed", _("Registration is not open."))
    person = _person_columns(event, name, contact, consent)
    if standing:
        Registration.objects.filter(pk=standing.pk).update(**person)
        standing.refresh_from_db()
        return standing, False
    waits = (
        queries.free_seat_count(event) == 0 or event.registrations.filter(status=RegistrationStatus.WAITING).exists()
    )
    status = (
        RegistrationStatus.WAITING if waits else RegistrationStatus.SEATED
    )  # once it has begun a seat may be free: nobody jumps the queue
    return Registration.objects.create(event=event, reader=reader, status=status, **person), True


@transaction.atomic
def unregister(event, reader):
    """The reader does not come. Their seat goes to the first who waits, who is told. A no-op without a registration."""
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    event = transitions.locked_event(event)
    if event.registrations.filter(reader=reader).delete()[0]:
        assign_free_seats(event)


@transaction.atomic
def erase_registrations_of(reader):
    """Erase that this reader meant to come anywhere; seats go to those who wait. To be called before it is deleted."""
    registered = Event.objects.filter(registrations__reader=reader).values_list("pk", flat=True)
    for event in Event.objects.select_for_update(no_key=True).filter(pk__in=list(registered)).order_by("pk"):
        event.registrations.filter(reader=reader).delete()
        assign_free_seats(event)


def assign_free_seats(event):
    """Give free seats of a locked event that is still to begin to those who wait, in their order. Returns how many."""
    if event.status not in AHEAD_STATUSES or event.starts_at <= timezone.now():
        return 0
    waiting = event.registrations.filter(status=RegistrationStatus.WAITING).select_related("reader").order_by("pk")
    promoted = list(waiting[: queries.free_seat_count(event)])
    for registration in promoted:
        registration.status = RegistrationStatus.SEATED
        registration.save(update_fields=["status"])
        changes.record_change(
            EventType.EVENT_SEAT_GIVEN, event.key, nature=Nature.EDITORIAL, reader=registration.reader
        )  # private, and without a word
    return len(promoted)


def assign_all_free_seats(now=None):
    """Wherever a seat is free though somebody waits, give it. Returns how many were given."""
    given = 0
    for event in queries.events_with_free_seats_and_waiting(now or timezone.now()):
        with transaction.atomic():
            given += assign_free_seats(transitions.locked_event(event))
    return given


@transaction.atomic
def check_in(event, code, *, by):
    """The holder of this code is there. Returns (registration, whether this is the first time).

    Raises RuleBroken: "unknown_code" (not of this event), "on_waiting_list" (no seat), "wrong_status" (cancelled, or not public),
    NotAllowed("not_allowed").
    """
    event = transitions.locked_event(event)
    if not policy.may_check_in(by):
        raise transitions.NotAllowed("not_allowed", _("You do not check people in."))
    if event.status not in (*AHEAD_STATUSES, EventStatus.HELD):
        raise RuleBroken("wrong_status", _("The event does not take place."))
    registration = event.registrations.filter(code="".join(code.split()).lower()[:20]).first()
    if registration is None:
        raise RuleBroken("unknown_code", _("Nobody is registered here under this code."), field="code")
    if registration.status == RegistrationStatus.WAITING:
        message = _("Number %d on the waiting list: no seat.") % queries.waiting_position(registration)
        raise RuleBroken("on_waiting_list", message, field="code")
    if registration.checked_in_at:
        return registration, False
    registration.checked_in_at, registration.checked_in_by = timezone.now(), by
    registration.save(update_fields=["checked_in_at", "checked_in_by"])
    people.audit("event.checked_in", event.key, by=by)
    return registration, True


@transaction.atomic
def read_registrations(event, *, by):
    """All who are registered, seats first, in their order. Where names were given, that they were read is noted."""
    if not policy.may_check_in(by):
        raise transitions.NotAllowed("not_allowed", _("You do not see who comes."))
    rows = list(event.registrations.order_by("status", "pk"))
    if any(row.name or row.contact for row in rows):
        people.audit("event.registrations_read", event.key, by=by)
    return rows


def _person_columns(event, name, contact, consent):
    """The columns about the person, as far as the event may have them."""
    name = name.strip() and text_input.clean_line(name, "name", most=Registration.NAME_LENGTH)
    contact = contact.strip() and text_input.clean_line(contact, "contact", most=Registration.CONTACT_LENGTH)
    if not (name or contact):
        return {"name": "", "contact": "", "consented_at": None}
    if not event.data_purpose:
        raise RuleBroken("name_not_requested", _("This event needs no names: leave them out."), field="name")
    if not consent:
        raise RuleBroken("consent_required", _("Names are kept only with your consent."), field="consent")
    return {"name": name, "contact": contact, "consented_at": timezone.now()}
