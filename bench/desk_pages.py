"""Every page the desk leads to, the doors before it, /phone and /docs: looked at by axe-core, and as pictures.

    .venv/bin/python bench/desk_pages.py [--axe FILE] [--pictures FOLDER]      needs `chromium` on PATH

FILE is axe-core's axe.min.js; with it the exit code is 1 where a page breaks a rule of WCAG 2.2 A or AA, or its content
security policy stopped something. FOLDER gets a picture of each page, 1280 and 390 pixels wide.
"""

import argparse
import base64
import os
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from django_otp.oath import totp

from tests.journeys.browser import chromium
from tests.journeys.house import House

WIDTHS = (1280, 390)
NOT_OURS = {"/docs": {"color-contrast", "nested-interactive", "select-name", "target-size"}}  # Swagger UI's own widgets
MOST = 80  # pages: more means that the crawl has found a list without an end
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FURNISH = """
from datetime import timedelta
from django.utils import timezone
from content.people import services
from content.events import services as events
from content.people.models import Reader
from tests.builders import a_delivery, a_draft, a_planned_event, an_event, is_over, move
for state, error in [("queued", ""), ("refused", "INVALID_ARGUMENT"), ("expired", "UNAVAILABLE"), ("accepted", "")]:
    ended = None if state == "queued" else timezone.now()
    later = timezone.now() + timedelta(hours=9)
    a_delivery(state, error=error, settled_at=ended, title=f"Luật Mẫu ({state})", next_try_at=later, expires_at=later)
a_draft()
rich = an_event(
    seats=1, data_purpose="Làm thẻ vào cửa", text="Hỏi đáp về Luật Đất đai.", online_url="https://example.com/phong",
    speakers=[("Trần Thị Lan", "Sở Tư pháp")], materials=[("Tờ gấp", "https://example.com/to-gap.pdf")],
)
for name in ("Nguyễn Văn Minh", "Lê Thị Hoa"):
    events.register(rich, Reader.objects.create(), name=name, contact="minh@example.com", consent=True)
move(rich, days=1)
events.cancel(an_event(title="Đối thoại với doanh nghiệp", in_days=2), reason="Bão số 9")
is_over(an_event(title="Tập huấn hoà giải viên"))
a_planned_event(title="Ngày Pháp luật tại trường học", in_days=4)
user, password = services.create_account(
    "minh", roles=["editor", "publisher", "approver", "administrator"], first_name="Minh"
)
_user, another = services.create_account("hoa", roles=["answerer"], first_name="Hoa")
print(password, another)
"""


class Looker:
    def __init__(self, base, browser, axe, pictures):
        self.base, self.axe, self.pictures = base, axe, pictures
        self.page = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh").new_page()
        self.page.on("console", self._hear)
        self.seen, self.faults, self.touched = [], [], False

    def go(self, path, name=None):
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        self.touched = False
        answer = self.page.goto(self.base + path, wait_until="networkidle")
        if answer.headers["content-type"].startswith("text/html"):
            self.look(name or path)

    def look(self, name):
        """What is open now: by axe at both widths, and whether anything hangs over the edge of a phone."""
        self.seen.append(name)
        self.page.wait_for_load_state("networkidle")
        self.touched = True
        file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "root"
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.pictures:
                self.page.screenshot(path=self.pictures / f"{file}-{width}.png", full_page=True)
            if self.axe:
                self._judge(f"{name} at {width}")
        hangs = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if hangs > 0 and name.startswith("/desk"):
            self.faults.append(f"{name}: {hangs} pixels hang over the edge at {WIDTHS[-1]}")

    def _judge(self, name):
        self.page.evaluate(self.axe)
        found = self.page.evaluate(
            "rules => axe.run({runOnly: rules}).then(found => found.violations.map("
            "each => [each.id, each.help, each.nodes.slice(0, 3).map(node => node.html.slice(0, 200))]))",
            RULES,
        )
        known = NOT_OURS.get(name.partition(" ")[0], ())
        self.faults += [f"{name}: {rule}: {words}: {nodes}" for rule, words, nodes in found if rule not in known]

    def _hear(self, said):
        """What a policy stopped, unless it stopped us: axe and the camera put styles into the page."""
        if not self.touched and "Content Security Policy" in said.text and "/desk" in self.page.url:
            self.faults.append(f"{self.page.url}: {said.text}")

    def links(self):
        """Paths below /desk/ that the open page leads to, without their query."""
        found = self.page.eval_on_selector_all("a[href]", "all => all.map(each => each.pathname)")
        return [path for path in found if path.startswith("/desk/") and "/logout" not in path]

    def crawl(self, start):
        """Each kind of page once: numbers in an address do not make another kind."""
        waiting, kinds = [start], set()
        while waiting:
            path = waiting.pop(0)
            kind = re.sub(r"\d+", "N", path)
            if kind in kinds:
                continue
            kinds.add(kind)
            if len(kinds) > MOST:
                raise SystemExit(f"More than {MOST} kinds of pages: {sorted(kinds)}")
            self.go(path)
            waiting += self.links()

    def sign_in(self, username, password):
        self.touched = False
        self.page.goto(self.base + "/desk/login/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.page.press("#id_password", "Enter")


def walk(looker, minh, hoa):
    page = looker.page
    for path in ("/docs", "/docs/redoc", "/phone", "/desk/login/"):
        looker.go(path)
    looker.sign_in("minh", "wrong")
    looker.look("/desk/login wrong password")
    looker.sign_in("hoa", hoa)
    looker.look("/desk of an answerer")
    looker.go("/desk/content/user/", "/desk forbidden")
    page.goto(looker.base + "/desk/")
    page.click("#logout-form button")
    looker.look("/desk signed out")
    looker.sign_in("minh", minh)
    looker.crawl("/desk/")
    walk_events(looker)
    looker.go("/desk/nowhere/", "/desk nothing here")
    page.goto(looker.base + "/desk/notifications/delivery/?state__exact=refused")
    page.click("#result_list tbody a")
    page.click("button[value=resend]")
    looker.look("/desk why sent again")
    page.fill("#id_reason", "Hạn mức đã có lại")
    page.click("input[type=submit].default")
    looker.look("/desk sent again")
    page.goto(looker.base + "/desk/content/user/add/")
    page.fill("#id_username", "lan")
    page.fill("#id_reason", "Lan vào làm")
    page.click("input[name=_save]")
    looker.look("/desk account made")
    page.goto(looker.base + "/desk/second-factor/")
    secret = page.text_content("code.secret").replace(" ", "")
    page.fill("#id_code", code_of(secret))
    page.click("input[type=submit]")
    looker.go("/desk/second-factor/", "/desk second factor enrolled")
    page.goto(looker.base + "/desk/")
    page.click("#logout-form button")
    looker.sign_in("minh", minh)
    looker.look("/desk/code")
    page.fill("#id_code", "000000")
    page.press("#id_code", "Enter")
    looker.look("/desk/code wrong")
    for _ in range(6):
        looker.sign_in("lan", "wrong")
    looker.look("/desk locked out")


def walk_events(looker):
    """Pages of an event that its own page leads to only while it is in that state."""
    page = looker.page
    for status, steps in {
        "draft": ("write", "announce"),
        "moved": ("write", "move", "cancel", "registrations"),
    }.items():
        page.goto(f"{looker.base}/desk/content/event/?status__exact={status}")
        page.click("#result_list tbody a")
        own = page.url.removeprefix(looker.base).partition("change/")[0]
        looker.look(f"/desk an event that is {status}")
        for step in steps:
            looker.go(f"{own}{step}/", f"/desk event {status} {step}")
    page.goto(f"{looker.base}{own}cancel/")
    page.fill("#id_reason", "Bão số 9")
    page.click("input[name=preview]")
    looker.look("/desk event looked at before it is cancelled")
    page.goto(f"{looker.base}{own}registrations/")
    page.fill("#id_code", "khongco")
    page.click("input[type=submit].default")
    looker.look("/desk event a code that is nobody's")


def code_of(secret):
    """The code of now (RFC 6238) for a secret in base32."""
    return f"{totp(base64.b32decode(secret)):06d}"


def main(axe, pictures):
    with tempfile.TemporaryDirectory() as home, chromium() as browser:
        os.chmod(home, 0o711)
        house = House(home)
        house.start()
        try:
            minh, hoa = house.manage("shell", "-v0", "-c", FURNISH).split()
            looker = Looker(f"http://127.0.0.1:{house.port}", browser, axe, pictures)
            walk(looker, minh, hoa)
        finally:
            house.stop()
    for fault in looker.faults:
        print(fault)
    print(f"{len(looker.seen)} pages at {len(WIDTHS)} widths, {len(looker.faults)} faults")
    return 1 if looker.faults else 0


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--axe", type=Path)
    options.add_argument("--pictures", type=Path)
    chosen = options.parse_args()
    if chosen.pictures:
        chosen.pictures.mkdir(parents=True, exist_ok=True)
    sys.exit(main(chosen.axe and chosen.axe.read_text(), chosen.pictures))
