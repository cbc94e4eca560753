"""The queue of an outlet of Luật Mở: claim, post, report, each once. The connectors beside this file post.

They are run from cron and need only Python. LUATMO_URL, OUTLET_KEY and OUTLET_SECRET_FILE say which queue.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

LUATMO, OUTLET = os.environ["LUATMO_URL"].rstrip("/"), os.environ["OUTLET_KEY"]
SECRET = Path(os.environ["OUTLET_SECRET_FILE"]).read_text().strip()
SECONDS, MOST = 30, 1_000_000  # of an answer: seconds to wait, bytes to read


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: secrets go to the address that was configured, and nowhere else."""

    def redirect_request(self, *arguments: object) -> None:
        return None


OPEN = urllib.request.build_opener(NoRedirect).open


def ask(method: str, path: str, body: object = None) -> dict:
    """An answer of Luật Mở. Raises HTTPError."""
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{LUATMO}/api/v1/{path}", data, headers, method=method)
    with OPEN(request, timeout=SECONDS) as answer:
        return json.loads(answer.read(MOST))


def refusal(error: urllib.error.HTTPError) -> dict:
    """What to report when the network refused a post."""
    return {"status": "failed", "error": f"{error.code} {error.read(300).decode(errors='replace')}"}


def report(key: str, outcome: dict) -> int:
    """0 when Luật Mở knows the outcome; 1 when it could not be told in three tries: the placement stays unsure."""
    for pause in (0, 1, 5):
        time.sleep(pause)
        try:
            ask("POST", f"placements/{key}/report", outcome)
        except urllib.error.HTTPError as error:
            if error.code == 409:  # a person said something else meanwhile
                print(f"{key}: {error}", file=sys.stderr)
                return 0
        except (OSError, ValueError):
            continue
        else:
            print(f"{key} {outcome['status']}")
            return 0
    print(f"{key} is unsure: no report; it is {outcome}", file=sys.stderr)
    return 1


def run(post: Callable[[dict], dict | None]) -> int:
    """Post all that waits. Returns the exit code: 1 if a placement is unsure because something failed.

    `post` takes a placement and returns what to report, or None where the network says only later whether it is there.
    It raises when nobody knows whether the post is there.
    """
    unsure = 0
    for placement in ask("GET", f"outlets/{OUTLET}/queue")["results"]:
        key = placement["key"]
        try:
            ask("POST", f"placements/{key}/claim", {})
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
            continue  # another run has it
        try:
            outcome = post(placement)
        except Exception as error:  # whatever it is: the post may be there
            print(f"{key} is unsure: {error!r}", file=sys.stderr)
            unsure += 1
            continue
        if outcome is None:
            print(f"{key} was taken: look whether it is there")
        else:
            unsure += report(key, outcome)
    return min(unsure, 1)
