"""Compares the stored effect spans of documents with what the rules give, and tells which wait for the worker."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from content.documents.models import EffectSpan, LegalDocument, OutdatedSpans
from content.documents.span_writer import BATCH, documents_with_spans, new_spans

LATE = datetime.timedelta(minutes=10)  # the worker writes each minute


def wrong_spans(*, last: int | None = None) -> Iterable[tuple[LegalDocument, str]]:
    """(document, difference) where the spans are not what the rules give, unless the document is marked.

    A document that differs is read again while it is locked, so that a change between two reads is no difference.
    `last`: only that many documents, those updated last.
    """
    documents = LegalDocument.objects.order_by("-updated_at", "-pk").values_list("pk", flat=True)
    ids = list(documents[:last] if last else documents)
    for at in range(0, len(ids), BATCH):
        for document in documents_with_spans(ids[at : at + BATCH]):
            if new_spans(document) and (difference := _difference_of_locked(document.pk)):
                yield document, difference


def marked_count() -> int:
    """How many documents wait for their spans."""
    return OutdatedSpans.objects.values("document_id").distinct().count()


def late_count() -> int:
    """How many documents have waited for longer than LATE."""
    late = OutdatedSpans.objects.filter(marked_at__lt=timezone.now() - LATE)
    return late.values("document_id").distinct().count()


def _difference_of_locked(pk: int) -> str:
    """What is stored and what the rules give, in words, read while nobody changes it; "" if that is no difference."""
    with transaction.atomic():
        is_there = LegalDocument.objects.select_for_update(no_key=True).filter(pk=pk).exists()
        if not is_there or OutdatedSpans.objects.filter(document_id=pk).exists():
            return ""
        document = documents_with_spans([pk])[0]
    if not (wanted := new_spans(document)):
        return ""
    stored = sorted(document.effect_spans.all(), key=lambda each: each.valid_from)
    return f"stored {_in_words(stored)}; by the rules {_in_words(wanted)}"


def _in_words(spans: Iterable[EffectSpan]) -> str:
    return ", ".join(f"{each.status or '-'}{' in doubt' if each.is_in_doubt else ''} from {each.valid_from}"
                     for each in spans) or "none"  # fmt: skip
