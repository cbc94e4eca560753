"""What of the endings that acts state reaches a reader, on the sample laws imported as a newcomer does.

    .venv/bin/python bench/endings.py [--documents FILE] [--truth FILE] [--show N]

The laws are imported into a throw-away database and published; the import carries out what is certain. Then each
document of the truth (`bench/effect_truth.tsv`: number, day, status, proof, labelled by reading) is compared with what
a reader is shown on its day. Without a truth file only what was carried out is counted. Exit code 1 outside the goals
of design/effect.md §10: nothing shown as in force that a text ended, nothing wrongly ended.
"""

import argparse
import collections
import csv
import datetime
import sys
import time
from pathlib import Path

import throwaway

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data/documents.jsonl.gz"
TODAY = datetime.date(2026, 11, 28)  # of the truth file, where a row names no day


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", nargs="+", type=Path, default=[DATA], metavar="FILE")
    options.add_argument("--truth", type=Path, default=Path(__file__).with_name("effect_truth.tsv"))
    options.add_argument("--show", type=int, default=20, help="how many of each kind of error to name")
    asked = options.parse_args()
    throwaway.start()
    from content.documents.models import LegalDocument
    from content.endings.models import EndingCase
    from content.importing import runs

    before = time.perf_counter()
    runs.run_import(
        runs.source_files(asked.documents), topics=[], publish=True, notify=False, progress=lambda lines: None
    )
    print(f"imported and carried out in {time.perf_counter() - before:.0f} s")
    cases = EndingCase.objects.select_related("act", "target")
    tally = collections.Counter((case.kind, case.scope, case.state) for case in cases)
    for (kind, scope, state), count in sorted(tally.items()):
        print(f"  {kind} {scope} {state}: {count}")
    doubts = collections.Counter(
        doubt for case in cases.filter(state__in=["open", "contested"]) for doubt in case.doubts
    )
    print("  doubts:", dict(doubts.most_common()))
    whole = cases.filter(kind="ends", scope="whole", target__isnull=False)
    for case in whole.exclude(state="carried_out").order_by("pk")[: asked.show]:
        print(f"not carried out: {case.act.number} {case.source_eid} → {case.target.number} {case.state} {case.doubts}")
    automatic = whole.filter(state="carried_out").count()
    found = right = wrongly_ended = false_in_force = 0
    rows = _truth(asked.truth)
    for row in rows:
        document = LegalDocument.objects.filter(number=row["number"]).first()
        if document is None:
            print("not stored:", row["number"])
            continue
        errors = _compare(document, row)
        found, right = found + errors["found"], right + errors["right"]
        wrongly_ended, false_in_force = wrongly_ended + errors["wrongly_ended"], false_in_force + errors["in_force"]
    ended = sum(row["status"] == "expired" for row in rows)
    print(
        f"endings: whole={whole.count()} truth={len(rows)} found={_share(found, ended)} "
        f"day_right={_share(right, found)} automatic={_share(automatic, whole.count())} "
        f"wrongly_ended={wrongly_ended} false_in_force={false_in_force}"
    )
    sys.exit(bool(wrongly_ended or false_in_force))


def _truth(path):
    if not path.is_file():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return [row for row in rows if row["number"]]


def _compare(document, row):
    """What a reader is shown of the document on the row's day, beside what is true."""
    from content.documents import effect

    day = datetime.date.fromisoformat(row["day"]) if row.get("day") else TODAY
    shown = effect.effect_of(document, day)
    ended = row["status"] == "expired"
    errors = {
        "found": ended and shown.status in ("expired", "unknown"),
        "right": ended and shown.status == "expired",
        "wrongly_ended": not ended and shown.status == "expired",
        "in_force": ended and shown.status in ("in_force", "partly_expired"),
    }
    if errors["wrongly_ended"] or errors["in_force"]:
        print(
            f"WRONG: {document.number} on {day}: shown {shown.status}, is {row['status']}: {row.get('proof', '')[:160]}"
        )
    return errors


def _share(part, whole):
    return f"{part / whole:.3f}" if whole else "-"


if __name__ == "__main__":
    main()
