"""The text of a document and its units, made from a record: complete, or some articles of it.

A complete record is one text, parsed as a whole. A partial record is a set of articles. Each is parsed alone, so that
gaps between them cannot mislead the parser, and joined with the stored articles in the order of the law.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from django.utils.translation import gettext as _

from content import computed_ahead, parsing
from content.computed_ahead import Reading
from content.documents.models import LegalDocument, ProvisionVersion
from content.documents.records import ArticleRecord, DocumentRecord
from content.errors import RuleBroken
from content.law import unit_numbers
from content.law.eids import article_eid
from content.law.lexer.unit_lexicon import ARTICLE, ARTICLE_LABEL
from content.law.units import UnitKind
from content.parsing import ParserWarning, Structure, Unit
from content.text.vietnamese import nfc


def _parsed(text: str) -> Structure:
    return computed_ahead.result_of((Reading.STRUCTURE, text), lambda: parsing.parse_text(text))


class CompleteText:
    """The whole text of a document."""

    codes: ClassVar[dict[str, str]] = {}  # only single articles have codes of the codification

    def __init__(self, record: DocumentRecord) -> None:
        self.text = nfc(record.text)

    @cached_property
    def structure(self) -> Structure:
        return _parsed(self.text)


@dataclass(frozen=True)
class ArticleBlock:
    """An article: its first line «Điều 5. Phạm vi», then its text. `text` ends with a line break."""

    number: str
    heading: str
    text: str
    code: str = ""


class PartialText:
    """Some articles of a document: the given ones, and the `stored` ones beside them."""

    def __init__(self, articles: Iterable[ArticleRecord], stored: Iterable[ArticleBlock] = ()) -> None:
        blocks = {block.number: block for block in stored}
        for article in articles:
            code = article.code or getattr(blocks.get(article.number), "code", "")
            blocks[article.number] = replace(_block_of_article(article), code=code)
        self.blocks = sorted(blocks.values(), key=lambda block: (unit_numbers.number_order(block.number), block.number))
        self.text = "".join(block.text for block in self.blocks)

    @property
    def codes(self) -> dict[str, str]:
        """{eid: code in the codification} of the articles that have one."""
        return {article_eid(block.number): block.code for block in self.blocks if block.code}

    @cached_property
    def structure(self) -> Structure:
        units: list[Unit] = []
        quoted: list[tuple[int, int]] = []
        warnings: list[ParserWarning] = []
        start = 0
        for block in self.blocks:
            own = _parsed_article(block)
            units += [_shifted_unit(unit, start, len(units)) for unit in own.units]
            quoted += [(first + start, last + start) for first, last in own.quoted]
            warnings += [replace(warning, start=warning.start + start) for warning in own.warnings]
            start += len(block.text)
        return Structure(tuple(units), tuple(quoted), tuple(warnings))


def text_of_record(record: DocumentRecord, stored: Iterable[ArticleBlock] = ()) -> CompleteText | PartialText:
    """The text of a record. `stored`: articles of the partial document that the record adds to."""
    return PartialText(record.articles, stored) if record.is_partial else CompleteText(record)


def text_of_partial_document(document: LegalDocument) -> PartialText:
    """The text of a partial document as it is stored."""
    return PartialText((), current_article_blocks(document))


def current_article_blocks(document: LegalDocument) -> list[ArticleBlock]:
    """The articles of a partial document as they are stored."""
    blocks: list[ArticleBlock] = []
    texts: list[list[str]] = []
    rows = ProvisionVersion.objects.filter(provision__document=document, valid_from=None).select_related("provision")
    for row in rows.order_by("provision__position"):
        provision = row.provision
        if provision.kind == UnitKind.ARTICLE:
            blocks.append(ArticleBlock(provision.number, row.heading, "", provision.codification_code))
            texts.append([])
        texts[-1].append(row.text)
    return [replace(block, text="".join(own)) for block, own in zip(blocks, texts, strict=True)]


def split_into_articles(text: str, stored: Sequence[ArticleBlock]) -> tuple[ArticleRecord, ...]:
    """The articles of an edited text, each from its line «Điều N» on. `stored`: the articles before the edit.

    Raises RuleBroken("articles_missing") if one of them is not in its place any more.
    """
    lines, starts, at = nfc(text).splitlines(keepends=True), [], 0
    for block in stored:
        at = _first_line_of_article(block, lines, at)
        starts.append(at)
        at += 1
    if not starts or "".join(lines[: starts[0]]).strip():
        raise RuleBroken(
            "articles_missing",
            _("There is text before the first article. Remove it or move it into an article."),
            field="text",
        )
    ends = [*starts[1:], len(lines)]
    return tuple(
        ArticleRecord(block.number, _heading_of_line(lines[first]), "".join(lines[first + 1 : end]), block.code)
        for block, first, end in zip(stored, starts, ends, strict=True)
    )


def _first_line_of_article(block: ArticleBlock, lines: Sequence[str], at: int) -> int:
    """The index of the line where an article begins: that of its old heading, or else the first with its number."""
    opening = re.compile(rf"{ARTICLE} {re.escape(block.number)}(?!\w)")
    own = block.text.partition("\n")[0]
    found = [index for index in range(at, len(lines)) if opening.match(lines[index])]
    same = [index for index in found if lines[index].rstrip() == own]
    if not found:
        message = _("Điều %s is missing or not in its place. Restore its first line.") % block.number
        raise RuleBroken("articles_missing", message, field="text")
    return (same or found)[0]


def _heading_of_line(line: str) -> str:
    return re.sub(rf"^{ARTICLE_LABEL}", "", line).strip()


def _block_of_article(article: ArticleRecord) -> ArticleBlock:
    heading, _, rest = nfc(article.heading).strip().partition("\n")
    heading = " ".join(heading.split())
    lines = [f"Điều {article.number}. {heading}".rstrip(), rest.strip("\n"), nfc(article.text).strip("\n")]
    return ArticleBlock(article.number, heading, "".join(f"{line}\n" for line in lines if line))


def _parsed_article(block: ArticleBlock) -> Structure:
    """The structure of one article: the article itself, and the units that the parser finds in it.

    If the parser finds what no article contains (a second article outside quotations, a chapter), the article is stored
    as one block without units.
    """
    parsed = _parsed(block.text)
    first_line_end = block.text.index("\n")
    article = Unit(UnitKind.ARTICLE, article_eid(block.number), block.number, block.heading, 0, first_line_end, 0, None)
    inner = parsed.units[1:]
    is_plain = parsed.units[0].eid == article.eid and all(
        unit.parent is not None and unit.start > first_line_end for unit in inner
    )
    if is_plain:
        article = replace(article, end=parsed.units[0].end)
        warnings = tuple(warning for warning in parsed.warnings if warning.code != "missing_article")
        return Structure((article, *inner), parsed.quoted, warnings)
    warning = ParserWarning(
        "not_taken_apart", f"Điều {block.number} giữ nguyên một khối: không chắc các khoản, điểm.", 0
    )
    return Structure((replace(article, end=len(block.text)),), (), (warning,))


def _shifted_unit(unit: Unit, start: int, index: int) -> Unit:
    parent = None if unit.parent is None else unit.parent + index
    return replace(unit, start=unit.start + start, body=unit.body + start, end=unit.end + start, parent=parent)
