"""Reads fields of a JSON object strictly: a field of another shape than expected is a RecordError that names it."""

import datetime
import json
import re
from typing import Any

from content.documents import effect
from content.documents.records import RecordError
from content.law.doc_types import TYPES_BY_SLUG, DocType
from content.text.vietnamese import fold, slug

JsonObject = dict[str, Any]
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_STATUSES = {
    "con hieu luc": effect.EffectStatus.IN_FORCE,
    "chua ap dung": effect.EffectStatus.NOT_YET_EFFECTIVE,
    "chua co hieu luc": effect.EffectStatus.NOT_YET_EFFECTIVE,
    "het hieu luc mot phan": effect.EffectStatus.PARTLY_EXPIRED,
    "het hieu luc toan bo": effect.EffectStatus.EXPIRED,
    "het hieu luc": effect.EffectStatus.EXPIRED,
    "ngung hieu luc": effect.EffectStatus.SUSPENDED,
    "ngung hieu luc toan bo": effect.EffectStatus.SUSPENDED,
    "ngung hieu luc mot phan": effect.EffectStatus.PARTLY_SUSPENDED,
    "khong con phu hop": effect.EffectStatus.NO_LONGER_SUITABLE,
}


def load_json(content: bytes) -> Any:
    """The value of these bytes of JSON. Raises RecordError."""
    try:
        return json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RecordError(f"not JSON in UTF-8: {error}") from None
    except RecursionError:
        raise RecordError("the JSON is nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits
        raise RecordError(f"not JSON that can be read: {error}") from None


def parse_doc_type(name: str) -> DocType:
    """The DocType of a type's Vietnamese name. Raises RecordError for an unknown one."""
    found = TYPES_BY_SLUG.get(slug(name))
    if found is None:
        raise RecordError(f"unknown type «{name}»")
    return DocType(found)


def parse_effect_status(stated: str) -> str:
    """The EffectStatus of an official wording, "" for an empty one.

    Raises RecordError for an unknown one, because it must not be taken for «in force».
    """
    known = _STATUSES.get(" ".join(fold(stated).split()), "")
    if stated.strip() and not known:
        raise RecordError(f"status_official: unknown «{stated}»")
    return known


def text_field(row: JsonObject, name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise RecordError(f"{name}: not a text")
    return value or ""


def list_field(row: JsonObject, name: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise RecordError(f"{name}: not a list")
    return value


def text_list_field(row: JsonObject, name: str) -> list[str]:
    values = list_field(row, name)
    if not all(isinstance(value, str) for value in values):
        raise RecordError(f"{name}: not a list of texts")
    return values


def date_field(row: JsonObject, name: str) -> datetime.date | None:
    value = text_field(row, name)
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        raise RecordError(f"{name}: «{value}» is not a date (YYYY-MM-DD)") from None


def parse_vietnamese_date(value: str) -> datetime.date | None:
    """The date of «15/10/2018», or None."""
    found = _DAY.search(value)
    try:
        return datetime.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
