"""Clauses and points of a saved page whose anchors say where they begin: a truth that is not ours.

.venv/bin/python bench/anchors.py [FILE]

The page (Decree 168/2024/NĐ-CP) marks each clause `<a name="khoan_6_1">` and each point `<a name="diem_6_1_dd">`.
Its text goes to the parser paragraph by paragraph; each anchored unit must come back with its eId at its
place. Exit code 1 below 99 %.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

from fidelity import ROOT

from content import parsing
from content.text.vietnamese import nfc

PAGE = ROOT.parent / "shared/data/raw-samples/nd168-2024_gplx_app.html"
GOAL = 0.99
_NAME = re.compile(r"(?:khoan|diem)_\w+$")
_BLOCKS = {"p", "div", "br", "tr", "table", "h1", "h2", "h3", "li"}


class Page(HTMLParser):
    """Collects the words of a page; `anchors` are (name, offset of the next word)."""

    def __init__(self):
        super().__init__()
        self.pieces, self.length, self.anchors, self.waiting, self.hidden = [], 0, [], [], False

    def handle_starttag(self, tag, attrs):
        self.hidden = self.hidden or tag in ("script", "style")
        if tag in _BLOCKS:
            self._put("\n")
        name = dict(attrs).get("name") or ""
        if tag == "a" and _NAME.match(name):
            self.waiting.append(name)

    def handle_endtag(self, tag):
        self.hidden = self.hidden and tag not in ("script", "style")
        if tag in _BLOCKS:
            self._put("\n")

    def handle_data(self, data):
        if self.hidden:
            return None
        words = re.sub(r"\s+", " ", nfc(data))
        if self.length and self.pieces[-1][-1:] in "\n ":
            words = words.lstrip(" ")
        if not words.strip():
            return self._put(words)
        self.anchors += [(name, self.length + len(words) - len(words.lstrip())) for name in self.waiting]
        self.waiting = []
        return self._put(words)

    def _put(self, piece):
        if piece:
            self.pieces.append(piece)
            self.length += len(piece)


def eid(name, turned):
    """ "diem_6_1_dd" as art_6__clause_1__point_dd; in the articles `turned` the page says "diem_dd_1_6"."""
    numbers = name.split("_")[1:]
    article, clause, *point = reversed(numbers) if numbers[-1] in turned else numbers
    return f"art_{article}__clause_{clause}" + (f"__point_{point[0]}" if point else "")


def main():
    page, file = Page(), Path(sys.argv[1]) if sys.argv[1:] else PAGE
    page.feed(file.read_text(encoding="utf-8"))
    text = "".join(page.pieces)
    starts = {unit.eid: unit.start for unit in parsing.parse_text(text).units}
    turned = {name.split("_")[-2] for name, _ in page.anchors if name.endswith("_name")}
    named = [(name, eid(name, turned), at) for name, at in page.anchors if not name.endswith("_name")]
    wrong = [(name, at) for name, unit, at in named if starts.get(unit) != at]
    for name, at in wrong[:20]:
        print("not where the anchor is:", name, repr(text[at : at + 60]))
    right = len(named) - len(wrong)
    share = right / max(len(named), 1)
    print(f"anchors: {right} of {len(named)} clauses and points = {share:.2%}")
    sys.exit(share < GOAL)


if __name__ == "__main__":
    main()
