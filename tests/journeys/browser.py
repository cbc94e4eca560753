"""A headless Chromium that is on this machine already; nothing is fetched, and it reaches no host but this one."""

import contextlib
import os
import shutil

from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE_MILLISECONDS = 90_000  # a busy machine is no fault of a page
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def a_small_page(browser, **context):
    """A page of 390 px. Its complaints (a script that failed, what the policy stopped) are in `page.complaints`.

    `context`: what Playwright's `new_page` takes besides, such as `timezone_id`.
    """
    page = browser.new_page(viewport={"width": 390, "height": 844}, **context)
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(complaint(said)) if said.type == "error" else None)
    return page


def complaint(said):
    return f"{said.text} {said.location['url']}".strip()


@contextlib.contextmanager
def chromium():
    """The browser, until the end of the block."""
    arguments = [ONLY_THIS_MACHINE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=arguments, chromium_sandbox=os.geteuid() != 0
        )
        yield browser
        browser.close()
