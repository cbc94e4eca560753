"""The words of amended laws beside the acts that amend them, on the sample laws imported as a newcomer does.

    .venv/bin/python bench/consolidated.py [--draw N] [--seed N] [--show N]

The laws are imported into a throw-away database and published; the import carries out what is certain. Then every text
that an amendment made is looked at:

- `foreign`: its act does not contain it, and no order about a phrase or a heading made it.
- `unordered`: the unit comes before a unit of the same kind with a smaller number, in the same unit.
- `left_over`: punctuation without words between, as «,, » and «tại; điểm», that the text before it did not have.
- `nested`: a point that holds the line of another point: it was cut out of the act wrongly.

What no machine sees is drawn at random for the eye: `--draw` prints that many units with their words before and after,
the day, and the clause of the act. A wrong verb or a wrong unit is seen only there: of the 50 read for the first time
one was in the wrong place, and these checks then found twenty more. Exit code 1 if anything is found.
"""

import argparse
import collections
import random
import re
import sys
import unicodedata
from pathlib import Path

import throwaway

DATA = Path(__file__).resolve().parents[2] / "shared/data/documents.jsonl.gz"
MARKS = {"article": r"Điều\s+\S+", "clause": r"\d+[a-zđ]?\.", "point": r"[a-zđ]{1,2}\d?\)"}
LEFT_OVER = re.compile(r"[,;:]\s*[,;](?!\w)|(?<!\w)(?<!hiện )(?<!tồn )(?:tại|của|và|hoặc)\s*[,;.]", re.IGNORECASE)
PHRASES = ("replace_phrase", "drop_phrase", "insert_phrase")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", nargs="+", type=Path, default=[DATA], metavar="FILE")
    options.add_argument("--draw", type=int, default=0, help="how many amended units to print for reading")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=20, help="how many of each kind of error to name")
    asked = options.parse_args()
    throwaway.start()
    from content.documents.models import Amendment

    throwaway.import_and_publish(asked.documents)
    made = Amendment.objects.filter(withdrawn_at=None, versions_made__isnull=False).distinct()
    made = [each for each in made.select_related("act", "document").order_by("pk") if each.act_id != each.document_id]
    found, texts, orders = check(made)
    for kind, units in found.items():
        for line in units[: asked.show]:
            print(f"{kind}: {line}")
    draw(made, asked.draw, asked.seed)
    counts = " ".join(f"{kind}={len(found[kind])}" for kind in ("foreign", "unordered", "left_over", "nested"))
    print(f"consolidated: laws={len({each.document_id for each in made})} orders={orders} texts={texts} {counts}")
    sys.exit(1 if not texts or any(found.values()) else 0)


def check(made):
    """({kind of error: lines that name the units}, texts looked at, orders)."""
    found = collections.defaultdict(list)
    texts = orders = 0
    acts = {}
    for amendment in made:
        orders += len(amendment.instructions)
        act = acts.setdefault(amendment.act_id, plain(text_of(amendment.act)))
        for version in amendment.versions_made.select_related("provision"):
            texts += 1
            unit = version.provision
            where = f"{amendment.act.number} → {amendment.document.number} {unit.eid}: {version.text[:120]!r}"
            earlier = unit.versions.filter(valid_until=version.valid_from).first()
            before = earlier.text if earlier else ""
            about = [each for each in amendment.instructions if touches(each["eid"], unit.eid)]
            is_of_phrase = any(each["action"] in PHRASES or each["part"] != "whole" for each in about)
            if not is_of_phrase and plain(version.text) not in act:
                found["foreign"].append(where)
            if len(LEFT_OVER.findall(version.text)) > (len(LEFT_OVER.findall(before)) if is_of_phrase else 10**6):
                found["left_over"].append(where)
            if unit.kind == "point" and len(re.findall(rf"(?m)^\s*{MARKS['point']}", version.text)) > 1:
                found["nested"].append(where)
    for document in {each.document for each in made}:
        found["unordered"] += unordered(document)
    return found, texts, orders


def touches(eid, other):
    return not eid or other == eid or other.startswith(f"{eid}__")


def unordered(document):
    """Units in the text of today that stand after one of their kind with a greater number, in the same unit."""
    from content.documents import provision_queries
    from content.law.unit_numbers import number_order
    from content.vietnam_time import today

    last, found = {}, []
    enacted = set(document.provisions.filter(versions__valid_from=None).values_list("eid", flat=True))
    for unit in provision_queries.unit_texts_on(document, today()):
        place = (unit.parent, unit.kind)
        before = last.get(place)
        is_new = before is not None and not {unit.eid, before.eid} <= enacted
        # «khoản 1a vào trước khoản 1» is so ordered by the act
        is_before = is_new and unit.kind in MARKS and number_order(unit.number) < number_order(before.number)
        if is_before and not before.number.startswith(unit.number):
            found.append(f"{document.number} {before.eid} comes before {unit.eid}")
        last[place] = unit
    return found


def text_of(document):
    texts = document.provisions.filter(versions__valid_from=None).order_by("position")
    return "".join(texts.values_list("versions__text", flat=True))


def plain(text):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def draw(made, count, seed):
    """Print `count` units that amendments made, each of another amendment as far as there are enough."""
    random.seed(seed)
    chosen = random.sample(made, min(count, len(made)))
    while chosen and len(chosen) < count:
        chosen.append(random.choice(made))
    for amendment in chosen:
        version = random.choice(list(amendment.versions_made.select_related("provision")))
        unit = version.provision
        earlier = unit.versions.filter(valid_until=version.valid_from).first()
        print(f"\n== {amendment.document.number} {unit.eid} from {version.valid_from}, by {amendment.act.number}")
        print("BEFORE:", earlier.text.strip() if earlier else "(none)")
        print("NOW:", version.text.strip())
        for each in amendment.instructions:
            if touches(each["eid"], unit.eid):
                clause = amendment.act.provisions.filter(eid=each["source"], versions__valid_from=None)
                print(f"ACT, {each['source']}:", "".join(clause.values_list("versions__text", flat=True)).strip())


if __name__ == "__main__":
    main()
