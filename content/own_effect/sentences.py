"""The sentences in which an act says when it, or a part of it, takes effect: «Điều 53. Hiệu lực thi hành …»."""

import re
from collections.abc import Iterator

from content.law.grammar import cited_units
from content.law.lexer.document_words import THIS_ACT
from content.law.lexer.unit_lexicon import ANNEX, CLAUSE, FORM, POINT, UNIT, UNIT_OR_CHAPTER
from content.law.units import UnitKind
from content.parsing import Structure, Unit
from content.quotations.unquoted_text import unquoted_body

MAX_SENTENCE_LENGTH = 3_000  # characters; anything longer is no sentence about effect
_ADOPTED = (
    r"(?: (?:đã )?được [^.;]{1,300}? thông qua[^.;]{0,120}?(?:,| và))?"  # «… thông qua ngày 15/7/2026 và có hiệu lực»
)
THE_ACT = re.compile(  # and not «Điều 2 của Luật này»
    rf"\s*(?:(?!(?:{UNIT_OR_CHAPTER})\s)\S+\s){{0,3}}?{THIS_ACT}{_ADOPTED},?\s*$", re.IGNORECASE
)
TAKES_EFFECT = re.compile(
    r"(?<!hết )(?<!không )(?<!\w)có hiệu lực(?: thi hành)?(?:\s*,?\s*kể)?(?: từ)?(?: ngày)?(?P<rest>.*)$", re.IGNORECASE
)
_STATES_FIRST_DAY = re.compile(rf"(?:\S+\s){{0,3}}?{THIS_ACT}{_ADOPTED} (?:bắt đầu )?có hiệu lực", re.IGNORECASE)
_UNIT = rf"(?:(?:các|những)\s+)?(?:quy định|nội dung|{UNIT_OR_CHAPTER}|{ANNEX}|{FORM})(?!\w)"
_FOR_SOME = re.compile(  # «Đối với cá nhân kinh doanh, Điều 2»; and not «Riêng đối với quy định tại Điều 3»
    rf"(?:^|[,;:])\s*(?:riêng\s+)?(?:đối\s+)?với\s+(?!{_UNIT})[^,;]{{1,200}}?(?:,\s*|\s+(?:thì\s+)?(?={_UNIT}|{THIS_ACT})|$)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"hiệu lực|điều khoản thi hành|tổ chức thực hiện|thi hành|chuyển tiếp", re.IGNORECASE)
_KINDS = (UnitKind.ARTICLE, UnitKind.CLAUSE, UnitKind.POINT, UnitKind.INDENT, UnitKind.PARAGRAPH)
_A_PART = rf"(?:(?:các|những)\s+)?(?:quy định|nội dung|{UNIT}|đối với)(?!\w)"
_EXCEPTED = re.compile(
    rf"\s*[,;(]?\s*(?<!\w)(?:ngoại trừ|trừ|riêng|(?<!không )còn(?=\s+{_A_PART}))\s*:?\s+"
    r"(?!(?:khi|trường hợp)\s[^.;]*quy định khác)",  # a condition, and no part of the act
    re.IGNORECASE,
)
_EXCEPTED_FIRST = re.compile(rf"(?:Ngoại trừ|Trừ)\s+(?P<what>.+?),\s+(?P<act>{THIS_ACT} có hiệu lực.*)$", re.IGNORECASE)
_DAY_FIRST = re.compile(  # «Từ ngày 01/01/2027, khoản 1 Điều 5 có hiệu lực thi hành.»
    r"(?:^|(?<=[.;]\s))(?:kể\s+)?(?P<day>từ\s+ngày\s+[^,.;]{6,30}),\s+(?P<what>[^.]{3,300}?)\s+(?:bắt đầu\s+)?"
    r"(?P<takes>có hiệu lực(?: thi hành)?)(?=\W*$|[.;])",
    re.IGNORECASE,
)
_SENTENCES = re.compile(
    rf"(?<=[;.])\s+(?=[A-ZĐ]|(?:(?:riêng|còn|trừ)\s*:?\s+)?(?:(?:các|những)\s+)?(?:quy định|nội dung|{POINT}|{CLAUSE})"
    rf"|riêng)|(?<=\d{{4}})\s*(?:,\s*)?(?:và\s+)?(?=(?:các\s+)?(?:{UNIT})\s+[^;.]{{1,120}}có hiệu lực)"
)
_AROUND_UNITS = re.compile(
    rf"(?:các|những|quy định|nội dung|tại|của|và|thì|riêng|còn|đối với|{THIS_ACT}|[\s,;:.])*", re.IGNORECASE
)


def sentences_about_effect(text: str, structure: Structure) -> Iterator[tuple[Unit, str, bool]]:
    """(unit, sentence, whether it says what is excepted) of the articles that say when the act takes effect."""
    article = None
    for unit in structure.units:
        if unit.kind is UnitKind.ARTICLE:
            article = unit
        if article is None or unit.kind not in _KINDS:
            continue
        body = unquoted_body(text, unit, structure.quoted)
        if body.blocks or not (_HEADING.search(article.heading) or not article.heading):
            continue
        units = ""
        for sentence in _SENTENCES.split(_DAY_FIRST.sub(r"\g<what> \g<takes> \g<day>", body.words)):
            if sentence.endswith(";") and len(sentence) <= MAX_SENTENCE_LENGTH and is_only_units(sentence):
                units += f"{sentence} "  # «Điểm a khoản 2 Điều 5; Điều 6 có hiệu lực …»
                continue
            for words, is_exception in _without_exception(units + sentence):
                yield unit, words, is_exception
            units = ""
        if units:  # an item of a list: «a) Khoản 1 Điều 2;»
            yield unit, units.strip(), False


def _without_exception(sentence: str) -> Iterator[tuple[str, bool]]:
    """«Luật này có hiệu lực từ …, trừ Điều 5 có hiệu lực từ …» as two sentences, the second an exception."""
    if first := _EXCEPTED_FIRST.match(sentence):
        yield from ((first["act"], False), (first["what"], True))
        return
    takes = TAKES_EFFECT.search(sentence)
    excepted = takes and THE_ACT.match(sentence[: takes.start()]) and _EXCEPTED.search(sentence, takes.start("rest"))
    if excepted:
        yield from ((sentence[: excepted.start()], False), (sentence[excepted.end() :].rstrip(" .;)"), True))
    else:
        yield sentence, False


def is_only_units(words: str) -> bool:
    """Whether the words name units of the act and nothing else: «các quy định tại Điều 5, Điều 6 của Luật này»."""
    rest, at = "", 0
    for each in sorted(cited_units(words), key=lambda each: each.start):
        rest, at = rest + words[at : max(at, each.start)], max(at, each.end)
    return at > 0 and _AROUND_UNITS.fullmatch(rest + words[at:]) is not None


def states_first_day(sentence: str) -> bool:
    """Whether it says when the act as a whole takes effect."""
    return _STATES_FIRST_DAY.match(sentence) is not None


def is_for_some(before: str) -> bool:
    """Whether the words before «có hiệu lực» say for whom it is: for others the units may begin on another day."""
    return _FOR_SOME.search(before) is not None


def without_some(before: str) -> str:
    """The words before «có hiệu lực» without whom they are for: «Đối với hộ kinh doanh, Nghị định này»."""
    return _FOR_SOME.sub("", before, count=1).lstrip()
