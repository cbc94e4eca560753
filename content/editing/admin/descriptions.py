"""The description of a document as people read it."""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from content.documents.records import DocumentRecord
from content.editing import revisions
from content.editing.admin.forms import FIELD_LABELS
from content.law.doc_types import DocType
from content.topics.models import Topic

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = str


def labelled_description(description: Mapping[str, str]) -> list[tuple[StrOrPromise, str]]:
    """[(label, value as people read it)] of a description."""
    return [(label, _display_value(name, description[name])) for name, label in FIELD_LABELS.items()]


def _display_value(name: str, value: str) -> str:
    if not value:
        return ""
    if name == "doc_type":
        return str(DocType(value).label)
    if name.endswith("_on"):
        return f"{datetime.date.fromisoformat(value):%d/%m/%Y}"
    if name == "topics":
        return "; ".join(str(topic) for topic in Topic.objects.filter(key__in=value.split(", ")))
    return value


def record_of_description(description: Mapping[str, str]) -> DocumentRecord:
    """A record without text, for checks of the dates."""
    return revisions.record_of_description(description)
