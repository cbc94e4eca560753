"""The names by which laws are cited, as they are stored: read once for all requests until a document changes."""

import datetime
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import Extract

from content.documents.citations import title_without_number
from content.documents.effect_queries import with_effect_days
from content.documents.models import LegalDocument
from content.law.doc_types import TYPES_CITED_BY_NAME, DocType
from content.law.document_references import bare_name
from content.law.known_names import LAW_ABBREVIATIONS, KnownNames, Words, name_words
from content.law.official_numbers import year_of_number


@dataclass(frozen=True)
class NamedLaw:
    """A public document that is cited by name and year; in force on [first_day, end_day) as far as known."""

    pk: int
    year: int | None
    issued_on: datetime.date | None
    first_day: datetime.date | None
    end_day: datetime.date | None

    def is_in_force(self, day: datetime.date) -> bool:
        return self.first_day is not None and self.first_day <= day and not (self.end_day and self.end_day <= day)


@dataclass(frozen=True)
class LawNames:
    """The names of public laws: to find in texts (`known`), and which documents bear them."""

    known: KnownNames
    _by_name: Mapping[tuple[str, Words], Sequence[NamedLaw]]

    def laws_named(self, doc_type: str, name: str) -> Sequence[NamedLaw]:
        """The documents of that type with that name, whatever their year. A constitution has no name."""
        return self._by_name.get((doc_type, name_words(name)), ())

    def law_in_force(self, doc_type: str, name: str, day: datetime.date) -> int | None:
        """The primary key of the one law of that name in force on the day; None where none or several are."""
        laws = [law for law in self.laws_named(doc_type, name) if law.is_in_force(day)]
        return laws[0].pk if len(laws) == 1 else None


def law_names() -> LawNames:
    """The names of public laws, as they are stored now. They are read anew when one of these documents has changed."""
    stamp = _public_laws().aggregate(
        rows=Count("pk"), last=Max("updated_at"), all=Sum(Extract("updated_at", "epoch"))
    )  # a commit that is late has an older instant than one before it: the sum tells
    return _names_at(tuple(stamp.values()))


def _public_laws() -> QuerySet[LegalDocument]:
    return LegalDocument.objects.filter(
        status=LegalDocument.Status.PUBLISHED, is_sample=False, doc_type__in=TYPES_CITED_BY_NAME
    )


@functools.lru_cache(maxsize=2)
def _names_at(stamp: tuple[Any, ...]) -> LawNames:
    """`stamp` is the key under which they are kept."""
    by_name: dict[tuple[str, Words], list[NamedLaw]] = {}
    names: list[tuple[str, str]] = []
    columns = ("pk", "doc_type", "title", "number", "issued_on", "first_day", "end_day")
    for row in with_effect_days(_public_laws()).order_by("pk").values_list(*columns, named=True):
        name, words = _name_and_words(row.doc_type, row.title, row.number)
        names.append((row.doc_type, name))
        year = row.issued_on.year if row.issued_on else year_of_number(row.number)
        named = NamedLaw(row.pk, year, row.issued_on, row.first_day, row.end_day)
        by_name.setdefault((row.doc_type, words), []).append(named)
    return LawNames(KnownNames.of(names, LAW_ABBREVIATIONS), by_name)


@functools.lru_cache(maxsize=4_000)  # each law that comes has all names read anew
def _name_and_words(doc_type: str, title: str, number: str) -> tuple[str, Words]:
    name = law_name(LegalDocument(doc_type=doc_type, title=title, number=number))
    return name, name_words(name)


def law_name(document: LegalDocument) -> str:
    """The name of a document without its type, number and year; a constitution has none."""
    if document.doc_type == DocType.CONSTITUTION:
        return ""
    return bare_name(document.doc_type, title_without_number(document))
