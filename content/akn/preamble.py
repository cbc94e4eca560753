"""What comes before the articles: who issued which document, and on which basis. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.akn.blocks import Inline
from content.documents.citations import CitedDocument
from content.law.doc_types import TYPE_NAMES
from content.text.vietnamese import fold

_BASIS = re.compile(r"^[ \t]*(?:Căn cứ|Theo đề nghị|Xét đề nghị|Thực hiện)(?!\w)[^\n]*", re.MULTILINE)


@dataclass(frozen=True)
class SplitPreamble:
    """`bases`: (start, end) of each «Căn cứ …» from the first on, one after another; `preface_end`: what is before."""

    preface_end: int
    bases: tuple[tuple[int, int], ...]


def split_preamble(text: str) -> SplitPreamble:
    """Where the bases begin; a line between two of them belongs to the one before it."""
    found = list(_BASIS.finditer(text))
    if not found:
        return SplitPreamble(len(text), ())
    starts = [each.start() for each in found]
    ends = [*(len(text[:start].rstrip()) for start in starts[1:]), found[-1].end()]
    return SplitPreamble(starts[0], tuple(zip(starts, ends, strict=True)))


def title_inlines(document: CitedDocument, preface: str) -> list[Inline]:
    """Where the preface names the type, the number and the title of the document, in order."""
    found = [*_number(document, preface), *_type_and_title(document, preface)]
    in_order = sorted(found, key=lambda each: each.start)
    return [each for place, each in enumerate(in_order) if not place or in_order[place - 1].end <= each.start]


def _number(document: CitedDocument, preface: str) -> Iterator[Inline]:
    at = preface.find(document.number) if document.number else -1
    if at >= 0:
        yield Inline(at, at + len(document.number), "docNumber")


def _type_and_title(document: CitedDocument, preface: str) -> Iterator[Inline]:
    """The line «LUẬT», and the lines below it where they are the title without that word."""
    lines = [(each.start(), each.end()) for each in re.finditer(r"[^\n]+", preface) if each[0].strip()]
    kind = fold(TYPE_NAMES.get(document.doc_type, ""))
    place = next((at for at, span in enumerate(lines) if kind and fold(preface[slice(*span)]).strip() == kind), None)
    if place is None:
        return
    yield Inline(*lines[place], "docType")
    wanted = " ".join(fold(document.title).removeprefix(kind).split())
    words = ""
    for last, span in enumerate(lines[place + 1 :], place + 1):
        words = " ".join(f"{words} {fold(preface[slice(*span)])}".split())
        if words == wanted:
            yield from (Inline(*each, "docTitle") for each in lines[place + 1 : last + 1])
        if not wanted.startswith(words):
            return
