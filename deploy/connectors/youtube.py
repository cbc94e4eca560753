"""Not tried with a real account. Uploads the video of what waits for an outlet to YouTube: claim, post, report, once.

    LUATMO_URL=https://… OUTLET_KEY=noi-… OUTLET_SECRET_FILE=… YOUTUBE_TOKEN_FILE=… python3 youtube.py

Call: videos.insert, resumable: POST the description, PUT the file to the session's address
(developers.google.com/youtube/v3/guides/using_resumable_upload_protocol). The session is the key for repeats: within a
run nothing is uploaded twice. YouTube locks uploads of projects that it has not audited to private. What fails after
the session has begun stays «unsure», and a person looks. A placement without a video fails.
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
TOKEN = Path(os.environ["YOUTUBE_TOKEN_FILE"]).read_text().strip()
YOUTUBE = os.environ.get("YOUTUBE_URL", "https://www.googleapis.com")
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
    """What to report. Raises OSError when nobody knows whether it was uploaded."""
    with OPEN(placement["subject_url"], timeout=SECONDS) as answer:
        files = json.loads(answer.read(MOST)).get("files", [])
    video = next((each for each in files if each["role"] == "main" and each["media_type"].startswith("video/")), None)
    if video is None:
        return {"status": "failed", "error": "no video"}
    about = {"snippet": {"title": placement["title"][:100], "description": placement["text"]}}
    body = json.dumps(about | {"status": {"privacyStatus": "public", "selfDeclaredMadeForKids": False}}).encode()
    start = f"{YOUTUBE}/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status"
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    try:
        with OPEN(urllib.request.Request(start, body, headers), timeout=SECONDS) as answer:
            session = answer.headers["Location"]
    except urllib.error.HTTPError as error:  # nothing was uploaded yet
        return {"status": "failed", "error": f"{error.code} {error.read(300).decode(errors='replace')}"}
    with OPEN(video["url"], timeout=SECONDS) as file:
        headers = {"Content-Type": video["media_type"], "Content-Length": str(video["size"])}
        upload = urllib.request.Request(session, file, headers, method="PUT")
        with OPEN(upload, timeout=3600) as answer:
            return {"status": "placed", "url": f"https://www.youtube.com/watch?v={json.loads(answer.read(MOST))['id']}"}


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
