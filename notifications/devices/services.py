"""Register a device, move a registration between devices, forget a device, delete a reader."""

import contextlib
import hashlib
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from content import locks
from content.contest_certificates import services as certificates
from content.contest_results import services as contest_results
from content.events import services as events
from content.locks import Lock
from content.people.models import Reader
from content.qa import services as questions
from content.sql import ModelColumns, fetch_prepared
from notifications.devices.models import Device

_DEVICE, _READER = ModelColumns(Device, "d"), ModelColumns(Reader, "r")
CALLER = f"{_DEVICE.sql}, {_READER.sql}"  # of devices `d` and readers `r`, see `caller_of`
_DEVICE_WITH_SECRET = f"""
    SELECT {CALLER}
    FROM notifications_device d JOIN content_reader r ON r.id = d.reader_id
    WHERE d.secret_hash = %s
"""  # noqa: S608 (names of columns)
_LOCK_READER = "SELECT 1 FROM content_reader WHERE id = %s FOR NO KEY UPDATE"
_SEEN_AGAIN = f"""
    UPDATE notifications_device d SET id_kind = %(id_kind)s, platform = %(platform)s, app_version = %(app_version)s,
        last_seen_at = %(now)s, dead_at = NULL
    WHERE d.secret_hash = %(secret_hash)s AND d.installation_key = %(installation_key)s
        AND d.registration_id = %(registration_id)s AND d.language = %(language)s
    RETURNING {_DEVICE.sql}
"""  # noqa: S608 (names of columns)


class WrongSecret(Exception):
    """The installation key is known, and the caller did not send its secret."""


def secret_hash(secret: str) -> str:
    """SHA-256 of a device's secret, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def device_with_secret(secret: str) -> Device | None:
    """The device with this secret, its reader fetched too. None if no device has it. Each request of an app asks."""
    row = fetch_prepared(_DEVICE_WITH_SECRET, [secret_hash(secret)])
    return None if row is None else caller_of(iter(row))


def caller_of(values: Iterator[Any]) -> Device:
    """The device of the next values of a row, which are CALLER, with its reader."""
    device = _DEVICE.instance(values)
    device.reader = _READER.instance(values)
    return device


def seen_again(secret: str, installation_key: str, **columns: str) -> Device | None:
    """Note what a device says of itself at a start of its app, if it keeps its registration id and its language.

    Returns the device. None, and nothing is written: it has another secret, or there is something to `register`. One
    statement, which locks the device alone: it can wait for somebody, and nobody who waits for it has what it needs.
    """
    names = {"secret_hash": secret_hash(secret), "installation_key": installation_key}
    row = fetch_prepared(_SEEN_AGAIN, columns | names | {"now": timezone.now()})
    return None if row is None else _DEVICE.instance(iter(row))


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

    Locks are always taken in this order, so that no two calls wait in a circle: the names concerned (only when the
    registration id is new to the device), the readers concerned by primary key, their devices. Registrations that
    concern different devices do not wait for each other.
    """
    while True:
        with contextlib.suppress(_ChangedMeanwhile), transaction.atomic():  # a rollback releases all locks of a try
            return _create_or_update(installation_key, caller, columns)


class _ChangedMeanwhile(Exception):
    """A device concerned is another one, or has another place, than before the locks were had: try again."""


def _create_or_update(installation_key: str, caller: Device | None, columns: dict[str, str]) -> RegistrationResult:
    concerned = _lock_concerned(installation_key, caller, columns["registration_id"])
    device, taken_from = _with_key(installation_key, concerned)
    secret = None
    if device is None:
        secret = f"dvc_{secrets.token_urlsafe(32)}"
        reader = Reader.objects.create()
        device = Device(installation_key=installation_key, reader=reader, secret_hash=secret_hash(secret))
    before = (device.registration_id, device.language)
    if taken_from:
        Device.objects.filter(pk=taken_from.pk).update(registration_id=None)
        taken_from.registration_id = None
    for name, value in columns.items():
        setattr(device, name, value)
    device.last_seen_at, device.dead_at = timezone.now(), None
    device.save()
    changed = bool(secret) or before != (device.registration_id, device.language)
    replaced = not secret and before[0] != device.registration_id
    return RegistrationResult(device, secret, changed, replaced, taken_from)


def _lock_concerned(installation_key: str, caller: Device | None, wanted: str) -> list[Device]:
    """The device with this key and the one with the wanted registration id, locked, and their readers.

    Raises WrongSecret, before anything is locked, and _ChangedMeanwhile.
    """
    concerned = Device.objects.select_related("reader").order_by("pk")
    concerned = concerned.filter(Q(installation_key=installation_key) | Q(registration_id=wanted))
    found = list(concerned.all())
    device, _other = _with_key(installation_key, found)
    if device and (caller is None or caller.pk != device.pk):
        raise WrongSecret
    if device is None or device.registration_id != wanted:
        _hold_names(installation_key, device, wanted)
        _refuse_changes(found, list(concerned.all()))  # by those who had the names before
    if found:
        readers = {each.reader_id for each in found}
        list(Reader.objects.select_for_update(no_key=True).filter(pk__in=readers).order_by("pk"))
        locked = list(concerned.select_for_update(of=("self",)))  # a unique column, the registration id, may change
        _refuse_changes(found, locked)
        return locked
    return found


def _hold_names(installation_key: str, device: Device | None, wanted: str) -> None:
    """Wait for those who register this key, or a device that has or wants one of the same registration ids.

    So whoever takes a registration id, whoever has it and whoever wants it too come one after the other.
    """
    locks.share(Lock.DEVICE_REGISTRATIONS)  # the release before holds it alone: take this away in the one after
    names = {f"id:{wanted}"}
    if device is None:
        names.add(f"key:{installation_key}")  # two first calls with one key: the second has the wrong secret
    elif device.registration_id:
        names.add(f"id:{device.registration_id}")
    locks.hold_names(Lock.DEVICE_REGISTRATIONS, names)


def _refuse_changes(before: list[Device], now: list[Device]) -> None:
    places = [[(each.pk, each.reader_id, each.registration_id) for each in devices] for devices in (before, now)]
    if places[0] != places[1]:
        raise _ChangedMeanwhile


def _with_key(installation_key: str, devices: list[Device]) -> tuple[Device | None, Device | None]:
    """(the device with this key, the other one)."""
    ours = next((each for each in devices if each.installation_key == installation_key), None)
    return ours, next((each for each in devices if each is not ours), None)


def lock_reader(reader: Reader) -> None:
    """Lock what a reader has, until the transaction ends: two follows at once must not both count 299.

    Raises Reader.DoesNotExist.
    """
    if fetch_prepared(_LOCK_READER, [reader.pk]) is None:
        raise Reader.DoesNotExist


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
