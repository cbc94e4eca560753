"""A follower of the public API that keeps a copy of all documents: what a partner would write, and nothing else."""

import gzip
import json


class Replica:
    """Starts empty. `get(path)` answers (status, body bytes, headers) of a path under /api/v1."""

    def __init__(self, get):
        self._get = get
        self.bookmark = "0"
        self.lines = {}  # key of a document: its line, bytes
        self.tombstones = set()
        self.read = 0  # lines of the day-book

    def catch_up(self):
        """Read the day-book to its end, and fetch each document it speaks of once."""
        touched = set()
        while True:
            page = self._json(f"changes?after={self.bookmark}&page_size=7")
            for line in page["results"]:
                self.read += 1
                if line["object"] == "document":
                    touched.add(line["subject"])
                    if line["is_tombstone"]:
                        self.tombstones.add(line["subject"])
            self.bookmark = page["bookmark"]
            if page["next"] is None:
                break
        for key in sorted(touched):
            self._fetch(key)

    def _fetch(self, key):
        status, body, _headers = self._get(f"documents/{key}?include=text")
        if status == 200:
            self.lines[key] = body
            return
        assert status in (404, 410), (status, body)
        assert key in self.tombstones, f"{key} is gone, and no line said so"
        self.lines.pop(key, None)

    def _json(self, path):
        status, body, _headers = self._get(path)
        assert status == 200, (path, body)
        return json.loads(body)


def lines_of_export(get, name="documents.jsonl.gz"):
    """{key: line} of the newest export, and its manifest."""
    status, body, _headers = get("exports")
    assert status == 200
    manifest = json.loads(body)["results"][0]
    (file,) = (each for each in manifest["files"] if each["name"] == name)
    status, packed, _headers = get(file["url"].partition("/api/v1/")[2])
    assert status == 200
    lines = gzip.decompress(packed).splitlines()
    return {json.loads(line)["key"]: line for line in lines}, manifest
