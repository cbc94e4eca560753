"""What an editor types outlives a lost sign-in and a text that is too large, in a browser."""

import datetime
import sys

import pytest

from content.publishing import sample
from tests.journeys.browser import CHROMIUM
from tests.journeys.installation import printed_accounts

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the installation looks for processes in /proc"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)"),
]
RESTORED = "Những gì bạn gõ ở đây chưa được lưu. Chúng đã có lại trong biểu mẫu."
NOT_SENT = "Nội dung này lớn hơn 1 MiB nên chưa được gửi đi"
NOT_KEPT = "Trình duyệt không đủ chỗ nên không giữ nội dung này."
# Django's own script notes which filters of a list are open, once the list has loaded as far as that.
KEPT = "Object.keys(sessionStorage).filter((key) => key !== 'django.admin.filtersState')"
QUESTION = {
    "title": "Sang tên xe",
    "text": "Tôi là Trần Văn Minh, sang tên xe mất bao lâu?",
    "consent_to_publish": True,
}


@pytest.fixture
def installation(shared_installation):
    """Each test has a browser of its own there, and a text of its own number."""
    return shared_installation


def sign_in(page, password, name="editor"):
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_label("Mật khẩu").press("Enter")
    page.locator("#user-tools").wait_for()


def test_a_pasted_law_is_there_again_after_a_new_sign_in_and_after_413_and_not_after_signing_out(installation, browser):
    intake = f"http://127.0.0.1:{installation.port}/staff/content/legaldocument/add/"
    password = printed_accounts(installation.first_said)["editor"]
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
    assert page.evaluate(KEPT) == []
    assert complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_chosen_and_ticked_is_there_again_after_a_new_sign_in(installation, browser, width):
    record = sample.sample_records()[0][0]
    context = browser.new_context(locale="vi-VN", viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{installation.port}/staff/content/legaldocument/add/")
    sign_in(page, printed_accounts(installation.first_said)["editor"])
    number = f"{width}/2019/QH14"
    page.locator("#content form textarea").first.fill(record.text.replace(record.number, number))
    page.get_by_role("button", name="Đọc văn bản").press("Enter")
    page.get_by_role("button", name="Lưu bản nháp").wait_for()  # its last row: all options are there
    kind, topics = page.locator("select[name=doc_type]"), page.locator("select[name=topics]")
    assert kind.input_value() == "law"
    kind.select_option("circular")
    page.locator(".field-topics .select2-search__field").press_sequentially("dat dai")
    page.get_by_role("option", name="Đất đai").first.click()
    chosen = topics.evaluate("(field) => [...field.selectedOptions].map((option) => option.value)")
    assert len(chosen) == 1
    context.clear_cookies(name="staff")
    page.get_by_role("button", name="Lưu bản nháp").press("Enter")
    page.get_by_text("Phiên đăng nhập đã kết thúc.").wait_for()
    sign_in(page, printed_accounts(installation.first_said)["editor"])
    page.get_by_text(RESTORED).wait_for()
    assert kind.input_value() == "circular"
    assert topics.evaluate("(field) => [...field.selectedOptions].map((option) => option.value)") == chosen
    page.locator(".field-topics .select2-selection__choice").get_by_text("Đất đai").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.get_by_role("button", name="Hiện bản đã lưu").or_(page.locator(".restored button")).press("Enter")
    assert kind.input_value() == "law"
    assert topics.evaluate("(field) => field.selectedOptions.length") == 0


def test_a_text_that_the_browser_cannot_keep_and_the_server_would_refuse_is_not_sent(installation, browser):
    large = "Điều " * 1_200_000  # browsers keep about five million characters
    page = browser.new_context(locale="vi-VN").new_page()
    page.goto(f"http://127.0.0.1:{installation.port}/staff/content/legaldocument/add/")
    sign_in(page, printed_accounts(installation.first_said)["editor"])
    text = page.locator("#content form textarea").first
    text.fill(large)
    page.get_by_text(NOT_KEPT).wait_for()
    page.locator("#content form input[type=submit]").first.press("Enter")
    page.get_by_text(NOT_SENT).wait_for()
    assert text.input_value() == large
    text.fill("Điều 1.")
    page.get_by_text(NOT_SENT).wait_for(state="detached")


def test_a_text_outlives_the_saving_of_another_form_and_not_twelve_hours(installation, browser):
    """Its sending failed, so it waits in the tab; what is saved next is something else."""
    intake = f"http://127.0.0.1:{installation.port}/staff/content/legaldocument/add/"
    record = sample.sample_records()[0][0]
    page = browser.new_context(locale="vi-VN").new_page()
    page.goto(intake)
    sign_in(page, printed_accounts(installation.first_said)["editor"])
    text = page.locator("#content form textarea").first
    text.fill(record.text.replace(record.number, "1/2019/QH14"))
    page.get_by_role("button", name="Đọc văn bản").press("Enter")
    page.locator(".field-topics .select2-search__field").press_sequentially("dat dai")
    page.get_by_role("option", name="Đất đai").first.click()
    page.get_by_role("button", name="Lưu bản nháp").press("Enter")
    page.locator(".messagelist").get_by_text("Đã lưu bản nháp.").wait_for()
    draft = page.url
    assert page.evaluate(KEPT) == []  # what is saved is erased

    large = "Điều " * 200_000
    page.goto(intake)
    text.fill(large)
    page.locator("#content form input[type=submit]").first.press("Enter")
    page.get_by_role("heading", name="Nội dung gửi lên quá lớn").wait_for()
    page.goto(draft)
    page.get_by_role("link", name="Gửi duyệt", exact=True).press("Enter")
    page.get_by_label("Ghi chú").or_(page.get_by_label("Lý do")).fill("Đã soát.")
    page.get_by_role("button", name="Gửi duyệt", exact=True).press("Enter")
    page.locator(".messagelist").get_by_text("Đã gửi duyệt.").wait_for()
    page.goto(intake)
    page.get_by_text(RESTORED).wait_for()
    assert text.input_value() == large

    page.clock.set_fixed_time(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=12, minutes=1))
    page.goto(f"http://127.0.0.1:{installation.port}/staff/password_change/")
    assert page.evaluate(KEPT) == []


def test_a_copy_of_readers_words_is_not_kept_and_a_text_without_room_is_said_not_to_be(installation, browser):
    base = f"http://127.0.0.1:{installation.port}"
    passwords = printed_accounts(installation.first_said)
    device = {"id_kind": "token", "platform": "android", "app_version": "1.0", "language": "vi"}
    device["registration_id"] = "registration-of-minh-0123456789"
    secret = installation.api("PUT", "devices/phone-of-minh", device)[1]["secret"]
    page = browser.new_context(locale="vi-VN").new_page()
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "sang-ten"}
    asked = page.request.post(f"{base}/api/v1/questions", data=QUESTION, headers=headers)
    assert asked.status == 201, asked.text()
    page.goto(f"{base}/staff/content/question/?queue=to_screen")
    sign_in(page, passwords["approver"], "approver")
    page.locator("#result_list tbody a").first.press("Enter")
    page.get_by_role("button", name="Đọc nguyên văn, lập bản công khai").press("Enter")
    copy = page.locator("#redaction textarea")
    copy.press_sequentially(" ở số 5 phố Huế")
    assert page.evaluate(KEPT) == []

    page = browser.new_context(locale="vi-VN").new_page()
    page.goto(f"{base}/staff/content/legaldocument/add/")
    sign_in(page, passwords["editor"])
    text = page.locator("#content form textarea").first
    text.fill("Điều 1.")
    assert len(page.evaluate(KEPT)) == 1
    text.fill("Điều " * 1_200_000)  # browsers keep about five million characters
    page.get_by_text(NOT_KEPT).wait_for()
    assert page.evaluate(KEPT) == []  # and not half of it, as if it were all
    text.fill("Điều 2.")
    page.get_by_text(NOT_KEPT).wait_for(state="detached")
    assert len(page.evaluate(KEPT)) == 1
