"""Within how many working days questions are answered, and which days are worked: facts that administrators keep."""

from django.db import transaction
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.people import services as people
from content.qa import deadlines, queries
from content.qa.models import CalendarDay, DeadlineRule, Question
from content.qa.services import transitions

MAX_WORKING_DAYS = 250  # about a year


@transaction.atomic
def set_deadline_rule(topic, working_days, *, by, rule=None):
    """Set the rule of a subject (None: of all others). `rule`: the one that is changed. Returns the rule.

    Holds for what is asked, filed or opened again from now on: what was promised stands. Raises RuleBroken("working_days_out_of_range",
    "already_exists"), NotAllowed.
    """
    _require_permission(by, f"{'change' if rule else 'add'}_deadlinerule")
    if not 1 <= working_days <= MAX_WORKING_DAYS:
        raise RuleBroken(
            "working_days_out_of_range", _("From 1 to %d working days.") % MAX_WORKING_DAYS, field="working_days"
        )
    if DeadlineRule.objects.filter(topic=topic).exclude(pk=rule and rule.pk).exists():
        raise RuleBroken("already_exists", _("There is a rule for that already."), field="topic")
    was = rule and DeadlineRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    rule = was or DeadlineRule()
    before, rule.topic, rule.working_days = rule.working_days, topic, working_days
    rule.save()
    people.audit("deadline.set", _rule_audit_subject(topic), by=by, before=before, working_days=working_days)
    return rule


@transaction.atomic
def remove_deadline_rule(rule, *, by):
    """The subject follows the rule of all others again. Raises RuleBroken("default_rule_required") for that one, NotAllowed."""
    _require_permission(by, "delete_deadlinerule")
    if rule.topic is None:
        raise RuleBroken("default_rule_required", _("The rule for all others stays; change it instead."))
    people.audit("deadline.removed", _rule_audit_subject(rule.topic), by=by, before=rule.working_days)
    rule.delete()


@transaction.atomic
def set_calendar_day(day, *, is_working, name, source, by, is_provisional=False, row=None):
    """Say that a day is not what its weekday says. `row`: the one that is changed. Returns the row.

    Whoever waits gets their last day anew: as many working days as they were promised. Raises RuleBroken
    ("no_change", "already_exists"), NotAllowed.
    """
    _require_permission(by, f"{'change' if row else 'add'}_calendarday")
    if is_working == (day.weekday() < 5):
        raise RuleBroken("no_change", _("That is what the day of the week says already."), field="is_working")
    if CalendarDay.objects.filter(day=day).exclude(pk=row and row.pk).exists():
        raise RuleBroken("already_exists", _("The day stands in the calendar already."), field="day")
    before, row = queries.calendar_exceptions(), row or CalendarDay()
    row.day, row.is_working, row.name, row.source = day, is_working, name, source
    row.is_provisional = is_provisional
    row.save()
    people.audit("calendar.set", str(day), by=by, is_working=is_working, source=source, provisional=is_provisional)
    _recompute_due_days(before)
    return row


@transaction.atomic
def remove_calendar_day(row, *, by):
    """The day is again what its weekday says; last days are counted anew. Raises NotAllowed."""
    _require_permission(by, "delete_calendarday")
    before = queries.calendar_exceptions()
    people.audit("calendar.removed", str(row.day), by=by, is_working=row.is_working, source=row.source)
    row.delete()
    _recompute_due_days(before)


def _require_permission(by, permission):
    if not by.has_perm(f"content.{permission}"):
        raise transitions.NotAllowed("not_allowed", _("You do not keep the calendar."))


def _rule_audit_subject(topic):
    return f"deadline:{topic.key if topic else '*'}"


def _recompute_due_days(before):
    """Each open question keeps the number of working days it had, under the calendar as it is now."""
    now = queries.calendar_exceptions()
    waiting = Question.objects.select_for_update(no_key=True).filter(due_on__isnull=False).order_by("pk")
    for question in waiting:
        since = queries.clock_started_on(question)
        days = deadlines.working_days_until(question.due_on, since, before)
        due_on = deadlines.due_day(since, days, now)
        if due_on != question.due_on:
            Question.objects.filter(pk=question.pk).update(due_on=due_on)
