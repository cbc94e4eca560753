"""Which documents and files: querysets that callers narrow further."""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import TypedDict

from django.db.models import (
    BinaryField,
    Count,
    F,
    Prefetch,
    Q,
    QuerySet,
)
from django.db.models.functions import Substr

from content import vietnam_time
from content.documents import effect_queries
from content.documents.models import EffectDoubt, LegalDocument, OriginalFile, StatusEvent
from content.law import official_numbers
from content.organisations.models import OrganisationLevel, Province
from content.organisations.queries import with_merged_into
from content.text.vietnamese import fold, nfc
from content.topics.models import Topic
from content.topics.queries import with_descendants

DOUBT_COLUMNS = [field.name for field in EffectDoubt._meta.concrete_fields]
ACT_COLUMNS = ("key", "number", "title", "doc_type", "issued_on", "is_sample", "completeness")  # that a doubt shows


class FacetCount(TypedDict):
    """A value of a facet, and how many documents have it."""

    value: str | int | None
    count: int


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
    """Those that had been issued by `day`, and those whose day of issue is not known. Of today: all."""
    if day >= vietnam_time.today():
        return documents
    return documents.filter(Q(issued_on=None) | Q(issued_on__lte=day))


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
    filed = LegalDocument.topics.through.objects.filter(topic__in=with_descendants(topics))
    return documents.filter(pk__in=filed.values("legaldocument"))


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
    for word in nfc(words).split():
        folded = official_numbers.number_key(word) if "/" in word else fold(word)
        documents = documents.filter(search_key__contains=folded)
    return documents


def facet_counts(documents: QuerySet[LegalDocument], day: datetime.date) -> dict[str, int | list[FacetCount]]:
    """{"total": how many, and the values of "type", "issuer", "province", "topic", … with their counts, most first}."""
    found = LegalDocument.objects.filter(pk__in=documents.order_by().values("pk"))
    by_status, doubted = _status_and_doubt_counts(found, day)
    counted = {
        "type": _facet_count(found, "doc_type"),
        "issuer": _facet_count(found.exclude(issuer=None), "issuer__key"),
        "province": _facet_count(found.exclude(province=None), "province__key"),
        "topic": _facet_count(found.exclude(topics=None), "topics__key"),
        "status": by_status,
        "year": _facet_count(found.exclude(issued_on=None), "issued_on__year"),
    }
    total = found.count()
    doubts = [FacetCount(value="true", count=doubted), FacetCount(value="false", count=total - doubted)]
    counted["doubt"] = sorted((each for each in doubts if each["count"]), key=lambda each: -each["count"])
    return {"total": total} | counted


def _status_and_doubt_counts(documents: QuerySet[LegalDocument], day: datetime.date) -> tuple[list[FacetCount], int]:
    """(the counts of each effect status, how many documents with an effect of their own are in doubt)."""
    statuses: Counter[str] = Counter()
    doubted = 0
    for (status, is_in_doubt), count in effect_queries.counts_by_state(documents, day).items():
        if status is not None:
            statuses[status.value] += count
            doubted += count if is_in_doubt else 0
    ordered = sorted(statuses.items(), key=lambda each: (-each[1], each[0]))
    return [FacetCount(value=value, count=count) for value, count in ordered], doubted


def _facet_count(documents: QuerySet[LegalDocument], column: str) -> list[FacetCount]:
    tallied = documents.order_by().values(value=F(column)).annotate(count=Count("pk", distinct=True))
    return list(tallied.order_by("-count", "value"))
