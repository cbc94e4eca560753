"""Not tried with a real account. Writes what waits for an outlet as articles of a Zalo OA: claim, post, report, once.

    LUATMO_URL=https://… OUTLET_KEY=noi-… OUTLET_SECRET_FILE=… OA_TOKEN_FILE=… python3 zalo_oa.py

Call: POST /v2.0/article/create with type, title, author, cover, description, body, status, comment. Zalo answers 200
with `error` other than 0 for a refusal. It knows no key for repeats: after a timeout or an error 5xx nothing is
reported, the placement stays «unsure», and a person looks. So it is also when Zalo takes it: it makes the article
later, and a person enters the address. Run it from cron; it needs only Python.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

LUATMO, OUTLET = os.environ["LUATMO_URL"].rstrip("/"), os.environ["OUTLET_KEY"]
SECRET = Path(os.environ["OUTLET_SECRET_FILE"]).read_text().strip()
TOKEN = Path(os.environ["OA_TOKEN_FILE"]).read_text().strip()
ZALO = os.environ.get("ZALO_URL", "https://openapi.zalo.me")
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


def post(placement: dict) -> dict | None:
    """What to report; None when Zalo took it. Raises OSError when nobody knows whether it was posted."""
    article = {
        "type": "normal", "title": placement["title"][:150], "author": "Luật Mở", "status": "show", "comment": "hide",
        "cover": {"cover_type": "photo", "photo_url": placement["card_url"], "status": "show"},
        "description": placement["text"][:300], "body": [{"type": "text", "content": placement["text"]}],
    }  # fmt: skip
    headers = {"access_token": TOKEN, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{ZALO}/v2.0/article/create", json.dumps(article).encode(), headers)
    try:
        with OPEN(request, timeout=SECONDS) as answer:
            said = json.loads(answer.read(MOST))
    except urllib.error.HTTPError as error:
        if not 400 <= error.code < 500:
            raise
        return {"status": "failed", "error": f"{error.code} {error.read(300).decode(errors='replace')}"}
    if said["error"]:
        return {"status": "failed", "error": f"{said['error']} {said.get('message', '')}"[:500]}
    return None  # Zalo makes the article later, and may refuse it then


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
        if outcome is None:
            print(f"{placement['key']} was taken by Zalo: look whether it is there")
        else:
            unsure += report(placement["key"], outcome)
    return unsure


if __name__ == "__main__":
    sys.exit(min(main(), 1))
