"""What acts end and amend is carried out by itself when nothing is in doubt; else no old law is shown as in force."""

import datetime
import io
import json

import pytest
from django.core.management import call_command

from content.amendments import services as amendments
from content.changes.models import Change
from content.documents import effect_queries, queries
from content.documents.effect import EffectStatus, effect_of, provision_effect_of
from content.documents.facets import facets_on
from content.documents.models import EffectDoubt, LegalDocument, OutdatedSpans
from content.documents.text_dates import TextDate
from content.editing import services as editing
from content.effect_reviews import queries as reviews
from content.effect_reviews import services as effect_reviews
from content.endings import case_services, services
from content.endings import queries as queries_of_endings
from content.endings.consumer import settle_changes
from content.endings.models import EndingCase, MachineSwitch
from content.errors import RuleBroken
from content.people.models import Role
from content.publishing.services import enter_status_event
from content.relations.models import Relation
from content.transitions.services import record_due_transitions
from content.vietnam_time import today
from tests.builders import a_document, a_draft, a_local_document, a_member_of_staff

pytestmark = pytest.mark.django_db

DAY = datetime.date
EVE, FIRST = DAY(2024, 12, 31), DAY(2025, 1, 1)
ONE = datetime.timedelta(days=1)


def settle():
    while settle_changes():
        pass


def an_old_law(number="1/2019/QH14", **columns):
    return a_document(number, **({"title": "Luật Mẫu cũ"} | columns))


def a_new_act(*clauses, number="9/2024/QH15", publish=True, **columns):
    """A law in force from 2025 whose second article says these clauses."""
    lines = "\n".join(f"{place}. {clause}" for place, clause in enumerate(clauses, 1))
    text = f"LUẬT\nMẪU\nĐiều 1. Phạm vi\nLuật này quy định về mẫu.\nĐiều 2. Hiệu lực thi hành\n{lines}\n"
    given = {"title": "Luật Mẫu mới", "text": text, "issued_on": DAY(2024, 6, 1), "effective_on": FIRST}
    act = (a_document if publish else a_draft)(number, **(given | columns))
    settle()
    return act


def status_on(document, day):
    """What is shown, by the rules, in lists and for search; they must agree."""
    document = queries.public_documents().get(pk=document.pk)
    in_python = str(effect_of(document, day).status)
    assert not OutdatedSpans.objects.exists()
    assert in_python == facets_on(day, [document.pk])[document.pk].status
    for status in EffectStatus.values:
        is_listed = effect_queries.documents_with_status(LegalDocument.objects.all(), [status], day).contains(document)
        assert is_listed == (in_python == status or (in_python, status) == ("partly_expired", "in_force"))
    return in_python


def test_a_law_that_replaces_another_ends_it_on_its_first_day_by_itself():
    old = an_old_law()
    a_new_act("Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025.", "Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    assert [status_on(old, day) for day in (EVE, FIRST)] == ["in_force", "expired"]
    relation = Relation.objects.get(kind="replaces")
    assert (relation.status, relation.target, relation.effective_on) == ("confirmed", old, FIRST)
    line = Change.objects.get(event_type="document.status_entered", subject=old.key)
    assert (line.facts["on"], line.notify) == ("2025-01-01", False)
    settle()
    assert EndingCase.objects.get().state == "carried_out"


def test_a_withdrawn_act_leaves_no_trace():
    old = an_old_law()
    act = a_new_act(
        "Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.",
        "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ Điều 2.",
    )
    editing.withdraw_document(act, reason="nhầm")
    settle()
    assert (status_on(old, FIRST), EndingCase.objects.count(), EffectDoubt.objects.count()) == ("in_force", 0, 0)


def test_a_withdrawn_amendment_is_not_made_again():
    old = an_old_law()
    act = a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    amendments.withdraw_amendment(old.amendments.get(), reason="nhầm")
    settle()
    services.read_acts([act])
    assert (status_on(old, FIRST), EndingCase.objects.get().state) == ("in_force", "rejected")


@pytest.mark.parametrize(
    ("clause", "doubts"),
    [
        ("Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ khoản 2 Điều 2.", ["exception"]),
        ("Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực nếu Quốc hội quyết định.", ["condition", "no_day"]),
        ("Luật khác tên số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực.", ["differs"]),
        ("Luật Mẫu cũ năm 2019 số hiệu lạ hết hiệu lực kể từ ngày Luật này có hiệu lực.", ["unknown_words"]),
        ("Luật Mẫu cũ hết hiệu lực kể từ ngày Luật này có hiệu lực.", ["name_only", "differs"]),
        ("Đình chỉ thi hành Luật Mẫu cũ số 1/2019/QH14.", ["not_ending"]),
    ],
)
def test_a_doubtful_end_shows_the_law_as_unknown_never_as_in_force(clause, doubts):
    old = an_old_law()
    a_new_act(clause)
    assert [status_on(old, day) for day in (DAY(2024, 5, 31), FIRST)] == ["in_force", "unknown"]
    assert provision_effect_of(old, "art_1", FIRST).status == "unknown"
    case = EndingCase.objects.get()
    assert (case.state, case.target, case.doubts) == ("open", old, doubts)
    binding = effect_queries.documents_binding_on(LegalDocument.objects.all(), FIRST)
    assert old not in binding
    assert old in effect_queries.documents_in_doubt(LegalDocument.objects.all(), FIRST)


def test_a_part_that_is_not_placed_leaves_the_status_and_tells_of_the_doubt():
    old = an_old_law()
    a_new_act("Các quy định về mẫu nhỏ của Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực.")
    doubt = EffectDoubt.objects.get()
    assert (status_on(old, FIRST), doubt.scope, doubt.eids) == ("in_force", "part", [])
    assert provision_effect_of(old, "art_1", FIRST).status == "in_force"


def test_a_doubtful_part_makes_its_units_unknown_and_their_text_undated():
    old = an_old_law()
    a_new_act("Bãi bỏ các quy định liên quan đến mẫu nhỏ tại khoản 1 Điều 2 của Luật Mẫu cũ số 1/2019/QH14.")
    shown = {eid: provision_effect_of(old, eid, FIRST).status for eid in ("art_2__clause_1", "art_2__clause_2")}
    assert shown == {"art_2__clause_1": "unknown", "art_2__clause_2": "in_force"}
    text = TextDate(old, FIRST)
    assert (text.of_unit("art_2__clause_1"), text.of_unit("art_2__clause_2")) == ("unknown", "that_day")
    assert status_on(old, FIRST) == "in_force"


def test_two_decrees_of_one_number_are_both_doubtful_and_neither_ends():
    decrees = [
        a_document(
            "5/2019/NĐ-CP", doc_type="decree", title="Nghị định", issued_on=DAY(2019, month, 1), issuer="Chính phủ"
        )
        for month in (3, 4)
    ]
    a_new_act(
        "Nghị định này thay thế Nghị định số 5/2019/NĐ-CP.",
        number="7/2024/NĐ-CP",
        doc_type="decree",
        issuer="Chính phủ",
    )
    assert [status_on(each, FIRST) for each in decrees] == ["unknown", "unknown"]
    assert EndingCase.objects.get().state == "contested"


def test_a_circular_ends_no_decree():
    decree = a_document("5/2019/NĐ-CP", doc_type="decree", title="Nghị định", issuer="Chính phủ")
    a_new_act(
        "Nghị định số 5/2019/NĐ-CP hết hiệu lực kể từ ngày Thông tư này có hiệu lực.",
        number="7/2024/TT-BTC",
        doc_type="circular",
        issuer=None,
    )
    assert (status_on(decree, FIRST), EndingCase.objects.get().doubts) == ("unknown", ["rank"])


def test_what_is_quoted_or_in_a_consolidated_text_ends_nothing():
    old = an_old_law()
    a_new_act("Sửa đổi Điều 5 như sau:\n“Điều 5. Một\nLuật này thay thế Luật Mẫu cũ số 1/2019/QH14.”.")
    a_new_act(
        "Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.", number="3/VBHN-VPQH", doc_type="consolidated_text", issuer=None
    )
    assert (status_on(old, FIRST), EndingCase.objects.filter(kind="ends").count()) == ("in_force", 0)


def test_a_law_that_only_amended_before_does_not_end():
    innocent = an_old_law("2/2020/QH14", title="Luật Khác")
    old = an_old_law()
    a_new_act(
        "Luật Mẫu cũ số 1/2019/QH14 đã được sửa đổi, bổ sung một số điều theo Luật số 2/2020/QH14 hết hiệu lực kể từ "
        "ngày Luật này có hiệu lực thi hành."
    )
    assert [status_on(each, FIRST) for each in (innocent, old)] == ["in_force", "expired"]


def test_a_target_that_comes_later_ends_when_it_comes():
    a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    assert EndingCase.objects.get().state == "waiting"
    old = an_old_law()
    settle()
    assert (status_on(old, FIRST), EndingCase.objects.get().state) == ("expired", "carried_out")


def test_a_draft_ends_nothing_until_it_is_published():
    old = an_old_law()
    a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.", publish=False)
    assert (status_on(old, FIRST), EndingCase.objects.count()) == ("in_force", 0)


def test_an_end_that_an_official_source_gave_is_not_entered_again_and_another_one_is_a_doubt():
    same = an_old_law(expires_on=FIRST)
    other = an_old_law("2/2019/QH14", title="Luật Khác", expires_on=DAY(2026, 1, 1))
    a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14 và Luật Khác số 2/2019/QH14.")
    assert [status_on(same, FIRST), status_on(other, FIRST)] == ["expired", "unknown"]
    assert [case.state for case in EndingCase.objects.order_by("pk")] == ["read", "open"]
    assert status_on(other, DAY(2026, 1, 1)) == "expired"


def test_an_act_ends_by_its_own_term():
    act = a_new_act("Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025 đến hết ngày 31 tháng 12 năm 2027.")
    assert [status_on(act, day) for day in (DAY(2027, 12, 31), DAY(2028, 1, 1))] == ["in_force", "expired"]


def test_a_person_accepts_or_rejects_and_the_law_is_shown_so():
    lan = a_member_of_staff("lan", Role.PUBLISHER)
    first, second = an_old_law(), an_old_law("2/2019/QH14", title="Luật Khác")
    a_new_act(
        "Luật Mẫu cũ số 1/2019/QH14, Luật Khác số 2/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ Điều 9."
    )
    one, two = EndingCase.objects.order_by("pk")
    case_services.accept(one, by=lan)
    case_services.reject(two, by=lan, reason="chỉ một phần")
    assert [status_on(each, FIRST) for each in (first, second)] == ["expired", "in_force"]
    assert EffectDoubt.objects.count() == 0
    with pytest.raises(RuleBroken, match="quyền"):
        case_services.accept(two, by=a_member_of_staff("hoa"))


def test_a_suspension_that_a_person_confirms_ends_on_its_last_day():
    lan = a_member_of_staff("lan", Role.PUBLISHER)
    old = an_old_law()
    act = a_new_act("Ngưng hiệu lực Luật Mẫu cũ số 1/2019/QH14 từ ngày 01/7/2025 đến hết ngày 31/12/2025.")
    days = (DAY(2025, 6, 30), DAY(2025, 7, 1), DAY(2025, 12, 31), DAY(2026, 1, 1))
    assert [status_on(old, day) for day in days[:2]] == ["in_force", "unknown"]
    case_services.accept(EndingCase.objects.get(), by=lan)
    shown = ["in_force", "suspended", "suspended", "in_force"]
    assert [status_on(old, day) for day in days] == shown
    services.read_acts([act])
    assert ([status_on(old, day) for day in days], EffectDoubt.objects.count()) == (shown, 0)
    assert act.relations.get(kind="suspends").status == "confirmed"
    case_services.reopen(EndingCase.objects.get(), by=lan, reason="nhầm")
    assert [status_on(old, day) for day in days[:2]] == ["in_force", "unknown"]


def test_a_suspension_that_is_stored_already_is_no_doubt():
    old = an_old_law()
    for kind, on in (("suspended", DAY(2025, 7, 1)), ("resumed", DAY(2026, 1, 1))):
        enter_status_event(old, kind, on=on, cause="Quốc hội")
    a_new_act("Ngưng hiệu lực Luật Mẫu cũ số 1/2019/QH14 từ ngày 01/7/2025 đến hết ngày 31/12/2025.")
    assert (EndingCase.objects.get().state, EffectDoubt.objects.count()) == ("read", 0)


def test_an_open_suspension_lasts_until_an_act_that_a_person_confirms_resumes_the_document():
    lan = a_member_of_staff("lan", Role.PUBLISHER)
    old = an_old_law()
    a_new_act("Luật Mẫu cũ số 1/2019/QH14 tạm ngưng hiệu lực từ ngày 01 tháng 7 năm 2025.")
    case_services.accept(EndingCase.objects.get(), by=lan)
    later = "Luật Mẫu cũ số 1/2019/QH14 có hiệu lực trở lại từ ngày 01 tháng 3 năm 2026."
    a_new_act(later, number="10/2025/QH15", title="Luật Mười")
    days = (DAY(2026, 2, 28), DAY(2026, 3, 1))
    assert [status_on(old, day) for day in days] == ["suspended", "unknown"]
    case_services.accept(EndingCase.objects.latest("pk"), by=lan)
    assert [status_on(old, day) for day in days] == ["suspended", "in_force"]


def test_decided_cases_stand_when_the_act_is_read_again():
    lan = a_member_of_staff("lan", Role.PUBLISHER)
    old = an_old_law()
    act = a_new_act("Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ Điều 9.")
    case_services.reject(EndingCase.objects.get(), by=lan, reason="không")
    services.read_acts([act])
    assert (status_on(old, FIRST), EndingCase.objects.get().state) == ("in_force", "rejected")


def test_when_samples_are_often_wrong_nothing_more_is_carried_out_by_itself():
    lan = a_member_of_staff("lan", Role.PUBLISHER)
    an_old_law()
    a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    case_services.reject(EndingCase.objects.get(), by=lan, reason="sai")
    assert not MachineSwitch.objects.get().is_on
    later = an_old_law("2/2019/QH14", title="Luật Khác")
    a_new_act("Luật này thay thế Luật Khác số 2/2019/QH14.", number="10/2024/QH15", title="Luật Mười")
    assert (status_on(later, FIRST), EndingCase.objects.latest("pk").doubts) == ("unknown", ["switched_off"])


def test_each_twentieth_case_that_the_machine_carries_out_goes_to_a_person_to_look_at():
    laws = [an_old_law(f"{place}/2019/QH14", title=f"Luật số {place}") for place in range(1, 42)]
    a_new_act(*(f"Luật số {law.number} hết hiệu lực kể từ ngày Luật này có hiệu lực." for law in laws))
    cases = EndingCase.objects.filter(state="carried_out").order_by("pk")
    assert [place for place, case in enumerate(cases, 1) if case.is_sample] == [20, 40]
    assert list(reviews.samples_to_check().order_by("pk")) == [cases[19], cases[39]]


@pytest.mark.parametrize(("wrong_before", "stays_on"), [(1, True), (2, False)])
def test_more_than_one_in_a_hundred_wrong_of_the_last_two_hundred_switches_the_machine_off(wrong_before, stays_on):
    lan, old = a_member_of_staff("lan", Role.PUBLISHER), an_old_law()
    act = a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    case = EndingCase.objects.get()
    judged = {"act": act, "start": 0, "end": 0, "kind": "ends", "target": old, "scope": "whole", "words": "…"}
    EndingCase.objects.bulk_create(  # the fifty oldest were wrong, and count no more
        EndingCase(source_eid=f"art_{place}", target_key="x", day_is="named", state="carried_out",
                   decided_at=case.decided_at - (300 - place) * ONE,
                   found_right=place >= 50 and not 100 <= place < 100 + wrong_before, **judged)
        for place in range(249)
    )  # fmt: skip
    case_services.reject(case, by=lan, reason="sai")
    assert queries_of_endings.is_machine_on() is stays_on


def test_what_was_wrong_before_a_person_switched_it_on_counts_no_more_nor_does_what_a_person_decided():
    lan, old, other = (
        a_member_of_staff("lan", Role.PUBLISHER),
        an_old_law(),
        an_old_law("2/2019/QH14", title="Luật Khác"),
    )
    a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    case_services.reject(EndingCase.objects.get(), by=lan, reason="sai")
    assert not queries_of_endings.is_machine_on()
    effect_reviews.switch_on(by=lan)
    a_new_act("Luật Khác số 2/2019/QH14 hết hiệu lực, trừ Điều 2.", number="8/2024/QH15", title="Luật Mẫu khác")
    case = case_services.accept(EndingCase.objects.get(target=other), by=lan)
    amendments.withdraw_amendment(case.amendment, by=lan, reason="nhầm")
    settle()
    assert (EndingCase.objects.get(target=other).state, queries_of_endings.is_machine_on()) == ("rejected", True)
    assert not old.amendments.filter(withdrawn_at=None).exists()


def test_a_corrected_first_day_moves_what_was_carried_out_by_itself():
    old = an_old_law()
    act = a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    act.status_events.filter(kind="takes_effect").update(on=DAY(2025, 7, 1))
    services.read_acts([act])
    assert [status_on(old, day) for day in (DAY(2025, 6, 30), DAY(2025, 7, 1))] == ["in_force", "expired"]


def test_own_parts_with_and_without_a_day_are_one_case_where_the_first_day_was_not_entered():
    lines = [
        "LUẬT\nMẪU\nĐiều 1. Mức phạt\n1. Một.\n2. Hai.\nĐiều 2. Hiệu lực thi hành",
        "1. Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2025, trừ quy định tại khoản 2 Điều này.",
        "2. Quy định tại khoản 1 Điều 1 của Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2026; quy định tại "
        "khoản 2 Điều 1 của Luật này có hiệu lực thi hành theo quy định của pháp luật về mẫu.",
    ]
    act = a_document("9/2024/QH15", text="\n".join(lines), effective_on=None)
    services.read_act(act)
    case = EndingCase.objects.get()
    assert (case.kind, case.target, case.state, case.eids) == ("amends", act, "open", ["art_1__clause_2"])


AMENDING = "Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ số 1/2019/QH14{history}\n{orders}\n"


def an_amending_act(*orders, number="2/2021/QH15", history="", year=2021):
    text = AMENDING.format(history=history, orders="\n".join(orders))
    act = a_document(
        number,
        title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ",
        text=text,
        issued_on=DAY(year, 1, 1),
        effective_on=DAY(year, 7, 1),
    )
    settle()
    return act


def text_on(law, eid, day):
    versions = law.provisions.get(eid=eid).versions.all()
    return [
        each.text
        for each in versions
        if (each.valid_from or DAY.min) <= day and (each.valid_until is None or day < each.valid_until)
    ]


def test_certain_amendments_are_carried_out_by_themselves():
    law = an_old_law()
    an_amending_act(
        "1. Sửa đổi, bổ sung khoản 2 Điều 2 như sau:", "“2. Thử là xem kỹ.”.", "2. Bãi bỏ điểm b khoản 1 Điều 2."
    )
    after = DAY(2021, 7, 1)
    assert text_on(law, "art_2__clause_2", after) == ["2. Thử là xem kỹ.\n"]
    assert text_on(law, "art_2__clause_1__point_b", after) == []
    assert (status_on(law, after), TextDate(law, after).of_all) == ("partly_expired", "that_day")


def test_an_order_that_is_not_carried_out_is_told_of_by_the_date_of_the_text():
    law = an_old_law()
    an_amending_act("1. Sửa đổi, bổ sung khoản 9 Điều 2 như sau:", "“9. Một.”.", "2. Bãi bỏ Điều 1.")
    text, after = TextDate(law, DAY(2021, 7, 1)), DAY(2021, 7, 1)
    assert (text.of_unit("art_1"), TextDate(law, DAY(2021, 6, 30)).of_all) == ("that_day", "that_day")
    assert text_on(law, "art_1", after) == []
    assert EndingCase.objects.get(kind="amends").eids == ["art_2__clause_9"]
    assert text.of_all == "unknown"


def test_amendments_wait_for_an_act_in_between_and_apply_in_the_order_of_their_days():
    law = an_old_law()
    told = " đã được sửa đổi, bổ sung một số điều theo Luật số 2/2021/QH15"
    an_amending_act("1. Bãi bỏ khoản 2 Điều 2.", number="3/2022/QH15", history=told, year=2022)
    assert text_on(law, "art_2__clause_2", DAY(2022, 7, 1)) != []
    assert TextDate(law, DAY(2022, 7, 1)).of_unit("art_2__clause_2") == "unknown"
    assert provision_effect_of(law, "art_2__clause_2", DAY(2022, 7, 1)).status == "unknown"
    an_amending_act("1. Sửa đổi, bổ sung khoản 2 Điều 2 như sau:", "“2. Thử là xem kỹ.”.")
    assert text_on(law, "art_2__clause_2", DAY(2022, 6, 30)) == ["2. Thử là xem kỹ.\n"]
    assert text_on(law, "art_2__clause_2", DAY(2022, 7, 1)) == []
    assert TextDate(law, DAY(2022, 7, 1)).of_all == "that_day"


def test_followers_are_told_only_of_what_began_in_the_last_days():
    told = {}
    for number, days in ((1, 0), (2, 7), (3, 8), (4, -30)):
        old = an_old_law(f"{number}/2019/QH14", title=f"Luật Cũ {'abcd'[number - 1] * 4}")
        act = a_document(
            f"{number + 20}/2024/QH15",
            notify=True,
            title="Luật Mới",
            text=f"Điều 1. Hiệu lực\nLuật này thay thế Luật Cũ {'abcd'[number - 1] * 4} số {number}/2019/QH14.\n",
            issued_on=DAY(2024, 6, 1),
            effective_on=today() - days * ONE,
        )
        settle()
        assert act.amendments_made.count() == 1
        told[days] = Change.objects.get(event_type="document.status_entered", subject=old.key).notify
    assert told == {0: True, 7: True, 8: False, -30: False}


def test_the_command_reads_what_is_stored_and_a_second_run_reads_nothing():
    old = an_old_law()
    a_document(
        "9/2024/QH15",
        title="Luật Mẫu mới",
        text="Điều 1. Hiệu lực\nLuật này thay thế Luật Mẫu cũ số 1/2019/QH14.\n",
        issued_on=DAY(2024, 6, 1),
        effective_on=FIRST,
    )
    reports = []
    for _ in range(2):
        output = io.StringIO()
        call_command("read_endings", stdout=output)
        reports.append(output.getvalue().split(";")[0])
    assert reports == [
        "2 acts read: 1 documents ended, 0 amended",
        "0 acts read: 0 documents ended, 0 amended",
    ]
    assert status_on(old, FIRST) == "expired"


def test_an_import_carries_out_what_is_certain_in_the_order_of_the_days_and_says_so(tmp_path):
    lines = [
        {"number": number, "type": "Luật", "title": title, "issuer": "Quốc hội", "issued": issued, "effective": day,
         "preamble": ["LUẬT"], "articles": [{"number": "1", "title": "Một", "path": [], "text": text}]}
        for number, title, issued, day, text in (
            ("9/2024/QH15", "Luật Mẫu mới", "2024-06-01", "2025-01-01",
             "Luật này thay thế Luật Mẫu cũ số 1/2019/QH14."),
            ("1/2019/QH14", "Luật Mẫu cũ", "2019-06-01", "2020-01-01", "Luật này quy định về mẫu."),
        )
    ]  # fmt: skip
    path = tmp_path / "laws.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    output = io.StringIO()
    call_command("import_documents", str(path), "--publish", stdout=output)
    assert "Hiệu lực: 1 văn bản hết hiệu lực, 0 văn bản được sửa; 0 câu cần người xem, 0 câu chờ" in output.getvalue()
    assert status_on(LegalDocument.objects.get(number="1/2019/QH14"), FIRST) == "expired"
    assert not Change.objects.filter(notify=True).exists()


def test_a_clause_that_was_amended_before_its_first_day_ends_on_the_new_day():
    """As Law 43/2024/QH15 did with Article 251 of the Law on Land, before that took effect."""
    old = an_old_law()
    act = a_new_act("Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025.", "Bãi bỏ Luật Mẫu cũ số 1/2019/QH14.")
    assert status_on(old, FIRST) == "expired"
    text = (
        "Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu mới số 9/2024/QH15\n"
        "1. Sửa đổi, bổ sung khoản 2 Điều 2 như sau:\n"
        "“2. Bãi bỏ Luật Mẫu cũ số 1/2019/QH14 từ ngày 01 tháng 6 năm 2025.”.\n"
    )
    later = a_document(
        "10/2024/QH15", title="Luật Mười", text=text, issued_on=DAY(2024, 7, 1), effective_on=DAY(2024, 12, 1)
    )
    settle()
    assert [status_on(old, day) for day in (FIRST, DAY(2025, 5, 31), DAY(2025, 6, 1))] == [
        "in_force", "in_force", "expired"
    ]  # fmt: skip
    editing.withdraw_document(later, reason="nhầm")
    settle()
    assert (status_on(old, FIRST), act.ending_cases.get().on) == ("expired", FIRST)


def test_two_acts_end_one_law_and_when_the_first_is_withdrawn_the_second_ends_it():
    old = an_old_law()
    first = a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.", number="10/2024/QH15", title="Luật Mười")
    assert [case.state for case in EndingCase.objects.order_by("pk")] == ["carried_out", "read"]
    editing.withdraw_document(first, reason="nhầm")
    settle()
    assert (status_on(old, FIRST), EndingCase.objects.get().state) == ("expired", "carried_out")


def test_reading_an_act_again_does_not_call_in_doubt_what_was_carried_out():
    law = an_old_law()
    act = an_amending_act("1. Sửa đổi, bổ sung khoản 9 Điều 2 như sau:", "“9. Một.”.", "2. Bãi bỏ Điều 1.")
    services.read_acts([act])
    case = EndingCase.objects.get(kind="amends")
    assert (case.eids, case.amendment) == (["art_2__clause_9"], law.amendments.get())


def two_amending_acts(law):
    """The later one came first; each changes the same clause, and the later one builds on the earlier."""
    later = an_amending_act(
        "1. Thay thế cụm từ “xem” bằng cụm từ “đọc” tại khoản 2 Điều 2.", number="3/2022/QH15", year=2022
    )
    earlier = an_amending_act("1. Sửa đổi, bổ sung khoản 2 Điều 2 như sau:", "“2. Thử là xem kỹ.”.")
    settle()
    return earlier, later


def test_an_older_act_that_comes_later_goes_before_what_was_carried_out_by_itself():
    law = an_old_law()
    two_amending_acts(law)
    days = (DAY(2021, 7, 1), DAY(2022, 7, 1))
    assert [text_on(law, "art_2__clause_2", day) for day in days] == [["2. Thử là xem kỹ.\n"], ["2. Thử là đọc kỹ.\n"]]
    assert TextDate(law, DAY(2022, 7, 1)).of_all == "that_day"


def test_withdrawing_an_act_takes_back_what_later_acts_built_on_it_by_themselves():
    law = an_old_law()
    earlier, later = two_amending_acts(law)
    editing.withdraw_document(earlier, reason="nhầm")
    settle()
    day = DAY(2022, 7, 1)
    assert text_on(law, "art_2__clause_2", day) == ["2. Thử là đọc có đúng không.\n"]  # read again, and carried out
    assert (law.amendments.get(withdrawn_at=None).act, EndingCase.objects.get(act=later).state) == (
        later,
        "carried_out",
    )
    assert TextDate(law, day).of_all == "that_day"


def test_withdrawing_an_act_is_refused_where_a_person_built_on_it():
    law = an_old_law()
    earlier, later = two_amending_acts(law)
    EndingCase.objects.filter(act=later).delete()  # as if a person had entered it
    with pytest.raises(RuleBroken, match="năm 2022"):
        editing.withdraw_document(earlier, reason="nhầm")


def test_what_is_carried_out_by_itself_is_told_once_at_the_midnight_of_its_day():
    old = an_old_law()
    tomorrow = today() + ONE
    a_new_act("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.", effective_on=tomorrow, notify=True)
    record_due_transitions(today())
    record_due_transitions(tomorrow)
    told = Change.objects.filter(subject=old.key, notify=True).values_list("event_type", flat=True)
    assert list(told) == ["document.status_changed"]


def test_an_act_of_a_province_ends_nothing_of_another_and_puts_nothing_of_it_in_question():
    others = [a_local_document(province=key) for key in ("48-da-nang", "17-hoa-binh", "26-vinh-phuc")]
    former = a_local_document(province="25-phu-tho")
    a_local_document(province="25-phu-tho", commune_code="07900", commune_name="Xã Mẫu")
    text = "QUYẾT ĐỊNH\nVề mẫu\nĐiều 1. Bãi bỏ\nBãi bỏ Quyết định số 15/2024/QĐ-UBND ngày 01 tháng 5 năm 2024.\n"
    later = {"issued_on": DAY(2025, 8, 1), "effective_on": DAY(2025, 8, 15), "text": text}
    a_local_document("20/2025/QĐ-UBND", province="25-phu-tho-2025", **later)
    settle()
    (case,) = EndingCase.objects.all()
    assert (case.state, case.target) == ("open", former)  # that of its name, and a person decides
    assert not EffectDoubt.objects.filter(document__in=others).exists()
    assert status_on(former, DAY(2025, 9, 1)) != "expired"
    assert {status_on(each, DAY(2025, 9, 1)) for each in others} == {"in_force"}
