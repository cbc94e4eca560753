"""Not tried with a real account. Writes what waits for an outlet as articles of a Zalo OA: claim, post, report, once.

    LUATMO_URL=https://… OUTLET_KEY=noi-… OUTLET_SECRET_FILE=… OA_TOKEN_FILE=… python3 zalo_oa.py

Call: POST /v2.0/article/create with type, title, author, cover, description, body, status, comment. Zalo answers 200
with `error` other than 0 for a refusal. It knows no key for repeats: after a timeout or an error 5xx nothing is
reported, the placement stays «unsure», and a person looks. Run it from cron; it needs only Python.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

LUATMO, OUTLET = os.environ["LUATMO_URL"].rstrip("/"), os.environ["OUTLET_KEY"]
SECRET = Path(os.environ["OUTLET_SECRET_FILE"]).read_text().strip()
TOKEN = Path(os.environ["OA_TOKEN_FILE"]).read_text().strip()
ZALO = os.environ.get("ZALO_URL", "https://openapi.zalo.me")
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
    article = {
        "type": "normal", "title": placement["title"][:150], "author": "Luật Mở", "status": "show", "comment": "hide",
        "cover": {"cover_type": "photo", "photo_url": placement["card_url"], "status": "show"},
        "description": placement["text"][:300], "body": [{"type": "text", "content": placement["text"]}],
    }  # fmt: skip
    headers = {"access_token": TOKEN, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{ZALO}/v2.0/article/create", json.dumps(article).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise
        return {"status": "failed", "error": f"{error.code} {error.read(300).decode(errors='replace')}"}
    if said["error"]:
        return {"status": "failed", "error": f"{said['error']} {said.get('message', '')}"[:500]}
    return {"status": "placed"}  # Zalo names the address only when the article is ready


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
