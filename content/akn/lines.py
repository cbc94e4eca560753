"""The lines of a text: tables, single lines and blank ones, by their offsets. Pure; every letter is in one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from content.akn.xml import BLANK

Place = tuple[int, int]  # start and end of text[start:end]


@dataclass(frozen=True)
class LineGroup:
    """Lines without their line feeds. `is_table`: rows whose cells are separated by tabs; else it is one line."""

    lines: Sequence[Place]
    is_table: bool

    @property
    def start(self) -> int:
        return self.lines[0][0]

    @property
    def end(self) -> int:
        return self.lines[-1][1]


def line_groups(text: str, start: int, end: int, *, is_table: bool = False) -> Iterator[LineGroup]:
    """The lines of text[start:end]. Two lines with tabs make a table; one alone only where `is_table`."""
    rows: list[Place] = []
    for line in lines_of(text, start, end):
        if "\t" in text[slice(*line)] and not is_blank(text, *line):
            rows.append(line)
            continue
        yield from _closed(rows, is_table)
        rows = []
        yield LineGroup([line], is_table=False)
    yield from _closed(rows, is_table)


def _closed(rows: list[Place], is_table: bool) -> Iterator[LineGroup]:
    if len(rows) > 1 or (rows and is_table):
        yield LineGroup(rows, is_table=True)
    else:
        yield from (LineGroup([row], is_table=False) for row in rows)


def lines_of(text: str, start: int, end: int) -> Iterator[Place]:
    while start < end:
        stop = text.find("\n", start, end)
        line_end = end if stop < 0 else stop
        yield start, line_end
        start = line_end + 1


def cells_of(text: str, row: Place) -> Iterator[Place]:
    """The cells of a row, without the tabs between them."""
    start, end = row
    while start <= end:
        stop = text.find("\t", start, end)
        yield start, end if stop < 0 else stop
        start = (end if stop < 0 else stop) + 1


def is_blank(text: str, start: int, end: int) -> bool:
    """Whether it is white space to XML; a no-break space is not."""
    return not text[start:end].strip(BLANK)
