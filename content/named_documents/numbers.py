"""Documents by an official number as people type it, whole or in part."""

import re

from django.db.models import Q, QuerySet

from content.documents.models import LegalDocument
from content.documents.queries import documents_with_number
from content.law.doc_types import DocType
from content.typed_citations.documents import TypedNumber, typed_citation


def documents_matching_number(documents: QuerySet[LegalDocument], typed: str) -> QuerySet[LegalDocument]:
    """As `documents_with_number`, for people who choose among what is found: a part of a number will do.

    A serial and a year («36/2024»), a type and a serial («NĐ168/2024»), with a unit or without («đ 6 nđ 168»). A part
    counts only where no document has the whole.
    """
    whole = documents_with_number(documents, typed)
    number = typed_citation(typed).number
    return whole if number is None or whole.exists() else documents_with_typed_number(documents, number)


def documents_with_typed_number(documents: QuerySet[LegalDocument], typed: TypedNumber) -> QuerySet[LegalDocument]:
    """Narrow to documents with the number `typed`; if none has it, to those of whose number it may be a part.

    Several may have it. A symbol may be its beginning («168/2024/NĐ») or the body that issued it («168/2024/CP»).
    """
    begins = Q(number_key__startswith=typed.key_start)
    if not typed.symbol:
        return documents.filter(begins & Q(doc_type__in=_types_called(typed.doc_type)) if typed.doc_type else begins)
    whole = documents.filter(_has_whole_number(typed))
    if whole.exists():
        return whole
    has_symbol = Q(number_key__endswith=f"-{typed.symbol}")
    of_issuer = begins & has_symbol
    start = TypedNumber(typed.serial).key_start
    if documents.filter(has_symbol, number_key__startswith=start).exists():  # of this serial only: the index finds them
        return documents.filter(of_issuer)  # a whole symbol, so not the beginning of another: «TT-BTC», «TT-BTCCBCP»
    year = typed.year or r"(\d{4}-)?"
    return documents.filter(of_issuer | Q(number_key__regex=f"^{start}{year}-?{re.escape(typed.symbol)}"))


def _has_whole_number(typed: TypedNumber) -> Q:
    whole = Q(number_key=typed.key) | Q(other_number_keys__contains=[typed.key])
    if not typed.year:
        return whole
    without_year = TypedNumber(typed.serial, symbol=typed.symbol).key  # «471/QĐ-TTg năm 2024»
    return whole | Q(number_key=without_year, issued_on__year=typed.year)


def _types_called(doc_type: str) -> tuple[str, ...]:
    """The types that people mean by the name of one: they call a code a law."""
    return (DocType.LAW, DocType.CODE) if doc_type == DocType.LAW else (doc_type,)
