"""The effect of documents on a day, in SQL: the rules of `effect.effect_on` for many documents at once."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from content import vietnam_time
from content.documents.effect import KINDS_OF_DOUBTED_END, EffectDoubtKind, EffectStatus
from content.documents.models import EffectDoubt, LegalDocument, StatusEvent
from content.law.doc_types import DocType

Kind, Scope = StatusEvent.Kind, StatusEvent.Scope


def with_effect_days(documents: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    """Annotate `first_day` and `end_day`: the whole document is in force on [first_day, end_day), as far as known."""
    return documents.annotate(**_effect_days())


def _effect_days() -> dict[str, Subquery]:
    events = (
        _events_with_start()
        .filter(document=OuterRef("pk"), scope=Scope.WHOLE)
        .order_by("counts_from")
        .values("counts_from")
    )
    return {
        "first_day": Subquery(events.filter(kind=Kind.TAKES_EFFECT)[:1]),
        "end_day": Subquery(events.filter(kind=Kind.EXPIRES)[:1]),
    }


def documents_with_status(
    documents: QuerySet[LegalDocument], statuses: Collection[str], day: datetime.date
) -> QuerySet[LegalDocument]:
    """Narrow to documents whose effect on `day` is one of `statuses`. In force includes partly expired."""
    wanted = set(statuses) | ({EffectStatus.PARTLY_EXPIRED} if EffectStatus.IN_FORCE in statuses else set())
    status = _effect_status(day, for_a_page=True)
    with_own = documents.exclude(doc_type=DocType.CONSOLIDATED_TEXT).alias(**_effect_days())
    return with_own.alias(effect_status=status).filter(effect_status__in=sorted(wanted))


def documents_in_doubt(documents: QuerySet[LegalDocument], day: datetime.date) -> QuerySet[LegalDocument]:
    """Narrow to documents whose effect, or that of a part, is in doubt: those that show an `effect_doubt`.

    An act says something that nobody has checked, or a source says that some part has expired and nothing tells which.
    """
    return annotated_with_doubt(documents, day).filter(is_in_doubt=True)


def documents_not_in_doubt(documents: QuerySet[LegalDocument], day: datetime.date) -> QuerySet[LegalDocument]:
    """Narrow to the others. A page of them asks about its own documents only, however many are in doubt."""
    here = {"document": OuterRef("pk")}
    return documents.filter(~Exists(_doubts_on(day).filter(**here)), ~Exists(_unnamed_parts(day).filter(**here)))


def annotated_with_doubt(documents: QuerySet[Any], day: datetime.date) -> QuerySet[Any]:
    """Annotate `is_in_doubt`, as `documents_in_doubt` has it."""
    here = {"document": OuterRef("pk")}
    in_doubt = Q(Exists(_doubts_on(day).filter(**here))) | Q(Exists(_unnamed_parts(day).filter(**here)))
    return documents.annotate(is_in_doubt=in_doubt)


def _doubts_on(day: datetime.date) -> QuerySet[EffectDoubt]:
    """What acts say of the effect of documents, or of parts, and nobody has checked."""
    return EffectDoubt.objects.filter(from_on__lte=day).exclude(Q(kind=EffectDoubtKind.AMENDS) | Q(until_on__lte=day))


def _unnamed_parts(day: datetime.date) -> QuerySet[Any]:
    """Events as of `effect.is_partly_expired_without_units`, of documents with an effect of their own."""
    explained = StatusEvent.objects.filter(
        document=OuterRef("document"), kind__in=(Kind.EXPIRES, Kind.AMENDED), scope=Scope.PART, on__isnull=False,
        eids__len__gt=0,
    )  # fmt: skip
    vague = StatusEvent.objects.filter(kind=Kind.EXPIRES, scope=Scope.PART, on=None, eids=[], stated_on__lte=day)
    return vague.exclude(document__doc_type=DocType.CONSOLIDATED_TEXT).filter(~Exists(explained))


def documents_binding_on(documents: QuerySet[LegalDocument], day: datetime.date) -> QuerySet[LegalDocument]:
    """Narrow to documents in force on `day`, wholly or in part."""
    return documents_with_status(documents, [EffectStatus.IN_FORCE], day)


def annotated_with_effect_status(documents: QuerySet[LegalDocument], day: datetime.date) -> QuerySet[Any]:
    """Annotate `effect_status`, the effect on `day`. Consolidated texts, which have none, are left out."""
    with_own = with_effect_days(documents.exclude(doc_type=DocType.CONSOLIDATED_TEXT))
    return with_own.annotate(effect_status=_effect_status(day, for_a_page=False))


def _effect_status(day: datetime.date, *, for_a_page: bool) -> Case:
    """The effect on `day` of documents that have `_effect_days`.

    `for_a_page`: the doubts of each document are looked up alone. PostgreSQL reads all doubts of the library first
    where it may, which is best for counting, and takes longer than a page.
    """
    events = _events_with_start().filter(document=OuterRef("pk"))
    past = events.filter(counts_from__lte=day)
    vague = Q(kind=Kind.EXPIRES, scope=Scope.PART, eids=[])
    explained = events.filter(
        kind__in=(Kind.EXPIRES, Kind.AMENDED), scope=Scope.PART, on__isnull=False, eids__len__gt=0
    )
    undated = events.filter(on=None).exclude(kind=Kind.TAKES_EFFECT)
    doubts = EffectDoubt.objects.filter(document=OuterRef("pk"), scope=Scope.WHOLE, from_on__lte=day)
    doubted_end, doubted_resumption = (
        Q(IsNull(Subquery(each.values("kind")[:1]), False)) if for_a_page else Q(Exists(each))
        for each in (doubts.filter(kind__in=KINDS_OF_DOUBTED_END), doubts.filter(kind=EffectDoubtKind.RESUMES))
    )
    suspended = Exists(_lasting_suspensions(past, day).filter(scope=Scope.WHOLE))
    return Case(
        When(Q(end_day__lte=day) & doubted_resumption, then=Value(EffectStatus.UNKNOWN)),
        When(end_day__lte=day, then=Value(EffectStatus.EXPIRED)),
        When(first_day=None, then=Value(EffectStatus.UNKNOWN)),
        When(first_day__gt=day, then=Value(EffectStatus.NOT_YET_EFFECTIVE)),
        When(suspended & doubted_resumption, then=Value(EffectStatus.UNKNOWN)),
        When(suspended, then=Value(EffectStatus.SUSPENDED)),
        When(Exists(past.filter(kind=Kind.NO_LONGER_SUITABLE)), then=Value(EffectStatus.NO_LONGER_SUITABLE)),
        When(doubted_end, then=Value(EffectStatus.UNKNOWN)),
        When(
            Exists(_lasting_suspensions(past, day).filter(scope=Scope.PART)),
            then=Value(EffectStatus.PARTLY_SUSPENDED),
        ),
        When(
            Exists(past.filter(kind__in=(Kind.EXPIRES, Kind.AMENDED), scope=Scope.PART)),
            then=Value(EffectStatus.PARTLY_EXPIRED),
        ),
        When(Exists(undated.exclude(vague)), then=Value(EffectStatus.UNKNOWN)),
        When(Exists(undated.filter(vague)) & ~Exists(explained), then=Value(EffectStatus.UNKNOWN)),
        default=Value(EffectStatus.IN_FORCE),
        output_field=CharField(),
    )


def _events_with_start() -> QuerySet[Any]:
    """Status events annotated with `counts_from`."""
    return StatusEvent.objects.annotate(counts_from=Coalesce("on", "stated_on"))


def _lasting_suspensions(past: QuerySet[Any], day: datetime.date) -> QuerySet[Any]:
    """Suspensions among `past` that no resumption has ended by `day`; see effect._resumption_ends."""
    began = Coalesce(OuterRef("on"), OuterRef("stated_on"))
    later = (
        _events_with_start()
        .filter(document=OuterRef("document"), kind=Kind.RESUMED, counts_from__lte=day)
        .filter(Q(counts_from__gt=began) | Q(counts_from=began, pk__gt=OuterRef("pk")))
    )
    ended = Exists(later.filter(scope=Scope.WHOLE))
    ended_in_part = Exists(later.filter(scope=Scope.PART, eids=[])) | Q(eids__len__gt=0) & Exists(
        later.filter(scope=Scope.PART, eids__contains=OuterRef("eids"))
    )
    return past.filter(kind=Kind.SUSPENDED).exclude(ended).exclude(Q(scope=Scope.PART) & ended_in_part)


def last_modified(document: LegalDocument, day: datetime.date) -> datetime.datetime:
    """When the public representation of the document on `day` last changed: its row, or its effect at a midnight.

    Never in the future, whatever the day (RFC 9110, 8.8.2.1).
    """
    day = min(day, vietnam_time.today())
    days = [event.on for event in document.status_events.all()]
    days += [each for doubt in document.effect_doubts.all() for each in (doubt.from_on, doubt.until_on)]
    change_days = [each for each in days if each and each <= day]
    midnights = [datetime.datetime.combine(each, datetime.time(), vietnam_time.VIETNAM_TIME) for each in change_days]
    return max([document.updated_at, *midnights])
