"""Writes effect spans where status events or doubts changed.

Triggers mark each document of which an event, a doubt or the type changes (`OutdatedSpans`), whoever writes: also the
release before, which knows no spans. A service writes the spans of what it marked in its own transaction, when it
records its change. What it cannot write without waiting, and what others marked, the worker writes within a minute.
Until then `effect_queries` computes those documents from their events: no read is ever older than the events.
"""

import datetime
from collections.abc import Collection, Iterable

from django.db import models, transaction

from content.documents.effect_spans import Span, SpanState, spans_of, state_on
from content.documents.models import EffectSpan, LegalDocument, OutdatedSpans

BATCH = 500  # documents

StoredSpan = tuple[datetime.date, datetime.date | None, str | None, bool]

CURRENT_TRANSACTION = models.Func(
    template="pg_current_xact_id_if_assigned()::text::bigint", output_field=models.BigIntegerField()
)


def write_own_spans() -> int:
    """Write the spans of the documents whose effect changed in the caller's transaction. Returns of how many."""
    marked = OutdatedSpans.objects.filter(transaction_id=CURRENT_TRANSACTION).values_list("document_id", flat=True)
    own = set(marked)
    return _write_spans(own) if own else 0


def write_outdated_spans() -> int:
    """Write the spans of all documents that are marked, in batches, each in its transaction. Returns of how many.

    Documents that somebody else has locked are left for the next call.
    """
    there = LegalDocument.objects.filter(pk=models.OuterRef("document_id"))
    OutdatedSpans.objects.filter(~models.Exists(there)).delete()
    count, last = 0, 0
    while True:
        marked = OutdatedSpans.objects.filter(document_id__gt=last).order_by("document_id")
        ids = list(marked.values_list("document_id", flat=True).distinct()[:BATCH])
        if not ids:
            return count
        last = ids[-1]
        with transaction.atomic():
            count += _write_spans(ids)


def outdated_states(day: datetime.date) -> dict[int, SpanState]:
    """{id: state on that day} of the documents whose spans are not written yet, from their events."""
    ids = set(OutdatedSpans.objects.values_list("document_id", flat=True).distinct())
    if not ids:
        return {}
    return {
        each.pk: state_on(
            each.status_events.all(), each.effect_doubts.all(), day, has_effect=each.has_effect
        )
        for each in _with_events(ids)
    }  # fmt: skip


def wrong_spans(*, last: int | None = None) -> Iterable[tuple[str, str]]:
    """(key, difference) of each document whose spans are not what the rules give, unless it is marked.

    `last`: only that many documents, those updated last.
    """
    documents = LegalDocument.objects.order_by("-updated_at", "-pk").values_list("pk", flat=True)
    ids = list(documents[:last] if last else documents)
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        for document in _with_events(some, "effect_spans"):
            stored = sorted((each.valid_from, each.valid_until, each.status, each.is_in_doubt)
                            for each in document.effect_spans.all())  # fmt: skip
            wanted = [(each.valid_from, each.valid_until, *each.state) for each in _spans_of(document)]
            if stored != wanted and not OutdatedSpans.objects.filter(document_id=document.pk).exists():
                yield document.key, f"stored {_in_words(stored)}; by the rules {_in_words(wanted)}"


def outdate_spans(key: str) -> None:
    """Mark the document of that key: its spans are computed anew, and written by the next `write_outdated_spans`."""
    for pk in LegalDocument.objects.filter(key=key).values_list("pk", flat=True):
        OutdatedSpans.objects.create(document_id=pk, transaction_id=0)


def _write_spans(ids: Collection[int]) -> int:
    """Write the spans of those of these documents that nobody else has locked, in the caller's transaction.

    What is marked is read before the events are, after the document is locked: the mark of a change that commits
    later stays.
    """
    unlocked = LegalDocument.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=ids)
    locked = list(unlocked.order_by("pk").values_list("pk", flat=True))
    marks = list(OutdatedSpans.objects.filter(document_id__in=locked).values_list("pk", flat=True))
    documents = _with_events(locked)
    spans = [
        EffectSpan(document=each, valid_from=span.valid_from, valid_until=span.valid_until, **span.state._asdict())
        for each in documents
        for span in _spans_of(each)
    ]
    EffectSpan.objects.filter(document__in=locked).delete()
    EffectSpan.objects.bulk_create(spans)
    OutdatedSpans.objects.filter(pk__in=marks).delete()
    return len(documents)


def _spans_of(document: LegalDocument) -> list[Span]:
    return spans_of(document.status_events.all(), document.effect_doubts.all(), has_effect=document.has_effect)


def _in_words(spans: Iterable[StoredSpan]) -> str:
    return ", ".join(f"{status or '-'}{' in doubt' if is_in_doubt else ''} from {first}"
                     for first, _until, status, is_in_doubt in spans) or "none"  # fmt: skip


def _with_events(ids: Collection[int], *also: str) -> list[LegalDocument]:
    documents = LegalDocument.objects.filter(pk__in=ids).only("key", "doc_type").order_by("pk")
    return list(documents.prefetch_related("status_events", "effect_doubts", *also))
