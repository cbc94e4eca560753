"""The result of parsing: units, quotations and warnings."""

from dataclasses import dataclass

from content.law.units import UnitKind


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a text.

    `start` is the offset of its mark (the Đ of "Điều", the number of a clause), `body` that of the text after mark and
    heading, `end` that of the next unit: own spans follow one another and lose nothing. `number` is as printed ("12a",
    "I", "đ", "thứ nhất"). `parent` is an index into the units, always a smaller one.
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
    """Something in the text that an editor should check. `code` is for programs, `message` is Vietnamese."""

    code: str
    message: str
    start: int


@dataclass(frozen=True, slots=True)
class Structure:
    """`quoted` holds (start, end) of quotations that begin a line or run over several lines."""

    units: tuple[Unit, ...]
    quoted: tuple[tuple[int, int], ...]
    warnings: tuple[ParserWarning, ...]
