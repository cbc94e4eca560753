"""A headless Chromium that is on this machine already; nothing is fetched, and it reaches no host but this one."""

import contextlib
import os
import shutil

from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@contextlib.contextmanager
def a_small_page():
    """A page of 390 px. Its complaints (a script that failed, what the policy stopped) are in `page.complaints`."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(complaint(said)) if said.type == "error" else None)
        yield page


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
