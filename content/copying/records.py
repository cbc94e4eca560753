"""A record: an object as data with its hash, and our seal. It is what another installation needs to have the same."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from content import sql
from content.canonical_json import CanonicalizationError, canonical_json
from content.copies import own_home
from content.copying import home_seals, statements
from content.copying.objects import OBJECTS, CopiedObject
from content.record_fields.fields import RecordRefused
from content.seals import services as seals

SCHEMA = 1  # raised when data of the same object mean something else; new fields alone do not raise it
SEALED_RECORD = "record"  # what a seal is about: one for a record proves nothing about a head

Record = dict[str, Any]


def record_of(kind: CopiedObject, row: Any, of_change: int | None = None) -> Record:
    """The record of a public row. Read it in one snapshot with `of_change`, the newest public line about it."""
    change = of_change if of_change is not None else newest_line_about(row.key)
    home = row.home or own_home()
    record: Record = {"schema": SCHEMA, "object": kind.name, "key": row.key, "home": home, "data": kind.as_data(row)}
    record["record_hash"] = hash_of(record)
    home_seal = home_seals.handed_on(record) if row.home else None
    return record | {"of_change": str(change), "seal": seal_of(record, change), "home_seal": home_seal}


def hash_of(record: Record) -> str:
    """SHA-256 of what the record says, as RFC 8785 writes it, hex: without the line it was read at and the seal."""
    said = {name: record[name] for name in ("schema", "object", "key", "home", "data")}
    return hashlib.sha256(canonical_json(said)).hexdigest()


def seal_of(record: Record, of_change: int) -> str | None:
    """Our seal of the record; None where we have no key."""
    return seals.sign(claims_of(record, of_change)) if seals.can_sign() else None


def claims_of(record: Record, of_change: int | str) -> dict[str, str]:
    """What the seal of a record says."""
    named = {name: str(record[name]) for name in ("object", "key", "home", "record_hash")}
    return {"about": SEALED_RECORD, "of_change": str(of_change), **named}


def newest_line_about(key: str) -> int:
    """The id of the newest public line about an object, 0 without one."""
    newest = sql.fetch_prepared(statements.NEWEST_LINE, [key])
    return int(newest[0]) if newest else 0


def public_records(*, progress: Callable[[int], object] = lambda count: None) -> Iterator[Record]:
    """The records of all public objects of ours and of copies, documents first. Call it in one snapshot."""
    for kind in OBJECTS.values():
        for row in kind.rows():
            yield record_of(kind, row)
            progress(1)


def public_record(name: str, key: str) -> Record | None:
    """The record of one public object, None without one."""
    row = OBJECTS[name].public_row(key)
    return record_of(OBJECTS[name], row) if row else None


def public_records_with(name: str, keys: Sequence[str]) -> Iterator[Record]:
    """The records of the public objects with these keys, in this order. Call it in one snapshot."""
    kind, newest = OBJECTS[name], dict(sql.fetch_rows(statements.NEWEST_LINES, [list(keys)]))
    rows = {row.key: row for row in kind.public().filter(key__in=keys)}
    return (record_of(kind, rows[key], newest[key] or 0) for key in keys if key in rows)


def checked(record: Any) -> Record:
    """A record that somebody sent, if its shape and hash are right; the seal is checked elsewhere.

    Raises RecordRefused.
    """
    names = ("object", "key", "home", "record_hash", "of_change", "seal")
    if not isinstance(record, dict) or not isinstance(record.get("data"), dict):
        raise RecordRefused(_("The answer is no record."))
    if record.get("schema") != SCHEMA or not all(isinstance(record.get(name), str) for name in names):
        raise RecordRefused(_("The record has another schema than ours. Update this installation."))
    if record["object"] not in OBJECTS or not record["of_change"].isdecimal() or len(record["of_change"]) > 18:
        raise RecordRefused(_("The record is of an object that is unknown here."))
    _refuse_wrong_home_seal(record.get("home_seal"))
    try:
        computed = hash_of(record)
    except (CanonicalizationError, RecursionError) as error:
        raise RecordRefused(_("The record has a value that no hash can be made of.")) from error
    if computed != record["record_hash"]:
        raise RecordRefused(_("The record does not have the hash that it gives."))
    return record


def _refuse_wrong_home_seal(given: Any) -> None:
    if given is None:
        return
    is_seal = isinstance(given, dict) and all(isinstance(given.get(name), str) for name in ("of_change", "seal"))
    if not (is_seal and given["of_change"].isdecimal() and len(given["of_change"]) <= 18):
        raise RecordRefused(_("The record has a seal of its home that is none."))
