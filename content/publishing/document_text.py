"""What a document is made of when its record is taken in: one text, its units, and what to look at in it.

A complete record is one text, parsed. A partial one is articles that stand alone: each is parsed alone, so that a gap
between two of them can mislead nobody, and they are joined with those we hold already, in the order of the law.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from content import parsing
from content.documents.models import ProvisionVersion
from content.documents.records import ArticleRecord
from content.errors import RuleBroken
from content.law import unit_numbers
from content.law.eids import article_eid
from content.law.units import UnitKind
from content.parsing import ParserWarning, Unit
from content.text.vietnamese import nfc


class CompleteText:
    """The whole text of a document."""

    codes = {}

    def __init__(self, record):
        self.text = nfc(record.text)

    @cached_property
    def structure(self):
        return parsing.parse_text(self.text)


@dataclass(frozen=True)
class ArticleBlock:
    """An article with its first line: «Điều 5. Phạm vi», then what it says. `text` ends with a line's end."""

    number: str
    heading: str
    text: str
    code: str = ""


class PartialText:
    """Some articles of a document: those given (records.Article), and those of `standing` (Blocks) beside them."""

    def __init__(self, articles, standing=()):
        blocks = {block.number: block for block in standing}
        for article in articles:
            code = article.code or getattr(blocks.get(article.number), "code", "")
            blocks[article.number] = replace(_block_of_article(article), code=code)
        self.blocks = sorted(blocks.values(), key=lambda block: (unit_numbers.number_order(block.number), block.number))
        self.text = "".join(block.text for block in self.blocks)

    @property
    def codes(self):
        """{eid: code of the codification} of the articles that have one."""
        return {article_eid(block.number): block.code for block in self.blocks if block.code}

    @cached_property
    def structure(self):
        units, quoted, notices, start = [], [], [], 0
        for block in self.blocks:
            own = _parsed_article(block)
            units += [_shifted_unit(unit, start, len(units)) for unit in own.units]
            quoted += [(first + start, last + start) for first, last in own.quoted]
            notices += [replace(notice, start=notice.start + start) for notice in own.warnings]
            start += len(block.text)
        return parsing.Structure(tuple(units), tuple(quoted), tuple(notices))


def text_of_record(record, standing=()):
    """The wording of a record. `standing` are Blocks of the partial document that it adds to."""
    return PartialText(record.articles, standing) if record.is_partial else CompleteText(record)


def text_of_partial_document(document):
    """The wording of a partial document as it stands."""
    return PartialText((), current_article_blocks(document))


def current_article_blocks(document):
    """The Blocks of a partial document as it stands."""
    blocks, texts = [], []
    rows = ProvisionVersion.objects.filter(provision__document=document, valid_from=None).select_related("provision")
    for row in rows.order_by("provision__position"):
        provision = row.provision
        if provision.kind == UnitKind.ARTICLE:
            blocks.append(ArticleBlock(provision.number, row.heading, "", provision.codification_code))
            texts.append([])
        texts[-1].append(row.text)
    return [replace(block, text="".join(own)) for block, own in zip(blocks, texts, strict=True)]


def split_into_articles(text, standing):
    """The Articles of a text in which somebody wrote on the `standing` Blocks, each from its line «Điều N» on.

    Raises RuleBroken("articles_missing") where one of them does not stand there in its place any more.
    """
    lines, starts, at = nfc(text).splitlines(keepends=True), [], 0
    for block in standing:
        at = _first_line_of_article(block, lines, at)
        starts.append(at)
        at += 1
    if not starts or "".join(lines[: starts[0]]).strip():
        raise RuleBroken("articles_missing", _("Nothing may stand before the first article."), field="text")
    ends = [*starts[1:], len(lines)]
    return tuple(
        ArticleRecord(block.number, _heading_of_line(lines[first]), "".join(lines[first + 1 : end]), block.code)
        for block, first, end in zip(standing, starts, ends, strict=True)
    )


def _first_line_of_article(block, lines, at):
    """Where the article begins: its line as it stands, else the first of its number."""
    opening = re.compile(rf"Điều {re.escape(block.number)}(?!\w)")
    own = block.text.partition("\n")[0]
    found = [index for index in range(at, len(lines)) if opening.match(lines[index])]
    same = [index for index in found if lines[index].rstrip() == own]
    if not found:
        message = _("Điều %s is not there any more, or not in its place.") % block.number
        raise RuleBroken("articles_missing", message, field="text")
    return (same or found)[0]


def _heading_of_line(line):
    return re.sub(r"^Điều \w+\s*[.:]?", "", line).strip()


def _block_of_article(article):
    heading, _, rest = nfc(article.heading).strip().partition("\n")
    heading = " ".join(heading.split())
    lines = [f"Điều {article.number}. {heading}".rstrip(), rest.strip("\n"), nfc(article.text).strip("\n")]
    return ArticleBlock(article.number, heading, "".join(f"{line}\n" for line in lines if line))


def _parsed_article(block):
    """The structure of one article: the article, and in it what the parser finds.

    Where it finds what no article holds (a second article that stands in no quotation, a chapter), nothing under the
    article is told apart.
    """
    parsed = parsing.parse_text(block.text)
    first_line_end = block.text.index("\n")
    article = Unit(UnitKind.ARTICLE, article_eid(block.number), block.number, block.heading, 0, first_line_end, 0, None)
    inner = parsed.units[1:]
    is_plain = parsed.units[0].eid == article.eid and all(
        unit.parent is not None and unit.start > first_line_end for unit in inner
    )
    if is_plain:
        article = replace(article, end=parsed.units[0].end)
        notices = tuple(notice for notice in parsed.warnings if notice.code != "missing_article")
        return parsing.Structure((article, *inner), parsed.quoted, notices)
    notice = ParserWarning(
        "not_taken_apart", f"Điều {block.number} giữ nguyên một khối: không chắc các khoản, điểm.", 0
    )
    return parsing.Structure((replace(article, end=len(block.text)),), (), (notice,))


def _shifted_unit(unit, start, index):
    parent = None if unit.parent is None else unit.parent + index
    return replace(unit, start=unit.start + start, body=unit.body + start, end=unit.end + start, parent=parent)
