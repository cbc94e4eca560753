"""Making the vectors that are missing: of new passages, and of all after another model."""

from itertools import groupby, islice

from django.db import transaction
from django.db.models import Exists, OuterRef

from content import locks
from content.documents.models import LegalDocument
from content.documents.passages import services as passages
from content.documents.passages.models import Passage
from content.locks import Lock
from content.search.models import PassageVector
from content.search.vectors import text_encoder

TEXTS_PER_BATCH = 16  # texts put to the model: more than a second


def passages_without_vector(encoder):
    """The passages of articles without a vector of this encoder's, document by document."""
    own = PassageVector.objects.filter(passage=OuterRef("pk"), made_by=encoder.made_by)
    return Passage.objects.filter(~Exists(own), provision__isnull=False).order_by("document", "pk")


def write_missing_vectors(encoder, most, progress=lambda done: None):
    """Make up to `most` missing vectors; `progress` is told of each few how many. Returns how many were made.

    What was made stays where it breaks off, and the next call goes on. Nothing is locked while the model reads.
    """
    wanted = list(passages_without_vector(encoder).values_list("document", "pk")[:most])
    made = 0
    for document, pairs in groupby(wanted, key=lambda pair: pair[0]):
        texts = _texts_of(document, {pk for _, pk in pairs})
        while some := dict(islice(texts, TEXTS_PER_BATCH)):
            vectors = text_encoder.quantize(
                encoder.passages([text_encoder.passage_text(text) for text in some.values()])
            )
            made += _store_vectors(dict(zip(some, vectors, strict=True)), encoder.made_by)
            progress(len(some))
    return made


def _texts_of(document, wanted):
    """(pk, Text) of those of these passages that still stand."""
    document = LegalDocument.objects.get(pk=document)
    standing = {tuple(key): pk for pk, *key in document.passages.values_list("pk", "provision", "valid_from")}
    for text in passages.passage_texts(document):
        pk = standing.get((text.provision, text.valid_from))
        if pk in wanted:
            yield pk, text


@transaction.atomic
def _store_vectors(vectors, made_by):
    """Of passages that were taken back meanwhile there is nothing to store."""
    locks.hold(Lock.PASSAGE_VECTORS)  # ids rise as they commit: similarities.py reads on from the last one
    rows = Passage.objects.select_for_update(no_key=True).filter(pk__in=vectors)
    standing = sorted(rows.values_list("pk", flat=True))
    PassageVector.objects.filter(passage__in=standing).delete()
    PassageVector.objects.bulk_create(
        PassageVector(passage_id=pk, numbers=vectors[pk].tobytes(), made_by=made_by) for pk in standing
    )
    return len(standing)
