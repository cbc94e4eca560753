"""Bar charts per day or minute as plain numbers, which a template draws as SVG without a script."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 600, 120  # units of the viewBox
GAP = 4


@dataclass(frozen=True)
class Bar:
    """One rectangle of a chart."""

    x: float
    y: float
    width: float
    height: float
    series: int  # index of the stacked series


@dataclass(frozen=True)
class Chart:
    """A chart of stacked bars, one bar per day or minute. The formats are those of the template filter `date`."""

    id: str
    title: str
    description: str  # text alternative
    names: tuple[str, ...]  # of the series, lowest first
    rows: list[tuple[datetime.date, list[int]]]  # (day or minute, [count of each series]), oldest first
    bars: list[Bar]
    highest: int
    is_daily: bool = True

    @property
    def is_empty(self) -> bool:
        return self.highest == 0


def daily_chart(
    id: str,
    title: str,
    description: str,
    days: Sequence[datetime.date],
    series: Mapping[str, Mapping[Any, int]],
    *,
    is_daily: bool = True,
) -> Chart:
    """A chart of stacked bars. `series`: name → day → count, missing counts are 0. The highest bar fills the height.

    Not `is_daily`: the days are minutes.
    """
    rows = [(day, [counts.get(day, 0) for counts in series.values()]) for day in days]
    highest = max((sum(counts) for _day, counts in rows), default=0)
    bars = [
        bar for number, (_day, counts) in enumerate(rows) for bar in _stacked_bars(number, counts, len(rows), highest)
    ]
    return Chart(id, title, description, tuple(series), rows, bars, highest, is_daily)


def _stacked_bars(number: int, counts: list[int], days: int, highest: int) -> Iterator[Bar]:
    step, below = WIDTH / days, 0.0
    for series, count in enumerate(counts):
        if count:
            height = round(count / highest * HEIGHT, 1)
            below += height
            yield Bar(round(number * step, 1), round(HEIGHT - below, 1), round(step - GAP, 1), height, series)
