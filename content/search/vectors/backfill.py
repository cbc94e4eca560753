"""Make missing vectors: of new passages, and of all passages after a change of the model."""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from content import locks
from content.documents.models import LegalDocument
from content.locks import Lock
from content.passages import services as passages
from content.passages.models import Passage
from content.passages.services import PassageText
from content.search.models import PassageVector
from content.search.vectors.text_encoder import TextEncoder, passage_text, quantize

TEXTS_PER_BATCH = 16  # given to the model at once: more than a second


def passages_without_vector(encoder: TextEncoder) -> QuerySet[Passage]:
    """Passages of articles that have no vector of this encoder, document by document."""
    own = PassageVector.objects.filter(passage=OuterRef("pk"), made_by=encoder.made_by)
    return Passage.objects.filter(~Exists(own), provision__isnull=False).order_by("document", "pk")


def write_missing_vectors(encoder: TextEncoder, most: int, progress: Callable[[int], Any] = lambda made: None) -> int:
    """Make up to `most` missing vectors and return how many were stored. `progress` gets the size of each batch.

    Each batch is a transaction of its own: after an interruption the next call goes on. No lock is held while the
    model reads.
    """
    missing = list(passages_without_vector(encoder).values_list("document", "pk")[:most])
    stored = 0
    for document, pairs in groupby(missing, key=lambda pair: pair[0]):
        texts = _texts_of(document, {pk for _, pk in pairs})
        while batch := dict(islice(texts, TEXTS_PER_BATCH)):
            vectors = quantize(encoder.passages([passage_text(text) for text in batch.values()]))
            stored += _store_vectors(dict(zip(batch, vectors, strict=True)), encoder.made_by)
            progress(len(batch))
    return stored


def _texts_of(document_pk: int, wanted: Collection[int]) -> Iterator[tuple[int, PassageText]]:
    """(pk, text) of those of these passages that still exist."""
    document = LegalDocument.objects.get(pk=document_pk)
    current = {tuple(key): pk for pk, *key in document.passages.values_list("pk", "provision", "valid_from")}
    for text in passages.passage_texts(document):
        pk = current.get((text.provision, text.valid_from))
        if pk is not None and pk in wanted:
            yield pk, text


@transaction.atomic
def _store_vectors(vectors: Mapping[int, Any], made_by: str) -> int:
    """Store {pk of the passage: vector}, without passages deleted meanwhile. Returns how many were stored."""
    locks.hold(Lock.PASSAGE_VECTORS)  # ids follow commit order: similarities.py reads on from the last one
    rows = Passage.objects.select_for_update(no_key=True).filter(pk__in=vectors)
    current = sorted(rows.values_list("pk", flat=True))
    PassageVector.objects.filter(passage__in=current).delete()
    PassageVector.objects.bulk_create(
        PassageVector(passage_id=pk, numbers=vectors[pk].tobytes(), made_by=made_by) for pk in current
    )
    return len(current)
