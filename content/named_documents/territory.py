"""Which of several documents of one local number an act means: those of the body that it names, else of its own place.

Each province, and each commune, has a «15/2024/QĐ-UBND». What the words leave open is never certain.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from content.documents.identity import Origin
from content.documents.models import LegalDocument
from content.law.local_bodies import NamedBody
from content.law.official_numbers import year_of_number
from content.organisations import queries as organisations
from content.organisations.models import Province
from content.organisations.names import comparable_name

PLACES = ("province__successor__successor",)  # what to select with documents that are compared here
_Rank = tuple[int, int]
_ITS_OWN: _Rank = (0, 0)


@dataclass(frozen=True)
class Meant:
    """Documents that may be meant, all alike; `is_certain` where there is one, and nothing that decides is left out."""

    documents: list[LegalDocument]
    is_certain: bool = False


def documents_meant(
    documents: Collection[LegalDocument], body: NamedBody | None, issued_on: datetime.date | None, origin: Origin
) -> Meant:
    """Which of these documents of one local number an act of that origin means.

    `body` and `issued_on`: what the act says behind the number. Without a province by name only a document of the
    act's own province and commune is certain; one of a former province of its territory is likely. Documents whose
    province is not known are left where nothing else is.
    """
    unknown = [each for each in documents if each.province is None]
    if body and body.name and body.is_of_province:
        named = [each for each in documents if _is_issued_by(each, body)]
        is_certain = len(named) == 1 and _is_only_of_its_name(named[0], issued_on)
        return Meant(named or unknown, is_certain)
    fitting = [each for each in documents if body is None or each.province is None or _is_issued_by(each, body)]
    if origin.province is None:
        return Meant(fitting)
    nearest, rank = nearest_in_territory(fitting, origin)
    return Meant(nearest or unknown, rank == _ITS_OWN and len(nearest) == 1)


def nearest_in_territory(
    documents: Collection[LegalDocument], origin: Origin
) -> tuple[list[LegalDocument], _Rank | None]:
    """Those that a local act of that origin means by their number: its own province's first, with their rank.

    Else those of a province that was merged into its own, of the same name before others. A commune's document is meant
    in its own acts only, and comes before the province's. Empty where none is of its territory.
    """
    ranked = [(rank, each) for each in documents if (rank := _rank_in_territory(each, origin)) is not None]
    best = min((rank for rank, _ in ranked), default=None)
    return [each for rank, each in ranked if rank == best], best


def _rank_in_territory(document: LegalDocument, origin: Origin) -> _Rank | None:
    """0 its own province, 1 the former one of its name, 2 one merged into it; None: another territory or commune."""
    if origin.province is None or document.province is None:
        return None
    if document.commune_code and document.commune_code != origin.commune_code:
        return None
    place: Province | None = document.province
    while place and place != origin.province:
        place = place.successor
    if place is None:
        return None
    is_same_name = document.province.short_name == origin.province.short_name
    rank = 0 if document.province == origin.province else 1 if is_same_name else 2
    return rank, int(document.commune_code != origin.commune_code)


def _is_issued_by(document: LegalDocument, body: NamedBody) -> bool:
    """Whether the words name its body: «tỉnh Hòa Bình», «tỉnh» alone, «xã Hòa Vang». A district's has no document."""
    if body.is_of_commune:
        return bool(document.commune_code) and (
            not body.name or comparable_name(document.commune_name) == comparable_name(f"{body.kind} {body.name}")
        )
    if document.commune_code or document.province is None or not body.is_of_province:
        return False
    return organisations.is_called(document.province, f"{body.kind} {body.name}")


def _is_only_of_its_name(document: LegalDocument, issued_on: datetime.date | None) -> bool:
    """Whether no other province of its name can have issued the number: the day is said, or it existed all the year."""
    year, province = year_of_number(document.number), document.province
    if issued_on and issued_on == document.issued_on:
        return True
    if year is None or province is None:
        return False
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    began = province.valid_from is None or province.valid_from <= first
    return began and (province.valid_until is None or province.valid_until > last)
