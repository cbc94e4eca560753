"""Reads the fields of a record strictly: one of another shape than expected is refused, and nothing is written."""

import datetime
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from content.publishing.document_writer import UNUSABLE_CHARACTERS
from content.text.vietnamese import nfc

Data = Mapping[str, Any]
MAX_ITEMS = 200_000  # provisions, versions … of one object
MAX_TEXT = 30_000_000  # characters of one text
FIRST_YEAR, LAST_YEAR = 1900, 2200
UNSTORABLE_OR_TURNING = re.compile("[\0\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
SHA256 = re.compile(r"[0-9a-f]{64}")  # hex


class RecordRefused(Exception):
    """A record that is wrong whatever happens; the message is a sentence for people."""


class RecordWaits(Exception):
    """A record that names something that is not here yet; the message is a sentence for people."""


def text(data: Data, name: str, *, most: int = MAX_TEXT, refused: re.Pattern[str] = UNUSABLE_CHARACTERS) -> str:
    """A text, "" where the field is missing. Raises RecordRefused."""
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise RecordRefused(_("«%s» of the record is no text of the right length.") % name)
    if value.isascii() and "\0" not in value and "\r" not in value:  # most fields: nothing else of ASCII is refused
        return value
    if found := refused.search(value):
        raise RecordRefused(_("«%(name)s» of the record has the character U+%(code)04X.") % {
            "name": name, "code": ord(found[0])})  # fmt: skip
    if nfc(value) != value:
        raise RecordRefused(_("«%s» of the record is not in normal form C of Unicode.") % name)
    return value


def typed(data: Data, name: str, *, most: int) -> str:
    """A text that people typed: it may have emoji, which no law has. Raises RecordRefused."""
    return text(data, name, most=most, refused=UNSTORABLE_OR_TURNING)


def told(value: str) -> str:
    """A typed text as a record says it: in the form that `typed` takes, whenever and by whatever verb it was stored."""
    return nfc(UNSTORABLE_OR_TURNING.sub("", value))


def choice(data: Data, name: str, values: Collection[str]) -> str:
    """One of these values. Raises RecordRefused."""
    value = text(data, name)
    if value not in values:
        raise RecordRefused(_("«%(name)s» of the record is «%(value)s», which is unknown here.") % {
            "name": name, "value": value[:100]})  # fmt: skip
    return value


def choices(data: Data, name: str, values: Collection[str]) -> list[str]:
    """A list of these values, each once. Raises RecordRefused."""
    found = texts(data, name)
    if len(found) > len(values) or len(set(found)) < len(found):
        raise RecordRefused(_("«%s» of the record has too many values, or one twice.") % name)
    return [choice({name: each}, name, values) for each in found]


def sha256(data: Data, name: str) -> str:
    """32 bytes in hex, "" where there are none yet. Raises RecordRefused."""
    value = text(data, name, most=64)
    if value and not SHA256.fullmatch(value):
        raise RecordRefused(_("«%s» of the record is no text of the right length.") % name)
    return value


def flag(data: Data, name: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise RecordRefused(_("«%s» of the record is neither true nor false.") % name)
    return value


def number(data: Data, name: str, *, most: int = 2**31 - 1) -> int | None:
    value = data.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most):
        raise RecordRefused(_("«%s» of the record is no whole number of the right size.") % name)
    return value


def day(data: Data, name: str) -> datetime.date | None:
    """A day, None where the field is missing or null. Raises RecordRefused."""
    value = data.get(name)
    if value is None:
        return None
    try:
        found: datetime.date = _with_likely_year(datetime.date.fromisoformat(value))
        return found
    except (TypeError, ValueError):
        raise RecordRefused(_("«%s» of the record is no day.") % name) from None


def moment(data: Data, name: str) -> datetime.datetime | None:
    """An instant with its zone, None where the field is missing or null. Raises RecordRefused."""
    value = data.get(name)
    if value is None:
        return None
    try:
        found = _with_likely_year(datetime.datetime.fromisoformat(value))
    except (TypeError, ValueError):
        found = None
    if not isinstance(found, datetime.datetime) or found.tzinfo is None:
        raise RecordRefused(_("«%s» of the record is no instant.") % name)
    return found


def items(data: Data, name: str, *, most: int = MAX_ITEMS) -> list[Data]:
    """A list of at most so many objects. Raises RecordRefused."""
    value = data.get(name, [])
    if not isinstance(value, list) or len(value) > most or not all(isinstance(each, dict) for each in value):
        raise RecordRefused(_("«%s» of the record is no list of objects.") % name)
    return value


def texts(data: Data, name: str, *, most: int = 1000) -> list[str]:
    """A list of texts of at most so many characters each. Raises RecordRefused."""
    value = data.get(name, [])
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise RecordRefused(_("«%s» of the record is no list of texts.") % name)
    return [text({name: each}, name, most=most) for each in value]


def refuse_unclean(row: models.Model, excluded: Collection[str]) -> None:
    """Raise RecordRefused where a column of the row, of those that are not excluded, has no value that it may have."""
    try:
        row.clean_fields(exclude=excluded)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RecordRefused(f"«{field}»: {messages[0]}") from error


def iso_day(value: datetime.date | None) -> str | None:
    return str(value) if value else None


def iso_moment(value: datetime.datetime | None) -> str | None:
    """UTC, microseconds: one way to write an instant."""
    return value.astimezone(datetime.UTC).isoformat(timespec="microseconds") if value else None


def known_rows(model: Any, keys: Iterable[str], name: str) -> list[Any]:
    """The rows with these keys, in their order. Raises RecordWaits for a key that is unknown here."""
    keys = list(keys)
    found = {row.key: row for row in model.objects.filter(key__in=keys)}
    if unknown := [key for key in keys if key not in found]:
        raise RecordWaits(_("«%(key)s», a %(name)s of the record, is unknown here.") % {
            "key": unknown[0], "name": name})  # fmt: skip
    return [found[key] for key in keys]


def known_row(model: Any, key: str, name: str) -> Any:
    """The row with this key; None for "". Raises RecordWaits."""
    return known_rows(model, [key], name)[0] if key else None


def _with_likely_year(value: Any) -> Any:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(value)
    return value
