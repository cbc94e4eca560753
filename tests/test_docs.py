"""The documentation names files, links and packages that exist."""

import re
from pathlib import Path

import pytest

from tests.test_architecture import COLLECTORS, LAYERS, PACKAGES

ROOT = Path(__file__).resolve().parent.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = (*LAYERS, "tests", "bench", "script", "docs")
QUOTED = re.compile(r"```.*?```|`([^`]+)`", re.DOTALL)  # a block of code gives no path, a span gives one or several
PATH = re.compile(rf"(?<![\w/.])(?:{'|'.join(FOLDERS)})/[^\s,;:()=…]+")  # no URL: those begin with a slash
LINK = re.compile(r"\]\(([^)\s#]+)")
PLANNED = {  # examples of what may come
    "api/v2",
}


def paths(text: str) -> list[str]:
    """The paths of ours in the code spans of a Markdown text, without those that have a <placeholder>."""
    spans = [span for span in QUOTED.findall(text) if span]
    return [path.rstrip(".") for span in spans for path in PATH.findall(span) if "<" not in path]


def links(text: str) -> list[str]:
    """The targets of relative links, without the part after #."""
    return [target for target in LINK.findall(text) if "://" not in target]


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_every_path_and_link_exists(doc):
    text = doc.read_text(encoding="utf-8")
    missing = [path for path in paths(text) if path not in PLANNED and not (ROOT / path).exists()]
    assert missing + [target for target in links(text) if not (doc.parent / target).exists()] == []


def test_an_example_of_what_may_come_leaves_the_list_when_it_is_there():
    assert [path for path in sorted(PLANNED) if (ROOT / path).exists()] == []


def test_the_table_of_packages_of_content_is_complete_and_in_order():
    """Packages of one set may be in any order."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = text.partition("## The packages of content")[2].partition("\n\nIn `notifications`")[0]
    rows = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in table.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in row]
    levels = [group - COLLECTORS - {"jobs"} for group in PACKAGES["content"]]
    place = {name: number for number, group in enumerate(levels) for name in group}
    assert sorted(named) == sorted(place)
    assert [place[name] for name in named] == sorted(place.values())


def test_a_path_is_told_from_a_url_and_a_placeholder():
    text = "`script/test tests/x.py` `/api/v1/changes` `api/v1/<family>/` content/y `see docs/z.md.`\n```\ndocs/a\n```"
    assert paths(text) == ["script/test", "tests/x.py", "docs/z.md"]
