"""What a law is cut into: units, the quotations in it, and what the reader should look at."""

from dataclasses import dataclass

from content.law.units import UnitKind


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a text.

    `start` is the first character of its mark (the Đ of "Điều", the number of a clause),
    `body` the first character after mark and heading, `end` the first character of the
    next unit: own spans follow one another and lose nothing. `number` is as printed
    ("12a", "I", "đ", "thứ nhất"). `parent` is an index into the units, always a smaller one.
    """

    kind: UnitKind
    eid: str
    number: str
    heading: str
    start: int
    body: int
    end: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class ParserWarning:
    """Something an editor should look at. `code` is for programs, `message` is Vietnamese."""

    code: str
    message: str
    start: int


@dataclass(frozen=True, slots=True)
class Structure:
    """`quoted` holds (start, end) of quotations that begin a line or run over several lines."""

    units: tuple[Unit, ...]
    quoted: tuple[tuple[int, int], ...]
    warnings: tuple[ParserWarning, ...]
