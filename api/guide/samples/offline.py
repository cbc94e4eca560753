import json, pathlib, urllib.error, urllib.request

CACHE = pathlib.Path("luatmo-cache")
CACHE.mkdir(exist_ok=True)


def read(address):
    """The newest answer; without a network, the one that is kept. Returns (answer, is_fresh)."""
    file = CACHE / urllib.parse.quote(address, safe="")
    kept = json.loads(file.read_text()) if file.exists() else None
    headers = {"If-None-Match": kept["etag"]} if kept else {}
    try:
        answer = urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10)
        kept = {"etag": answer.headers["ETag"], "body": json.load(answer)}
        file.write_text(json.dumps(kept))
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            file.unlink(missing_ok=True)  # nothing is there any more: drop the copy
        if error.code != 304:
            raise
    except OSError:
        if not kept:
            raise
        return kept["body"], False
    return kept["body"], True


law = "https://luatmo.example/api/v1/documents/luat-2024-31-2024-qh15?include=text"
assert read(law) == read(law)
