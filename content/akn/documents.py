"""Documents as Akoma Ntoso 3.0: the whole text on a day, or one unit of it. Letters in are letters out.

Source: Akoma Ntoso 1.0 part 2 (OASIS Standard, schema akomantoso30.xsd); design/citations.md 7 has the map of units.
The text of all elements outside `meta`, joined, is the text of the document: white space between units is between the
elements. An act is an `act`, all others a `doc`; annexes and forms are attachments.
"""

import datetime
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO

from content.akn.blocks import BlockWriter, Inline
from content.akn.facts import TextFacts, text_facts
from content.akn.metadata import MetadataWriter, included_in, target_href
from content.akn.preamble import split_preamble, title_inlines
from content.akn.shown import shown_text, shown_texts
from content.akn.units import (
    ATTACHED,
    UnitNode,
    UnitWriter,
    document_parts,
    split_attached,
    unit_name,
    unit_tree,
)
from content.akn.xml import XMLWriter
from content.documents.models import LegalDocument
from content.law.doc_types import TYPE_SLUGS
from content.law.units import UnitKind
from content.permanent_addresses.paths import is_act


def document_xml(document: LegalDocument, day: datetime.date) -> bytes:
    """The text of the document on `day`. The number of queries is fixed."""
    (written,) = documents_xml([document], day)
    return written


def documents_xml(documents: Sequence[LegalDocument], day: datetime.date) -> Iterator[bytes]:
    """The texts of the documents on `day`, in their order. As many queries as for one."""
    for facts in text_facts(shown_texts(documents, day), day):
        file = BytesIO()
        _AknDocument(facts, file).write_whole()
        yield file.getvalue()


def provision_xml(document: LegalDocument, eid: str, day: datetime.date) -> bytes | None:
    """One unit with what is under it on `day`, as a `portion`; None if the document has none then."""
    file = BytesIO()
    (facts,) = text_facts({document: shown_text(document, day, eid)}, day)
    return file.getvalue() if _AknDocument(facts, file).write_portion(eid) else None


class _AknDocument:
    """The text of a document, or of a unit of it, on its way into a file."""

    def __init__(self, facts: TextFacts, file: IO[bytes]) -> None:
        self._described = described = facts.described
        self._document = described.document
        self._xml = XMLWriter(file)
        stated = (each for each in facts.periods.values() if each != (None, None))
        self._meta = MetadataWriter(self._xml, described, stated)
        inlines = {
            version: [
                Inline(link.start, link.end, "ref", target_href(described.paths[link.document.pk], link.eids))
                for link in found
            ]
            for version, found in facts.shown.links.items()
        }
        periods = {version: self._meta.period_of(period) for version, period in facts.periods.items()}
        self._roots = unit_tree(facts.shown.provisions, inlines, {key: each for key, each in periods.items() if each})
        self._units = UnitWriter(self._xml)

    # -- a document -----------------------------------------------------------------------

    def write_whole(self) -> None:
        document, parts = self._document, document_parts(self._roots)
        name = "act" if is_act(document.doc_type, document.number) else "doc"
        contains = "singleVersion" if self._described.first_day else "originalVersion"
        with self._xml.document(), self._xml.element(name, name=TYPE_SLUGS[document.doc_type], contains=contains):
            self._meta.whole()
            if parts.preamble:
                self._preamble(parts.preamble)
            with self._xml.element("body" if name == "act" else "mainBody"):
                for node in parts.body:
                    self._units.unit(node)
                if not parts.body:
                    self._xml.empty("hcontainer", name=unit_name(UnitKind.BODY))
            if parts.conclusions:
                self._conclusions(parts.conclusions)
            self._attachments(parts.attached)

    def _preamble(self, node: UnitNode) -> None:
        """Who issued what (`preface`), on which basis (`preamble`)."""
        split = split_preamble(node.text)
        links = list(node.inlines)
        titles = [
            each
            for each in title_inlines(self._document, node.text[: split.preface_end])
            if all(link.end <= each.start or each.end <= link.start for link in links)
        ]
        writer = BlockWriter(self._xml, node.text, sorted([*titles, *links], key=lambda each: each.start))
        eid = node.provision.eid
        if split.preface_end:
            is_all = split.preface_end == len(node.text)
            with self._xml.element("preface", eId=eid if is_all else None, period=node.period):
                writer.blocks(0, split.preface_end)
        if split.preface_end < len(node.text):
            with self._xml.element("preamble", eId=eid, period=node.period):
                self._bases(writer, split.preface_end, split.bases)
                writer.blocks(split.bases[-1][1], len(node.text))

    def _bases(self, writer: BlockWriter, start: int, bases: Sequence[tuple[int, int]]) -> None:
        writer.blank(start, bases[0][0])
        with self._xml.element("citations"):
            for place, (first, last) in enumerate(bases):
                if place:
                    writer.blank(bases[place - 1][1], first)
                with self._xml.element("citation"):
                    writer.blocks(first, last)

    def _conclusions(self, node: UnitNode) -> None:
        with self._xml.element("conclusions", eId=node.provision.eid, period=node.period):
            writer = BlockWriter(self._xml, node.text, node.inlines)
            writer.blocks(0, len(node.text))
            for child in node.children:
                self._container(child)

    def _container(self, node: UnitNode) -> None:
        """A unit inside the conclusions, which hold no units."""
        with self._xml.element("container", name=unit_name(node.kind), eId=node.provision.eid):
            BlockWriter(self._xml, node.text, node.inlines).blocks(0, len(node.text))
            for child in node.children:
                self._container(child)

    def _attachments(self, groups: Sequence[Sequence[UnitNode]]) -> None:
        if not groups:
            return
        with self._xml.element("attachments"):
            for number, group in enumerate(groups, 1):
                if group[0].kind in ATTACHED:
                    self._attachment(group[0])
                else:
                    self._further_units(group, f"attachment_{number}")

    def _attachment(self, node: UnitNode) -> None:
        """An annex or a form, with its number and heading, its text, and the forms behind it."""
        inside, behind = split_attached(node)
        with self._xml.element("attachment", eId=node.provision.eid, period=node.period):
            writer, at = self._units.marks(node)
            name = unit_name(node.kind)
            with self._xml.element("doc", name=name):
                self._meta.attachment(node.provision.eid)
                with self._xml.element("mainBody"):
                    self._units.own_blocks(writer, node, at)
                    for child in inside:
                        self._units.unit(child)
                    if not (node.text[at:].strip() or inside):
                        self._xml.empty("p")
                self._attachments([[each] for each in behind])

    def _further_units(self, group: Sequence[UnitNode], eid: str) -> None:
        """Units behind the annexes or the signatures that are none: the footnotes of a consolidated text."""
        name = unit_name(group[0].kind)
        with self._xml.element("attachment", eId=eid), self._xml.element("doc", name=name):
            self._meta.attachment(eid)
            with self._xml.element("mainBody"):
                for node in group:
                    self._units.unit(node)

    # -- a unit ---------------------------------------------------------------------------

    def write_portion(self, eid: str) -> bool:
        """Write the unit; False where it is not there."""
        if not self._roots:
            return False
        node = self._roots[0]
        with self._xml.document(), self._xml.element("portion", includedIn=included_in(self._described)):
            self._meta.whole(eid)
            with self._xml.element("portionBody"):
                if node.kind in (UnitKind.PREAMBLE, UnitKind.CONCLUSIONS):
                    self._container(node)
                else:
                    self._units.unit(node)
        return True
