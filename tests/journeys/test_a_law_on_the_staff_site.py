"""A law on the staff site, in a browser: drafted, reviewed, published, corrected, withdrawn; a phone is notified."""

import sys
from pathlib import Path

import pytest

from content.publishing import sample
from tests.journeys.browser import CHROMIUM
from tests.journeys.installation import ROOT, printed_accounts

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the installation looks for processes in /proc"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)"),
]
LAW = ROOT.parent / "shared" / "data" / "raw-samples" / "phapluatgovvn_9ed2a463-02ab-f500-2bad-cf5a424c7170.txt"
POLICY = "Content Security Policy"
TOPIC = "Đất đai"  # followed on the phone, chosen on the staff site


class StaffBrowser:
    """A member of staff at a browser of their own. What the policy stopped or a script broke is in `complaints`."""

    def __init__(self, browser, installation):
        self.base, self.complaints = f"http://127.0.0.1:{installation.port}", []
        self.page = browser.new_context(locale="vi-VN").new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if POLICY in said.text else None)

    def sign_in(self, name, password):
        self.page.goto(f"{self.base}/staff/")
        self.page.get_by_label("Tên đăng nhập").fill(name)
        self.page.get_by_label("Mật khẩu").fill(password)
        self.page.get_by_label("Mật khẩu").press("Enter")
        self.page.get_by_role("heading", name="Hôm nay").wait_for()

    def press(self, name, role="button"):
        self.page.get_by_role(role, name=name, exact=True).press("Enter")

    def is_told(self, words):
        self.page.locator(".messagelist").get_by_text(words, exact=True).wait_for()

    def open_from_queue(self, queue, title):
        self.page.goto(f"{self.base}/staff/")
        self.page.get_by_role("link", name=f"1 {queue}").press("Enter")
        self.page.get_by_role("link", name=title, exact=True).press("Enter")
        self.page.get_by_role("heading", name=title).wait_for()

    def chooses_topic(self, words, name):
        self.page.locator(".field-topics .select2-search__field").press_sequentially(words)
        self.page.get_by_role("option", name=name).first.click()


class Phone:
    """The page /phone, with a virtual phone switched on that follows the topic."""

    def __init__(self, browser, installation):
        self.page = browser.new_context(locale="vi-VN").new_page()
        self.page.goto(f"http://127.0.0.1:{installation.port}/phone")
        self.page.get_by_role("button", name=f"Theo dõi {TOPIC}", exact=True).first.wait_for()  # the page is alive
        self.page.get_by_role("button", name="Bật điện thoại ảo").press("Enter")
        self.page.get_by_text("Chưa theo dõi chủ đề nào").wait_for()
        self.page.get_by_role("searchbox").fill(TOPIC)
        self.page.get_by_role("button", name=f"Theo dõi {TOPIC}", exact=True).first.press("Enter")
        self.page.get_by_text("đang nghe 14 kênh FCM").wait_for()

    def shows(self, words):
        self.page.get_by_role("list", name="Thông báo trên điện thoại").get_by_role("link").get_by_text(
            words
        ).wait_for()


def a_law(tmp_path: Path):
    """(file, title as the staff site reads it): a real law if the samples are at hand, else the text of the sample."""
    if LAW.is_file():
        return LAW, "Luật Phòng, chống tác hại của rượu, bia"
    record = sample.sample_records()[0][0]
    file = tmp_path / "luat.txt"
    file.write_text(record.text.replace(record.number, "1/2019/QH14"))
    return file, "Luật mẫu về vườn chung của xóm"  # the head of the text, in sentence case


def test_a_law_is_drafted_published_corrected_and_withdrawn_and_the_phone_is_told(installation, browser, tmp_path):
    file, title = a_law(tmp_path)
    passwords = printed_accounts(installation.first_said)
    phone, lan, hoa = (
        Phone(browser, installation),
        StaffBrowser(browser, installation),
        StaffBrowser(browser, installation),
    )
    lan.sign_in("editor", passwords["editor"])
    hoa.sign_in("approver", passwords["approver"])

    lan.page.get_by_role("navigation").get_by_role("link", name="Văn bản").first.press("Enter")
    lan.press("Soạn văn bản", "link")
    lan.page.get_by_label("Hoặc một tệp").set_input_files(file)
    lan.press("Đọc văn bản")
    lan.page.get_by_role("navigation", name="Cấu trúc").get_by_role("link", name="Điều 1", exact=True).wait_for()
    assert lan.page.get_by_label("Tên văn bản").input_value() == title
    lan.chooses_topic("dat dai", TOPIC)
    lan.press("Lưu bản nháp")
    lan.is_told("Đã lưu bản nháp.")
    lan.press("Gửi duyệt", "link")
    lan.press("Gửi duyệt")
    lan.is_told("Đã gửi duyệt.")

    hoa.open_from_queue("Chờ duyệt", title)
    hoa.press("Công bố", "link")
    assert hoa.page.get_by_label("Báo cho người theo dõi trên điện thoại").is_checked()
    hoa.press("Công bố")
    hoa.is_told("Đã công bố.")
    phone.shows("Văn bản mới")

    lan.page.reload()
    lan.press("Sửa bản đã công bố")
    lan.page.get_by_label("Người ký").fill("Nguyễn Thị Kim Ngân")
    lan.press("Xem các chỗ thay đổi")
    lan.page.get_by_label("Lý do").fill("Thiếu người ký.")
    lan.page.get_by_label("Báo cho người theo dõi trên điện thoại").check()
    lan.press("Đề nghị sửa")
    hoa.open_from_queue("Bản sửa chờ xác nhận", title)
    hoa.page.get_by_role("link", name="đề nghị sửa").press("Enter")
    hoa.page.locator("ins").get_by_text("Nguyễn Thị Kim Ngân").wait_for()
    hoa.press("Xác nhận và công bố bản sửa")
    hoa.is_told("Đã sửa.")
    phone.shows("Đã sửa bản đăng")

    hoa.press("Thu hồi", "link")
    hoa.page.get_by_label("Lý do").fill("Bản chép còn sai.")
    hoa.page.get_by_label("Báo cho người theo dõi trên điện thoại").check()
    hoa.press("Thu hồi")
    hoa.is_told("Đã thu hồi.")
    phone.shows("Đã thu hồi bản đăng")
    address = hoa.page.locator(".status-line a").get_attribute("href")
    status, problem = installation.api("GET", f"http://127.0.0.1:{installation.port}{address}")
    assert (status, "Bản chép còn sai." in problem["detail"]) == (410, True)
    assert lan.complaints == hoa.complaints == []
