"""Permanent addresses as paths: «/akn/vn/act/luat/2024/31-2024-qh15», «/eli/vn/luat/2024/31-2024-qh15». Pure.

Source: the Akoma Ntoso Naming Convention 1.0 and ELI; design/vocabulary.md D says how Vietnamese numbers are written in
them. A work has a day in its path only where the year leaves several; what is no act is a `doc`; dots become hyphens.
"""

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum

from content.documents.identity import title_hash, words_in_address
from content.documents.models import LegalDocument
from content.law import official_numbers
from content.law.doc_types import NORMATIVE_TYPES, NORMATIVE_TYPES_WITH_YEAR, TYPE_SLUGS, TYPES_BY_SLUG, DocType
from content.law.eids import SEPARATOR
from content.text.vietnamese import slug

LANGUAGE = "vie"
MAIN = "main"  # the component that is the document itself
HISTORIC_ACTS = frozenset({DocType.CONSTITUTION, DocType.DECREE_LAW, DocType.EDICT})  # no longer issued, or above laws
UNKNOWN_YEAR = "0000"  # only in descriptions, never stored


class Scheme(StrEnum):
    """How a permanent address is written."""

    AKN = "akn"  # Akoma Ntoso Naming Convention
    ELI = "eli"  # European Legislation Identifier


def is_act(doc_type: str, number: str) -> bool:
    """Whether documents of this type and number hold legal norms: AKN calls these `act`, all others `doc`."""
    if doc_type in NORMATIVE_TYPES_WITH_YEAR:
        return official_numbers.year_of_number(number) is not None
    return doc_type in NORMATIVE_TYPES or doc_type in HISTORIC_ACTS


def work_paths(document: LegalDocument, scheme: Scheme, place: str = "") -> list[str]:
    """Paths that the document may get, the shortest first; none where nothing tells its year.

    `place`: the digits of the province, or of province and commune, that issued it. The last path has the document's
    key: nothing else does.
    """
    year = year_of(document)
    if year is None:
        return []
    number = words_in_address(document.number, document.title)
    dates = [f"{year:04}", *([str(document.issued_on)] if document.issued_on else [])]
    paths = [_path(document, scheme, place, date, number) for date in dates]
    if document.issuer:
        paths.append(_path(document, scheme, place, dates[-1], f"{number}-{slug(document.issuer.code)}"))
    if not document.number:
        paths.append(_path(document, scheme, place, dates[-1], f"{number}-{title_hash(document.title)}"))
    return [*paths, _path(document, scheme, place, dates[-1], document.key)]


def described_path(document: LegalDocument) -> str:
    """The AKN path of a document that has no stored address, as its XML names it."""
    number = words_in_address(document.number, document.title) or document.key
    return next(iter(work_paths(document, Scheme.AKN)), _path(document, Scheme.AKN, "", UNKNOWN_YEAR, number))


def year_of(document: LegalDocument) -> int | None:
    """The year of issue, else the one in the number."""
    return document.issued_on.year if document.issued_on else official_numbers.year_of_number(document.number)


def _path(document: LegalDocument, scheme: Scheme, place: str, date: str, number: str) -> str:
    country = f"vn-{place}" if place else "vn"
    kind = TYPE_SLUGS[document.doc_type]
    if scheme is Scheme.AKN:
        doctype = "act" if is_act(document.doc_type, document.number) else "doc"
        return f"/akn/{country}/{doctype}/{kind}/{date}/{number}"
    return f"/eli/{country}/{kind}/{date}/{number}"


def expression_path(work: str, first_day: datetime.date | None) -> str:
    """The text that begins on that day, «…/vie@2025-01-01»; «…/vie@» is the original."""
    return f"{work}/{LANGUAGE}@{first_day or ''}"


def portion_path(path: str, eid: str) -> str:
    """The path of a unit of a work or an expression: «…/!main~art_15»."""
    return f"{path}/!{MAIN}~{eid}" if eid else path


# -- reading ------------------------------------------------------------------------------

_WORK = re.compile(
    r"/(?P<scheme>akn|eli)/vn(?:-(?P<place>\d\d(?:-\d{5})?))?(?:/(?:act|doc))?/(?P<kind>[a-z][a-z-]*)"
    r"/(?P<date>\d{4}(?:-\d\d-\d\d)?)/(?P<number>[a-z0-9][a-z0-9-]*)(?=/|\Z)"
)
_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"
_TEXTS = {  # what may follow the work: the language and day of a text
    Scheme.AKN: re.compile(rf"(?:/vie(?:(?P<sign>[@:]){_DAY}?)?)?"),
    Scheme.ELI: re.compile(rf"(?:/{_DAY})?(?:/vie)?(?P<sign>)"),
}
_PORTION = re.compile(r"(?:/(?:!(?P<component>[a-z0-9_]+))?(?:~(?P<portion>[a-z0-9_]+))?)?")


@dataclass(frozen=True)
class ReadAddress:
    """What a permanent address says. `work`: the path of the document itself."""

    scheme: Scheme
    work: str
    place: str  # «48», of a commune «48-20194»; "": not said
    doc_type: str
    date: str  # a year, or a day
    number: str
    day: datetime.date | None = None  # whose text is meant; None: not said
    is_original: bool = False  # the text as it was issued
    eid: str = ""


def read_address(path: str) -> ReadAddress | None:
    """The parts of a path; None where it is no address of ours: another country, another language, an unknown type."""
    work = _WORK.match(path)
    if work is None or work["kind"] not in TYPES_BY_SLUG:
        return None
    scheme = Scheme(work["scheme"])
    text = _TEXTS[scheme].match(path, work.end())
    portion = _PORTION.fullmatch(path, text.end() if text else work.end())
    if text is None or portion is None:
        return None
    try:
        day = datetime.date.fromisoformat(text["day"]) if text["day"] else None
    except ValueError:
        return None
    component = portion["component"] or MAIN
    steps = [*([component] if component != MAIN else []), *([portion["portion"]] if portion["portion"] else [])]
    is_whole = len(steps) == 2 and steps[1].startswith(f"{steps[0]}{SEPARATOR}")  # «!annex_1~annex_1__form_1»
    return ReadAddress(
        scheme, work[0], work["place"] or "", TYPES_BY_SLUG[work["kind"]], work["date"], work["number"],
        day, text["sign"] == "@" and day is None, steps[1] if is_whole else SEPARATOR.join(steps),
    )  # fmt: skip
