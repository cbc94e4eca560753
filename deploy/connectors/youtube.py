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
import urllib.error
import urllib.request
from pathlib import Path

from outlet_queue import MOST, OPEN, SECONDS, refusal, run

TOKEN = Path(os.environ["YOUTUBE_TOKEN_FILE"]).read_text().strip()
YOUTUBE = os.environ.get("YOUTUBE_URL", "https://www.googleapis.com")


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
        return refusal(error)
    with OPEN(video["url"], timeout=SECONDS) as file:
        headers = {"Content-Type": video["media_type"], "Content-Length": str(video["size"])}
        upload = urllib.request.Request(session, file, headers, method="PUT")
        with OPEN(upload, timeout=3600) as answer:
            return {"status": "placed", "url": f"https://www.youtube.com/watch?v={json.loads(answer.read(MOST))['id']}"}


if __name__ == "__main__":
    sys.exit(run(post))
