"""How a text names other documents: «Luật Đất đai số 31/2024/QH15», «Bộ luật Dân sự năm 2015», units of them. Pure.

Found are references that carry a number, a year or a day: a name alone («Luật Đất đai») says not which of several
laws of that name is meant, and nothing is guessed. The exception is for the caller to make (`named`).
"""

import datetime
import re
from dataclasses import dataclass

from content.documents.citations import NUMBERED_TYPE_NAMES
from content.documents.models import DocType
from content.law import official_numbers
from content.law.unit_numbers import eid_token
from content.text.vietnamese import slug

TYPE_NAMES = NUMBERED_TYPE_NAMES | {
    DocType.CONSTITUTION: "Hiến pháp",
    DocType.CODE: "Bộ luật",
    DocType.LAW: "Luật",
    DocType.ORDINANCE: "Pháp lệnh",
}
TYPES_CITED_BY_YEAR = (DocType.CONSTITUTION, DocType.CODE, DocType.LAW, DocType.ORDINANCE)  # cited by name and year
TYPE_OF_SYMBOL = (  # what a number's letters say of the type
    ("NĐ-", DocType.DECREE), ("TTLT", DocType.JOINT_CIRCULAR), ("TT-", DocType.CIRCULAR), ("QĐ-", DocType.DECISION),
    ("NQ-", DocType.RESOLUTION), ("PL-", DocType.ORDINANCE), ("CT-", DocType.DIRECTIVE),
    ("VBHN-", DocType.CONSOLIDATED_TEXT),
)  # fmt: skip
_TYPES = {name: doc_type for doc_type, name in TYPE_NAMES.items()}
_TYPE = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_TYPES, key=len, reverse=True))})(?!\w)")
_AMENDING = re.compile(rf"(ban hành\s+)?({'|'.join(sorted(_TYPES, key=len, reverse=True))})\s+sửa đổi(?!\w)")
_DAY = r"ngày\s+(\d{1,2})(?:\s+tháng\s+|[/.-])(\d{1,2})(?:\s+năm\s+|[/.-])(\d{4})"
_NUMBER = re.compile(
    r"(?<![\w/.-])(\d{1,5}(?:\.\d{1,3})?[a-z]?(?:/\d{4})?/[A-ZĐƯ]\w*(?:[-.&][A-ZĐƯ]\w*)*|\d{1,4}-SL/L\.\d{1,3})"
)
_TO_SLASH = re.compile(r"\d{1,5}(?:\.\d{1,3})?(?:[a-z]|-SL)?\Z")
_DATED = re.compile(rf"(?:,?\s+{_DAY})?")
_YEAR = re.compile(r"năm\s+(\d{4})(?!\w)")
_TO_YEAR = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+\Z")
_ENDS = re.compile(r"[;:\n“”\"()]")
_NO_NAME = re.compile(r"(?<!\w)(?:này|được|thông qua|hiệu lực|thi hành|khóa|khoá|(?<!một )số|ngày|kể|quy định)(?!\w)")
_TITLE_YEAR = re.compile(r"[\s,]*(?:năm\s+)?(?:19|20)\d\d\Z")
MAX_LETTERS_BEFORE_NUMBER = 300  # characters in front of a number in which its type and name stand

SIGN_REPLACEMENTS = {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
         "\u00d0": "Đ", "\u00f0": "đ", "\xa0": " "}  # fmt: skip


@dataclass(frozen=True)
class DocumentReference:
    """A document as a text names it; `start` and `end` are offsets of the whole name in that text."""

    doc_type: str  # "" where neither a word nor the number tells
    name: str  # «Đất đai»; "" where only type and number stand there
    number: str  # "" where it is cited by name
    year: int | None
    issued_on: datetime.date | None
    start: int
    end: int

    @property
    def key(self):
        """What stands for the document until we have it: the number's key, or the name and the year."""
        return (
            official_numbers.number_key(self.number) if self.number else name_key(self.doc_type, self.name, self.year)
        )


def name_key(doc_type, name, year):
    return f"ten:{doc_type}:{slug(name, limit=80)}:{year or ''}"


def bare_name(doc_type, title):
    """«Đất đai» of «Luật Đất đai 2024»: the title without its type and its year."""
    return _TITLE_YEAR.sub("", title.strip()).removeprefix(TYPE_NAMES.get(doc_type, "")).strip()


def plain_text(text):
    """The text with one dash, Đ for Ð and no NBSP; as long as it was, so that offsets hold."""
    for sign, plain_sign in SIGN_REPLACEMENTS.items():  # most texts hold none: much quicker than str.translate
        text = text.replace(sign, plain_sign)
    return text


def document_references(text):
    """All references of a `plain` text, in order. Linear: each looks back `WINDOW` characters at the most."""
    numbered = [_reference_by_number(text, match) for match in _official_numbers(text)]
    spans = [(each.start, each.end) for each in numbered]
    by_name = [_reference_by_year(text, match) for match in _YEAR.finditer(text)]
    found = [each for each in by_name if each and not _overlaps(spans, each)]
    return sorted([*numbered, *found], key=lambda each: each.start)


def _official_numbers(text):
    """Matches of _NUMBER, looked for where there is a slash: a text holds few of them."""
    slash = text.find("/")
    while slash >= 0:
        digits = _TO_SLASH.search(text, max(0, slash - 12), slash)
        match = digits and _NUMBER.match(text, digits.start())
        if match:
            yield match
        slash = text.find("/", match.end() if match else slash + 1)


def _overlaps(spans, reference):
    return any(start < reference.end and reference.start < end for start, end in spans)


def _last_type_word(text, end):
    """(where the last type's word before `end` starts, its match) inside the same clause of the sentence, or None."""
    start = max(0, end - MAX_LETTERS_BEFORE_NUMBER)
    for stop in _ENDS.finditer(text, start, end):
        start = stop.end()
    return max(_TYPE.finditer(text, start, end), key=re.Match.start, default=None)


def _type_word_of_name(text, end):
    """As `_before`, but the whole of «Luật sửa đổi, bổ sung một số điều của Luật X»: number and day behind are its own.

    «Quốc hội ban hành Luật sửa đổi … của Luật X số N» is how an amending act begins; there they are those of X.
    """
    word = _last_type_word(text, end)
    if word:
        for outer in _AMENDING.finditer(text, max(0, word.start() - MAX_LETTERS_BEFORE_NUMBER), word.start()):
            between = text[outer.start() : end]
            if not (_ENDS.search(between) or _NUMBER.search(between) or _YEAR.search(between) or outer[1]):
                return _TYPE.match(text, outer.start(2))
    return word


def _reference_by_number(text, match):
    start, end = match.span()
    number, doc_type, name = official_numbers.clean_number(match[1].rstrip(".-")), "", ""
    word = _type_word_of_name(text, start)
    between = re.fullmatch(r"(.*?),?\s*(?:[Ss]ố\s*:?\s*)?", text[word.end() : start]) if word else None
    if between and not _NUMBER.search(between[1]) and not re.search(r"(?<!\w)này(?!\w)", between[1]):
        doc_type, name, start = _TYPES[word[0]], " ".join(between[1].split()), word.start()
    elif text.endswith("số ", 0, start):
        start -= 3
    said = next((kind for symbol, kind in TYPE_OF_SYMBOL if f"/{symbol}" in number), "")
    if said and doc_type and said != doc_type and not name:
        doc_type = said
    dated = _DATED.match(text, end)
    issued_on = _parse_date(dated.groups()) if dated[0] else None
    year = official_numbers.year_of_number(number) or (issued_on and issued_on.year)
    return DocumentReference(doc_type or said, name, number, year, issued_on, start, dated.end())


def _reference_by_year(text, match):
    """«Luật Đất đai năm 2024», «Luật Tổ chức Chính phủ ngày 25 tháng 12 năm 2001»; None where it is another year."""
    day = _TO_YEAR.search(text, max(0, match.start() - 24), match.start())
    start = day.start() if day else match.start()
    word = _type_word_of_name(text, start)
    if word is None or _TYPES[word[0]] not in TYPES_CITED_BY_YEAR or text.endswith("về ", 0, word.start()):
        return None  # «Công ước … về Luật biển năm 1982» is a treaty
    name = " ".join(text[word.end() : start].strip(" ,").removesuffix("ban hành").split())
    if not (name or word[0] == "Hiến pháp") or len(name) > 160 or _NO_NAME.search(name):
        return None
    issued_on = _parse_date((*day.groups(), match[1])) if day else None
    return DocumentReference(_TYPES[word[0]], name, "", int(match[1]), issued_on, word.start(), match.end())


def reference_by_name(text, start, end):
    """The reference text[start:end] is when it is a type and a name and nothing else («Luật Tổ chức Chính phủ»)."""
    part = text[start:end]
    word = _TYPE.match(part.lstrip())
    if word is None or _TYPES[word[0]] not in TYPES_CITED_BY_YEAR:
        return None
    start += len(part) - len(part.lstrip())
    name = " ".join(text[start + word.end() : end].strip(" ,.;").split())
    if not 1 < len(name) <= 160 or _NO_NAME.search(name) or _TYPE.search(name):
        return None
    return DocumentReference(_TYPES[word[0]], name, "", None, None, start, end)


def _parse_date(parts):
    day, month, year = map(int, parts)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


_ITEM = {"point": r"[a-zđ]{1,2}\d{0,2}", "clause": r"\d{1,3}[a-zđ]?", "article": r"\d{1,4}[a-zđ]?"}
_WORD = {"point": "[Đđ]iểm", "clause": "[Kk]hoản", "article": "[Đđ]iều"}


def _list_pattern(kind):
    item = rf"{_ITEM[kind]}(?!\w)"
    return rf"(?:{_WORD[kind]})\s+({item}(?:(?:,\s*|\s+)(?:(?:và|hoặc)\s+)?(?:{_WORD[kind]}\s+)?{item}){{0,60}})"


_SAME_LIST = re.compile(r"\s*(?:[;,]|và|hoặc|, và)\s*")
_UNITS = re.compile(
    rf"(?:{_list_pattern('point')}\s+)?(?:(?:các\s+)?{_list_pattern('clause')}\s*,?\s*)?(?:các\s+)?{_list_pattern('article')}"
    rf"|(?:{_list_pattern('point')}\s+)?(?:các\s+)?{_list_pattern('clause')}"
)


def cited_eids(text, *, article=None):
    """The eids of units that a `plain` text cites, in order, each once: «các điểm a, đ khoản 2 Điều 15».

    Clauses without an article are of `article` (its number) where that is given, else left out. Ranges («từ Điều 5 đến
    Điều 9») give their two ends only. Never raises.
    """
    found, waiting, last = {}, [], 0
    for match in _UNITS.finditer(text):
        if not _SAME_LIST.fullmatch(text, last, match.start()):
            found |= dict.fromkeys(_eids_of_groups(waiting, [article] if article else []))
            waiting = []
        waiting.append(
            (_listed_numbers("point", match[1] or match[4]), _listed_numbers("clause", match[2] or match[5]))
        )
        if match[3]:
            found |= dict.fromkeys(_eids_of_groups(waiting, _listed_numbers("article", match[3])))
            waiting = []
        last = match.end()
    return list(found | dict.fromkeys(_eids_of_groups(waiting, [article] if article else [])))


def _eids_of_groups(groups, articles):
    """The eids of (points, clauses) groups that share one article: «điểm i khoản 2; điểm đ khoản 4 Điều 6»."""
    first = [f"art_{eid_token(number)}" for number in articles[:1]]
    for article in first:
        for points, clauses in groups:
            within = [f"{article}__clause_{eid_token(clause)}" for clause in clauses] or [article]
            yield from (f"{within[0]}__point_{eid_token(point)}" for point in points)
            yield from within[1:] if points else within
    yield from (f"art_{eid_token(number)}" for number in articles[1:])


def _listed_numbers(kind, listed):
    return re.findall(rf"(?<!\w){_ITEM[kind]}(?!\w)", re.sub(_WORD[kind], "", listed)) if listed else []
