import datetime
from dataclasses import dataclass

from django.db.models import (
    BinaryField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Substr

from content import vietnam_time
from content.documents.effect import EffectStatus
from content.documents.models import LegalDocument, Provision, ProvisionVersion, StatusEvent
from content.law import official_numbers
from content.law.doc_types import DocType
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


def public_articles():
    """The articles of public documents: those that stand, stood or will stand in them."""
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    return Provision.objects.filter(document__in=public, kind="article").select_related("document")


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


def provisions_on(document, day):
    """The document's provisions in order, each with `heading` and `text` as they stand on `day`.

    A provision without a version on that day is left out.
    """
    return provisions_with_text_on(Provision.objects.filter(document=document), day).order_by("position")


def provisions_with_text_on(provisions, day):
    """Those of the provisions that have a version on `day`, each with its `heading` and `text`."""
    on_the_day = Q(
        Q(versions__valid_from=None) | Q(versions__valid_from__lte=day),
        Q(versions__valid_until=None) | Q(versions__valid_until__gt=day),
    )
    return (
        provisions.annotate(
            version=FilteredRelation("versions", condition=on_the_day)
        )  # at most one: they never overlap
        .filter(version__isnull=False)
        .annotate(heading=F("version__heading"), text=F("version__text"))
    )


def imported_texts(document):
    """{eid: own words} of the text as it was taken in, in its order; joined they are the whole text."""
    versions = ProvisionVersion.objects.filter(provision__document=document, valid_from=None)
    return dict(versions.order_by("provision__position").values_list("provision__eid", "text"))


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


def with_effect_days(documents):
    """Annotate `first_day` and `end_day`: from when the whole document is in force, and no longer, as far as known."""
    events = (
        _events_with_start()
        .filter(document=OuterRef("pk"), scope="whole")
        .order_by("counts_from")
        .values("counts_from")
    )
    return documents.annotate(
        first_day=Subquery(events.filter(kind="takes_effect")[:1]), end_day=Subquery(events.filter(kind="expires")[:1])
    )


def documents_with_status(documents, status, day):
    """Narrow to those whose effect on `day` is `status`."""
    return _annotated_with_effect_status(documents, day).filter(effect_status=status)


def documents_binding_on(documents, day):
    """Narrow to those in force on `day`, those of which a part has expired included: the rest of them binds."""
    return _annotated_with_effect_status(documents, day).filter(
        effect_status__in=[EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED]
    )


def facet_counts(documents, day):
    """{"total", "type", "issuer", "topic", "status", "year": [{"value", "count"}], the most first}, exactly."""
    found = LegalDocument.objects.filter(pk__in=documents.order_by().values("pk"))
    counted = {
        "type": _facet_count(found, "doc_type"),
        "issuer": _facet_count(found.exclude(issuer=None), "issuer__key"),
        "topic": _facet_count(found.exclude(topics=None), "topics__key"),
        "status": _facet_count(_annotated_with_effect_status(found, day), "effect_status"),
        "year": _facet_count(found.exclude(issued_on=None), "issued_on__year"),
    }
    return {"total": found.count()} | counted


def _facet_count(documents, column):
    tallied = documents.order_by().values(value=F(column)).annotate(count=Count("pk", distinct=True))
    return list(tallied.order_by("-count", "value"))


def _annotated_with_effect_status(documents, day):
    """Annotate `effect_status`: the effect on `day`; the same rules as effect.effect_on, in SQL."""
    events = _events_with_start().filter(document=OuterRef("pk"))
    past = events.filter(counts_from__lte=day)
    vague = Q(kind="expires", scope="part", eids=[])
    explained = events.filter(kind__in=("expires", "amended"), scope="part", on__isnull=False, eids__len__gt=0)
    undated = events.filter(on=None).exclude(kind="takes_effect")
    with_own = documents.exclude(doc_type=DocType.CONSOLIDATED_TEXT)  # they have no effect of their own
    return with_effect_days(with_own).annotate(
        effect_status=Case(
            When(end_day__lte=day, then=Value(EffectStatus.EXPIRED)),
            When(first_day=None, then=Value(EffectStatus.UNKNOWN)),
            When(first_day__gt=day, then=Value(EffectStatus.NOT_YET_EFFECTIVE)),
            When(Exists(_lasting_suspensions(past, day).filter(scope="whole")), then=Value(EffectStatus.SUSPENDED)),
            When(Exists(past.filter(kind="no_longer_suitable")), then=Value(EffectStatus.NO_LONGER_SUITABLE)),
            When(
                Exists(_lasting_suspensions(past, day).filter(scope="part")), then=Value(EffectStatus.PARTLY_SUSPENDED)
            ),
            When(
                Exists(past.filter(kind__in=("expires", "amended"), scope="part")),
                then=Value(EffectStatus.PARTLY_EXPIRED),
            ),
            When(Exists(undated.exclude(vague)), then=Value(EffectStatus.UNKNOWN)),
            When(Exists(undated.filter(vague)) & ~Exists(explained), then=Value(EffectStatus.UNKNOWN)),
            default=Value(EffectStatus.IN_FORCE),
            output_field=CharField(),
        )
    )


def _events_with_start():
    return StatusEvent.objects.annotate(counts_from=Coalesce("on", "stated_on"))


def _lasting_suspensions(past, day):
    """Those of `past` that no later resumption has ended on `day`; see effect._ends."""
    began = Coalesce(OuterRef("on"), OuterRef("stated_on"))
    later = (
        _events_with_start()
        .filter(document=OuterRef("document"), kind="resumed", counts_from__lte=day)
        .filter(Q(counts_from__gt=began) | Q(counts_from=began, pk__gt=OuterRef("pk")))
    )
    ended = Exists(later.filter(scope="whole"))
    ended_in_part = Exists(later.filter(scope="part", eids=[])) | Q(eids__len__gt=0) & Exists(
        later.filter(scope="part", eids__contains=OuterRef("eids"))
    )
    return past.filter(kind="suspended").exclude(ended).exclude(Q(scope="part") & ended_in_part)


def last_modified(document, day):
    """The moment what we show of the document on `day` last changed: its row, or a day its effect turned.

    Never one to come, whatever the day (RFC 9110, 8.8.2.1).
    """
    day = min(day, vietnam_time.today())
    turns = [event.on for event in document.status_events.all() if event.on and event.on <= day]
    midnights = [datetime.datetime.combine(turn, datetime.time(), vietnam_time.VIETNAM_TIME) for turn in turns]
    return max([document.updated_at, *midnights])


@dataclass(frozen=True)
class ProvisionContext:
    """A provision with what surrounds it, as all of it stands on one day."""

    provision: Provision
    text: str  # its own and that of all units under it
    ancestors: list  # outermost first
    children: list
    previous: Provision | None  # the one of its kind before it: of articles in the document, of others in their parent
    next: Provision | None


def provision_context(document, eid, day):
    """The Context of that provision on `day`; None if the document has none of that eid then.

    What lies under a provision are the rows after it, up to the first whose parent is one of its ancestors.
    """
    provisions = provisions_on(document, day)
    own = provisions.filter(eid=eid).first()
    if own is None:
        return None
    ancestors = _ancestors(provisions, own)
    outside = Q(parent=None) | Q(parent__in=[ancestor.pk for ancestor in ancestors])
    after = document.provisions.filter(outside, position__gt=own.position).order_by("position").first()
    under = provisions.filter(position__gt=own.position)
    under = list(under.filter(position__lt=after.position) if after else under)
    alike = provisions.filter(kind=own.kind)
    alike = alike if own.kind == "article" else alike.filter(parent=own.parent_id)
    return ProvisionContext(
        provision=own,
        text="".join(provision.text for provision in [own, *under]),
        ancestors=ancestors,
        children=[provision for provision in under if provision.parent_id == own.pk],
        previous=alike.filter(position__lt=own.position).last(),
        next=alike.filter(position__gt=own.position).first(),
    )


def _ancestors(provisions, provision):
    """From the outermost to the parent; a legal text nests seven deep at the most."""
    ancestors = []
    while provision.parent_id:
        provision = provisions.get(pk=provision.parent_id)
        ancestors.insert(0, provision)
    return ancestors
