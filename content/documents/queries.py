"""Which documents and files: querysets that callers narrow further."""

from django.db.models import (
    BinaryField,
    Count,
    F,
    Prefetch,
    Q,
)
from django.db.models.functions import Substr

from content.documents import effect_queries
from content.documents.models import LegalDocument, StatusEvent
from content.law import official_numbers
from content.text.vietnamese import fold, nfc
from content.topics.queries import with_descendants


def public_documents():
    """What everybody may read, newest issued first, with what a list shows prefetched."""
    return (
        LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
        .select_related("issuer")
        .prefetch_related("topics", Prefetch("status_events", StatusEvent.objects.order_by("on", "pk")))
        .order_by("-list_order")
    )


def public_keys_with_updated_at():
    """(key, when it last changed) of every public document, in the order they came to us."""
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    return public.order_by("pk").values_list("key", "updated_at")


def updated_at_by_key(keys):
    """{key: when its row was last written} of those documents that are public now."""
    return dict(public_documents().filter(key__in=keys).values_list("key", "updated_at"))


def withdrawn_documents():
    """What was public and was taken back: of each its address is left, and the reason."""
    return LegalDocument.objects.filter(status=LegalDocument.Status.WITHDRAWN)


def staff_documents():
    """All documents as staff see them, the last touched first."""
    return LegalDocument.objects.select_related("issuer").order_by("-updated_at", "-pk")


def documents_under_topics(documents, topics):
    """Narrow to those filed under one of these topics or under a heading of theirs."""
    filed = LegalDocument.topics.through.objects.filter(topic__in=with_descendants(topics))
    return documents.filter(pk__in=filed.values("legaldocument"))


def documents_with_number(documents, number):
    """Narrow to those of that official number, in any order and without accents. Several may share it.

    One of several numbers of a document finds it, and so does «BGDĐT» for «BGD&ĐT». No number finds nothing.
    """
    wanted = {official_numbers.typed_key(number), official_numbers.number_key(number)} - {""}
    return documents.filter(Q(number_key__in=wanted) | Q(other_number_keys__overlap=list(wanted)))


def described_fields(document):
    """{name: text} of what is said about a document beside its text: what two descriptions are compared by."""
    days = dict(
        document.status_events.filter(
            scope="whole", kind__in=["takes_effect", "expires"], on__isnull=False
        ).values_list("kind", "on")
    )
    texts = {
        "doc_type": document.doc_type,
        "number": document.number,
        "title": document.title,
        "issuer": document.issuer.name if document.issuer else "",
        "signer": document.signer,
        "issued_on": document.issued_on,
        "effective_on": days.get("takes_effect"),
        "expires_on": days.get("expires"),
        "gazette_number": document.gazette_number,
        "gazette_on": document.gazette_on,
        "source": document.source,
        "source_url": document.source_url,
        "topics": ", ".join(sorted(document.topics.values_list("key", flat=True))),
    }
    return {name: str(value) if value else "" for name, value in texts.items()}


def public_original_files(document):
    """The files it was taken from that everybody may have, oldest first, without their bytes.

    A page saved from somebody's site is not among them: the law in it is everybody's, its dress is the site's.
    """
    return document.original_files.exclude(media_type="text/html").defer("content").order_by("pk")


def public_original_file(document, sha256):
    """That file of the document without its bytes, or None."""
    return public_original_files(document).filter(sha256=sha256).first()


def original_file_bytes(original, start, length):
    """`length` bytes of the file from `start` (0 is the first); only these are fetched."""
    part = Substr("content", start + 1, length, output_field=BinaryField())
    return bytes(type(original).objects.filter(pk=original.pk).values_list(part, flat=True).get())


def documents_matching_words(documents, words):
    """Narrow to those whose number and title hold every one of these words, accents and case aside."""
    for word in nfc(words).split():
        folded = official_numbers.number_key(word) if "/" in word else fold(word)
        documents = documents.filter(search_key__contains=folded)
    return documents


def facet_counts(documents, day):
    """{"total", "type", "issuer", "topic", "status", "year": [{"value", "count"}], the most first}, exactly."""
    found = LegalDocument.objects.filter(pk__in=documents.order_by().values("pk"))
    counted = {
        "type": _facet_count(found, "doc_type"),
        "issuer": _facet_count(found.exclude(issuer=None), "issuer__key"),
        "topic": _facet_count(found.exclude(topics=None), "topics__key"),
        "status": _facet_count(effect_queries.annotated_with_effect_status(found, day), "effect_status"),
        "year": _facet_count(found.exclude(issued_on=None), "issued_on__year"),
    }
    return {"total": found.count()} | counted


def _facet_count(documents, column):
    tallied = documents.order_by().values(value=F(column)).annotate(count=Count("pk", distinct=True))
    return list(tallied.order_by("-count", "value"))
