"""Titles and headings that a correction or a withdrawal took out are suggested no more: a consumer of the change log.

They may tell who somebody is. The suggestions themselves are only rebuilt with the index, within ten minutes.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q

from content import locks
from content.changes import cursors
from content.changes.event_types import EventType
from content.changes.models import Change
from content.documents.models import LegalDocument, ProvisionVersion
from content.locks import Lock
from content.suggestions.keys import suggestion_key
from content.suggestions.models import Suggestion

CONSUMER = "suggestions"
LINES_OF_HEADING = 3
_UNIT_NUMBER = re.compile(r"\A\S+\s+\S+?[.:]?\s+")  # «Điều 3. » before a heading


@transaction.atomic
def remove_outdated_suggestions() -> int:
    """Handle the next changes; returns how many were read.

    0 while a rebuild writes: its rows are not visible yet, so that they would stay. It queues the job that comes
    here when they are.
    """
    if not locks.try_hold(Lock.SUGGESTIONS):
        return 0
    return cursors.consume_changes(CONSUMER, remove_suggestions_of)


def remove_suggestions_of(change: Change) -> None:
    """Delete the suggestions that name the document of the change, and those with words that it took out.

    Also those that other documents share; the next rebuild gives them back. A repeat deletes none.
    """
    if change.event_type == EventType.DOCUMENT_WITHDRAWN:
        texts = _public_names(change.subject)
    elif change.event_type == EventType.DOCUMENT_CORRECTED and change.facts.get("correction", {}).get("removes_words"):
        texts = _words_taken_out(change.facts["correction"])
    elif change.event_type == EventType.AMENDMENT_WITHDRAWN:
        texts = iter(())  # what it had added is stored nowhere now; the next rebuild finds what several documents share
    else:
        return
    keys = {suggestion_key(text) for text in texts}
    Suggestion.objects.filter(Q(text_key__in=keys) | Q(document_key=change.subject)).delete()


def _public_names(document_key: str) -> Iterator[str]:
    yield from LegalDocument.objects.filter(key=document_key).values_list("title", flat=True)
    versions = ProvisionVersion.objects.filter(provision__document__key=document_key).exclude(heading="")
    yield from versions.values_list("heading", flat=True)


def _words_taken_out(correction: dict[str, Any]) -> Iterator[str]:
    """The former titles, and the first lines of provisions: the heading of an annex is below its number.

    The lines about a copy name what was corrected and not the former words, which only its home keeps.
    """
    for field in correction["fields"]:
        yield field.get("before") or ""
    for provision in correction["provisions"]:
        for line in provision.get("before", "").splitlines()[:LINES_OF_HEADING]:
            yield from (line, _UNIT_NUMBER.sub("", line))
