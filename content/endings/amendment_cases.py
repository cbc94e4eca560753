"""The cases of what an act amends: what is certain is applied, in the order of the acts' days; the rest is doubtful."""

import datetime
import logging
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from content.amendments import queries as amendment_queries
from content.amendments import services as amendments
from content.amendments.instructions import AmendingInstruction
from content.documents.models import Amendment, EffectDoubt, LegalDocument
from content.endings import amending
from content.endings.acts import order_of_act
from content.endings.doubts import StoredDoubt
from content.endings.effect_doubts import raise_doubts
from content.endings.ending_cases import Earlier, identity_of, is_news, mark_carried_out, take_row
from content.endings.models import EndingCase
from content.endings.own_first_days import doubt_first_days
from content.errors import RuleBroken
from content.relations.ending_phrases import DayBasis

log = logging.getLogger(__name__)


def settle_amendments(
    act: LegalDocument, plans: Iterable[amending.Plan], earlier: Earlier, *, notify: bool
) -> list[EndingCase]:
    """Make the cases of what the act amends, and carry out what is certain. `earlier` as `settle_endings` has it."""
    made_before = act.ending_cases.filter(kind=EndingCase.Kind.AMENDS)
    decided = {identity_of(case): case for case in made_before if identity_of(case) not in earlier}
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
        known = decided.get(identity_of(case))
        if known and not (known.state == EndingCase.State.CARRIED_OUT and known.decided_by_id is None):
            cases.append(known)
            continue
        left, made = list(plan.all_orders), None
        if plan.may_be_carried_out:
            made, left = _apply_orders(act, plan, notify=notify and plan.on is not None and is_news(plan.on))
        if left:
            case.state = EndingCase.State.WAITING if case.waits_for else EndingCase.State.OPEN
            case.doubts = case.doubts or [StoredDoubt.NOT_APPLIED]
            case.eids = sorted({each.eid for each in left if each.eid} | set(plan.other_eids))
            automatic = act.amendments_made.filter(document=plan.document, withdrawn_at=None, applied_by=None)
            last = automatic.order_by("pk").last()
            case.amendment_id = made or (last.pk if last else None)
        elif plan.is_unread:
            case.state, case.eids = EndingCase.State.OPEN, sorted(plan.other_eids)
        elif made:
            mark_carried_out(case, made, None)
        else:  # everything was stored already
            cases += [known] if known else []
            continue
        if known:  # the corrected text orders more
            case.pk, case.found_at, case.found_right = known.pk, known.found_at, known.found_right
        take_row(case, earlier)
        case.save()
        if plan.document and plan.document.pk == act.pk:
            doubt_first_days(case, left)
        elif plan.document and (left or plan.is_unread):
            everywhere = plan.is_unread or any(not each.eid for each in left)
            raise_doubts(case, [plan.document], eids=() if everywhere else case.eids)
            if repealed := amending.repealed_eids(left):
                raise_doubts(case, [plan.document], kind=EndingCase.Kind.ENDS, eids=repealed)
        cases.append(case)
    return cases


def doubt_topics_with_own_day(
    act: LegalDocument, topics: Iterable[tuple[str, datetime.date, str]], first_day: datetime.date | None
) -> None:
    """Make the text of each document that the act amends doubtful between the act's first day and that of a topic.

    «Quy định về … có hiệu lực từ ngày …» does not say which of its amendments begin then. `topics`: (the act's
    provision, day, words).
    """
    amended = set(act.amendments_made.filter(withdrawn_at=None).values_list("document", flat=True))
    of_cases = act.ending_cases.filter(kind=EndingCase.Kind.AMENDS, target__isnull=False)
    amended |= set(of_cases.exclude(state=EndingCase.State.REJECTED).values_list("target", flat=True))
    clauses: dict[str, list[tuple[datetime.date, str]]] = {}
    for source_eid, day, said in topics:
        if first_day is not None and day != first_day:
            clauses.setdefault(source_eid, []).append((day, said))
    for source_eid, own in clauses.items():
        days = [day for day in (first_day, *(day for day, _said in own)) if day]
        for document in sorted(amended - {act.pk}):
            EffectDoubt.objects.update_or_create(  # the home of a copy may say the same
                document_id=document,
                act=act,
                source_eid=source_eid,
                kind=EffectDoubt.Kind.AMENDS,
                scope=EffectDoubt.Scope.PART,
                defaults={
                    "from_on": min(days),
                    "on": min(days),
                    "until_on": max(days),
                    "words": " ".join(said for _day, said in own),
                },
            )


def _apply_orders(
    act: LegalDocument, plan: amending.Plan, *, notify: bool
) -> tuple[int | None, list[amending.AmendingInstruction]]:
    """(the last amendment made, the orders that were not carried out)."""
    if not plan.certain:
        return None, list(plan.all_orders)
    try:
        made = amendments.apply_amendments(act, plan.certain, reason=_("carried out by itself"), notify=notify)
    except RuleBroken:  # without the doubtful orders a certain one may find no place
        return None, list(plan.all_orders)
    done = {id(each) for each in plan.certain}
    return (made[-1].pk if made else None), [each for each in plan.all_orders if id(each) not in done]


def take_back_later(act: LegalDocument, plans: Iterable[amending.Plan]) -> tuple[set[int], set[int]]:
    """Take back what later acts changed by themselves in these documents, so that this older act goes first.

    Returns the ids of these acts, which must be read again, and those of the documents where a person's amendment
    builds on theirs, so that nothing was withdrawn. What people carried out stays.
    """
    again: set[int] = set()
    kept: set[int] = set()
    for plan in plans:
        if plan.document is None or plan.on is None or not plan.may_be_carried_out:
            continue
        later = plan.document.amendments.filter(withdrawn_at=None, on__gte=plan.on).exclude(act=act)
        made = [each for each in later.select_related("act") if order_of_act(each.act) > order_of_act(act)]
        try:
            with transaction.atomic():
                again |= take_back_automatic(made)
        except RuleBroken as refusal:
            log.warning("%s: later amendments of %s stay: %s", act.key, plan.document.key, refusal)
            kept.add(plan.document.pk)
    return again, kept


def take_back_unsaid(act: LegalDocument, orders: Sequence[AmendingInstruction]) -> set[int]:
    """Take back what the machine amended and the act, whose text or first day was corrected, does not say so any more.

    Returns the ids of later acts whose automatic amendments had to be withdrawn with it: they must be read again. Where
    a person's amendment builds on one, all stay as they are.
    """
    by_machine = act.ending_cases.filter(kind=EndingCase.Kind.AMENDS, decided_by=None, amendment__isnull=False)
    made = act.amendments_made.filter(withdrawn_at=None, applied_by=None, document__in=by_machine.values("target"))
    made = made.exclude(ending_cases__kind=EndingCase.Kind.ENDS)
    plans = amendment_queries.amendment_plans(act, orders)[0] if made else []
    said = {
        (plan.document.pk, plan.on): [amendments.stored_facts(each) for each in plan.instructions] for plan in plans
    }
    unsaid = [
        each
        for each in made.order_by("document", "-on", "-pk")
        if any(facts not in said.get((each.document_id, each.on), []) for facts in each.instructions)
    ]
    if not unsaid:
        return set()
    try:
        with transaction.atomic():
            again = take_back_built_upon(act)
            for each in unsaid:
                amendments.withdraw_amendment(
                    each, reason=_("the corrected text no longer says so"), notify=False, may_be_made_again=True
                )
                by_machine.filter(target=each.document_id).delete()
    except RuleBroken as refusal:
        log.warning("%s: amendments that the corrected text does not order stay: %s", act.key, refusal)
        return set()
    return again


def take_back_built_upon(act: LegalDocument) -> set[int]:
    """Take back what later acts changed by themselves on top of this act's amendments; the worker reads them again.

    For an act that is withdrawn or corrected; the caller has called `lock_affected`. Returns the ids of the later acts.
    Raises RuleBroken("amended_since").
    """
    built = {
        later.pk: later
        for amendment in act.amendments_made.filter(withdrawn_at=None).exclude(document=act)
        for later in amendment_queries.amendments_built_on(amendment).exclude(act=act)
    }
    if not built:
        return set()
    documents = {later.document_id: later.on for later in built.values()}
    above = Amendment.objects.filter(document__in=documents, withdrawn_at=None).exclude(act=act)
    return take_back_automatic(each for each in above if each.on >= documents[each.document_id])


def take_back_automatic(made: Iterable[Amendment]) -> set[int]:
    """Take back those of these amendments of texts that were automatic, the last first. Returns the ids of their acts.

    The cases are open until the acts are read again. Raises RuleBroken("amended_since") if a person's builds on one.
    """
    acts = set()
    for each in sorted(made, key=lambda each: (each.on, each.pk), reverse=True):
        case = EndingCase.objects.filter(
            act=each.act_id, target=each.document_id, kind=EndingCase.Kind.AMENDS, decided_by=None
        ).first()
        if case is None or each.applied_by_id is not None:  # a person's
            continue
        amendments.withdraw_amendment(
            each, reason=_("an act before it is carried out first"), notify=False, may_be_made_again=True
        )
        case.state, case.amendment, case.decided_at = EndingCase.State.OPEN, None, None
        case.doubts, case.is_sample = [StoredDoubt.MISSING_ACT], False
        case.save()
        raise_doubts(case, [each.document])
        acts.add(each.act_id)
    return acts
