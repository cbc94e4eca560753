"""The codification as saved pages of phapdien.moj.gov.vn, one heading_number (đề mục) a page.

A page is a flat sequence of paragraphs: `pDieu` «Điều 44.8.LQ.1. Phạm vi điều chỉnh», `pGhiChu` the remark that names
the document, `pNoiDung` the text (nested paragraphs, which no parser preserves), links to attachments, `pChiDan`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from content.documents.records import AmendmentRecord, RecordError
from content.importing import codification, html_pages, json_fields
from content.importing.known_names import NO_NAMES, KnownNames
from content.importing.line_files import NumberedRecord
from content.law import official_numbers
from content.law.lexer.document_words import ACT_WORD
from content.law.lexer.unit_lexicon import ARTICLE, ARTICLE_NUMBER

CODIFICATION_MARK = re.compile(rb"class\s*=\s*['\"]?(?:pDieu|pGhiChu|viewDSVB)\b")
_HEADING = re.compile(r"Đề mục\s+(\d+\.\d+)", re.IGNORECASE)
_CODE = re.compile(rf"{ARTICLE}\s+(\d+(?:\.[\wĐđ]+)+?)\.(?:\s+(.*))?$", re.DOTALL)
_REMARK = re.compile(
    rf"\(?\s*(?:{ARTICLE}\s+(?P<article>{ARTICLE_NUMBER})\.?,?\s+)?(?P<type>{ACT_WORD})\s+(?:số:?\s+)?(?P<number>\S*\d\S*?),?\s"
    r"(?P<title>.*?)(?:ngày\s+(?P<issued>\d{1,2}/\d{1,2}/\d{4})\s+của\s+(?P<issuer>[^,]*?(?:, [^,]*?)*?)\s*)?,?\s*"
    r"có hiệu lực(?: thi hành)?(?: kể)? từ ngày\s+(?P<effective>\d{1,2}/\d{1,2}/\d{4})(?P<rest>.*)"
)
_CHANGE = re.compile(
    r"(?P<kind>(?:được|bị) (?:sửa đổi, bổ sung|sửa đổi|bổ sung|bãi bỏ|hủy bỏ)) bởi\s"
    rf".{{0,60}}?(?:{ACT_WORD})\s+(?:số:?\s+)?"
    r"(?P<number>\S*\d\S*?),?\s.{0,400}?có hiệu lực(?: thi hành)?(?: kể)? từ ngày\s+(?P<on>\d{1,2}/\d{1,2}/\d{4})"
)
LONGEST_REMARK = 4_000  # characters read; the longest known remark has 1,500
_ITEM = re.compile(r"ItemID=(\d+)")


def records_in_page(content: bytes, names: KnownNames = NO_NAMES) -> Iterator[NumberedRecord]:
    """Yield (number of the article on the page, DocumentRecord or RecordError).

    An empty heading_number yields nothing.
    """
    rows = list(_codified_articles(html_pages.parse_html(content)))
    named: dict[str, list[codification.ArticleIdentity]] = defaultdict(list)
    for place, row in enumerate(rows):
        named[row.number].append(codification.article_identity(place, row))
    for places in (places for each in named.values() for places in codification.group_by_document(each)):
        try:
            record, problems = codification.record_of_document([rows[place] for place in places], names)
            yield places[0] + 1, record
        except RecordError as problem:
            problems = [problem] * len(places)
        yield from ((places[0] + 1, problem) for problem in problems)


def _codified_articles(root: etree._Element) -> Iterator[codification.CodifiedArticle]:
    found = _HEADING.search(" ".join(html_pages.visible_text(each) for each in root.iter("h3")))
    heading_number, article = found[1] if found else "", None
    for element in root.iter("p", "a", "table"):
        kind = element.get("class") if element.tag == "p" else None
        if kind == "pDieu":
            if article:
                yield article.row(heading_number)
            article = _ArticleScanner(html_pages.visible_text(element))
        elif article and _is_outermost(element):
            article.add(kind, element)
    if article:
        yield article.row(heading_number)


def _is_outermost(element: etree._Element) -> bool:
    """Whether no paragraph, link or table contains the element: nested ones are read with the outer one."""
    return not any(above.tag in ("p", "a", "table") for above in element.iterancestors())


class _ArticleScanner:
    """Collects one article of the page from its paragraphs."""

    def __init__(self, title: str) -> None:
        found = _CODE.match(title)
        self.code, self.title = (found[1], found[2] or "") if found else ("", title)
        self.remark, self.item = "", ""
        self.lines: list[str] = []
        self.files: list[str] = []
        self._is_text = False

    def add(self, kind: str | None, element: etree._Element) -> None:
        if kind == "pGhiChu":
            self.remark = html_pages.visible_text(element)
            link = element.find(".//a[@href]")
            found = _ITEM.search(link.get("href")) if link is not None else None
            self.item = found[1] if found else ""
        elif kind in ("pNoiDung", None) and element.tag != "a":
            self._is_text = self._is_text or kind == "pNoiDung"
            self.lines += html_pages.visible_lines(element) if self._is_text else []
        elif element.tag == "a" and "/Files/" in (element.get("href") or ""):
            self.files.append(html_pages.visible_text(element))
        else:
            self._is_text = False

    def row(self, heading_number: str) -> codification.CodifiedArticle:
        found = _REMARK.match(self.remark[:LONGEST_REMARK])
        of: dict[str, str] = found.groupdict(default="") if found else defaultdict(str)
        return codification.CodifiedArticle(
            code=self.code,
            heading_number=heading_number,
            title=self.title,
            text="\n".join(self.lines),
            article=of["article"],
            doc_type=of["type"],
            number=official_numbers.clean_number(of["number"]),
            doc_title=of["title"].strip(" ,"),
            issued_on=json_fields.parse_vietnamese_date(of["issued"]),
            issuer=of["issuer"].strip(),
            effective_on=json_fields.parse_vietnamese_date(of["effective"]),
            item=self.item,
            amended=tuple(_amendments(of["article"], of["rest"])),
            files=tuple(self.files),
        )


def _amendments(article: str, rest: str) -> Iterator[AmendmentRecord]:
    for found in _CHANGE.finditer(rest):
        on = json_fields.parse_vietnamese_date(found["on"])
        if on and article and found["kind"] in codification.CHANGE_KINDS:
            yield AmendmentRecord(article, on, found["number"], ends=found["kind"] in codification.REPEAL_KINDS)
