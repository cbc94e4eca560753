"""The grid of equal tiles of a programme, and the same as rows of a table: «bảng ô 34 tỉnh, thành», never a map.

Each status has a colour and a sign, and its words are in the table (WCAG 1.4.1). Before 2025-07-01 there is only the
list, by code. What a template draws as SVG without a script or a style of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.organisations.models import Province
from content.plans.queries import Coverage, CoveredOrganisation
from content.plans.statuses import DutyStatus
from content.plans.tiles import ISLANDS, TILES, tile_of

STEP_X, STEP_Y = 72, 64  # units of the viewBox from one tile to the next
SIDE_X, SIDE_Y = 68, 60
LINE_HEIGHT = 15


@dataclass(frozen=True)
class TileStyle:
    """How a status is drawn: the fills differ in lightness too, so that they are told apart in greys."""

    sign: str
    fill: str
    text: str
    stroke: str
    stroke_width: int = 1
    dashes: str = ""


STYLES: dict[DutyStatus | None, TileStyle] = {
    DutyStatus.ADOPTED: TileStyle("✓", "#14532d", "#ffffff", "#14532d"),
    DutyStatus.INHERITED: TileStyle("→", "#93b7d9", "#000000", "#1f3f5f"),
    DutyStatus.DECLARED_NONE: TileStyle("✕", "#ffffff", "#7a1a12", "#7a1a12", 4),
    DutyStatus.NONE_KNOWN: TileStyle("?", "#fbe3a0", "#000000", "#5c4300", 2, "6 4"),
    DutyStatus.NOT_DUE: TileStyle("…", "#dcdfe4", "#000000", "#6b7280"),
    None: TileStyle("–", "#ffffff", "#4b5563", "#9ca3af"),
}
NO_DUTY = _("No duty is entered")


@dataclass(frozen=True)
class GridRow:
    """A province or another organisation, and the status of its duty; None: it has no duty."""

    name: str
    covered: CoveredOrganisation | None
    url: str = ""

    @property
    def status(self) -> DutyStatus | None:
        return self.covered.finding.status if self.covered else None

    @property
    def words(self) -> str:
        """The status in words."""
        return str(self.status.label if self.status else NO_DUTY)

    @property
    def style(self) -> TileStyle:
        return STYLES[self.status]


@dataclass(frozen=True)
class Line:
    """A line of text in a tile; x is its middle."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Tile:
    """A row of the table as a tile at (x, y)."""

    row: GridRow
    x: int
    y: int
    lines: list[Line]
    islands: Line | None  # a special zone that the tile names
    sign: Line


@dataclass(frozen=True)
class LegendEntry:
    """A status, how it is drawn, and how many provinces have it: as many as tiles are drawn so."""

    words: str | Promise
    style: TileStyle
    count: int


@dataclass(frozen=True)
class CoverageGrid:
    """Tiles (none before 2025-07-01), the same as rows by code, the other organisations, and what the signs mean."""

    tiles: list[Tile]
    provinces: list[GridRow]
    others: list[GridRow]
    legend: list[LegendEntry]
    width: int = STEP_X * (1 + max(column for column, _row in TILES.values()))
    height: int = STEP_Y * (1 + max(row for _column, row in TILES.values()))
    side_x: int = SIDE_X
    side_y: int = SIDE_Y


def coverage_grid(
    coverage: Coverage, provinces: Iterable[Province], url_of: Callable[[CoveredOrganisation], str]
) -> CoverageGrid:
    """The grid of what `coverage` found. `provinces`: those that exist on its day. `url_of` may return ""."""
    covered = {each.province.pk: each for each in coverage.provinces if each.province}
    rows, tiles = [], []
    for province in sorted(provinces, key=lambda each: each.code):
        found = covered.get(province.pk)
        row = GridRow(province.short_name, found, url_of(found) if found else "")
        rows.append(row)
        if place := tile_of(province.code, coverage.on):
            tiles.append(_tile(row, province.code, *place))
    others = [GridRow(each.organisation.shown_name, each, url_of(each)) for each in coverage.others]
    return CoverageGrid(tiles, rows, others, _legend(rows))


def _legend(rows: list[GridRow]) -> list[LegendEntry]:
    statuses = [each.status for each in rows]
    known = [LegendEntry(each.label, STYLES[each], statuses.count(each)) for each in DutyStatus]
    missing = statuses.count(None)
    return [*known, LegendEntry(NO_DUTY, STYLES[None], missing)] if missing else known


def _tile(row: GridRow, code: str, column: int, place: int) -> Tile:
    x, y = column * STEP_X + (STEP_X - SIDE_X) // 2, place * STEP_Y + (STEP_Y - SIDE_Y) // 2
    middle = x + SIDE_X // 2
    texts = two_lines(row.name)
    lines = [Line(middle, y + 30 + number * LINE_HEIGHT, text) for number, text in enumerate(texts)]
    islands = Line(middle, y + SIDE_Y - 6, ISLANDS[code]) if code in ISLANDS else None
    if islands:  # three lines: the name moves up
        lines = [Line(each.x, each.y - 8, each.text) for each in lines]
    return Tile(row, x, y, lines, islands, Line(x + SIDE_X - 10, y + 14, row.style.sign))


def two_lines(name: str) -> list[str]:
    """The name in one line or two, so that the longer line is as short as possible."""
    words = name.split()
    splits = [[" ".join(words[:place]), " ".join(words[place:])] for place in range(1, len(words))]
    return min(splits, key=lambda lines: max(map(len, lines)), default=[name])
