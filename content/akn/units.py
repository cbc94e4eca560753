"""The units of a document on a day, as elements: what is nested, what comes before and after the articles."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from content.akn.blocks import BlockWriter, Inline
from content.akn.marks import marks_of
from content.akn.xml import BLANK, XMLWriter
from content.documents.provision_queries import Unit
from content.law.units import UNIT_FORMS, UnitKind
from content.text.vietnamese import slug

ELEMENTS = {
    UnitKind.PART: "part",
    UnitKind.CHAPTER: "chapter",
    UnitKind.SECTION: "section",
    UnitKind.SUBSECTION: "subsection",
    UnitKind.ARTICLE: "article",
    UnitKind.CLAUSE: "clause",
    UnitKind.POINT: "point",
    UnitKind.INDENT: "indent",
}
ATTACHED = (UnitKind.ANNEX, UnitKind.FORM)
OUTSIDE_BODY = (*ATTACHED, UnitKind.FOOTNOTE, UnitKind.CONCLUSIONS)
Period = tuple[datetime.date | None, datetime.date | None]


@dataclass
class UnitNode:
    """A unit with its own text and the units under it."""

    provision: Unit
    inlines: Sequence[Inline] = ()
    period: str | None = None
    children: list["UnitNode"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return str(self.provision.kind)

    @property
    def text(self) -> str:
        return str(self.provision.text)


def unit_tree(
    provisions: Iterable[Unit], inlines: Mapping[int, Sequence[Inline]], periods: Mapping[int, str]
) -> list[UnitNode]:
    """The outermost units; both mappings are by the primary key of the version.

    A unit that does not follow its parent, or whose parent is not there on the day, is an outermost one: so the order
    of the text stays that of the document.
    """
    roots: list[UnitNode] = []
    around: list[UnitNode] = []
    for each in provisions:
        version = each.version_pk or 0
        node = UnitNode(each, inlines.get(version, ()), periods.get(version))
        while around and around[-1].provision.pk != each.parent_id:
            around.pop()
        (around[-1].children if around else roots).append(node)
        around.append(node)
    return roots


@dataclass
class DocumentParts:
    """The outermost units of a document, by the part of the XML that they go into."""

    preamble: UnitNode | None = None
    body: list[UnitNode] = field(default_factory=list)
    conclusions: UnitNode | None = None
    attached: list[list[UnitNode]] = field(default_factory=list)  # an annex or form alone, others that follow together


def document_parts(roots: Sequence[UnitNode]) -> DocumentParts:
    """Divide the units without changing their order."""
    parts = DocumentParts()
    for node in roots:
        is_first = not (parts.preamble or parts.body or parts.conclusions or parts.attached)
        is_inside = not (parts.conclusions or parts.attached)
        if node.kind == UnitKind.PREAMBLE and is_first:
            parts.preamble = node
        elif is_inside and node.kind not in OUTSIDE_BODY:
            parts.body.append(node)
        elif is_inside and node.kind == UnitKind.CONCLUSIONS:
            parts.conclusions = node
        elif node.kind in ATTACHED or not parts.attached or parts.attached[-1][0].kind in ATTACHED:
            parts.attached.append([node])
        else:
            parts.attached[-1].append(node)
    return parts


def split_attached(node: UnitNode) -> tuple[list[UnitNode], list[UnitNode]]:
    """(units inside an annex, its forms behind them); forms among other units stay where they are."""
    first = next((place for place, each in enumerate(node.children) if each.kind in ATTACHED), len(node.children))
    behind = node.children[first:]
    if all(each.kind in ATTACHED for each in behind):
        return node.children[:first], behind
    return node.children, []


class UnitWriter:
    """Writes units and what is under them."""

    def __init__(self, xml: XMLWriter) -> None:
        self._xml = xml

    def unit(self, node: UnitNode) -> None:
        """A unit as the element of its kind; one that AKN has no element for as a named `hcontainer`."""
        name = ELEMENTS.get(UnitKind(node.kind), "hcontainer")
        named = unit_name(node.kind) if name == "hcontainer" else None
        with self._xml.element(name, name=named, eId=node.provision.eid, period=node.period):
            writer, at = self.marks(node)
            if node.children:
                self._own_words(writer, "intro", node, at)
                for child in node.children:
                    self.unit(child)
            else:
                self._own_words(writer, "content", node, at)

    def marks(self, node: UnitNode) -> tuple[BlockWriter, int]:
        """Write number and heading. Returns (the writer of the unit's text, where the rest begins)."""
        writer, provision = BlockWriter(self._xml, node.text, node.inlines), node.provision
        marks = marks_of(node.kind, provision.number, provision.heading, node.text)
        at = 0
        for name, span in (("num", marks.number), ("heading", marks.heading)):
            if span:
                writer.blank(at, span.start)
                with self._xml.element(name):
                    writer.words(span.start, span.end)
                at = span.end
        return writer, at

    def _own_words(self, writer: BlockWriter, name: str, node: UnitNode, start: int) -> None:
        """The text behind the marks, in `intro` or `content`; white space alone needs neither."""
        rest = node.text[start:]
        if not rest.strip(BLANK):
            writer.blank(start, len(node.text))
            return
        first = start + len(rest) - len(rest.lstrip(" \n"))  # a tab is an empty cell
        writer.blank(start, first)
        with self._xml.element(name):
            self.own_blocks(writer, node, first)

    def own_blocks(self, writer: BlockWriter, node: UnitNode, start: int) -> None:
        if node.kind != UnitKind.FOOTNOTE:
            writer.blocks(start, len(node.text), is_table=node.kind == UnitKind.TABLE)
            return
        with self._xml.element("p"), self._xml.element("authorialNote", marker=node.provision.number):
            writer.blocks(start, len(node.text))


def unit_name(kind: str) -> str:
    """The name of a container for units of a kind: «doan», «bang», «phu-luc»."""
    return "mau" if kind == UnitKind.FORM else slug(UNIT_FORMS[UnitKind(kind)].word)
