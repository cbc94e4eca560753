"""The stored documents that an act names as what it amends or ends: by number, by name, by a misprinted number."""

import re
from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Length

from content.documents import queries
from content.documents.models import LegalDocument
from content.law.lexer.document_words import WHOLE_SERIAL
from content.law.named_documents import TargetDocument
from content.law.official_numbers import number_key
from content.text.vietnamese import fold

MIN_NAME_LENGTH = 6  # letters of a name by which a document is looked for
_NUMBER_AND_YEAR = re.compile(rf"{WHOLE_SERIAL}/\d{{4}}(?=/)")


def target_documents(
    act: LegalDocument, targets: Iterable[TargetDocument]
) -> dict[TargetDocument, LegalDocument | None]:
    """The document that each target is, as `target_document` tells; the act for its own units."""
    return {each: act if each.is_the_act else target_document(each, act) for each in dict.fromkeys(targets)}


def target_document(target: TargetDocument, act: LegalDocument) -> LegalDocument | None:
    """The public document an act names, by number, or by name: the latest before the act. None if it is not certain."""
    others = queries.public_documents().exclude(pk=act.pk)
    if act.issued_on:
        others = others.filter(Q(issued_on=None) | Q(issued_on__lte=act.issued_on))
    if target.number:
        found = list(others.filter(number_key=number_key(target.number))[:2])
        return found[0] if len(found) == 1 else None
    name = " ".join(fold(target.name).split())
    if len(name) < MIN_NAME_LENGTH:
        return None
    named = others.filter(search_key__contains=f" {name}").exclude(search_key__contains="sua doi")
    named = named.annotate(length=Length("search_key")).order_by("length", "-issued_on")
    found = [each for each in named[:5] if _has_name(each, name)]
    return found[0] if len(found) == 1 else None


def misprinted_target(target: TargetDocument, act: LegalDocument) -> LegalDocument | None:
    """The public document that an act means by a number that no document has, or None.

    «Luật thuế thu nhập cá nhân số 04/2007/QH11»: the name is that of 04/2007/QH12. Number, year and name must agree.
    """
    number, name = _NUMBER_AND_YEAR.match(target.number), " ".join(fold(target.name).split())
    if number is None or len(name) < MIN_NAME_LENGTH:
        return None
    others = queries.public_documents().exclude(pk=act.pk).filter(number_key__startswith=number_key(number[0]) + "-")
    found = [each for each in others[:5] if _has_name(each, name)]
    return found[0] if len(found) == 1 else None


def _has_name(document: LegalDocument, name: str) -> bool:
    """Whether the title is that name, perhaps with a year or the issuing body after it: «Luật Cảnh vệ 2017»."""
    title = " ".join(fold(document.title).split())
    rest = title.removeprefix(name).strip(" ,")
    return title.startswith(name) and (not rest or rest.split()[0] in ("nam", "so", "cua") or rest[0].isdigit())
