"""Where each of the 34 provinces and cities since 2025-07-01 is in a grid of equal tiles: a sketch of ours, no survey.

Equal tiles show small and large units alike. They are called «bảng ô», never a map. Source: design/plans.md 4.
"""

import datetime

FIRST_DAY = datetime.date(2025, 7, 1)
_PLACES = (
    "12:1,0 15:2,0 08:3,0 04:4,0 11:0,1 14:1,1 25:2,1 19:3,1 20:4,1 01:2,2 24:3,2 22:4,2 37:2,3 33:3,3 31:4,3 38:2,4 "
    "40:2,5 42:2,6 44:3,7 46:3,8 48:4,9 51:4,10 52:4,11 66:4,12 56:4,13 68:3,13 75:2,13 80:1,13 91:0,14 82:1,14 "
    "79:2,14 92:0,15 86:1,15 96:0,16"
)
TILES: dict[str, tuple[int, int]] = {  # code of the province: column and row, from the top left
    code: (int(column), int(row))
    for code, _, place in (each.partition(":") for each in _PLACES.split())
    for column, _, row in (place.partition(","),)
}
ISLANDS = {"48": "Hoàng Sa", "56": "Trường Sa"}  # special zones that their tiles name


def tile_of(code: str, on: datetime.date) -> tuple[int, int] | None:
    """(column, row) of the province of that code; None before the first day, when there were other provinces."""
    return TILES.get(code) if on >= FIRST_DAY else None
