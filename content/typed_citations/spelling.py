"""What people type, spelt as it is mostly written: signs and letters of other scripts, glued words, slips. Pure.

`spelt_as_usual` is for all that was typed, before units and numbers are read; `number_as_usual` for a folded number.
"""

import re

from content.law.doc_types import SYMBOLS_TYPED_BEFORE_SERIALS, TYPES_TYPED_BEFORE_SERIALS
from content.law.lexer.document_words import FOLDED_ASSEMBLY, WHOLE_SERIAL, YEAR, any_of
from content.law.lexer.unit_lexicon import TYPED_NUMBER, typed_unit
from content.law.units import UnitKind
from content.text.telex import read_syllable
from content.text.vietnamese import fold, nfc

NAMES = any_of(TYPES_TYPED_BEFORE_SERIALS)
SHORT_SYMBOLS = any_of(SYMBOLS_TYPED_BEFORE_SERIALS)
ISSUERS = r"(?:cp|ttg|ubnd|hdnd|nhnn|hdtp|b[a-z]{1,6})"  # well known: «QĐUB» and «TTLB» are symbols of their own

# -- all that was typed -------------------------------------------------------------------

_OTHER_SCRIPTS = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full width
    | dict(zip(map(ord, "АВЕКМНОРСТХаеорсхіІ"), "ABEKMHOPCTXaeopcxiI", strict=True))  # Cyrillic that looks Latin
    | {ord(slash): "/" for slash in "\u2044\u2215\\"}
)
_L_FOR_LAW = re.compile(rf"(?<![\w/.\-])L(?=\d{{1,5}}/{YEAR}(?!\s?[\w/\-]))")  # a capital: «l68/2024» is «168/2024»
_ENGLISH = {
    "decree": "nghị định", "circular": "thông tư", "resolution": "nghị quyết", "decision": "quyết định", "law": "luật",
    "article": "điều", "art": "điều", "clause": "khoản", "point": "điểm",
}  # fmt: skip
_ENGLISH_BEFORE_NUMBER = re.compile(rf"(?<!\w)({'|'.join(_ENGLISH)})\.?\s+(?:no\.?\s*|number\s+)?(?=\d|[a-z](?!\w))")
_GLUED_WORDS = {
    "nghidinh": "nghị định", "nghịđịnh": "nghị định", "thongtu": "thông tư", "thôngtư": "thông tư",
    "nghiquyet": "nghị quyết", "nghịquyết": "nghị quyết", "quyetdinh": "quyết định", "quyếtđịnh": "quyết định",
}  # fmt: skip
_GLUED_TYPE_WORD = re.compile(rf"(?<!\w)({'|'.join(_GLUED_WORDS)})(?=\s?\d)")
_ARTICLE, _CLAUSE = typed_unit(UnitKind.ARTICLE), typed_unit(UnitKind.CLAUSE)
_GLUED_UNIT = re.compile(rf"(?<!\w)({_ARTICLE}|{_CLAUSE})(?=\d)")
_ORDINAL_UNIT = re.compile(rf"(?<!\w)({_ARTICLE}|{_CLAUSE})\s+(?:thứ|thu|số|so)\s+(?=\d)")
_UNIT_IN_SIGNS = re.compile(  # «điều 6.1.a», «điều 6(1)(a)»
    rf"(?<!\w)({_ARTICLE}|[đd](?=\d))\s?({TYPED_NUMBER})"
    r"(?:\.(\d{1,3})(?:\.?([a-zđ]))?|\s?\((\d{1,3})\)(?:\s?\(([a-zđ])\))?)(?![\w/]|[.\-]\w)"
)
_POINT_WITHOUT_WORD = re.compile(rf"\A([a-zđ])\s+(?={_CLAUSE}\s+{TYPED_NUMBER}[\s,]+{_ARTICLE}\s+\d)")
_LISTED_ARTICLES = re.compile(  # «điều 135 và 136 luật …»: the first of them
    rf"(?<!\w)({_ARTICLE}\s+{TYPED_NUMBER})"
    rf"(?:(?:\s*[,;&\-–]\s*|\s+(?:và|va|đến|den|hoặc|hoac)\s+)(?:{_ARTICLE}\s+)?{TYPED_NUMBER}(?![\w/\-.]))+"
)
_SIGNS_AT_THE_END = re.compile(r"[\s/.,;:\-]+\Z")
_TELEX_WORDS = frozenset(["nghi", "dinh", "thong", "tu", "quyet", "luat", "dieu", "khoan", "diem"])
_WORD = re.compile(r"[a-z]+")


def spelt_as_usual(typed: str) -> str:
    """What was typed, on one line in small letters with its accents, as it is mostly written. Never raises."""
    text = " ".join(nfc(typed).translate(_OTHER_SCRIPTS).split())
    text = _L_FOR_LAW.sub("luật số ", text).lower()
    if text.isascii():
        text = _with_telex_read(text)
    text = _ENGLISH_BEFORE_NUMBER.sub(lambda found: _ENGLISH[found[1]] + " ", text)
    text = _GLUED_TYPE_WORD.sub(lambda found: _GLUED_WORDS[found[1]] + " ", text)
    text = _GLUED_UNIT.sub(r"\1 ", text)
    text = _ORDINAL_UNIT.sub(r"\1 ", text)
    text = _UNIT_IN_SIGNS.sub(_unit_in_words, text)
    text = _POINT_WITHOUT_WORD.sub(r"điểm \1 ", text)
    text = _LISTED_ARTICLES.sub(r"\1", text)
    return _SIGNS_AT_THE_END.sub("", text)


def _unit_in_words(found: re.Match[str]) -> str:
    clause, point = found[3] or found[5], found[4] or found[6]
    return f"điều {found[2]} khoản {clause}" + (f" điểm {point}" if point else "")


def _with_telex_read(text: str) -> str:
    """The words for types and units that are typed in Telex; all as they are where only tones would tell."""
    read = {word: syllable for word in _WORD.findall(text) if (syllable := read_syllable(word))}
    meant = {word: each for word, each in read.items() if fold(each.word) in _TELEX_WORDS}
    if not any(each.is_certain for each in meant.values()):
        return text
    return _WORD.sub(lambda word: meant[word[0]].word if word[0] in meant else word[0], text)


# -- a number -----------------------------------------------------------------------------

_FILE_ENDING = re.compile(r"\.(?:pdf|docx?|html?|txt|rtf|zip)(?!\w)")
_SPLIT_SYMBOL = re.compile(rf"(?<=/)(?:{'|'.join(' '.join(each) for each in ('nd', 'nq', 'qd', 'tt', 'ct'))})(?=\s?-)")
_COLON = re.compile(rf"(?<![\w:])(\d{{1,5}}):(?={YEAR}/)")  # «168:2024/nd-cp»
_GLUED_SYMBOL = re.compile(rf"(?<=[/.\- ])({SHORT_SYMBOLS})({ISSUERS})(?![\w&])")  # «nd-cp» without its dash
_GLUED_SERIAL = re.compile(  # «168ndcp», «168nd-cp», «36qh15»
    rf"(?<![\w/.\-])(\d{{1,5}})(?=(?:(?:{SHORT_SYMBOLS})-?{ISSUERS}|{FOLDED_ASSEMBLY})(?![\w&]))"
)
_SHORT_YEARS = [
    re.compile(rf"(?<![\w/.\-])({WHOLE_SERIAL}\s?/\s?)(\d\d)(?=\s?/\s?[a-z])"),  # «168/24/nd-cp»
    re.compile(rf"(?<!\w)((?:{NAMES}|{SHORT_SYMBOLS})[\s.\-]*(?:so\s*:?\s*)?\d{{1,5}}/)(\d\d)(?![\w/]|[.\-]\w)"),
    re.compile(r"\A(\d{1,5}/)(1[3-9]|[2-9]\d)\Z"),  # «36/24» and nothing else; «7/12» is a day
]
_FIRST_SHORT_YEAR = 45  # of 1945, when the numbers begin; a smaller one is of this century
_GLUED_TYPE = re.compile(  # «NĐ100/2019/NĐ-CP»: a type glued to a whole number
    rf"(?<![\w/.\-])((?:{NAMES}|{SHORT_SYMBOLS})\.?)(?={WHOLE_SERIAL}\s?[/\-]\s?(?:{YEAR}\s?[/\-]\s?)?[a-z])"
)
_LOOKALIKE_SERIAL = re.compile(
    r"(?<![\w/.\-])(?=[lio]{0,4}\d)[\dlio]{1,5}(?=\s?/\s?(?:1[89]|20|2o)[\dlio]{2}\s?[/.\-])"
)
_LOOKALIKE_YEAR = re.compile(r"(?<=\d/)(?=[\dlio]*[lio])(?:[1li][89]|2[0o])[\dlio]{2}(?=\s?[/\-]\s?[a-z])")
_LOOKALIKE_ASSEMBLY = re.compile(r"(?<=qh)\s?[il](?=\d(?!\w))")  # «qh i5»
_DIGITS_FOR_LETTERS = str.maketrans("lio", "110")
_DASH_IN_ASSEMBLY = re.compile(r"(?<![a-z])((?:ubtv)?qh)[\s\-]+(?=\d{1,2}(?![\w/]))")  # «qh-15»
_SLIPS = (
    (re.compile(r"(?<=[\d/\-\s])(?:dn-cp|nd-ttg)(?!\w)"), "nd-cp"),  # no other body issues decrees
    (re.compile(r"(?<=\d)[\s/\-]sl/l\.?(?=\d)"), "-sl/l."),  # «101/sl/l003»
)
_ISSUER_BETWEEN = re.compile(  # «nghi dinh cua chinh phu so 168»
    rf"(?<!\w)({NAMES})\s+(?:cua\s+)?(?:thu tuong(?: chinh phu)?|chinh phu|quoc hoi|uy ban thuong vu quoc hoi"
    r"|hoi dong tham phan|bo(?!\s+luat)(?:\s+[a-z]+){1,6}?)[\s,]+(?=(?:so\s*:?\s*)?\d)"
)


def number_as_usual(folded: str) -> str:
    """A folded number as it is mostly written: «168_2024_nd-cp.pdf», «168/24/ndcp», «168/2024/n d-cp»."""
    folded = _FILE_ENDING.sub("", folded.replace("_", "-"))
    folded = _SPLIT_SYMBOL.sub(lambda split: split[0].replace(" ", ""), folded)
    folded = _COLON.sub(r"\1/", folded)
    for lookalike in (_LOOKALIKE_YEAR, _LOOKALIKE_ASSEMBLY):
        folded = lookalike.sub(lambda found: found[0].strip().translate(_DIGITS_FOR_LETTERS), folded)
    folded = _GLUED_TYPE.sub(r"\1 ", folded)
    folded = _GLUED_SERIAL.sub(r"\1 ", folded)
    folded = _GLUED_SYMBOL.sub(r"\1-\2", folded)
    folded = _DASH_IN_ASSEMBLY.sub(r"\1", folded)
    for slip, meant in _SLIPS:
        folded = slip.sub(meant, folded)
    folded = _ISSUER_BETWEEN.sub(r"\1 ", folded)
    for form in _SHORT_YEARS:
        folded = form.sub(lambda found: found[1] + _whole_year(found[2]), folded)
    return _LOOKALIKE_SERIAL.sub(lambda serial: serial[0].translate(_DIGITS_FOR_LETTERS), folded)


def _whole_year(digits: str) -> str:
    return ("20" if int(digits) < _FIRST_SHORT_YEAR else "19") + digits
