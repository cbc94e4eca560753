"""How many of the official numbers of the codification are understood: parsed, put together again, found when typed.

    .venv/bin/python bench/official_numbers.py [FILE]

FILE is JSON Lines with a `number` in each. Every failure is listed; the last line holds the rate. Exit code 1 under
99.9 %. (Not named numbers.py: that would hide the module of the standard library from every bench beside it.)
"""

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from content.law import official_numbers
from content.text.vietnamese import fold

GOAL = 0.999


def failure(number):
    """What goes wrong with this number, or None."""
    parsed = official_numbers.parse_number(number)
    if parsed is None:
        return "does not parse"
    if str(parsed) != number:
        return f"comes back as {parsed}"
    head, _, symbol = fold(number).rpartition("/")
    if (
        official_numbers.typed_key(f"{symbol} {head.replace('/', ' ')}".strip()) != official_numbers.number_key(number)
        and "/" not in symbol
    ):
        return "is not found when typed with the symbol first"
    return None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = ROOT.parent / "shared/data/phapdien_documents.jsonl"
    options.add_argument("file", nargs="?", type=Path, default=default, metavar="FILE")
    asked = options.parse_args()
    with asked.file.open(encoding="utf-8") as lines:
        found = [json.loads(line)["number"] for line in lines if line.strip()]
    failures = [(number, reason) for number in found if (reason := failure(number))]
    for number, reason in failures:
        print(f"{number!r} {reason}")
    cut_off = sum(parsed.is_cut_off for number in found if (parsed := official_numbers.parse_number(number)))
    rate = 1 - len(failures) / len(found)
    print(f"numbers: {len(found) - len(failures)} of {len(found)} = {rate:.3%} ({cut_off} cut off by their source)")
    sys.exit(rate < GOAL)


if __name__ == "__main__":
    main()
