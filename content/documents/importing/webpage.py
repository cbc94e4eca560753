"""Documents as saved web pages: the main text found among menus, scripts and copies, the page's table of properties
read, the page's anchors (`dieu_5`, `khoan_5_1`, `diem_5_1_a`) held against what the parser understood.
"""

import itertools
import re
from collections import Counter
from dataclasses import replace

from content.documents import structure
from content.documents.identity import TYPE_SLUGS
from content.documents.importing import fields, heads, pages
from content.documents.records import Note
from content.documents.structure.numbers import token
from content.text.vietnamese import fold, slug

_TYPES = {type_slug: doc_type for doc_type, type_slug in TYPE_SLUGS.items()}
_ARTICLE = re.compile(r"\s*[ĐÐ](?:iều|IỀU)\s+(\d{1,4}[a-zđ]?)\s*(?:[.:]|$)")  # a link says «Điều 9 mới nhất»
_LONGEST_LABEL = 40
LONGEST_VALUE = 300
LABELS = {  # folded, as sites name the properties
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
WIDEST = 8  # elements around the articles in which the head is looked for
TRIES = 5  # of one label: the first with a value counts
SHOWN = 5  # anchors a note names


def record(content, name):
    """The record of one page's bytes. Raises Problem."""
    root = pages.tree(content)
    main = _main(root)
    known = _properties(root)
    source = known.source_url.split("/")[2] if known.source_url else name
    made = heads.record("\n".join(pages.lines(main)), known, source=source)
    return replace(made, notes=(*made.notes, *_unlike_anchors(main, made.text)))


def _main(root):
    """The element that holds the document: the innermost with nearly all articles, widened until its head is in it.

    A page may hold a second copy, a translation, a list of links to articles: only different articles count. Without
    articles it is the element with most text in paragraphs of its own.
    """
    articles, lengths = {}, {}
    for element in _leaves(root):
        text = "".join(element.itertext())
        parent = element.getparent()
        lengths[parent] = lengths.get(parent, 0) + len(text)
        found = _ARTICLE.match(text)
        for ancestor in [element, *element.iterancestors()] if found else ():
            articles.setdefault(ancestor, set()).add(found[1])
    if not articles:
        return max(lengths, key=lengths.get, default=root)
    enough = 0.9 * len(articles[root])
    main = max(
        (element for element, numbers in articles.items() if len(numbers) >= enough),
        key=lambda element: sum(1 for _ in element.iterancestors()),
    )
    return _with_head(main)


def _leaves(root):
    """The blocks a reader sees that hold no other block."""
    holding = set()
    for block in filter(pages.is_block, root.iter()):
        for ancestor in block.iterancestors():
            if ancestor in holding:
                break
            holding.add(ancestor)
    stack = [root]
    while stack:
        element = stack.pop()
        if not pages.is_seen(element):
            continue
        if pages.is_block(element) and element not in holding:
            yield element
        else:
            stack.extend(reversed(element))


def _with_head(main):
    """The element or the first around it that says what kind of document this is; itself where none does."""
    for element in [main, *itertools.islice(main.iterancestors(), WIDEST)]:
        if element.tag in ("body", "html"):
            break
        if heads.names_a_type(pages.lines(element)):
            return element
    return main


def _properties(root):
    """What the page says in «label: value», beside the text."""
    found, tries = {}, Counter()
    for element in root.iter(*_CELLS):
        own = (element.text or "").strip() if len(element) else pages.words(element)
        label, _colon, value = own.partition(":")
        name = LABELS.get(" ".join(fold(label).split())) if len(label) <= _LONGEST_LABEL else None
        if name and name not in found and tries[name] < TRIES:
            tries[name] += 1
            if value := value.strip() or _value_beside(element):
                found[name] = value[:LONGEST_VALUE]
    title = root.find(".//title")
    address = root.find(".//meta[@property='og:url']")
    link = root.find(".//link[@rel='canonical']")
    url = (link.get("href") if link is not None else None) or (address.get("content") if address is not None else None)
    return heads.Known(
        doc_type=_TYPES.get(slug(found.get("doc_type", "")), ""),
        number=found.get("number", ""),
        title=pages.words(title) if title is not None else "",
        issuer=found.get("issuer", ""),
        signer=found.get("signer", ""),
        gazette_number=_number(found.get("gazette_number", "")),
        source_url=url.strip() if url and re.fullmatch(r"https?://[^/\s]+\S{0,450}", url.strip()) else "",
        **{
            day: fields.vietnamese_day(found.get(day, ""))
            for day in ("issued_on", "effective_on", "expires_on", "gazette_on")
        },
    )


def _value_beside(element):
    """The words of the next element, or of the one next to the cell that holds nothing but this label."""
    while element is not None and element.tag not in ("tr", "body", "table"):
        beside = element.getnext()
        if (element.tail or "").strip(" :\n\t"):
            return " ".join(element.tail.strip(" :\n\t").split())
        if beside is not None:
            return pages.words(beside)
        element = element.getparent()
    return ""


def _number(value):
    """«Từ số 569 đến số 570» is kept; «Đã biết», «Đang cập nhật» are none."""
    return value if any(sign.isdigit() for sign in value) else ""


def _unlike_anchors(main, text):
    """Notes of the articles and clauses that the page marks and the parser does not see."""
    names = {element.get("name") or element.get("id") or "" for element in main.iter("a")}
    marked = {name: eids for name in names if (eids := _eids(name))}
    seen = {unit.eid for unit in structure.parse(text).units}
    missing = sorted(name for name, eids in marked.items() if not eids & seen)
    if not missing:
        return ()
    shown = ", ".join(missing[:SHOWN]) + (", …" if len(missing) > SHOWN else "")
    message = f"Trang đánh dấu {len(marked)} điều, khoản; bộ đọc không nhận ra {len(missing)}: {shown}."
    return (Note("anchors_differ", message),)


def _eids(anchor):
    """What an anchor may mean, as eids. Sites write both «khoan_ARTICLE_CLAUSE» and «khoan_CLAUSE_ARTICLE»."""
    found = _ANCHOR.fullmatch(anchor)
    if not found:
        return set()
    if found[1]:
        return {f"art_{token(found[1])}"}
    one, other = token(found[2]), token(found[3])
    return {f"art_{one}__clause_{other}", f"art_{other}__clause_{one}"}
