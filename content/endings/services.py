"""Reads acts and carries out what they end and amend; what is in doubt becomes a case and a doubt.

An act is handled in one transaction, and all of them one after another (`Lock.ENDINGS`), so that amendments apply in
the order of the acts' days. Reading an act again makes its undecided cases anew, in the rows that they had, so that
pages of the staff site keep their addresses; decided ones stand.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from content import locks
from content.act_texts import readings
from content.amendments import queries as amendment_queries
from content.documents.effect import effect_on
from content.documents.models import LegalDocument
from content.endings import amending, copied_acts, own_first_days, queries
from content.endings.act_effect import effect_of_act
from content.endings.acts import (
    READER_VERSION,
    hash_of_texts,
    is_read,
    keys_of,
    order_of_act,
    text_to_read,
    texts_before_own_days,
)
from content.endings.amendment_cases import (
    doubt_topics_with_own_day,
    settle_amendments,
    take_back_later,
    take_back_unsaid,
)
from content.endings.doubts import StoredDoubt
from content.endings.effect_doubts import doubts_raised_by, lock_affected, record_doubt_changes, said_by_us
from content.endings.ending_cases import settle_endings, undecided_cases
from content.endings.models import EndingCase, ReadAct
from content.law.doc_types import DocType
from content.locks import Lock

MAX_ROUNDS = 4  # in which acts that were amended meanwhile are read again


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


def read_acts(
    acts: Iterable[LegalDocument],
    *,
    notify: bool = False,
    in_turn: Callable[[list[LegalDocument]], Iterable[LegalDocument]] = iter,
) -> Outcome:
    """Read these acts and those that wait for them, in the order of their first days. Returns the Outcome.

    `in_turn` gives them one after another in the order that it gets, perhaps with what was computed ahead.

    Each act is one transaction. An act that was read before, with the same text and day, is read again; so are those
    whose text on their first day, or first day, another of them amended.
    """
    chosen = {act.pk: act for act in acts}
    keys = {key for act in chosen.values() for key in keys_of(act)}
    chosen |= {act.pk: act for act in queries.acts_waiting_for(keys)}
    outcome = Outcome()
    for _round in range(MAX_ROUNDS):
        for act in in_turn(sorted(chosen.values(), key=order_of_act)):
            read_act(act, notify=notify, outcome=outcome)
        changed = LegalDocument.objects.filter(pk__in=outcome.to_read_again | outcome.amended_documents)
        chosen = {act.pk: act for act in changed if act.pk in outcome.to_read_again or not is_read(act)}
        outcome.to_read_again.clear()
        if not chosen:
            break
    return outcome


@transaction.atomic
def read_act(act: LegalDocument, *, notify: bool = False, outcome: Outcome | None = None) -> Outcome:
    """Read one act: carry out what is certain, make cases and doubts of the rest. Returns the Outcome.

    A draft, a sample or a consolidated text ends nothing: its cases are deleted. A copy was read at its home; what
    it says of documents of ours, which its home does not know, is neither carried out nor certain: a doubt says so.
    """
    outcome = outcome or Outcome()
    locks.hold(Lock.ENDINGS)
    act = LegalDocument.objects.select_for_update(no_key=True).get(pk=act.pk)
    if act.home:
        copied_acts.doubt_own_documents(act)
        return outcome
    before = doubts_raised_by(act)
    _settle_act(act, notify, outcome)
    record_doubt_changes(act, before)
    return outcome


def _settle_act(act: LegalDocument, notify: bool, outcome: Outcome) -> None:
    if not act.is_published or act.is_sample or act.doc_type == DocType.CONSOLIDATED_TEXT:
        act.raised_doubts.all().delete()
        act.ending_cases.filter(pk__in=[case.pk for case in undecided_cases(act).values()]).delete()
        return
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    text = text_to_read(act, first_day)
    structure = readings.units_of(text)
    later = texts_before_own_days(act, first_day)
    orders = amendment_queries.instructions_with_days(act, readings.orders_in(text, structure, act), later)
    lock_affected(act)
    outcome.to_read_again |= take_back_unsaid(act, orders)
    act.raised_doubts.filter(said_by_us()).delete()
    earlier = undecided_cases(act)
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    first_day = first_day or readings.own_first_day(orders)
    endings = readings.endings_in(text, structure, act, first_day)
    told = readings.histories_in(text, structure)
    found = queries.candidates_of([each.reference for each in endings if each.reference], act)
    lock_affected(act, [document for each in found.values() for document in each.all])
    effect = effect_of_act(act, first_day, orders)
    repeals = amending.repeals(act, orders)
    cases = settle_endings(act, endings, found, repeals, effect, earlier, notify=notify)
    read = {(case.source_eid, case.target_id) for case in cases}
    plans = amending.plans_of_act(act, orders, told, read)
    taken_back, kept = take_back_later(act, [plan for plan in plans if plan.is_late])
    if taken_back:
        plans = amending.plans_of_act(act, orders, told, read)
        outcome.to_read_again |= taken_back
    for plan in plans:
        if plan.document and plan.document.pk in kept:
            plan.doubts.append(StoredDoubt.NOT_APPLIED)
    cases += settle_amendments(act, plans, earlier, notify=notify)
    act.ending_cases.filter(pk__in=[case.pk for case in earlier.values()]).delete()  # the act says them no more
    doubt_topics_with_own_day(act, own_first_days.topics_with_own_day(act, orders), first_day)
    for case in cases:
        outcome.add(case)
    outcome.acts += 1
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on  # the act may have set its own
    columns = {"first_day": first_day, "reader_version": READER_VERSION}
    ReadAct.objects.update_or_create(act=act, defaults=columns | {"content_hash": hash_of_texts(text, later)})


@transaction.atomic
def forget_act(act: LegalDocument) -> None:
    """Delete what was read in an act that is withdrawn.

    The caller has called `lock_affected` and withdrawn the act's amendments.
    """
    before = doubts_raised_by(act)
    act.raised_doubts.all().delete()
    act.ending_cases.all().delete()
    ReadAct.objects.filter(act=act).delete()
    record_doubt_changes(act, before)
