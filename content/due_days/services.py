"""Changes of the working-day calendar: the due days of open questions follow."""

import datetime
from typing import Any

from django.db import transaction

from content.deadlines import queries as deadlines
from content.deadlines import services, working_days
from content.deadlines.models import CalendarDay
from content.people.models import User
from content.qa import queries
from content.qa.models import Question


@transaction.atomic
def set_calendar_day(day: datetime.date, *, by: User, **columns: Any) -> CalendarDay:
    """As `deadlines.services.set_calendar_day`. Each open question keeps its number of working days."""
    before = deadlines.calendar_exceptions()
    row = services.set_calendar_day(day, by=by, **columns)
    _recompute_due_days(before)
    return row


@transaction.atomic
def remove_calendar_day(row: CalendarDay, *, by: User) -> None:
    """As `deadlines.services.remove_calendar_day`. Each open question keeps its number of working days."""
    before = deadlines.calendar_exceptions()
    services.remove_calendar_day(row, by=by)
    _recompute_due_days(before)


def _recompute_due_days(before: dict[datetime.date, bool]) -> None:
    now = deadlines.calendar_exceptions()
    open_questions = Question.objects.select_for_update(no_key=True).filter(due_on__isnull=False).order_by("pk")
    for question in open_questions:
        since = queries.clock_started_on(question)
        days = working_days.working_days_until(question.due_on, since, before)  # type: ignore[arg-type]
        due_on = working_days.due_day(since, days, now)
        if due_on != question.due_on:
            Question.objects.filter(pk=question.pk).update(due_on=due_on)
