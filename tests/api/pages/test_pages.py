"""Pages that people read: what they say first, what the words lead to, and what they are when the law has changed."""

import datetime
import html
import re

import pytest

from content.documents.models import Amendment, StatusEvent
from content.editing import services as editing
from content.endings import services as endings
from tests.builders import a_document, amend, an_amending_law, staff
from tests.web_pages import data_of, links, page, words

pytestmark = pytest.mark.django_db

TEXT = """LUẬT
MẪU
Căn cứ Hiến pháp;
Điều 1. Phạm vi <điều chỉnh>
1. Luật này quy định về mẫu & thử theo Luật Đất đai số 45/2013/QH13.
2. Mẫu tại khoản 1 Điều này được thử.
Điều 2. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020.
"""


@pytest.fixture
def law():
    return a_document("7/2019/QH14", title="Luật Dẫn chiếu", text=TEXT)


def test_the_page_of_a_document_says_its_effect_before_anything_else(client, law):
    answer = page(client, f"/van-ban/{law.key}")
    assert answer.status_code == 200
    shown = words(answer)
    assert shown.index("Còn hiệu lực, từ 01/01/2020") < shown.index("Phạm vi <điều chỉnh>")
    assert "Luật này quy định về mẫu & thử theo Luật Đất đai số 45/2013/QH13." in shown


def test_words_that_name_other_law_lead_to_its_page(client, law):
    land = a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    found = links(page(client, f"/van-ban/{law.key}"))
    assert found["Luật Đất đai số 45/2013/QH13"] == f"/van-ban/{land.key}"
    assert found["khoản 1 Điều này"] == f"/van-ban/{law.key}/dieu-1/khoan-1"


def test_the_page_of_a_clause_says_where_it_stands_and_what_mentions_it(client, law):
    other = a_document("8/2019/QH14", title="Luật Khác", text=TEXT.replace(
        "Luật Đất đai số 45/2013/QH13", "khoản 2 Điều 1 Luật Dẫn chiếu số 7/2019/QH14"))  # fmt: skip
    answer = page(client, f"/van-ban/{law.key}/dieu-1/khoan-2")
    shown, found = words(answer), links(answer)
    assert "khoản 2 Điều 1 Luật Dẫn chiếu năm 2019" in shown
    assert "Mẫu tại khoản 1 Điều này được thử." in shown
    assert "quy định về mẫu" not in shown
    assert found["Điều 1. Phạm vi <điều chỉnh>"] == f"/van-ban/{law.key}/dieu-1"
    assert found["Luật Khác năm 2019"] == f"/van-ban/{other.key}"


def test_a_shared_link_has_a_card_without_the_status(client, law):
    text = page(client, f"/van-ban/{law.key}/dieu-1").content.decode()
    card = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', text))
    assert card["title"] == "Điều 1 Luật Dẫn chiếu năm 2019"
    assert card["description"].startswith("Điều 1. Phạm vi &lt;điều chỉnh&gt;")
    assert card["image"].endswith("/api/card.png")
    assert "hiệu lực" not in card["title"] + card["description"].split("1. Luật")[0]
    assert f'<link rel="canonical" href="{card["url"]}">' in text


def test_a_doubt_leads_to_the_page_of_the_provision_that_says_it(client):
    old = a_document("1/2019/QH14", title="Luật Mẫu cũ")
    clause = "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành, trừ khoản 2 Điều 9."
    act = a_document(
        "9/2024/QH15",
        text=f"Điều 1. Phạm vi\nMột.\nĐiều 2. Hiệu lực thi hành\n1. {clause}\n",
        effective_on=datetime.date(2025, 1, 1),
    )
    endings.read_acts([act])
    for path in (f"/van-ban/{old.key}", f"/van-ban/{old.key}/dieu-1"):
        shown = page(client, path, as_of="2025-01-01")
        assert clause in words(shown)
        assert links(shown)["9/2024/QH15"] == f"/van-ban/{act.key}/dieu-2/khoan-1?as_of=2025-01-01"


def test_the_place_of_an_article_is_named_as_the_law_prints_it(client):
    law = a_document("6/2019/QH14", text="Chương II\nQUY ĐỊNH\nĐiều 1. Phạm vi\nMột.\n")
    assert links(page(client, f"/van-ban/{law.key}/dieu-1"))["Chương II"] == f"/van-ban/{law.key}/chuong-2"


def test_a_page_holds_what_the_api_answers_as_json_ld(client, law):
    api = f"/api/v1/documents/{law.key}"
    article = data_of(page(client, f"/van-ban/{law.key}/dieu-1"))
    assert article == client.get(f"{api}/provisions/art_1?format=jsonld&lang=vi").json()
    assert "<điều chỉnh>" in article["text"]
    whole = client.get(f"{api}/text?format=jsonld&lang=vi").json()
    assert whole.pop("hasPart")
    assert data_of(page(client, f"/van-ban/{law.key}")) == whole


def test_a_page_names_the_same_text_in_other_formats(client, law):
    text = page(client, f"/van-ban/{law.key}/dieu-1", as_of="2021-05-01").content.decode()
    alternates = dict(re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', text))
    assert alternates.keys() == {"application/json", "application/akn+xml", "text/markdown", "application/atom+xml"}
    for media_type, address in alternates.items():
        answer = client.get(html.unescape(address).removeprefix("http://127.0.0.1:8000"))
        assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, media_type)


@pytest.mark.parametrize(("place", "api"), [("", ""), ("/dieu-1/khoan-2", "/provisions/art_1__clause_2")])
def test_a_program_that_asks_for_json_is_led_to_the_same_object_in_the_api(client, law, place, api):
    path = f"/van-ban/{law.key}{place}?as_of=2021-05-01&lang=en"
    led = client.get(path, headers={"Accept": "application/json"})
    assert (led.status_code, led["Cache-Control"].split(",")[0]) == (303, "public")
    assert led["Location"] == f"http://127.0.0.1:8000/api/v1/documents/{law.key}{api}?as_of=2021-05-01&lang=en"
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "facebookexternalhit"):
        shown = client.get(path, headers={"Accept": accept})
        assert (shown.status_code, shown["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "Accept" in shown["Vary"].split(", ")


def test_no_page_runs_a_script_or_loads_anything_from_elsewhere(client, law):
    for path in (f"/van-ban/{law.key}", f"/van-ban/{law.key}/dieu-1", "/tim", "/tim?q=mẫu", "/van-ban/khong-co"):
        answer = client.get(path)
        text = answer.content.decode()
        assert not re.findall(r'<script(?! type="application/ld\+json">)', text)
        assert not re.findall(r'(?:src|<link rel="stylesheet" href)="(?!/static/)', text)
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_same_address_reads_as_it_did_the_day_before_a_repeal(client):
    law = a_document("5/2019/QH14")
    act = an_amending_law(law, on=datetime.date(2025, 1, 1), instructions="1. Bãi bỏ khoản 2 Điều 2.")
    amend(act)
    gone = page(client, f"/van-ban/{law.key}/dieu-2/khoan-2")
    assert gone.status_code == 410
    assert "31/12/2024" in words(gone)
    clause = f"/van-ban/{law.key}/dieu-2/khoan-2"
    assert links(gone)["Lời văn tại ngày 31/12/2024"] == f"{clause}?as_of=2024-12-31"
    assert f"/van-ban/{law.key}" in links(gone).values()
    before = page(client, f"/van-ban/{law.key}/dieu-2/khoan-2", as_of="2024-12-31")
    assert before.status_code == 200
    assert "Bạn đang đọc pháp luật tại ngày 31/12/2024." in words(before)
    whole = words(page(client, f"/van-ban/{law.key}"))
    assert "Khoản 2 Bị bãi bỏ từ 01/01/2025 bởi" in whole, whole


def test_a_law_that_ended_says_since_when_and_by_what(client, law):
    new = a_document("9/2024/QH15", title="Luật Mới", issued_on=datetime.date(2024, 1, 1))
    law.status_events.create(kind="expires", scope="whole", on="2025-01-01", stated_on="2025-01-01")
    law.suffered_relations.create(
        kind="replaces", scope="whole", actor=new, target_text="Luật Dẫn chiếu", target_key=law.number_key,
        status="confirmed", decided_at=datetime.datetime.now(datetime.UTC),
    )  # fmt: skip
    answer = page(client, f"/van-ban/{law.key}/dieu-1")
    assert "Hết hiệu lực từ 01/01/2025" in words(answer)
    assert links(answer)["Luật Mới năm 2024"] == f"/van-ban/{new.key}"


@pytest.mark.parametrize(
    "path", ["/van-ban/khong-co", "/van-ban/{key}/dieu-99", "/van-ban/{key}/bai-1", "/van-ban/{key}/x"]
)
def test_what_is_not_there_is_a_page_that_says_so(client, law, path):
    answer = page(client, path.format(key=law.key))
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "Không có trang này" in words(answer)


@pytest.mark.parametrize("place", ["", "/dieu-1"])
def test_a_page_as_of_a_day_before_the_law_was_issued_says_so_and_shows_no_text(client, place):
    law = a_document("7/2019/QH14", title="Luật Dẫn chiếu", text=TEXT, issued_on=datetime.date(2019, 6, 14))
    answer = page(client, f"/van-ban/{law.key}{place}", as_of="2015-01-01")
    assert answer.status_code == 404
    assert "Văn bản này được ban hành ngày 14/06/2019. Ngày 01/01/2015 chưa có văn bản." in words(answer)
    assert "được thử" not in words(answer)
    assert f"/van-ban/{law.key}" in links(answer).values()


def test_a_page_marks_what_was_amended_and_names_the_part_that_is_no_longer_in_force(client):
    law = a_document("5/2019/QH14")
    act = an_amending_law(law, on=datetime.date(2025, 1, 1))
    amend(act)
    answer = page(client, f"/van-ban/{law.key}")
    said, act_path = words(answer), f"/van-ban/{act.key}"
    assert "Sửa đổi, bổ sung từ 01/01/2025 bởi" in said
    assert act_path in links(answer).values()
    assert "điểm b khoản 1 Điều 2" in said[: said.index("Mục lục")], said  # the banner names the part that ended
    unchanged = words(page(client, f"/van-ban/{law.key}", as_of="2024-12-31"))
    assert "Sửa đổi, bổ sung từ" not in unchanged


def test_the_page_of_a_unit_shows_what_acts_removed_under_it_and_nothing_removed_elsewhere(client):
    text = """LUẬT
MẪU
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
1. Một.
2. Hai.
Điều 2. Áp dụng
Áp dụng luật.
Chương II
ĐIỀU KHOẢN THI HÀNH
Điều 3. Giải thích
Giải thích từ ngữ.
Điều 4. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020.
"""
    law = a_document("5/2019/QH14", text=text)
    amend(an_amending_law(law, instructions="1. Bãi bỏ khoản 2 Điều 1.\n2. Bãi bỏ Điều 2.\n3. Bãi bỏ Điều 3."))
    removed = {
        path: re.findall(r"(Khoản 2|Điều \d\. [^.]+?) Bị bãi bỏ", words(page(client, f"/van-ban/{law.key}/{path}")))
        for path in ("dieu-1", "dieu-4", "chuong-1", "chuong-2")
    }
    assert removed == {
        "dieu-1": ["Khoản 2"],
        "dieu-4": [],
        "chuong-1": ["Khoản 2", "Điều 2. Áp dụng"],
        "chuong-2": ["Điều 3. Giải thích"],
    }


def test_a_withdrawn_document_is_gone_with_its_reason(client, law):
    editing.withdraw_document(law, by=staff("lan", "publisher"), reason="Đăng nhầm bản dự thảo")
    answer = page(client, f"/van-ban/{law.key}/dieu-1")
    assert answer.status_code == 410
    assert "Đăng nhầm bản dự thảo" in words(answer)


def test_a_wrong_day_is_told_on_a_page(client, law):
    answer = page(client, f"/van-ban/{law.key}", as_of="2025-02-30")
    assert answer.status_code == 400
    assert "Không đọc được địa chỉ này" in words(answer)


def test_a_link_is_read_with_the_parameters_that_a_network_adds_when_it_is_shared(client, law):
    tapped = page(client, f"/van-ban/{law.key}/dieu-1", fbclid="IwAR0x", zarsrc="30", utm_source="zalo", utm_term="")
    assert tapped.status_code == 200
    assert "fbclid" not in tapped.content.decode()
    assert page(client, "/akn/vn/act/luat/2019/7-2019-qh14", fbclid="IwAR0x").status_code == 303


def test_an_empty_search_box_shows_the_box(client):
    answer = page(client, "/tim", q="")
    assert answer.status_code == 200
    assert 'name="q"' in answer.content.decode()


def test_the_next_page_of_a_search_is_of_the_same_day(client):
    a_document(
        "8/2019/QH14", text="LUẬT\nMẪU\n" + "".join(f"Điều {place}. Thửa đất\nThửa đất.\n" for place in range(1, 30))
    )
    answer = page(client, "/tim", q="thửa đất", as_of="2024-01-01")
    assert "page=2&amp;as_of=2024-01-01" in answer.content.decode()


def test_the_search_box_leads_to_pages(client, law):
    answer = page(client, "/tim", q="Luật Dẫn chiếu")
    assert links(answer)["Luật Dẫn chiếu"] == f"/van-ban/{law.key}"
    assert "Không tìm thấy kết quả nào" in words(page(client, "/tim", q="zzzz qqqq"))
    assert page(client, "/tim", q="<b>").status_code == 200


def test_a_page_is_cached_and_answers_304(client, law):
    first = page(client, f"/van-ban/{law.key}")
    again = client.get(f"/van-ban/{law.key}", headers={"If-None-Match": first["ETag"], "Accept-Language": "vi"})
    assert again.status_code == 304


def test_a_program_is_led_on_with_the_day_alone_and_options_is_no_error(client, law):
    shared = f"/van-ban/{law.key}?fbclid=IwAR0x&as_of=2020-01-01"
    led = client.get(shared, headers={"Accept": "application/json"})
    assert led["Location"].endswith(f"/api/v1/documents/{law.key}?as_of=2020-01-01")
    assert [client.options(path).status_code for path in ("/tim", f"/van-ban/{law.key}")] == [405, 405]


def test_a_unit_that_ended_alone_names_the_act_that_ended_it_and_not_what_replaced_the_law_later(client):
    law = a_document("7/2019/QH14", title="Luật Dẫn chiếu", text=TEXT)
    act = a_document("1/2021/QH15", title="Luật bỏ một khoản", issued_on=datetime.date(2020, 11, 1))
    later = a_document("2/2024/QH15", title="Luật thay thế", issued_on=datetime.date(2024, 1, 1))
    endings_of = [("part", ["art_1__clause_2"], act, (2021, 1, 1)), ("whole", [], later, (2024, 7, 1))]
    for scope, eids, by_act, day in endings_of:
        amendment = Amendment.objects.create(act=by_act, document=law, on=datetime.date(*day), instructions=[], eids=[])
        StatusEvent.objects.create(
            document=law, kind="expires", scope=scope, eids=eids, on=datetime.date(*day), stated_on=datetime.date(*day),
            amendment=amendment,
        )  # fmt: skip
    path = f"/van-ban/{law.key}/dieu-1/khoan-2"
    alone, whole = words(page(client, path, as_of="2022-01-01")), words(page(client, path, as_of="2025-01-01"))
    assert ("Luật bỏ một khoản" in alone, "Luật thay thế" in alone) == (True, False)
    assert "Luật thay thế" in whole


def test_a_search_that_names_what_is_not_here_says_so(client, law):
    assert "Ở đây không có «bộ luật hình sự»" in words(page(client, "/tim", q="blhs điều 1"))
    assert "Ở đây không có" not in words(page(client, "/tim", q="luật dẫn chiếu"))
