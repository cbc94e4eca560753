"""Not tried with a real account. Posts what waits for an outlet to a Facebook Page: claim, post, report, each once.

    LUATMO_URL=https://… OUTLET_KEY=noi-… OUTLET_SECRET_FILE=… PAGE_ID=… PAGE_TOKEN_FILE=… python3 facebook_page.py

Call: POST /{page}/feed of the Graph API with message and link (developers.facebook.com/docs/pages/publishing). It knows
no key for repeats: after a timeout or an error 5xx nobody knows whether the post is there. Then nothing is reported,
the placement stays «unsure», and a person looks.
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from outlet_queue import MOST, OPEN, SECONDS, refusal, run

PAGE, TOKEN = os.environ["PAGE_ID"], Path(os.environ["PAGE_TOKEN_FILE"]).read_text().strip()
GRAPH = os.environ.get("GRAPH_URL", "https://graph.facebook.com/v24.0")


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
        return refusal(error)


if __name__ == "__main__":
    sys.exit(run(post))
