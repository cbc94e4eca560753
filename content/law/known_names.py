"""The names of laws and their abbreviations that are known, looked up in a text. Pure.

Where a name alone ends («Luật Đất đai quy định …») only a list of names tells.
"""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from content.text.vietnamese import fold

_WORD = re.compile(r"[a-z0-9]+")
_GAP = re.compile(r"[\s,\-]*")  # between the words of a name
_LEFT_OUT = frozenset({"va"})  # «Luật Hôn nhân gia đình» is «Luật Hôn nhân và gia đình»
MAX_WORDS = 40  # of a name

# As lawyers and law students write them. Shorter ones mean too many things: «LDN», «LTM», «LCT».
LAW_ABBREVIATIONS = {
    "BLDS": "Bộ luật Dân sự",
    "BLHS": "Bộ luật Hình sự",
    "BLLĐ": "Bộ luật Lao động",
    "BLTTDS": "Bộ luật Tố tụng dân sự",
    "BLTTHS": "Bộ luật Tố tụng hình sự",
    "BLHH": "Bộ luật Hàng hải Việt Nam",
    "LHNGĐ": "Luật Hôn nhân và gia đình",
    "LTTHC": "Luật Tố tụng hành chính",
    "LXLVPHC": "Luật Xử lý vi phạm hành chính",
}

# What stands for a name behind «Luật» or «Bộ luật», folded.
SHORT_NAMES = {
    ("law", "hn&gd"): "Hôn nhân và gia đình",
    ("law", "hngd"): "Hôn nhân và gia đình",
    ("law", "bhxh"): "Bảo hiểm xã hội",
    ("law", "bhyt"): "Bảo hiểm y tế",
    ("law", "bvmt"): "Bảo vệ môi trường",
    ("law", "shtt"): "Sở hữu trí tuệ",
    ("law", "xlvphc"): "Xử lý vi phạm hành chính",
    ("law", "tthc"): "Tố tụng hành chính",
    ("law", "gtdb"): "Giao thông đường bộ",
    ("law", "pctn"): "Phòng, chống tham nhũng",
    ("law", "nsnn"): "Ngân sách nhà nước",
    ("law", "kdbds"): "Kinh doanh bất động sản",
    ("law", "nvqs"): "Nghĩa vụ quân sự",
    ("law", "pccc"): "Phòng cháy và chữa cháy",
    ("law", "attp"): "An toàn thực phẩm",
    ("law", "tndn"): "Thuế thu nhập doanh nghiệp",
    ("law", "tncn"): "Thuế thu nhập cá nhân",
    ("law", "gtgt"): "Thuế giá trị gia tăng",
    ("code", "ds"): "Dân sự",
    ("code", "hs"): "Hình sự",
    ("code", "ld"): "Lao động",
    ("code", "ttds"): "Tố tụng dân sự",
    ("code", "tths"): "Tố tụng hình sự",
}

Words = tuple[str, ...]


@functools.lru_cache(maxsize=4_000)  # whenever a law comes, all names are looked at again
def name_words(name: str) -> Words:
    """The words of a name to compare by: without accents, signs and «và»."""
    return tuple(word for word in _WORD.findall(fold(name)) if word not in _LEFT_OUT)[:MAX_WORDS]


def end_of_words(folded: str, at: int, words: Words) -> int | None:
    """Where these words end in the folded text if they begin at `at`, whatever signs are between them; else None."""
    for expected in words:
        word = _next_word(folded, at)
        if word is None or word[0] != expected:
            return None
        at = word.end()
    return at


def _next_word(folded: str, at: int) -> re.Match[str] | None:
    """The next word of a name from `at` on; None where a sign ends the name."""
    while True:
        gap = _GAP.match(folded, at)
        word = _WORD.match(folded, gap.end() if gap else at)
        if word is None or word[0] not in _LEFT_OUT:
            return word
        at = word.end()


@dataclass(frozen=True)
class KnownNames:
    """Names by the type of their documents, and abbreviations with what they stand for («blds»: «Bộ luật Dân sự»)."""

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    by_first_word: Mapping[tuple[str, str], Sequence[Words]] = field(default_factory=dict)  # longest first

    @classmethod
    def of(cls, names: Iterable[tuple[str, str]], abbreviations: Mapping[str, str] | None = None) -> "KnownNames":
        """From (type, name without the type) pairs and {abbreviation: type and name}."""
        by_first: dict[tuple[str, str], set[Words]] = {}
        for doc_type, name in names:
            if words := name_words(name):
                by_first.setdefault((doc_type, words[0]), set()).add(words)
        longest_first = {first: sorted(names, key=len, reverse=True) for first, names in by_first.items()}
        return cls({fold(short): whole for short, whole in (abbreviations or {}).items()}, longest_first)

    def names_that_begin(self, doc_type: str, word: str) -> Sequence[Words]:
        """The names of that type with that first word, the longest first."""
        return self.by_first_word.get((doc_type, word), ())

    def end_of_name(self, doc_type: str, folded: str, at: int) -> int | None:
        """Where the longest known name that begins at `at` of the folded text ends; None where none does."""
        first = _next_word(folded, at)
        if first is None:
            return None
        names = self.names_that_begin(doc_type, first[0])
        return next((end for words in names if (end := end_of_words(folded, at, words)) is not None), None)
