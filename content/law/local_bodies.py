"""The local body that an act names behind a number: «15/2024/QĐ-UBND của UBND tỉnh Hòa Bình». Pure.

Only «tỉnh», «thành phố», «TP.» and a name of capital words are read as a province's. A name ends with its last capital
word, so «tỉnh Quảng Nam - Đà Nẵng» is one name.
"""

import re
from dataclasses import dataclass

_KINDS = r"tỉnh|thành phố|tp\.?|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu"
_BEHIND = re.compile(
    r"(?i:,?[ \t\xa0]+của[ \t\xa0]+(?:chủ tịch[ \t\xa0]+)?(?:UBND|HĐND|(?:ủy ban|uỷ ban|hội đồng) nhân dân)"
    rf"[ \t\xa0]+(?P<kind>{_KINDS})(?!\w))"
)
_WORD = re.compile(r"[ \t\xa0]*(?:[-–][ \t\xa0]*)?([^\W\d_]\w*)")
_OF_A_CITY = ("thành phố", "tp", "tp.")
_OF_A_COMMUNE = ("xã", "phường", "đặc khu", "thị trấn")
MAX_WORDS = 8  # of a name


@dataclass(frozen=True)
class NamedBody:
    """A People's Committee or Council as a text names it. `kind`: «tỉnh», «thành phố», «xã», «huyện» …"""

    kind: str
    name: str  # «Hòa Bình»; "" in «của UBND tỉnh», which is the act's own
    end: int  # offset behind it

    @property
    def is_of_commune(self) -> bool:
        return self.kind in _OF_A_COMMUNE

    @property
    def is_of_province(self) -> bool:
        """Whether it may be a province's; a city of a province is called «thành phố» too."""
        return self.kind in ("tỉnh", "thành phố")


def body_behind(text: str, at: int) -> NamedBody | None:
    """The local body that `text` names from offset `at` on, None where it names none. Linear."""
    found = _BEHIND.match(text, at)
    return _read(text, found) if found else None


def body_in(words: str) -> NamedBody | None:
    """The first local body that words name: «Quyết định số 15/2024/QĐ-UBND của UBND tỉnh Phú Thọ»."""
    found = _BEHIND.search(words)
    return _read(words, found) if found else None


def _read(text: str, found: re.Match[str]) -> NamedBody:
    kind, start, end = " ".join(found["kind"].lower().split()), found.end(), found.end()
    for _ in range(MAX_WORDS):
        word = _WORD.match(text, end)
        if word is None or not word[1][0].isupper():
            break
        end = word.end()
    return NamedBody("thành phố" if kind in _OF_A_CITY else kind, " ".join(text[start:end].split()), end)
