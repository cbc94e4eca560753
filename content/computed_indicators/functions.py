"""Indicators that we compute: one function each, from a month to counts of the whole country and of provinces.

What each counts is in docs/indicators.md. Nothing here writes. The method of an indicator names its function, and
behind a colon what it counts: «materials_in:km».
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from content.contests.models import Contest, Entry
from content.contests.states import FROZEN_STATUSES, TAKING_STATUSES
from content.deadlines import queries as deadlines
from content.deadlines import working_days
from content.dissemination import queries as dissemination
from content.documents import queries as documents
from content.media import queries as media
from content.organisations.models import Organisation, Province
from content.organisations.queries import valid_on
from content.plans import queries
from content.plans.models import Duty, Indicator, Programme
from content.plans.statuses import DutyStatus
from content.qa.models import Question
from content.qa.states import OPEN_STATUSES
from content.sync import queries as sync
from content.sync.models import PeerState
from content.topics.models import Topic
from content.vietnam_time import VIETNAM_TIME

FEWEST_PEOPLE = 5  # groups of fewer persons are not shown
DAYS_UNTIL_PUBLIC = 15  # in which a document should be here
ONE_DAY = datetime.timedelta(days=1)
LONGEST_WAIT = datetime.timedelta(days=400)  # longer than any rule of working days
HUNDRED = Decimal(100)
PRECISION = Decimal("0.000001")
Place = int | None  # primary key of a province; None: the whole country


@dataclass(frozen=True)
class Month:
    """A month in Viet Nam: [first, until)."""

    first: datetime.date

    @property
    def until(self) -> datetime.date:
        return (self.first + datetime.timedelta(days=32)).replace(day=1)

    @property
    def last(self) -> datetime.date:
        return self.until - datetime.timedelta(days=1)

    @property
    def begins_at(self) -> datetime.datetime:
        return datetime.datetime.combine(self.first, datetime.time(), VIETNAM_TIME)

    @property
    def ends_at(self) -> datetime.datetime:
        return datetime.datetime.combine(self.until, datetime.time(), VIETNAM_TIME)


def month_of(day: datetime.date) -> Month:
    """The month of the day."""
    return Month(day.replace(day=1))


@dataclass(frozen=True)
class Counted:
    """A computed value. A percentage has its numerator and denominator, a count has neither."""

    province: Place
    value: Decimal
    numerator: int | None = None
    denominator: int | None = None


def compute(indicator: Indicator, month: Month) -> list[Counted]:
    """The values of the month, of the whole country first. Empty where nothing can be said.

    So it is of a method that only a newer version knows: its rows stay when this one is put back.
    """
    name, _colon, what = indicator.method.partition(":")
    function = FUNCTIONS.get(name)
    found = function(month, indicator.programme, what) if function else ()
    return sorted(found, key=lambda each: (each.province is not None, each.province or 0))


def duties_fulfilled(month: Month, programme: Programme, _what: str) -> Iterable[Counted]:
    """Duties that are due on the last day of the month for which the organisation itself has a plan, in percent."""
    due, fulfilled = Counter[Place](), Counter[Place]()
    years = Duty.objects.filter(programme=programme).order_by().values_list("year", flat=True).distinct()
    for year in years:
        covered = queries.coverage(programme, month.last, year)
        for each in (*covered.provinces, *covered.others):
            places = {None, each.province.pk if each.province else None}
            if each.finding.status != DutyStatus.NOT_DUE:
                due.update(places)
            if each.finding.status == DutyStatus.ADOPTED:
                fulfilled.update(places)
    return _percentages(fulfilled, due)


def questions_answered_in_time(month: Month, _programme: Programme, _what: str) -> Iterable[Counted]:
    """Of the questions asked here whose due day is in the month, those first answered by that day, in percent."""
    rules, exceptions = _working_days_by_topic(), deadlines.calendar_exceptions()
    present = _provinces_of(month)
    asked = Question.objects.filter(
        home="", source="", asked_at__lt=month.ends_at, asked_at__gte=month.begins_at - LONGEST_WAIT
    )
    answered = asked.annotate(first=Min("answers__approved_at"))
    counted = answered.filter(Q(first__isnull=False) | Q(status__in=OPEN_STATUSES))
    due, in_time = Counter[Place](), Counter[Place]()
    for topic, province, asked_at, first in counted.values_list("topic", "province", "asked_at", "first"):
        day = working_days.due_day(asked_at.astimezone(VIETNAM_TIME).date(), rules(topic), exceptions)
        if month.first <= day < month.until:
            due.update({None, present.get(province)})
            if first and first.astimezone(VIETNAM_TIME).date() <= day:
                in_time.update({None, present.get(province)})
    return _percentages(in_time, _without_small_groups(due))


def documents_public_in_time(month: Month, programme: Programme, _what: str) -> Iterable[Counted]:
    """Of the documents whose 15th day after issue is in the month, those that were here by that day, in percent.

    A late one counts in the month in which it became public: before it is not here, and nobody can count it.
    """
    after = datetime.timedelta(days=DAYS_UNTIL_PUBLIC)
    fifteenth_is_here = Q(issued_on__gte=month.first - after, issued_on__lt=month.until - after)
    became_public_here = Q(published_at__gte=month.begins_at, published_at__lt=month.ends_at)
    rows = documents.published_documents().filter(
        fifteenth_is_here | became_public_here, home="", is_sample=False, issued_on__gte=programme.valid_from
    )
    present, due, in_time = _provinces_of(month), Counter[Place](), Counter[Place]()
    for province, issued_on, published_at in rows.order_by().values_list("province", "issued_on", "published_at"):
        if issued_on is None or published_at is None:  # neither is, of what is filtered above
            continue
        public_on = published_at.astimezone(VIETNAM_TIME).date()
        if month.first <= max(issued_on + after, public_on) < month.until:
            due.update({None, present.get(province)})
            if public_on <= issued_on + after:
                in_time.update({None, present.get(province)})
    return _percentages(in_time, due)


def materials_in(month: Month, _programme: Programme, language: str) -> Iterable[Counted]:
    """Materials in a language that are public on the last day of the month."""
    return _counts(media.materials_published_by(month.last).filter(home="", is_sample=False, language=language), month)


def materials_for(month: Month, _programme: Programme, audience: str) -> Iterable[Counted]:
    """Materials for an audience that are public on the last day of the month."""
    rows = media.materials_published_by(month.last).filter(home="", is_sample=False, audiences__contains=[audience])
    return _counts(rows, month)


def contests(month: Month, _programme: Programme, _what: str) -> Iterable[Counted]:
    """Contests of which a round was open in the month. A cancelled one, or a round that was never frozen, was not."""
    held = Contest.objects.filter(
        status__in=TAKING_STATUSES, is_sample=False, rounds__starts_at__lt=month.ends_at,
        rounds__ends_at__gt=month.begins_at, rounds__is_practice=False, rounds__status__in=FROZEN_STATUSES,
    )  # fmt: skip
    return _counts(held.distinct(), month)


def contestants(month: Month, _programme: Programme, _what: str) -> Iterable[Counted]:
    """People who entered a contest in the month, each once. Small groups are left out.

    Who entered is forgotten when a reader is erased: each entry of theirs counts as a person.
    """
    entered = Entry.objects.filter(
        entered_at__gte=month.begins_at, entered_at__lt=month.ends_at, contest__is_sample=False
    )
    present, people = _provinces_of(month), defaultdict[Place, set[tuple[Any, int | None]]](set)
    for pk, reader, province in entered.order_by().values_list("pk", "reader", "province"):
        for place in {None, present.get(province)}:
            people[place].add((reader, None if reader else pk))
    counts = _without_small_groups(Counter({place: len(those) for place, those in people.items()}))
    if not people:
        counts[None] = 0
    return [Counted(place, Decimal(count)) for place, count in counts.items()]


def placements_as(month: Month, _programme: Programme, form: str) -> Iterable[Counted]:
    """What was placed at outlets in the month as a form of Law 14/2012/QH13, Article 11, by the outlet's province."""
    placed = dissemination.without_samples(dissemination.placed_between(month.first, month.last)).filter(form=form)
    return _counts(placed, month, "outlet__organisation__province")


def portals_in_sync(month: Month, _programme: Programme, _what: str) -> Iterable[Counted]:
    """Of the other installations that are followed here, those in sync that answered in the last day, in percent.

    Only the present state is known: that of the end of the month, if the month is stored at once. A province counts the
    installations that speak for it or its bodies, for one merged into it, or for all (an empty scope).
    """
    present, keys = _provinces_of(month), dict(Province.objects.values_list("key", "pk"))
    everywhere = set(valid_on(Province.objects.all(), month.last).values_list("pk", flat=True))
    keys |= dict(Organisation.objects.filter(province__isnull=False).values_list("key", "province"))
    since = min(month.ends_at, timezone.now()) - ONE_DAY
    followed, in_sync = Counter[Place](), Counter[Place]()
    for peer in sync.public_peers().exclude(state=PeerState.PAUSED):
        of_scope = (present[keys[key]] for key in peer.scope if key in keys)
        places = {None, *(of_scope if peer.scope else everywhere)}
        followed.update(places)
        if peer.state == PeerState.FOLLOWING and peer.last_ok_at and peer.last_ok_at >= since:
            in_sync.update(places)
    return _percentages(in_sync, followed)


FUNCTIONS: dict[str, Callable[[Month, Programme, str], Iterable[Counted]]] = {
    each.__name__: each
    for each in (
        duties_fulfilled, questions_answered_in_time, documents_public_in_time, materials_in, materials_for, contests,
        contestants, placements_as, portals_in_sync,
    )
}  # fmt: skip


def _counts(rows: QuerySet[Any], month: Month, column: str = "province") -> Iterator[Counted]:
    """How many rows there are of the whole country, 0 too, and of each province (`column`) that has some."""
    present = _provinces_of(month)
    provinces = [present.get(province) for _pk, province in rows.order_by().values_list("pk", column)]
    yield Counted(None, Decimal(len(provinces)))
    for province, count in Counter(filter(None, provinces)).items():
        yield Counted(province, Decimal(count))


def _provinces_of(month: Month) -> dict[int, int]:
    """{province of any time: what it is on the last day of the month}: itself, or what it was merged into by then."""
    rows = {each.pk: each for each in Province.objects.all()}
    found = {}
    for pk, row in rows.items():
        while row.successor_id and row.valid_until and row.valid_until <= month.last:
            row = rows[row.successor_id]
        found[pk] = row.pk
    return found


def _without_small_groups(people: Counter[Place]) -> Counter[Place]:
    """The groups of at least FEWEST_PEOPLE. Where one province alone would be hidden, the smallest other is too.

    Otherwise the one that is hidden is what is left of the whole country.
    """
    shown = Counter({place: count for place, count in people.items() if count >= FEWEST_PEOPLE})
    provinces = sorted((count, place) for place, count in shown.items() if place is not None)
    hidden = sum(place is not None and place not in shown for place in people)
    if hidden == 1 and provinces:
        del shown[provinces[0][1]]
    return shown


def _percentages(numerators: Counter[Place], denominators: Counter[Place]) -> Iterator[Counted]:
    for place, denominator in denominators.items():
        numerator = numerators[place]
        yield Counted(place, (HUNDRED * numerator / denominator).quantize(PRECISION), numerator, denominator)


def _working_days_by_topic() -> Callable[[int | None], int]:
    """The number of working days by the rule of a topic, from few queries."""
    topics = {each.pk: each for each in Topic.objects.all()}
    known: dict[int | None, int] = {}

    def rule(topic: int | None) -> int:
        if topic not in known:
            known[topic] = deadlines.working_days_for(topics[topic] if topic else None)
        return known[topic]

    return rule
