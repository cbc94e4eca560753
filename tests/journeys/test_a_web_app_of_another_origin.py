"""An app in a browser, on another origin: it registers, follows, asks, reads its inbox, and FCM reaches it."""

import functools
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.journeys.browser import CHROMIUM, a_small_page
from tests.journeys.installation import eventually
from tests.journeys.test_the_phone_page import A_LAW, publish

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)"),
]
TOKEN = "web-registration-of-minh"
AN_ARTICLE = {"number": "1", "title": "Phạm vi", "path": [], "text": "Luật này quy định về mẫu."}


@pytest.fixture
def origin():
    """The address of a web server on a port of its own, with the folder of web_app.html."""
    handler = functools.partial(QuietHandler, directory=Path(__file__).parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        """Nothing: pytest has its own output."""


def test_it_registers_follows_asks_and_reads_its_inbox_and_fcm_reaches_it(installation, browser, origin, tmp_path):
    installation.emu("POST", "devices", {"token": TOKEN, "platform": "web"})
    api = f"http://127.0.0.1:{installation.port}/api/v1"
    page = a_small_page(browser)  # what CORS stops is a complaint
    page.goto(f"{origin}/web_app.html?{urlencode({'api': api, 'token': TOKEN})}")
    page.get_by_text("Đang theo dõi").wait_for()
    eventually(lambda: installation.emu("GET", f"devices/{TOKEN}")["topics"])
    publish(installation, tmp_path, articles=[AN_ARTICLE])
    page.get_by_text("Đã đọc").wait_for()
    (entry,) = page.get_by_role("list", name="Hộp thư").get_by_role("link").all()
    assert entry.text_content() == f"{A_LAW['title']} Văn bản mới: Luật 31/2024/QH15. Chạm để đọc."
    assert page.complaints == []
    law = entry.get_attribute("href")
    (shown,) = eventually(lambda: installation.emu("GET", f"devices/{TOKEN}")["tray"].values())
    assert (shown["title"], shown["link"]) == (A_LAW["title"], law)
    (received,) = installation.emu("GET", f"devices/{TOKEN}")["received"]
    assert received["message"]["webpush"]["headers"]["Urgency"] == "normal"
    assert "condition" in received["via"] or "topic" in received["via"]
