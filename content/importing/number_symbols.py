"""What an official number says of type and issuing body: defaults for the editor, who looks and decides.

Symbols as Decree 78/2025/NĐ-CP lays them down («số/năm/loại-cơ quan»); earlier times wrote «18-L/CTN», «101-SL/L.003».
"""

import re

from content.law import official_numbers
from content.law.doc_types import TYPES_BY_FOLDED_SYMBOL, DocType
from content.organisations import queries as organisations
from content.text.vietnamese import fold

_ASSEMBLY = re.compile(r"(?:qh|ubtvqh)\d+")  # laws and resolutions alike: the type is in no symbol of theirs
_OLD_LAW = re.compile(r"^\d+-(?:l/ctn|sl/l)")  # until 1996 laws bore the number of the order that promulgated them
_FIRST = re.compile(r"(?:^|\n)[^\n]{0,60}?\bsố\s*:?\s*(\d[^\s,;]*[/-][^\s,;]+)", re.IGNORECASE)


def type_and_issuer_of(number):
    """(DocType or None, Organisation or None) that the number's symbol names.

    «31/2024/QH15» is taken for a law and «…/UBTVQH15» for an ordinance, though resolutions are numbered so too: their
    text says what they are, and goes before this.
    """
    folded = fold(official_numbers.clean_number(number))
    if _OLD_LAW.search(folded):
        return DocType.LAW, organisations.organisation_by_code("QH")
    symbol = folded.rpartition("/")[2]
    if _ASSEMBLY.fullmatch(symbol):
        kind = DocType.ORDINANCE if symbol.startswith("ubtvqh") else DocType.LAW
        return kind, organisations.organisation_by_code(symbol)
    kind, _, bodies = symbol.partition("-")
    return TYPES_BY_FOLDED_SYMBOL.get(kind), _first_known_body(bodies)


def first_official_number(text):
    """The first official number after «số» among the first lines of a text; "" where there is none."""
    found = _FIRST.search("\n".join(text.split("\n")[:60]))
    return official_numbers.clean_number(found[1].rstrip(".")) if found else ""


def _first_known_body(codes):
    """The first of the bodies after the type's symbol that we know: joint circulars name several."""
    for code in codes.split("-"):
        if code and (body := organisations.organisation_by_code(code)):
            return body
    return None
