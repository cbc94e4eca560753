"""How faithfully the parser gives back the structure of real laws.

    .venv/bin/python bench/fidelity.py [--documents FILE…] [--show N]

A record's articles are the truth: each must come back with its number, title (U+00D0 read as Đ) and text to the letter,
from one text that holds nothing but lines. Clauses and points are the lines «1. …» and «a) …» of a record's articles
that are outside quotations (as the parser sees them, so that part is not independent; anchors.py is). Numbers are
official numbers that come through cleaning as published. Exit code 1 below 99.5 % of articles.
"""

import argparse
import gzip
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tqdm import tqdm

from content import parsing
from content.importing import jsonl
from content.law import official_numbers
from content.text.vietnamese import nfc

CLAUSE, POINT = re.compile(r"\d+[a-zđ]?\. "), re.compile(r"[a-zđ]\d?\) ")
AFTER = {"conclusions", "annex", "form"}
GOAL = 0.995


def rows(files):
    for file in files:
        with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def read_back(text, parsed):
    """[(number, title, text)] of the parsed articles, the units under each included."""
    units, ends = parsed.units, [unit.end for unit in parsed.units]
    for index in range(len(units) - 1, -1, -1):
        parent = units[index].parent
        if parent is not None:
            ends[parent] = max(ends[parent], ends[index])
    return [
        (unit.number, unit.heading, text[unit.body : ends[index]].strip("\n"))
        for index, unit in enumerate(units)
        if unit.kind == "article"
    ]


def expected_lines(text, start, end, parsed):
    """Offsets of the lines in text[start:end] that look like clauses and points and are in no quotation."""
    found = {"clause": set(), "point": set()}
    for line in re.finditer(r"^.*$", text[start:end], re.M):
        at = start + line.start()
        if any(first <= at < last for first, last in parsed.quoted):
            continue
        if CLAUSE.match(line[0]):
            found["clause"].add(at)
        elif POINT.match(line[0]):
            found["point"].add(at)
    return found


def measure(row, counts, misses):
    text = nfc(jsonl.record_from_row(row).text)
    parsed = parsing.parse_text(text)
    got = {number: (title, body) for number, title, body in read_back(text, parsed)}
    for article in row["articles"]:
        wanted = (nfc(article["title"]).replace("Ð", "Đ"), nfc(article["text"]).strip("\n"))
        counts["articles", got.get(article["number"]) == wanted] += 1
        if got.get(article["number"]) != wanted:
            misses.append(f"{row['number']} Điều {article['number']}")
    articles = [unit for unit in parsed.units if unit.kind == "article"]
    last = max((unit.end for unit in parsed.units if unit.kind not in AFTER), default=0)
    starts = {kind: {unit.start for unit in parsed.units if unit.kind == kind} for kind in ("clause", "point")}
    if articles:
        for kind, lines in expected_lines(text, articles[0].start, last, parsed).items():
            for at in lines:
                counts[f"{kind}s", at in starts[kind]] += 1
    counts["numbers", official_numbers.clean_number(row["number"]) == row["number"]] += 1


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared/data/documents.jsonl.gz"
    options.add_argument("--documents", nargs="+", type=Path, default=[default], metavar="FILE")
    options.add_argument("--show", type=int, default=20, help="how many of the inexact articles to name")
    asked = options.parse_args()
    counts, misses = Counter(), []
    for row in tqdm(rows(asked.documents), unit="doc", disable=None):
        measure(row, counts, misses)
    for miss in misses[: asked.show]:
        print("not exact:", miss)
    shares = {}
    for name in ("articles", "clauses", "points", "numbers"):
        right, wrong = counts[name, True], counts[name, False]
        shares[name] = right / (right + wrong) if right + wrong else 1.0
        print(f"{name}: {right} of {right + wrong}")
    print("fidelity: " + " ".join(f"{name}={share:.2%}" for name, share in shares.items()))
    sys.exit(shares["articles"] < GOAL)


if __name__ == "__main__":
    main()
