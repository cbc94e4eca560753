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
    except UnicodeDecodeError as error:
        raise RecordError("not JSON in UTF-8: wrong at byte %(place)d", place=error.start) from None
    except json.JSONDecodeError as error:
        raise RecordError("not JSON: wrong at character %(place)d", place=error.pos + 1, detail=error.msg) from None
    except RecursionError:
        raise RecordError("the JSON is nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits
        raise RecordError("not JSON that can be read", detail=str(error)) from None


def parse_doc_type(name: str) -> DocType:
    """The DocType of a type's Vietnamese name. Raises RecordError for an unknown one."""
    found = TYPES_BY_SLUG.get(slug(name))
    if found is None:
        raise RecordError("unknown type «%(name)s»", name=name)
    return DocType(found)


def parse_effect_status(stated: str) -> str:
    """The EffectStatus of an official wording, "" for an empty one.

    Raises RecordError for an unknown one, because it must not be taken for «in force».
    """
    known = _STATUSES.get(" ".join(fold(stated).split()), "")
    if stated.strip() and not known:
        raise RecordError("status_official: unknown «%(value)s»", value=stated)
    return known


def text_field(row: JsonObject, name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise RecordError("%(name)s: not a text", name=name)
    return value or ""


def list_field(row: JsonObject, name: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise RecordError("%(name)s: not a list", name=name)
    return value


def text_list_field(row: JsonObject, name: str) -> list[str]:
    values = list_field(row, name)
    if not all(isinstance(value, str) for value in values):
        raise RecordError("%(name)s: not a list of texts", name=name)
    return values


def date_field(row: JsonObject, name: str) -> datetime.date | None:
    value = text_field(row, name)
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        raise RecordError("%(name)s: «%(value)s» is not a date (YYYY-MM-DD)", name=name, value=value) from None


def parse_vietnamese_date(value: str) -> datetime.date | None:
    """The date of «15/10/2018», or None."""
    found = _DAY.search(value)
    try:
        return datetime.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
