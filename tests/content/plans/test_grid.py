"""The grid of tiles: 34 since 2025-07-01, a list before; told apart by sign and lightness, not by colour alone."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.organisations.models import Province
from content.plans import queries, services
from content.plans.grid import NO_DUTY, STYLES, coverage_grid, two_lines
from content.plans.statuses import DutyStatus
from tests.builders_plans import BASIS, a_public_plan, charge_everybody, committee, programme

DAY = datetime.date(2026, 6, 1)


def grid_on(day, **columns):
    coverage = queries.coverage(programme(), day, **columns)
    return coverage_grid(coverage, queries.provinces_on(day), lambda covered: f"/{covered.duty.pk}")


def lightness(colour):
    """Relative luminance (WCAG 2.2) of «#rrggbb»: what is left of a colour in greys."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted((lightness(one), lightness(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_each_status_has_its_own_sign_and_can_be_read_in_greys():
    styles = list(STYLES.values())
    assert set(STYLES) == {*DutyStatus, None}
    assert len({each.sign for each in styles}) == len(styles)
    assert min(contrast(each.fill, each.text) for each in styles) >= 4.5
    drawn = {(round(lightness(each.fill), 1), each.stroke_width, bool(each.dashes)) for each in styles}
    assert len(drawn) == len(styles)


@pytest.mark.django_db
def test_there_are_34_tiles_none_on_another_and_the_same_rows():
    charge_everybody(due_on=datetime.date(2026, 1, 1))
    a_public_plan("48-da-nang-2025")
    grid = grid_on(DAY)
    assert len(grid.tiles) == len(grid.provinces) == 34
    assert [each.row for each in grid.tiles] == grid.provinces
    assert len({(each.x, each.y) for each in grid.tiles}) == 34
    assert all(0 <= each.x <= grid.width - grid.side_x and 0 <= each.y <= grid.height - grid.side_y
               for each in grid.tiles)  # fmt: skip
    tiles = {each.row.name: each for each in grid.tiles}
    assert (tiles["Đà Nẵng"].sign.text, tiles["Đà Nẵng"].row.words) == ("✓", "Đã có kế hoạch")
    assert {name: each.islands.text for name, each in tiles.items() if each.islands} == {
        "Đà Nẵng": "Hoàng Sa", "Khánh Hòa": "Trường Sa"
    }  # fmt: skip
    statuses = [each.status for each in grid.provinces]  # a tile each; the ministries are in their table
    counts = {status: statuses.count(status) for status in DutyStatus}
    assert sum(counts.values()) == sum(each.count for each in grid.legend) == 34 and grid.others
    assert [each.count for each in grid.legend] == [counts[each] for each in DutyStatus]


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "count"), [(datetime.date(2025, 6, 30), 63), (datetime.date(2020, 4, 22), 63)])
def test_a_day_before_has_a_list_by_code_and_no_tiles(day, count):
    services.charge(programme(), [committee("62-kon-tum")], basis=BASIS)
    grid = grid_on(day)
    assert (grid.tiles, len(grid.provinces)) == ([], count)
    codes = {each.short_name: each.code for each in Province.objects.filter(valid_from=None)}
    listed = [codes.get(each.name, "46") for each in grid.provinces]
    assert listed == sorted(listed)
    assert [each.name for each in grid.provinces if each.status] == ["Kon Tum"]
    assert (grid.legend[-1].words, grid.legend[-1].count) == (NO_DUTY, count - 1)


@given(st.lists(st.text("abcđ", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join))
def test_a_name_in_two_lines_loses_no_word(name):
    lines = two_lines(name)
    assert " ".join(lines) == name and len(lines) <= 2
