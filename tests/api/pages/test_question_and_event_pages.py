"""Pages of questions and events: what they say first, what they do not say, and where they lead."""

import datetime
import html
import re

import pytest
from django.utils import timezone

from content.events import services as events
from content.events.programme import SessionLine
from content.qa import services as questions
from content.qa.services import outdated
from tests.builders import (
    a_document,
    a_planned_event,
    a_question,
    an_answered_question,
    approver,
    correct_law,
    move_event,
)
from tests.web_pages import alternates_of, card_of, data_of, links, page, words

pytestmark = pytest.mark.django_db

CITED = "art_2__clause_1"
HOME = "http://127.0.0.1:8000"


@pytest.fixture
def law():
    return a_document("1/2019/QH14", title="Luật Mẫu")


@pytest.fixture
def question(law):
    return an_answered_question(citations=[(law, CITED), (law, "")], public_text="Bao lâu thì <phải> sang tên?")


def test_the_page_of_a_question_has_the_public_copy_its_answer_and_the_law(client, law, question):
    answer = page(client, f"/hoi-dap/{question.key}")
    assert answer.status_code == 200
    shown = words(answer)
    for told in ("Sang tên xe", "Bao lâu thì <phải> sang tên?", "Trong 30 ngày.", "Theo pháp luật tại ngày"):
        assert told in shown
    for secret in ("0912", "Trần Văn Minh", "lan-answers"):
        assert secret not in answer.content.decode()
    assert links(answer)["khoản 1 Điều 2 Luật Mẫu năm 2019"] == f"/van-ban/{law.key}/dieu-2/khoan-1"
    assert links(answer)["Luật Mẫu năm 2019"] == f"/van-ban/{law.key}"


def test_it_says_first_that_the_cited_law_has_changed(client, law, question):
    before = page(client, f"/hoi-dap/{question.key}")
    assert "đã thay đổi" not in words(before)
    correct_law(law)
    while outdated.flag_outdated_answers():
        pass
    answer = page(client, f"/hoi-dap/{question.key}")
    shown = words(answer)
    assert shown.index("Luật mà câu trả lời này viện dẫn đã thay đổi") < shown.index("Bao lâu thì")
    day = timezone.localdate()
    then = f'<a href="/van-ban/{law.key}/dieu-2/khoan-1?as_of={day}">tại ngày {day:%d/%m/%Y}</a>'
    assert then in answer.content.decode()


def test_the_page_of_a_question_reads_as_of_a_day_as_the_api_does(client, question):
    day = timezone.localdate()
    ahead = day + datetime.timedelta(days=3)
    assert f"Bạn đang đọc câu trả lời này tại ngày {ahead:%d/%m/%Y}." in words(
        page(client, f"/hoi-dap/{question.key}", as_of=ahead.isoformat())
    )
    before = day - datetime.timedelta(days=1)
    assert page(client, f"/hoi-dap/{question.key}", as_of=before.isoformat()).status_code == 404


def test_a_card_of_a_question_does_not_say_the_answer(client, question):
    card = card_of(page(client, f"/hoi-dap/{question.key}"))
    assert (card["title"], card["description"]) == ("Sang tên xe", "Bao lâu thì <phải> sang tên?")
    assert card["image"].endswith("/api/card.png")
    assert card["url"] == f"{HOME}/hoi-dap/{question.key}"


def test_a_merged_question_is_gone_and_leads_to_the_other_and_a_withdrawn_one_to_none(client, question):
    into = an_answered_question()
    questions.merge(question, into=into, by=approver(), reason="Trùng")
    gone = page(client, f"/hoi-dap/{question.key}")
    assert gone.status_code == 410
    assert links(gone)["Đọc ở trang đó"] == f"/hoi-dap/{into.key}"
    questions.withdraw(into)
    gone = page(client, f"/hoi-dap/{into.key}")
    assert gone.status_code == 410
    assert "Đọc ở trang đó" not in links(gone)


@pytest.fixture
def event():
    planned = a_planned_event(
        title="Toạ đàm <đất>",
        text="Giải đáp về sổ đỏ.\n\nMời bà con.",
        online_url="https://hop.example/1",
        materials=[("Tờ gấp", "https://x.vn/to-gap")],
        speakers=[("Lan", "Sở Tư pháp")],
    )
    sessions = [SessionLine("Khai mạc", planned.starts_at, planned.ends_at, [("Hoa", "")])]
    return events.announce(events.revise(planned, sessions=sessions))


def test_the_page_of_an_event_says_whether_when_and_where(client, event):
    answer = page(client, f"/su-kien/{event.key}")
    assert answer.status_code == 200
    shown, starts_at = words(answer), timezone.localtime(event.starts_at)
    assert shown.index("Diễn ra như đã công bố") < shown.index("Toạ đàm <đất>")
    for told in (f"08:00–10:00, {starts_at:%d/%m/%Y}", "Hội trường A", "Giải đáp về sổ đỏ.", "Khai mạc – Hoa"):
        assert told in shown
    assert links(answer)["Tờ gấp"] == "https://x.vn/to-gap"
    assert links(answer)["https://hop.example/1"] == "https://hop.example/1"


def test_a_moved_event_says_what_it_was_and_a_cancelled_one_why(client, event):
    former = timezone.localtime(event.starts_at)
    event = move_event(event, days=2, reason="Hội trường sửa chữa")
    shown = words(page(client, f"/su-kien/{event.key}"))
    assert "Đăng ký trong ứng dụng" in shown
    assert shown.index("Đã dời: thời gian hoặc địa điểm đã đổi") < shown.index(f"{former:%d/%m/%Y}")
    assert "Lý do: Hội trường sửa chữa" in shown
    events.cancel(event, reason="Bão số 9")
    shown = words(page(client, f"/su-kien/{event.key}"))
    assert "Đăng ký trong ứng dụng" not in shown
    assert shown.index("Đã huỷ: sự kiện không diễn ra Bão số 9") < shown.index("Toạ đàm <đất>")


def test_the_page_of_an_event_holds_what_the_api_answers_as_json_ld(client, event):
    described = data_of(page(client, f"/su-kien/{event.key}"))
    assert described == client.get(f"/api/v1/events/{event.key}?format=jsonld&lang=vi").json()
    assert described["url"] == f"{HOME}/su-kien/{event.key}"


def test_both_name_the_same_in_other_formats(client, question, event):
    found = {
        f"/hoi-dap/{question.key}": {"application/json", "application/atom+xml"},
        f"/su-kien/{event.key}": {"application/json", "application/ld+json", "text/calendar", "application/atom+xml"},
    }
    for path, media_types in found.items():
        alternates = alternates_of(page(client, path))
        assert alternates.keys() == media_types
        for media_type, address in alternates.items():
            answer = client.get(address.removeprefix(HOME))
            assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, media_type)


def test_a_program_that_asks_for_json_is_led_to_the_api(client, question, event):
    for path, api in ((f"/hoi-dap/{question.key}", "questions"), (f"/su-kien/{event.key}", "events")):
        led = client.get(f"{path}?lang=en", headers={"Accept": "application/json"})
        assert led.status_code == 303
        assert led["Location"] == f"{HOME}/api/v1/{api}/{path.rpartition('/')[2]}?lang=en"
        assert client.get(led["Location"].removeprefix(HOME)).json()["page_url"] == HOME + path


@pytest.mark.parametrize("path", ["/hoi-dap/hoi-2222222222", "/su-kien/sk-2222222222", "/hoi-dap/x", "/su-kien/sk-2"])
def test_what_is_not_there_is_a_page_that_says_so(client, path):
    answer = page(client, path)
    assert answer.status_code == 404
    assert "Không có trang này" in words(answer)


def test_what_was_not_published_has_no_page(client):
    assert page(client, f"/hoi-dap/{a_question().key}").status_code == 404
    assert page(client, f"/su-kien/{a_planned_event().key}").status_code == 404


def test_no_page_runs_a_script_and_each_is_cached(client, question, event):
    for path in (f"/hoi-dap/{question.key}", f"/su-kien/{event.key}"):
        answer = page(client, path)
        assert not re.findall(r'<script(?! type="application/ld\+json">)', answer.content.decode())
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        again = client.get(path, headers={"If-None-Match": answer["ETag"], "Accept-Language": "vi"})
        assert again.status_code == 304


def test_what_leads_to_them_leads_to_pages(client, law, question, event):
    assert links(page(client, f"/van-ban/{law.key}/dieu-2"))["Sang tên xe"] == f"/hoi-dap/{question.key}"
    assert links(page(client, "/tim", q="Sang tên xe"))["Sang tên xe"] == f"/hoi-dap/{question.key}"
    assert links(page(client, "/tim", q="Toạ đàm đất"))["Toạ đàm <đất>"] == f"/su-kien/{event.key}"
    for kind, path in (("questions", f"/hoi-dap/{question.key}"), ("events", f"/su-kien/{event.key}")):
        feed = client.get(f"/api/v1/feeds/{kind}.json").json()
        assert [item["url"] for item in feed["items"]] == [HOME + path]
        assert f"/sitemap-{kind}-1.xml" in client.get("/sitemap.xml").content.decode()
        assert f"<loc>{HOME}{path}</loc>" in client.get(f"/sitemap-{kind}-1.xml").content.decode()
        assert client.get(f"/sitemap-{kind}-2.xml").status_code == 404


def test_a_page_is_in_the_language_that_is_asked_for(client, event):
    text = html.unescape(page(client, f"/su-kien/{event.key}", lang="en").content.decode())
    assert '<html lang="en">' in text
    assert "It takes place as announced" in text
    assert '<h1 lang="vi">' in text
