"""Reads acts and carries out what they end and amend; what is in doubt becomes a case and a doubt.

An act is handled in one transaction, and all of them one after another (`Lock.ENDINGS`), so that amendments apply in
the order of the acts' days. Reading an act again makes its undecided cases anew; decided ones stand.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks, parsing, vietnam_time
from content.amendments import queries as amendment_queries
from content.amendments import services as amendments
from content.amendments.recognition import amending_acts
from content.changes import event_types
from content.documents import change_log, provision_queries
from content.documents.effect import effect_on
from content.documents.models import Amendment, EffectDoubt, LegalDocument, ProvisionVersion
from content.documents.provisions import text_sha256
from content.endings import amending, decisions, histories, queries
from content.endings.decisions import Decision
from content.endings.doubts import CaseDoubt
from content.endings.models import EndingCase, ReadAct
from content.errors import RuleBroken
from content.law import document_references
from content.law.doc_types import DocType
from content.locks import Lock
from content.people import services as people
from content.people.models import User
from content.relations import ending_reader, policy
from content.relations import queries as relation_queries
from content.relations.ending_phrases import DayBasis
from content.relations.ending_reader import Ending, EndingKind
from content.relations.models import Relation

READER_VERSION = 1  # raise it when the reader changes: acts are read again
MAX_DAYS_TO_TELL = 7  # a change of effect that began earlier is not news
MAX_ROUNDS = 4  # in which acts that were amended meanwhile are read again
SAMPLE_EVERY = 20  # each twentieth case that the machine carries out goes to a person


@dataclass
class Outcome:
    """What became of the cases of some acts."""

    acts: int = 0
    cases: int = 0
    carried_out: int = 0
    open: int = 0
    waiting: int = 0
    amended_documents: set[int] = field(default_factory=set)
    ended_documents: set[int] = field(default_factory=set)
    to_read_again: set[int] = field(default_factory=set)  # acts whose amendments were withdrawn for those of another

    def add(self, case: EndingCase) -> None:
        states = EndingCase.State
        self.cases += 1
        self.carried_out += case.state == states.CARRIED_OUT
        self.open += case.state in (states.OPEN, states.CONTESTED)
        self.waiting += case.state == states.WAITING
        if case.amendment_id and case.target_id:
            ended = self.ended_documents if case.kind == EndingCase.Kind.ENDS else self.amended_documents
            ended.add(case.target_id)


def read_acts(acts: Iterable[LegalDocument], *, notify: bool = False) -> Outcome:
    """Read these acts and those that wait for them, in the order of their first days. Returns the Outcome.

    Each act is one transaction. An act that was read before, with the same text and day, is read again; so are those
    whose text on their first day, or first day, another of them amended.
    """
    chosen = {act.pk: act for act in acts}
    keys = {key for act in chosen.values() for key in _keys_of(act)}
    chosen |= {act.pk: act for act in queries.acts_waiting_for(keys)}
    outcome = Outcome()
    for _round in range(MAX_ROUNDS):
        for act in sorted(chosen.values(), key=_order_of_act):
            read_act(act, notify=notify, outcome=outcome)
        changed = LegalDocument.objects.filter(pk__in=outcome.to_read_again | outcome.amended_documents)
        chosen = {act.pk: act for act in changed if act.pk in outcome.to_read_again or not is_read(act)}
        outcome.to_read_again.clear()
        if not chosen:
            break
    return outcome


def acts_to_read(document: LegalDocument, *, is_new: bool) -> list[LegalDocument]:
    """The acts to read after a change of a document, in the order of their first days.

    It, unless its text and first day are those that were read. If it `is_new` here, those that waited for it; else
    those that say something undecided about it.
    """
    others = queries.acts_waiting_for(_keys_of(document)) if is_new else queries.acts_undecided_about(document)
    acts = {act.pk: act for act in others}
    if not is_read(document):
        acts[document.pk] = document
    return sorted(acts.values(), key=_order_of_act)


def _order_of_act(act: LegalDocument) -> tuple[datetime.date, datetime.date, int]:
    last = datetime.date.max
    first_day = effect_on(act.status_events.all(), last).effective_on
    return first_day or last, act.issued_on or last, act.pk


def _keys_of(document: LegalDocument) -> set[str]:
    """The keys by which acts that were read before may wait for this document."""
    name = document_references.bare_name(document.doc_type, document.title)
    without_year = document_references.name_key(document.doc_type, name, None)
    return {*relation_queries.target_keys_of(document), *document.other_number_keys, document.number_key, without_year}


def is_read(act: LegalDocument) -> bool:
    """Whether the act was read with its present text and first day by the present reader."""
    if not act.is_published:
        return True
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    same = ReadAct.objects.filter(act=act, first_day=first_day, reader_version=READER_VERSION)
    return same.filter(content_hash=_hash_of_text(act, first_day)).exists()


def _text_to_read(act: LegalDocument, first_day: datetime.date | None) -> str:
    """The act's text on its first day: an amendment before that day may change what it ends, and when."""
    if _is_amended_early(act, first_day):
        return "".join(unit.text for unit in provision_queries.unit_texts_on(act, first_day or datetime.date.max))
    as_enacted = ProvisionVersion.objects.filter(provision__document=act, valid_from=None)
    return "".join(as_enacted.order_by("provision__position").values_list("text", flat=True))


def _hash_of_text(act: LegalDocument, first_day: datetime.date | None) -> str:
    """As ReadAct.content_hash has it."""
    return text_sha256(_text_to_read(act, first_day)) if _is_amended_early(act, first_day) else act.content_hash


def _is_amended_early(act: LegalDocument, first_day: datetime.date | None) -> bool:
    texts = act.amendments.filter(withdrawn_at=None, versions_made__isnull=False)
    return first_day is not None and texts.filter(on__lte=first_day).exists()


@transaction.atomic
def read_act(act: LegalDocument, *, notify: bool = False, outcome: Outcome | None = None) -> Outcome:
    """Read one act: carry out what is certain, make cases and doubts of the rest. Returns the Outcome.

    A draft, a sample or a consolidated text ends nothing: its cases are deleted.
    """
    outcome = outcome or Outcome()
    locks.hold(Lock.ENDINGS)
    act = LegalDocument.objects.select_for_update(no_key=True).get(pk=act.pk)
    before = _doubted_documents(act)
    _settle_act(act, notify, outcome)
    _record_doubt_changes(act, before)
    return outcome


def _settle_act(act: LegalDocument, notify: bool, outcome: Outcome) -> None:
    _forget_undecided(act)
    if not act.is_published or act.is_sample or act.doc_type == DocType.CONSOLIDATED_TEXT:
        return
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    text = _text_to_read(act, first_day)
    structure = parsing.parse_text(text)
    orders = amending_acts.recognise_instructions(text, structure, title=act.title)
    first_day = first_day or amending.own_first_day(orders)
    endings = ending_reader.read_endings(
        text, structure, doc_type=act.doc_type, own_key=act.number_key, effective_on=first_day
    )
    told = histories.told_histories(text, structure)
    found = queries.candidates_of([each.reference for each in endings if each.reference], act)
    lock_affected(act, [document for each in found.values() for document in each.all])
    cases = _settle_endings(act, endings, found, {each.source for each in orders}, notify=notify)
    read = {(case.source_eid, case.target_id) for case in cases}
    plans = amending.plans_of_act(act, orders, told, read)
    taken_back = {pk for plan in plans if plan.is_late for pk in _take_back_later(act, plan)}
    if taken_back:
        plans = amending.plans_of_act(act, orders, told, read)
        outcome.to_read_again |= taken_back
    cases += _settle_amendments(act, plans, notify=notify)
    for case in cases:
        outcome.add(case)
    outcome.acts += 1
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on  # the act may have set its own
    columns = {"first_day": first_day, "reader_version": READER_VERSION}
    ReadAct.objects.update_or_create(act=act, defaults=columns | {"content_hash": text_sha256(text)})


def _doubted_documents(act: LegalDocument) -> set[int]:
    """The documents whose effect the act makes doubtful."""
    return set(act.raised_doubts.exclude(kind=EffectDoubt.Kind.AMENDS).values_list("document", flat=True))


def _record_doubt_changes(act: LegalDocument, before: set[int], case: EndingCase | None = None) -> None:
    """Record in the change log whose effect became doubtful, and whose is no longer. Nobody is notified.

    `case`: the only one of the act that changed.
    """
    after = _doubted_documents(act)
    touched = LegalDocument.objects.filter(effect_doubts__act=act)  # of amendments too
    if case is not None:
        touched = LegalDocument.objects.filter(cases_about=case)
    touched.update(updated_at=timezone.now())
    for event_type, ids in ((event_types.EFFECT_DOUBTED, after - before), (event_types.DOUBT_SETTLED, before - after)):
        for document in LegalDocument.objects.filter(pk__in=ids, status=LegalDocument.Status.PUBLISHED).order_by("pk"):
            document.save(update_fields=["updated_at"])
            facts = {"act": amendments.act_facts(act)}
            change_log.record_change(event_type, document, event_types.EDITORIAL, facts=facts, notify=False)


def _forget_undecided(act: LegalDocument) -> None:
    act.raised_doubts.all().delete()
    decided = (EndingCase.State.CARRIED_OUT, EndingCase.State.REJECTED)
    act.ending_cases.exclude(state__in=decided).filter(official_note="").delete()


# -- endings ------------------------------------------------------------------------------


def lock_affected(act: LegalDocument, also: Iterable[LegalDocument] = ()) -> None:
    """Lock the documents that the act ends, amends or makes doubtful; the caller has locked the act.

    By key, as everybody locks documents, and before the first line of the change log: no deadlock.
    """
    ids = {document.pk for document in also} | affected_ids([act.pk])
    list(LegalDocument.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def affected_ids(acts: Collection[int]) -> set[int]:
    """The ids of the documents that these acts end, amend or make doubtful."""
    ids = set(Relation.objects.filter(actor__in=acts, target__isnull=False).values_list("target", flat=True))
    ids |= set(EffectDoubt.objects.filter(act__in=acts).values_list("document", flat=True))
    ids |= set(Amendment.objects.filter(act__in=acts).values_list("document", flat=True))
    return {pk for pk in ids if pk is not None}


def _settle_endings(
    act: LegalDocument,
    endings: Sequence[Ending],
    found: dict[str, queries.Candidates],
    amending_sources: set[str],
    *,
    notify: bool,
) -> list[EndingCase]:
    decided = {_identity(case): case for case in act.ending_cases.exclude(kind=EndingCase.Kind.AMENDS)}
    _take_back_unsaid(decided, endings)
    cases = []
    for ending in endings:
        if not ending.is_whole and any(_same_place(ending.source_eid, each) for each in amending_sources):
            continue  # an order to repeal units: `_settle_amendments` has it
        decision = decisions.decide(act, ending, found.get(ending.target_key))
        case = _new_case(act, ending, decision)
        if known := decided.get(_identity(case)):
            _raise_doubts(known, [known.target] if known.target else [])  # of one that a list contests
            cases.append(known)
            continue
        case.save()
        if decision.may_be_carried_out:
            _carry_out_ending(case, notify=notify)
        _raise_doubts(case, decision.in_question)
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


def _identity(case: EndingCase) -> tuple[str, str, str, str]:
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
        day_is=ending.day_is,
        replaces=ending.replaces,
        words=ending.words,
        doubts=list(decision.doubts),
        waits_for=decision.waits_for,
        state=decision.state,
    )


def _carry_out_ending(case: EndingCase, *, notify: bool, by: User | None = None, reason: str = "") -> None:
    """End the document of the case. A case whose end is known already stays «read»."""
    if case.target is None or case.on is None:
        raise ValueError("a case without document or day cannot be carried out")
    made = amendments.end_document(
        case.act,
        case.target,
        on=case.on,
        source=case.source_eid,
        by=by,
        reason=reason or _("carried out by itself"),
        notify=notify and is_news(case.on),
    )
    if made is None:
        case.state = EndingCase.State.READ
    else:
        _mark_carried_out(case, made.pk, by)
    case.save()


def _mark_carried_out(case: EndingCase, amendment: int | None, by: User | None) -> None:
    case.state, case.amendment_id = EndingCase.State.CARRIED_OUT, amendment
    case.decided_at, case.decided_by = timezone.now(), by
    if by is None:
        earlier = EndingCase.objects.filter(state=EndingCase.State.CARRIED_OUT, decided_by=None).count()
        case.is_sample = earlier % SAMPLE_EVERY == SAMPLE_EVERY - 1


def is_news(on: datetime.date) -> bool:
    """Whether followers are told at once: it began in the last days. What begins later is told on its day."""
    today = vietnam_time.today()
    return today - datetime.timedelta(days=MAX_DAYS_TO_TELL) <= on <= today


def _raise_doubts(
    case: EndingCase, documents: Iterable[LegalDocument], *, kind: str = "", eids: Sequence[str] = ()
) -> None:
    """Write what the open case says about these documents, so that they are not shown as in force."""
    if case.state not in (EndingCase.State.OPEN, EndingCase.State.CONTESTED, EndingCase.State.WAITING):
        return
    kind = kind or case.kind
    for document in documents:
        from_on = case.on or case.act.issued_on or vietnam_time.today()
        doubt, made = EffectDoubt.objects.get_or_create(
            document=document,
            act=case.act,
            source_eid=case.source_eid,
            kind=kind,
            scope=case.scope,
            defaults={
                "eids": sorted(eids or case.eids),
                "from_on": from_on,
                "words": f"{case.words} {case.official_note}".strip(),
                "reasons": case.doubts,
            },
        )
        if not made:
            whole = not doubt.eids or not (eids or case.eids)
            doubt.eids = [] if whole else sorted({*doubt.eids, *(eids or case.eids)})
            doubt.from_on = min(doubt.from_on, from_on)
            doubt.save()


# -- amendments ---------------------------------------------------------------------------


def _settle_amendments(act: LegalDocument, plans: Iterable[amending.Plan], *, notify: bool) -> list[EndingCase]:
    decided = {_identity(case): case for case in act.ending_cases.filter(kind=EndingCase.Kind.AMENDS)}
    cases = []
    for plan in plans:
        case = EndingCase(
            act=act,
            source_eid=plan.source,
            start=0,
            end=0,
            kind=EndingCase.Kind.AMENDS,
            target=plan.document,
            target_key=plan.target_key[:160],
            target_text=plan.target_text,
            scope=EndingCase.Scope.PART,
            on=plan.on,
            day_is=DayBasis.ACTS_FIRST if plan.on else DayBasis.NONE,
            words=plan.words,
            doubts=list(plan.doubts),
            waits_for=sorted(plan.waits_for),
        )
        if known := decided.get(_identity(case)):
            cases.append(known)
            continue
        left, made = list(plan.all_orders), None
        if plan.may_be_carried_out:
            made, left = _apply_orders(act, plan, notify=notify and plan.on is not None and is_news(plan.on))
        if left:
            case.state = EndingCase.State.WAITING if case.waits_for else EndingCase.State.OPEN
            case.doubts = case.doubts or [CaseDoubt.NOT_APPLIED]
            case.eids = sorted({each.eid for each in left if each.eid} | set(plan.other_eids))
            earlier = act.amendments_made.filter(document=plan.document, withdrawn_at=None).order_by("pk").last()
            case.amendment_id = made or (earlier.pk if earlier else None)
        elif plan.is_unread:
            case.state, case.eids = EndingCase.State.OPEN, sorted(plan.other_eids)
        elif made:
            _mark_carried_out(case, made, None)
        else:
            continue  # everything was stored already
        case.save()
        if plan.document and (left or plan.is_unread):
            everywhere = plan.is_unread or any(not each.eid for each in left)
            _raise_doubts(case, [plan.document], eids=() if everywhere else case.eids)
            if repealed := amending.repealed_eids(left):
                _raise_doubts(case, [plan.document], kind=EndingCase.Kind.ENDS, eids=repealed)
        cases.append(case)
    return cases


def _apply_orders(
    act: LegalDocument, plan: amending.Plan, *, notify: bool
) -> tuple[int | None, list[amending.AmendingInstruction]]:
    """(the last amendment made, the orders that were not carried out)."""
    if not plan.certain:
        return None, list(plan.all_orders)
    try:
        made = amendments.apply_amendments(
            act, plan.certain, on=plan.on, reason=_("carried out by itself"), notify=notify
        )
    except RuleBroken:  # without the doubtful orders a certain one may find no place
        return None, list(plan.all_orders)
    done = {id(each) for each in plan.certain}
    return (made[-1].pk if made else None), [each for each in plan.all_orders if id(each) not in done]


def _take_back_later(act: LegalDocument, plan: amending.Plan) -> set[int]:
    """Take back what later acts changed by themselves in the document, so that this older act goes first.

    Returns the ids of these acts: they must be read again. What people carried out stays.
    """
    if plan.document is None or plan.on is None or not plan.may_be_carried_out:
        return set()
    later = plan.document.amendments.filter(withdrawn_at=None, on__gte=plan.on).exclude(act=act)
    acts = [each for each in later.select_related("act") if _order_of_act(each.act) > _order_of_act(act)]
    return _take_back_automatic(acts)


def _take_back_automatic(made: Iterable[Amendment]) -> set[int]:
    """Take back those of these amendments of texts that were automatic, the last first. Returns the ids of their acts.

    The cases are open until the acts are read again. Raises RuleBroken("amended_since") if a person's builds on one.
    """
    acts = set()
    for each in sorted(made, key=lambda each: (each.on, each.pk), reverse=True):
        case = EndingCase.objects.filter(
            act=each.act_id, target=each.document_id, kind=EndingCase.Kind.AMENDS, decided_by=None
        ).first()
        if case is None:
            continue
        amendments.withdraw_amendment(each, reason=_("an act before it is carried out first"), notify=False)
        case.state, case.amendment, case.decided_at = EndingCase.State.OPEN, None, None
        case.doubts, case.is_sample = [CaseDoubt.MISSING_ACT], False
        case.save()
        _raise_doubts(case, [each.document])
        acts.add(each.act_id)
    return acts


# -- people -------------------------------------------------------------------------------


@transaction.atomic
def accept(case: EndingCase, *, by: User, reason: str = "", on: datetime.date | None = None) -> EndingCase:
    """Carry out an open case as a person decided; `on` corrects its day. Returns the EndingCase.

    Accepting twice is a no-op. Raises RuleBroken: "not_allowed", "wrong_status" (not a whole ending, or waiting),
    "no_day".
    """
    case = _lock_case(case, by)
    if case.state == EndingCase.State.CARRIED_OUT:
        return case
    if case.kind != EndingCase.Kind.ENDS or case.scope != EndingCase.Scope.WHOLE or case.target is None:
        raise RuleBroken("wrong_status", _("Only the end of a whole, stored document can be confirmed here."))
    case.on = on or case.on
    if case.on is None:
        raise RuleBroken("no_day", _("Enter the day on which the document ends."), field="on")
    _carry_out_ending(case, notify=True, by=by, reason=reason)
    if case.state == EndingCase.State.READ:
        _mark_carried_out(case, None, by)
        case.save()
    _settle_doubts(case)
    people.audit("ending.accepted", case.target.key, by=by, reason=reason, act=case.act.key, on=str(case.on))
    return case


@transaction.atomic
def reject(case: EndingCase, *, by: User, reason: str) -> EndingCase:
    """Decide that the act does not say so: the document is shown as before. Returns the EndingCase.

    What the machine carried out is withdrawn. Rejecting twice is a no-op. Raises RuleBroken("not_allowed").
    """
    case = _lock_case(case, by)
    if case.state == EndingCase.State.REJECTED:
        return case
    was_automatic = case.state == EndingCase.State.CARRIED_OUT and case.decided_by_id is None and not case.official_note
    if case.amendment and not case.amendment.withdrawn_at:
        amendments.withdraw_amendment(case.amendment, by=by, reason=reason)
    case.state, case.decided_by, case.decided_at = EndingCase.State.REJECTED, by, timezone.now()
    case.found_right = False if was_automatic else case.found_right
    case.save()
    _settle_doubts(case)
    people.audit("ending.rejected", case.act.key, by=by, reason=reason, target=case.target_text)
    if was_automatic:
        decisions.switch_off_if_often_wrong()
    return case


@transaction.atomic
def confirm_sample(case: EndingCase, *, by: User) -> EndingCase:
    """Record that a person looked at what the machine carried out and found it right. Returns the EndingCase."""
    case = _lock_case(case, by)
    case.found_right = True
    case.save(update_fields=["found_right"])
    people.audit("ending.found_right", case.act.key, by=by, target=case.target_text)
    return case


def hold_cases() -> None:
    """Hold the lock under which cases are decided, until the caller's transaction ends."""
    locks.hold(Lock.ENDINGS)


def _lock_case(case: EndingCase, by: User | None) -> EndingCase:
    """Lock the case and the documents it is about. `by` None: an official list decides."""
    if by is not None and not policy.may_decide_on_relations(by):
        raise RuleBroken("not_allowed", _("You need the right to publish for this."))
    locks.hold(Lock.ENDINGS)
    case = EndingCase.objects.select_related("act", "target", "amendment").get(pk=case.pk)
    act = LegalDocument.objects.select_for_update(no_key=True).get(pk=case.act_id)
    lock_affected(act, [case.target] if case.target else [])
    return (
        EndingCase.objects.select_for_update(of=("self",), no_key=True)
        .select_related("act", "target", "amendment")
        .get(pk=case.pk)
    )


@transaction.atomic
def reopen(case: EndingCase, *, by: User, reason: str) -> EndingCase:
    """Take back that a person confirmed the case: it is open again, and doubtful as before. Returns the EndingCase.

    Reopening an open case is a no-op. Raises RuleBroken: "not_allowed", "amended_since".
    """
    case = _lock_case(case, by)
    if case.state != EndingCase.State.CARRIED_OUT:
        return case
    _take_back(case, by=by, reason=reason, state=EndingCase.State.OPEN)
    people.audit("ending.reopened", case.act.key, by=by, reason=reason, target=case.target_text)
    return case


@transaction.atomic
def contest(case: EndingCase, *, note: str) -> EndingCase:
    """Take back what the machine carried out, because an official list says otherwise. Returns the EndingCase.

    The document is `unknown` until a person accepts or rejects the case. `note` says what the list states. Contesting
    twice, or a case that a person decided, is a no-op. Raises RuleBroken("amended_since").
    """
    case = _lock_case(case, None)
    if case.state != EndingCase.State.CARRIED_OUT or case.decided_by_id is not None:
        return case
    case.official_note, case.doubts = note, list(dict.fromkeys([*case.doubts, CaseDoubt.OFFICIAL]))
    _take_back(case, by=None, reason=note, state=EndingCase.State.CONTESTED)
    people.audit("ending.contested", case.act.key, reason=note, target=case.target_text)
    return case


@transaction.atomic
def settle_by_list(case: EndingCase, *, on: datetime.date, note: str) -> EndingCase:
    """Carry out an open case because an official list says that the document ended. Returns the EndingCase.

    Nobody is notified. `note` says what the list states. A decided case, and one of a part, are left as they are.
    """
    case = _lock_case(case, None)
    is_open = case.state in (EndingCase.State.OPEN, EndingCase.State.CONTESTED, EndingCase.State.WAITING)
    is_whole_end = case.kind == EndingCase.Kind.ENDS and case.scope == EndingCase.Scope.WHOLE
    if not (is_open and is_whole_end and case.target):
        return case
    case.on, case.official_note = on, note
    _carry_out_ending(case, notify=False, reason=note)
    if case.state == EndingCase.State.READ:
        _mark_carried_out(case, None, None)
    case.is_sample = False  # a list decided, not the machine
    case.save()
    _settle_doubts(case)
    people.audit("ending.settled_by_list", case.target.key, reason=note, act=case.act.key, on=str(on))
    return case


def _take_back(case: EndingCase, *, by: User | None, reason: str, state: EndingCase.State) -> None:
    """Withdraw the amendment of the case, which gets `state` and makes its document doubtful again."""
    before, amendment = _doubted_documents(case.act), case.amendment
    case.state, case.amendment = state, None
    case.decided_by = case.decided_at = None
    case.is_sample = False
    case.save()
    if amendment and not amendment.withdrawn_at:
        amendments.withdraw_amendment(amendment, by=by, reason=reason, notify=False)
    _raise_doubts(case, [case.target] if case.target else [])
    _record_doubt_changes(case.act, before, case)


def _settle_doubts(case: EndingCase) -> None:
    """Delete what the case made doubtful, if no other open case says it too."""
    doubts = EffectDoubt.objects.filter(act=case.act, source_eid=case.source_eid, kind=case.kind, scope=case.scope)
    if case.target_id:
        doubts = doubts.filter(document=case.target_id)
    before = _doubted_documents(case.act)
    doubts.delete()
    _record_doubt_changes(case.act, before, case)


# -- what changes by itself ----------------------------------------------------------------


def take_back_built_upon(act: LegalDocument) -> None:
    """Take back what later acts changed by themselves on top of this act's amendments; the worker reads them again.

    For an act that is withdrawn; the caller has called `lock_affected`. Raises RuleBroken("amended_since").
    """
    built = {
        later.pk: later
        for amendment in act.amendments_made.filter(withdrawn_at=None).exclude(document=act)
        for later in amendment_queries.amendments_built_on(amendment).exclude(act=act)
    }
    if not built:
        return
    documents = {later.document_id: later.on for later in built.values()}
    above = Amendment.objects.filter(document__in=documents, withdrawn_at=None).exclude(act=act)
    _take_back_automatic(each for each in above if each.on >= documents[each.document_id])


@transaction.atomic
def forget_act(act: LegalDocument) -> None:
    """Delete what was read in an act that is withdrawn.

    The caller has called `lock_affected` and withdrawn the act's amendments.
    """
    before = _doubted_documents(act)
    act.raised_doubts.all().delete()
    act.ending_cases.all().delete()
    ReadAct.objects.filter(act=act).delete()
    _record_doubt_changes(act, before)


@transaction.atomic
def record_withdrawn_amendments(document: LegalDocument) -> int:
    """Reject the cases whose amendment a person withdrew. Returns how many."""
    cases = EndingCase.objects.select_for_update(of=("self",), no_key=True).filter(
        target=document, state=EndingCase.State.CARRIED_OUT, amendment__withdrawn_at__isnull=False
    )
    count = 0
    for case in cases:
        automatic = case.decided_by_id is None
        case.state, case.found_right = EndingCase.State.REJECTED, False if automatic else case.found_right
        case.save()
        count += 1
    if count:
        decisions.switch_off_if_often_wrong()
    return count
