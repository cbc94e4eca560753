"""Withdrawing what an act did: all of it with the act, nothing that others build on, and no address lost."""

import datetime

import pytest

from content.amendments import queries as amendments
from content.amendments import services
from content.changes.models import Change
from content.document_reads import contexts
from content.documents import provision_queries
from content.documents.models import Amendment, LegalDocument
from content.editing import services as editing
from content.errors import RuleBroken
from content.people.models import AuditRow
from content.publishing import services as publishing
from notifications.follows import services as follows
from tests.builders import A_LAW, a_device, a_document, a_record, amend, an_amending_law
from tests.public_history import public_history, text_on

pytestmark = pytest.mark.django_db
DAY = datetime.date
AFTER = DAY(2025, 1, 1)


def test_withdrawing_an_act_withdraws_its_amendments_and_records_it():
    law = a_document("1/2019/QH14")
    before = public_history(law)
    act = an_amending_law(law)
    instructions = amendments.recognised_instructions(act)
    services.apply_amendments(act, instructions[:2])
    services.apply_amendments(act, instructions[2:], on=DAY(2026, 1, 1))  # on top of its own
    for _twice in (1, 2):
        editing.withdraw_document(act, reason="nhầm", notify=True)
    assert public_history(law) == before
    lines = Change.objects.filter(event_type__in=["document.amendment_withdrawn", "document.withdrawn"]).order_by("pk")
    recorded = [(line.subject, line.facts.get("on"), line.notify) for line in lines]
    assert recorded == [(law.key, "2026-01-01", True), (law.key, "2025-01-01", True), (act.key, None, True)]
    taken_back = AuditRow.objects.filter(action="document.amendment_withdrawn", subject=law.key)
    assert {row.reason for row in taken_back} == {"nhầm"}


def test_nothing_more_is_recorded_of_a_law_that_was_withdrawn_itself():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    amend(act)
    for document in (law, act):
        editing.withdraw_document(document, reason="nhầm")
    assert Change.objects.latest("pk").subject == act.key
    assert not Change.objects.filter(event_type="document.amendment_withdrawn").exists()
    assert not Amendment.objects.filter(withdrawn_at=None).exists()


def test_an_act_tells_that_it_no_longer_amends_a_law_that_is_withdrawn():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    (amendment,) = amend(act)
    editing.withdraw_document(law, reason="nhầm")
    last = Change.objects.latest("pk").pk
    for _twice in (1, 2):
        services.withdraw_amendment(amendment, reason="nhầm")
    lines = Change.objects.filter(pk__gt=last).order_by("pk")
    assert [(line.event_type, line.subject, line.notify) for line in lines] == [("document.corrected", act.key, False)]


@pytest.mark.parametrize(
    "instruction",
    ["Bãi bỏ điểm đ khoản 1 Điều 2.", "Bổ sung điểm c vào sau điểm b khoản 3 Điều 2 như sau:\n“c) Ba.”."],
)
def test_what_other_acts_built_on_is_named_and_nothing_is_withdrawn(instruction):
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    (first,) = amend(act)
    later = an_amending_law(law, "9/2025/QH15", instructions=f"1. {instruction}", on=DAY(2026, 1, 1))
    (second,) = amend(later)
    before = public_history(law)
    with pytest.raises(RuleBroken) as refusal:
        editing.withdraw_document(act, reason="nhầm")
    assert refusal.value.code == "amended_since"
    assert "9/2025/QH15" in refusal.value.message
    assert "01/01/2026" in refusal.value.message
    assert (public_history(law), LegalDocument.objects.get(pk=act.pk).status) == (before, "published")
    services.withdraw_amendment(second)
    assert editing.withdraw_document(act, reason="nhầm").status == "withdrawn"
    assert Amendment.objects.get(pk=first.pk).withdrawn_at


def test_a_unit_is_not_repealed_from_a_day_before_something_is_put_under_it():
    law = a_document("1/2019/QH14")
    amend(an_amending_law(law, instructions="1. Bổ sung khoản 3 vào Điều 2 như sau:\n“3. Ba.”.", on=DAY(2026, 1, 1)))
    with pytest.raises(RuleBroken) as refusal:
        amend(an_amending_law(law, instructions="1. Bãi bỏ Điều 2.", on=DAY(2025, 1, 1)))
    assert refusal.value.code == "cannot_be_applied"


def test_an_added_unit_keeps_its_follows_through_corrections_and_returns_to_its_place():
    law = a_document("1/2019/QH14")
    (amendment,) = amend(an_amending_law(law))
    minh = a_device().reader
    for eid in ("art_1a", "art_3"):
        follows.follow(minh, law.provisions.get(eid=eid))
    services.withdraw_amendment(amendment)
    longer = A_LAW.format(number=law.number).replace("về mẫu.", "về mẫu:\n1. Một.\n2. Hai.").partition("Chương II")
    publishing.correct_document(law, a_record(law.number, text=longer[0]), topics=[], reason="chép thừa")
    assert [each.article.eid for each in minh.follows.order_by("pk")] == ["art_1a", "art_3"]
    assert "art_1a" not in text_on(law, AFTER)
    assert contexts.provision_context(law, "art_1", AFTER).text.endswith("2. Hai.\n")
    line = Change.objects.filter(event_type="document.corrected").latest("pk")
    assert "art_3" in line.eids
    assert "art_1a" not in line.eids
    amend(amendment.act)
    eids = list(text_on(law, AFTER))
    assert eids.index("art_1a") == eids.index("art_1__clause_2") + 1
    editing.withdraw_document(amendment.act, reason="nhầm")
    publishing.correct_document(law, a_record(law.number), topics=[], reason="chép thiếu")
    assert list(text_on(law, AFTER))[-1] == "art_3"
    assert minh.follows.count() == 2


def test_a_relation_is_a_proposal_again_also_where_the_act_got_another_title():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law, "2/2024/QH15")
    made = [
        services.apply_amendments(act, instructions, on=DAY(2025, 1, day))[0]
        for day, instructions in enumerate(_halves(act), 1)
    ]
    text = "".join(provision_queries.imported_texts(act).values())
    record = a_record(
        "2/2024/QH15", text=text, title="Luật sửa đổi Luật Mẫu", issued_on=act.issued_on, effective_on=DAY(2025, 1, 1)
    )
    publishing.correct_document(act, record, topics=[], reason="tên sai")
    states = []
    for amendment in made:
        services.withdraw_amendment(amendment)
        states.append(act.relations.get(kind="amends", target=law).status)
    assert states == ["confirmed", "proposed"]


def _halves(act):
    instructions = amendments.recognised_instructions(act)
    return instructions[:2], instructions[2:]
