"""What is said about a document beside its text, as a person reads it."""

import datetime

from content.documents import manuscripts
from content.documents.desk.forms import LABELS
from content.documents.models import DocType
from content.documents.records import DocumentRecord
from content.topics.models import Topic


def in_words(description):
    """[(label, value as a person reads it)] of a description."""
    return [(label, _value(name, description[name])) for name, label in LABELS.items()]


def _value(name, value):
    if not value:
        return ""
    if name == "doc_type":
        return str(DocType(value).label)
    if name.endswith("_on"):
        return f"{datetime.date.fromisoformat(value):%d/%m/%Y}"
    if name == "topics":
        return "; ".join(str(topic) for topic in Topic.objects.filter(key__in=value.split(", ")))
    return value


def record_of(description):
    """A record of a description alone, for what looks at its days."""
    columns = {name: description[name] for name in manuscripts.COLUMNS if name not in manuscripts.DAYS}
    days = {
        name: datetime.date.fromisoformat(description[name]) if description[name] else None for name in manuscripts.DAYS
    }
    return DocumentRecord(**columns, **days, text="")
