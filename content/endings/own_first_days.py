"""What of an act may begin on another day than the act: until somebody checked, it is not shown as in force."""

import datetime
import re
from collections.abc import Iterable

from content import vietnam_time
from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.documents.effect import StatusEventKind, StatusEventScope, effect_on
from content.documents.models import EffectDoubt, LegalDocument
from content.documents.units_inside import with_units_inside
from content.endings.models import EndingCase
from content.law.lexer.document_words import DAY, date_of
from content.law.lexer.unit_lexicon import ANNEX, FORM
from content.law.units import UnitKind

MAX_WORDS = 2_000  # characters of the clause
_DAY_FOR_SOME = re.compile(  # «… và từ ngày 01/01/2028 đối với cá nhân»: for others the provision begins then
    rf"từ {DAY},? (?:đối với|với|cho|tại) "
)
_FORMS = re.compile(rf"(?<!\w)(?:{FORM}|{ANNEX})(?!\w)", re.IGNORECASE)


def unsure_starts(orders: Iterable[AmendingInstruction]) -> list[AmendingInstruction]:
    """Of the orders, those about a first day of the act's own provisions that was not read for certain."""
    own = [each for each in orders if each.target.is_the_act and each.action is AmendingAction.TAKES_EFFECT]
    return [each for each in own if not each.is_certain]


def topics_with_own_day(
    act: LegalDocument, orders: Iterable[AmendingInstruction]
) -> list[tuple[str, datetime.date, str]]:
    """[(the act's provision, day, its words)] of what begins on another day than the act and names no unit.

    «Quy định về bảo hộ nhãn hiệu là dấu hiệu âm thanh có hiệu lực thi hành từ ngày 14/01/2022.»
    """
    topics = [(each.source, each.on) for each in unsure_starts(orders) if not each.eid and each.on]
    return [(source, on, _words_of(act, source)) for source, on in topics]


def doubt_first_days(case: EndingCase, orders: Iterable[AmendingInstruction]) -> None:
    """Make the units of the act itself doubtful that the orders say, or may say, begin on another day.

    They are doubtful from the earlier of the two days to the later one, without end where the other is not known; to
    the last one where they begin for some on another day than for others. A
    topic that names no unit may be in any article that has no first day of its own, but for the one that says so; in
    annexes and forms too if it is about those, or if there is no such article.
    """
    clauses: dict[str, list[AmendingInstruction]] = {}
    for each in orders:
        if each.eid or not each.is_certain:  # the first day of the whole act is no topic, though it was not applied
            clauses.setdefault(each.source, []).append(each)
    act = case.act
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    for source, own in clauses.items():
        eids = {each.eid for each in own if each.eid}
        if not all(each.eid for each in own):
            eids |= _units_a_topic_may_mean(act, source)
        days = {each.on for each in own} | {first_day}
        from_on = min(filter(None, days), default=act.issued_on or vietnam_time.today())
        for_some = {date_of(parts) for parts in _DAY_FOR_SOME.findall(_words_of(act, source))}
        until_on = max(filter(None, days | for_some)) if None not in days else None
        if until_on == from_on:
            continue
        EffectDoubt.objects.update_or_create(
            document=act,
            act=act,
            source_eid=source,
            kind=EffectDoubt.Kind.BEGINS,
            scope=EffectDoubt.Scope.PART,
            defaults={
                "eids": with_units_inside(act.pk, eids),
                "from_on": from_on,
                "until_on": until_on,
                "on": own[0].on if len({each.on for each in own}) == 1 else None,
                "words": _words_of(act, source),
                "reasons": case.doubts,
            },
        )


def _units_a_topic_may_mean(act: LegalDocument, source: str) -> set[str]:
    starts = act.status_events.filter(kind=StatusEventKind.TAKES_EFFECT, scope=StatusEventScope.PART)
    known = {eid for event in starts for eid in event.eids}
    other = known | {source.split("__")[0]}
    articles = set(act.provisions.filter(kind=UnitKind.ARTICLE).values_list("eid", flat=True)) - other
    if articles and not _FORMS.search(_words_of(act, source)):
        return articles
    annexes = act.provisions.filter(kind__in=(UnitKind.ANNEX, UnitKind.FORM)).values_list("eid", flat=True)
    return articles | set(annexes) - other


def _words_of(act: LegalDocument, eid: str) -> str:
    texts = act.provisions.filter(eid=eid, versions__valid_from=None).values_list("versions__text", flat=True)
    return " ".join((texts.first() or "").split())[:MAX_WORDS]
