"""Documents as saved web pages: finds the main text among menus, scripts and copies, and reads the properties.

The page's anchors (`dieu_5`, `khoan_5_1`, `diem_5_1_a`) are compared with what the parser found.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from content import parsing
from content.documents.records import DocumentRecord, RecordWarning
from content.importing import document_heads, html_pages, json_fields
from content.importing.known_names import NO_NAMES, KnownNames
from content.law.doc_types import TYPES_BY_SLUG
from content.law.unit_numbers import eid_token
from content.text.vietnamese import fold, slug

_ARTICLE = re.compile(r"\s*[ĐÐ](?:iều|IỀU)\s+(\d{1,4}[a-zđ]?)\s*(?:[.:]|$)")  # a link says «Điều 9 mới nhất»
_LONGEST_LABEL = 40
LONGEST_VALUE = 300
PROPERTY_BY_LABEL = {  # folded, as sites name the properties
    "so hieu": "number",
    "so ky hieu": "number",
    "so/ky hieu": "number",
    "loai van ban": "doc_type",
    "noi ban hanh": "issuer",
    "co quan ban hanh": "issuer",
    "nguoi ky": "signer",
    "ngay ban hanh": "issued_on",
    "ngay hieu luc": "effective_on",
    "ngay co hieu luc": "effective_on",
    "ngay het hieu luc": "expires_on",
    "so cong bao": "gazette_number",
    "ngay cong bao": "gazette_on",
    "ngay dang cong bao": "gazette_on",
}
_CELLS = ("td", "th", "dt", "dd", "li", "p", "div", "b", "strong", "span", "label")
_ANCHOR = re.compile(r"dieu_(\d{1,4}[a-zđ]?)|khoan_(\d{1,4}[a-zđ]?)_(\d{1,4}[a-zđ]?)")
MAX_ANCESTORS = 8  # elements around the articles in which the head is searched
MAX_TRIES_PER_LABEL = 5  # for one label: the first with a value counts
MAX_ANCHORS_NAMED = 5  # anchors that a warning lists


def read_webpage(content: bytes, name: str, names: KnownNames = NO_NAMES) -> DocumentRecord:
    """The record of one page's bytes. Raises RecordError."""
    root = html_pages.parse_html(content)
    main = _main_element(root)
    metadata = _properties(root)
    source = metadata.source_url.split("/")[2] if metadata.source_url else name
    text = "\n".join(html_pages.visible_lines(main))
    made = document_heads.record_from_text(text, metadata, names=names, source=source)
    return replace(made, notes=(*made.notes, *_notes_on_missing_anchors(main, made.text)))


def _main_element(root: etree._Element) -> etree._Element:
    """The element with the document: the innermost with nearly all articles, widened until it contains the head.

    A page may contain a second copy, a translation, a list of links to articles, so only different articles count.
    Without articles it is the element with most text in paragraphs of its own.
    """
    articles: dict[etree._Element, set[str]] = {}
    lengths: dict[etree._Element | None, int] = {}
    for element in _leaf_blocks(root):
        text = "".join(element.itertext())
        parent = element.getparent()
        lengths[parent] = lengths.get(parent, 0) + len(text)
        found = _ARTICLE.match(text)
        if found:
            for ancestor in [element, *element.iterancestors()]:
                articles.setdefault(ancestor, set()).add(found[1])
    if not articles:
        return max(lengths, key=lambda element: lengths[element], default=root)
    enough = 0.9 * len(articles[root])
    main = max(
        (element for element, numbers in articles.items() if len(numbers) >= enough),
        key=lambda element: sum(1 for _ in element.iterancestors()),
    )
    return _with_head(main)


def _leaf_blocks(root: etree._Element) -> Iterator[etree._Element]:
    """The visible blocks that contain no other block."""
    containers = set()
    for block in filter(html_pages.is_block, root.iter()):
        for ancestor in block.iterancestors():
            if ancestor in containers:
                break
            containers.add(ancestor)
    stack = [root]
    while stack:
        element = stack.pop()
        if not html_pages.is_visible(element):
            continue
        if html_pages.is_block(element) and element not in containers:
            yield element
        else:
            stack.extend(reversed(element))


def _with_head(main: etree._Element) -> etree._Element:
    """The element, or the first around it, that names the type of document; the element itself if none does."""
    for element in [main, *itertools.islice(main.iterancestors(), MAX_ANCESTORS)]:
        if element.tag in ("body", "html"):
            break
        if document_heads.names_a_type(html_pages.visible_lines(element)):
            return element
    return main


def _properties(root: etree._Element) -> document_heads.SourceMetadata:
    """What the page states as «label: value» beside the text."""
    found: dict[str, str] = {}
    tries: Counter[str] = Counter()
    for element in root.iter(*_CELLS):
        own = (element.text or "").strip() if len(element) else html_pages.visible_text(element)
        label, _colon, value = own.partition(":")
        name = PROPERTY_BY_LABEL.get(" ".join(fold(label).split())) if len(label) <= _LONGEST_LABEL else None
        if name and name not in found and tries[name] < MAX_TRIES_PER_LABEL:
            tries[name] += 1
            if value := value.strip() or _value_beside(element):
                found[name] = value[:LONGEST_VALUE]
    title = root.find(".//title")
    address = root.find(".//meta[@property='og:url']")
    link = root.find(".//link[@rel='canonical']")
    url = (link.get("href") if link is not None else None) or (address.get("content") if address is not None else None)
    return document_heads.SourceMetadata(
        doc_type=TYPES_BY_SLUG.get(slug(found.get("doc_type", "")), ""),
        number=found.get("number", ""),
        title=html_pages.visible_text(title) if title is not None else "",
        issuer=found.get("issuer", ""),
        signer=found.get("signer", ""),
        gazette_number=_gazette_number(found.get("gazette_number", "")),
        source_url=url.strip() if url and re.fullmatch(r"https?://[^/\s]+\S{0,450}", url.strip()) else "",
        issued_on=json_fields.parse_vietnamese_date(found.get("issued_on", "")),
        effective_on=json_fields.parse_vietnamese_date(found.get("effective_on", "")),
        expires_on=json_fields.parse_vietnamese_date(found.get("expires_on", "")),
        gazette_on=json_fields.parse_vietnamese_date(found.get("gazette_on", "")),
    )


def _value_beside(element: etree._Element | None) -> str:
    """The text of the next element, or of the element after the cell that contains only this label."""
    while element is not None and element.tag not in ("tr", "body", "table"):
        beside = element.getnext()
        if (element.tail or "").strip(" :\n\t"):
            return " ".join(element.tail.strip(" :\n\t").split())
        if beside is not None:
            return html_pages.visible_text(beside)
        element = element.getparent()
    return ""


def _gazette_number(value: str) -> str:
    """«Từ số 569 đến số 570» is kept; «Đã biết», «Đang cập nhật» are no numbers."""
    return value if any(sign.isdigit() for sign in value) else ""


def _notes_on_missing_anchors(main: etree._Element, text: str) -> tuple[RecordWarning, ...]:
    """A warning about articles and clauses that the page marks and the parser did not find."""
    names = {element.get("name") or element.get("id") or "" for element in main.iter("a")}
    marked = {name: eids for name in names if (eids := _eids_of_anchor(name))}
    seen = {unit.eid for unit in parsing.parse_text(text, warns=False).units}
    missing = sorted(name for name, eids in marked.items() if not eids & seen)
    if not missing:
        return ()
    shown = ", ".join(missing[:MAX_ANCHORS_NAMED]) + (", …" if len(missing) > MAX_ANCHORS_NAMED else "")
    message = f"Trang đánh dấu {len(marked)} điều, khoản; bộ đọc không nhận ra {len(missing)}: {shown}."
    return (RecordWarning("anchors_differ", message),)


def _eids_of_anchor(anchor: str) -> set[str]:
    """The eids an anchor may mean. Sites write both «khoan_ARTICLE_CLAUSE» and «khoan_CLAUSE_ARTICLE»."""
    found = _ANCHOR.fullmatch(anchor)
    if not found:
        return set()
    if found[1]:
        return {f"art_{eid_token(found[1])}"}
    one, other = eid_token(found[2]), eid_token(found[3])
    return {f"art_{one}__clause_{other}", f"art_{other}__clause_{one}"}
