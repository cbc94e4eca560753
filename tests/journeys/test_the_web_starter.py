"""docs/starters/web does what it promises: it registers, searches, follows, receives and opens, in a real browser."""

import sys
from pathlib import Path

import pytest

from tests.journeys.browser import CHROMIUM, a_small_page
from tests.journeys.installation import eventually
from tests.journeys.test_the_phone_page import publish

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)"),
]
STARTERS = Path(__file__).resolve().parents[2] / "docs" / "starters"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}
MAX_LINES = 300
ARTICLE = {"number": "1", "title": "Một", "path": [], "text": "1. Một.\na) Một a;\nb) Một <b>b</b>."}


def serve(route):
    """The files of the starter, from the origin of the API."""
    file = STARTERS / "web" / (route.request.url.rpartition("/")[2].partition("#")[0] or "index.html")
    route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])


@pytest.fixture
def installation(shared_installation):
    """Each test has a phone of its own there, and a law of its own number."""
    return shared_installation


@pytest.fixture
def page(browser):
    page = a_small_page(browser)
    page.route("**/starter/*", serve)
    return page


def follow_and_receive(installation, page, tmp_path, **law):
    """The link of the news about a law, on the page of a phone that follows its topic."""
    page.goto(f"http://127.0.0.1:{installation.port}/starter/")
    page.get_by_role("button", name="Theo dõi Đất đai", exact=True).first.press("Enter")
    page.get_by_role("button", name="Thôi theo dõi Đất đai", exact=True).first.wait_for()
    publish(installation, tmp_path, articles=[ARTICLE], **law)
    news = page.get_by_role("list").first.get_by_role("link")

    def look():
        page.evaluate("dispatchEvent(new Event('online'))")  # as when a push comes: look into the inbox
        return news.count()

    eventually(look)
    return news


def test_register_search_follow_receive_and_open(installation, page, tmp_path):
    news = follow_and_receive(installation, page, tmp_path)
    assert news.count() == 1
    assert "31/2024/QH15" in news.text_content()

    news.press("Enter")  # the page for people, not the object of the API
    page.wait_for_url("**/van-ban/luat-2024-31-2024-qh15")
    page.get_by_role("main").get_by_text("Điều 1. Một").first.wait_for()
    page.go_back()

    page.get_by_role("searchbox").fill("luat mau ve dat")
    page.get_by_role("button", name="Tìm", exact=True).press("Enter")
    page.get_by_role("list").nth(1).get_by_role("link").first.press("Enter")
    law = page.get_by_role("article")
    law.get_by_text("Điều 1. Một").first.wait_for()
    assert "Còn hiệu lực" in law.text_content()
    assert "b) Một <b>b</b>." in law.text_content()  # text, never HTML
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.goto(f"http://127.0.0.1:{installation.port}/starter/")
    page.reload()  # the same installation, its follow and its inbox
    page.get_by_role("button", name="Thôi theo dõi Đất đai", exact=True).first.wait_for()
    assert news.count() == 1
    assert page.locator(".unread").count() == 0
    assert page.complaints == []


def test_what_was_read_stays_read_although_the_server_could_not_be_told(installation, page, tmp_path):
    news = follow_and_receive(installation, page, tmp_path, number="32/2024/QH15")
    page.route("**/inbox/*/read", lambda route: route.abort())
    news.press("Enter")
    page.wait_for_url("**/van-ban/luat-2024-32-2024-qh15")
    page.unroute("**/inbox/*/read")

    with page.expect_response("**/inbox/*/read") as told:
        page.goto(f"http://127.0.0.1:{installation.port}/starter/")
    assert told.value.status == 204
    assert page.locator(".unread").count() == 0


@pytest.mark.parametrize("starter", ["web", "flutter"])
def test_a_starter_can_be_read_at_a_sitting(starter):
    files = [file for file in (STARTERS / starter).rglob("*") if file.is_file() and file.suffix != ".md"]
    assert 50 < sum(file.read_text().count("\n") for file in files) <= MAX_LINES
