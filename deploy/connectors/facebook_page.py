"""Not tried with a real account. Posts what waits for an outlet to a Facebook Page: claim, post, report, each once.

    LUATMO_URL=https://… OUTLET_KEY=noi-… OUTLET_SECRET_FILE=… PAGE_ID=… PAGE_TOKEN_FILE=… python3 facebook_page.py

Call: POST /{page}/feed of the Graph API with message and link (developers.facebook.com/docs/pages/publishing). It knows
no key for repeats: after a timeout or an error 5xx nobody knows whether the post is there. Then nothing is reported,
the placement stays «unsure», and a person looks. Run it from cron; it needs only Python.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

LUATMO, OUTLET = os.environ["LUATMO_URL"].rstrip("/"), os.environ["OUTLET_KEY"]
SECRET = Path(os.environ["OUTLET_SECRET_FILE"]).read_text().strip()
PAGE, TOKEN = os.environ["PAGE_ID"], Path(os.environ["PAGE_TOKEN_FILE"]).read_text().strip()
GRAPH = os.environ.get("GRAPH_URL", "https://graph.facebook.com/v24.0")
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


def post(placement: dict) -> dict:
    """What to report. Raises OSError when nobody knows whether it was posted."""
    form = {"message": placement["text"], "link": placement["share_url"], "access_token": TOKEN}
    request = urllib.request.Request(f"{GRAPH}/{PAGE}/feed", urllib.parse.urlencode(form).encode())
    try:
        with OPEN(request, timeout=SECONDS) as answer:
            return {"status": "placed", "url": f"https://www.facebook.com/{json.loads(answer.read(MOST))['id']}"}
    except urllib.error.HTTPError as error:
        if not 400 <= error.code < 500:
            raise
        return {"status": "failed", "error": f"{error.code} {error.read(300).decode(errors='replace')}"}


def main() -> int:
    """How many placements are unsure now."""
    unsure = 0
    for placement in ask("GET", f"outlets/{OUTLET}/queue")["results"]:
        try:
            ask("POST", f"placements/{placement['key']}/claim", {})
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
            continue  # another run has it
        try:
            outcome = post(placement)
        except Exception as error:  # whatever it is: the post may be there
            print(f"{placement['key']} is unsure: {error!r}", file=sys.stderr)
            unsure += 1
            continue
        unsure += report(placement["key"], outcome)
    return unsure


if __name__ == "__main__":
    sys.exit(min(main(), 1))
