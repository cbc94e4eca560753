"""What the head of a plan's PDF says: number, day and who adopted it. A guess, which a person confirms."""

import datetime
import re
from dataclasses import dataclass

from content.errors import RuleBroken
from content.importing import uploads
from content.organisations import queries as organisations
from content.organisations.models import Organisation
from content.publishing import origins

_FIRST_PART = re.compile(r"\s+(?:I|1)\.\s", re.IGNORECASE)  # «I. MỤC ĐÍCH», where the title ran into the text


@dataclass(frozen=True)
class FileHead:
    """What was read; empty or None: nothing clear."""

    number: str = ""
    title: str = ""
    adopted_on: datetime.date | None = None
    adopter: Organisation | None = None


def head_of_file(name: str, content: bytes) -> FileHead:
    """What the file says of itself. Nothing where it cannot be read: a scan, a damaged file."""
    try:
        record = uploads.record_from_upload(name, content)
    except RuleBroken:
        return FileHead()
    try:
        origin = origins.origin_of_record(record)
    except RuleBroken:  # the head contradicts itself, or names nobody
        origin = None
    adopter = origin.issuer if origin else None
    if adopter is None and origin and origin.province:
        adopter = organisations.organisation_by_code("UBND", province=origin.province)
    title = _FIRST_PART.split(record.title)[0]
    return FileHead(record.number, title[:500], record.issued_on, adopter)
