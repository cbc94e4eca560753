"""Look at /phone as a newcomer sees it, wide and narrow: pictures of each state, and docs/phone.png for the README.

    .venv/bin/python bench/phone_page.py [FOLDER]      needs `chromium` on PATH; FOLDER (default docs) gets the pictures

With docs only phone.png is written; with another folder every state is.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.journeys.browser import chromium
from tests.journeys.installation import Installation, eventually

SIZES = {"wide": (1280, 860), "narrow": (390, 844)}
README = (1024, 776)  # docs/phone.png: small enough to stay below 200 kB


def walk(page, address, installation, picture):
    """The whole story, with a picture at each place worth a look."""
    page.goto(address)
    page.get_by_text("1 An ninh quốc gia").first.wait_for()
    picture("1-no-phone")
    page.get_by_role("button", name="Bật điện thoại ảo").click()
    page.get_by_text("Chưa theo dõi chủ đề nào").wait_for()
    picture("2-no-follow")
    page.get_by_label("Tìm trong 45 chủ đề").fill("dat")
    page.get_by_role("button", name="Theo dõi Đất đai", exact=True).first.click()
    page.get_by_text("đang nghe").wait_for()
    picture("3-no-notification")
    installation.manage("load_sample", "--remove")
    installation.manage("load_sample", "--notify")
    eventually(lambda: page.locator("#cards li").count() == 2)
    page.mouse.move(0, 0)
    page.get_by_label("Tìm trong 45 chủ đề").blur()
    page.wait_for_timeout(600)  # the cards have come to rest
    picture("4-notified")
    page.get_by_role("switch").click()
    page.get_by_text("Mất mạng").wait_for()
    picture("5-offline")
    page.get_by_role("switch").click()
    page.locator("#cards a").first.click()
    page.get_by_role("heading", level=4).first.wait_for()
    page.wait_for_timeout(600)
    picture("6-law")
    page.locator(".law nav").get_by_role("link", name="Điều 2").first.click()
    page.wait_for_timeout(900)
    picture("7-article")


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for_readme = folder.name == "docs"
    with tempfile.TemporaryDirectory() as home, chromium() as browser:
        installation = Installation(home)
        installation.start()
        try:
            for name, (width, height) in ({"wide": README} if for_readme else SIZES).items():
                size = {"width": width, "height": height}
                page = browser.new_page(viewport=size, timezone_id="Asia/Ho_Chi_Minh", locale="vi-VN")

                def picture(state, name=name, page=page):
                    if not for_readme:
                        page.screenshot(path=folder / f"{name}-{state}.png", full_page=name == "narrow")
                    elif state == "4-notified":
                        page.screenshot(path=folder / "phone.png")

                walk(page, f"http://127.0.0.1:{installation.port}/", installation, picture)
                page.close()
        finally:
            installation.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
