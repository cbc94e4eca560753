"""A reader who asks for a page in English stays in English, whatever is followed."""

import datetime

import pytest

from tests.builders import a_document, amend, an_amending_law, an_answered_question
from tests.web_pages import links, page

pytestmark = pytest.mark.django_db

TEXT = """LUẬT
MẪU
Điều 1. Phạm vi
1. Luật này quy định về mẫu theo Luật Đất đai số 45/2013/QH13.
2. Mẫu tại khoản 1 Điều này và khoản 1 Điều 2 của Luật này.
Điều 2. Hiệu lực thi hành
1. Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020.
2. Bỏ.
"""


@pytest.fixture
def law():
    a_document("45/2013/QH13", title="Luật Đất đai", issued_on=datetime.date(2013, 11, 29))
    return a_document("7/2019/QH14", title="Luật Dẫn chiếu", text=TEXT)


def inside(answer):
    """The addresses of the links to other pages, without the one that changes the language."""
    return [each for each in links(answer).values() if each.startswith("/")]


def languages(answer):
    return {"lang=en" in each for each in inside(answer)}


def test_links_of_a_page_in_english_lead_to_pages_in_english(client, law):
    for path in ("", "/dieu-1", "/dieu-2/khoan-1"):
        answer = page(client, f"/van-ban/{law.key}{path}", lang="en")
        assert languages(answer) == {True}
    article = links(page(client, f"/van-ban/{law.key}/dieu-1", lang="en"))
    assert article["Luật Đất đai số 45/2013/QH13"] == "/van-ban/luat-2013-45-2013-qh13?lang=en"
    assert article["khoản 1 Điều 2 của Luật này"] == f"/van-ban/{law.key}/dieu-2/khoan-1?lang=en"
    assert article["Luật Mở"] == "/tim?lang=en"


def test_the_day_of_a_page_stays_beside_its_language(client, law):
    article = links(page(client, f"/van-ban/{law.key}/dieu-1", lang="en", as_of="2024-05-01"))
    day = "as_of=2024-05-01"
    assert article["Luật Đất đai số 45/2013/QH13"] == f"/van-ban/luat-2013-45-2013-qh13?{day}&lang=en"
    assert article["As of today"] == f"/van-ban/{law.key}/dieu-1?lang=en"
    assert article["Tiếng Việt"] == f"?{day}&lang=vi"


def test_a_link_to_the_text_before_keeps_day_language_and_place(client, law):
    amend(an_amending_law(law, instructions="1. Bãi bỏ khoản 2 Điều 2."))
    found = links(page(client, f"/van-ban/{law.key}", lang="en"))
    before = f"/van-ban/{law.key}/dieu-2/khoan-2?as_of=2024-12-31&lang=en#art_2__clause_2"
    assert found["Text before"] == before


def test_a_page_whose_address_names_no_language_leaves_it_to_the_browser(client, law):
    for asked in ({}, {"lang": "vi"}):
        assert languages(page(client, f"/van-ban/{law.key}/dieu-1", **asked)) == {False}
    by_browser = client.get(f"/van-ban/{law.key}/dieu-1", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert languages(by_browser) == {False}


def test_the_permanent_address_and_the_card_of_a_page_have_no_language(client, law):
    text = page(client, f"/van-ban/{law.key}/dieu-1", lang="en").content.decode()
    head = text.partition("</head>")[0]
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/van-ban/{law.key}/dieu-1">' in head
    assert "lang=en" not in head


def test_a_search_keeps_the_language_in_results_examples_and_box(client, law):
    empty = page(client, "/tim", lang="en")
    assert languages(empty) == {True}
    assert '<input type="hidden" name="lang" value="en">' in empty.content.decode()
    assert links(page(client, "/tim", q="Luật Dẫn chiếu", lang="en"))["Luật Dẫn chiếu"].endswith("lang=en")
    assert 'name="lang"' not in page(client, "/tim").content.decode()


def test_a_question_and_an_error_keep_the_language(client, law):
    question = an_answered_question(citations=[(law, "art_1")])
    assert languages(page(client, f"/hoi-dap/{question.key}", lang="en")) == {True}
    missing = page(client, f"/van-ban/{law.key}/dieu-99", lang="en")
    assert missing.status_code == 404
    assert languages(missing) == {True}


def test_a_permanent_address_leads_to_the_page_in_the_language_that_is_asked_for(client, law):
    led = client.get("/akn/vn/act/luat/2019/7-2019-qh14/!main~art_1?lang=en", headers={"Accept": "text/html"})
    assert led.status_code == 303
    assert led["Location"] == f"http://127.0.0.1:8000/van-ban/{law.key}/dieu-1?lang=en"


def test_words_of_the_law_that_look_like_a_link_stay_as_they_are(client):
    law = a_document("8/2019/QH14", title="Luật Lạ", text='Điều 1. Lạ\nViết <a href="/tim"> và href="/van-ban/a".')
    text = page(client, f"/van-ban/{law.key}", lang="en").content.decode()
    assert "&lt;a href=&quot;/tim&quot;&gt; và href=&quot;/van-ban/a&quot;" in text
