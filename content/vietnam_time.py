"""Days and times in Viet Nam: each day in law, questions and events is a Vietnamese day, whatever the server's zone."""

import datetime
from zoneinfo import ZoneInfo

VIETNAM_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> datetime.date:
    """Today's date in Viet Nam."""
    return datetime.datetime.now(VIETNAM_TIME).date()
