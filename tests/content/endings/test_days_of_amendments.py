"""Which law an act amends, and from which day: that of the provision that amends it, and never a guess."""

import datetime

import pytest

from content.documents import provision_queries
from content.documents.effect import effect_of, provision_effect_of
from content.documents.models import EffectDoubt, LegalDocument
from content.documents.text_dates import TextDate
from content.editing import services as editing
from content.endings.consumer import settle_changes
from content.endings.models import EndingCase
from tests.builders import a_document

pytestmark = pytest.mark.django_db

DAY = datetime.date
FIRST, OWN = DAY(2024, 8, 1), DAY(2024, 4, 1)
LAW = "LUẬT\nMẪU CŨ\nĐiều 1. Một\n1. Cũ một.\n2. Cũ hai.\nĐiều 2. Hai\n1. Cũ ba.\n"
ACT = (
    "LUẬT\nSỬA ĐỔI, BỔ SUNG MỘT SỐ ĐIỀU CỦA LUẬT MẪU CŨ\n"
    "Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ số 1/2019/QH14\n"
    "1. Sửa đổi, bổ sung khoản 1 Điều 1 như sau:\n“1. Mới một.”.\n"
    "Điều 2. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ số 1/2019/QH14\n"
    "1. Sửa đổi, bổ sung khoản 1 Điều 2 như sau:\n“1. Mới ba.”.\n"
    "Điều 3. Hiệu lực thi hành\n1. Luật này có hiệu lực thi hành từ ngày 01 tháng 8 năm 2024, trừ khoản 2 Điều này.\n"
    "2. {own}\n"
)


def settle():
    while settle_changes():
        pass


def a_law():
    law = a_document(
        "1/2019/QH14", title="Luật Mẫu cũ", text=LAW, issued_on=DAY(2019, 6, 14), effective_on=DAY(2020, 1, 1)
    )
    settle()
    return law


def an_act(own):
    act = a_document(
        "2/2024/QH15",
        title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ",
        text=ACT.format(own=own),
        issued_on=DAY(2024, 1, 18),
        effective_on=FIRST,
    )
    settle()
    return act


def words(law, eid, day):
    return next(unit.text for unit in provision_queries.unit_texts_on(law, day) if unit.eid == eid).strip()


def test_a_law_is_amended_from_the_day_of_the_provision_that_amends_it():
    law = a_law()
    an_act("Điều 2 của Luật này có hiệu lực từ ngày 01 tháng 4 năm 2024.")
    before = datetime.timedelta(days=-1)
    assert [words(law, "art_2__clause_1", day) for day in (OWN + before, OWN)] == ["1. Cũ ba.", "1. Mới ba."]
    assert [words(law, "art_1__clause_1", day) for day in (FIRST + before, FIRST)] == ["1. Cũ một.", "1. Mới một."]
    assert {each.on for each in law.amendments.all()} == {OWN, FIRST}


def test_what_an_article_amends_is_amended_from_the_day_of_its_chapter():
    law = a_law()
    in_chapters = ACT.replace("Điều 1. Sửa đổi", "Chương I\nMỘT\nĐiều 1. Sửa đổi").replace(
        "Điều 2. Sửa đổi", "Chương II\nHAI\nĐiều 2. Sửa đổi"
    )
    said = "Chương II của Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025."
    a_document(
        "2/2024/QH15",
        title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ",
        text=in_chapters.format(own=said).replace("Điều 3. Hiệu lực", "Chương III\nBA\nĐiều 3. Hiệu lực"),
        issued_on=DAY(2024, 1, 18),
        effective_on=FIRST,
    )
    settle()
    assert [words(law, "art_1__clause_1", FIRST), words(law, "art_2__clause_1", FIRST)] == ["1. Mới một.", "1. Cũ ba."]
    assert {each.on for each in law.amendments.all()} <= {FIRST, DAY(2025, 1, 1)}


@pytest.mark.parametrize(
    "own",
    [
        "Quy định tại Điều 2 của Luật này được thực hiện từ nhiệm kỳ Quốc hội khóa XV.",
        "Quy định về mẫu tại khoản 1 Điều 2 của Luật này được áp dụng từ ngày 01 tháng 01 năm 2025.",
        "Các quy định sau đây của Luật này có hiệu lực thi hành từ ngày 01 tháng 4 năm 2024:\na) Quy định tại khoản 1"
        " Điều 2 về thẩm quyền.",
    ],
)
def test_what_begins_on_a_day_that_is_not_read_is_left_to_a_person_and_said(own):
    law = a_law()
    an_act(own)
    assert words(law, "art_2__clause_1", FIRST) == "1. Cũ ba."
    assert words(law, "art_1__clause_1", FIRST) == "1. Mới một."
    assert EndingCase.objects.get(target=law, state="open").eids == ["art_2__clause_1"]
    on_first = TextDate(law, FIRST)
    assert (on_first.of_unit("art_2__clause_1"), on_first.of_unit("art_1__clause_1")) != ("that_day", "that_day")


def test_what_an_act_changes_everywhere_and_was_not_carried_out_makes_every_unit_doubtful():
    law = a_law()
    a_document(
        "2/2024/QH15",
        title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ",
        text=ACT.format(own="Điều này không có gì.").replace(
            "1. Sửa đổi, bổ sung khoản 1 Điều 1 như sau:\n“1. Mới một.”.",
            "1. Thay cụm từ “Cũ” bằng cụm từ “Xưa”.\n2. Bỏ một số từ tại khoản 2 Điều 1.",
        ),
        issued_on=DAY(2024, 1, 18),
        effective_on=FIRST,
    )
    settle()
    doubt = EffectDoubt.objects.get(document=law, kind="amends")
    assert doubt.eids == []


def test_each_unit_of_an_order_for_several_laws_is_one_of_the_law_named_after_it():
    law, other = a_law(), a_document("5/2018/QH14", title="Luật Khác", text=LAW, issued_on=DAY(2018, 6, 14))
    a_document(
        "3/2024/QH15",
        title="Luật Mẫu mới",
        text="Điều 1. Sửa đổi các luật có liên quan\nThay thế cụm từ “Cũ” bằng cụm từ “Xưa” tại khoản 1 Điều 1 của"
        " Luật Mẫu cũ số 1/2019/QH14; khoản 1 Điều 2 của Luật Khác số 5/2018/QH14 đã được sửa đổi theo Luật"
        " số 6/2020/QH14.\nĐiều 2. Hiệu lực thi hành\nLuật này có hiệu lực từ ngày 01 tháng 8 năm 2024.\n",
        issued_on=DAY(2024, 1, 18),
        effective_on=FIRST,
    )
    settle()
    doubts = EffectDoubt.objects.filter(kind="amends").order_by("document")
    assert [(each.document, each.eids) for each in doubts] == [
        (law, ["art_1__clause_1"]),
        (other, ["art_2__clause_1"]),
    ]


def test_orders_under_a_misprinted_number_are_doubts_of_the_law_with_that_name():
    law = a_law()
    a_document(
        "2/2024/QH15",
        title="Luật sửa đổi, bổ sung một số điều của các luật",
        text=ACT.format(own="Điều này không có gì.").replace("1/2019/QH14", "1/2019/QH13"),
        issued_on=DAY(2024, 1, 18),
        effective_on=FIRST,
    )
    settle()
    case = EndingCase.objects.get(target=law)
    assert (case.state, case.doubts, case.eids) == ("open", ["differs"], ["art_1__clause_1", "art_2__clause_1"])
    assert not EndingCase.objects.filter(state="waiting").exists()


def test_an_order_that_names_no_law_is_about_the_only_one_that_the_act_amends():
    law = a_law()
    an = ACT.format(own="Điều này không có gì.").replace(
        "Điều 2. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ số 1/2019/QH14", "Điều 2. Thay từ, cụm từ"
    )
    act = a_document(
        "2/2024/QH15", title="Luật Mẫu cũ sửa đổi 2024", text=an, issued_on=DAY(2024, 1, 18), effective_on=FIRST
    )
    settle()
    assert words(law, "art_2__clause_1", FIRST) == "1. Mới ba."
    assert not act.effect_doubts.exists()


def test_a_topic_that_begins_on_another_day_makes_the_words_doubtful_between_the_two_days_only():
    law = a_law()
    act = an_act("Quy định về mẫu là dấu hiệu âm thanh của Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2025.")
    days = [FIRST - datetime.timedelta(days=1), FIRST, DAY(2025, 6, 30), DAY(2025, 7, 1)]
    law = LegalDocument.objects.get(pk=law.pk)
    assert [TextDate(law, day).of_all for day in days] == ["that_day", "unknown", "unknown", "that_day"]
    doubt = EffectDoubt.objects.get(document=law)
    assert (doubt.act, doubt.source_eid) == (act, "art_3__clause_2")
    assert effect_of(law, DAY(2025, 1, 1)).status != "unknown"


def test_the_first_day_of_a_part_may_be_put_off_until_it_has_come():
    clause = "2. Điều 2 của Luật này có hiệu lực từ ngày 01 tháng 7 năm 2026."
    law = a_document(
        "1/2019/QH14",
        title="Luật Mẫu cũ",
        text=LAW + f"Điều 3. Hiệu lực thi hành\n1. Luật này có hiệu lực từ ngày 01 tháng 01 năm 2020.\n{clause}\n",
        issued_on=DAY(2019, 6, 14),
        effective_on=DAY(2020, 1, 1),
    )
    settle()
    orders = "1. Sửa đổi, bổ sung khoản 2 Điều 3 như sau:\n“{}”.\n"
    new = "2. Điều 2 của Luật này có hiệu lực từ ngày 01 tháng 01 năm 2027."
    text = "Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ số 1/2019/QH14\n" + orders.format(new)
    text += "Điều 2. Hiệu lực thi hành\nLuật này có hiệu lực từ ngày 01 tháng 01 năm 2026.\n"
    act = a_document(
        "2/2025/QH15",
        title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ",
        text=text,
        issued_on=DAY(2025, 6, 1),
        effective_on=DAY(2026, 1, 1),
    )
    settle()
    law = LegalDocument.objects.get(pk=law.pk)
    assert provision_effect_of(law, "art_2__clause_1", DAY(2026, 8, 1)).effective_on == DAY(2027, 1, 1)
    assert provision_effect_of(law, "art_1", DAY(2026, 8, 1)).effective_on == DAY(2020, 1, 1)
    editing.withdraw_document(act, reason="nhầm")
    settle()
    law = LegalDocument.objects.get(pk=law.pk)
    assert provision_effect_of(law, "art_2__clause_1", DAY(2026, 8, 1)).effective_on == DAY(2026, 7, 1)


def test_two_topics_of_one_clause_make_the_words_doubtful_until_the_last_of_their_days():
    law = a_law()
    an_act(
        "Quy định về âm thanh có hiệu lực thi hành từ ngày 14 tháng 01 năm 2025. Quy định về thử nghiệm có hiệu lực thi"
        " hành từ ngày 01 tháng 7 năm 2025."
    )
    doubt = EffectDoubt.objects.get(document=law)
    assert (doubt.from_on, doubt.until_on) == (FIRST, DAY(2025, 7, 1))
    assert "âm thanh" in doubt.words and "thử nghiệm" in doubt.words
