"""A reader who reads as of a past day stays on that day, whatever is followed, and finds the way back to today."""

import datetime

import pytest
from django.utils import timezone

from tests.builders import a_document, amend, an_amending_law, an_answered_question
from tests.web_pages import links, page, words

pytestmark = pytest.mark.django_db

DAY = "2024-05-01"
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


def test_links_of_a_page_of_a_past_day_lead_to_that_day(client, law):
    whole = links(page(client, f"/van-ban/{law.key}", as_of=DAY))
    article = links(page(client, f"/van-ban/{law.key}/dieu-1", as_of=DAY))
    for found in (whole, article):
        assert found["Luật Đất đai số 45/2013/QH13"] == f"/van-ban/luat-2013-45-2013-qh13?as_of={DAY}"
        assert found["khoản 1 Điều này"] == f"/van-ban/{law.key}/dieu-1/khoan-1?as_of={DAY}"
        assert found["khoản 1 Điều 2 của Luật này"] == f"/van-ban/{law.key}/dieu-2/khoan-1?as_of={DAY}"
    assert article["Luật Dẫn chiếu năm 2019"] == f"/van-ban/{law.key}?as_of={DAY}"
    assert whole["Xem theo ngày hôm nay"] == f"/van-ban/{law.key}"
    assert article["Xem theo ngày hôm nay"] == f"/van-ban/{law.key}/dieu-1"


def test_what_was_issued_after_the_day_is_read_as_of_today(client, law):
    earlier, later = (
        a_document(
            number, title=title, issued_on=issued_on, text=TEXT.replace("Luật Đất đai số 45/2013/QH13",
            "khoản 1 Điều 1 Luật Dẫn chiếu số 7/2019/QH14")
        )
        for number, title, issued_on in (
            ("8/2022/QH15", "Luật Trước", datetime.date(2022, 1, 1)),
            ("9/2024/QH15", "Luật Sau", datetime.date(2024, 11, 1)),
        )
    )  # fmt: skip
    found = links(page(client, f"/van-ban/{law.key}/dieu-1", as_of=DAY))
    assert found["Luật Trước năm 2022"] == f"/van-ban/{earlier.key}?as_of={DAY}"
    assert found["Luật Sau năm 2024"] == f"/van-ban/{later.key}"


def test_a_page_of_today_names_no_day(client, law):
    assert "as_of" not in page(client, f"/van-ban/{law.key}/dieu-1").content.decode()


def test_a_search_of_a_past_day_stays_on_that_day(client, law):
    shown = page(client, "/tim", q="luật dẫn chiếu", as_of=DAY)
    assert links(shown)["Luật Dẫn chiếu"] == f"/van-ban/{law.key}?as_of={DAY}"
    assert "Bạn đang tra cứu pháp luật tại ngày 01/05/2024." in words(shown)
    assert links(shown)["Xem theo ngày hôm nay"] == "/tim?q=lu%E1%BA%ADt%20d%E1%BA%ABn%20chi%E1%BA%BFu"
    for path in ("/tim", f"/van-ban/{law.key}"):
        assert f'<input type="hidden" name="as_of" value="{DAY}">' in page(client, path, as_of=DAY).content.decode()
    assert "as_of" not in page(client, "/tim", q="luật dẫn chiếu").content.decode()


def test_a_wrong_day_of_a_search_is_told_before_anything_is_typed(client):
    assert page(client, "/tim", as_of="hôm qua").status_code == 400


def test_a_repealed_clause_leads_to_pages_and_not_to_files_of_the_api(client, law):
    act = an_amending_law(law, on=datetime.date(2025, 1, 1), instructions="1. Bãi bỏ khoản 2 Điều 2.")
    amend(act)
    for path in (f"/van-ban/{law.key}", f"/van-ban/{law.key}/dieu-2"):
        found = links(page(client, path))
        assert found["Nội dung trước đó"] == f"/van-ban/{law.key}/dieu-2/khoan-2?as_of=2024-12-31#art_2__clause_2"
        assert f"/van-ban/{act.key}" in found.values()
        assert not [address for address in found.values() if "/api/" in address]
    assert "Bỏ." in words(page(client, f"/van-ban/{law.key}/dieu-2/khoan-2", as_of="2024-12-31"))


def test_the_text_of_the_api_as_html_stays_on_its_day_too(client, law):
    act = an_amending_law(law, on=datetime.date(2023, 1, 1), instructions="1. Bãi bỏ khoản 2 Điều 2.",
                          issued_on=datetime.date(2022, 6, 1))  # fmt: skip
    amend(act)
    text = f"/api/v1/documents/{law.key}/text"
    past, now = (page(client, text, format="html", **day) for day in ({"as_of": DAY}, {}))
    act_url = f"http://127.0.0.1:8000/api/v1/documents/{act.key}/text?format=html"
    assert f"{act_url}&as_of={DAY}" in links(past).values()
    assert links(past)["Xem theo ngày hôm nay"] == f"{text}?format=html"
    assert act_url in links(now).values()
    assert "Xem theo ngày hôm nay" not in links(now)


def test_an_answer_and_the_law_that_it_cites_are_read_as_of_the_same_day(client, law):
    question = an_answered_question(citations=[(law, "art_1")])
    ahead = timezone.localdate() + datetime.timedelta(days=3)
    answer = links(page(client, f"/hoi-dap/{question.key}", as_of=ahead.isoformat()))
    assert answer["Điều 1 Luật Dẫn chiếu năm 2019"] == f"/van-ban/{law.key}/dieu-1?as_of={ahead}"
    article = links(page(client, f"/van-ban/{law.key}/dieu-1", as_of=ahead.isoformat()))
    assert article[question.public_title] == f"/hoi-dap/{question.key}?as_of={ahead}"
    earlier = links(page(client, f"/van-ban/{law.key}/dieu-1", as_of=DAY))
    assert earlier[question.public_title] == f"/hoi-dap/{question.key}"  # nobody had asked it on that day
