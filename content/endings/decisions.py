"""Whether what an act says may be carried out without a person. When in doubt, never."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import F, QuerySet

from content.documents.effect import StatusEventKind, StatusEventScope, effect_on
from content.documents.models import Amendment, LegalDocument, StatusEvent
from content.endings import queries, ranks
from content.endings.act_effect import EffectOfAct
from content.endings.doubts import CaseDoubt, StoredDoubt
from content.endings.models import EndingCase, MachineSwitch
from content.endings.queries import AUTOMATIC_ENDINGS, Candidates
from content.law import document_references
from content.law.doc_types import TYPES_CITED_BY_NAME
from content.relations.ending_reader import Ending, EndingKind, ReadingDoubt
from content.relations.models import Relation, RelationKind

MAX_NEARLY_FITTING = 4  # documents that are all called doubtful; of more, a person must say which is meant
LAST_JUDGED = 200  # cases that people looked at, by which the machine is measured
MAX_SHARE_WRONG = 0.01
EVENT_KINDS = {
    EndingKind.ENDS: StatusEventKind.EXPIRES,
    EndingKind.SUSPENDS: StatusEventKind.SUSPENDED,
    EndingKind.HALTS: StatusEventKind.SUSPENDED,
    EndingKind.RESUMES: StatusEventKind.RESUMED,
}
DOUBTS_OF_THE_END = (ReadingDoubt.EXCEPTION, ReadingDoubt.CONDITION, ReadingDoubt.CONTINUES)  # wherever the act says so
ENDING_KINDS = (RelationKind.REPLACES, RelationKind.REPEALS)


@dataclass
class Decision:
    """What is to be done with one ending."""

    state: EndingCase.State
    target: LegalDocument | None = None
    doubts: list[CaseDoubt] = field(default_factory=list)
    in_question: list[LegalDocument] = field(default_factory=list)  # not shown as in force until somebody decides
    waits_for: list[str] = field(default_factory=list)
    may_be_carried_out: bool = False


def decide(
    act: LegalDocument,
    ending: Ending,
    candidates: Candidates | None,
    effect: EffectOfAct,
    *,
    carried_out_by: Amendment | None = None,
) -> Decision:
    """What to do with an ending, from the words and from what is stored.

    `carried_out_by` carried it out already: the end that it made is no other end.
    """
    doubts: list[CaseDoubt] = list(ending.doubts)
    named = candidates or Candidates()
    found = _issued_before(act, named, doubts) if ending.reference else Candidates([act])
    if not found.all:
        return Decision(EndingCase.State.WAITING, doubts=doubts, waits_for=_keys_waited_for(ending))
    if len(found.exact or found.near) > 1:
        several = found.exact or found.near
        in_question = several if found.exact or len(several) <= MAX_NEARLY_FITTING else []
        return Decision(EndingCase.State.CONTESTED, None, [*doubts, StoredDoubt.SEVERAL], in_question)
    target = (found.exact or found.near)[0]
    if not found.exact:
        doubts.append(StoredDoubt.DIFFERS)
    doubts += stored_doubts(act, target, ending.start, ending.source_eid)
    if not ending.is_whole:
        doubts.append(StoredDoubt.IN_PART)
    elif _is_known(target, ending, carried_out_by):
        return Decision(EndingCase.State.READ, target, doubts)
    elif ending.kind is EndingKind.ENDS:
        doubts += _doubts_of_whole(act, target, carried_out_by)
        doubts += _doubts_of_day(act, target, ending, effect)
        if ReadingDoubt.EXCEPTION in doubts and _is_officially_ended(target):
            doubts.remove(ReadingDoubt.EXCEPTION)  # an official list says that it ended; the act says when
    doubts = list(dict.fromkeys(doubts))
    return Decision(EndingCase.State.OPEN, target, doubts, [target], may_be_carried_out=not doubts)


def _keys_waited_for(ending: Ending) -> list[str]:
    """The keys of a document that is not stored: its number, and its name with the year, should the number be wrong."""
    keys = [ending.target_key[:160]]
    reference = ending.reference
    if reference and reference.number and reference.name and reference.doc_type in TYPES_CITED_BY_NAME:
        keys.append(document_references.name_key(reference.doc_type, reference.name, reference.year)[:160])
    return keys


def _issued_before(act: LegalDocument, found: Candidates, doubts: list[CaseDoubt]) -> Candidates:
    """The candidates that were issued before the act. One that fits exactly and was not stays, with a doubt."""
    exact = [each for each in found.exact if _is_before(each, act)]
    near = [each for each in found.near if _is_before(each, act)]
    if found.exact and not exact:
        doubts.append(StoredDoubt.NOT_BEFORE)
        exact = found.exact
    return Candidates(exact, near)


def _is_before(document: LegalDocument, act: LegalDocument) -> bool:
    return bool(document.issued_on and act.issued_on and document.issued_on < act.issued_on)


def stored_doubts(act: LegalDocument, target: LegalDocument, start: int, source_eid: str) -> list[CaseDoubt]:
    """Doubts that do not come from the clause: the machine, the act's copy, its rank."""
    doubts: list[CaseDoubt] = []
    if not queries.is_machine_on():
        doubts.append(StoredDoubt.SWITCHED_OFF)
    if act.is_partial:
        doubts.append(StoredDoubt.PARTIAL_ACT)
    if source_eid and _was_misread(act, source_eid):
        doubts.append(StoredDoubt.MISREAD)
    if act.pk != target.pk and not ranks.may_end(
        act.doc_type,
        act.number,
        target.doc_type,
        target.number,
        same_issuer=act.issuer_id is not None and act.issuer_id == target.issuer_id,
    ):
        doubts.append(StoredDoubt.RANK)
    return doubts


def _was_misread(act: LegalDocument, source_eid: str) -> bool:
    """Whether the parser warned about the article, or about the whole text."""
    places = [warning["start"] for warning in act.warnings if warning["code"] != "status_differs"]
    if not places:
        return False
    spans, at = [], 0
    article = source_eid.split("__")[0]
    for eid, text in (
        act.provisions.filter(versions__valid_from=None).order_by("position").values_list("eid", "versions__text")
    ):
        if eid == article or eid.startswith(f"{article}__"):
            spans.append((at, at + len(text)))
        at += len(text)
    return any(start <= place < end for place in places for start, end in spans)


def _doubts_of_day(act: LegalDocument, target: LegalDocument, ending: Ending, effect: EffectOfAct) -> list[CaseDoubt]:
    on, doubts = ending.on, list[CaseDoubt]()
    if on is None:
        return doubts
    first_day = effect_on(target.status_events.all(), datetime.date.max).effective_on
    if (act.issued_on and on < act.issued_on) or (act.pk != target.pk and first_day and on <= first_day):
        doubts.append(StoredDoubt.PAST_DAY)
    if act.pk != target.pk and not effect.says_so_on(on, ending.source_eid):  # what ends itself is not in force then
        doubts.append(StoredDoubt.NOT_IN_FORCE)
    return doubts


def _is_known(target: LegalDocument, ending: Ending, own: Amendment | None) -> bool:
    """Whether the same is stored already, from another source: a suspension with its last day."""
    if ending.on is None:
        return False
    events = [(EVENT_KINDS[ending.kind], ending.on)]
    if ending.until is not None:
        events.append((StatusEventKind.RESUMED, ending.until + datetime.timedelta(days=1)))
    stored = _without(target.status_events.filter(scope=StatusEventScope.WHOLE), own)
    return all(stored.filter(kind=kind, on=on).exists() for kind, on in events)


def _without(events: QuerySet[StatusEvent], own: Amendment | None) -> QuerySet[StatusEvent]:
    return events.exclude(amendment=own) if own else events


def _is_officially_ended(target: LegalDocument) -> bool:
    return target.status_events.filter(
        kind=StatusEventKind.EXPIRES, scope=StatusEventScope.WHOLE, on=None, amendment=None
    ).exists()


def _doubts_of_whole(act: LegalDocument, target: LegalDocument, own: Amendment | None) -> list[CaseDoubt]:
    doubts: list[CaseDoubt] = []
    ends = target.status_events.filter(kind=StatusEventKind.EXPIRES, scope=StatusEventScope.WHOLE)
    if _without(ends.filter(on__isnull=False), own).exists():
        doubts.append(StoredDoubt.ANOTHER_END)
    rejected = Relation.objects.filter(
        actor=act,
        target=target,
        kind__in=ENDING_KINDS,
        scope=Relation.Scope.WHOLE,
        status=Relation.Status.REJECTED,
    )
    said_elsewhere = act.ending_cases.filter(
        target=target, kind=EndingCase.Kind.ENDS, scope=EndingCase.Scope.WHOLE, state=EndingCase.State.REJECTED
    )
    if rejected.exists() or (own is None and said_elsewhere.exists()):
        doubts.append(StoredDoubt.REJECTED)
    return doubts


def in_view_of_others(endings: Sequence[Ending], found: Mapping[str, Candidates]) -> list[Ending]:
    """The endings, each with the doubts that the act raises elsewhere about the end of the same document.

    «Luật này thay thế Luật X» is no certain end of X if another clause says «Luật X hết hiệu lực …, trừ Điều 9».
    """
    meant = [{each.pk for each in found.get(ending.target_key, Candidates()).all} for ending in endings]
    told: dict[int, set[ReadingDoubt]] = {}  # {document: doubts}
    days: dict[int, set[datetime.date | None]] = {}  # of the end of the whole
    last: dict[int, datetime.date] = {}  # on which a part ends
    for ending, documents in zip(endings, meant, strict=True):
        for pk in documents if ending.kind is EndingKind.ENDS else ():
            if ending.is_whole:
                told.setdefault(pk, set()).update(doubt for doubt in ending.doubts if doubt in DOUBTS_OF_THE_END)
                days.setdefault(pk, set()).add(ending.on)
            elif ending.on:
                last[pk] = max(ending.on, last.get(pk, ending.on))
    seen = []
    for ending, documents in zip(endings, meant, strict=True):
        if ending.is_whole and ending.kind is EndingKind.ENDS:
            doubts = {doubt for pk in documents for doubt in told[pk]}
            if any(len(days[pk]) > 1 for pk in documents):
                doubts.add(ReadingDoubt.SEVERAL_DAYS)
            if ending.on and any(last.get(pk, ending.on) > ending.on for pk in documents):
                doubts.add(ReadingDoubt.CONTINUES)
            ending = replace(ending, doubts=tuple(dict.fromkeys([*ending.doubts, *sorted(doubts)])))
        seen.append(ending)
    return seen


def last_judged() -> tuple[int, int]:
    """(how many were wrong, how many were looked at) of the last automatic cases that people looked at.

    What was decided before a person switched the machine on again is looked at already.
    """
    judged = EndingCase.objects.filter(found_right__isnull=False).order_by(F("decided_at").desc(nulls_last=True), "-pk")
    switched_on = MachineSwitch.objects.filter(name=AUTOMATIC_ENDINGS, is_on=True).first()
    if switched_on:
        judged = judged.filter(decided_at__gt=switched_on.changed_at)
    last = list(judged.values_list("found_right", flat=True)[:LAST_JUDGED])
    return last.count(False), len(last)


def switch_off_if_often_wrong() -> bool:
    """Switch the machine off if too many of the last cases that people looked at were wrong. Returns whether it did."""
    wrong, count = last_judged()
    if wrong <= MAX_SHARE_WRONG * count:
        return False
    MachineSwitch.objects.update_or_create(
        name=AUTOMATIC_ENDINGS,
        defaults={"is_on": False, "reason": f"{wrong} of the last {count} were wrong", "changed_by": None},
    )
    return True
