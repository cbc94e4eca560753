"""The names by which laws are cited, as they are stored: read once for all requests until a document changes."""

import datetime
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max

from content.documents.models import LegalDocument
from content.law.doc_types import TYPES_CITED_BY_NAME, DocType
from content.law.document_references import bare_name
from content.law.known_names import LAW_ABBREVIATIONS, KnownNames, Words, name_words
from content.law.official_numbers import year_of_number


@dataclass(frozen=True)
class NamedLaw:
    """A public document that is cited by name and year."""

    pk: int
    year: int | None


@dataclass(frozen=True)
class LawNames:
    """The names of public laws: to find in texts (`known`), and which documents bear them."""

    known: KnownNames
    _by_name: Mapping[tuple[str, Words], Sequence[NamedLaw]]

    def laws_named(self, doc_type: str, name: str) -> Sequence[NamedLaw]:
        """The documents of that type with that name, whatever their year. A constitution has no name."""
        return self._by_name.get((doc_type, name_words(name)), ())


def law_names() -> LawNames:
    """The names of public laws, as of the last change of any document."""
    return _names_at(LegalDocument.objects.aggregate(at=Max("updated_at"))["at"])


@functools.lru_cache(maxsize=2)
def _names_at(changed_at: datetime.datetime | None) -> LawNames:
    """`changed_at` is the key under which they are kept."""
    by_name: dict[tuple[str, Words], list[NamedLaw]] = {}
    names: list[tuple[str, str]] = []
    public = LegalDocument.objects.filter(
        status=LegalDocument.Status.PUBLISHED, is_sample=False, doc_type__in=TYPES_CITED_BY_NAME
    )
    for pk, doc_type, title, number, issued_on in public.values_list("pk", "doc_type", "title", "number", "issued_on"):
        name = "" if doc_type == DocType.CONSTITUTION else bare_name(doc_type, title)
        names.append((doc_type, name))
        year = issued_on.year if issued_on else year_of_number(number)
        by_name.setdefault((doc_type, name_words(name)), []).append(NamedLaw(pk, year))
    return LawNames(KnownNames.of(names, LAW_ABBREVIATIONS), by_name)
