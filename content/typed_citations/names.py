"""Names of laws as people type them: initials («ldd»), beginnings («hôn nhân»), words run together. Pure."""

import re

from content.law.doc_types import TYPES_BY_FOLDED_NAME
from content.law.known_names import SHORT_NAMES
from content.text.vietnamese import fold

_TYPE = re.compile(r"(?P<type>bo luat|luat|phap lenh)(?: (?P<name>.+))?")
_SHORT_TYPE = re.compile(r"(?P<short>bl|pl|l)(?P<letters>[a-z]{2,12})(?: (?P<name>.+))?")
_SYLLABLE = re.compile(r"(?:ngh|ng|nh|th|tr|ph|kh|gh|gi|ch|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?")
_INITIALS = re.compile(r"[a-z]{1,12}")
_TYPES_BY_INITIALS = {"l": "luat", "bl": "bo luat", "pl": "phap lenh"}
_RUN_TOGETHER = re.compile(r"(?:bo)?luat[a-z]{5,60}|phaplenh[a-z]{5,60}")
WHOLE_INITIALS = 3  # with more, initials of the beginning of a name will do: «ttatgt» of «ttatgtđb»
MAX_NAME_WORDS = 6  # of a law that is named without its type, or with initials
LAW_BEGINNINGS = ("luat", "bo luat", "phap lenh", "hien phap")
NAME_BEGINNINGS = (*LAW_BEGINNINGS, "nghi dinh", "thong tu", "nghi quyet", "quyet dinh")
BETWEEN_WORDS = r"(?:\W+va)?\W+"  # «luật hôn nhân gia đình» is the law «Hôn nhân và gia đình»
TITLE_END = (
    r"(?:\W+sua\W+doi\W?)?(?:\W+cua\W+quoc\W+hoi)?(?:\W+so\W+\S+)?(?:\W+(?:nam\W+)?\d{4})?$"  # as sources write titles
)
_QUALIFIERS = re.compile(r" (?:moi nhat|moi|hien hanh|hien nay|pdf|file|ban day du|toan van)$")  # «luật đất đai mới»

_QUESTION = re.compile(
    r" (?:(?:co )?(?:quy dinh|de cap|noi|cho phep|yeu cau|huong dan)|la gi|bao nhieu|bi phat|(?:nhu )?the nao"
    r"|ra sao|khi nao|co hieu luc|con hieu luc|ap dung|gom)(?= |$)"
)


def law_title_pattern(name: str, *, beside_unit: bool) -> str | None:
    """A pattern for the folded titles of laws that a folded name may mean if it is no whole name; None for other words.

    «ldd» and «luat dd» are initials of whole names, «luat ttatgt» of the beginning of one; «luat thue tncn» and
    «bltt dan su» have words too. What may be a syllable is a word («lao», «luong») and none. Beside a unit
    (`beside_unit`) the type may be left out: «hngd», «hon nhan» is how a name begins. Several laws may match.
    """
    if _RUN_TOGETHER.fullmatch(name):
        return r"\W*".join(name) + TITLE_END
    if found := _TYPE.fullmatch(name):
        return _pattern_with_initials(found["type"], (found["name"] or "").split())
    found = _SHORT_TYPE.fullmatch(name)
    if found and not _SYLLABLE.fullmatch(name.split()[0]):
        words = [found["letters"], *(found["name"] or "").split()]
        return _pattern_with_initials(_TYPES_BY_INITIALS[found["short"]], words)
    if not beside_unit or not 0 < len(name.split()) <= MAX_NAME_WORDS or name.startswith(NAME_BEGINNINGS):
        return None
    any_law = "(?:(?:bo )?luat|phap lenh)"
    if len(name) >= WHOLE_INITIALS and _is_initials(name):
        return BETWEEN_WORDS.join([any_law, *_initials(name)]) + TITLE_END
    return f"{any_law} {BETWEEN_WORDS.join(map(re.escape, name.split()))}" + r"(?:\W|$)"


def _pattern_with_initials(law_type: str, words: list[str]) -> str | None:
    """A pattern for a name of which at least one word is initials."""
    initials = [_is_initials(word) for word in words]
    if not any(initials) or len(words) > MAX_NAME_WORDS:
        return None
    if len(words) > 1 and not all(initials) and len(words[initials.index(True)]) < 2:
        return None  # «luật x y»: a letter between words
    parts = [part for word, short in zip(words, initials, strict=True) for part in _parts(word, short)]
    if len(parts) < 2:
        return None
    end = TITLE_END if len(parts) <= WHOLE_INITIALS else r"(?:\W|$)"
    return BETWEEN_WORDS.join([*law_type.split(), *parts]) + end


def _parts(word: str, is_initials: bool) -> list[str]:
    return _initials(word) if is_initials else [re.escape(word)]


def _is_initials(word: str) -> bool:
    return bool(_INITIALS.fullmatch(word)) and not _SYLLABLE.fullmatch(word)


def _initials(letters: str) -> list[str]:
    return [rf"{letter}\w*" for letter in letters]


def title_pattern(name: str, *, is_whole: bool = True) -> str:
    """A pattern for the folded titles of documents with that folded name, or one that begins so and is longer.

    People call a code a law: «luật dân sự».
    """
    pattern = ("(?:bo )?" if name.startswith("luat ") else "") + BETWEEN_WORDS.join(map(re.escape, name.split()))
    return pattern + (TITLE_END if is_whole else r"\W")


def name_in_title(title: str) -> str:
    """The folded name in the title of a document: without number, year and «của Quốc hội»."""
    return re.sub(TITLE_END, "", fold(title))


def without_qualifier(name: str) -> str:
    """The folded name without «mới nhất», «hiện hành», «pdf»."""
    return _QUALIFIERS.sub("", name)


def name_before_question(name: str) -> str:
    """The folded name of a law without what is asked of it: «luat dat dai» of «luat dat dai quy dinh the nao»."""
    return _QUESTION.split(name, maxsplit=1)[0] if name.startswith(LAW_BEGINNINGS) else name


def full_name(name: str) -> str:
    """The folded name with a well-known short name behind its type spelt out, «luat tncn»; "" where there is none."""
    for law_type in ("bo luat", "luat"):
        short = name.removeprefix(f"{law_type} ").removeprefix("thue ")
        if whole := SHORT_NAMES.get((TYPES_BY_FOLDED_NAME[law_type], short)) if name.startswith(law_type) else None:
            return f"{law_type} {fold(whole)}"
    return ""
