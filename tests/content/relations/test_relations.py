"""Relations between documents: proposed by a text, made facts by a person, filled in when the other document comes."""

import datetime

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.errors import RuleBroken
from content.law import document_references
from content.law.doc_types import DocType
from content.people import services as people
from content.people.models import AuditRow
from content.publishing import services as documents
from content.relations import services
from content.relations.models import Relation, RelationKind
from tests.builders import a_document, a_draft, a_record

pytestmark = pytest.mark.django_db

REPEALING = """LUẬT
Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;
Điều 1. Phạm vi
Luật này quy định về mẫu.
Điều 2. Hiệu lực thi hành
1. Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020.
2. Luật Mẫu cũ số {old} hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.
"""


def repealing(old="5/2010/QH12", **columns):
    return {"text": REPEALING.format(old=old), "title": "Luật Mẫu mới"} | columns


def staff(name, *roles):
    return people.create_account(name, roles=roles)[0]


def the_repeal():
    return Relation.objects.get(kind="repeals")


def shown(**narrower):
    rows = Relation.objects.filter(**narrower).order_by("pk")
    return [(row.kind, row.scope, row.target_text, row.status) for row in rows]


BASE = ("based_on", "whole", "Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam", "proposed")
REPEAL = ("repeals", "whole", "Luật Mẫu cũ số 5/2010/QH12", "proposed")


def test_what_a_text_states_is_proposed_when_it_is_imported():
    a_draft("1/2019/QH14", **repealing())
    assert shown() == [BASE, REPEAL]
    repeal = the_repeal()
    assert (repeal.target, repeal.source_eid) == (None, "art_2__clause_2")
    assert repeal.effective_on == datetime.date(2020, 1, 1)
    assert repeal.evidence.startswith("Luật Mẫu cũ số 5/2010/QH12 hết hiệu lực")


def test_the_target_is_set_if_it_is_stored_and_when_it_is_imported_later():
    first = a_draft("1/2019/QH14", **repealing())
    old = a_draft("5/2010/QH12", issued_on=datetime.date(2010, 1, 1), title="Luật Mẫu cũ")
    second = a_draft("2/2019/QH14", **repealing())
    assert [row.target for row in Relation.objects.filter(kind="repeals")] == [old, old]
    assert {first, second} == {row.actor for row in old.suffered_relations.all()}


def test_a_document_cited_by_name_and_year_is_found_too():
    text = "NGHỊ ĐỊNH\nCăn cứ Luật Mẫu cũ năm 2010;\nĐiều 1. Phạm vi\nHết.\n"
    a_draft("1/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ", text=text)
    old = a_draft("5/2010/QH12", issued_on=datetime.date(2010, 1, 1), title="Luật Mẫu cũ 2010")
    assert Relation.objects.get(kind="based_on").target == old


@pytest.mark.parametrize(
    ("other", "columns"),
    [
        ("5/2010/QH12", {"doc_type": "resolution"}),  # of another type
        ("7/QĐ-TTg", {"doc_type": "decision", "issuer": "Thủ tướng Chính phủ"}),  # recurs every year, no day given
        ("15/2024/QĐ-UBND", {"doc_type": "decision", "issuer": "", "province": "25-phu-tho"}),  # every province has one
    ],
)
def test_an_ambiguous_number_is_left_for_a_person(other, columns):
    a_draft(other, **columns)
    a_draft("1/2019/QH14", **repealing(other))
    a_draft(other, issued_on=datetime.date(2018, 1, 1), **columns)
    assert [row.target for row in Relation.objects.filter(kind__in=["repeals", "cites"])] == [None]


def test_the_same_text_again_keeps_the_proposals_and_another_text_makes_new_ones():
    record = a_record("1/2019/QH14", **repealing())
    documents.import_document(record)
    before = list(Relation.objects.values_list("pk", flat=True))
    documents.import_document(record)
    assert list(Relation.objects.values_list("pk", flat=True)) == before
    documents.import_document(a_record("1/2019/QH14", **repealing("6/2011/QH13")))
    assert shown(kind="repeals") == [("repeals", "whole", "Luật Mẫu cũ số 6/2011/QH13", "proposed")]


def test_who_may_publish_confirms_and_it_is_audited_and_in_the_change_log():
    law = a_document("1/2019/QH14", **repealing())
    hoa = staff("hoa", "approver")
    services.confirm_relation(the_repeal(), by=hoa, reason="đọc Điều 2")
    repeal = the_repeal()
    assert repeal.status == "confirmed"
    assert repeal.decided_at is not None
    act = AuditRow.objects.get(action="relation.confirmed")
    assert (act.by, act.subject, act.reason, act.facts["relation"]) == (hoa, law.key, "đọc Điều 2", "repeals")
    change = Change.objects.get(event_type="document.corrected", subject=law.key)
    assert (change.nature, change.notify, change.facts["status"]) == ("editorial", False, "confirmed")
    services.confirm_relation(repeal, by=hoa)
    assert AuditRow.objects.filter(action="relation.confirmed").count() == 1


def test_a_law_that_another_act_corrects_was_corrected_by_who_issued_it():
    law = a_document("13/2003/QH11")
    a_document("1/2019/QH14", text="Điều 1. Sửa lỗi\nĐính chính Luật Mẫu số 13/2003/QH11.\n")
    services.confirm_relation(Relation.objects.get(kind="corrects"), by=staff("hoa", "approver"))
    recorded = Change.objects.filter(event_type="document.corrected").values_list("subject", "nature")
    assert dict(recorded) == {law.key: "correction", "luat-2019-1-2019-qh14": "editorial"}


@pytest.mark.parametrize("role", ["editor", "answerer", "administrator"])
@pytest.mark.parametrize("verb", [services.confirm_relation, services.reject_relation])
def test_who_may_not_publish_decides_nothing(role, verb):
    a_document("1/2019/QH14", **repealing())
    with pytest.raises(RuleBroken) as refusal:
        verb(the_repeal(), by=staff("lan", role))
    assert refusal.value.code == "not_allowed"
    assert (shown(), AuditRow.objects.filter(action__startswith="relation").count()) == ([BASE, REPEAL], 0)


def test_a_person_corrects_what_was_read_wrongly():
    law = a_document("1/2019/QH14", **repealing())
    old = a_document("5/2010/QH12", doc_type="code", issued_on=datetime.date(2010, 1, 1))
    hoa = staff("hoa", "publisher")
    services.confirm_relation(the_repeal(), by=hoa, kind=RelationKind.REPLACES, scope="part", target=old)
    corrected = Relation.objects.get(kind="replaces")
    assert (corrected.status, corrected.scope, corrected.target) == ("confirmed", "part", old)
    with pytest.raises(RuleBroken) as refusal:
        services.confirm_relation(corrected, by=hoa, target=law)
    assert refusal.value.code == "self_relation"


def test_a_decision_stays_when_the_text_is_imported_again():
    a_document("1/2019/QH14", **repealing())
    hoa = staff("hoa", "approver")
    services.reject_relation(the_repeal(), by=hoa)
    services.confirm_relation(Relation.objects.get(kind="based_on"), by=hoa)
    text = REPEALING.format(old="5/2010/QH12") + "Điều 3. Hết\nHết.\n"
    documents.import_document(a_record("1/2019/QH14", **repealing(text=text)), correct=True)
    assert [status for *_row, status in shown()] == ["confirmed", "rejected"]


def test_what_an_official_source_states_is_a_fact_and_makes_a_proposal_one():
    law = a_document("1/2019/QH14", **repealing())
    old = document_references.DocumentReference(DocType.LAW, "Mẫu cũ", "5/2010/QH12", 2010, None, 0, 0)
    stated = {"stated_by": "Bộ pháp điển", "scope": "whole", "source_eid": "art_2__clause_2"}
    for _repeat in range(2):
        services.record_stated_relation(law, RelationKind.REPEALS, old, **stated)
    services.record_stated_relation(law, RelationKind.AMENDS, old, stated_by="Bộ pháp điển", scope="part")
    assert [(row.kind, row.status, row.stated_by) for row in Relation.objects.exclude(kind="based_on")] == [
        ("repeals", "confirmed", "Bộ pháp điển"),
        ("amends", "confirmed", "Bộ pháp điển"),
    ]


def test_a_consolidated_text_has_no_status_of_its_own():
    vbhn = a_document(
        "3/VBHN-VPQH", doc_type="consolidated_text", issuer="Quốc hội", effective_on=datetime.date(2020, 1, 1)
    )
    assert (vbhn.has_effect, vbhn.status_events.count()) == (False, 0)


def test_a_comparison_with_the_original_is_noted_and_undone_by_another_text():
    law = a_document("1/2019/QH14")
    hoa = staff("hoa", "approver")
    with pytest.raises(RuleBroken) as refusal:
        documents.verify_copy(law, by=staff("lan", "editor"), office="Ban biên tập")
    assert refusal.value.code == "not_allowed"
    with pytest.raises(RuleBroken) as refusal:
        documents.verify_copy(law, by=hoa, office=" ")
    assert refusal.value.code == "office_required"
    documents.verify_copy(law, by=hoa, office="Ban biên tập", reason="đối chiếu Công báo")
    law.refresh_from_db()
    assert (law.verified_at is not None, law.verified_by) == (True, "Ban biên tập")
    assert AuditRow.objects.get(action="document.verified").by == hoa
    record = a_record("1/2019/QH14", text=REPEALING.format(old="5/2010/QH12"))
    law, _outcome = documents.import_document(record, correct=True)
    assert (law.verified_at, law.verified_by) == (None, "")


def test_a_confirmed_relation_quotes_what_the_corrected_text_says_and_no_more():
    act = a_document("1/2019/QH14", **repealing())
    Relation.objects.filter(actor=act).update(status="confirmed", decided_at=timezone.now())
    corrected = REPEALING.format(old="5/2010/QH12").replace("2. Luật Mẫu cũ số", "2. Luật Mẫu số")
    documents.import_document(a_record("1/2019/QH14", text=corrected, title="Luật Mẫu mới"), correct=True)
    assert the_repeal().target_text == "Luật Mẫu số 5/2010/QH12"
    assert the_repeal().evidence.startswith("Luật Mẫu số 5/2010/QH12 hết hiệu lực")
    without = corrected.replace("Luật Mẫu số 5/2010/QH12", "Luật này")
    documents.import_document(a_record("1/2019/QH14", text=without, title="Luật Mẫu mới"), correct=True)
    assert (the_repeal().status, the_repeal().target_text, the_repeal().evidence) == ("confirmed", "5/2010/QH12", "")
