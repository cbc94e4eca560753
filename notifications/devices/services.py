"""Register a device, move a registration between devices, forget a device, delete a reader."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from content import locks
from content.contest_certificates import services as certificates
from content.contest_results import services as contest_results
from content.events import services as events
from content.locks import Lock
from content.people.models import Reader
from content.qa import services as questions
from content.sql import ModelColumns
from notifications.devices.models import Device

_DEVICE, _READER = ModelColumns(Device, "d"), ModelColumns(Reader, "r")
_DEVICE_WITH_SECRET = f"""
    SELECT {_DEVICE.sql}, {_READER.sql}
    FROM notifications_device d JOIN content_reader r ON r.id = d.reader_id
    WHERE d.secret_hash = %s
"""  # noqa: S608 (names of columns)


class WrongSecret(Exception):
    """The installation key is known, and the caller did not send its secret."""


def secret_hash(secret: str) -> str:
    """SHA-256 of a device's secret, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def device_with_secret(secret: str) -> Device | None:
    """The device with this secret, its reader fetched too. None if no device has it. Each request of an app asks."""
    with connection.cursor() as cursor:
        cursor.execute(_DEVICE_WITH_SECRET, [secret_hash(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    values = iter(row)
    device = _DEVICE.instance(values)
    device.reader = _READER.instance(values)
    return device


@dataclass(frozen=True)
class RegistrationResult:
    """The outcome of a registration. `secret` is given only once; `taken_from` had the registration id before."""

    device: Device
    secret: str | None
    changed: bool  # registration id or language are new
    replaced: bool  # the device had another registration id before
    taken_from: Device | None


@transaction.atomic
def register(installation_key: str, *, caller: Device | None, **columns: str) -> RegistrationResult:
    """Create a device, or update what it says about itself.

    `caller` is the Device whose secret was sent, or None. `columns`: registration_id, id_kind, platform, app_version,
    language. The app calls this at each start; a repeat only updates `last_seen_at`. A registration id that another
    device has moves to this one. Raises WrongSecret when the key is known and `caller` is not that device.

    Moving needs no proof. An app that lost its secret, as when it was installed anew or restored from a backup, makes a
    new key and may still have its registration id: a refusal would end its pushes for ever, since nobody can show the
    former secret. Whoever learns the id of another phone (no answer and no log has it) can end the pushes of that
    phone's follows and put pushes of their own follows there. They read nothing of it: FCM still delivers to the phone,
    and the inbox is the reader's. The phone has its registration back at its next start, when it registers with its own
    secret, and with it all its topics. The API limits how often a device changes its registration.

    Locks are always taken in this order, so that no two calls wait for each other: all registrations (only when a
    registration id is new), the readers concerned, their devices.
    """
    try:
        with transaction.atomic():  # a rollback releases the reader, who must be locked after the registrations
            return _create_or_update(installation_key, caller, columns, may_take=False)
    except _RegistrationIsNew:
        locks.hold(Lock.DEVICE_REGISTRATIONS)  # two devices that swap registration ids must not wait for each other
        return _create_or_update(installation_key, caller, columns, may_take=True)


class _RegistrationIsNew(Exception):
    """The device does not have this registration id yet: take the lock, then try again."""


def _create_or_update(
    installation_key: str, caller: Device | None, columns: dict[str, str], *, may_take: bool
) -> RegistrationResult:
    device, secret = _existing_or_new_device(installation_key, caller)
    if not may_take and device.registration_id != columns["registration_id"]:
        raise _RegistrationIsNew
    before = (device.registration_id, device.language)
    taken_from = _take_over_registration(columns["registration_id"], device)
    for name, value in columns.items():
        setattr(device, name, value)
    device.last_seen_at, device.dead_at = timezone.now(), None
    device.save()
    changed = bool(secret) or before != (device.registration_id, device.language)
    replaced = not secret and before[0] != device.registration_id
    return RegistrationResult(device, secret, changed, replaced, taken_from)


def lock_reader(reader: Reader) -> None:
    """Lock what a reader has, until the transaction ends: two follows at once must not both count 299."""
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)


def _existing_or_new_device(installation_key: str, caller: Device | None) -> tuple[Device, str | None]:
    """(the device, locked; its secret if it is new and not yet saved)."""
    device = Device.objects.select_related("reader").filter(installation_key=installation_key).first()
    if device is None:
        secret = f"dvc_{secrets.token_urlsafe(32)}"
        reader = Reader.objects.create()
        return Device(installation_key=installation_key, reader=reader, secret_hash=secret_hash(secret)), secret
    if caller is None or caller.pk != device.pk:
        raise WrongSecret
    lock_reader(device.reader)
    locked = Device.objects.select_for_update(of=("self",))  # a unique column, the registration id, may change
    return locked.select_related("reader").get(pk=device.pk), None


def _take_over_registration(registration_id: str, device: Device) -> Device | None:
    """Remove a registration id from another device that has it. Returns that device, its reader locked, or None."""
    others = Device.objects.filter(registration_id=registration_id).exclude(pk=device.pk)
    other = others.select_related("reader").first()
    if other:
        lock_reader(other.reader)
        Device.objects.filter(pk=other.pk).update(registration_id=None)
        other.registration_id = None
    return other


@transaction.atomic
def forget_device(device: Device) -> None:
    """Separate a device from its key, its secret and its reader.

    A reader without another device and without an account is deleted too. The row of the device stays, under a reader
    of its own, until FCM has removed its registration from every topic.
    """
    lock_reader(device.reader)
    reader = device.reader
    Device.objects.filter(pk=device.pk).update(
        installation_key=f"forgotten-{uuid.uuid4()}",
        secret_hash=secret_hash(secrets.token_urlsafe(32)),
        reader=Reader.objects.create(),
        forgotten_at=timezone.now(),
    )
    if not reader.devices.exists() and not reader.firebase_uid:
        erase_reader(reader)


@transaction.atomic
def erase_reader(reader: Reader) -> None:
    """Delete a reader with everything they own. Repeating it changes nothing.

    Of published questions the redacted copy stays, see qa.services.erase_questions_of; of contests codes and results
    stay, see contest_results.services.erasure. Seats at events pass to the waiting list, last, and contests that named
    a winner say so: that writes changes, and a transaction that holds the change log must not wait for rows.
    """
    # The key stays free until the end: whoever holds one of the questions may still write a change for its asker.
    Reader.objects.select_for_update(no_key=True).filter(pk=reader.pk).first()
    questions.erase_questions_of(reader)
    certificates.erase_certificates_of(reader)  # before the entries lose their reader
    naming = contest_results.erase_contest_data_of(reader)
    events.erase_registrations_of(reader)
    contest_results.record_erased_winners(naming)
    Reader.objects.filter(pk=reader.pk).delete()


def mark_registration_dead(device: Device, registration_id: str) -> None:
    """Record that FCM declared this registration dead: nothing is sent to it again.

    Changes nothing if the device has another registration id by now.
    """
    Device.objects.filter(pk=device.pk, registration_id=registration_id).update(
        dead_at=timezone.now(), registration_id=None
    )
