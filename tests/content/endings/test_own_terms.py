"""The end that an act gives itself, or a unit of itself: carried out, or doubtful from that day; never in force."""

import datetime

import pytest

from content.documents.effect import effect_of
from content.documents.models import EffectDoubt
from content.own_effect.own_terms import own_period
from tests.builders import a_document
from tests.content.endings.test_own_first_days import FIRST, FIRST_DAY, a_decree, status

pytestmark = pytest.mark.django_db

DAY = datetime.date
LAST, AFTER = DAY(2026, 10, 31), DAY(2026, 11, 1)


@pytest.mark.parametrize(
    "said",
    [
        f"{FIRST_DAY} và được áp dụng đến hết ngày 31 tháng 10 năm 2026.",
        f"{FIRST_DAY} và hết hiệu lực thi hành kể từ ngày 01 tháng 11 năm 2026.",
        f"{FIRST_DAY} và hết hiệu lực từ ngày 01/11/2026.",
        f"{FIRST_DAY} đến hết 31/10/2026.",
        f"{FIRST_DAY} đến 24 giờ 00 ngày 31/10/2026.",
        f"{FIRST_DAY} đến hết tháng 10 năm 2026.",
        f"1. {FIRST_DAY}.\n2. Nghị định này hết hiệu lực từ ngày 01 tháng 11 năm 2026.",
    ],
)
def test_an_act_ends_on_the_day_that_it_gives_itself(said):
    decree = a_decree(said)
    assert [effect_of(decree, day).status for day in (FIRST, LAST, AFTER)] == ["in_force", "in_force", "expired"]
    assert effect_of(decree, FIRST).expires_on == AFTER


def test_the_end_of_another_act_on_the_first_day_of_this_one_is_not_its_own():
    decree = a_decree(
        f"{FIRST_DAY} và thay thế Nghị định số 5/2020/NĐ-CP; Nghị định số 6/2020/NĐ-CP bị bãi bỏ và hết hiệu lực từ"
        " ngày 15/01/2026."
    )
    assert [effect_of(decree, day).status for day in (FIRST, AFTER)] == ["in_force", "in_force"]


def test_a_term_of_months_ends_in_a_month_that_is_shorter():
    assert own_period("Nghị định này được thực hiện trong 03 tháng.", DAY(2026, 1, 31)).last_day == DAY(2026, 4, 29)
    assert own_period("Nghị định này được thực hiện trong 03 tháng.", DAY(2026, 1, 15)).last_day == DAY(2026, 4, 14)


def test_an_act_that_ends_with_a_year_ends_on_the_first_day_of_the_next():
    decree = a_decree(f"{FIRST_DAY} đến hết năm 2026.")
    assert [effect_of(decree, day).status for day in (DAY(2026, 12, 31), DAY(2027, 1, 1))] == ["in_force", "expired"]


@pytest.mark.parametrize(
    ("said", "from_on"),
    [
        (f"{FIRST_DAY}; hết hiệu lực vào ngày 31 tháng 10 năm 2026.", LAST),
        (f"{FIRST_DAY} đến ngày 31 tháng 10 năm 2026.", AFTER),
        (f"{FIRST_DAY} và được thực hiện trong 03 tháng.", DAY(2026, 4, 15)),
        (f"1. {FIRST_DAY}.\n2. Nghị định này được thực hiện trong 05 năm.", DAY(2031, 1, 15)),
        (f"{FIRST_DAY}. Thời hạn áp dụng đến hết ngày 31/10/2026.", AFTER),
        (f"1. {FIRST_DAY}.\n2. Thời gian thực hiện: từ ngày 15/01/2026 đến hết ngày 31 tháng 10 năm 2026.", AFTER),
        (f"{FIRST_DAY}, thay thế Nghị định số 1/2020/NĐ-CP và hết hiệu lực từ ngày 01/11/2026.", AFTER),
    ],
)
def test_an_end_that_is_not_certain_makes_the_act_doubtful_from_that_day(said, from_on):
    decree = a_decree(said)
    before = from_on - datetime.timedelta(1)
    assert [effect_of(decree, day).status for day in (before, from_on)] == ["in_force", "unknown"]
    assert set(EffectDoubt.objects.filter(document=decree).values_list("kind", flat=True)) == {"ends"}


def test_what_an_act_replaces_behind_its_own_last_day_ends_too():
    old = a_document("1/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ", effective_on=DAY(2019, 2, 1))
    decree = a_decree(
        f"{FIRST_DAY} đến hết ngày 31/10/2026 và thay thế Nghị định số 1/2019/NĐ-CP.",
        doc_type="decree",
        issuer="Chính phủ",
    )
    assert [effect_of(each, AFTER).status for each in (decree, old)] == ["unknown", "expired"]


def test_an_end_before_the_first_day_is_a_slip_and_the_act_is_doubtful():
    decree = a_decree(f"{FIRST_DAY} đến hết năm 2025.")
    assert effect_of(decree, FIRST).status == "unknown"


def test_a_decree_from_the_day_of_signing_to_a_last_day_has_both():
    decree = a_decree("Nghị định này có hiệu lực thi hành kể từ ngày ký ban hành đến hết ngày 31 tháng 10 năm 2026.")
    assert [effect_of(decree, day).status for day in (LAST, AFTER)] == ["in_force", "expired"]


@pytest.mark.parametrize(
    "said",
    [
        "Quy định tại Điều 5 Nghị định này được thực hiện đến hết ngày 31/10/2026.",
        "Điều 5 có hiệu lực từ ngày 15/01/2026 đến hết ngày 31/10/2026.",
        "Bãi bỏ Điều 5 của Nghị định này kể từ ngày 01/11/2026.",
    ],
)
def test_an_own_unit_with_a_last_day_is_doubtful_after_it(said):
    decree = a_decree(f"1. {FIRST_DAY}.\n2. {said}")
    assert [status(decree, "art_5__clause_1", day) for day in (FIRST, LAST, AFTER)] == [
        "in_force",
        "in_force",
        "unknown",
    ]
    assert status(decree, "art_4", AFTER) == effect_of(decree, AFTER).status == "in_force"


@pytest.mark.parametrize(
    "said",
    [
        "Riêng Điều 5 được tiếp tục thực hiện đến hết năm 2026.",  # of what the act replaces
        "Thời hạn nộp hồ sơ đến hết ngày 31/10/2026.",
        "Giấy phép đã cấp có hiệu lực đến hết ngày 31/10/2026.",
    ],
)
def test_the_term_of_something_else_does_not_end_the_act(said):
    decree = a_decree(f"1. {FIRST_DAY}.\n2. {said}")
    assert [effect_of(decree, AFTER).status, status(decree, "art_5", AFTER)] == ["in_force", "in_force"]
