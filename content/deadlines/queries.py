"""The rule of a topic, and the calendar."""

import datetime

from content.deadlines.models import CalendarDay, DeadlineRule
from content.topics.models import Topic

DEFAULT_WORKING_DAYS = 15  # without a rule for the topic


def working_days_for(topic: Topic | None) -> int:
    """Working days by the rule of the topic, else of the topic above, else of all others."""
    rules = dict(DeadlineRule.objects.values_list("topic", "working_days"))
    keys = [topic.pk, topic.parent_id, None] if topic else [None]
    return next((rules[key] for key in keys if key in rules), DEFAULT_WORKING_DAYS)


def calendar_exceptions() -> dict[datetime.date, bool]:
    """{day: whether it is a working day} for days that differ from their weekday."""
    return dict(CalendarDay.objects.values_list("day", "is_working"))
