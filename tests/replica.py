"""A follower of the public API that keeps a copy of what is public: what a partner would write, and nothing else."""

import gzip
import json

ADDRESSES = {"document": "documents/{}?include=text", "question": "questions/{}", "event": "events/{}"}


class Replica:
    """Starts empty. `get(path)` answers (status, body bytes, headers) of a path under /api/v1."""

    def __init__(self, get):
        self._get = get
        self.cursor = "0"
        self.lines = {}  # (object, its key): its line, bytes
        self.tombstones = set()
        self.read = 0  # changes read
        self._names = {}  # {key of a document: its number and its title}, of those that were withdrawn too

    def catch_up(self):
        """Read the change log to its end, and fetch each object it names once."""
        touched = set()
        while True:
            page = self._json(f"changes?after={self.cursor}&page_size=7")
            for line in page["results"]:
                self.read += 1
                touched.add((line["object"], line["subject"]))
                if line["is_tombstone"]:
                    self.tombstones.add((line["object"], line["subject"]))
            self.cursor = page["cursor"]
            if page["next"] is None:
                break
        documents = {key for name, key in touched if name == "document"}
        named = {name for key in documents for name in self._names.get(key, ())}
        for what in sorted(touched):
            self._fetch(*what)
        named |= {name for key in documents for name in self._names.get(key, ())}
        alike = {key for key, names in self._names.items() if not named.isdisjoint(names)}
        linking = {("document", each) for key in documents | alike for each in self._linking(key)}
        for what in sorted(linking - touched):
            self._fetch(*what)

    def _linking(self, key):
        """Keys of documents whose `links` may be others since this one changed: a link has no change of its own.

        Ask it of documents with the same number or title, too: one more makes the words ambiguous, one less clear.
        """
        linking = {
            other
            for (name, other), line in self.lines.items()
            if name == "document" and f'/api/v1/documents/{key}"'.encode() in line
        }
        path = f"documents/{key}/cited-by?page_size=100"
        while path:
            status, body, _headers = self._get(path)
            if status != 200:  # withdrawn: it is linked by those of our own lines alone
                break
            page = json.loads(body)
            linking |= {each["document"]["key"] for each in page["results"]}
            path = page["next"] and page["next"].partition("/api/v1/")[2]
        return linking

    def _fetch(self, name, key):
        status, body, _headers = self._get(ADDRESSES[name].format(key))
        if status == 200:
            self.lines[name, key] = body
            if name == "document":
                facts = json.loads(body)
                self._names[key] = {facts["number"], facts["title"]} - {""}
            return
        assert status in (404, 410), (status, body)
        assert (name, key) in self.tombstones, f"{name} {key} is gone, and no line said so"
        self.lines.pop((name, key), None)

    def _json(self, path):
        status, body, _headers = self._get(path)
        assert status == 200, (path, body)
        return json.loads(body)


def lines_of_export(get):
    """{(object, its key): line} of the newest export, and its manifest."""
    status, body, _headers = get("exports")
    assert status == 200
    manifest, lines = json.loads(body)["results"][0], {}
    for name in ADDRESSES:
        (file,) = (each for each in manifest["files"] if each["name"] == f"{name}s.jsonl.gz")
        status, packed, _headers = get(file["url"].partition("/api/v1/")[2])
        assert status == 200
        lines |= {(name, json.loads(line)["key"]): line for line in gzip.decompress(packed).splitlines()}
    return lines, manifest
