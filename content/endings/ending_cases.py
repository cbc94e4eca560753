"""The cases of what an act ends, and how one is carried out."""

import datetime
from collections.abc import Collection, Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from content import vietnam_time
from content.amendments import services as amendments
from content.documents.models import LegalDocument
from content.endings import decisions, queries
from content.endings.act_effect import EffectOfAct
from content.endings.decisions import Decision
from content.endings.doubts import StoredDoubt
from content.endings.effect_doubts import UNDECIDED, raise_doubts
from content.endings.models import EndingCase
from content.people.models import User
from content.relations.ending_reader import Ending

MAX_DAYS_TO_TELL = 7  # a change of effect that began earlier is not news
Earlier = dict[tuple[str, str, str, str], EndingCase]  # {identity_of: case}
SAMPLE_EVERY = 20  # each twentieth case that the machine carries out goes to a person


def settle_endings(
    act: LegalDocument,
    endings: Sequence[Ending],
    found: dict[str, queries.Candidates],
    repeals: Collection[tuple[str, int | None, str]],  # as amending.repeals gives them
    effect: EffectOfAct,
    earlier: Earlier,
    *,
    notify: bool,
) -> list[EndingCase]:
    """Make the cases of what the act ends, and carry out what is certain.

    `earlier`: its undecided cases from an earlier reading; those that the act says again are taken out.
    """
    endings = decisions.in_view_of_others(endings, found)
    decided = {
        identity_of(case): case
        for case in act.ending_cases.exclude(kind=EndingCase.Kind.AMENDS)
        if identity_of(case) not in earlier
    }
    _take_back_doubtful(act, decided, endings, found, effect)
    cases = []
    for ending in endings:
        if not ending.is_whole and _is_ordered(ending, found.get(ending.target_key), repeals):
            continue  # an order to repeal units: `settle_amendments` has it
        decision = decisions.decide(act, ending, found.get(ending.target_key), effect)
        case = new_case(act, ending, decision)
        known = decided.get(identity_of(case))
        if known and _was_about_other_words(known, case):
            case.pk, case.found_at = known.pk, known.found_at
            case.decided_by, case.decided_at = known.decided_by, known.decided_at
            case.state = EndingCase.State.OPEN if case.state == EndingCase.State.READ else case.state
            case.doubts = list(dict.fromkeys([*case.doubts, StoredDoubt.REJECTED]))
            decision.may_be_carried_out = False
        elif known:
            raise_doubts(known, [known.target] if known.target else [])  # of one that a list contests
            cases.append(known)
            continue
        take_row(case, earlier)
        case.save()
        if decision.may_be_carried_out and not (case.target and case.target.home):
            carry_out_ending(case, notify=notify)
        raise_doubts(case, decision.in_question)
        cases.append(case)
    _reject_again(decided.values(), cases)
    return cases


def _is_ordered(
    ending: Ending, candidates: queries.Candidates | None, repeals: Collection[tuple[str, int | None, str]]
) -> bool:
    """Whether the same place orders to repeal units of the same document."""
    meant = {each.pk for each in candidates.all} if candidates else set()
    return any(
        _same_place(ending.source_eid, source) and (document in meant or key == ending.target_key)
        for source, document, key in repeals
    )


def _was_about_other_words(known: EndingCase, case: EndingCase) -> bool:
    """Whether a person rejected what the act said before its text was corrected, and nobody looked at it since."""
    is_rejected = known.state == EndingCase.State.REJECTED and known.words != case.words
    return is_rejected or (known.state in UNDECIDED and known.decided_by_id is not None)


def _reject_again(known: Iterable[EndingCase], cases: Collection[EndingCase]) -> None:
    """Cases that a person rejected once and whose new words are gone too."""
    read = {case.pk for case in cases}
    for case in known:
        if case.state in UNDECIDED and case.decided_by_id is not None and case.pk not in read:
            case.state = EndingCase.State.REJECTED
            case.save(update_fields=["state"])


def _take_back_doubtful(
    act: LegalDocument,
    decided: dict[tuple[str, str, str, str], EndingCase],
    endings: Sequence[Ending],
    found: dict[str, queries.Candidates],
    effect: EffectOfAct,
) -> None:
    """Take back what the machine carried out and would not carry out now.

    The text or the first day of the act was corrected, or the stored documents are others.
    """
    said = {_identity_of_ending(act, each): each for each in endings}
    for identity, case in list(decided.items()):
        was_decided = case.decided_by_id is not None or case.official_note != ""  # by a person, or by a list
        if case.state != EndingCase.State.CARRIED_OUT or was_decided:
            continue
        ending, amendment = said.get(identity), case.amendment
        if ending and _stands(act, case, ending, found, effect):
            continue
        case.delete()
        del decided[identity]
        if amendment and not amendment.withdrawn_at:
            amendments.withdraw_amendment(
                amendment, reason=_("the corrected text no longer says so"), notify=False, may_be_made_again=True
            )


def _stands(
    act: LegalDocument,
    case: EndingCase,
    ending: Ending,
    found: dict[str, queries.Candidates],
    effect: EffectOfAct,
) -> bool:
    """Whether the machine would do again what it did, were it switched on."""
    decision = decisions.decide(act, ending, found.get(ending.target_key), effect, carried_out_by=case.amendment)
    if ending.on != case.on or decision.target is None or decision.target.pk != case.target_id:
        return False
    return decision.state == EndingCase.State.READ or set(decision.doubts) <= {StoredDoubt.SWITCHED_OFF}


def undecided_cases(act: LegalDocument) -> Earlier:
    """What nobody decided about, neither a person nor a list, when the act was read before."""
    decided = (EndingCase.State.CARRIED_OUT, EndingCase.State.REJECTED)
    cases = act.ending_cases.exclude(state__in=decided).filter(official_note="", decided_by=None)
    return {identity_of(case): case for case in cases}


def take_row(case: EndingCase, earlier: Earlier) -> None:
    """Give the case the row and the moment that it had when the act was read before: pages and ticks name the row."""
    if row := earlier.pop(identity_of(case), None):
        case.pk, case.found_at = row.pk, row.found_at


def identity_of(case: EndingCase) -> tuple[str, str, str, str]:
    return case.source_eid, case.kind, case.target_key, case.scope


def _identity_of_ending(act: LegalDocument, ending: Ending) -> tuple[str, str, str, str]:
    scope = EndingCase.Scope.WHOLE if ending.is_whole else EndingCase.Scope.PART
    return ending.source_eid, ending.kind, (ending.target_key or act.number_key)[:160], scope


def _same_place(eid: str, other: str) -> bool:
    return eid == other or eid.startswith(f"{other}__") or other.startswith(f"{eid}__")


def new_case(act: LegalDocument, ending: Ending, decision: Decision) -> EndingCase:
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
