"""Working days: Monday to Friday without holidays, and the Saturdays that are worked for a day given off.

Holidays: Labour Code 45/2019/QH14 Art. 112; swapped days are announced each year. Both are rows, see CalendarDay.
"""

import datetime

ONE_DAY = datetime.timedelta(days=1)


def is_working_day(day, exceptions):
    """`exceptions`: {day: whether it is worked} of days that are not what their weekday says."""
    return exceptions.get(day, day.weekday() < 5)


def due_day(start, working_days, exceptions):
    """The last of that many working days after `start`, which does not count itself (Civil Code 2015, Art. 147(2))."""
    day = start
    while working_days:
        day += ONE_DAY
        working_days -= is_working_day(day, exceptions)
    return day


def working_days_until(day, today, exceptions):
    """How many working days are left until `day` counts as past; negative once it is."""
    step = 1 if day >= today else -1
    count, at = 0, today
    while at != day:
        at += step * ONE_DAY
        count += step * is_working_day(at, exceptions)
    return count
