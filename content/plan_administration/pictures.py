"""A small picture of an indicator: what was reported and what we computed side by side, and the targets. Pure.

Numbers for a template that draws them as SVG; the same are in a table below it. Nothing is joined, averaged or
interpolated: each measurement is a mark at the end of its period.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from content.plans.models import Indicator, Measurement, Target

WIDTH, HEIGHT = 320, 90  # units of the viewBox
MARGIN = 12
PERCENT = Decimal(100)


@dataclass(frozen=True)
class Mark:
    """A measurement as a sign: a circle for a reported one, a square for a computed one. Hollow: it was replaced."""

    x: int
    y: int
    measurement: Measurement
    is_computed: bool
    is_replaced: bool


@dataclass(frozen=True)
class TargetLine:
    """A target as a line up to its day."""

    x: int
    y: int
    target: Target


@dataclass(frozen=True)
class Picture:
    """Marks and lines between the first and the last day."""

    marks: list[Mark]
    lines: list[TargetLine]
    first: datetime.date
    last: datetime.date
    width: int = WIDTH
    height: int = HEIGHT


def picture_of(indicator: Indicator, measurements: Sequence[Measurement], targets: Sequence[Target]) -> Picture | None:
    """The picture; None without anything to draw. Measurements know whether a public one replaced them."""
    days = [each.period_until for each in measurements] + [each.due_on for each in targets]
    values = [each.value for each in measurements] + [each.value for each in targets]
    if not days:
        return None
    first, last = min(days), max(days)
    highest = PERCENT if indicator.unit == Indicator.Unit.PERCENT else max(*values, Decimal(1))

    def x_of(day: datetime.date) -> int:
        span = max((last - first).days, 1)
        return MARGIN + round((WIDTH - 2 * MARGIN) * (day - first).days / span)

    def y_of(value: Decimal) -> int:
        return HEIGHT - MARGIN - round((HEIGHT - 2 * MARGIN) * value / highest)

    is_computed = indicator.is_computed
    marks = [
        Mark(x_of(each.period_until), y_of(each.value), each, is_computed, each.is_replaced) for each in measurements
    ]
    lines = [TargetLine(x_of(each.due_on), y_of(each.value), each) for each in targets]
    return Picture(marks, lines, first, last)
