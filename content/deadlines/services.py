"""Deadline rules and the working-day calendar, which administrators maintain."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from content.deadlines.models import CalendarDay, DeadlineRule
from content.errors import NotAllowed, RuleBroken
from content.people import services as people
from content.people.models import User
from content.topics.models import Topic

MAX_WORKING_DAYS = 250  # about a year


@transaction.atomic
def set_deadline_rule(
    topic: Topic | None, working_days: int, *, by: User, rule: DeadlineRule | None = None
) -> DeadlineRule:
    """Set the rule of a topic (None: of all other topics). `rule` is the one to change. Returns the rule.

    It applies to questions asked, classified or reopened from now on; due days already set stay. Raises RuleBroken(
    "working_days_out_of_range", "already_exists"), NotAllowed.
    """
    _require_permission(by, f"{'change' if rule else 'add'}_deadlinerule")
    if not 1 <= working_days <= MAX_WORKING_DAYS:
        raise RuleBroken(
            "working_days_out_of_range", _("Enter 1 to %d working days.") % MAX_WORKING_DAYS, field="working_days"
        )
    if DeadlineRule.objects.filter(topic=topic).exclude(pk=rule.pk if rule else 0).exists():
        raise RuleBroken("already_exists", _("A rule for this topic already exists. Change that one."), field="topic")
    was = rule and DeadlineRule.objects.select_for_update(no_key=True, of=("self",)).get(pk=rule.pk)
    rule = was or DeadlineRule()
    before, rule.topic, rule.working_days = rule.working_days, topic, working_days
    rule.save()
    people.audit("deadline.set", _rule_audit_subject(topic), by=by, before=before, working_days=working_days)
    return rule


@transaction.atomic
def remove_deadline_rule(rule: DeadlineRule, *, by: User) -> None:
    """Delete the rule of a topic: the default rule applies to it again.

    Raises RuleBroken("default_rule_required") for the default rule itself, NotAllowed.
    """
    _require_permission(by, "delete_deadlinerule")
    if rule.topic is None:
        raise RuleBroken("default_rule_required", _("The default rule cannot be removed. Change it instead."))
    people.audit("deadline.removed", _rule_audit_subject(rule.topic), by=by, before=rule.working_days)
    rule.delete()


@transaction.atomic
def set_calendar_day(
    day: datetime.date,
    *,
    is_working: bool,
    name: str,
    source: str,
    by: User,
    is_provisional: bool = False,
    row: CalendarDay | None = None,
) -> CalendarDay:
    """Enter a day that differs from its weekday. `row` is the one to change. Returns the row.

    Raises RuleBroken("no_change", "already_exists"), NotAllowed.
    """
    _require_permission(by, f"{'change' if row else 'add'}_calendarday")
    if is_working == (day.weekday() < 5):
        raise RuleBroken(
            "no_change", _("The day of the week already says so. Enter only days that differ."), field="is_working"
        )
    if CalendarDay.objects.filter(day=day).exclude(pk=row.pk if row else 0).exists():
        raise RuleBroken("already_exists", _("This day is already in the calendar. Change that entry."), field="day")
    row = row or CalendarDay()
    row.day, row.is_working, row.name, row.source = day, is_working, name, source
    row.is_provisional = is_provisional
    row.save()
    people.audit("calendar.set", str(day), by=by, is_working=is_working, source=source, provisional=is_provisional)
    return row


@transaction.atomic
def remove_calendar_day(row: CalendarDay, *, by: User) -> None:
    """Remove the day from the calendar. Raises NotAllowed."""
    _require_permission(by, "delete_calendarday")
    people.audit("calendar.removed", str(row.day), by=by, is_working=row.is_working, source=row.source)
    row.delete()


def _require_permission(by: User, permission: str) -> None:
    if not by.has_perm(f"content.{permission}"):
        raise NotAllowed("not_allowed", _("You are not allowed to change deadlines and the calendar."))


def _rule_audit_subject(topic: Topic | None) -> str:
    return f"deadline:{topic.key if topic else '*'}"
