"""What of an act's orders to amend other documents can be carried out without a person, one document at a time."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from content.amendments import queries as amendment_queries
from content.amendments import services as amendments
from content.amendments.instructions import AmendingAction, AmendingInstruction
from content.amendments.queries import AmendmentPlan
from content.amendments.reasons import Failure
from content.documents import text_dates
from content.documents.models import LegalDocument
from content.endings import decisions, queries
from content.endings.doubts import CaseDoubt, StoredDoubt
from content.endings.models import EndingCase
from content.law import document_references
from content.law.doc_types import TYPES_BY_NAME
from content.law.named_documents import TargetDocument
from content.law.official_numbers import number_key
from content.named_documents import act_targets
from content.relations import queries as relation_queries
from content.relations.ending_reader import ReadingDoubt
from content.relations.models import Relation, RelationKind

NO_KEY = "?"  # of a document that the act does not name
MAX_WORDS = 600  # characters of the clause that are kept for people

__all__ = ["AmendingInstruction", "Plan", "plans_of_act", "repealed_eids"]


@dataclass
class Plan:
    """The orders of an act about one document: the certain ones, and the others."""

    document: LegalDocument | None  # None: it is not stored
    target_key: str
    target_text: str
    source: str  # the act's article with the first order
    words: str
    on: datetime.date | None
    all_orders: list[AmendingInstruction] = field(default_factory=list)
    certain: list[AmendingInstruction] = field(default_factory=list)  # and possible
    doubts: list[CaseDoubt] = field(default_factory=list)  # about the act as a whole: nothing is carried out
    waits_for: set[str] = field(default_factory=set)
    other_eids: list[str] = field(default_factory=list)
    is_late: bool = False  # a later act changed the same units already
    is_unread: bool = False  # the act amends the document, and no order was recognised

    @property
    def may_be_carried_out(self) -> bool:
        return self.document is not None and not (self.doubts or self.waits_for)


def plans_of_act(
    act: LegalDocument,
    orders: Sequence[AmendingInstruction],
    told: Mapping[str, Collection[str]],
    read: Collection[tuple[str, int | None]],
) -> list[Plan]:
    """A Plan for each document that the act amends.

    `told`: which acts amended a document before, as the act says. `read`: (provision, document) of statements that are
    endings and no amendments. What a person withdrew is not planned again.
    """
    made = list(act.amendments_made.filter(withdrawn_at=None))
    refused = list(act.amendments_made.filter(is_refused=True))
    done = [facts for each in [*made, *refused] for facts in each.instructions]  # when the act was read before
    left = [each for each in orders if amendments.stored_facts(each) not in done]
    found, failures = amendment_queries.amendment_plans(act, left)
    plans: dict[int, Plan] = {}
    for each in found:
        to_tell = _orders_to_tell(each) if each.document.is_partial else each.instructions
        if not to_tell:
            continue
        plan = plans.setdefault(each.document.pk, _plan_for(act, each.document, each.on, told))
        possible = {id(order) for order in each.applicable}
        plan.all_orders += to_tell
        plan.certain += [order for order in each.instructions if order.is_certain and id(order) in possible]
        plan.on = min(plan.on or each.on, each.on)
        plan.is_late |= any(failure.failure is Failure.AMENDED_LATER for failure in each.failures)
    for plan in plans.values():
        _describe(act, plan)
        if plan.document and plan.document.pk != act.pk:
            _wait_for_acts_between(act, plan)
    missing: dict[str, Plan] = {}
    by_key = {plan.target_key: plan for plan in plans.values()}
    first_day = _first_day(act)
    meant_by: dict[TargetDocument, LegalDocument | None] = {}  # hundreds of orders may be about one document
    for failure in failures:
        order = failure.instruction
        if order.target not in meant_by:
            meant_by[order.target] = act_targets.misprinted_target(order.target, act)
        meant, day = meant_by[order.target], order.on or first_day
        if meant is None or day is None:
            _add_failure(missing, by_key, act, order)
            continue
        if meant.pk not in plans:
            plans[meant.pk] = _plan_for(act, meant, day, told)
            plans[meant.pk].doubts.append(StoredDoubt.DIFFERS)
        plan = by_key[plans[meant.pk].target_key] = plans[meant.pk]
        plan.all_orders.append(order)
        if not plan.words:
            _describe(act, plan)
    known = {*plans, *(each.document_id for each in [*made, *refused])}
    return [*plans.values(), *missing.values(), *_unread(act, known, missing, read)]


def _orders_to_tell(plan: AmendmentPlan) -> list[AmendingInstruction]:
    """Of the orders about a document of which only codified articles are stored: those that its text does not contain.

    Its words are those of the day of import, so that an order that began by then is in it already. Which ones the
    codification had carried out, and what it will carry out, is not known: nothing is carried out here by itself, and a
    later order is told of until the articles are imported again. A unit that should be gone and stands there is told of
    too.
    """
    if plan.on > text_dates.last_import_on(plan.document):
        return plan.instructions
    standing = {unit.eid for unit in plan.before}
    return [each for each in plan.instructions if each.action is AmendingAction.REPEAL and each.eid in standing]


def repeals(act: LegalDocument, orders: Iterable[AmendingInstruction]) -> set[tuple[str, int | None, str]]:
    """{(the act's provision, id of the document, its key)} of the orders to repeal units of another document."""
    found = set()
    documents: dict[TargetDocument, LegalDocument | None] = {}
    for each in orders:
        if each.action is AmendingAction.REPEAL and not each.target.is_the_act:
            if each.target not in documents:
                documents[each.target] = act_targets.target_document(each.target, act)
            document = documents[each.target]
            found.add((each.source, document.pk if document else None, _key_of(each.target)))
    return found


def repealed_eids(orders: Iterable[AmendingInstruction]) -> list[str]:
    return sorted({each.eid for each in orders if each.action is AmendingAction.REPEAL and each.eid})


def _plan_for(
    act: LegalDocument, document: LegalDocument, on: datetime.date, told: Mapping[str, Collection[str]]
) -> Plan:
    plan = Plan(document, document.number_key or document.key, str(document), "", "", on)
    if document.pk == act.pk:
        plan.doubts = [] if queries.is_machine_on() else [StoredDoubt.SWITCHED_OFF]
        return plan
    plan.doubts = decisions.stored_doubts(act, document, 0, "")
    if document.is_partial:
        plan.doubts.append(StoredDoubt.CODIFIED)
    if not (document.issued_on and act.issued_on and document.issued_on < act.issued_on):
        plan.doubts.append(StoredDoubt.NOT_BEFORE)
    before = {key for own in relation_queries.target_keys_of(document) for key in told.get(own, ())}
    plan.waits_for = before - _stored(before) - {act.number_key}
    if plan.waits_for:
        plan.doubts.append(StoredDoubt.MISSING_ACT)
    return plan


def _stored(keys: Collection[str]) -> set[str]:
    public = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    stored = set(public.filter(number_key__in=keys).values_list("number_key", flat=True))
    for document in public.filter(other_number_keys__overlap=list(keys)):
        stored |= set(document.other_number_keys)
    named = {key for key in keys if key.startswith("ten:")}
    if named:
        types = {key.split(":")[1] for key in named}
        for document in public.filter(doc_type__in=types):
            stored |= named & relation_queries.target_keys_of(document)
    return stored


def _describe(act: LegalDocument, plan: Plan) -> None:
    """Where the act says so, and in which words: the clause with its first order."""
    first = plan.all_orders[0].source
    plan.source = first.split("__")[0]
    texts = act.provisions.filter(eid=first, versions__valid_from=None).values_list("versions__text", flat=True)
    plan.words = " ".join((texts.first() or "").split())[:MAX_WORDS]


def _wait_for_acts_between(act: LegalDocument, plan: Plan) -> None:
    """Leave out what builds on orders of earlier acts that were not carried out; wait where they wait."""
    case = EndingCase(act=act, target=plan.document, on=plan.on)
    for earlier in queries.unsettled_amendments_before(case):
        if earlier.state == EndingCase.State.WAITING:
            plan.waits_for |= set(earlier.waits_for)
            plan.doubts = [*plan.doubts, StoredDoubt.MISSING_ACT]
        else:  # an earlier act of which nothing was recognised makes the whole text undated, and blocks nothing
            plan.certain = [each for each in plan.certain if not _touches(each.eid, earlier.eids)]


def _touches(eid: str, others: Collection[str]) -> bool:
    return any(not eid or eid == each or eid.startswith(f"{each}__") or each.startswith(f"{eid}__") for each in others)


def _add_failure(
    plans: dict[str, Plan], dated: Mapping[str, Plan], act: LegalDocument, order: AmendingInstruction
) -> None:
    """An order without a stored document, or without a day. It joins the dated orders about the same document."""
    key = act.number_key if order.target.is_the_act else _key_of(order.target)
    plan = dated.get(key) or plans.get(key)
    if plan is None:
        plan = plans[key] = Plan(None, key, order.target.number or order.target.name, "", order.target.name, order.on)
        plan.source = order.source.split("__")[0]
        if order.target.is_the_act:
            plan.doubts = [ReadingDoubt.NO_DAY]
        elif key == NO_KEY:
            plan.doubts = [StoredDoubt.NOT_APPLIED]
        else:
            plan.waits_for = {key[:160]}
    plan.all_orders.append(order)


def _key_of(target: TargetDocument) -> str:
    if target.number:
        return number_key(target.number)
    type_word = next(
        (word for word in sorted(TYPES_BY_NAME, key=len, reverse=True) if target.name.startswith(word)), ""
    )
    if not type_word:
        return NO_KEY
    return document_references.name_key(TYPES_BY_NAME[type_word], target.name.removeprefix(type_word).strip(), None)


def _unread(
    act: LegalDocument, known: Collection[int], missing: Collection[str], read: Collection[tuple[str, int | None]]
) -> list[Plan]:
    """Documents that the act's text says it amends, and about which no order was recognised; not the `known` ones."""
    unread: dict[int, Plan] = {}
    proposed = act.relations.filter(kind=RelationKind.AMENDS, target__isnull=False).select_related("target")
    for relation in proposed.exclude(status=Relation.Status.REJECTED).order_by("pk"):
        document = relation.target
        if document is None or document.pk in known or document.number_key in missing:
            continue
        on = relation.effective_on or _first_day(act)
        if document.is_partial and (on is None or on <= text_dates.last_import_on(document)):
            continue
        if (relation.source_eid, document.pk) in read:
            continue
        plan = unread.get(document.pk)
        if plan is None:
            plan = unread[document.pk] = Plan(
                document,
                document.number_key or document.key,
                str(document),
                relation.source_eid,
                relation.evidence,
                on,
                doubts=[StoredDoubt.NOT_APPLIED],
                is_unread=True,
            )
        plan.other_eids += relation.target_eids
    return list(unread.values())


def _first_day(act: LegalDocument) -> datetime.date | None:
    starts = [
        event.on
        for event in act.status_events.all()
        if event.on and (event.kind, event.scope) == ("takes_effect", "whole")
    ]
    return min(starts, default=None)
