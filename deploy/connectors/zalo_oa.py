"""Not tried with a real account. Writes what waits for an outlet as articles of a Zalo OA: claim, post, report, once.

    LUATMO_URL=https://… OUTLET_KEY=noi-… OUTLET_SECRET_FILE=… OA_TOKEN_FILE=… python3 zalo_oa.py

Call: POST /v2.0/article/create with type, title, author, cover, description, body, status, comment. Zalo answers 200
with `error` other than 0 for a refusal. It knows no key for repeats: after a timeout or an error 5xx nothing is
reported, the placement stays «unsure», and a person looks. So it is also when Zalo takes it: it makes the article
later, and a person enters the address.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from outlet_queue import MOST, OPEN, SECONDS, refusal, run

TOKEN = Path(os.environ["OA_TOKEN_FILE"]).read_text().strip()
ZALO = os.environ.get("ZALO_URL", "https://openapi.zalo.me")


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
        return refusal(error)
    if said["error"]:
        return {"status": "failed", "error": f"{said['error']} {said.get('message', '')}"[:500]}
    return None  # Zalo makes the article later, and may refuse it then


if __name__ == "__main__":
    sys.exit(run(post))
