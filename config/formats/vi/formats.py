"""Days and times in lists, short and with the clock first; Django's own take a line each."""

DATE_FORMAT = SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "H:i:s d/m/Y"
TIME_FORMAT = "H:i:s"
