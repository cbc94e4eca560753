"""What a copied act says of documents of ours: its home does not know them, so that it is neither done nor certain."""

import datetime
from collections.abc import Iterator

from content.act_texts import readings
from content.amendments import queries as amendment_queries
from content.documents.effect import effect_on
from content.documents.models import Amendment, LegalDocument
from content.endings import amending, decisions, queries
from content.endings.act_effect import effect_of_act
from content.endings.acts import text_to_read, texts_before_own_days
from content.endings.effect_doubts import doubts_raised_by, raise_doubts, record_doubt_changes
from content.endings.ending_cases import new_case
from content.endings.models import EndingCase
from content.law.doc_types import DocType

Statements = Iterator[tuple[EndingCase, list[LegalDocument]]]  # each of an act, and the documents that it may mean


def doubt_own_documents(act: LegalDocument) -> None:
    """Make our documents that the copied act ends or amends doubtful, except where a person applied it to them.

    Reading it again makes the doubts anew. Nothing is carried out, and no case waits for a person.
    """
    before = doubts_raised_by(act)
    act.raised_doubts.filter(document__home="").delete()
    if act.is_published and not act.is_sample and act.doc_type != DocType.CONSOLIDATED_TEXT:
        applied = set(Amendment.objects.filter(act=act, withdrawn_at=None).values_list("document", flat=True))
        for case, documents in _statements(act):
            own = [each for each in documents if not each.home and each.pk not in applied]
            raise_doubts(case, own, eids=() if case.kind == EndingCase.Kind.AMENDS and not case.eids else None)
    record_doubt_changes(act, before)


def _statements(act: LegalDocument) -> Statements:
    first_day = effect_on(act.status_events.all(), datetime.date.max).effective_on
    text = text_to_read(act, first_day)
    structure = readings.units_of(text)
    orders = readings.orders_in(text, structure, act)
    orders = amendment_queries.instructions_with_days(act, orders, texts_before_own_days(act, first_day))
    effect = effect_of_act(act, first_day, orders)
    endings = readings.endings_in(text, structure, act, first_day)
    found = queries.candidates_of([each.reference for each in endings if each.reference], act)
    for ending in decisions.in_view_of_others(endings, found):
        decision = decisions.decide(act, ending, found.get(ending.target_key), effect)
        yield new_case(act, ending, decision), decision.in_question
    for plan in amending.plans_of_act(act, orders, readings.histories_in(text, structure), set()):
        if plan.document is not None:
            yield _case_of_plan(act, plan), [plan.document]


def _case_of_plan(act: LegalDocument, plan: amending.Plan) -> EndingCase:
    orders = list(plan.all_orders)
    names_all = not plan.is_unread and all(each.eid for each in orders)
    eids = sorted({each.eid for each in orders} | set(plan.other_eids)) if names_all else []
    return EndingCase(
        act=act, source_eid=plan.source, kind=EndingCase.Kind.AMENDS, target=plan.document,
        target_key=plan.target_key[:160], scope=EndingCase.Scope.PART, eids=eids, on=plan.on, words=plan.words,
        doubts=list(plan.doubts), state=EndingCase.State.OPEN,
    )  # fmt: skip
