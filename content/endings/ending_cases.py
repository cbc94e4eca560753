"""The cases of what an act ends, and how one is carried out."""

import datetime
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from content import vietnam_time
from content.amendments import services as amendments
from content.documents.models import LegalDocument
from content.endings import decisions, queries
from content.endings.decisions import Decision
from content.endings.effect_doubts import raise_doubts
from content.endings.models import EndingCase
from content.people.models import User
from content.relations.ending_reader import Ending, EndingKind

MAX_DAYS_TO_TELL = 7  # a change of effect that began earlier is not news
SAMPLE_EVERY = 20  # each twentieth case that the machine carries out goes to a person


def settle_endings(
    act: LegalDocument,
    endings: Sequence[Ending],
    found: dict[str, queries.Candidates],
    amending_sources: set[str],
    *,
    notify: bool,
) -> list[EndingCase]:
    decided = {identity_of(case): case for case in act.ending_cases.exclude(kind=EndingCase.Kind.AMENDS)}
    _take_back_unsaid(decided, endings)
    cases = []
    for ending in endings:
        if not ending.is_whole and any(_same_place(ending.source_eid, each) for each in amending_sources):
            continue  # an order to repeal units: `settle_amendments` has it
        decision = decisions.decide(act, ending, found.get(ending.target_key))
        case = _new_case(act, ending, decision)
        if known := decided.get(identity_of(case)):
            raise_doubts(known, [known.target] if known.target else [])  # of one that a list contests
            cases.append(known)
            continue
        case.save()
        if decision.may_be_carried_out:
            carry_out_ending(case, notify=notify)
        raise_doubts(case, decision.in_question)
        cases.append(case)
    return cases


def _take_back_unsaid(decided: dict[tuple[str, str, str, str], EndingCase], endings: Sequence[Ending]) -> None:
    """Take back what the machine carried out and a corrected text, or a corrected first day, no longer says."""
    said = {(each.source_eid, each.kind, each.target_key, each.is_whole): each.on for each in endings}
    for identity, case in list(decided.items()):
        is_whole, key = case.scope == EndingCase.Scope.WHOLE, case.target_key
        day = said.get((case.source_eid, EndingKind(case.kind), key, is_whole))
        day = day or said.get((case.source_eid, EndingKind(case.kind), "", is_whole))
        was_decided = case.decided_by_id is not None or case.official_note != ""  # by a person, or by a list
        if case.state != EndingCase.State.CARRIED_OUT or was_decided or day == case.on:
            continue
        amendment = case.amendment
        case.delete()
        del decided[identity]
        if amendment and not amendment.withdrawn_at:
            amendments.withdraw_amendment(amendment, reason=_("the corrected text no longer says so"), notify=False)


def identity_of(case: EndingCase) -> tuple[str, str, str, str]:
    return case.source_eid, case.kind, case.target_key, case.scope


def _same_place(eid: str, other: str) -> bool:
    return eid == other or eid.startswith(f"{other}__") or other.startswith(f"{eid}__")


def _new_case(act: LegalDocument, ending: Ending, decision: Decision) -> EndingCase:
    reference = ending.reference
    return EndingCase(
        act=act,
        source_eid=ending.source_eid,
        start=ending.start,
        end=ending.end,
        kind=ending.kind,
        target=decision.target,
        target_key=(ending.target_key or act.number_key)[:160],
        target_text=f"{reference.doc_type} {reference.name} {reference.number}".strip() if reference else "",
        scope=EndingCase.Scope.WHOLE if ending.is_whole else EndingCase.Scope.PART,
        eids=list(ending.eids),
        on=ending.on,
        until=ending.until,
        day_is=ending.day_is,
        replaces=ending.replaces,
        words=ending.words,
        doubts=list(decision.doubts),
        waits_for=decision.waits_for,
        state=decision.state,
    )


def carry_out_ending(case: EndingCase, *, notify: bool, by: User | None = None, reason: str = "") -> None:
    """Record what the case says of its whole document: it ends, is suspended, or has effect again.

    A case whose end is known already stays «read».
    """
    if case.target is None or case.on is None:
        raise ValueError("a case without document or day cannot be carried out")
    reason, told = reason or _("carried out by itself"), notify and is_news(case.on)
    on, source = case.on, case.source_eid
    if case.kind == EndingCase.Kind.RESUMES:
        made = amendments.resume_document(
            case.act, case.target, on=on, source=source, by=by, reason=reason, notify=told
        )
    elif case.kind == EndingCase.Kind.ENDS:
        made = amendments.end_document(case.act, case.target, on=on, source=source, by=by, reason=reason, notify=told)
    else:
        made = amendments.suspend_document(
            case.act, case.target, on=on, until=case.until, source=source, by=by, reason=reason, notify=told
        )
    if made is None:
        case.state = EndingCase.State.READ
    else:
        mark_carried_out(case, made.pk, by)
    case.save()


def mark_carried_out(case: EndingCase, amendment: int | None, by: User | None) -> None:
    case.state, case.amendment_id = EndingCase.State.CARRIED_OUT, amendment
    case.decided_at, case.decided_by = timezone.now(), by
    if by is None:
        earlier = EndingCase.objects.filter(state=EndingCase.State.CARRIED_OUT, decided_by=None).count()
        case.is_sample = earlier % SAMPLE_EVERY == SAMPLE_EVERY - 1


def is_news(on: datetime.date) -> bool:
    """Whether followers are told at once: it began in the last days. What begins later is told on its day."""
    today = vietnam_time.today()
    return today - datetime.timedelta(days=MAX_DAYS_TO_TELL) <= on <= today
