"""Times as people announce them: «24h00 ngày 15/7» is 00:00 on 16 July, in Viet Nam."""

import datetime
import re
import unicodedata

from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.vietnam_time import VIETNAM_TIME

_TIME = re.compile(r"([0-9]{1,2})(?::|h|g|giờ)([0-9]{2})?(?:phút|ph|p)?")
DAY = datetime.timedelta(days=1)


def moment_of(day: datetime.date, time: str, *, field: str | None = None) -> datetime.datetime:
    """The instant of a day and a time as people type it: «7:30», «7h30», «24h00», «24 giờ».

    Raises RuleBroken("invalid_time") for what is no time of a day.
    """
    found = _TIME.fullmatch("".join(unicodedata.normalize("NFKC", time).casefold().split()))
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (-1, 0)
    if not (0 <= hour <= 23 and minute <= 59) and (hour, minute) != (24, 0):
        raise RuleBroken("invalid_time", _("Enter a time from 00:00 to 24:00."), field=field)
    midnight = datetime.datetime.combine(day, datetime.time(), VIETNAM_TIME)
    return midnight + datetime.timedelta(hours=hour, minutes=minute)


def start_in_words(moment: datetime.datetime) -> str:
    """«07h30 15/07/2026», in Viet Nam time."""
    return f"{moment.astimezone(VIETNAM_TIME):%Hh%M %d/%m/%Y}"


def end_in_words(moment: datetime.datetime) -> str:
    """As `start_in_words`, but midnight is the end of the day before: «24h00 15/07/2026»."""
    local = moment.astimezone(VIETNAM_TIME)
    return f"24h00 {local - DAY:%d/%m/%Y}" if local.time() == datetime.time() else start_in_words(moment)
