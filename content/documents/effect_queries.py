"""Documents by their effect on a day, from their effect spans.

Documents whose spans are not written yet are computed by the rules of `effect` (`outdated_spans`); of too many, reads
raise QueryTooSlow. That takes several statements: who shows what they find reads one moment (`sql.snapshot`).
"""

import datetime
from collections.abc import Callable, Collection

from django.db.models import DateField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from content import vietnam_time
from content.documents.effect import EffectStatus, StatusEventKind, StatusEventScope
from content.documents.effect_spans import SpanState
from content.documents.models import EffectSpan, LegalDocument, StatusEvent
from content.documents.outdated_spans import outdated_states


def with_effect_days(documents: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
    """Annotate `first_day` and `end_day`: the whole document is in force on [first_day, end_day), as far as known."""
    counts_from = Coalesce("on", "stated_on")
    whole = StatusEvent.objects.filter(document=OuterRef("pk"), scope=StatusEventScope.WHOLE)
    in_order = whole.order_by(counts_from).values(day=ExpressionWrapper(counts_from, DateField()))
    return documents.annotate(
        first_day=Subquery(in_order.filter(kind=StatusEventKind.TAKES_EFFECT)[:1]),
        end_day=Subquery(in_order.filter(kind=StatusEventKind.EXPIRES)[:1]),
    )


def found_statuses(statuses: Collection[str]) -> set[str]:
    """These statuses and those that they include: in force includes partly expired."""
    return set(statuses) | ({EffectStatus.PARTLY_EXPIRED} if EffectStatus.IN_FORCE in statuses else set())


def documents_with_status(
    documents: QuerySet[LegalDocument], statuses: Collection[str], day: datetime.date
) -> QuerySet[LegalDocument]:
    """Narrow to documents whose effect on `day` is one of `found_statuses`."""
    wanted = found_statuses(statuses)
    return _narrowed(documents, Q(status__in=sorted(wanted)), day, lambda state: state.status in wanted)


def documents_in_doubt(documents: QuerySet[LegalDocument], day: datetime.date) -> QuerySet[LegalDocument]:
    """Narrow to documents whose effect, or that of a part, is in doubt: those that show an `effect_doubt`.

    An act says something that nobody has checked, or a source says that some part has expired and nothing tells which.
    """
    return _narrowed(documents, Q(is_in_doubt=True), day, lambda state: state.is_in_doubt)


def documents_not_in_doubt(documents: QuerySet[LegalDocument], day: datetime.date) -> QuerySet[LegalDocument]:
    """Narrow to the others."""
    return _narrowed(documents, Q(is_in_doubt=False), day, lambda state: not state.is_in_doubt)


def documents_binding_on(documents: QuerySet[LegalDocument], day: datetime.date) -> QuerySet[LegalDocument]:
    """Narrow to documents in force on `day`, wholly or in part."""
    return documents_with_status(documents, [EffectStatus.IN_FORCE], day)


def _narrowed(
    documents: QuerySet[LegalDocument], of_span: Q, day: datetime.date, is_wanted: Callable[[SpanState], bool]
) -> QuerySet[LegalDocument]:
    """Narrow to documents with such a span, and to those without written spans whose state is wanted.

    A document without any span is not found before the worker has marked it.
    """
    outdated = outdated_states(day)
    wanted = [pk for pk, state in outdated.items() if is_wanted(state)]
    spans = EffectSpan.objects.filter(of_span, Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)
    return documents.filter(Q(pk__in=wanted) | ~Q(pk__in=outdated) & Exists(spans.filter(document=OuterRef("pk"))))


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
