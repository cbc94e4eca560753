"""Lines of the change log about a document."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from content.changes import services as changes
from content.changes.models import Change
from content.documents import span_writer
from content.documents.models import LegalDocument, StatusEvent

Facts = Mapping[str, Any] | Iterable[tuple[str, Any]]


def record_change(
    event_type: str, document: LegalDocument, nature: str, *, facts: Facts = (), **columns: Any
) -> Change:
    """Record a change of the document in the caller's transaction; see `changes.services.record_change`.

    `facts` are added to those that every line about a document has; `columns` are other fields of Change.
    """
    return record_changes(event_type, [document], nature, facts=[facts], **columns)[0]


def record_changes(
    event_type: str, documents: Sequence[LegalDocument], nature: str, *, facts: Sequence[Facts], **columns: Any
) -> list[Change]:
    """Record the same change of each document, as `record_change` does, in a few statements.

    `facts` are those of each document. What the caller changed of the effect of documents gets its spans.
    """
    span_writer.write_own_spans()
    topics: dict[int, list[str]] = {document.pk: [] for document in documents}
    through = LegalDocument.topics.through.objects.filter(legaldocument__in=topics)
    for pk, key in through.order_by("topic__position").values_list("legaldocument", "topic__key"):
        topics[pk].append(key)
    return changes.record_changes(
        Change(
            event_type=event_type,
            subject=document.key,
            nature=nature,
            topics=topics[document.pk],
            organisation=document.issuer.key if document.issuer else "",
            facts={
                "number": document.number,
                "title": document.title,
                "doc_type": document.doc_type,
                "is_sample": document.is_sample,
                **dict(own),
            },
            **({"hash_after": document.content_hash} | columns),
        )
        for document, own in zip(documents, facts, strict=True)
    )


def status_event_facts(events: Sequence[StatusEvent], *, when: str) -> dict[str, Any]:
    """Status events as a change names them, each with its own day. `when`: entered, tomorrow, today or past.

    `on` is the day of the first event. It is None without events: all of them were stored already, for example from
    another source.
    """
    day = events[0].on if events else None
    return {
        "when": when,
        "on": day and str(day),
        "events": [
            {
                "kind": event.kind,
                "scope": event.scope,
                "eids": event.eids,
                "on": event.on and str(event.on),
                "cause": event.cause,
            }
            for event in events
        ],
    }
