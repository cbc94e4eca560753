"""Writes effect spans where status events or doubts changed.

Triggers mark each document of which an event, a doubt or the type changes (`OutdatedSpans`), also for SQL and for the
release before, which knows no spans. A service writes the spans of what it marked in its own transaction, when it
records its change. What it cannot write without waiting, and what others marked, the worker writes within a minute.
It also marks documents without spans, and those whose spans older rules gave. Until spans are written,
`outdated_spans` gives the states of those documents by the rules.
"""

import logging
from collections.abc import Collection, Iterable
from operator import attrgetter

from django.db import OperationalError, models, transaction

from content import sql
from content.documents.effect_spans import RULES, spans_of
from content.documents.models import EffectSpan, LegalDocument, OutdatedSpans

BATCH = 500  # documents

logger = logging.getLogger(__name__)

columns_of = attrgetter("valid_from", "valid_until", "status", "is_in_doubt", "rules")
HANDLED = "luatmo.handled_marks"  # the id up to which this transaction has looked at its marks
CURRENT_TRANSACTION = models.Func(template="pg_current_xact_id_if_assigned()::text::bigint")
LAST_HANDLED = models.Func(template=f"coalesce(nullif(current_setting('{HANDLED}', true), ''), '0')::bigint")


def write_own_spans() -> int:
    """Write the spans of the documents whose effect changed in the caller's transaction. Returns of how many.

    A document that somebody else has locked is left to the worker: a repeat does not try it again.
    """
    own = OutdatedSpans.objects.filter(transaction_id=CURRENT_TRANSACTION, pk__gt=LAST_HANDLED)
    marks = dict(own.values_list("pk", "document_id"))
    if not marks:
        return 0
    sql.set_in_transaction(HANDLED, str(max(marks)))
    return _write_spans(set(marks.values()))


def write_outdated_spans(*, is_put_back: bool = False) -> int:
    """Write the spans of all documents that are marked, in batches, each in its transaction. Returns of how many.

    `is_put_back`: also of those that a newer release wrote by other rules; otherwise it may run beside this one.
    Documents that somebody else has locked are left for the next call. Where a batch fails, its documents are written
    one by one; those that fail stay marked. Raises ExceptionGroup of their errors after all others are written.
    """
    there = LegalDocument.objects.filter(pk=models.OuterRef("document_id"))
    OutdatedSpans.objects.filter(~models.Exists(there)).delete()
    _mark_unwritten(is_put_back=is_put_back)
    count, last, errors = 0, 0, []
    while ids := _marked_after(last):
        last = ids[-1]
        written, failed = _write_batch(ids)
        count += written
        errors += failed
    if errors:
        raise ExceptionGroup("The effect spans of some documents could not be written.", errors)
    return count


def outdate_spans(ids: Iterable[int]) -> None:
    """Mark these documents: the next `write_outdated_spans` computes their spans anew."""
    marks = [OutdatedSpans(document_id=pk, transaction_id=0) for pk in ids]
    OutdatedSpans.objects.bulk_create(marks, batch_size=BATCH, ignore_conflicts=True)


def documents_with_spans(ids: Collection[int]) -> list[LegalDocument]:
    """Those of these documents that exist, with their stored spans and what the rules need."""
    documents = LegalDocument.objects.filter(pk__in=ids).only("key", "doc_type").order_by("pk")
    return list(documents.prefetch_related("status_events", "effect_doubts", "effect_spans"))


def new_spans(document: LegalDocument) -> list[EffectSpan]:
    """The spans that the rules give it, not stored; [] if its stored spans are the same."""
    spans = spans_of(document.status_events.all(), document.effect_doubts.all(), has_effect=document.has_effect)
    wanted = [
        EffectSpan(document=document, valid_from=each.valid_from, valid_until=each.valid_until, rules=RULES,
                   **each.state._asdict())
        for each in spans
    ]  # fmt: skip
    return [] if {*map(columns_of, wanted)} == {*map(columns_of, document.effect_spans.all())} else wanted


def _mark_unwritten(*, is_put_back: bool) -> None:
    """Mark documents that have no spans, or spans by other rules."""
    written = EffectSpan.objects.filter(document=models.OuterRef("pk"), rules__gte=RULES)
    written = written.filter(rules=RULES) if is_put_back else written
    outdate_spans(LegalDocument.objects.filter(~models.Exists(written)).values_list("pk", flat=True))


def _marked_after(last: int) -> list[int]:
    marked = OutdatedSpans.objects.filter(document_id__gt=last).order_by("document_id")
    return list(marked.values_list("document_id", flat=True).distinct()[:BATCH])


def _write_batch(ids: list[int]) -> tuple[int, list[Exception]]:
    """(how many were written, the errors of the others)"""
    try:
        with transaction.atomic():
            return _write_spans(ids), []
    except OperationalError:  # no matter of a document
        raise
    except Exception as error:
        if len(ids) == 1:
            key = LegalDocument.objects.filter(pk__in=ids).values_list("key", flat=True).first()
            logger.exception("The effect spans of %s could not be written", key)
            return 0, [error]
    each = [_write_batch([pk]) for pk in ids]
    return sum(count for count, _errors in each), [error for _count, errors in each for error in errors]


def _write_spans(ids: Collection[int]) -> int:
    """Write the spans of those of these documents that nobody else has locked, in the caller's transaction.

    What is marked is read before the events are, after the document is locked: the mark of a change that commits
    later stays. Spans that are right already are left.
    """
    unlocked = LegalDocument.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=ids)
    locked = list(unlocked.order_by("pk").values_list("pk", flat=True))
    marks = list(OutdatedSpans.objects.filter(document_id__in=locked).values_list("pk", flat=True))
    documents = documents_with_spans(locked)
    fresh = {each.pk: spans for each in documents if (spans := new_spans(each))}
    wrong = [each.pk for document in documents if document.pk in fresh for each in document.effect_spans.all()]
    EffectSpan.objects.filter(pk__in=wrong).delete()
    EffectSpan.objects.bulk_create(span for spans in fresh.values() for span in spans)
    OutdatedSpans.objects.filter(pk__in=marks).delete()
    return len(documents)
