"""Days as acts write them: «ngày 01 tháng 7 năm 2026», «ngày 01/7/2026»."""

import datetime
import re

from content.law.lexer.document_words import date_of

DATE = r"ngày\s+(?:m[ùồ]ng\s+)?(\d{1,2})(?:\s+tháng\s+|\s?[/.-]\s?)(\d{1,2})(?:,?\s+năm\s+|\s?[/.-]\s?)(\d{4})(?!\d)"

_UNTIL_END_OF = re.compile(rf"\s*,?\s*(?:cho\s+)?(?:đến|tới)\s+hết\s+{DATE}", re.IGNORECASE)
ONE_DAY = datetime.timedelta(days=1)


def day_after_last(words: str) -> datetime.date | None:
    """The day after that of «đến hết ngày …» with which the words begin; None if they begin otherwise."""
    last = _UNTIL_END_OF.match(words)
    day = date_of(last.groups()) if last else None
    return day + ONE_DAY if day else None
