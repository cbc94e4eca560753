"""Words of a former private vocabulary stay out of what others read: the contract, messages, docstrings, documentation.

Each of these words had a meaning that only this project knew; the field has a term for it (README, Vocabulary).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("content", "notifications", "api", "config")
CATALOGUE = ROOT / "config" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
FORMER_WORDS = (
    "day-book", "daybook", "dayturn", "desk", "room", "post room", "door", "house", "floor", "shelf", "stands",
    "taken back", "mended", "bettered", "manuscript", "specimen", "living answers",
)  # fmt: skip
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PATTERN = re.compile(rf"(?<![\w-])(?:{'|'.join(FORMER_WORDS)})(?![\w-])", re.IGNORECASE)


def former_words(text: str) -> list[str]:
    """The former words in a text, in order, lower case. A line break counts as a space."""
    return [found.lower() for found in PATTERN.findall(re.sub(r"\s+", " ", text))]


def public_docstrings(source: str) -> Iterator[tuple[str, str]]:
    """Name and docstring of the module and of each class and function without a leading underscore."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = getattr(node, "name", "module")
            is_private = name.startswith("_") and not name.startswith("__")
            if not is_private and (text := ast.get_docstring(node)):
                yield name, text


def message_ids(catalogue: str) -> Iterator[str]:
    """Every msgid and msgid_plural of a catalogue."""
    for lines in re.findall(r'^msgid(?:_plural)? ((?:".*"\n)+)', catalogue, re.MULTILINE):
        yield "".join(ast.literal_eval(line) for line in lines.splitlines())


def test_the_contract_has_none_of_them():
    lines = (ROOT / "openapi.yaml").read_text().splitlines()
    assert [line.strip() for line in lines if former_words(line)] == []
    assert former_words("\n".join(lines)) == []


def test_no_message_has_one_of_them():
    assert [each for each in message_ids(CATALOGUE.read_text() + "\n") if former_words(each)] == []


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)
def test_no_page_of_the_documentation_has_one_of_them(doc):
    assert [line for line in doc.read_text().splitlines() if former_words(line)] == []


@pytest.mark.parametrize("folder", [*LAYERS, "tests", "bench"])
def test_no_public_docstring_has_one_of_them(folder):
    found = [
        f"{path.relative_to(ROOT)}: {name}: {', '.join(words)}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
        for name, text in public_docstrings(path.read_text())
        if (words := former_words(text))
    ]
    assert found == []


@pytest.mark.parametrize("word", FORMER_WORDS)
def test_each_word_would_be_found(word):
    source = f'def shown():\n    """It is {word.upper()}, they say."""\n'
    assert [former_words(text) for _name, text in public_docstrings(source)] == [[word]]


@pytest.mark.parametrize("text", ["recommended", "amended", "warehouse", "doorway", "bedroom-sized", "understands"])
def test_longer_words_are_none_of_them(text):
    assert former_words(text) == []


def test_a_word_across_two_lines_would_be_found():
    assert former_words("it was taken\n    back") == ["taken back"]
    assert list(message_ids('msgid ""\n"taken "\n"back"\nmsgstr ""\n')) == ["taken back"]
