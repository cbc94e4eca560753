"""Days and times in Vietnam. A day in law, questions and events is a Vietnamese day, whatever zone the server has."""

import datetime
from zoneinfo import ZoneInfo

VIETNAM_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> datetime.date:
    """Today's date in Viet Nam."""
    return datetime.datetime.now(VIETNAM_TIME).date()
