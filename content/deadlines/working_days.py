"""Working days: Monday to Friday except holidays, and the Saturdays worked in place of another day off.

Holidays: Labour Code 45/2019/QH14 Art. 112; swapped days are announced each year. Both are rows of CalendarDay.
"""

import datetime
from collections.abc import Mapping

ONE_DAY = datetime.timedelta(days=1)


def is_working_day(day: datetime.date, exceptions: Mapping[datetime.date, bool]) -> bool:
    """`exceptions`: {day: whether it is a working day} for days that differ from their weekday."""
    return exceptions.get(day, day.weekday() < 5)


def due_day(start: datetime.date, working_days: int, exceptions: Mapping[datetime.date, bool]) -> datetime.date:
    """The last of that many working days after `start`, which is not counted (Civil Code 2015, Art. 147(2))."""
    day = start
    while working_days:
        day += ONE_DAY
        working_days -= is_working_day(day, exceptions)
    return day


def working_days_until(day: datetime.date, today: datetime.date, exceptions: Mapping[datetime.date, bool]) -> int:
    """Working days from `today` to `day`; negative if `day` is past."""
    step = 1 if day >= today else -1
    count, at = 0, today
    while at != day:
        at += step * ONE_DAY
        count += step * is_working_day(at, exceptions)
    return count
