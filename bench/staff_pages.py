"""Check every page of the staff site, the guide (/docs), public pages, short addresses and /phone with axe-core.

    .venv/bin/python bench/staff_pages.py [--axe FILE] [--pictures FOLDER] [--public]      needs `chromium` on PATH

FILE is axe-core's axe.min.js; with it the exit code is 1 where a page breaks a rule of WCAG 2.2 A or AA, or its content
security policy stopped something. FOLDER gets a picture of each page, 1280 and 390 pixels wide. `--public` leaves the
staff site and the guide out.
"""

import argparse
import base64
import json
import os
import re
import sys
import tempfile
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")  # the guide's list of pages reads them

from django_otp.oath import totp

from api.guide.pages import SLUGS, path_of
from tests.journeys.browser import PATIENCE_MILLISECONDS, chromium
from tests.journeys.installation import Installation

WIDTHS = (1280, 390)
NOT_OURS = {  # widgets of Swagger UI and Redoc
    "/docs/reference": {"color-contrast", "nested-interactive", "select-name", "target-size"},
    "/docs/redoc": {"target-size"},
}
MOST = 300  # kinds of pages; with more the crawl does not end by itself
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FURNISH = (
    "import json; from tests.staff.sample_rows import create_and_list_pages as create; print(json.dumps(create()))"
)


class Looker:
    def __init__(self, base, browser, axe, pictures):
        self.base, self.axe, self.pictures = base, axe, pictures
        self.page = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh").new_page()
        self.page.set_default_timeout(PATIENCE_MILLISECONDS)
        self.page.on("console", self._hear)
        self.seen, self.faults, self.touched = [], [], False

    def go(self, path, name=None):
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        self.touched = False
        answer = self.page.goto(self.base + path, wait_until="networkidle")
        if answer.headers["content-type"].startswith("text/html"):
            self.look(name or path)

    def fetch(self, path):
        """A file to be saved: nothing is looked at, but it must be there."""
        answer = self.page.request.get(self.base + path)
        if not answer.ok:
            self.faults.append(f"{path}: {answer.status}")

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
        if hangs > 0 and name not in NOT_OURS:
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
        is_file = re.search(r"/files/\d+/content$", self.page.url)  # the browser shows it with styles of its own
        ours = any(part in self.page.url for part in ("/staff", "/docs")) and not is_file
        if ours and not self.touched and "Content Security Policy" in said.text:
            self.faults.append(f"{self.page.url}: {said.text}")

    def links(self):
        """Paths below /staff/ that the open page leads to, without their query."""
        path = "each => new URL(each.getAttribute('href'), document.baseURI).pathname"  # also of an SVG
        found = self.page.eval_on_selector_all("a[href]", f"all => all.map({path})")
        return [path for path in found if path.startswith("/staff/") and "/logout" not in path]

    def paths_in(self, sitemap):
        """The paths that a sitemap names."""
        text = self.page.request.get(self.base + sitemap).text()
        return [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", text)]

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
            if PurePosixPath(path).suffix:
                self.fetch(path)
            else:
                self.go(path)
                waiting += self.links()

    def sign_in(self, username, password):
        self.touched = False
        self.page.goto(self.base + "/staff/login/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.page.press("#id_password", "Enter")


def amends(looker, instructions):
    page = looker.page
    page.goto(looker.base + instructions)
    page.click("input[name=preview]")
    looker.look("/staff instructions with what they change")
    page.fill("#id_reason", "Đã đối chiếu với Công báo")
    page.click("input[name=apply]")
    looker.look("/staff amendments applied")
    page.click("#result_list tbody a")
    page.fill("#id_reason", "Nhập nhầm")
    page.click("input[name=withdraw]")
    looker.look("/staff an amendment withdrawn")


def decides_relations(looker):
    page = looker.page
    page.goto(looker.base + "/staff/content/relation/?status__exact=proposed")
    page.check("#result_list tbody tr:first-child input[type=checkbox]")
    page.select_option("select[name=action]", "reject")
    page.click("button[name=index]")
    looker.look("/staff why a relation is rejected")
    page.fill("#id_reason", "Chỉ là ví dụ trong văn bản")
    page.click("input[type=submit].default")
    looker.look("/staff a relation rejected")


def walk(looker, minh, hoa, pages, questions, short, certificate):
    page = looker.page
    guide = [f"{path_of(slug)}?lang={language}" for slug in SLUGS for language in ("vi", "en")]
    reference = ["/docs/operations", "/docs/search", "/docs/search?q=as_of", "/docs/reference", "/docs/redoc"]
    for path in (*guide, *reference, "/problems", "/phone", "/staff/login/"):
        looker.go(path)
    walk_public_pages(looker)
    walk_short_addresses(looker, short)
    walk_certificate(looker, *certificate)
    looker.sign_in("minh", "wrong")
    looker.look("/staff/login wrong password")
    looker.sign_in("hoa", hoa)
    looker.look("/staff of an answerer")
    looker.go("/staff/content/user/", "/staff forbidden")
    page.goto(looker.base + "/staff/")
    page.click("#logout-form button")
    looker.look("/staff signed out")
    looker.sign_in("minh", minh)
    looker.crawl("/staff/")
    for name, path in pages.items():
        looker.go(path, f"/staff {name}")
    amends(looker, pages["instructions"])
    decides_relations(looker)
    walk_questions(looker, **questions)
    walk_events(looker)
    looker.go("/staff/nowhere/", "/staff nothing here")
    page.goto(looker.base + "/staff/notifications/delivery/?status__exact=refused")
    page.click("#result_list tbody a")
    page.click("button[value=resend]")
    looker.look("/staff why sent again")
    page.fill("#id_reason", "Hạn mức đã có lại")
    page.click("input[type=submit].default")
    looker.look("/staff sent again")
    page.goto(looker.base + "/staff/content/user/add/")
    page.fill("#id_username", "mai")
    page.fill("#id_reason", "Mai vào làm")
    page.click("input[name=_save]")
    looker.look("/staff account made")
    page.goto(looker.base + "/staff/second-factor/")
    secret = page.text_content("code.secret").replace(" ", "")
    page.fill("#id_code", code_of(secret))
    page.click("input[type=submit]")
    looker.go("/staff/second-factor/", "/staff second factor enrolled")
    page.goto(looker.base + "/staff/")
    page.click("#logout-form button")
    looker.sign_in("minh", minh)
    looker.look("/staff/code")
    page.fill("#id_code", "000000")
    page.press("#id_code", "Enter")
    looker.look("/staff/code wrong")
    for _ in range(6):
        looker.sign_in("mai", "wrong")
    looker.look("/staff locked out")


def walk_public_pages(looker):
    """One page of each kind, as the sitemaps name them; an event of each status."""
    looker.go("/tim")
    looker.go("/tim?q=Luật Mẫu", "/tim results")
    looker.go("/hoi-dap/hoi-khongco222", "/hoi-dap nothing here")
    for kind in (
        "documents",
        "articles",
        "questions",
        "events",
        "contests",
        "materials",
        "playlists",
        "channels",
        "programmes",
        "plans",
    ):
        paths = looker.paths_in(f"/sitemap-{kind}-1.xml")
        for number, path in enumerate(paths if kind == "events" else paths[:1]):
            looker.go(path, f"page of {kind} {number}")
            looker.go(f"{path}?lang=en", f"page of {kind} {number} in English")


def walk_short_addresses(looker, short):
    """`/s/{code}` of an object of each kind, and of one that was withdrawn, in both languages."""
    for name, path in short.items():
        looker.go(path, f"short address of {name}")
        looker.go(f"{path}?lang=en", f"short address of {name} in English")


def walk_certificate(looker, path, name):
    """The page of a certificate, with a name that is on it and one that is not, a wrong serial, too many names."""
    for language in ("", "?lang=en"):
        looker.go(f"{path}{language}", f"/chung-nhan{language}")
        for answer, typed in (("yes", name), ("no", "Ai đó")):
            looker.touched = False
            looker.page.fill("#typed", typed)
            looker.page.click("form.asked button")
            looker.look(f"/chung-nhan{language} {answer}")
        looker.go(f"/chung-nhan/ABCD-EFGH-IJKL-MNOP{language}", f"/chung-nhan{language} wrong serial")
    for _ in range(7):  # four names were tried above
        looker.go(path, "/chung-nhan again")
        looker.page.fill("#typed", name)
        looker.page.click("form.asked button")
    looker.look("/chung-nhan too many names")


def walk_questions(looker, screened, answering, reviewed, flagged):
    """Pages of questions the crawl cannot press its way to."""
    page, at = looker.page, "/staff/content/question"
    page.goto(f"{looker.base}{at}/{screened}/change/")
    page.click(f"form[action$='/{screened}/original/'] button")
    looker.look("/staff question as asked")
    page.fill("#id_text", "Gọi 0912 345 678")
    page.click("input[name=confirm]")
    looker.look("/staff question copy refused")
    for name in ("classify", "assign", "return", "merge", "redirect", "reject", "erase"):
        looker.go(f"{at}/{screened}/transition/{name}/", f"/staff question {name}")
    looker.go(f"{at}/{answering}/answer/", "/staff question answer")
    page.fill("#id_text", "Trong 30 ngày.")
    page.fill("#id_typed", "điều 2 luật 168")
    page.click("#answer-form input[name=find]")
    page.wait_for_selector("#found .unit-1")
    page.click("#unit-2")  # it moves to what is cited
    looker.look("/staff question provision cited")
    page.click("input[name=save]")
    looker.look("/staff question draft saved")
    looker.go(f"{at}/{reviewed}/change/", "/staff question in review")
    looker.go(f"{at}/{reviewed}/transition/approve/", "/staff question approve")
    looker.go(f"{at}/{flagged}/change/", "/staff question whose law changed")
    looker.go(f"{at}/{flagged}/law/", "/staff question law then and now")
    page.goto(f"{looker.base}/staff/content/problemreport/?status=open")
    page.click("#result_list tbody a")
    page.click("input[name=claim]")
    looker.look("/staff question report taken up")


def walk_events(looker):
    """Pages of an event that its own page leads to only while it is in that status."""
    page = looker.page
    for status, paths in {
        "draft": ("write", "transition/announce"),
        "moved": ("write", "transition/move", "transition/cancel", "registrations"),
    }.items():
        page.goto(f"{looker.base}/staff/content/event/?status__exact={status}")
        page.click("#result_list tbody a")
        own = page.url.removeprefix(looker.base).partition("change/")[0]
        looker.look(f"/staff an event that is {status}")
        for path in paths:
            looker.go(f"{own}{path}/", f"/staff event {status} {path.rpartition('/')[2]}")
    page.goto(f"{looker.base}{own}transition/cancel/")
    page.fill("#id_reason", "Bão số 9")
    page.click("input[name=preview]")
    looker.look("/staff event looked at before it is cancelled")
    page.goto(f"{looker.base}{own}registrations/")
    page.fill("#id_code", "khongco")
    page.click("input[type=submit].default")
    looker.look("/staff event a code that is nobody's")


def code_of(secret):
    """The code of now (RFC 6238) for a secret in base32."""
    return f"{totp(base64.b32decode(secret)):06d}"


def main(axe, pictures, is_public):
    with tempfile.TemporaryDirectory() as home, chromium() as browser:
        os.chmod(home, 0o711)
        installation = Installation(home)
        try:
            installation.start()
            furnished = json.loads(installation.manage("shell", "-v0", "-c", FURNISH))
            looker = Looker(f"http://127.0.0.1:{installation.port}", browser, axe, pictures)
            if is_public:
                walk_public_pages(looker)
                walk_short_addresses(looker, furnished["short"])
                walk_certificate(looker, *furnished["certificate"])
            else:
                walk(looker, **furnished)
        finally:
            installation.stop()
    for fault in looker.faults:
        print(fault)
    print(f"{len(looker.seen)} pages at {len(WIDTHS)} widths, {len(looker.faults)} faults")
    return 1 if looker.faults else 0


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--axe", type=Path)
    options.add_argument("--pictures", type=Path)
    options.add_argument("--public", action="store_true")
    chosen = options.parse_args()
    if chosen.pictures:
        chosen.pictures.mkdir(parents=True, exist_ok=True)
    sys.exit(main(chosen.axe and chosen.axe.read_text(), chosen.pictures, chosen.public))
