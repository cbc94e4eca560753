"""Fields of an object of JSON, read strictly: another shape than expected is a Problem that names the field."""

import datetime
import json
import re

from content.documents import effect
from content.documents.records import RecordError
from content.law.doc_types import TYPES_BY_SLUG, DocType
from content.text.vietnamese import fold, slug

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


def load_json(content):
    """The value these bytes of JSON hold. Raises Problem."""
    try:
        return json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RecordError(f"not JSON in UTF-8: {error}") from None
    except RecursionError:
        raise RecordError("the JSON is nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits
        raise RecordError(f"not JSON that can be read: {error}") from None


def parse_doc_type(name):
    """The DocType of a type's Vietnamese name. Raises Problem for one we do not know."""
    found = TYPES_BY_SLUG.get(slug(name))
    if found is None:
        raise RecordError(f"unknown type «{name}»")
    return DocType(found)


def parse_effect_status(stated):
    """The EffectStatus of an official wording. One we do not know must not pass for «in force»: Problem."""
    known = _STATUSES.get(" ".join(fold(stated).split()), "")
    if stated.strip() and not known:
        raise RecordError(f"status_official: unknown «{stated}»")
    return known


def text_field(row, name):
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise RecordError(f"{name}: not a text")
    return value or ""


def list_field(row, name):
    value = row.get(name) or []
    if not isinstance(value, list):
        raise RecordError(f"{name}: not a list")
    return value


def text_list_field(row, name):
    values = list_field(row, name)
    if not all(isinstance(value, str) for value in values):
        raise RecordError(f"{name}: not a list of texts")
    return values


def date_field(row, name):
    value = text_field(row, name)
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        raise RecordError(f"{name}: «{value}» is not a day (YYYY-MM-DD)") from None


def parse_vietnamese_date(value):
    """The day that «15/10/2018» stands for; None where there is none."""
    found = _DAY.search(value)
    try:
        return datetime.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
