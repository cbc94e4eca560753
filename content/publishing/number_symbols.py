"""Type and issuing body that an official number suggests: defaults that an editor checks.

Symbols follow Decree 78/2025/NĐ-CP («số/năm/loại-cơ quan»); earlier forms are «18-L/CTN», «101-SL/L.003».
"""

import re

from content.law import official_numbers
from content.law.doc_types import TYPES_BY_FOLDED_SYMBOL, DocType
from content.law.lexer.document_words import ANY_SERIAL, WRITTEN_NUMBER
from content.organisations import queries as organisations
from content.organisations.models import Organisation
from content.text.vietnamese import fold

_ASSEMBLY = re.compile(r"(?:qh|ubtvqh)\d+")  # laws and resolutions: their symbols do not contain the type
_OLD_LAW = re.compile(rf"^{ANY_SERIAL}-(?:l/ctn|sl/l)")  # until 1996 laws had the number of the promulgating order
_FIRST = re.compile(rf"(?:^|\n)[^\n]{{0,60}}?\bsố\s*:?\s*({WRITTEN_NUMBER})", re.IGNORECASE)


def type_and_issuer_of(number: str) -> tuple[DocType | None, Organisation | None]:
    """(DocType or None, Organisation or None) that the number's symbol suggests.

    «31/2024/QH15» suggests a law and «…/UBTVQH15» an ordinance, although resolutions have such numbers too: what the
    text itself says takes precedence.
    """
    folded = fold(official_numbers.clean_number(number))
    if _OLD_LAW.search(folded):
        return DocType.LAW, organisations.organisation_by_code("QH")
    symbol = folded.rpartition("/")[2]
    if _ASSEMBLY.fullmatch(symbol):
        kind = DocType.ORDINANCE if symbol.startswith("ubtvqh") else DocType.LAW
        return kind, organisations.organisation_by_code(symbol)
    type_symbol, _, bodies = symbol.partition("-")
    return TYPES_BY_FOLDED_SYMBOL.get(type_symbol), _first_known_body(bodies)


def first_official_number(text: str) -> str:
    """The first official number after «số» in the first lines of a text, or ""."""
    found = _FIRST.search("\n".join(text.split("\n")[:60]))
    return official_numbers.clean_number(found[1].rstrip(".")) if found else ""


def _first_known_body(codes: str) -> Organisation | None:
    """The first stored body among the codes after the type's symbol: joint circulars name several."""
    for code in codes.split("-"):
        if code and (body := organisations.organisation_by_code(code)):
            return body
    return None
