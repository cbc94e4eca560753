"""Not tried with a real account. Posts what waits for an outlet to a Facebook Page: claim, post, report, each once.

    LUATMO_URL=https://… OUTLET_KEY=noi-… OUTLET_SECRET_FILE=… PAGE_ID=… PAGE_TOKEN_FILE=… python3 facebook_page.py

Call: POST /{page}/feed of the Graph API with message and link (developers.facebook.com/docs/pages/publishing). It knows
no key for repeats: after a timeout or an error 5xx nobody knows whether the post is there. Then nothing is reported,
the placement stays «unsure», and a person looks. Run it from cron; it needs only Python.
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

LUATMO, OUTLET = os.environ["LUATMO_URL"].rstrip("/"), os.environ["OUTLET_KEY"]
SECRET = Path(os.environ["OUTLET_SECRET_FILE"]).read_text().strip()
PAGE, TOKEN = os.environ["PAGE_ID"], Path(os.environ["PAGE_TOKEN_FILE"]).read_text().strip()
GRAPH = os.environ.get("GRAPH_URL", "https://graph.facebook.com/v24.0")
SECONDS = 30


def ask(method: str, path: str, body: object = None) -> dict:
    """An answer of Luật Mở. Raises HTTPError."""
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{LUATMO}/api/v1/{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.load(answer)


def post(placement: dict) -> dict:
    """What to report. Raises OSError when nobody knows whether it was posted."""
    form = {"message": placement["text"], "link": placement["share_url"], "access_token": TOKEN}
    request = urllib.request.Request(f"{GRAPH}/{PAGE}/feed", urllib.parse.urlencode(form).encode())
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return {"status": "placed", "url": f"https://www.facebook.com/{json.load(answer)['id']}"}
    except urllib.error.HTTPError as error:
        if error.code >= 500:
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
        except (OSError, ValueError, KeyError) as error:
            print(f"{placement['key']} is unsure: {error}", file=sys.stderr)
            unsure += 1
            continue
        ask("POST", f"placements/{placement['key']}/report", outcome)
        print(f"{placement['key']} {outcome['status']}")
    return unsure


if __name__ == "__main__":
    sys.exit(min(main(), 1))
