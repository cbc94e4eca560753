"""What is said about a document beside its text, as a person reads it."""

import datetime

from content.documents.records import DocumentRecord
from content.editing import revisions
from content.editing.admin.forms import FIELD_LABELS
from content.law.doc_types import DocType
from content.topics.models import Topic


def labelled_description(description):
    """[(label, value as a person reads it)] of a description."""
    return [(label, _display_value(name, description[name])) for name, label in FIELD_LABELS.items()]


def _display_value(name, value):
    if not value:
        return ""
    if name == "doc_type":
        return str(DocType(value).label)
    if name.endswith("_on"):
        return f"{datetime.date.fromisoformat(value):%d/%m/%Y}"
    if name == "topics":
        return "; ".join(str(topic) for topic in Topic.objects.filter(key__in=value.split(", ")))
    return value


def record_of_description(description):
    """A record of a description alone, for what looks at its days."""
    columns = {name: description[name] for name in revisions.DESCRIPTION_FIELDS if name not in revisions.DATE_FIELDS}
    days = {
        name: datetime.date.fromisoformat(description[name]) if description[name] else None
        for name in revisions.DATE_FIELDS
    }
    return DocumentRecord(**columns, **days, text="")
