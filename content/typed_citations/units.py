"""Units as people type them who look for a provision: «điều 6 nđ 168», «k2đ8», «135 luật đất đai». Pure."""

import re

from content.law.doc_types import SYMBOLS_TYPED_BEFORE_SERIALS, TYPES_TYPED_BEFORE_SERIALS
from content.law.eids import eid_of_steps
from content.law.lexer.document_words import WHOLE_SERIAL, YEAR, YEAR_OF_NAME, any_of
from content.law.lexer.unit_lexicon import TYPED_NUMBER
from content.law.lexer.unit_names import unit_names
from content.law.units import KINDS_WITHIN_ARTICLES, UnitKind
from content.text.vietnamese import fold

# «đ 6», «k2đ8», «d.135»: a letter for a unit, where what is typed begins or ends: «tiền 500 đ 2 lần» has none.
_ONE_SHORT = r"[đdk]\.?\s?\d{1,3}"
_SHORT_UNITS = rf"(?:{_ONE_SHORT}[\s,]{{0,2}})?{_ONE_SHORT}(?:[a-zđ](?!\w))?(?![\w/\-]|\.\d)"
_SHORT_AT_AN_END = re.compile(rf"\A{_SHORT_UNITS}(?=\s)|(?<=\s){_SHORT_UNITS}\Z")
_SHORT = re.compile(r"([đdk])\.?\s?(\d{1,3}(?:[a-zđ](?!\.?\s?\d))?)")
_KINDS_BY_LETTER = {"đ": UnitKind.ARTICLE, "d": UnitKind.ARTICLE, "k": UnitKind.CLAUSE}
_NUMBERED_TYPES = any_of({*TYPES_TYPED_BEFORE_SERIALS, *SYMBOLS_TYPED_BEFORE_SERIALS})
_ABBREVIATED_LAW = r"(?:bl[a-z]{2,6}|[lp][b-df-hj-np-tv-xz]{2,7})(?![\w])"  # «blhs», «ldd»: no syllables
_WHOLE_NUMBER = rf"{WHOLE_SERIAL}[/\-](?:{YEAR}(?!\d)|[a-z]{{1,6}}-[a-z])"  # «15/2012/qh13», «15/qd-ttg»
_BEGINS_WITH_A_LAW = re.compile(  # folded: a type and a name, a type and a serial, a number, an abbreviation
    r"(?:(?:bo )?luat|phap lenh|hien phap) [a-z0-9]"
    rf"|(?:{_NUMBERED_TYPES})[ \-]*(?:so ?:? ?)?(?!{YEAR}(?![\w/]))\d"
    rf"|{_WHOLE_NUMBER}"
    rf"|{_ABBREVIATED_LAW}"
)
# «6 15/2012/qh13», «6 15/qđ-ttg»; in «100 2019/nđ-cp» the year shows that 100 is the serial
_NUMBER_FIRST = re.compile(rf"({TYPED_NUMBER}) (?=\D|(?!{YEAR}[/\-]\D){WHOLE_SERIAL}[/\-](?:{YEAR}[/\-])?[^\W\d_])")
_NUMBER_BEHIND_LAW = re.compile(rf"({_ABBREVIATED_LAW}(?: {YEAR_OF_NAME})?) ({TYPED_NUMBER})")


def split_typed_unit(typed: str) -> tuple[str, str]:
    """(the other words, the eid) of what was typed, in small letters; the eid is "" where no article is named.

    Units may come in any order; accents are optional. «đ» and «k» mean an article and a clause where the words begin
    or end; a bare number is an article directly beside a law: «135 luật đất đai», «blhs 173».
    """
    steps: dict[UnitKind, str] = {}
    rest, at = "", 0
    for name in unit_names(typed):
        if name.kind in KINDS_WITHIN_ARTICLES and name.numbers and name.kind not in steps and not name.is_this:
            steps[name.kind] = name.numbers[0]
            rest, at = f"{rest}{typed[at : name.start]} ", name.places[0][1]
    typed = rest + typed[at:]
    typed = " ".join(re.sub(r"[,;]", " ", typed).split())
    if UnitKind.ARTICLE not in steps:
        typed = _without_short_units(typed, steps)
    ordered = [(kind, steps[kind]) for kind in KINDS_WITHIN_ARTICLES if kind in steps]
    return typed, eid_of_steps(ordered) if UnitKind.ARTICLE in steps else ""


def _without_short_units(typed: str, steps: dict[UnitKind, str]) -> str:
    """What was typed without its short units, which are added to `steps`; as it is where they name no article."""
    if match := _SHORT_AT_AN_END.search(typed):
        short = {_KINDS_BY_LETTER[letter]: number for letter, number in _SHORT.findall(match[0])}
        rest = " ".join((typed[: match.start()] + " " + typed[match.end() :]).split())
        if UnitKind.ARTICLE in short and (steps or _BEGINS_WITH_A_LAW.match(fold(rest))):
            steps.update(short)
            return rest
    match = _NUMBER_FIRST.match(typed)
    if match and _BEGINS_WITH_A_LAW.match(fold(typed[match.end() :])):
        steps[UnitKind.ARTICLE] = match[1]
        return typed[match.end() :]
    match = _NUMBER_BEHIND_LAW.fullmatch(fold(typed))
    if match:
        steps[UnitKind.ARTICLE] = match[2]
        return match[1]
    return typed
