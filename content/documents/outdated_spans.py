"""Documents whose effect spans are not written yet, and their states by the rules: see `span_writer`."""

import datetime
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from content.documents.effect_spans import RULES, SpanState, state_on
from content.documents.models import EffectSpan, LegalDocument, OutdatedSpans
from content.errors import QueryTooSlow

MOST_COMPUTED = 1_000  # documents, by one read


def outdated_states(day: datetime.date) -> dict[int, SpanState]:
    """As `states_if_few`, of all documents that are marked or whose spans other rules gave."""
    return states_if_few(day, _outdated())


def states_if_few(day: datetime.date, ids: Collection[int]) -> dict[int, SpanState]:
    """As `states_by_rules`. Raises QueryTooSlow for more than MOST_COMPUTED: a new release has just started."""
    if len(ids) > MOST_COMPUTED:
        raise QueryTooSlow("database_busy", _("The effect of many documents is being computed. Try again in a minute."))
    return states_by_rules(day, ids)


def states_by_rules(day: datetime.date, ids: Collection[int]) -> dict[int, SpanState]:
    """{id: state on that day} of those of these documents that exist, from their events."""
    if not ids:
        return {}
    documents = LegalDocument.objects.filter(pk__in=ids).only("doc_type")
    return {
        each.pk: state_on(each.status_events.all(), each.effect_doubts.all(), day, has_effect=each.has_effect)
        for each in documents.prefetch_related("status_events", "effect_doubts")
    }


def _outdated() -> set[int]:
    """Of each sort one more than MOST_COMPUTED at most. A mark whose document was deleted does not count."""
    there = LegalDocument.objects.filter(pk=OuterRef("document_id"))
    marked = OutdatedSpans.objects.filter(Exists(there)).values_list("document_id", flat=True)
    by_others = EffectSpan.objects.filter(Q(rules__lt=RULES) | Q(rules__gt=RULES), valid_until=None)  # one span of each
    other = by_others.values_list("document_id", flat=True)
    most = MOST_COMPUTED + 1
    return set(marked.distinct()[:most].union(other[:most], all=True))
