"""Addresses of pages that keep the day of the page on which they stand."""

import datetime
from typing import Any

from django.utils import timezone

from content.documents.models import LegalDocument
from content.documents.queries import was_issued_by
from content.law.page_paths import provision_path, question_path
from content.qa.models import Question
from content.vietnam_time import today


def day_context(day: datetime.date | None) -> dict[str, Any]:
    """What templates need to keep the day of a page. `day`: None where the page knows no days.

    `as_of` is the query that names a day other than today, else "".
    """
    as_of = as_of_query(day)
    return {"as_of": as_of, "and_as_of": as_of.replace("?", "&"), "day": day, "is_today": not as_of}


def as_of_query(day: datetime.date | None) -> str:
    """«?as_of=2021-05-01»; "" for today, whose pages need no day."""
    return "" if day is None or day == today() else f"?as_of={day}"


def address_on(document: LegalDocument, eid: str, day: datetime.date) -> str:
    """The page of the document, or of its unit `eid`, on `day`; of today if it was issued later than that day."""
    return provision_path(document.key, eid) + (as_of_query(day) if was_issued_by(document, day) else "")


def question_address_on(question: Question, day: datetime.date) -> str:
    """The page of a public question on `day`; of today if it was published later than that day."""
    published_at = question.published_at
    was_there = published_at is not None and timezone.localdate(published_at) <= day
    return question_path(question.key) + (as_of_query(day) if was_there else "")
