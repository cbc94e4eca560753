"""Days as acts write them: «ngày 01 tháng 7 năm 2026», «ngày 01/7/2026»."""

import datetime
import re
from collections.abc import Iterable

FIRST_YEAR, LAST_YEAR = 1900, 2200
DATE = r"ngày\s+(?:m[ùồ]ng\s+)?(\d{1,2})(?:\s+tháng\s+|\s?[/.-]\s?)(\d{1,2})(?:,?\s+năm\s+|\s?[/.-]\s?)(\d{4})(?!\d)"

_UNTIL_END_OF = re.compile(rf"\s*,?\s*(?:cho\s+)?(?:đến|tới)\s+hết\s+{DATE}", re.IGNORECASE)
ONE_DAY = datetime.timedelta(days=1)


def date_of(parts: Iterable[str]) -> datetime.date | None:
    """The day; None if there is no such day (the 30th of February), or no law has it (a slip of the pen)."""
    day, month, year = map(int, parts)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def day_after_last(words: str) -> datetime.date | None:
    """The day after that of «đến hết ngày …» with which the words begin; None if they begin otherwise."""
    last = _UNTIL_END_OF.match(words)
    day = date_of(last.groups()) if last else None
    return day + ONE_DAY if day else None
