"""Mentions stored with the text: what they lead to, when a document comes later, what amends other laws."""

import datetime

import pytest

from content.editing import services as editing
from content.mentions import consumer, keys, queries, services
from content.mentions.models import Mention
from content.publishing import services as publishing
from tests.builders import a_document, a_draft, a_local_document, approver, correct_law, staff

pytestmark = pytest.mark.django_db

CITING = """LUẬT
MẪU
Căn cứ Hiến pháp;
Điều 1. Phạm vi điều chỉnh
1. Luật này quy định về mẫu theo {law}.
2. Mẫu tại khoản 1 Điều này và điểm a khoản 1 Điều 2 {law} được thử.
Điều 2. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020; xem Điều 1 hoặc khoản 9 Điều 1.
"""


def citing(law, **columns):
    return a_document("7/2019/QH14", text=CITING.format(law=law), title="Luật Dẫn chiếu", **columns)


def read_change_log():
    """As the worker does."""
    while consumer.point_mentions():
        continue


def links_of(document):
    """{words: (key of the document, eids)}."""
    versions = {each.pk: each for provision in document.provisions.all() for each in provision.versions.all()}
    return {
        versions[pk].text[link.start : link.end]: (link.document.number, link.eids)
        for pk, links in queries.links_in(versions).items()
        for link in links
    }


def test_words_lead_to_the_units_they_name():
    law = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    document = citing("Luật Đất đai số 45/2013/QH13")
    assert links_of(document) == {
        "Luật Đất đai số 45/2013/QH13": (law.number, ()),
        "khoản 1 Điều này": (document.number, ("art_1__clause_1",)),
        "điểm a khoản 1 Điều 2 Luật Đất đai số 45/2013/QH13": (law.number, ("art_2__clause_1__point_a",)),
        "Điều 1": (document.number, ("art_1",)),
    }  # «khoản 9 Điều 1» is not there


def test_a_law_with_a_very_long_name_is_found_by_its_year():
    name = "Luật Đầu tư, " + "Luật Nhà ở, Luật Đấu thầu, Luật Điện lực, " * 6 + "Luật Doanh nghiệp"
    old = a_document("1/2018/QH14", title=name, issued_on=datetime.date(2018, 6, 1))
    new = a_document("1/2022/QH15", title=name, issued_on=datetime.date(2022, 6, 1))
    for law in (old, new):
        assert services.fill_mentions_of(law) == 0
        assert len(set(keys.keys_of(law)) & {key for other in {old, new} - {law} for key in keys.keys_of(other)}) == 1


@pytest.mark.parametrize(
    ("words", "is_meant"),
    [
        ("Luật số 26/2008/QH12", True), ("Nghị quyết số 26/2008/QH12", False), ("26/2008/QH12", True),
        ("Luật số 26/2008/QH12 ngày 15 tháng 11 năm 2008", True),
        ("Luật số 26/2008/QH12 ngày 16 tháng 11 năm 2008", False),
    ],
)  # fmt: skip
def test_a_number_leads_to_a_document_of_the_type_and_day_that_stand_beside_it_whichever_comes_first(words, is_meant):
    day = datetime.date(2008, 11, 15)
    before = citing(words)
    law = a_document("26/2008/QH12", title="Luật Đóng tàu", issued_on=day)
    after = a_document("8/2019/QH14", text=CITING.format(law=words), title="Luật Dẫn chiếu nữa")
    for document in (before, after):
        found = {number for number, _ in links_of(document).values()} - {document.number}
        assert found == ({law.number} if is_meant else set())
        assert services.refresh_mentions(document) == 0


def test_two_documents_of_one_number_are_told_by_the_type_beside_it():
    document = a_document(
        "7/2019/QH14", title="Luật Dẫn chiếu",
        text=CITING.format(law="Nghị quyết số 26/2008/QH12").replace("2. Mẫu", "2. Luật số 26/2008/QH12, mẫu"),
    )  # fmt: skip
    law = a_document("26/2008/QH12", title="Luật Đóng tàu", issued_on=datetime.date(2008, 11, 15))
    words = {words for words, (number, _) in links_of(document).items() if number == law.number}
    assert words == {"Luật số 26/2008/QH12"}
    assert services.refresh_mentions(document) == 0


def test_the_mark_with_which_a_section_begins_mentions_nothing():
    law = a_document("6/2019/QH14", text="Chương II\nNHÀ\nMục 4. Nhà ở\nĐiều 1. Phạm vi\nMột.\n")
    assert law.provisions.filter(eid="chp_2__sec_4").exists()
    assert not Mention.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "Luật Các tổ chức tín dụng",
        "Luật Phòng, chống ma túy",
        "Luật Dược",
        "Luật thi hành án dân sự",
        "Luật Đầu tư công",
    ],
)  # fmt: skip
def test_a_law_that_comes_later_is_found_by_whatever_name_it_has(name):
    a_document("67/2014/QH13", title="Luật Đầu tư", issued_on=datetime.date(2014, 11, 26))
    document = citing(name)
    law = a_document("45/2013/QH13", title=name, issued_on=datetime.date(2013, 11, 29))
    read_change_log()
    assert links_of(document)[name] == (law.number, ())
    assert links_of(document)[f"điểm a khoản 1 Điều 2 {name}"] == (law.number, ("art_2__clause_1__point_a",))
    assert services.refresh_mentions(document) == 0


def test_a_document_that_comes_later_fills_what_waited_for_it():
    document = citing("Luật Đất đai số 45/2013/QH13")
    assert "Luật Đất đai số 45/2013/QH13" not in links_of(document)
    law = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    assert links_of(document)["Luật Đất đai số 45/2013/QH13"] == (law.number, ())
    assert {each.version.provision.eid for each in queries.mentions_of(law)} == {"art_1__clause_1", "art_1__clause_2"}


def test_a_draft_is_not_led_to():
    document = citing("Luật Đất đai số 45/2013/QH13")
    a_draft("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    assert all(number == document.number for number, _ in links_of(document).values())


def test_a_name_without_a_year_is_the_law_in_force_when_the_words_were():
    old = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29),
                     effective_on=datetime.date(2014, 7, 1), expires_on=datetime.date(2025, 1, 1))  # fmt: skip
    document = citing("Luật Đất đai")
    assert links_of(document)["Luật Đất đai"] == (old.number, ())
    a_document("31/2024/QH15", title="Luật Đất đai", issued_on=datetime.date(2024, 1, 18),
               effective_on=datetime.date(2025, 1, 1))  # fmt: skip
    assert links_of(document)["Luật Đất đai"] == (old.number, ())


def test_the_name_of_two_laws_leads_to_the_one_that_is_left_when_the_other_has_ended():
    old = a_document("13/2003/QH11", title="Luật Đất đai", issued_on=datetime.date(2003, 11, 26),
                     effective_on=datetime.date(2004, 7, 1))  # fmt: skip
    new = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29),
                     effective_on=datetime.date(2014, 7, 1))  # fmt: skip
    document = citing("Luật Đất đai")
    assert "Luật Đất đai" not in links_of(document)
    publishing.enter_status_event(old, kind="expires", on=datetime.date(2014, 7, 1), cause="Luật mới", by=approver())
    consumer.point_mentions()
    assert links_of(document)["Luật Đất đai"] == (new.number, ())


def test_a_number_that_comes_back_after_a_withdrawal_is_led_to_again():
    law = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    document = citing("Luật Đất đai số 45/2013/QH13")
    editing.withdraw_document(law, by=approver(), reason="Nhầm ngày")
    consumer.point_mentions()
    assert "Luật Đất đai số 45/2013/QH13" not in links_of(document)
    again = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 30))
    assert again.pk != law.pk
    assert links_of(document)["Luật Đất đai số 45/2013/QH13"] == (again.number, ())


def test_a_name_that_was_not_known_is_read_again_when_its_law_comes():
    document = citing("Luật Vũ trụ và quỹ đạo")
    assert all(number == document.number for number, _ in links_of(document).values())
    law = a_document("1/2018/QH14", title="Luật Vũ trụ và quỹ đạo", issued_on=datetime.date(2018, 6, 1),
                     effective_on=datetime.date(2019, 1, 1))  # fmt: skip
    read_change_log()
    assert links_of(document)["Luật Vũ trụ và quỹ đạo"] == (law.number, ())
    assert services.refresh_mentions(document) == 0


def test_a_title_that_carries_its_number_is_found_by_name_and_year():
    title = "Luật Đất đai của Quốc hội, số 45/2013/QH13"
    law = a_document("45/2013/QH13", title=title, issued_on=datetime.date(2013, 11, 29))
    document = citing("Luật Đất đai năm 2013")
    assert links_of(document)["Luật Đất đai năm 2013"] == (law.number, ())


def test_two_laws_of_a_name_in_force_on_that_day_are_no_link():
    a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    document = citing("Luật Đất đai")
    assert "Luật Đất đai" in links_of(document)
    a_document("46/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    assert "Luật Đất đai" not in links_of(document)


def test_a_number_of_a_province_is_linked_within_the_province_only():
    text = CITING.format(law="Quyết định số 15/2018/QĐ-UBND")
    document = a_local_document("16/2019/QĐ-UBND", text=text)
    a_local_document("15/2018/QĐ-UBND", province="48-da-nang")
    assert "Quyết định số 15/2018/QĐ-UBND" not in links_of(document)
    own = a_local_document("15/2018/QĐ-UBND")
    assert {each.target for each in Mention.objects.filter(target__number="15/2018/QĐ-UBND")} == {own}


def test_what_an_article_says_of_the_law_that_it_amends_is_no_link_to_itself():
    text = """LUẬT
SỬA ĐỔI, BỔ SUNG MỘT SỐ ĐIỀU CỦA LUẬT MẪU
Căn cứ Hiến pháp;
Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu số 5/2010/QH12
1. Sửa đổi, bổ sung Điều 2 như sau:
“Điều 2. Mẫu
Mẫu tại Điều 1 của Luật này được thử.”.
Điều 2. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020, trừ Điều 1 của Luật này.
"""
    document = a_document("8/2019/QH14", title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu", text=text)
    assert links_of(document) == {"Điều 1 của Luật này": (document.number, ("art_1",))}
    (row,) = Mention.objects.filter(target=document)
    assert row.version.provision.eid == "art_2"


def test_mentions_follow_the_text_and_go_with_it():
    law = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    document = citing("Luật Đất đai số 45/2013/QH13")
    kept = set(Mention.objects.values_list("pk", flat=True))
    assert services.refresh_mentions(document) == 0
    assert set(Mention.objects.values_list("pk", flat=True)) == kept
    editing.withdraw_document(document, by=staff("lan", "publisher"), reason="Nhầm")
    assert not queries.mentions_of(law).exists()


def test_a_correction_reads_the_text_again():
    law = a_document("45/2013/QH13")
    correct_law(law, old="Luật này quy định về mẫu.", new="Luật này quy định về mẫu, trừ Điều 2.")
    assert links_of(law)["Điều 2"] == (law.number, ("art_2",))


def test_links_of_a_provision_have_offsets_in_the_text_that_is_shown(client):
    a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    document = citing("Luật Đất đai số 45/2013/QH13")
    for path in ("provisions/art_1", "provisions/chp_1", "provisions/art_1__clause_2"):
        answer = client.get(f"/api/v1/documents/{document.key}/{path}")
        if answer.status_code == 200:
            found = [
                (answer.json()["text"][each["start"] : each["end"]], each["eids"]) for each in answer.json()["links"]
            ]
            assert ("khoản 1 Điều này", ["art_1__clause_1"]) in found
    units = client.get(f"/api/v1/documents/{document.key}/text").json()["provisions"]
    words = [unit["text"][each["start"] : each["end"]] for unit in units for each in unit["links"]]
    assert "khoản 1 Điều này" in words and "Luật Đất đai số 45/2013/QH13" in words


def test_who_cites_a_provision_is_listed_with_the_words(client):
    law = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    document = citing("Luật Đất đai số 45/2013/QH13")
    address = f"/api/v1/documents/{law.key}/cited-by"
    rows = [each for each in client.get(address).json()["results"] if each["document"]["key"] == document.key]
    assert sorted(each["eid"] for each in rows) == ["art_1__clause_1", "art_1__clause_2"]
    (row,) = client.get(f"{address}?eid=art_2__clause_1").json()["results"]
    assert row["cited_eids"] == ["art_2__clause_1__point_a"]
    assert "điểm a khoản 1 Điều 2 Luật Đất đai số 45/2013/QH13" in row["words"]
    assert client.get("/api/v1/documents/khong-co/cited-by").status_code == 404


def test_the_name_and_year_of_two_laws_lead_to_none_of_them_whatever_happens_to_one():
    day = datetime.date(2013, 11, 29)
    first, second = (a_document(f"{number}/2013/QH13", title="Luật Đất đai", issued_on=day) for number in (45, 46))
    document = citing("Luật Đất đai năm 2013")
    assert "Luật Đất đai năm 2013" not in links_of(document)
    publishing.enter_status_event(second, kind="expires", on=datetime.date(2030, 7, 1), cause="Hết hạn", by=approver())
    consumer.point_mentions()
    assert "Luật Đất đai năm 2013" not in links_of(document)
    editing.withdraw_document(second, by=approver(), reason="Nhập hai lần")
    consumer.point_mentions()
    assert links_of(document)["Luật Đất đai năm 2013"] == (first.number, ())


def test_a_number_leads_to_the_document_that_is_left_when_the_other_was_withdrawn():
    first = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    twin = a_document("45/2013/QH13", title="Luật Đất đai, bản hai", issued_on=datetime.date(2013, 11, 30))
    document = citing("Luật Đất đai số 45/2013/QH13")
    assert "Luật Đất đai số 45/2013/QH13" not in links_of(document)
    editing.withdraw_document(twin, by=approver(), reason="Nhập hai lần")
    consumer.point_mentions()
    assert links_of(document)["Luật Đất đai số 45/2013/QH13"] == (first.number, ())
