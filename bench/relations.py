"""What our finder and a regex's list of relations (relations.tsv, no truth) agree on, and differences to look at.

.venv/bin/python bench/relations.py [--documents FILE] [--relations FILE] [--show 20]
"""

import argparse
import collections
import csv
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1/none")  # nothing here asks a database

import django

django.setup()

from content import parsing
from content.importing import formats
from content.law import official_numbers
from content.relations import finder
from content.text.vietnamese import nfc

KINDS = {"sửa đổi, bổ sung": "amends", "bãi bỏ một phần": "repeals", "căn cứ": "based_on", "thay thế": "replaces"}
AROUND = 260  # characters of the text shown with a difference


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=Path, default=DATA / "documents.jsonl.gz")
    options.add_argument("--relations", type=Path, default=DATA / "relations.tsv")
    options.add_argument("--show", type=int, default=20)
    asked = options.parse_args()
    ours, seconds = read_ours(asked.documents)
    with open(asked.relations, encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    classes = collections.defaultdict(list)
    for row in theirs:
        classes[compare(row, ours)].append(row)
    listed = {(row["source"], official_numbers.number_key(row["target"])) for row in theirs}
    extra = [(number, each) for number, found in ours.items() for each in found if is_extra(number, each, listed)]
    show(classes, extra, ours, asked.show)
    counts = " ".join(f"{name}={len(rows)}" for name, rows in sorted(classes.items()))
    comparable = len(theirs) - len(classes["source_absent"])
    stated = comparable - len(classes["history"])
    print(
        f"relations: rows={len(theirs)} {counts} agreement={len(classes['same']) / comparable:.1%} "
        f"agreement_without_history={len(classes['same']) / stated:.1%} "
        f"ours={sum(map(len, ours.values()))} only_ours={len(extra)} finder_seconds={seconds:.2f}"
    )


def read_ours(path):
    """{number: [Found]} of the documents, and the seconds the finder alone took."""
    ours, seconds = {}, 0
    for _line, record in formats.records_in_lines(path.open("rb"), path.name):
        text = nfc(record.text)
        parsed = parsing.parse_text(text)
        before = time.perf_counter()
        ours[record.number] = finder.find_statements(
            text,
            parsed,
            doc_type=record.doc_type,
            own_key=official_numbers.number_key(record.number),
            title=record.title,
            effective_on=record.effective_on,
        )
        seconds += time.perf_counter() - before
    return ours, seconds


def compare(row, ours):
    """The class of a row of theirs; the names are those of docs/relations.md."""
    if row["source"] not in ours:
        return "source_absent"
    found = [each for each in ours[row["source"]] if each.reference.key == official_numbers.number_key(row["target"])]
    kinds = {each.kind.value for each in found}
    if KINDS[row["kind"]] in kinds:
        return "same"
    if kinds & {"amends", "repeals", "replaces"}:
        return "other_kind"
    if is_history(row):
        return "history"
    return "only_cited" if kinds else "not_found"


def is_history(row):
    """Whether the evidence names the target only after «đã được sửa đổi, bổ sung … theo»."""
    before = row["evidence"].partition(row["target"])[0]
    at = max(before.rfind(words) for words in ("được sửa đổi", "được bổ sung", "dược sửa đổi"))  # so 44/2019/QH14
    return at >= 0 and any(word in before[at:] for word in ("theo", "bởi"))


def is_extra(number, each, listed):
    return each.kind != "cites" and bool(each.reference.number) and (number, each.reference.key) not in listed


def show(classes, extra, ours, most):
    """Differences of each class, taken at even distances, with the words around them."""
    wanted = {"history": 0.3, "other_kind": 0.3, "not_found": 0.15, "only_cited": 0.15}
    shown = 0
    for name, share in wanted.items():
        for row in spread(classes[name], round(most * share)):
            shown += 1
            key = official_numbers.number_key(row["target"])
            found = [f"{each.kind.value}/{each.scope}" for each in ours[row["source"]] if each.reference.key == key]
            at = max(0, row["evidence"].find(row["target"]))
            words = row["evidence"][max(0, at - AROUND) : at + 160]
            print(f"{shown}. [{name}] {row['source']} {row['kind']} {row['target']}; we: {found}\n   … {words} …")
    for number, each in spread(extra, most - shown):
        shown += 1
        target = each.reference.number
        print(f"{shown}. [only_ours] {number} {each.kind.value}/{each.scope} {target} ({each.source_eid})")
        print(f"   … {each.evidence[:AROUND]} …")


def spread(rows, count):
    """`count` of the rows at even distances, or all."""
    step = max(1, len(rows) // max(1, count))
    return rows[step // 2 :: step][:count]


if __name__ == "__main__":
    main()
