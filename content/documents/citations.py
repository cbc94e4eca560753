"""Citations of provisions and documents: «điểm a khoản 2 Điều 15 Luật Đất đai năm 2024».

Units go from small to large; chapters are not named when an article is. Laws and ordinances are cited by name and year,
others by type and number (Resolution 351/2017/UBTVQH14 Art. 24, Decree 78/2025/NĐ-CP Art. 68).
"""

import datetime
import re
from collections.abc import Iterable
from typing import Protocol

from content.law.doc_types import TYPE_NAMES, TYPES_CITED_BY_NAME
from content.law.lexer.document_words import YEAR_OF_NAME
from content.law.official_numbers import number_key, year_of_number
from content.law.units import CITED_UNIT_WORDS, KINDS_WITHIN_ARTICLES


class CitedDocument(Protocol):
    """What a citation needs of a document."""

    doc_type: str
    number: str
    title: str
    issued_on: datetime.date | None


class NumberedUnit(Protocol):
    """What a citation needs of a provision."""

    kind: str
    number: str


_TRAILING_NUMBER = re.compile(r"(?:\s+của Quốc hội)?,?\s+số\s+(\S+)$")  # as some sources end the titles of laws
_TRAILING_YEAR = re.compile(rf"[,\s]+(?:năm\s+)?({YEAR_OF_NAME})$")


def cite_provision(document: CitedDocument, lineage: Iterable[NumberedUnit]) -> str:
    """The citation of the last of `lineage`, provisions from the outermost on; the document's if none is citable."""
    named = [unit for unit in lineage if unit.kind in CITED_UNIT_WORDS and unit.number]
    inner = [unit for unit in named if unit.kind in KINDS_WITHIN_ARTICLES]
    units = [f"{CITED_UNIT_WORDS[unit.kind]} {unit.number}" for unit in reversed(inner or named)]
    return " ".join([*units, cite_document(document)])


def cite_document(document: CitedDocument) -> str:
    """«Luật Đất đai năm 2024»; «Nghị định số 100/2019/NĐ-CP»; the title where there is neither year nor number."""
    if document.doc_type in TYPES_CITED_BY_NAME:
        if document.title == cite_by_number(document.doc_type, document.number):
            return document.title
        title = title_without_number(document)
        name, own_year = _TRAILING_YEAR.sub("", title), _TRAILING_YEAR.search(title)
        issued = document.issued_on.year if document.issued_on else year_of_number(document.number)
        passed = own_year[1] if own_year else issued
        return f"{name} năm {passed}" if passed else name
    return cite_by_number(document.doc_type, document.number) or document.title


def title_without_number(document: CitedDocument) -> str:
    """«Luật Đường bộ» of «Luật Đường bộ của Quốc hội, số 35/2024/QH15»; the number of another law stays."""
    found = _TRAILING_NUMBER.search(document.title)
    is_own = found and number_key(found[1]) == number_key(document.number)
    return document.title[: found.start()] if found and is_own else document.title


def cite_by_number(doc_type: str, number: str) -> str:
    """«Nghị định số 100/2019/NĐ-CP»; "" where there is no number, or no name of the type to put before it."""
    kind = TYPE_NAMES.get(doc_type)
    return f"{kind} số {number}" if kind and number else ""
