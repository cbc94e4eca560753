"""Days as acts write them: «ngày 01 tháng 7 năm 2026», «ngày 01/7/2026»."""

import datetime
import re

from content.law.lexer.document_words import DAY, date_of

DATE = rf"{DAY}(?!\d)"

_UNTIL_END_OF = re.compile(rf"\s*,?\s*(?:cho\s+)?(?:đến|tới)\s+hết\s+{DATE}", re.IGNORECASE)
ONE_DAY = datetime.timedelta(days=1)


def day_after_last(words: str) -> tuple[datetime.date | None, str]:
    """(the day after that of «đến hết ngày …» with which the words begin, what is behind); None if they do not."""
    last = _UNTIL_END_OF.match(words)
    day = date_of(last.groups()) if last else None
    return (day + ONE_DAY, words[last.end() :]) if last and day else (None, words)
