"""How we know the effect of each document, and how old the queue is: counts, and bars that a template draws as SVG."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.documents.effect import EffectDoubtKind
from content.documents.models import EffectDoubt, LegalDocument, StatusEvent
from content.effect_reviews.queries import undecided_cases
from content.endings.models import EndingCase
from content.law.doc_types import DocType
from content.official_statuses.models import OfficialStatus

WIDTH, BAR_HEIGHT, GAP = 600, 18, 6  # units of the viewBox
SOURCES: dict[str, str | Promise] = {  # in the order of the series
    "official": _("official list"),
    "act": _("act carried out"),
    "hand": _("by hand"),
    "days": _("only the days"),
    "doubtful": _("doubtful"),
}
AGES: Sequence[tuple[int, str | Promise]] = (  # (days, label): younger than that
    (1, _("less than a day")),
    (7, _("up to 7 days")),
    (30, _("up to 30 days")),
    (90, _("up to 90 days")),
    (100_000, _("older")),
)


@dataclass(frozen=True)
class Segment:
    """One rectangle of a bar."""

    x: float
    width: float
    series: int


@dataclass(frozen=True)
class Bar:
    """One row of a picture: a label, its counts by series, and the rectangles."""

    label: str | Promise
    counts: Sequence[int]
    segments: Sequence[Segment]
    y: int

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Picture:
    """Horizontal bars. `names` are the series; a picture of one series has none."""

    id: str
    title: str | Promise
    names: Sequence[str | Promise]
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        return len(self.bars) * (BAR_HEIGHT + GAP)


def knowledge_of_effect(today: datetime.date) -> list[Picture]:
    """How we know the effect of the public documents: of all, by type and by year of issue. Three queries."""
    documents = _with_source(today)
    names = list(SOURCES.values())
    overall = _shares(documents.annotate(group=Value("", output_field=CharField()))).get("", [])
    by_type = _shares(documents.annotate(group=Case(default="doc_type", output_field=CharField())))
    by_year = _shares(documents.annotate(group=ExtractYear("issued_on")))
    types = [(DocType(str(group)).label, counts) for group, counts in _largest_first(by_type)]
    years = [(str(group or "—"), by_year[group]) for group in sorted(by_year, key=lambda each: -int(each or 0))]
    return [
        _picture(
            "all",
            _("How we know the effect of each document"),
            names,
            [(_("all"), overall)] if overall else [],
        ),
        _picture("types", _("By type"), names, types),
        _picture("years", _("By year of issue"), names, years),
    ]


def age_of_queue() -> Picture:
    """How long the undecided cases have waited."""
    now, rows, youngest = timezone.now(), [], 0
    for days, label in AGES:
        found = undecided_cases().filter(
            found_at__gt=now - datetime.timedelta(days=days), found_at__lte=now - datetime.timedelta(days=youngest)
        )
        rows.append((label, [found.count()]))
        youngest = days
    return _picture("age", _("Waiting in the queue"), [], rows, is_share=False)


def _with_source(today: datetime.date) -> QuerySet[Any]:
    """Public documents with `source`: a key of SOURCES, the weightiest that holds."""
    here = {"document": OuterRef("pk")}
    doubts = EffectDoubt.objects.filter(from_on__lte=today, **here)
    doubts = doubts.exclude(kind=EffectDoubtKind.AMENDS).exclude(until_on__lte=today)
    events = StatusEvent.objects.filter(**here)
    cases = EndingCase.objects.filter(target=OuterRef("pk"), state=EndingCase.State.CARRIED_OUT)
    by_machine = Exists(cases.filter(decided_by=None)) | Exists(
        events.filter(amendment__applied_by=None, amendment__isnull=False)
    )
    by_hand = Exists(events.filter(amendment__applied_by__isnull=False))
    source = Case(
        When(Exists(doubts), then=Value("doubtful")),
        When(Exists(OfficialStatus.objects.filter(**here)) | Q(effect_stated_on__isnull=False), then=Value("official")),
        When(by_hand, then=Value("hand")),
        When(by_machine, then=Value("act")),
        default=Value("days"),
        output_field=CharField(),
    )
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED, is_sample=False)
    return public.exclude(doc_type=DocType.CONSOLIDATED_TEXT).annotate(source_of_effect=source)


def _shares(documents: QuerySet[Any]) -> dict[str | int | None, list[int]]:
    """{group: [count of each source]}."""
    found: dict[str | int | None, list[int]] = {}
    places = {name: place for place, name in enumerate(SOURCES)}
    counted = documents.order_by().values_list("group", "source_of_effect").annotate(count=Count("pk"))
    for group, source, count in counted:
        found.setdefault(group, [0] * len(SOURCES))[places[source]] = count
    return found


def _largest_first(groups: dict[str | int | None, list[int]]) -> list[tuple[str | int | None, list[int]]]:
    return sorted(groups.items(), key=lambda each: (-sum(each[1]), str(each[0])))


def _picture(
    id: str,
    title: str | Promise,
    names: Sequence[str | Promise],
    rows: Iterable[tuple[str | Promise, Sequence[int]]],
    *,
    is_share: bool = True,
) -> Picture:
    """Bars of one length (shares), or as long as their counts."""
    known = list(rows)
    longest = max((sum(counts) for _label, counts in known), default=0) or 1
    bars = []
    for place, (label, counts) in enumerate(known):
        whole = sum(counts) or 1
        bars.append(Bar(label, counts, _segments(counts, whole if is_share else longest), place * (BAR_HEIGHT + GAP)))
    return Picture(id, title, names, bars)


def _segments(counts: Sequence[int], whole: int) -> list[Segment]:
    segments, x = [], 0.0
    for series, count in enumerate(counts):
        if count:
            width = round(count / whole * WIDTH, 1)
            segments.append(Segment(round(x, 1), width, series))
            x += width
    return segments
