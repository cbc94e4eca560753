"""What of an act begins on another day than the act: that day, or «unknown» until somebody checked; never in force."""

import datetime
import importlib

import pytest
from django.db import connection

from content.documents.effect import effect_of, provision_effect_of
from content.documents.models import EffectDoubt, LegalDocument
from content.endings import case_services
from content.endings.consumer import settle_changes
from content.endings.models import EndingCase, MachineSwitch
from content.endings.queries import AUTOMATIC_ENDINGS
from content.publishing import services as documents
from tests.builders import a_document, a_record, staff

pytestmark = pytest.mark.django_db

DAY = datetime.date
FIRST, OWN = DAY(2026, 1, 15), DAY(2027, 1, 1)
BODY = "".join(
    f"Điều {number}. Quy định về việc thứ {number}\n1. Tổ chức, cá nhân thực hiện.\n2. Cơ quan nhà nước kiểm tra.\n"
    for number in range(1, 8)
)
FIRST_DAY = "Nghị định này có hiệu lực thi hành từ ngày 15 tháng 01 năm 2026"


def a_decree(said, **columns):
    text = f"{BODY}Điều 8. Hiệu lực thi hành\n{said}\n"
    given = {"title": "Nghị định mẫu", "text": text, "issued_on": DAY(2026, 1, 5), "effective_on": FIRST}
    decree = a_document("930/2026/NĐ-CP", **(given | columns))
    while settle_changes():
        pass
    return LegalDocument.objects.get(pk=decree.pk)


def status(document, eid, day):
    return provision_effect_of(document, eid, day).status


@pytest.mark.parametrize(
    "said",
    [
        f"{FIRST_DAY}, trừ Điều 5 có hiệu lực thi hành từ ngày 01 tháng 01 năm 2027.",
        f"{FIRST_DAY}, trừ quy định tại Điều 5 của Nghị định này thì có hiệu lực thi hành kể từ ngày 01 tháng 01 năm"
        " 2027.",
        f"{FIRST_DAY} (trừ Điều 5 có hiệu lực từ ngày 01/01/2027).",
        f"{FIRST_DAY}, riêng Điều 5 có hiệu lực từ ngày 01/01/2027.",
        "Trừ Điều 5 có hiệu lực từ ngày 01/01/2027, Nghị định này có hiệu lực thi hành từ ngày 15/01/2026.",
        f"1. {FIRST_DAY}.\n2. Từ ngày 01 tháng 01 năm 2027, Điều 5 có hiệu lực thi hành.",
        f"1. {FIRST_DAY}.\n2. Các quy định tại Điều 5, Điều 6 của Nghị định này được áp dụng từ ngày 01/01/2027.",
        f"1. {FIRST_DAY}.\n2. Điều 5 được thực hiện từ ngày 01 tháng 01 năm 2027.",
        f"1. {FIRST_DAY}.\n2. Các quy định sau đây có hiệu lực thi hành như sau:\n"
        "a) Từ ngày 01/7/2026 đối với Điều 7;\nb) Từ ngày 01/01/2027 đối với quy định tại Điều 5 của Nghị định này.",
        f"1. {FIRST_DAY}.\nĐiều 9. Điều khoản chuyển tiếp\n"
        "Quy định tại Điều 5 của Nghị định này có hiệu lực thi hành kể từ ngày 01/01/2027.",
        f"1. {FIRST_DAY}.\n2. Điều 5, Điều 6 của Nghị định mẫu có hiệu lực kể từ ngày 01 tháng 01 năm 2027.",
        f"1. {FIRST_DAY}.\n2. Điều 5 của Nghị định mẫu số 930/2026/NĐ-CP có hiệu lực kể từ ngày 01/01/2027.",
        f"{FIRST_DAY}; các khoản 1, 2 Điều 5 có hiệu lực thi hành từ ngày 01 tháng 01 năm 2027.",
        f"{FIRST_DAY}; nội dung quy định tại Điều 5 có hiệu lực từ ngày 01/01/2027.",
        f"{FIRST_DAY}; những quy định tại Điều 5 có hiệu lực từ ngày 01/01/2027.",
        f"1. {FIRST_DAY}.\n2. Các quy định sau đây có hiệu lực từ ngày 01/01/2027:\na) Khoản 1 Điều 5;\nb) Điều 7.",
        f"1. {FIRST_DAY}.\n2. Các điều, khoản sau có hiệu lực từ ngày 01/01/2027:\na) Khoản 1 Điều 5;\nb) Điều 7;",
        f"{FIRST_DAY}, trừ các nội dung sau đây có hiệu lực từ ngày 01/01/2027:\n- Khoản 1 Điều 5;\n- Điều 7.",
        f"{FIRST_DAY}, trừ các quy định sau đây:\na) Khoản 1 Điều 5: có hiệu lực từ ngày 01/01/2027;\n"
        "b) Điều 7: có hiệu lực từ ngày 01 tháng 7 năm 2027.",
        f"{FIRST_DAY}, riêng: khoản 1 Điều 5, Điều 7 có hiệu lực kể từ ngày 01/01/2027.",
        f"{FIRST_DAY}, còn Điều 5 có hiệu lực từ ngày 01/01/2027.",
        f"{FIRST_DAY}, riêng đối với Điều 5 có hiệu lực từ ngày 01/01/2027.",
    ],
)
def test_a_unit_that_the_article_of_effect_excepts_begins_on_its_own_day(said):
    decree = a_decree(said)
    before = OWN - datetime.timedelta(1)
    assert [status(decree, "art_5__clause_1", day) for day in (FIRST, before, OWN)] == [
        "not_yet_effective",
        "not_yet_effective",
        "in_force",
    ]
    assert status(decree, "art_4", FIRST) == "in_force"
    assert not EndingCase.objects.exclude(state="carried_out").exists()


CHAPTERS = BODY.replace("Điều 3.", "Chương II\nVIỆC KHÁC\nMục 1. Việc đầu\nĐiều 3.").replace(
    "Điều 5.", "Mục 2. Việc sau\nĐiều 5."
)


@pytest.mark.parametrize(
    ("unit", "inside", "outside"),
    [
        ("Chương II", ["chp_2", "chp_2__sec_2", "art_3__clause_1", "art_6"], ["art_2"]),
        ("Mục 2 Chương II", ["chp_2__sec_2", "art_5__clause_2", "art_7"], ["art_2", "art_4"]),
    ],
)
def test_the_articles_of_a_chapter_that_begins_later_begin_with_it(unit, inside, outside):
    said = f"Điều 9. Hiệu lực\n1. {FIRST_DAY}.\n2. {unit} của Nghị định này có hiệu lực từ ngày 01/01/2027.\n"
    decree = a_decree("Việc cuối.", text=f"Chương I\nVIỆC MỘT\n{CHAPTERS}Chương III\nCUỐI\n{said}")
    assert {eid: status(decree, eid, FIRST) for eid in inside} == dict.fromkeys(inside, "not_yet_effective")
    assert {eid: status(decree, eid, OWN) for eid in inside} == dict.fromkeys(inside, "in_force")
    assert {eid: status(decree, eid, FIRST) for eid in outside} == dict.fromkeys(outside, "in_force")


def test_an_article_with_a_first_day_of_its_own_begins_then_whatever_its_chapter_does():
    said = (
        f"Điều 9. Hiệu lực\n1. {FIRST_DAY}.\n2. Điều 4 có hiệu lực từ ngày 01/4/2026.\n"
        "3. Chương II của Nghị định này có hiệu lực từ ngày 01/01/2027.\n"
        "4. Mục 2 Chương II của Nghị định này có hiệu lực từ ngày 01/7/2026.\n"
    )
    decree = a_decree("Việc cuối.", text=f"Chương I\nVIỆC MỘT\n{CHAPTERS}Chương III\nCUỐI\n{said}")
    days = {"art_3": OWN, "art_4__clause_1": DAY(2026, 4, 1), "art_6": DAY(2026, 7, 1)}
    assert {eid: provision_effect_of(decree, eid, FIRST).effective_on for eid in days} == days


def test_an_event_of_a_chapter_is_entered_once_and_follows_the_articles_that_a_correction_brings():
    text = f"Chương I\nVIỆC MỘT\n{CHAPTERS}Chương III\nCUỐI\nĐiều 9. Hiệu lực\n{FIRST_DAY}.\n"
    decree = a_decree("Việc cuối.", text=text)
    editor = staff("lan", "publisher")
    for _again in range(2):
        documents.enter_status_event(decree, "expires", scope="part", on=OWN, eids=["chp_2"], by=editor, cause="thử")
    assert decree.status_events.filter(kind="expires").count() == 1
    longer = text.replace("Chương III\n", "Điều 8. Việc mới\nTổ chức thực hiện.\nChương III\n")
    columns = {"title": "Nghị định mẫu", "text": longer, "issued_on": DAY(2026, 1, 5), "effective_on": FIRST}
    documents.import_document(a_record("930/2026/NĐ-CP", **columns), correct=True)
    assert status(LegalDocument.objects.get(pk=decree.pk), "art_8", OWN) == "expired"


def test_the_articles_of_a_chapter_that_may_begin_later_are_doubtful_as_it_is():
    said = f"Điều 9. Hiệu lực\n1. {FIRST_DAY}.\n2. Chương II có hiệu lực từ ngày 01/01/2027 nếu đủ điều kiện.\n"
    decree = a_decree("Việc cuối.", text=f"Chương I\nVIỆC MỘT\n{CHAPTERS}Chương III\nCUỐI\n{said}")
    assert [status(decree, eid, FIRST) for eid in ("chp_2", "art_4", "art_2")] == ["unknown", "unknown", "in_force"]


def test_the_laws_own_exceptions_of_named_units_begin_then():
    text = (
        "Điều 1. Một\nMột.\nĐiều 2. Đối tượng\n1. Người lao động bao gồm:\na) Người ký hợp đồng dài;\n"
        "b) Người ký hợp đồng ngắn;\n"
        "2. Người nước ngoài.\nĐiều 3. Hiệu lực thi hành\n"
        "1. Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2016, trừ quy định tại điểm b khoản 1 và khoản 2"
        " Điều 2 của Luật này thì có hiệu lực thi hành kể từ ngày 01 tháng 01 năm 2018.\n"
    )
    law = a_document(
        "58/2014/QH13", title="Luật Mẫu", text=text, issued_on=DAY(2014, 11, 20), effective_on=DAY(2016, 1, 1)
    )
    while settle_changes():
        pass
    law, day = LegalDocument.objects.get(pk=law.pk), DAY(2017, 1, 1)
    assert [status(law, f"art_2__clause_{eid}", day) for eid in ("1__point_a", "1__point_b", "2")] == [
        "in_force",
        "not_yet_effective",
        "not_yet_effective",
    ]
    assert status(law, "art_2__clause_2", DAY(2018, 1, 1)) == "in_force"


@pytest.mark.parametrize(
    ("said", "later"),
    [
        (f"1. {FIRST_DAY}.\n2. Việc thứ 5 quy định tại Điều 5 được thực hiện từ ngày 01/01/2027.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Điều 5 có hiệu lực từ ngày Luật Mẫu có hiệu lực.", "unknown"),
        (f"1. {FIRST_DAY}.\n2. Điều 5 có hiệu lực từ ngày 01/01/2027 nếu đủ điều kiện.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Điều 5 có hiệu lực từ ngày 01/01/2027, trừ khi luật có quy định khác.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Điều 5 của Nghị định này có hiệu lực chậm nhất vào ngày 01/01/2027.", "unknown"),
        (f"1. {FIRST_DAY}.\n2. Điều 5 của Nghị định này được áp dụng không sớm hơn ngày 01/01/2027.", "unknown"),
        (f"1. {FIRST_DAY}.\n2. Điều 5 có hiệu lực trước ngày 01/01/2027.", "unknown"),
        (f"1. {FIRST_DAY}.\n2. Điều 5 chưa áp dụng đến hết ngày 31/12/2026 đối với hộ kinh doanh.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Các khoản sau đây của Điều 5 có hiệu lực từ ngày 01/01/2027:\na) Khoản 1;\n"
         "b) Khoản 2.", "in_force"),
        (f"{FIRST_DAY}, trừ quy định về việc thứ 5 tại Điều 5 có hiệu lực từ ngày 01/01/2027.", "in_force"),
        (f"{FIRST_DAY}, trừ quy định tại Điều 5 của Nghị định này.", "unknown"),
        (f"1. {FIRST_DAY}.\nĐiều 5 của Nghị định này có hiệu lực từ ngày Nghị quyết số 61/2022/QH15 hết hiệu lực.",
         "unknown"),
        (f"1. {FIRST_DAY}.\n2. Quy định về việc thứ 5 tại Điều 5 của Nghị định này thực hiện như sau:\n"
         "a) Từ ngày 01/7/2026 đối với bệnh viện;\nb) Chậm nhất từ ngày 01/01/2027 đối với cơ sở khác.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Lộ trình được quy định như sau:\na) Đối tượng khác từ ngày Nghị định này có hiệu lực;\n"
         "b) Đối tượng quy định tại Điều 5 của Nghị định này thực hiện bảo hiểm từ ngày 01/01/2027.", "in_force"),
        (f"1. {FIRST_DAY}.\nĐiều 9. Quy định chuyển tiếp\n"
         "Quy định tại Điều 5 của Nghị định này được áp dụng từ ngày 01/01/2027.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Lùi thời điểm áp dụng Điều 5 đến ngày 01 tháng 01 năm 2027.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Chưa áp dụng Điều 5 cho đến hết ngày 31 tháng 12 năm 2026.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Tạm ngưng hiệu lực thi hành Điều 5 đến hết ngày 31/12/2026.", "in_force"),
        (f"1. {FIRST_DAY}.\n2. Việc áp dụng Điều 5 bắt đầu từ ngày 01 tháng 01 năm 2027.", "in_force"),
        (f"{FIRST_DAY}, riêng Điều 5 có hiệu lực từ năm 2027.", "unknown"),
        (f"1. {FIRST_DAY}.\n2. Đối với cá nhân, Điều 5 có hiệu lực thi hành từ ngày 01/01/2027.", "in_force"),
    ],
)  # fmt: skip
def test_a_unit_whose_own_day_is_not_certain_is_doubtful_until_that_day_and_listed_to_be_checked(said, later):
    decree = a_decree(said)
    assert [status(decree, "art_5__clause_1", day) for day in (FIRST, OWN)] == ["unknown", later]
    assert status(decree, "art_4", FIRST) == effect_of(decree, FIRST).status == "in_force"
    case = EndingCase.objects.get(state="open")
    assert (case.target, case.eids) == (decree, ["art_5"])
    doubt = EffectDoubt.objects.get()
    assert (doubt.kind, doubt.from_on, "Điều 5" in doubt.words) == ("begins", FIRST, True)


@pytest.mark.parametrize("opens", [f"{FIRST_DAY}; riêng", f"{FIRST_DAY}. Riêng", f"{FIRST_DAY}, trừ"])
def test_a_unit_that_begins_on_the_day_of_signing_is_in_force_before_the_others(opens):
    decree = a_decree(f"{opens} Điều 5 có hiệu lực kể từ ngày ký ban hành.")
    signed, before = DAY(2026, 1, 5), FIRST - datetime.timedelta(1)
    assert [status(decree, "art_5", day) for day in (signed, before)] == ["in_force", "in_force"]
    assert status(decree, "art_4", before) == "not_yet_effective"


def test_a_list_of_exceptions_without_a_day_makes_its_units_doubtful_without_end():
    decree = a_decree(f"{FIRST_DAY}, trừ các quy định sau đây:\na) Điều 5;\nb) Khoản 1 Điều 6 về việc khác.")
    assert [status(decree, eid, OWN) for eid in ("art_5", "art_6__clause_1", "art_6__clause_2", "art_4")] == [
        "unknown",
        "unknown",
        "in_force",
        "in_force",
    ]


def test_forms_that_begin_later_are_doubtful_until_then_and_articles_are_not():
    said = f"1. {FIRST_DAY}.\n2. Mẫu số 01 Phụ lục I ban hành kèm theo Nghị định này có hiệu lực từ ngày 01/01/2027."
    decree = a_decree(f"{said}\nPHỤ LỤC I\nMẪU\nMẫu số 01\nPHỤ LỤC II\nKHÁC\nGạo.")
    assert [status(decree, eid, FIRST) for eid in ("annex_1", "annex_2", "art_4")] == [
        "unknown",
        "in_force",
        "in_force",
    ]
    assert status(decree, "annex_1", OWN) == "in_force"


def test_all_annexes_that_are_named_in_a_list_are_doubtful_until_they_begin():
    said = f"1. {FIRST_DAY}.\n2. Các Phụ lục I, III ban hành kèm theo Nghị định này áp dụng từ ngày 01/01/2027."
    decree = a_decree(f"{said}\nPHỤ LỤC I\nMẪU\nGạo.\nPHỤ LỤC II\nKHÁC\nNgô.\nPHỤ LỤC III\nKHÁC\nLúa.")
    assert [status(decree, eid, FIRST) for eid in ("annex_1", "annex_2", "annex_3")] == [
        "unknown",
        "in_force",
        "unknown",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "1. Nghị định này có hiệu lực từ ngày 15/01/2026 đối với doanh nghiệp và từ ngày 01/01/2027 đối với hộ.",
        f"1. {FIRST_DAY}.\n2. Nghị định này có hiệu lực thi hành từ ngày 01/01/2027 đối với hộ kinh doanh.",
        f"1. {FIRST_DAY}.\n2. Đối với hộ kinh doanh, Nghị định này có hiệu lực thi hành từ ngày 01/01/2027.",
    ],
)
def test_an_act_that_begins_for_some_later_than_for_others_is_doubtful_until_the_last_day(said):
    decree = a_decree(said)
    before = OWN - datetime.timedelta(1)
    assert [status(decree, "art_5", day) for day in (FIRST, before, OWN)] == ["unknown", "unknown", "in_force"]
    assert EffectDoubt.objects.get().until_on == OWN


def test_an_act_that_names_two_days_for_two_groups_has_no_first_day_of_its_own():
    decree = a_decree(
        "Nghị định này có hiệu lực từ ngày 15/01/2026 đối với doanh nghiệp và từ ngày 01/01/2027 đối với hộ.",
        effective_on=None,
    )
    assert effect_of(decree, FIRST).status == "unknown"


@pytest.mark.parametrize(
    "said",
    [
        "Hồ sơ nộp trước ngày 01/01/2026 được giải quyết theo quy định tại Điều 5 của Nghị định này.",
        "Chưa áp dụng Điều 5 của Nghị định số 2/2019/NĐ-CP cho đến hết ngày 31/12/2026.",
        "Chính phủ trình việc thi hành trước ngày 01/01/2027.",
    ],
)
def test_what_an_article_of_effect_says_of_other_things_makes_no_unit_doubtful(said):
    decree = a_decree(f"1. {FIRST_DAY}.\n2. {said}")
    assert status(decree, "art_5", FIRST) == "in_force"
    assert not EffectDoubt.objects.exists()


@pytest.mark.parametrize(
    "condition", [" nếu Quốc hội không có quy định khác.", ", trừ trường hợp Chính phủ có quy định khác."]
)
def test_a_first_day_on_a_condition_is_no_first_day_of_the_act(condition):
    decree = a_decree(f"{FIRST_DAY}{condition}", effective_on=None)
    assert [status(decree, "art_5", day) for day in (FIRST, OWN)] == ["unknown", "unknown"]


def test_a_unit_that_begins_for_some_later_than_for_others_is_doubtful_until_the_last_day():
    decree = a_decree(
        f"1. {FIRST_DAY}.\n2. Điều 5 của Nghị định này có hiệu lực từ ngày 01/01/2027 đối với tổ chức và từ ngày 01"
        " tháng 01 năm 2028 đối với cá nhân."
    )
    days = (FIRST, OWN, DAY(2027, 12, 31), DAY(2028, 1, 1))
    assert [status(decree, "art_5__clause_1", day) for day in days] == ["unknown", "unknown", "unknown", "in_force"]


@pytest.mark.parametrize(
    "said",
    [
        "Hội đồng thực hiện nhiệm vụ kiểm tra theo quy định sau đây:\na) Từ ngày 01/01/2027 đối với bác sỹ;",
        "Điều 5 của Nghị định mẫu số 15/2010/NĐ-CP có hiệu lực kể từ ngày 01/01/2027.",  # an earlier one of that name
        "Điều 5 của Nghị định mẫu năm 2010 có hiệu lực kể từ ngày 01/01/2027.",
    ],
)
def test_days_of_tasks_and_of_an_earlier_act_of_the_same_name_say_nothing_of_own_units(said):
    decree = a_decree(f"1. {FIRST_DAY}.\n2. {said}")
    assert status(decree, "art_5__clause_1", FIRST) == "in_force"
    assert not EffectDoubt.objects.exists()


def test_a_topic_that_begins_later_and_names_no_unit_makes_every_other_article_doubtful_until_then():
    decree = a_decree(
        f"1. {FIRST_DAY}, trừ các quy định liên quan đến các biện pháp do Tòa án nhân dân xem xét, quyết định thì có"
        " hiệu lực kể từ ngày 01 tháng 01 năm 2027.\n2. Khoản 1 Điều 3 có hiệu lực từ ngày 01/6/2026."
    )
    before = OWN - datetime.timedelta(1)
    assert [status(decree, "art_4__clause_1", day) for day in (FIRST, before)] == ["unknown", "unknown"]
    assert status(decree, "art_4__clause_1", OWN) == "in_force"
    assert [status(decree, "art_8", FIRST), effect_of(decree, FIRST).status] == ["in_force", "in_force"]


def test_while_the_machine_is_switched_off_only_the_units_named_are_doubtful_not_every_other_article():
    MachineSwitch.objects.update_or_create(name=AUTOMATIC_ENDINGS, defaults={"is_on": False})
    decree = a_decree(f"{FIRST_DAY}, trừ Điều 5 có hiệu lực thi hành từ ngày 01 tháng 01 năm 2027.")
    assert [status(decree, eid, FIRST) for eid in ("art_5", "art_4", "art_8")] == ["unknown", "in_force", "in_force"]
    assert status(decree, "art_5", OWN) == "in_force"


def test_points_that_name_what_begins_later_make_their_units_doubtful():
    decree = a_decree(
        f"1. {FIRST_DAY}, trừ các quy định sau đây của Nghị định này có liên quan đến quy định của Bộ luật Dân sự số"
        " 91/2015/QH13 thì có hiệu lực thi hành từ ngày 01 tháng 01 năm 2027:\n"
        "a) Quy định liên quan đến thời hiệu tại khoản 2 Điều 3;\nb) Quy định liên quan đến việc cũ tại Điều 6."
    )
    assert [status(decree, eid, FIRST) for eid in ("art_3__clause_1", "art_3__clause_2", "art_6")] == [
        "in_force",
        "unknown",
        "unknown",
    ]


@pytest.mark.parametrize(("what", "annex"), [("mẫu đơn", "unknown"), ("âm thanh", "in_force")])
def test_a_topic_may_be_in_an_annex_too_if_it_is_about_forms(what, annex):
    said = f"1. {FIRST_DAY}.\n2. Quy định về {what} có hiệu lực thi hành từ ngày 01/01/2027."
    decree = a_decree(f"{said}\nPHỤ LỤC\nDANH MỤC\nGạo.")
    assert [status(decree, eid, FIRST) for eid in ("annex_1", "art_4")] == [annex, "unknown"]


def test_a_topic_that_no_unit_can_hold_is_a_doubt_of_an_unnamed_part():
    text = f"Điều 1. Hiệu lực thi hành\n1. {FIRST_DAY}.\n2. Quy định về âm thanh có hiệu lực từ ngày 01/01/2027.\n"
    a_decree("", text=text)
    doubt = EffectDoubt.objects.get()
    assert (doubt.scope, doubt.eids, doubt.until_on) == ("part", [], OWN)


def test_a_doubt_names_no_day_where_its_clause_gives_several_for_it():
    clause = "Việc thứ 5 quy định tại Điều 5 được thực hiện từ ngày {}."
    a_decree(f"1. {FIRST_DAY}.\n2. {clause.format('01/01/2027')} {clause.format('01/6/2027').replace('5', '6')}")
    assert list(EffectDoubt.objects.values_list("eids", "on", "until_on")) == [
        (["art_5", "art_6"], None, DAY(2027, 6, 1))
    ]


def test_an_article_about_when_contracts_take_effect_makes_nothing_doubtful():
    said = (
        f"1. {FIRST_DAY}.\nĐiều 9. Thời điểm có hiệu lực của hợp đồng chuyển giao công nghệ\n1. Hợp đồng thuộc trường"
        " hợp đăng ký theo quy định tại khoản 1 và khoản 2 Điều 5 của Luật này có hiệu lực từ thời điểm được cấp Giấy"
        " chứng nhận đăng ký."
    )
    assert status(a_decree(said), "art_5__clause_1", FIRST) == "in_force"
    assert not EffectDoubt.objects.exists()


def test_a_person_who_finds_the_doubt_wrong_ends_it():
    decree = a_decree(f"1. {FIRST_DAY}.\n2. Điều 5 có hiệu lực từ ngày Luật Mẫu có hiệu lực.")
    case_services.reject(EndingCase.objects.get(), by=staff("Lan", "publisher"), reason="Luật Mẫu đã có hiệu lực")
    assert status(LegalDocument.objects.get(pk=decree.pk), "art_5", FIRST) == "in_force"


@pytest.mark.parametrize(
    ("begins", "state"),
    [
        ("Điều 9 có hiệu lực từ ngày Luật Mẫu có hiệu lực.", "open"),
        ("Điều 9 có hiệu lực theo quy định của Chính phủ.", "open"),
        ("Điều 9 có hiệu lực từ ngày 01/3/2026 nếu đủ điều kiện.", "open"),
        ("Điều 7 có hiệu lực từ ngày Luật Mẫu có hiệu lực.", "carried_out"),
    ],
)
def test_what_a_provision_ends_is_carried_out_by_itself_only_if_its_own_first_day_is_certain(begins, state):
    old = a_document("1/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ", effective_on=DAY(2019, 2, 1))
    a_decree(
        f"1. {FIRST_DAY}.\n2. {begins}\nĐiều 9. Bãi bỏ\nNghị định số 1/2019/NĐ-CP hết hiệu lực kể từ ngày 01/02/2026.",
        doc_type="decree",
        issuer="Chính phủ",
    )
    case = EndingCase.objects.get(target=old)
    assert (case.state, case.doubts) == (state, [] if state == "carried_out" else ["not_in_force"])


def test_a_decree_that_ends_after_a_day_ends_on_the_next_one():
    decree = a_decree(f"1. {FIRST_DAY}.\n2. Nghị định này hết hiệu lực thi hành sau ngày 30 tháng 6 năm 2026.")
    assert [effect_of(decree, day).status for day in (DAY(2026, 6, 30), DAY(2026, 7, 1))] == ["in_force", "expired"]


@pytest.mark.parametrize(
    "said",
    [
        "Quy định tại Điều 5 của Nghị định này không áp dụng từ ngày 01 tháng 01 năm 2027.",
        "Điều 5 thôi áp dụng kể từ ngày 01/01/2027.",
        "Điều 5 tạm ngừng áp dụng từ ngày 01/01/2027.",
        "Quy định về việc thứ 5 tại Điều 5 của Nghị định này chấm dứt áp dụng từ ngày 01/01/2027.",
        "Điều 5 không được thực hiện từ ngày 01/01/2027.",
        "Điều 5 không có hiệu lực từ ngày 01/01/2027.",
    ],
)
def test_an_own_unit_that_is_no_longer_applied_is_in_force_before_that_day_and_doubtful_from_it(said):
    decree = a_decree(f"1. {FIRST_DAY}.\n2. {said}")
    before = OWN - datetime.timedelta(1)
    assert [status(decree, "art_5", day) for day in (FIRST, before, OWN)] == ["in_force", "in_force", "unknown"]
    assert (status(decree, "art_4", OWN), EffectDoubt.objects.get().kind) == ("in_force", "ends")


def test_an_own_unit_that_ends_is_doubtful_from_that_day():
    decree = a_decree(f"1. {FIRST_DAY}.\n2. Điều 5 hết hiệu lực từ ngày 01 tháng 7 năm 2026.")
    assert [status(decree, "art_5", day) for day in (DAY(2026, 6, 30), DAY(2026, 7, 1))] == ["in_force", "unknown"]
    assert status(decree, "art_4", DAY(2026, 7, 1)) == "in_force"


def test_events_that_were_stored_before_name_what_is_inside_their_chapters_after_the_upgrade():
    decree = a_decree(
        "Việc cuối.", text=f"Chương I\nVIỆC MỘT\n{CHAPTERS}Chương III\nCUỐI\nĐiều 9. Hiệu lực\n{FIRST_DAY}.\n"
    )
    event = decree.status_events.create(kind="expires", scope="part", on=OWN, eids=["chp_2"], stated_on=FIRST)
    upgrade = importlib.import_module("content.migrations.0181_effects_of_chapters_name_their_articles")
    for _again in range(2):
        with connection.cursor() as cursor:
            cursor.execute(upgrade.ADD_UNITS_INSIDE % {"table": "content_statusevent"})
        event.refresh_from_db()
        articles = [f"art_{number}" for number in range(3, 8)]
        assert event.eids == [*articles, "chp_2", "chp_2__sec_1", "chp_2__sec_2"]
    assert status(LegalDocument.objects.get(pk=decree.pk), "art_4__clause_1", OWN) == "expired"


def test_words_that_a_correction_takes_out_are_quoted_nowhere_before_the_act_is_read_again(api):
    said = f"1. {FIRST_DAY}.\n2. Việc của ông Kibunuma quy định tại Điều 5 được thực hiện từ ngày 01/01/2027."
    decree = a_decree(said)
    address = f"documents/{decree.key}/provisions/art_5"
    assert "Kibunuma" in api("get", address).json()["effect_doubt"]["words"]
    text = f"{BODY}Điều 8. Hiệu lực thi hành\n{said.replace('Việc của ông Kibunuma', 'Việc')}\n"
    columns = {"title": "Nghị định mẫu", "text": text, "issued_on": DAY(2026, 1, 5), "effective_on": FIRST}
    documents.import_document(a_record("930/2026/NĐ-CP", **columns), correct=True)
    assert "Kibunuma" not in str(api("get", address).json())
    while settle_changes():
        pass
    assert "Việc quy định tại Điều 5" in api("get", address).json()["effect_doubt"]["words"]
