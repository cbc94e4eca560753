"""Saved web pages: checked, parsed, and turned into the lines a reader sees. `webpage` interprets them."""

import codecs
import re

from lxml import etree

from content.documents.records import RecordError
from content.importing import plain_text

MAX_PAGE_SIZE = 8 * 2**20  # bytes; a code (bộ luật) saved from a word processor has 4 MiB
MAX_DEPTH = 100  # nested elements; HTML parsers are quadratic in it, and this one stops at 255 without an error
MAX_TAGS = 300_000
MAX_ATTRIBUTES = 2_000  # of one element; libxml2 is quadratic in them. Counted by «=», of which addresses hold some too

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_READ_ENCODINGS = re.compile(r"cp\d{3,4}|iso8859-\d+|ascii|utf-16(?:-[lb]e)?")  # others are slow, or no encodings
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = frozenset([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
])  # fmt: skip
_CLOSED_BY_ITSELF = frozenset([
    "p", "li", "td", "th", "tr", "option", "dt", "dd", "thead", "tbody", "tfoot",
])  # fmt: skip
_RAW = ("script", "style", "textarea", "title", "xmp")  # their content has no tags
_UNSEEN = frozenset([
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "select", "button",
    "textarea", "input", "nav", "aside", "head",
])  # fmt: skip
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OF_LAYOUT = re.compile("CỘNG HÒA XÃ HỘI|CỘNG HOÀ XÃ HỘI|Nơi nhận|NƠI NHẬN")


def parse_html(content: bytes) -> etree._Element:
    """The root element of a page. Raises RecordError for a page that is too large, too deep, or empty."""
    if len(content) > MAX_PAGE_SIZE:
        raise RecordError("the page is larger than %(most)d MiB", most=MAX_PAGE_SIZE // 2**20)
    text = _decode_page(content)
    _refuse_deep(text.lower())
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.encode(), parser) if text.strip() else None
    if root is None:
        raise RecordError("the file is empty. Choose another one")
    depth = deepest = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise RecordError("the page nests more than %(most)d elements, or has too many elements", most=MAX_DEPTH)
    return root


def _decode_page(content: bytes) -> str:
    """The text as UTF-8, as UTF-16 with a byte order mark, or else in the encoding that the page names."""
    try:
        return plain_text.decode_text(content).replace("\0", "\ufffd")
    except RecordError:
        named = _CHARSET.search(content[:4096])
        try:
            codec = codecs.lookup(named[1].decode("ascii")) if named else None
        except LookupError:
            codec = None
        if codec is None or not _READ_ENCODINGS.fullmatch(codec.name):
            raise
    return content.decode(codec.name, errors="replace").replace("\0", "\ufffd")


def _refuse_deep(text: str) -> None:
    """One pass over the tags of a page in lower case, before any parser reads it. Raises RecordError."""
    stack: list[str] = []
    opened: dict[str, int] = {}
    place = tags = 0
    while found := _TAG.search(text, place):
        comment = text.find("<!--", place, found.start())
        if comment >= 0:
            place = _after(text, "-->", comment)
            continue
        place, closes, name = found.end(), bool(found[1]), found[2]
        tags += 1
        if text.count("=", place, _after(text, ">", place)) > MAX_ATTRIBUTES:
            raise RecordError("an element of the page has more than %(most)d attributes", most=MAX_ATTRIBUTES)
        if closes:
            while opened.get(name) and (top := stack.pop()):
                opened[top] -= 1
                if top == name:
                    break
        elif name in _RAW:
            place = _after(text, f"</{name}", place)
        elif name not in _VOID and not (name in _CLOSED_BY_ITSELF and stack and stack[-1] == name):
            stack.append(name)
            opened[name] = opened.get(name, 0) + 1
        if len(stack) > MAX_DEPTH or tags > MAX_TAGS:
            raise RecordError("the page nests more than %(most)d elements, or has too many elements", most=MAX_DEPTH)


def _after(text: str, sign: str, place: int) -> int:
    end = text.find(sign, place)
    return len(text) if end < 0 else end + len(sign)


def is_visible(element: etree._Element) -> bool:
    """Whether a reader sees the element: no script, no form, nothing hidden."""
    return (
        isinstance(element.tag, str)
        and element.tag not in _UNSEEN
        and element.get("hidden") is None
        and not _HIDDEN.search(element.get("style") or "")
    )


def is_block(element: etree._Element) -> bool:
    return element.tag in _BLOCKS


def visible_lines(element: etree._Element) -> list[str]:
    """The lines of an element as a reader sees them. A table row is one line with its cells separated by a TAB."""
    writer = _LineWriter()
    writer.write(element)
    writer.end_line()
    return writer.lines


def visible_text(element: etree._Element) -> str:
    """The element's text on one line."""
    return " ".join(" ".join(visible_lines(element)).split())


class _LineWriter:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._parts: list[str] = []

    def end_line(self) -> None:
        line = " ".join("".join(self._parts).split())
        self._parts = []
        if line:
            self.lines.append(line)

    def write(self, element: etree._Element) -> None:
        if not is_visible(element):
            return
        if element.tag == "br":
            self.end_line()
        elif element.tag == "table" and not _is_layout(element):
            self.end_line()
            self._write_rows(element)
        else:
            self._write_inside(element)

    def _write_inside(self, element: etree._Element) -> None:
        block = is_block(element)
        if block:
            self.end_line()
        self._parts.append(element.text or "")
        for child in element:
            self.write(child)
            self._parts.append(child.tail or "")
        if block:
            self.end_line()

    def _write_rows(self, table: etree._Element) -> None:
        for row in table.iter("tr"):
            cells = [visible_text(cell) for cell in row if cell.tag in ("td", "th")]
            if any(cells):
                self.lines.append("\t".join(cells))


def _is_layout(table: etree._Element) -> bool:
    """Whether a table only serves the layout: the head, the signatures, a table of tables, a single column."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    columns = max(map(len, rows), default=0)
    is_small = columns == 2 and len(rows) < 3
    return columns < 2 or is_small or bool(_OF_LAYOUT.search(" ".join("".join(table.itertext()).split())))
