"""The benches: what they name is there. They run by `script/check-more`."""

import re
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / "bench"


def test_each_part_of_the_attack_has_its_module():
    named = re.search(r"PARTS = \((.+?)\)", (BENCH / "attack.py").read_text())[1]
    parts = set(re.findall(r'"(\w+)"', named))
    assert parts == {path.stem for path in (BENCH / "attacks").glob("*.py")} - {"__init__", "target"}
