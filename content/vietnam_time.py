"""Days and times in Viet Nam: each day in law, questions and events is a Vietnamese day, whatever the server's zone."""

import datetime
from zoneinfo import ZoneInfo

VIETNAM_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> datetime.date:
    """Today's date in Viet Nam."""
    return datetime.datetime.now(VIETNAM_TIME).date()


def local_iso(moment: datetime.datetime) -> str:
    """The moment in RFC 3339, in Viet Nam time."""
    return moment.astimezone(VIETNAM_TIME).isoformat()
