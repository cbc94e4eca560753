"""Markdown of a document and of a provision: CommonMark with tables (GFM), for people and programs that read text.

It has the text to the letter: signs that Markdown would take for markup are escaped, and nothing is added but
marks, links and the front matter (YAML) before the text. What acts removed is named there: the text skips its number.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings

from api.v1 import resource_urls
from api.v1.text_formats.facts import TextFacts
from content.akn.lines import Place, cells_of, is_blank, line_groups
from content.akn.marks import marks_of
from content.akn.shown import ShownText
from content.documents.citations import cite_document
from content.documents.models import LegalDocument
from content.documents.provision_queries import ShownUnit
from content.exports.services import LEGAL_TEXTS_LICENCE
from content.law.page_paths import document_path, provision_path
from content.law.units import HEADING_WORDS, UnitKind
from content.mentions.queries import Link
from content.permanent_addresses.queries import current_paths

DEEPEST_HEADING = 6
_MARKUP = re.compile(r"[\\`*_\[\]<>|~&#$]")  # at any place
_MARKUP_AT_START = re.compile(r"^([-+=:]|\d{1,9}(?=[.)]))")  # that begins a list, a rule, a heading, a definition


def markdown_text(facts: TextFacts, shown: ShownText, removed: Iterable[ShownUnit] = ()) -> str:
    """The text with its front matter. One paragraph for each line; headings one level below the unit around them.

    `removed`: units that stand nowhere in the text, and which acts took out.
    """
    values = [*front_matter(facts), ("removed", list(map(_removed_unit, removed)))]
    front = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values)
    return f"---\n{front}\n---\n\n" + "\n\n".join(_blocks_of(shown)) + "\n"


def front_matter(facts: TextFacts) -> Iterator[tuple[str, Any]]:
    """(name, value): what the text is, of which day, whether it is in force, where it is from and who may use it."""
    document, effect = facts.document, facts.effect
    path = provision_path(document.key, facts.eid) if facts.eid else document_path(document.key)
    yield "title", document.title
    yield "citation", facts.citation
    yield "number", document.number or None
    yield "issued_on", _day(document.issued_on)
    yield "issuer", document.issuer.name if document.issuer else None
    if facts.eid:
        yield "eid", facts.eid
    yield "effect_status", effect.status.value if effect.status else None
    yield "effect_in_doubt", facts.is_in_doubt
    yield "effective_on", _day(effect.effective_on)
    yield "expires_on", _day(effect.expires_on)
    yield "as_of", str(facts.day)
    yield "text_is_of", facts.text_is_of
    yield "is_sample", document.is_sample
    yield "completeness", document.completeness
    yield "source", document.source or None
    yield "source_url", document.source_url or None
    yield "legal_value", facts.legal_value
    yield "licence", LEGAL_TEXTS_LICENCE
    yield "url", settings.PUBLIC_URL + path
    yield "api_url", resource_urls.document_url(document)
    yield "akn", current_paths([document.pk]).get(document.pk)


def _removed_unit(unit: ShownUnit) -> dict[str, str | None]:
    """{eid, heading, on, act} of a unit that is there no more: since which day, by which act."""
    provision, amendment = unit.provision, unit.amendment
    return {
        "eid": provision.eid,
        "heading": provision.heading,
        "on": _day(amendment and amendment.on),
        "act": cite_document(amendment.act) if amendment else None,
    }


def _day(day: Any) -> str | None:
    return str(day) if day else None


def _blocks_of(shown: ShownText) -> Iterator[str]:
    levels: dict[int | None, int] = {}
    for provision in shown.provisions:
        above = levels.get(provision.parent_id, 0)
        writer = _UnitWriter(provision, shown.links.get(provision.version_pk or 0, ()))
        heading = writer.heading(min(above + 1, DEEPEST_HEADING))
        levels[provision.pk] = min(above + 1, DEEPEST_HEADING) if heading else above
        yield from filter(None, [heading, *writer.blocks()])


class _UnitWriter:
    """A unit's own text as blocks of Markdown."""

    def __init__(self, provision: Any, links: Sequence[Link]) -> None:
        self._text: str = provision.text
        self._kind = provision.kind
        self._links = links
        self._body = 0
        if provision.kind in HEADING_WORDS:
            self._body = marks_of(provision.kind, provision.number, provision.heading, self._text).end

    def heading(self, level: int) -> str:
        """«## Chương I QUY ĐỊNH CHUNG»; "" for khoản, điểm and what has no title."""
        words = " ".join(self._words(line) for line in self._lines_with_words(0, self._body))
        return f"{'#' * level} {words}" if words else ""

    def blocks(self) -> Iterator[str]:
        """Paragraphs and tables behind the heading."""
        groups = line_groups(self._text, self._body, len(self._text), is_table=self._kind == UnitKind.TABLE)
        for group in groups:
            if group.is_table:
                yield self._table(group.lines)
            elif not is_blank(self._text, group.start, group.end):
                yield self._words((group.start, group.end))

    def _lines_with_words(self, start: int, end: int) -> Iterator[Place]:
        for group in line_groups(self._text, start, end):
            yield from (line for line in group.lines if not is_blank(self._text, *line))

    def _table(self, rows: Sequence[Place]) -> str:
        """The first row heads the columns: GFM has no table without a head."""
        cells = [[self._words(cell, in_table=True) for cell in cells_of(self._text, row)] for row in rows]
        width = max(map(len, cells))
        lines = [_row(row + [""] * (width - len(row))) for row in cells]
        return "\n".join([lines[0], _row(["---"] * width), *lines[1:]])

    def _words(self, place: Place, *, in_table: bool = False) -> str:
        """text[start:end] on one line, its links as links. A sign at the start is escaped outside tables too."""
        start, end = place
        parts: list[str] = []
        for link in self._links:
            first, last = max(link.start, start), min(link.end, end)
            if first < last and self._text[first:last].strip():
                parts += [_plain(self._text[start:first]), f"[{_plain(self._text[first:last])}]({_address(link)})"]
                start = last
        parts.append(_plain(self._text[start:end]))
        words = "".join(parts).strip(" \t")
        return words if in_table else _MARKUP_AT_START.sub(_escaped_start, words)


def _plain(text: str) -> str:
    """Letters as letters; tabs and line breaks inside a line as spaces, for they would be markup."""
    return re.sub(r"[\t\r\n\f\v]+", " ", _MARKUP.sub(lambda sign: f"\\{sign[0]}", text))


def _escaped_start(found: re.Match[str]) -> str:
    """«1.» → «1\\.»: no list begins with the number of a clause."""
    return f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _address(link: Link) -> str:
    """The page of what is meant: of the unit, where it is one."""
    document: LegalDocument = link.document
    path = provision_path(document.key, link.eids[0]) if len(link.eids) == 1 else document_path(document.key)
    return settings.PUBLIC_URL + path
