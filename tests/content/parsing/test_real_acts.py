"""The parser on real acts: a law, codes, decrees, amending acts. The record is the truth."""

import gzip
import json
from pathlib import Path

import pytest

from content.law.units import UnitKind
from content.parsing import parse_text
from content.text.vietnamese import nfc

DATA = Path(__file__).resolve().parents[3].parent / "shared/data/documents.jsonl.gz"
BELOW = {UnitKind.CLAUSE, UnitKind.POINT, UnitKind.INDENT, UnitKind.PARAGRAPH, UnitKind.TABLE}
NUMBERS = {
    "31/2024/QH15",  # a long law
    "91/2015/QH13",  # a code with parts
    "100/2019/NĐ-CP",
    "28/2001/QH10",  # articles without titles
    "06/2022/QH15",  # titles in quotation marks
    "07/2022/QH15",  # amending acts
    "123/2021/NĐ-CP",
    "35/2018/QH14",
    "88/2025/QH15",
    "118/2025/QH15",
    "71/2014/QH13",  # quotations that are not closed
    "14/2008/QH12",
}


@pytest.fixture(scope="module")
def documents():
    if not DATA.exists():
        pytest.skip(f"no sample laws at {DATA}")
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        found = [document for document in map(json.loads, lines) if document["number"] in NUMBERS]
    assert len(found) == len(NUMBERS)
    return found


def composed(document):
    """The document as the parser meets it: a line for each new heading, each article, its text, the footer."""
    lines, path = list(document["preamble"]), []
    for article in document["articles"]:
        new = article["path"]
        kept = next((at for at, (a, b) in enumerate(zip(new, path, strict=False)) if a != b), min(len(new), len(path)))
        lines += new[kept:] if new != path else []
        lines += [f"Điều {article['number']}. {article['title']}".rstrip(), article["text"]]
        path = new
    return nfc("\n".join([*lines, *document["footer"]]))


def articles_of(text):
    """(number, title, text) as parsed."""
    units, found = parse_text(text).units, []
    for unit in units:
        if unit.kind is UnitKind.ARTICLE:
            found.append([unit.number, unit.heading, unit.body, unit.end])
        elif unit.kind in BELOW:
            found[-1][3] = unit.end
    return [(number, title, text[start:end].strip()) for number, title, start, end in found]


def test_articles_are_those_of_the_record(documents):
    for document in documents:
        wanted = [(article["number"], article["title"], article["text"]) for article in document["articles"]]
        assert articles_of(composed(document)) == wanted, document["number"]


def test_closing_parts_are_those_of_the_record(documents):
    for document in documents:
        text = composed(document)
        closing = [text[unit.start : unit.end] for unit in parse_text(text).units if unit.kind is UnitKind.CONCLUSIONS]
        assert closing == ["\n".join(document["footer"])], document["number"]


def test_clauses_of_one_article_come_in_order(documents):
    for document in documents:
        text = composed(document)
        assert "numbering_restarts" not in {notice.code for notice in parse_text(text).warnings}, document["number"]
