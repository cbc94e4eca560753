"""Eids: the permanent names of units inside a document, «art_2__clause_1__point_dd» (design/vocabulary.md D). Pure."""

import re
from collections.abc import Iterable

from content.law.unit_numbers import eid_token
from content.law.units import EID_PREFIXES, KINDS_ABOVE_ARTICLES, KINDS_BY_EID_PREFIX, UNIT_FORMS, UnitKind

SEPARATOR = "__"  # between the steps of an eid, outermost first
KEY_SEPARATOR = "~"  # between document and eid in the key of a provision; a slash would end a segment of a path

_WORD = re.compile(r"[a-z0-9]+")
_ABOVE_ARTICLES = frozenset(EID_PREFIXES[kind] for kind in KINDS_ABOVE_ARTICLES)

UnitPath = tuple[tuple[UnitKind, str], ...]  # (kind, number as it is printed), outermost first


def eid_lineage(eid: str) -> list[str]:
    """The unit's eid and those of all units around it: "art_1__clause_2" → ["art_1", "art_1__clause_2"]."""
    steps = eid.split(SEPARATOR)
    return [SEPARATOR.join(steps[: count + 1]) for count in range(len(steps))]


def article_eid(number: str) -> str:
    """The eid of an article: articles are numbered through the document, whatever is around them."""
    return eid_of_steps([(UnitKind.ARTICLE, number)])


def eid_of_path(path: UnitPath) -> str:
    """The eid of a path: articles are numbered through the document, so units around an article are left out."""
    first_article = next((at for at, (kind, _) in enumerate(path) if kind is UnitKind.ARTICLE), 0)
    return eid_of_steps(path[first_article:])


def eid_of_steps(steps: Iterable[tuple[UnitKind, str]]) -> str:
    """The eid of (kind, number as it is printed) steps, outermost first."""
    return SEPARATOR.join(f"{EID_PREFIXES[kind]}_{unit_token(kind, number)}" for kind, number in steps)


def unit_token(kind: UnitKind, number: str) -> str:
    """The number of a unit inside an eid; of an annex or a form its letters and digits: «01/ĐK» → "01_ddk"."""
    token = eid_token(number)
    if kind not in (UnitKind.ANNEX, UnitKind.FORM):
        return token
    return token.lstrip("0") if token else "_".join(_WORD.findall(number.lower().replace("đ", "dd")))


def is_above_articles(eid: str) -> bool:
    """Whether it is of a part, chapter, section or subsection: the eids of the articles inside do not contain it."""
    return eid.rpartition(SEPARATOR)[2].partition("_")[0] in _ABOVE_ARTICLES


def eid_in_words(eid: str) -> str:
    """«điểm đ khoản 1 Điều 2» for "art_2__clause_1__point_dd"; "" for "", which is the whole document.

    For people who check what a program found, where the unit itself may not be there: higher units have Arabic
    numbers. An eid of no form we know is given back as it is.
    """
    steps = [step.partition("_") for step in eid.split(SEPARATOR) if step]
    if any(prefix not in KINDS_BY_EID_PREFIX for prefix, _, _ in steps):
        return eid
    return " ".join(_step_in_words(KINDS_BY_EID_PREFIX[prefix], token) for prefix, _, token in reversed(steps))


def _step_in_words(kind: UnitKind, token: str) -> str:
    number = _number_of_form(token) if kind is UnitKind.FORM else _printed_number(token)
    return f"{UNIT_FORMS[kind].word} {number}".rstrip()


def _number_of_form(token: str) -> str:
    """«01-ĐK», «2.1»: of the signs between the parts of a form's number the eid does not tell which they were."""
    first, *others = token.replace("dd", "đ").split("_")
    parts = [f".{each}" if each.isdecimal() else f"-{each.upper()}" for each in others]
    return "".join([first if first[:1].isdecimal() else first.upper(), *parts])


def _printed_number(token: str) -> str:
    """The number in an eid as it is printed; of a number that the law gives twice, which of them it is."""
    number, _, again = token.replace("dd", "đ").partition("_")
    return f"{number} (lần {again})" if again.isdecimal() else token.replace("dd", "đ").replace("_", " ")
