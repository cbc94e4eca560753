"""The effect of documents on a day, in SQL: the rules of `effect.effect_on` for many documents at once."""

import datetime

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from content import vietnam_time
from content.documents.effect import EffectStatus
from content.documents.models import StatusEvent
from content.law.doc_types import DocType


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
    return annotated_with_effect_status(documents, day).filter(effect_status=status)


def documents_binding_on(documents, day):
    """Narrow to those in force on `day`, those of which a part has expired included: the rest of them binds."""
    return annotated_with_effect_status(documents, day).filter(
        effect_status__in=[EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED]
    )


def annotated_with_effect_status(documents, day):
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
