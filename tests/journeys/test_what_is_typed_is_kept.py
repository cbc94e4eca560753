"""What an editor types outlives a lost sign-in and a text that is too large, in a browser."""

import sys

import pytest

from tests.journeys.browser import CHROMIUM, chromium
from tests.journeys.installation import printed_accounts

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the installation looks for processes in /proc"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)"),
]
RESTORED = "Những gì bạn gõ ở đây chưa được lưu. Chúng đã có lại trong biểu mẫu."


def sign_in(page, password):
    page.get_by_label("Tên đăng nhập").fill("editor")
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_label("Mật khẩu").press("Enter")
    page.locator("#user-tools").wait_for()


def test_a_pasted_law_is_there_again_after_a_new_sign_in_and_after_413_and_not_after_signing_out(installation):
    intake = f"http://127.0.0.1:{installation.port}/staff/content/legaldocument/add/"
    password = printed_accounts(installation.first_said)["editor"]
    with chromium() as browser:
        context = browser.new_context(locale="vi-VN")
        page = context.new_page()
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(intake)
        sign_in(page, password)
        text = page.locator("#content form textarea").first
        text.fill("Điều 1. Phạm vi\nLuật này quy định về mẫu.")
        context.clear_cookies(name="staff")
        page.locator("#content form input[type=submit]").first.press("Enter")
        page.get_by_text("Phiên đăng nhập đã kết thúc.").wait_for()
        sign_in(page, password)
        page.get_by_text(RESTORED).wait_for()
        assert text.input_value() == "Điều 1. Phạm vi\nLuật này quy định về mẫu."

        large = "Điều " * 200_000
        text.fill(large)
        page.locator("#content form input[type=submit]").first.press("Enter")
        page.get_by_role("heading", name="Nội dung gửi lên quá lớn").wait_for()
        page.goto(intake)
        page.get_by_text(RESTORED).wait_for()
        assert text.input_value() == large
        page.locator("#logout-form button").press("Enter")
        page.get_by_role("heading", level=1).first.wait_for()
        assert page.evaluate("Object.keys(sessionStorage)") == []
        assert complaints == []
