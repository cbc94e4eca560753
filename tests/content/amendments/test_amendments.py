"""Applying amendments to stored documents, and withdrawing them."""

import datetime
import gzip
import io
import json
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command, load_command_class
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from content.amendments import queries as amendments
from content.amendments import services
from content.changes.models import Change
from content.documents import effect_queries, history, queries
from content.documents.effect import effect_on, provision_effect_on
from content.documents.models import Amendment, LegalDocument, StatusEvent
from content.documents.provisions import text_sha256
from content.errors import RuleBroken
from content.importing import jsonl
from content.people.models import AuditRow
from content.publishing import services as documents
from tests.builders import SOME_INSTRUCTIONS, a_document, a_draft, a_record, amend, an_amending_law, publish_as_read
from tests.public_history import public_history, text_on

pytestmark = pytest.mark.django_db
DAY = datetime.date
DATA = Path(__file__).resolve().parents[3].parent / "shared/data/documents.jsonl.gz"
BEFORE, AFTER = DAY(2024, 12, 31), DAY(2025, 1, 1)


def test_from_the_day_on_exactly_the_amended_units_differ():
    law = a_document("1/2019/QH14")
    (amendment,) = amend(an_amending_law(law))
    before, after = text_on(law, BEFORE), text_on(law, AFTER)
    assert before == text_on(law, DAY(2020, 1, 1))
    assert {eid for eid in before if eid in after and before[eid] != after[eid]} == {"art_2__clause_1__point_dd"}
    assert after.keys() - before.keys() == {
        "art_1a", "art_2__clause_3", "art_2__clause_3__point_a", "art_2__clause_3__point_b",
    }  # fmt: skip
    assert before.keys() - after.keys() == {"art_2__clause_1__point_b"}
    assert (amendment.on, amendment.document) == (AFTER, law)
    assert list(after)[list(after).index("art_1") + 1] == "art_1a"


def test_it_makes_the_document_partly_expired_and_the_repealed_unit_expired():
    law = a_document("1/2019/QH14")
    amend(an_amending_law(law))
    events = list(law.status_events.all())
    assert [effect_on(events, day).status for day in (BEFORE, AFTER)] == ["in_force", "partly_expired"]
    assert provision_effect_on(events, "art_2__clause_1__point_b", AFTER).status == "expired"
    assert provision_effect_on(events, "art_2__clause_1__point_b", BEFORE).status == "in_force"
    assert provision_effect_on(events, "art_2__clause_1__point_dd", AFTER).status == "in_force"
    assert law in effect_queries.documents_binding_on(queries.public_documents(), AFTER)


def test_the_change_names_the_units_and_the_audit_has_a_row_for_each_instruction():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    amend(act)
    line = Change.objects.get(event_type="document.amended")
    assert (line.subject, line.nature, line.facts["on"]) == (law.key, "legal", "2025-01-01")
    assert line.facts["act"]["key"] == act.key
    assert {"art_1a", "art_2__clause_1__point_b", "art_2__clause_1__point_dd"} < set(line.eids)
    assert line.hash_before == law.content_hash == text_sha256("".join(text_on(law, BEFORE).values()))
    assert line.hash_after == text_sha256("".join(text_on(law, AFTER).values()))
    assert AuditRow.objects.filter(action="document.amended", subject=law.key).count() == 4


def test_a_withdrawn_amendment_changes_no_day_and_the_change_log_records_both():
    law = a_document("1/2019/QH14")
    before = public_history(law)
    (amendment,) = amend(an_amending_law(law))
    assert public_history(law) != before
    for _twice in (1, 2):
        services.withdraw_amendment(amendment)
    assert public_history(law) == before
    kinds = list(Change.objects.filter(subject=law.key).values_list("event_type", flat=True))
    assert kinds == ["document.published", "document.amended", "document.amendment_withdrawn"]
    amend(amendment.act)  # and it can be applied again, to the same addresses
    assert "art_1a" in text_on(law, AFTER)
    assert law.provisions.filter(eid="art_1a").count() == 1


units = ["art_1", "art_2", "art_2__clause_1", "art_2__clause_1__point_a", "art_2__clause_1__point_dd", "art_3"]
PLACES = {
    "art_1": "Điều 1", "art_2": "Điều 2", "art_2__clause_1": "khoản 1 Điều 2",
    "art_2__clause_1__point_a": "điểm a khoản 1 Điều 2", "art_2__clause_1__point_dd": "điểm đ khoản 1 Điều 2",
    "art_3": "Điều 3",
}  # fmt: skip
MARKS = {
    "art_1": "Điều 1. Mới\n1. Một;\na) Hai.", "art_2": "Điều 2. Mới\nMột.",
    "art_2__clause_1": "1. Mới:\na) Một;\nđ) Hai.",
    "art_2__clause_1__point_a": "a) Mới;", "art_2__clause_1__point_dd": "đ) Mới.", "art_3": "Điều 3. Mới\nMột.",
}  # fmt: skip
single_instructions = st.one_of(
    st.sampled_from(units).map(lambda eid: f"Bãi bỏ {PLACES[eid]}."),
    st.sampled_from(units).map(lambda eid: f"Sửa đổi, bổ sung {PLACES[eid]} như sau:\n“{MARKS[eid]}”."),
    st.sampled_from(["1a", "2a", "3a"]).map(
        lambda n: f"Bổ sung Điều {n} vào sau Điều {n[0]} như sau:\n“Điều {n}. Tên\nX.”."),
    st.just("Bổ sung khoản 3 vào Điều 2 như sau:\n“3. Ba.”."),
    st.just("Thay cụm từ “Mẫu” bằng cụm từ “Vật mẫu” tại Điều 2."),
)  # fmt: skip
several_acts = st.lists(st.lists(single_instructions, min_size=1, max_size=3, unique=True), min_size=1, max_size=3)


@given(several_acts)
@hypothesis_settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_amending_any_number_of_times_and_withdrawing_all_restores_everything(acts):
    with transaction.atomic():
        law = a_document()
        stories, made = [public_history(law)], []
        for number, lines in enumerate(acts):
            numbered = "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1))
            act = an_amending_law(law, instructions=numbered, on=DAY(2021 + number, 1, 1))
            (plan,) = [
                plan
                for plan in amendments.amendment_plans(act, amendments.recognised_instructions(act))[0]
                if plan.document == law
            ]
            made += services.apply_amendments(act, plan.applicable)
            stories.append(public_history(law))
            assert "".join(unit.text for unit in plan.after) == "".join(text_on(law, plan.on).values())
        _assert_versions_meet(law)
        for amendment in reversed(made):
            stories.pop()
            services.withdraw_amendment(amendment)
        assert public_history(law) == stories[0]
        transaction.set_rollback(True)


def _assert_versions_meet(law):
    """No day has two versions of a unit, and no version is empty of days."""
    for provision in law.provisions.prefetch_related("versions"):
        spans = sorted((v.valid_from or DAY.min, v.valid_until or DAY.max) for v in provision.versions.all())
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        assert all(start < end for start, end in spans)


def test_the_database_refuses_versions_that_share_a_day():
    law = a_document()
    provision = law.provisions.get(eid="art_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        provision.versions.create(text="x", text_hash=text_sha256("x"), valid_from=DAY(2024, 1, 1))
    provision.versions.update(valid_until=DAY(2024, 1, 1))
    provision.versions.create(text="x", text_hash=text_sha256("x"), valid_from=DAY(2024, 1, 1))


def test_an_earlier_amendment_is_neither_inserted_before_nor_removed_from_under_a_later_one():
    law = a_document("1/2019/QH14")
    first, second = (
        an_amending_law(law, instructions=SOME_INSTRUCTIONS.split("\n2.")[0], on=DAY(year, 1, 1))
        for year in (2024, 2025)
    )
    (of_second,) = amend(second)
    with pytest.raises(RuleBroken) as refusal:
        amend(first)
    assert refusal.value.code == "cannot_be_applied"
    services.withdraw_amendment(of_second)
    (of_first,) = amend(first)
    second = an_amending_law(law, instructions="1. Bãi bỏ điểm đ khoản 1 Điều 2.", on=DAY(2026, 1, 1))
    (of_second,) = amend(second)
    with pytest.raises(RuleBroken) as refusal:
        services.withdraw_amendment(of_first)
    assert refusal.value.code == "amended_since"
    services.withdraw_amendment(of_second)
    services.withdraw_amendment(of_first)


def test_a_refused_amendment_leaves_nothing_behind():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law, instructions=SOME_INSTRUCTIONS + "\n5. Bãi bỏ Điều 99.")
    before = public_history(law)
    with pytest.raises(RuleBroken):
        amend(act)
    assert (public_history(law), Amendment.objects.count()) == (before, 0)
    assert not Change.objects.filter(event_type="document.amended").exists()


def test_a_draft_neither_amends_nor_is_amended():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    LegalDocument.objects.filter(pk=act.pk).update(status="draft", published_at=None)
    act.refresh_from_db()
    with pytest.raises(RuleBroken):
        amend(act)
    draft = a_draft("2/2019/QH14")
    with pytest.raises(RuleBroken):
        amend(an_amending_law(draft))


def test_a_text_that_amendments_build_on_is_not_replaced_under_them():
    law = a_document("1/2019/QH14")
    amend(an_amending_law(law))
    with pytest.raises(RuleBroken) as refusal:
        documents.import_document(a_record("1/2019/QH14", text="Điều 1. Khác\nMột."), correct=True)
    assert refusal.value.code == "amended"


OWN_DAYS = (
    "Điều 1. Một\n1. Hai.\n2. Ba.\nĐiều 2. Hiệu lực thi hành\n1. Luật này có hiệu lực thi hành từ ngày 01 tháng 01"
    " năm 2020, trừ quy định tại khoản 2 Điều này.\n2. Khoản 1 Điều 1 của Luật này có hiệu lực thi hành từ"
    " ngày 01 tháng 7 năm 2021; quy định tại khoản 2 Điều 1 của Luật này có hiệu lực thi hành theo quy định của"
    " pháp luật về đất.\n"
)


def test_a_law_that_dates_its_own_parts_can_be_corrected_elsewhere():
    law = a_document("1/2019/QH14", text=OWN_DAYS)
    amend(law)
    for wrong in (OWN_DAYS.replace("năm 2021", "năm 2022"), OWN_DAYS.replace("1. Hai.\n2. Ba.", "Hai ba.")):
        with pytest.raises(RuleBroken) as refusal:
            documents.import_document(a_record("1/2019/QH14", text=wrong), correct=True)
        assert refusal.value.code == "amended"
    documents.import_document(a_record("1/2019/QH14", text=OWN_DAYS.replace("Hai", "Hai hai")), correct=True)
    events = list(law.status_events.all())
    assert text_on(law, AFTER)["art_1__clause_1"] == "1. Hai hai.\n"
    assert provision_effect_on(events, "art_1__clause_1", DAY(2021, 6, 30)).status == "not_yet_effective"


def test_an_acts_own_effect_clause_gives_its_parts_their_days():
    law = a_document(text=OWN_DAYS)
    before = public_history(law)
    made = amend(law)
    events = list(law.status_events.all())
    assert provision_effect_on(events, "art_1__clause_1", DAY(2021, 6, 30)).status == "not_yet_effective"
    assert provision_effect_on(events, "art_1__clause_1", DAY(2021, 7, 1)).status == "in_force"
    assert provision_effect_on(events, "art_1__clause_2", DAY(2022, 1, 1)).status == "unknown"
    assert provision_effect_on(events, "art_1", DAY(2022, 1, 1)).status == "in_force"
    assert effect_on(events, DAY(2020, 1, 1)).status == "in_force"
    for amendment in made:
        services.withdraw_amendment(amendment)
    assert public_history(law) == before


def test_an_act_ends_another_from_its_day_until_that_is_withdrawn():
    old = a_document("1/2009/QH12")
    act = a_document()
    amendment = services.end_document(act, old, on=DAY(2020, 1, 1), source="art_2")
    assert amendment is not None
    events = list(old.status_events.all())
    assert [effect_on(events, day).status for day in (DAY(2019, 12, 31), DAY(2020, 1, 1))] == [
        "not_yet_effective",
        "expired",
    ]
    line = Change.objects.get(event_type="document.status_entered")
    assert (line.subject, line.facts["events"][0]["kind"], line.facts["on"]) == (old.key, "expires", "2020-01-01")
    assert services.end_document(act, old, on=DAY(2020, 1, 1), source="art_2") is None
    services.withdraw_amendment(amendment)
    assert not old.status_events.filter(kind="expires").exists()


def test_a_repeal_whose_day_another_source_stated_before_still_changes_the_text():
    law = a_document("1/2019/QH14")
    documents.enter_status_event(law, StatusEvent.Kind.EXPIRES, on=AFTER, scope="part", eids=["art_2"])
    text = "Điều 1. Bãi bỏ\nBãi bỏ Điều 2 của Luật Mẫu số 1/2019/QH14.\n"
    (amendment,) = services.apply_amendments(
        act := a_document(text=text), amendments.recognised_instructions(act), on=AFTER
    )
    assert "art_2" in text_on(law, BEFORE)
    assert "art_2" not in text_on(law, AFTER)
    line = Change.objects.get(event_type="document.amended")
    assert (line.facts["on"], line.facts["events"], "art_2" in line.eids) == (str(AFTER), [], True)
    services.withdraw_amendment(amendment)
    assert law.status_events.filter(kind="expires", eids=["art_2"]).exists()


def test_a_correction_leaves_the_end_that_an_act_gave_a_document():
    law = a_document("1/2019/QH14")
    amendment = services.end_document(a_document(effective_on=AFTER), law, on=AFTER, source="art_1")
    assert amendment is not None
    documents.correct_document(law, a_record("1/2019/QH14", title="Luật Mẫu khác"), topics=[], reason="tên sai")
    assert effect_on(law.status_events.all(), AFTER).status == "expired"
    documents.correct_document(law, a_record("1/2019/QH14", expires_on=DAY(2030, 1, 1)), topics=[], reason="cũng sai")
    services.withdraw_amendment(amendment)
    assert effect_on(law.status_events.all(), AFTER).expires_on == DAY(2030, 1, 1)


def test_the_command_lists_sums_up_and_applies_what_is_certain():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law, instructions=SOME_INSTRUCTIONS + "\n5. Bãi bỏ Điều 99.")
    output = io.StringIO()
    call_command("amend", act.key, stdout=output)
    *_, summary, own, counts = output.getvalue().splitlines()
    assert (
        f"{law.key} (1/2019/QH14) từ 01/01/2025: sửa 1, thêm 4, bỏ 1 đơn vị; 5 câu lệnh,"
        " 4 chắc chắn và làm được, 1 không làm được"
    ) in (summary, own)
    assert counts == "Nhận ra 6 câu lệnh: 5 chắc chắn và làm được, 1 cần kiểm tra"
    assert "1.0 art_1__clause_1: nội dung mới, art_2__clause_1__point_dd của 1/2019/QH14" in output.getvalue()
    call_command("amend", act.key, "--accept", stdout=output)
    assert f"{law.key} từ 01/01/2025: 6 đơn vị" in output.getvalue()


@pytest.mark.parametrize(("arguments", "said"), [
    (["khong-co"], "Không có văn bản nào với khóa «khong-co»."),
    (["khong-co", "--on", "mai"], "«mai» không phải là ngày."),
])  # fmt: skip
def test_the_command_refuses_in_vietnamese(arguments, said):
    with pytest.raises(CommandError) as refused:
        call_command("amend", *arguments)
    assert said in str(refused.value)


def test_a_wrong_day_on_the_command_line_is_one_line_and_no_traceback(capsys):
    with pytest.raises(SystemExit):
        load_command_class("content", "amend").run_from_argv(["manage.py", "amend", "khong-co", "--on", "mai"])
    assert "argument --on: «mai» không phải là ngày." in capsys.readouterr().err


def test_a_status_event_is_entered_once_and_recorded():
    law = a_document()
    for _twice in (1, 2):
        documents.enter_status_event(law, StatusEvent.Kind.SUSPENDED, on=AFTER, cause="Nghị quyết")
    line = Change.objects.get(event_type="document.status_entered")
    (event,) = line.facts["events"]
    assert event == {"kind": "suspended", "scope": "whole", "eids": [], "on": str(AFTER), "cause": "Nghị quyết"}
    with pytest.raises(RuleBroken):
        documents.enter_status_event(law, StatusEvent.Kind.SUSPENDED, on=AFTER, scope="part", eids=["art_99"])


@pytest.fixture
def decrees():
    """Decrees 100/2019, 123/2021 and 168/2024 as the sample laws have them, by number, amended as they instruction."""
    if not DATA.exists():
        pytest.skip(f"no sample laws at {DATA}")
    wanted = {"100/2019/NĐ-CP", "123/2021/NĐ-CP", "168/2024/NĐ-CP"}
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = {row["number"]: row for row in map(json.loads, lines) if row["number"] in wanted}
    found = {}
    for number, row in rows.items():
        found[number] = publish_as_read(documents.import_document(jsonl.record_from_row(row))[0], notify=False)
    for number in ("123/2021/NĐ-CP", "168/2024/NĐ-CP"):
        instructions = amendments.recognised_instructions(found[number])
        plans, _ = amendments.amendment_plans(
            found[number], [instruction for instruction in instructions if instruction.is_certain]
        )
        services.apply_amendments(
            found[number], [instruction for plan in plans for instruction in plan.applicable], notify=False
        )
    return found


def test_decree_100_of_2019_on_every_day_and_decree_168_of_2024_with_its_own_days(decrees):
    old, new = decrees["100/2019/NĐ-CP"], decrees["168/2024/NĐ-CP"]
    events = list(old.status_events.all())
    for day in (DAY(2022, 1, 1), BEFORE, AFTER, DAY(2026, 1, 1)):
        assert effect_on(events, day).status == "partly_expired"
    assert effect_on(events, DAY(2021, 12, 31)).status == "in_force"
    days = [(each.valid_from, each.valid_until) for each in history.history_entries(old, "art_28__clause_6")]
    assert days == [(None, DAY(2022, 1, 1)), (DAY(2022, 1, 1), AFTER), (AFTER, None)]
    before, after = text_on(old, BEFORE), text_on(old, AFTER)
    assert "art_1__clause_2a" in after
    assert "art_1__clause_2a" not in before
    assert list(after)[list(after).index("art_1__clause_2") + 1] == "art_1__clause_2a"
    events = list(new.status_events.all())
    late = [provision_effect_on(events, "art_6__clause_3__point_m", DAY(2025, 12, day)).status for day in (1, 31)]
    assert late == ["not_yet_effective", "not_yet_effective"]
    assert provision_effect_on(events, "art_6__clause_3__point_m", DAY(2026, 1, 1)).status == "in_force"
    assert provision_effect_on(events, "art_32__clause_1__point_b", DAY(2026, 1, 1)).status == "unknown"
