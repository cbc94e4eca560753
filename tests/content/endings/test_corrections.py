"""What acts end stays right whatever comes later: corrections, other documents, other acts, two people at once."""

import datetime
from dataclasses import replace

import pytest

from content.amendments import queries as amendment_queries
from content.amendments import services as amendments
from content.changes.models import Change
from content.documents import provision_queries
from content.documents.effect import effect_of, provision_effect_of
from content.documents.facets import facets_on
from content.documents.models import EffectDoubt, LegalDocument, OutdatedSpans, ProvisionVersion
from content.documents.text_dates import TextDate
from content.editing import services as editing
from content.effect_reviews import services as reviews
from content.endings import case_services, services
from content.endings.consumer import settle_changes
from content.endings.models import EndingCase, MachineSwitch
from content.errors import RuleBroken
from content.people.models import Role
from content.publishing import services as publishing
from content.transitions.services import record_due_transitions
from content.vietnam_time import today
from tests.builders import a_document, a_member_of_staff, a_record

pytestmark = pytest.mark.django_db

DAY = datetime.date
FIRST = DAY(2025, 1, 1)
ENDS = "Luật này thay thế Luật Mẫu cũ số 1/2019/QH14."
EXCEPT = "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ Điều 2."
DECREE = {"doc_type": "decree", "title": "Nghị định", "issuer": "Chính phủ"}


def settle():
    while settle_changes():
        pass


def an_old_law(number="1/2019/QH14", **columns):
    return a_document(number, **({"title": "Luật Mẫu cũ"} | columns))


def an_act(*clauses, number="9/2024/QH15", **columns):
    """A law in force from 2025 whose second article says these clauses."""
    lines = "\n".join(f"{place}. {clause}" for place, clause in enumerate(clauses, 1))
    text = f"LUẬT\nMẪU\nĐiều 1. Phạm vi\nLuật này quy định về mẫu.\nĐiều 2. Hiệu lực thi hành\n{lines}\n"
    given = {"title": "Luật Mẫu mới", "text": text, "issued_on": DAY(2024, 6, 1), "effective_on": FIRST}
    act = a_document(number, **(given | columns))
    settle()
    return act


def a_decree(month):
    return a_document("5/2019/NĐ-CP", issued_on=DAY(2019, month, 1), **DECREE)


def correct(document, **columns):
    """Correct our copy of a document; what is not given stays."""
    texts = ProvisionVersion.objects.filter(provision__document=document, valid_from=None)
    stored = "".join(texts.order_by("provision__position").values_list("text", flat=True))
    first = document.status_events.filter(kind="takes_effect", scope="whole").first()
    given = {
        "title": document.title,
        "text": stored,
        "issued_on": document.issued_on,
        "effective_on": first and first.on,
        "doc_type": document.doc_type,
    }
    record = a_record(columns.pop("number", document.number), **(given | columns))
    publishing.correct_document(document, record, topics=[], reason="sai bản chép")
    document.refresh_from_db()
    settle()


def replace_in_text(document, old, new, **columns):
    texts = ProvisionVersion.objects.filter(provision__document=document, valid_from=None)
    stored = "".join(texts.order_by("provision__position").values_list("text", flat=True))
    assert old in stored
    correct(document, text=stored.replace(old, new), **columns)


def status_on(document, day=FIRST):
    document = LegalDocument.objects.get(pk=document.pk)
    shown = str(effect_of(document, day).status)
    assert not OutdatedSpans.objects.exists()
    assert shown == facets_on(day, [document.pk])[document.pk].status
    return shown


def doubts():
    return [(case.state, case.doubts) for case in EndingCase.objects.filter(kind="ends").order_by("pk")]


# -- the document that ends is corrected, or another comes --------------------------------------


def test_an_end_that_a_source_gave_wrongly_is_carried_out_when_the_source_is_corrected():
    old = an_old_law(expires_on=FIRST)
    an_act(ENDS)
    correct(old)  # it gives no end any more
    assert (status_on(old), doubts()) == ("expired", [("carried_out", [])])


def test_a_document_that_proves_to_be_issued_after_the_act_is_no_longer_ended():
    old = an_old_law()
    an_act(ENDS)
    correct(old, issued_on=DAY(2024, 8, 1), effective_on=DAY(2024, 8, 1))
    assert (status_on(old), doubts()) == ("unknown", [("open", ["not_before"])])


def test_a_document_whose_name_is_corrected_to_that_of_the_clause_ends():
    old = an_old_law(title="Luật Sai")
    an_act(ENDS)
    assert status_on(old) == "unknown"
    correct(old, title="Luật Mẫu cũ")
    assert status_on(old) == "expired"


def test_a_second_document_of_the_number_makes_both_doubtful_also_when_it_comes_later():
    first = a_decree(3)
    an_act("Nghị định này thay thế Nghị định số 5/2019/NĐ-CP.", number="7/2024/NĐ-CP", **DECREE)
    assert status_on(first) == "expired"
    second = a_decree(4)
    settle()
    assert ([status_on(each) for each in (first, second)], doubts()) == (
        ["unknown", "unknown"],
        [("contested", ["several"])],
    )


def test_the_document_that_is_meant_ends_when_it_comes_after_one_that_nearly_fits():
    near = a_document("5/2019/NĐ-CP", **(DECREE | {"doc_type": "decision", "title": "Quyết định"}))
    words = "Nghị định này thay thế Nghị định số 5/2019/NĐ-CP ngày 01 tháng 3 năm 2019."
    an_act(words, number="7/2024/NĐ-CP", **DECREE)
    meant = a_decree(3)
    settle()
    assert [status_on(each) for each in (near, meant)] == ["in_force", "expired"]


def test_a_new_copy_of_a_withdrawn_document_ends_too():
    first = a_decree(3)
    an_act("Nghị định này thay thế Nghị định số 5/2019/NĐ-CP.", number="7/2024/NĐ-CP", **DECREE)
    editing.withdraw_document(first, reason="sai ngày")
    settle()
    again = a_decree(4)
    settle()
    assert status_on(again) == "expired"


def test_five_decrees_of_one_number_are_all_doubtful():
    decrees = [a_decree(month) for month in range(1, 6)]
    an_act("Nghị định này thay thế Nghị định số 5/2019/NĐ-CP.", number="7/2024/NĐ-CP", **DECREE)
    assert {status_on(each) for each in decrees} == {"unknown"}


def test_the_text_of_a_document_that_an_act_ended_can_be_corrected():
    old = an_old_law()
    an_act(ENDS)
    replace_in_text(old, "Thử là xem có đúng không.", "Thử là xem kỹ.")
    assert (status_on(old), doubts()) == ("expired", [("carried_out", [])])


def test_an_end_that_no_longer_fits_a_corrected_number_is_taken_back():
    old = an_old_law()
    an_act(ENDS)
    correct(old, number="11/2019/QH14", title="Luật Khác hẳn")
    assert (status_on(old), doubts()) == ("in_force", [("waiting", [])])


# -- the act is corrected -------------------------------------------------------------------------


def test_an_exception_that_a_correction_adds_takes_the_end_back():
    old = an_old_law()
    act = an_act("Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực.")
    replace_in_text(act, "Luật này có hiệu lực.", "Luật này có hiệu lực, trừ Điều 2.")
    assert (status_on(old), doubts()) == ("unknown", [("open", ["exception"])])


def test_a_corrected_date_of_the_act_takes_the_end_back():
    old = an_old_law()
    correct(an_act(ENDS), issued_on=DAY(2018, 1, 1))
    assert (status_on(old), doubts()) == ("unknown", [("open", ["not_before"])])


def test_what_a_person_rejected_is_asked_again_when_the_words_are_others_and_never_carried_out_by_itself():
    old = an_old_law()
    act = an_act(EXCEPT)
    case_services.reject(EndingCase.objects.get(), by=a_member_of_staff("lan", Role.PUBLISHER), reason="một phần")
    replace_in_text(act, ", trừ Điều 2", "")
    assert (status_on(old), doubts()) == ("unknown", [("open", ["rejected"])])
    replace_in_text(act, "hết hiệu lực", "còn hiệu lực")
    assert (status_on(old), EndingCase.objects.get().state) == ("in_force", "rejected")


def test_a_case_is_not_confirmed_on_words_that_were_corrected_meanwhile():
    old = an_old_law()
    act = an_act(EXCEPT)
    shown = EndingCase.objects.get()
    text = EXCEPT.replace("Điều 2", "Điều 1, Điều 2 và Điều 3")
    text = f"Điều 1. Phạm vi\nLuật này quy định về mẫu.\nĐiều 2. Hiệu lực\n1. {text}\n"
    record = a_record(act.number, title=act.title, text=text, issued_on=act.issued_on, effective_on=FIRST)
    publishing.correct_document(act, record, topics=[], reason="sai")
    result = reviews.accept_together([shown], by=a_member_of_staff("lan", Role.PUBLISHER))
    assert (len(result.done), status_on(old)) == (0, "unknown")


# -- the act does not come to its day -------------------------------------------------------------


@pytest.mark.parametrize("verb", ["Bãi bỏ", "Ngưng hiệu lực thi hành"])
def test_an_act_that_is_ended_or_suspended_before_its_first_day_ends_nothing_for_certain(verb):
    old = an_old_law()
    an_act(ENDS)
    stop = f"{verb} Luật Mẫu mới số 9/2024/QH15."
    days = {"issued_on": DAY(2024, 10, 1), "effective_on": DAY(2024, 12, 1)}
    third = an_act(stop, number="12/2024/QH15", title="Luật Ba", **days)
    assert status_on(old) == "unknown"
    editing.withdraw_document(third, reason="nhầm")
    settle()
    assert status_on(old) == "expired"


@pytest.mark.parametrize(
    "change", ["1. Bãi bỏ khoản 1 Điều 2.", "1. Sửa đổi, bổ sung khoản 1 Điều 2 như sau:\n“1. Không bãi bỏ.”."]
)
def test_a_clause_that_is_changed_after_the_first_day_and_before_its_own_is_a_doubt(change):
    old = an_old_law()
    an_act("Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày 01 tháng 01 năm 2027.")
    text = f"Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu mới số 9/2024/QH15\n{change}\n"
    days = {"issued_on": DAY(2026, 2, 1), "effective_on": DAY(2026, 7, 1)}
    an_act(text=text, number="10/2026/QH15", title="Luật Mười", **days)
    assert [status_on(old, DAY(year, 1, 1)) for year in (2026, 2027)] == ["in_force", "unknown"]


def test_an_article_with_a_later_first_day_ends_nothing_before_it():
    old = an_old_law()
    text = (
        "Điều 1. Phạm vi\nMột.\nĐiều 2. Bãi bỏ\nBãi bỏ Luật Mẫu cũ số 1/2019/QH14.\nĐiều 3. Hiệu lực thi hành\n"
        "1. Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2025, trừ trường hợp quy định tại khoản 2 Điều này.\n"
        "2. Điều 2 của Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2025.\n"
    )
    an_act(text=text)
    assert (status_on(old), doubts()) == ("unknown", [("open", ["not_in_force"])])


@pytest.mark.parametrize(
    "day", ["01 tháng 01 năm 2015", "01 tháng 01 năm 2021", "14 tháng 6 năm 2019", "01 tháng 01 năm 2020"]
)
def test_a_day_before_the_act_was_issued_is_a_doubt(day):
    old = an_old_law()
    an_act(f"Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày {day}.")
    assert (status_on(old), "past_day" in doubts()[0][1]) == ("unknown", True)


# -- several statements about one document ------------------------------------------------------------


@pytest.mark.parametrize(
    "clauses",
    [
        (ENDS, EXCEPT),
        (ENDS, "Luật Mẫu cũ năm 2019 hết hiệu lực kể từ ngày 01 tháng 7 năm 2025."),
        (ENDS, "Điều 2 của Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực từ ngày 01 tháng 01 năm 2027."),
    ],
)
def test_an_act_that_limits_an_end_elsewhere_ends_nothing_for_certain(clauses):
    old = an_old_law()
    an_act(*clauses)
    assert status_on(old) == "unknown"


def test_a_decided_case_leaves_the_doubt_of_another_in_the_same_clause():
    old = an_old_law()
    an_act(f"{EXCEPT} Luật Mẫu cũ năm 2019 hết hiệu lực nếu Chính phủ quyết định.")
    first, second = EndingCase.objects.order_by("pk")
    lan = a_member_of_staff("lan", Role.PUBLISHER)
    case_services.reject(first, by=lan, reason="không")
    assert status_on(old) == "unknown"
    case_services.reject(second, by=lan, reason="không")
    assert (status_on(old), EffectDoubt.objects.count()) == ("in_force", 0)


def test_a_batch_is_undone_only_where_nobody_decided_since():
    old = an_old_law()
    an_act(EXCEPT)
    lan, minh = (a_member_of_staff(name, Role.PUBLISHER) for name in ("lan", "minh"))
    batch = reviews.accept_together([EndingCase.objects.get()], by=lan).batch
    case_services.reject(EndingCase.objects.get(), by=minh, reason="một phần")
    result = reviews.take_back(batch, by=lan)
    assert (len(result.done), len(result.refused), status_on(old)) == (0, 1, "in_force")


def test_a_doubt_is_recorded_when_it_is_read_and_again_on_its_day():
    old = an_old_law()
    tomorrow = today() + datetime.timedelta(days=1)
    an_act(EXCEPT, effective_on=tomorrow)
    told = Change.objects.filter(subject=old.key, event_type="document.effect_doubted")
    assert told.count() == 1
    for _ in range(2):
        record_due_transitions(tomorrow)
    assert list(told.values_list("notify", flat=True)) == [False, False]


def test_a_law_that_may_have_come_back_is_unknown_and_not_expired():
    old = an_old_law()
    an_act(ENDS)
    words = "Luật Mẫu cũ số 1/2019/QH14 có hiệu lực trở lại kể từ ngày Luật này có hiệu lực."
    days = {"issued_on": DAY(2025, 3, 1), "effective_on": DAY(2025, 6, 1)}
    an_act(words, number="12/2025/QH15", title="Luật Ba", **days)
    assert [status_on(old, day) for day in (FIRST, DAY(2025, 6, 1))] == ["expired", "unknown"]
    with pytest.raises(RuleBroken):  # nothing of it would be shown: the end would go on
        case_services.accept(EndingCase.objects.get(kind="resumes"), by=a_member_of_staff("lan", Role.PUBLISHER))


# -- what a person or a source said beside the act ---------------------------------------------------


def test_an_end_that_a_person_entered_too_stays_when_the_act_is_withdrawn():
    old = an_old_law()
    act = an_act(ENDS)
    publishing.enter_status_event(old, "expires", on=FIRST, cause="Quốc hội")
    editing.withdraw_document(act, reason="nhầm")
    settle()
    assert status_on(old) == "expired"


def test_an_end_that_a_source_gives_too_stays_when_the_act_is_withdrawn():
    old = an_old_law()
    act = an_act(ENDS)
    publishing.import_document(a_record(old.number, title=old.title, expires_on=FIRST), correct=True)
    settle()
    editing.withdraw_document(act, reason="nhầm")
    settle()
    assert status_on(old) == "expired"


# -- amendments ------------------------------------------------------------------------------------

SUMMER = DAY(2021, 7, 1)


def an_amending_act(*orders):
    text = "\n".join(["Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ số 1/2019/QH14", *orders, ""])
    days = {"issued_on": DAY(2021, 1, 1), "effective_on": SUMMER}
    return an_act(text=text, number="2/2021/QH15", title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ", **days)


def shown(law, eid, day=SUMMER):
    versions = law.provisions.get(eid=eid).versions.all()
    there = any(
        (each.valid_from or DAY.min) <= day and (each.valid_until is None or day < each.valid_until)
        for each in versions
    )
    return there, str(provision_effect_of(law, eid, day).status), str(TextDate(law, day).of_unit(eid))


STANDS, GONE = (True, "in_force", "that_day"), (False, "expired", "that_day")


def test_an_order_that_a_correction_removes_is_taken_back():
    law = an_old_law()
    act = an_amending_act("1. Bãi bỏ Điều 1.", "2. Bãi bỏ khoản 2 Điều 2.")
    assert shown(law, "art_1") == GONE
    replace_in_text(act, "1. Bãi bỏ Điều 1.", "1. Không có gì.")
    law = LegalDocument.objects.get(pk=law.pk)
    assert [shown(law, eid) for eid in ("art_1", "art_2__clause_2")] == [STANDS, GONE]


def test_an_order_that_a_correction_adds_is_carried_out():
    law = an_old_law()
    act = an_amending_act("1. Bãi bỏ Điều 1.")
    replace_in_text(act, "1. Bãi bỏ Điều 1.\n", "1. Bãi bỏ Điều 1.\n2. Bãi bỏ khoản 2 Điều 2.\n")
    law = LegalDocument.objects.get(pk=law.pk)
    assert [shown(law, eid) for eid in ("art_1", "art_2__clause_2")] == [GONE, GONE]


def test_amendments_move_with_a_corrected_first_day():
    law = an_old_law()
    act = an_amending_act("1. Bãi bỏ Điều 1.")
    correct(act, effective_on=DAY(2022, 7, 1))
    law = LegalDocument.objects.get(pk=law.pk)
    assert [shown(law, "art_1", day) for day in (SUMMER, DAY(2022, 7, 1))] == [STANDS, GONE]


def test_an_amendment_that_a_person_withdrew_is_not_made_again_by_a_correction():
    law = an_old_law()
    act = an_amending_act("1. Bãi bỏ Điều 1.")
    amendments.withdraw_amendment(law.amendments.get(), reason="nhầm")
    settle()
    correct(act, title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ 2021")
    law = LegalDocument.objects.get(pk=law.pk)
    assert shown(law, "art_1")[0]


def test_an_act_that_cannot_be_read_does_not_hold_back_the_next():
    old = an_old_law()
    an_act("Luật này có hiệu lực từ ngày 01/01/2025 đến hết ngày 31/12/9999.", number="8/2024/QH15", title="Luật Tám")
    an_act(ENDS)
    assert status_on(old) == "expired"


# -- what one clause says beside what another says, and what people decided ------------------------


def test_a_part_that_ends_beside_the_acts_own_first_day_is_no_secret():
    old = an_old_law("11/2012/QH13", title="Luật Giá")
    text = (
        "LUẬT\nMẪU\nĐiều 1. Phạm vi\nMột.\nĐiều 2. Hiệu lực thi hành\n"
        "Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025.\n"
        "Điều 2 Luật Giá số 11/2012/QH13 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.\n"
    )
    an_act(text=text)
    assert [(case.scope, case.eids) for case in EndingCase.objects.filter(kind="ends")] == [("part", ["art_2"])]
    assert provision_effect_of(LegalDocument.objects.get(pk=old.pk), "art_2", FIRST).status == "unknown"


def test_an_end_that_a_person_rejects_is_not_carried_out_from_the_next_clause():
    old, lan = an_old_law(), a_member_of_staff("lan", Role.PUBLISHER)
    an_act(ENDS, "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.")
    assert status_on(old) == "expired"
    case_services.reject(EndingCase.objects.get(state="carried_out"), by=lan, reason="chỉ nhắc tên")
    MachineSwitch.objects.update(is_on=True)  # one wrong of one switched it off
    settle()
    assert status_on(old) == "unknown"  # the other clause is a person's to decide
    case_services.reject(EndingCase.objects.get(state="open"), by=lan, reason="cũng vậy")
    settle()
    assert status_on(old) == "in_force"


def test_what_somebody_rejected_is_not_found_right_from_an_older_page():
    lan, hoa = a_member_of_staff("lan", Role.PUBLISHER), a_member_of_staff("hoa", Role.PUBLISHER)
    an_old_law()
    an_act(ENDS)
    case_services.reject(EndingCase.objects.get(), by=lan, reason="chỉ nhắc tên")
    case_services.confirm_sample(EndingCase.objects.get(), by=hoa)
    assert EndingCase.objects.get().found_right is False


def test_of_two_documents_of_one_number_the_other_is_meant_when_one_is_withdrawn():
    one, other = a_decree(1), a_decree(2)
    an_act("Nghị định số 5/2019/NĐ-CP hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.")
    assert {status_on(one), status_on(other)} == {"unknown"}
    editing.withdraw_document(other, reason="nhập hai lần")
    settle()
    assert [(case.state, case.target) for case in EndingCase.objects.all()] == [("open", one)]  # no longer one of two
    assert doubts() == [("open", ["rank"])]


def test_an_act_that_ended_by_its_own_term_is_read_again_and_nothing_moves():
    act = an_act("Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025 đến hết ngày 31 tháng 12 năm 2025.")
    after = DAY(2026, 1, 1)
    assert status_on(act, after) == "expired"
    before = Change.objects.count()
    services.read_act(LegalDocument.objects.get(pk=act.pk))
    settle()
    assert (status_on(act, after), Change.objects.count()) == ("expired", before)


def test_a_suspension_does_not_begin_after_its_last_day():
    old, lan = an_old_law(), a_member_of_staff("lan", Role.PUBLISHER)
    an_act("Ngưng hiệu lực Luật Mẫu cũ số 1/2019/QH14 từ ngày 01/7/2025 đến hết ngày 31/12/2025.")
    with pytest.raises(RuleBroken, match="ngày cuối cùng"):
        case_services.accept(EndingCase.objects.get(kind="suspends"), by=lan, on=DAY(2026, 2, 1))
    assert status_on(old, DAY(2026, 3, 1)) == "unknown"


# -- amendments that people applied or withdrew ----------------------------------------------------

AMENDS = "Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ số 1/2019/QH14\n{orders}\n"
CERTAIN, DOUBTFUL = "1. Bãi bỏ khoản 2 Điều 2.", "2. Bãi bỏ khoản 9 Điều 2."  # there is no khoản 9


def a_law_that_amends(*orders, number="2/2021/QH15", year=2021):
    act = a_document(
        number,
        title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ",
        text=AMENDS.format(orders="\n".join(orders)),
        issued_on=DAY(year, 1, 1),
        effective_on=DAY(year, 7, 1),
    )
    settle()
    return act


def has_text(law, eid, day):
    return any(unit.eid == eid for unit in provision_queries.unit_texts_on(law, day))


def test_an_amendment_that_a_person_withdraws_is_not_made_again_though_orders_are_left():
    law, lan = an_old_law(), a_member_of_staff("lan", Role.PUBLISHER)
    act = a_law_that_amends(CERTAIN, DOUBTFUL)
    assert not has_text(law, "art_2__clause_2", DAY(2021, 7, 1))
    amendments.withdraw_amendment(act.amendments_made.get(), by=lan, reason="nhầm")
    settle()
    assert has_text(law, "art_2__clause_2", DAY(2021, 7, 1))


@pytest.mark.parametrize("place", [0, 1])
def test_of_amendments_of_one_act_upon_two_days_the_one_that_a_person_withdraws_is_not_made_again(place):
    lan, days = a_member_of_staff("lan", Role.PUBLISHER), [DAY(2026, 1, 1), DAY(2027, 1, 1)]
    text = (
        "Điều 1. Phạm vi\nMột.\nĐiều 2. Mẫu\nHai.\nĐiều 3. Hiệu lực thi hành\n"
        "1. Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2025, trừ quy định tại khoản 2 và khoản 3 Điều này.\n"
        "2. Điều 1 của Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2026.\n"
        "3. Điều 2 của Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2027.\n"
    )
    act = an_act(text=text)
    first_and_second = list(act.amendments_made.order_by("on"))
    assert [each.on for each in first_and_second] == days
    amendments.withdraw_amendment(first_and_second[place], by=lan, reason="nhầm")
    settle()
    MachineSwitch.objects.update(is_on=True)  # one wrong of one switched it off
    correct(act, title="Luật Mẫu mới 2024")
    services.read_acts([act])
    standing = act.amendments_made.filter(withdrawn_at=None).values_list("on", flat=True)
    assert list(standing) == [days[1 - place]]
    assert EndingCase.objects.get(kind="amends").found_right is False


def test_rejecting_the_orders_that_are_left_keeps_those_that_were_carried_out():
    law, lan = an_old_law(), a_member_of_staff("lan", Role.PUBLISHER)
    a_law_that_amends(CERTAIN, DOUBTFUL)
    assert provision_effect_of(LegalDocument.objects.get(pk=law.pk), "art_2__clause_9", DAY(2021, 7, 1)) is not None
    case_services.reject(EndingCase.objects.get(kind="amends"), by=lan, reason="không có khoản 9")
    settle()
    assert not has_text(law, "art_2__clause_2", DAY(2021, 7, 1))
    assert EffectDoubt.objects.count() == 0


def test_what_a_person_applied_is_not_taken_back_for_an_older_act():
    law, lan = an_old_law(), a_member_of_staff("lan", Role.PUBLISHER)
    later = a_law_that_amends(DOUBTFUL, number="3/2022/QH15", year=2022)
    orders = amendment_queries.recognised_instructions(later)
    by_hand = replace(orders[0], eid="art_2__clause_2")
    amendments.apply_amendments(later, [by_hand], by=lan)
    a_law_that_amends("1. Sửa đổi, bổ sung khoản 2 Điều 2 như sau:", "“2. Thử là xem kỹ.”.")
    assert later.amendments_made.get().withdrawn_at is None
    assert not has_text(law, "art_2__clause_2", DAY(2022, 7, 1))
    assert EndingCase.objects.get(act__number="2/2021/QH15").state == "open"  # a person must look


@pytest.mark.parametrize("first", ["suspends", "amends"])
def test_a_relation_is_proposed_again_when_the_amendment_that_says_so_is_withdrawn_though_another_stands(first):
    law = an_old_law()
    act = a_law_that_amends(CERTAIN)
    day = DAY(2023, 1, 1)
    suspension = amendments.suspend_document(act, law, on=day, until=None, source="art_1")
    withdrawn = {"suspends": suspension, "amends": act.amendments_made.exclude(pk=suspension.pk).get()}[first]
    amendments.withdraw_amendment(withdrawn, reason="nhầm")
    found = act.relations.filter(target=law, kind__in=["suspends", "amends"])
    assert {each.kind: each.status for each in found} == {"suspends": "confirmed", "amends": "confirmed"} | {
        first: "proposed"
    }


# -- pages of the staff site name cases by their row -------------------------------------------------


def test_an_open_case_keeps_its_row_when_its_act_is_read_again_and_what_the_act_says_no_more_is_deleted():
    an_old_law(), an_old_law("2/2019/QH14", title="Luật Khác")
    other = EXCEPT.replace("Mẫu cũ số 1", "Khác số 2")
    act = an_act(EXCEPT, other)
    a_law_that_amends(DOUBTFUL)
    shown = list(EndingCase.objects.order_by("pk").values_list("pk", "kind", "state", "found_at"))
    assert [(kind, state) for _pk, kind, state, _at in shown] == [("ends", "open")] * 2 + [("amends", "open")]
    services.read_acts(LegalDocument.objects.filter(number__in=["9/2024/QH15", "2/2021/QH15"]))
    assert list(EndingCase.objects.order_by("pk").values_list("pk", "kind", "state", "found_at")) == shown
    replace_in_text(act, other, "Không có gì.")
    assert list(EndingCase.objects.order_by("pk").values_list("pk", flat=True)) == [shown[0][0], shown[2][0]]


def test_a_case_keeps_its_row_when_what_was_in_doubt_is_carried_out():
    old = an_old_law(title="Luật Sai")
    an_act(ENDS)
    shown = EndingCase.objects.get()
    correct(old, title="Luật Mẫu cũ")
    case = EndingCase.objects.get()
    assert (case.pk, shown.state, case.state) == (shown.pk, "open", "carried_out")


# -- how often an act is read ------------------------------------------------------------------------


def reading_of(act):
    return act.read_for_endings.__class__.objects.get(act=act).read_at


def test_an_act_is_not_read_again_for_the_doubts_that_it_raised_itself():
    for place in range(1, 4):
        an_old_law(f"{place}/2019/QH14", title=f"Luật số {place}")
    settle()
    clauses = [EXCEPT.replace("Mẫu cũ số 1", f"số {place} số {place}") for place in range(1, 4)]
    lines = "\n".join(f"{place}. {clause}" for place, clause in enumerate(clauses, 1))
    act = a_document("9/2024/QH15", text=f"Điều 2. Hiệu lực\n{lines}\n", issued_on=DAY(2024, 6, 1), effective_on=FIRST)
    services.read_acts([act])
    doubted = Change.objects.filter(event_type="document.effect_doubted")
    assert doubted.count() == 3
    read_at = reading_of(act)
    settle()
    assert reading_of(act) == read_at
    case_services.reject(EndingCase.objects.first(), by=a_member_of_staff("lan", Role.PUBLISHER), reason="không")
    settle()
    assert reading_of(act) == read_at


# -- what caches and synchronising clients see -----------------------------------------------------


def touched_by(change, document):
    """Whether the change moves `updated_at` of the document."""
    before = LegalDocument.objects.get(pk=document.pk).updated_at
    change()
    return LegalDocument.objects.get(pk=document.pk).updated_at > before


def test_a_doubt_of_the_text_that_comes_or_goes_touches_the_document_and_one_that_stays_does_not():
    law, lan = an_old_law(), a_member_of_staff("lan", Role.PUBLISHER)
    acts = []
    assert touched_by(lambda: acts.append(a_law_that_amends(DOUBTFUL)), law)
    amends = EffectDoubt.objects.filter(kind="amends")
    since = amends.get().since
    assert not touched_by(lambda: services.read_acts(acts), law)
    assert amends.get().since == since
    EffectDoubt.objects.filter(kind="ends").delete()  # only its text is in doubt
    assert touched_by(lambda: case_services.reject(EndingCase.objects.get(), by=lan, reason="không có"), law)


def test_a_doubt_of_the_text_that_a_correction_of_the_act_removes_touches_the_document():
    law = an_old_law()
    act = a_law_that_amends("1. Sửa đổi, bổ sung khoản 9 Điều 2 như sau:", "“9. Một.”.")
    assert EffectDoubt.objects.get().kind == "amends"
    text = "Điều 1. Phạm vi\nLuật này quy định về mẫu.\n"
    assert touched_by(lambda: correct(act, text=text, title="Luật Khác hẳn"), law)
    assert EffectDoubt.objects.count() == 0
