"""What of the endings that acts state reaches a reader, on the sample laws imported as a newcomer does.

    .venv/bin/python bench/endings.py [--documents FILE] [--truth FILE] [--half open|sealed] [--show N]

The laws are imported into a throw-away database and published; the import carries out what is certain. Documents of the
truth (`bench/effect_truth.tsv`: number, status, day, the clause that proves it, labelled by reading) that the laws do
not hold are imported too, each as one article: a target that is not here cannot be ended. Their days of issue are those
that the clause gives, else the first of January of their year. Then each document is compared with what a reader is
shown on TODAY.

found: of the documents that a text ended, those shown as expired or unknown. day_right: of these, those for which an
act's statement has the day of the truth. automatic: those carried out without a person; `of_laws`: of the targets that
the laws themselves hold. Exit code 1 outside the goals of design/effect.md §10.
"""

import argparse
import collections
import csv
import datetime
import gzip
import json
import re
import sys
import tempfile
import time
from pathlib import Path

import throwaway

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared/data/documents.jsonl.gz"
TODAY = datetime.date(2026, 11, 28)
FOUND, DAY_RIGHT, AUTOMATIC = 0.97, 0.99, 0.80
DAY = re.compile(r"ngày\s+(\d{1,2})(?:\s+tháng\s+|/)(\d{1,2})(?:\s+năm\s+|/)(\d{4})")
ISSUERS = {
    "Luật": "Quốc hội",
    "Bộ luật": "Quốc hội",
    "Pháp lệnh": "Ủy ban thường vụ Quốc hội",
    "Nghị định": "Chính phủ",
}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", nargs="+", type=Path, default=[DATA], metavar="FILE")
    options.add_argument("--truth", type=Path, default=Path(__file__).with_name("effect_truth.tsv"))
    options.add_argument("--half", choices=["open", "sealed"], help="only this half of the truth")
    options.add_argument("--show", type=int, default=20, help="how many of each kind of error to name")
    asked = options.parse_args()
    throwaway.start()
    rows = read_truth(asked.truth, asked.half)
    before = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        stubs = Path(folder) / "stubs.jsonl"
        stubs.write_text("".join(json.dumps(each) + "\n" for each in documents_not_among(rows, asked.documents)))
        report = throwaway.import_and_publish([*asked.documents, stubs])
    for where, reason in report.skipped[: asked.show]:
        print("not imported:", where, reason)
    print(f"imported and carried out in {time.perf_counter() - before:.0f} s")
    tell_of_cases(asked.show)
    sys.exit(not measure(rows, asked.show))


def read_truth(file, half):
    with open(file, encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        wanted = {"open": "no", "sealed": "yes"}.get(half)
        return [row for row in rows if wanted in (None, row["sealed"])]


def documents_not_among(rows, files):
    """Rows as jsonl.py reads them, for the documents of the truth that the files do not hold."""
    stored = set()
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            stored |= {json.loads(line)["number"] for line in lines}
    for row in rows:
        if row["number"] not in stored:
            issued, number, title = issued_on(row), official_number(row), row["title"]
            if not number:
                title = f"{row['type']} {row['number'].removeprefix(row['type']).strip()}"
            elif not title.startswith(row["type"]):
                title = f"{row['type']} {title}"
            yield {
                "number": number,
                "type": row["type"],
                "title": title,
                "issuer": issuer_of(row, number),
                "issued": str(issued),
                "effective": str(issued),
                "preamble": [],
                "articles": [{"number": "1", "title": "Phạm vi", "path": [], "text": f"{title}."}],
            }


def official_number(row):
    """The number, or "" where the truth names the document by its name and year."""
    return "" if row["number"].startswith(row["type"]) else row["number"]


def issuer_of(row, number):
    if "UBTVQH" in number:
        return ISSUERS["Pháp lệnh"]
    return ISSUERS.get(row["type"]) or ("Quốc hội" if "/QH" in number else "")


def issued_on(row):
    """The day of issue, as far as the clause or the name gives it."""
    number = official_number(row)
    beside = row["words"].partition(number)[2] if number else f"{row['title']} {row['words']}"
    found = DAY.match(beside.lstrip(", ")) if number else DAY.search(row["title"])
    if found:
        day, month, year = map(int, found.groups())
        return datetime.date(year, month, day)
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", f"{row['title']} {row['number']}")
    return datetime.date(int(years[-1]) if years else 1990, 1, 1)


def tell_of_cases(show):
    from content.endings.models import EndingCase

    cases = EndingCase.objects.select_related("act", "target")
    tally = collections.Counter((case.kind, case.scope, case.state) for case in cases)
    for (kind, scope, state), count in sorted(tally.items()):
        print(f"  {kind} {scope} {state}: {count}")
    doubts = collections.Counter(
        doubt for case in cases.filter(state__in=["open", "contested"]) for doubt in case.doubts
    )
    print("  doubts:", dict(doubts.most_common()))
    whole = cases.filter(kind="ends", scope="whole", target__isnull=False)
    for case in whole.exclude(state__in=["carried_out", "read"]).order_by("pk")[:show]:
        print(f"  open: {case.act.number} {case.source_eid} → {case.target} {case.state} {case.doubts}")


def measure(rows, show):
    """Compare what readers are shown with the truth. Returns whether the goals are met."""
    from content.documents import effect
    from content.endings.models import EndingCase

    count = collections.Counter()
    for row in rows:
        document = stored_document(row)
        if document is None:
            print("not stored:", row["number"])
            continue
        shown = effect.effect_of(document, TODAY).status
        cases = EndingCase.objects.filter(target=document, kind="ends", scope="whole")
        if row["status"] != "expired":
            count["wrongly_ended"] += wrong(row, shown, shown == "expired")
            continue
        in_laws, is_automatic = row["in_corpus"] == "yes", cases.filter(state="carried_out", decided_by=None).exists()
        count.update(whole=1, here=in_laws, automatic=is_automatic, automatic_here=in_laws and is_automatic)
        count["false_in_force"] += wrong(row, shown, shown in ("in_force", "partly_expired"))
        if cases.exists():
            count["found"] += 1
            days = {str(case.on) for case in cases}
            count["day_right"] += row["ended_on"] in days
            if row["ended_on"] not in days:
                print("another day:", row["number"], "is", row["ended_on"], "read", *sorted(days))
        elif count["found"] < show:
            print("not found:", row["number"], row["by"], row["words"][:120])
    shares = {
        name: count[name] / count[of] if count[of] else 1.0
        for name, of in (("found", "whole"), ("day_right", "found"), ("automatic", "whole"), ("automatic_here", "here"))
    }
    print(
        f"endings: whole={count['whole']} of {len(rows)} found={shares['found']:.3f} "
        f"day_right={shares['day_right']:.3f} automatic={shares['automatic']:.3f} "
        f"of_laws={shares['automatic_here']:.3f} wrongly_ended={count['wrongly_ended']} "
        f"false_in_force={count['false_in_force']}"
    )
    good = shares["found"] >= FOUND and shares["day_right"] >= DAY_RIGHT and shares["automatic"] >= AUTOMATIC
    return good and not count["wrongly_ended"] and not count["false_in_force"]


def wrong(row, shown, is_wrong):
    if is_wrong:
        print(f"WRONG: {row['number']}: shown {shown}, is {row['status']}: {row['words'][:160]}")
    return is_wrong


def stored_document(row):
    from content.documents.models import LegalDocument

    number = official_number(row)
    named = {"number": number} if number else {"title": row["number"]}
    return LegalDocument.objects.filter(**named).first()


if __name__ == "__main__":
    main()
