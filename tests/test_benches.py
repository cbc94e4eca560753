"""The benches: what they name is there. They run by `script/check-more`."""

import re
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / "bench"


def test_each_part_of_the_attack_has_its_module():
    named = re.search(r"PARTS = \((.+?)\)", (BENCH / "attack.py").read_text())[1]
    parts = set(re.findall(r'"(\w+)"', named))
    assert parts == {path.stem for path in (BENCH / "attacks").glob("*.py")} - {"__init__", "target"}


def test_the_documentation_shows_each_client_that_is_tried():
    tried = re.search(r"^COMPILE: .+?^}", (BENCH / "clients" / "run.py").read_text(), re.MULTILINE | re.DOTALL)[0]
    generators = re.findall(r'^    "([\w-]+)":', tried, re.MULTILINE)
    page = (BENCH.parent / "api" / "guide" / "texts" / "clients.en.md").read_text()
    table = page.partition("| generator |")[2].partition("\n\n")[0]
    assert len(generators) == 7
    assert [each for each in generators if f"`{each}`" not in table] == []
