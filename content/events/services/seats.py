"""Registrations: seats are assigned one after the other under the lock of the event, so none is assigned twice."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.errors import NotAllowed, RuleBroken
from content.events import policy, queries
from content.events.models import Event, Registration
from content.events.services import transitions
from content.events.states import AHEAD_STATUSES, EventStatus
from content.people import services as people
from content.people import text_input
from content.people.models import Reader, User

RegistrationStatus = Registration.Status


@transaction.atomic
def register(
    event: Event, reader: Reader, *, name: str = "", contact: str = "", consent: bool = False
) -> tuple[Registration, bool]:
    """Give this reader a seat, or the last place on the waiting list. Returns (registration, created).

    Registering again keeps seat and place and replaces name and contact. Raises RuleBroken: "registration_closed" (no
    registration period, outside of it, or the event has begun or was cancelled), "name_not_requested" (the event
    collects no names), "consent_required".
    """
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    event = transitions.locked_event(event)
    existing = queries.registration_of(reader, event)
    if existing is None and not event.takes_registrations(timezone.now()):
        raise RuleBroken("registration_closed", _("Registration for this event is not open."))
    person = _person_columns(event, name, contact, consent)
    if existing:
        Registration.objects.filter(pk=existing.pk).update(**person)
        existing.refresh_from_db()
        return existing, False
    waits = (
        queries.free_seat_count(event) == 0 or event.registrations.filter(status=RegistrationStatus.WAITING).exists()
    )
    # after the start a seat may be free though others wait: they come first
    status = RegistrationStatus.WAITING if waits else RegistrationStatus.SEATED
    return Registration.objects.create(event=event, reader=reader, status=status, **person), True


@transaction.atomic
def unregister(event: Event, reader: Reader) -> None:
    """Cancel the reader's registration. The first on the waiting list gets the seat. A no-op without a registration."""
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)
    event = transitions.locked_event(event)
    if event.registrations.filter(reader=reader).delete()[0]:
        assign_free_seats(event)


@transaction.atomic
def erase_registrations_of(reader: Reader) -> None:
    """Erase all registrations of a reader; the seats go to the waiting lists. Call it before the reader is deleted."""
    registered = Event.objects.filter(registrations__reader=reader).values_list("pk", flat=True)
    for event in Event.objects.select_for_update(no_key=True).filter(pk__in=list(registered)).order_by("pk"):
        event.registrations.filter(reader=reader).delete()
        assign_free_seats(event)


def assign_free_seats(event: Event) -> int:
    """Assign free seats of a locked event that has not begun to the waiting list, in its order. Returns how many."""
    if event.status not in AHEAD_STATUSES or event.starts_at <= timezone.now():
        return 0
    waiting = event.registrations.filter(status=RegistrationStatus.WAITING).select_related("reader").order_by("pk")
    promoted = list(waiting[: queries.free_seat_count(event)])
    for registration in promoted:
        registration.status = RegistrationStatus.SEATED
        registration.save(update_fields=["status"])
        changes.record_change(
            EventType.EVENT_SEAT_GIVEN, event.key, nature=Nature.EDITORIAL, reader=registration.reader
        )  # private, without any fact
    return len(promoted)


def assign_all_free_seats(now: datetime.datetime | None = None) -> int:
    """Assign the free seats of all events that have a waiting list. Returns how many."""
    count = 0
    for event in queries.events_with_free_seats_and_waiting(now or timezone.now()):
        with transaction.atomic():
            count += assign_free_seats(transitions.locked_event(event))
    return count


@transaction.atomic
def check_in(event: Event, code: str, *, by: User) -> tuple[Registration, bool]:
    """Check in the holder of this code. Returns (registration, whether this is the first time).

    Raises RuleBroken: "unknown_code" (none of this event), "on_waiting_list" (no seat), "wrong_status" (the event is a
    draft or cancelled), NotAllowed("not_allowed").
    """
    event = transitions.locked_event(event)
    if not policy.may_check_in(by):
        raise NotAllowed("not_allowed", _("You are not allowed to check people in."))
    if event.status not in (*AHEAD_STATUSES, EventStatus.HELD):
        raise RuleBroken("wrong_status", _("The event is not announced or was cancelled."))
    registration = event.registrations.filter(code="".join(code.split()).lower()[:20]).first()
    if registration is None:
        raise RuleBroken(
            "unknown_code", _("No registration of this event has this code. Check the code."), field="code"
        )
    if registration.status == RegistrationStatus.WAITING:
        message = _("This person has no seat: number %d on the waiting list.") % queries.waiting_position(registration)
        raise RuleBroken("on_waiting_list", message, field="code")
    if registration.checked_in_at:
        return registration, False
    registration.checked_in_at, registration.checked_in_by = timezone.now(), by
    registration.save(update_fields=["checked_in_at", "checked_in_by"])
    people.audit("event.checked_in", event.key, by=by)
    return registration, True


@transaction.atomic
def read_registrations(event: Event, *, by: User) -> list[Registration]:
    """All registrations, seats first, in their order. Reading names or contacts is audited."""
    if not policy.may_check_in(by):
        raise NotAllowed("not_allowed", _("You are not allowed to see registrations."))
    rows = list(event.registrations.order_by("status", "pk"))
    if any(row.name or row.contact for row in rows):
        people.audit("event.registrations_read", event.key, by=by)
    return rows


def _person_columns(event: Event, name: str, contact: str, consent: bool) -> dict[str, Any]:
    """The columns about the person that the event may store."""
    name = name.strip() and text_input.clean_line(name, "name", max_length=Registration.NAME_LENGTH)
    contact = contact.strip() and text_input.clean_line(contact, "contact", max_length=Registration.CONTACT_LENGTH)
    if not (name or contact):
        return {"name": "", "contact": "", "consented_at": None}
    if not event.data_purpose:
        raise RuleBroken(
            "name_not_requested", _("This event does not collect names. Omit name and contact."), field="name"
        )
    if not consent:
        raise RuleBroken("consent_required", _("Give your consent, or omit name and contact."), field="consent")
    return {"name": name, "contact": contact, "consented_at": timezone.now()}
