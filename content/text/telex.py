"""Vietnamese syllables typed as a Telex keyboard takes them, without a program that reads it: «luaatj» is «luật». Pure.

Telex: a doubled letter or a «w» makes another letter (aa â, ee ê, oo ô, dd đ, aw ă, ow ơ, uw ư); s f r x j behind the
vowel are tones. Only what is one whole syllable is read: «google» and «window» are none.
"""

import re
from dataclasses import dataclass

from content.text.vietnamese import fold, nfc

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_LETTERS = (
    ("uwow", "ươ"), ("uow", "ươ"), ("uwo", "ươ"),
    ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"),
)  # fmt: skip
_SYLLABLE = re.compile(
    r"(?P<onset>dd|ngh|ng|nh|th|tr|ph|kh|gh|gi(?=[aeouyw])|ch|qu|[bcdghklmnpqrstvx])?"
    r"(?P<vowels>[aeiouyw]{1,5}?)(?P<tone>[sfrxj])?(?P<coda>ng|nh|ch|[cmnpt])?(?P<late_tone>[sfrxj])?"
)
_OPEN_NUCLEI = (
    "a e ê i o ô ơ u ư y ai ao au âu ay ây eo êu ia iu iêu yêu oa oai oao oay oe oeo oi ôi ơi ua uâ uây uê ui uôi uơ "
    "ưa ưi ươi ươu ưu uy uya uyu ya"
)
_CLOSED_NUCLEI = "a ă â e ê i iê o ô ơ oa oă oe u ư uâ uê uô ươ uy uyê y yê"
_OPEN, _CLOSED = (  # some type «ddieu»: the plain vowels will do
    frozenset({*nuclei.split(), *fold(nuclei).split()}) for nuclei in (_OPEN_NUCLEI, _CLOSED_NUCLEI)
)
_STRONG = re.compile(r"dd|aa|ee|oo|w")  # what no word without accents has
_TONE_BEARERS = "âăêôơư"  # the tone is on one of these, the last, where there is one


@dataclass(frozen=True)
class TelexSyllable:
    """`word` as it is meant, NFC, in small letters. `is_certain`: it was typed with more than a tone."""

    word: str
    is_certain: bool


def read_syllable(typed: str) -> TelexSyllable | None:
    """The syllable that these ASCII letters are in Telex; None where they are none, or plain ones. Never raises."""
    match = _SYLLABLE.fullmatch(typed.lower())
    if match is None or (match["tone"] and match["late_tone"]):
        return None
    vowels = match["vowels"]
    for keys, letters in _LETTERS:
        vowels = vowels.replace(keys, letters)
    tone, coda = match["tone"] or match["late_tone"] or "", match["coda"] or ""
    if vowels not in (_CLOSED if coda else _OPEN):
        return None
    is_certain = bool(_STRONG.search(typed.lower()))
    if not (tone or is_certain):
        return None
    onset = "đ" if match["onset"] == "dd" else match["onset"] or ""
    return TelexSyllable(nfc(onset + _with_tone(vowels, tone, closed=bool(coda)) + coda), is_certain)


def _with_tone(vowels: str, tone: str, *, closed: bool) -> str:
    if not tone:
        return vowels
    places = [place for place, letter in enumerate(vowels) if letter in _TONE_BEARERS]
    # «hoa», «tai»: of two plain vowels the first bears it, before a consonant and of three the second
    place = places[-1] if places else (1 if len(vowels) > 1 and (closed or len(vowels) > 2) else 0)
    return vowels[: place + 1] + _TONES[tone] + vowels[place + 1 :]
