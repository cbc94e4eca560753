"""The issuing body in the head of a local act: «ỦY BAN NHÂN DÂN / TỈNH PHÚ THỌ». Pure.

Only the first such lines count: prose below speaks of other bodies. A place counts as it is written whole: «TỈNH QUẢNG
NAM - ĐÀ NẴNG» is not Quảng Nam.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.text.vietnamese import fold, nfc

HEAD_LENGTH = 1_500  # characters of a text that may be its head
_BODY = re.compile(r"(?:chu tich )?(?:uy ban|hoi dong) nhan dan(?!\w)")
_OTHER_COLUMN = re.compile(
    r"\t|\||\s{3,}|[,;]|[-_=*]{3,}|(?<!\w)(?:cong hoa xa hoi|doc lap\s*-|so\s*:|can cu |khoa \w+|nhiem ky )"
)
_PLACE = re.compile(
    r"(?P<kind>tinh|thanh pho|tp\.?|huyen|quan|thi xa|thi tran|xa|phuong|dac khu)(?P<name>(?:(?<=\.)|\s+)\S.*|\.?hcm|)"
)
_OF_A_COMMUNE = ("xa", "phuong", "dac khu", "thi tran")
_OF_A_PROVINCE = ("tinh", "thanh pho", "tp", "tp.")


@dataclass(frozen=True)
class HeadPlace:
    """The place behind «nhân dân» as written: «TỈNH PHÚ THỌ», «XÃ HÒA VANG», «HUYỆN ANH SƠN»."""

    words: str
    kind: str  # folded: "tinh", "thanh pho", "xa", "huyen" …

    @property
    def is_of_commune(self) -> bool:
        return self.kind in _OF_A_COMMUNE

    @property
    def may_be_province(self) -> bool:
        """Whether it is a province, or a city: one of a province is called so too."""
        return self.kind in _OF_A_PROVINCE


def place_in_head(text: str) -> HeadPlace | None:
    """The place of the first body that a line of the head begins with; None without one, or where it is not clear."""
    lines = _lines(text)
    for number, (line, folded) in enumerate(lines):
        found = _BODY.match(folded)
        if found is None or not (number == 0 or line[: found.end()].isupper()):
            continue
        behind = [(line[found.end() :], folded[found.end() :]), *lines[number + 1 :]]
        columns = ((line[: len(own)].strip(), own.strip()) for line, folded in behind for own in [_own_column(folded)])
        for words, own in columns:
            if own:
                place = _PLACE.fullmatch(own)
                return HeadPlace(" ".join(words.split()), place["kind"]) if place else None
    return None


def _lines(text: str) -> list[tuple[str, str]]:
    """The lines of the head that are not empty, as written and folded letter for letter."""
    return [*_read_lines(nfc(text[:HEAD_LENGTH]))]


def _read_lines(head: str) -> Iterator[tuple[str, str]]:
    for line in head.split("\n"):
        bare = line.strip(" \t|*#_-–\xa0")
        folded = fold(bare)
        if bare and len(folded) == len(bare):
            yield bare, folded


def _own_column(folded: str) -> str:
    """What stands before the motto, the number or another column of the line."""
    found = _OTHER_COLUMN.search(folded)
    return folded[: found.start()] if found else folded
