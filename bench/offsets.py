"""That the offsets of links and citations cut the same words out of a text in Python and in JavaScript.

    .venv/bin/python bench/offsets.py [--laws 25] [--node PROGRAM]

Three sets of texts are made of the sample laws: the laws as stored, whose offsets the guide applies to the string; each
decomposed, with its marks as combining letters; and each with emoji, a family of them and a letter of old Vietnamese in
front of every citation, as a text sent to `citations/resolve` may be. To the last two the guide applies the offsets by
code point. Offsets by UTF-16 unit must go wrong there: else the comparison tells nothing.

Last line: offsets: texts=… citations=… beyond=… differ=…; exit code 1 if any word differs.
"""

import argparse
import json
import subprocess
import sys
import unicodedata
from itertools import islice

from fidelity import ROOT, rows

from content.importing import jsonl
from content.law.known_names import LAW_ABBREVIATIONS, KnownNames
from content.law.mentions import read_mentions
from content.text.vietnamese import nfc

DATA = ROOT.parent / "shared/data/documents.jsonl.gz"
NAMES = KnownNames.of([("law", "Đất đai"), ("code", "Dân sự"), ("code", "Hình sự")], LAW_ABBREVIATIONS)
LETTERS = 40_000  # of each law
BEYOND = "\U0001f4dc \U00020d71 e\u0323\u0302 \U0001f468\u200d\U0001f469\u200d\U0001f467 "  # five beyond U+FFFF
CUT = """
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
const words = rows.map(({ text, spans, isStored }) => {
  const letters = isStored ? text : Array.from(text);
  const cut = (from, [start, end]) => [].concat(from.slice(start, end)).join("");
  return { words: spans.map((span) => cut(letters, span)), units: spans.map((span) => cut(text, span)) };
});
console.log(JSON.stringify(words));
"""


def texts_of(laws):
    """{text, spans, isStored} of every text, and in the same order the words that Python cuts out."""
    stored = [nfc(jsonl.record_from_row(row).text)[:LETTERS] for row in islice(rows([DATA]), laws)]
    made = [(text, True) for text in stored]
    for text in stored:
        made.append((unicodedata.normalize("NFD", text), False))
        made.append((with_letters_beyond(text), False))
    found = []
    for text, is_stored in made:
        spans = [[each.start, each.end] for each in read_mentions(text, NAMES)]
        found.append({"text": text, "spans": spans, "isStored": is_stored})
    return found, [[row["text"][start:end] for start, end in row["spans"]] for row in found]


def with_letters_beyond(text):
    pieces, at = [], 0
    for each in read_mentions(text, NAMES):
        pieces += [text[at : each.start], BEYOND]
        at = each.start
    return "".join([*pieces, text[at:]])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--laws", type=int, default=25)
    options.add_argument("--node", default="node", metavar="PROGRAM")
    asked = options.parse_args()
    texts, expected = texts_of(asked.laws)
    ran = subprocess.run([asked.node, "-e", CUT], input=json.dumps(texts), capture_output=True, text=True, check=True)
    cut = json.loads(ran.stdout)
    differ, told_apart, beyond = 0, 0, 0
    for row, python, javascript in zip(texts, expected, cut, strict=True):
        wrong = [(one, other) for one, other in zip(python, javascript["words"], strict=True) if one != other]
        differ += len(wrong)
        for one, other in wrong[:3]:
            print(f"Python {one!a}, JavaScript {other!a}")
        if any(ord(letter) > 0xFFFF for letter in row["text"]):
            beyond += 1
            told_apart += javascript["units"] != python
            differ += row["isStored"]
    citations = sum(map(len, expected))
    print(f"offsets: texts={len(texts)} citations={citations} beyond={beyond} differ={differ}")
    if differ or not citations or told_apart != beyond:
        sys.exit(1)


if __name__ == "__main__":
    main()
