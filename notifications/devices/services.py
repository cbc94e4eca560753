"""A device comes, comes back with another registration, and dies."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from content import locks
from content.events import services as events
from content.locks import Lock
from content.people.models import Reader
from content.qa import services as questions
from notifications.devices.models import Device


class WrongSecret(Exception):
    """The installation key is known, and the caller did not show its secret."""


def secret_hash(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def device_with_secret(secret):
    """The device whose secret this is, with its reader; None if it is nobody's."""
    return Device.objects.select_related("reader").filter(secret_hash=secret_hash(secret)).first()


@dataclass(frozen=True)
class RegistrationResult:
    """What came of a registration. `secret` only the first time; `taken_from` is who had the registration before."""

    device: Device
    secret: str | None
    changed: bool  # registration or language are new
    replaced: bool  # it came with another registration before
    taken_from: Device | None


@transaction.atomic
def register(installation_key, *, caller, **columns):
    """Enter a device or note what it says of itself now. Returns a Registered.

    `caller` is the Device whose secret was shown, or None. `columns`: registration_id, id_kind, platform, app_version,
    language. Sent at each start of the app; a repeat only notes that it was seen. A registration that another device
    holds moves here. Raises WrongSecret when the key is known and `caller` is not that device.

    Locks, always in this order, so that none wait for each other in a circle: registrations as a whole (only when one
    is new), the readers touched, their devices.
    """
    try:
        with transaction.atomic():  # rolled back, it lets go of the reader, whose turn comes after the registrations
            return _create_or_update(installation_key, caller, columns, may_take=False)
    except _RegistrationIsNew:
        _lock_registrations()
        return _create_or_update(installation_key, caller, columns, may_take=True)


class _RegistrationIsNew(Exception):
    """The device does not have this registration yet: it takes the lock to give it one."""


def _create_or_update(installation_key, caller, columns, *, may_take):
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


def _lock_registrations():
    """One new registration at a time: two devices that swap theirs must not wait for each other."""
    locks.hold(Lock.DEVICE_REGISTRATIONS)


def lock_reader(reader):
    """One change at a time to what a reader has: two follows at once must not both count 299."""
    Reader.objects.select_for_update(no_key=True).get(pk=reader.pk)


def _existing_or_new_device(installation_key, caller):
    device = Device.objects.select_related("reader").filter(installation_key=installation_key).first()
    if device is None:
        secret = f"dvc_{secrets.token_urlsafe(32)}"
        reader = Reader.objects.create()
        return Device(installation_key=installation_key, reader=reader, secret_hash=secret_hash(secret)), secret
    if caller is None or caller.pk != device.pk:
        raise WrongSecret
    lock_reader(device.reader)
    return Device.objects.select_for_update(of=("self",)).select_related("reader").get(pk=device.pk), None


def _take_over_registration(registration_id, device):
    """Take a registration from the other device that holds it. Returns that device, its reader locked, or None."""
    other = (
        Device.objects.select_related("reader").filter(registration_id=registration_id).exclude(pk=device.pk).first()
    )
    if other:
        lock_reader(other.reader)
        Device.objects.filter(pk=other.pk).update(registration_id=None)
        other.registration_id = None
    return other


@transaction.atomic
def forget_device(device):
    """Part a device from its key, its secret and its reader; who has no other device and no account goes too.

    The row stays, without anybody behind it, until FCM has been told that the registration is on no topic any more.
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
def erase_reader(reader):
    """Delete a reader with what is theirs; see qa.services.forget_reader for what stays of it. A repeat is a no-op.

    Their seats at events go to those who wait. The questions first: a seat that is given is a line of the day-book,
    and whoever holds the day-book must not wait for rows.
    """
    questions.erase_questions_of(reader)
    events.erase_registrations_of(reader)
    Reader.objects.filter(pk=reader.pk).delete()


def mark_registration_dead(device, registration_id):
    """FCM says this registration is gone: nothing is sent there any more. A no-op where the device has another now."""
    Device.objects.filter(pk=device.pk, registration_id=registration_id).update(
        dead_at=timezone.now(), registration_id=None
    )
