"""What a newcomer sees first: a phone on a page that shows the push, and opens the law."""

import datetime
import json
import os
import signal
import sys

import pytest

from content.clock_times import end_in_words
from tests.journeys.browser import CHROMIUM, a_small_page
from tests.journeys.installation import eventually

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)"),
]
A_LAW = {
    "number": "31/2024/QH15",
    "type": "Luật",
    "title": "Luật Mẫu <img src=x onerror=alert(1)> về đất",
    "issuer": "Quốc hội",
    "issued": "2024-01-18",
    "effective": "2025-01-01",
    "preamble": ["QUỐC HỘI"],
    "articles": [
        {
            "number": "1",
            "title": "Một",
            "path": [],
            "text": "1. Một.\na) Một a;\nb) Một b;\nc) Một c;\nd) Một d;\nđ) Một <b>đ</b>.",
        }
    ],
    "footer": [],
}


@pytest.fixture
def page(browser):
    return a_small_page(browser)


@pytest.fixture
def installation(shared_installation):
    """Each test has a phone of its own there, and laws of its own numbers."""
    return shared_installation


def publish(installation, tmp_path, **changes):
    file = tmp_path / "law.jsonl"
    file.write_text(json.dumps(A_LAW | changes))
    installation.manage("import_documents", file, "--topic", "11-dat-dai", "--publish", "--notify")


def topic_counts(installation):
    """How many FCM topics each phone is on."""
    phones = installation.emu("GET", "devices")
    return [len(installation.emu("GET", f"devices/{phone}")["topics"]) for phone in phones]


def follow_land(page, installation):
    page.goto(f"http://127.0.0.1:{installation.port}/")
    assert page.get_by_role("button", name="Theo dõi An ninh quốc gia", exact=True).first.is_disabled()
    page.get_by_role("button", name="Bật điện thoại ảo").press("Enter")
    page.get_by_text("Chưa theo dõi chủ đề nào").wait_for()
    page.get_by_role("searchbox").fill("DAT dai")  # without accents
    page.get_by_role("button", name="Theo dõi Đất đai", exact=True).first.press("Enter")
    page.get_by_text("đang nghe 14 kênh FCM").wait_for()  # the subject and its one heading, seven kinds of news


def cards(page):
    return page.get_by_role("list", name="Thông báo trên điện thoại").get_by_role("link")


def test_follow_publish_the_notification_appears_and_opens_the_law(installation, page, tmp_path):
    follow_land(page, installation)
    page.get_by_text("Công bố một văn bản thuộc chủ đề đang theo dõi").wait_for()
    publish(installation, tmp_path)
    cards(page).get_by_text("Văn bản mới: Luật 31/2024/QH15. Chạm để đọc.").wait_for()
    assert cards(page).count() == 1
    assert A_LAW["title"] in cards(page).text_content()

    cards(page).press("Enter")
    page.get_by_role("heading", name=A_LAW["title"]).wait_for()
    law = page.get_by_role("article").text_content()
    assert all(words in law for words in ("Còn hiệu lực", "Luật 31/2024/QH15", "18/01/2024", "Quốc hội", "Đất đai"))
    assert law.index("Điều 1. Một") < law.index("a) Một a;") < law.index("đ) Một <b>đ</b>.")
    page.get_by_role("navigation", name="Mục lục").get_by_role("link", name="Điều 1. Một").press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Điều 1. Một"
    page.get_by_role("link", name="Trở lại").first.press("Enter")
    page.get_by_role("heading", name="Theo dõi chủ đề").wait_for()
    cards(page).press("Enter")  # again
    page.get_by_role("heading", name=A_LAW["title"]).wait_for()
    cards(page).press("Enter")  # and while it is open
    assert page.evaluate("document.documentElement.scrollWidth") == 390  # nothing sticks out of a small screen
    assert page.complaints == []

    page.reload()  # all is kept: the phone, what it follows, its tray, the law that was open
    page.get_by_role("heading", name=A_LAW["title"]).wait_for()
    page.get_by_role("link", name="Trở lại").first.press("Enter")
    page.get_by_role("button", name="Thôi theo dõi Đất đai").wait_for()
    page.get_by_role("switch", name="Có mạng").press("Enter")
    page.get_by_text("Mất mạng").first.wait_for()
    publish(installation, tmp_path, number="32/2024/QH15", title="Luật Mẫu thứ hai")
    page.get_by_text("1 thông báo đang chờ").wait_for()
    assert cards(page).count() == 1
    page.get_by_role("switch", name="Có mạng").press("Enter")
    cards(page).get_by_text("Luật Mẫu thứ hai").wait_for()
    assert "Luật Mẫu thứ hai" in cards(page).first.text_content()  # the newest on top
    assert page.complaints == []

    page.get_by_role("button", name="Xóa điện thoại này").press("Enter")
    page.get_by_role("button", name="Bật điện thoại ảo").wait_for()
    assert cards(page).count() == 0


def test_a_push_of_what_the_phone_does_not_draw_opens_its_page(installation, page):
    follow_land(page, installation)
    installation.manage("shell", "-v0", "-c", "from tests.builders import an_event; an_event(notify=True)")
    cards(page).get_by_text("Toạ đàm về đất đai").wait_for()
    cards(page).press("Enter")
    page.wait_for_url("**/su-kien/*")
    page.get_by_role("heading", name="Toạ đàm về đất đai").wait_for()
    assert page.complaints == []


def test_a_paper_of_the_sample_contest_is_taken_on_a_small_page(installation, page):
    page.goto(f"http://127.0.0.1:{installation.port}/phone")
    offer = page.get_by_role("button", name="Xem thể lệ CUỘC THI MẪU")
    offer.wait_for()
    assert offer.is_disabled()  # there is no phone yet
    page.get_by_role("button", name="Bật điện thoại ảo").press("Enter")
    page.get_by_text("chưa nghe kênh nào").wait_for()  # the phone is on, and the list was drawn again
    offer.press("Enter")
    page.get_by_text("Mỗi người có 3 lượt trong mỗi vòng.").wait_for()
    page.get_by_role("button", name="Tôi đồng ý và làm bài").press("Enter")
    page.get_by_role("timer").wait_for()
    assert page.locator("#paper fieldset").count() == 3
    for question in page.locator("#paper fieldset").all():
        first = question.locator("input").first
        first.check() if first.get_attribute("type") == "radio" else first.fill("hai")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Nộp bài").press("Enter")
    page.get_by_role("heading", name="Đã nộp bài").wait_for()
    assert "/3 câu" in page.locator("#paper").text_content()
    page.get_by_text("Biên nhận có chữ ký").press("Enter")
    assert page.locator(".receipt").text_content().count(".") == 2
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.complaints == []
    page.get_by_role("button", name="Trở lại").press("Enter")
    offer.wait_for()


def test_the_end_of_a_round_is_told_in_vietnam_time_wherever_the_browser_is(installation, browser):
    page = a_small_page(browser, timezone_id="America/Los_Angeles")
    page.goto(f"http://127.0.0.1:{installation.port}/phone")
    page.locator("#contests .name").first.wait_for()
    contest = installation.api("GET", "contests?open=true")[1]["results"][0]
    (end,) = [each["ends_at"] for each in contest["rounds"] if each["status"] == "open"]
    told = end_in_words(datetime.datetime.fromisoformat(end)).replace(" ", " ngày ")
    assert f"đến {told} (giờ Việt Nam)" in page.locator("#contests").text_content()
    in_words = """async moment => {
        const names = performance.getEntriesByType("resource").map(each => each.name);
        return (await import(names.find(each => /phone\\/contests[.\\w]*\\.js/.test(each)))).endInWords(moment);
    }"""
    midnight, before = [page.evaluate(in_words, f"2026-07-15T{time}Z") for time in ("17:00:00", "16:59:00")]
    assert midnight == "24h00 ngày 15/07/2026 (giờ Việt Nam)"
    assert before == "23h59 ngày 15/07/2026 (giờ Việt Nam)"


def test_what_is_away_is_said_in_words_and_unsaid_when_it_is_back(installation, page, tmp_path):
    follow_land(page, installation)
    trouble = page.get_by_role("alert")
    emulator = installation.child("emulator")
    os.kill(emulator, signal.SIGSTOP)
    try:
        trouble.get_by_text("Máy chủ FCM cục bộ không trả lời.").wait_for()
    finally:  # other tests need it
        os.kill(emulator, signal.SIGCONT)
    trouble.wait_for(state="hidden")
    page.context.set_offline(True)
    trouble.get_by_text("Không gọi được máy chủ Luật Mở.").wait_for()
    page.context.set_offline(False)
    trouble.wait_for(state="hidden")

    page.goto(f"http://127.0.0.1:{installation.port}/phone#van-ban/luat-da-rut")
    trouble.get_by_text("Văn bản này không còn ở đây").wait_for()
    assert page.get_by_role("heading", name="Theo dõi chủ đề").is_visible()

    installation.emu("POST", "reset")  # FCM forgets the phone: the page comes with a new registration, as an app would
    eventually(
        lambda: (
            [len(installation.emu("GET", f"devices/{each}")["topics"]) for each in installation.emu("GET", "devices")]
            == [14]
        )
    )
    publish(installation, tmp_path, number="33/2024/QH15", title="Luật Mẫu thứ ba")
    cards(page).get_by_text("Luật 33/2024/QH15").wait_for()


def test_a_phone_that_is_switched_on_slowly_registers_once(installation, page):
    held, registered = [], []
    page.on("request", lambda request: registered.append(request.method) if "/api/v1/devices/" in request.url else None)
    page.route("**/api/v1/devices/*", lambda route: route.continue_() if held else held.append(route))
    page.goto(f"http://127.0.0.1:{installation.port}/phone")
    power = page.get_by_role("button", name="Bật điện thoại ảo")
    with page.expect_request("**/api/v1/devices/*"):
        power.press("Enter")
    power.press("Enter")  # it is still there: the answer is not
    for _ in range(5):  # time for a second registration to reach the API
        page.evaluate("fetch('/health/live').then(answer => answer.text())")
    held[0].continue_()
    page.get_by_text("Chưa theo dõi chủ đề nào").wait_for()
    assert (registered, page.complaints) == (["PUT"], [])
