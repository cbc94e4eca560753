"""Which documents and files: querysets that callers narrow further."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import BinaryField, Prefetch, Q, QuerySet
from django.db.models.functions import Substr

from content import vietnam_time
from content.documents.models import EffectDoubt, LegalDocument, OriginalFile, StatusEvent
from content.law import official_numbers
from content.organisations.models import OrganisationLevel, Province
from content.organisations.queries import with_merged_into
from content.text.vietnamese import fold, nfc
from content.topics.models import Topic
from content.topics.queries import with_descendants

DOUBT_COLUMNS = [field.name for field in EffectDoubt._meta.concrete_fields]
PLACES_OF_A_DAY = 1 << 32  # in an order of `ListOrder` and id
ACT_COLUMNS = ("key", "number", "title", "doc_type", "issued_on", "is_sample", "completeness")  # that a doubt shows


def published_documents() -> QuerySet[LegalDocument]:
    """Published documents, newest issued first."""
    return LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED).order_by("-list_order")


def public_documents() -> QuerySet[LegalDocument]:
    """Published documents, newest issued first, with what a list shows prefetched."""
    return (
        published_documents()
        .select_related("issuer", "province")
        .prefetch_related(
            "topics",
            Prefetch("status_events", StatusEvent.objects.order_by("on", "pk")),
            Prefetch("effect_doubts", _doubts_with_acts()),
        )
    )


def issued_by(documents: QuerySet[LegalDocument], day: datetime.date) -> QuerySet[LegalDocument]:
    """Those that had been issued by `day`, and those whose day of issue is not known. Of today: all.

    In the order of lists they are one range, at whose end a list begins: it passes over no newer document.
    """
    if day >= vietnam_time.today():
        return documents
    return documents.filter(list_order__lt=first_place_on(day) + PLACES_OF_A_DAY)


def first_place_on(day: datetime.date) -> int:
    """The least value that an order of `ListOrder` and id has on that day, in whatever table."""
    return (day - datetime.date.min).days * PLACES_OF_A_DAY


def was_issued_by(document: LegalDocument, day: datetime.date) -> bool:
    """Whether `issued_by` lets the document through."""
    return day >= vietnam_time.today() or document.issued_on is None or document.issued_on <= day


def _doubts_with_acts() -> QuerySet[EffectDoubt]:
    """Without the other columns of the acts: a page of doubtful documents took a tenth longer."""
    doubts = EffectDoubt.objects.select_related("act").order_by("from_on", "pk")
    return doubts.only(*DOUBT_COLUMNS, *(f"act__{name}" for name in ACT_COLUMNS))


def public_keys_with_updated_at() -> QuerySet[LegalDocument, tuple[str, datetime.datetime]]:
    """(key, updated_at) of every public document, in the order of import."""
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    return public.order_by("pk").values_list("key", "updated_at")


def updated_at_by_key(keys: Iterable[str]) -> dict[str, datetime.datetime]:
    """{key: updated_at} of those of these documents that are public."""
    return dict(public_documents().filter(key__in=keys).values_list("key", "updated_at"))


def withdrawn_documents() -> QuerySet[LegalDocument]:
    """Documents that were public and were withdrawn: their addresses stay and give the reason."""
    return LegalDocument.objects.filter(status=LegalDocument.Status.WITHDRAWN)


def staff_documents() -> QuerySet[LegalDocument]:
    """All documents, whatever their status, the last updated first."""
    return LegalDocument.objects.select_related("issuer").order_by("-updated_at", "-pk")


def documents_under_topics(documents: QuerySet[LegalDocument], topics: Iterable[Topic]) -> QuerySet[LegalDocument]:
    """Narrow to documents under one of these topics or a subtopic."""
    return documents.filter(pk__in=ids_under_topics(topics))


def ids_under_topics(topics: Iterable[Topic]) -> QuerySet[Any, int]:
    """The primary keys of documents under one of these topics or a subtopic, as a query.

    The topics are read first: PostgreSQL knows how many documents a topic that it is told has, and not of one that it
    finds meanwhile. A list of a topic with most documents then stops after a page.
    """
    named = list(with_descendants(topics).values_list("pk", flat=True))
    return LegalDocument.topics.through.objects.filter(topic__in=named).values_list("legaldocument", flat=True)


def documents_applying_in(documents: QuerySet[LegalDocument], province: Province) -> QuerySet[LegalDocument]:
    """Narrow to acts of bodies of the province and of those merged into it: they go on until they are replaced."""
    return documents.filter(province__in=with_merged_into(province))


def documents_of_level(documents: QuerySet[LegalDocument], level: str) -> QuerySet[LegalDocument]:
    """Narrow to those of central or of local bodies; the latter include communes, whose bodies have no row.

    A local number whose province nobody has settled yet is local too.
    """
    if level == OrganisationLevel.LOCAL:
        return documents.filter(Q(province__isnull=False) | Q(issuer__level=level) | Q(lacks_province=True))
    return documents.filter(province=None, issuer__level=level, lacks_province=False)


def documents_with_number(documents: QuerySet[LegalDocument], number: str) -> QuerySet[LegalDocument]:
    """Narrow to documents with that official number, its parts in any order, accents optional. Several may share it.

    One of several numbers of a document finds it, and so does «BGDĐT» for «BGD&ĐT». A part of a number and an empty
    number find nothing: who cites a document means one number.
    """
    wanted = {official_numbers.typed_key(number), official_numbers.number_key(number)} - {""}
    return documents.filter(Q(number_key__in=wanted) | Q(other_number_keys__overlap=list(wanted)))


def described_fields(document: LegalDocument) -> dict[str, str]:
    """{field: value as text} of a document's description, for comparing two of them."""
    days = dict(
        document.status_events.filter(
            scope=StatusEvent.Scope.WHOLE,
            kind__in=[StatusEvent.Kind.TAKES_EFFECT, StatusEvent.Kind.EXPIRES],
            on__isnull=False,
        ).values_list("kind", "on")
    )
    texts = {
        "doc_type": document.doc_type,
        "number": document.number,
        "title": document.title,
        "issuer": document.issuer.name if document.issuer else "",
        "province": document.province.key if document.province else "",
        "commune_code": document.commune_code,
        "commune_name": document.commune_name,
        "signer": document.signer,
        "issued_on": document.issued_on,
        "effective_on": days.get(StatusEvent.Kind.TAKES_EFFECT),
        "expires_on": days.get(StatusEvent.Kind.EXPIRES),
        "gazette_number": document.gazette_number,
        "gazette_on": document.gazette_on,
        "source": document.source,
        "source_url": document.source_url,
        "topics": ", ".join(sorted(document.topics.values_list("key", flat=True))),
    }
    return {name: str(value) if value else "" for name, value in texts.items()}


def public_original_files(document: LegalDocument) -> QuerySet[OriginalFile]:
    """The files a document was imported from that are public, oldest first, without their bytes.

    Saved web pages are left out: the law in them is public, their design belongs to the site.
    """
    return document.original_files.exclude(media_type="text/html").defer("content").order_by("pk")


def public_original_file(document: LegalDocument, sha256: str) -> OriginalFile | None:
    """The public file of the document with that hash, without its bytes, or None."""
    return public_original_files(document).filter(sha256=sha256).first()


def original_file_bytes(file: OriginalFile, start: int, length: int) -> bytes:
    """`length` bytes of the file from `start` (0 is the first); only these are fetched."""
    part = Substr("content", start + 1, length, output_field=BinaryField())
    return bytes(OriginalFile.objects.filter(pk=file.pk).values_list(part, flat=True).get())


def documents_matching_words(documents: QuerySet[LegalDocument], words: str) -> QuerySet[LegalDocument]:
    """Narrow to documents whose number and title contain all of these words, whatever their accents and case."""
    return documents.filter(holds_words(words))


def holds_words(words: str) -> Q:
    """The condition that number and title contain all of these words, whatever their accents and case."""
    condition = Q()
    for word in nfc(words).split():
        folded = official_numbers.number_key(word) if "/" in word else fold(word)
        condition &= Q(search_key__contains=folded)
    return condition
