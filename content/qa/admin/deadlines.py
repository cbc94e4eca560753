"""The admins of deadline rules and of the working-day calendar."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from content.people.admin_mixins import SavedByServiceMixin
from content.qa.models import CalendarDay, DeadlineRule
from content.qa.services import remove_calendar_day, remove_deadline_rule, set_calendar_day, set_deadline_rule


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(SavedByServiceMixin):
    """Working days until an answer is due. The rule without a topic applies to all other topics."""

    list_display = ["shown_topic", "working_days"]
    list_select_related = ["topic"]
    fields = ["topic", "working_days"]
    ordering = ["topic__position"]
    save_service, delete_service = staticmethod(set_deadline_rule), staticmethod(remove_deadline_rule)
    row_argument = "rule"
    explanation = _(
        "A rule applies to questions asked, classified or reopened from now on. "
        "Without a topic it applies to all other topics."
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "topic":
            field.widget = field.widget.widget  # without links to add or change topics: they come with the program
        return field

    @admin.display(description=_("Topic"))
    def shown_topic(self, rule: DeadlineRule) -> str | Promise:
        return str(rule.topic) if rule.topic else _("all others")


@admin.register(CalendarDay)
class CalendarDayAdmin(SavedByServiceMixin):
    """Working Saturdays and Sundays, and days off from Monday to Friday."""

    list_display = ["day", "name", "shown_working", "shown_certainty", "source"]
    list_filter = ["is_provisional", "is_working"]
    fields = ["day", "is_working", "name", "source", "is_provisional"]
    date_hierarchy = "day"
    ordering = ["-day"]
    save_service, delete_service = staticmethod(set_calendar_day), staticmethod(remove_calendar_day)
    row_argument = "row"
    explanation = _(
        "Holidays, and Saturdays worked in place of another day off. Provisional days were entered before the official "
        "announcement: compare them with it. A change recomputes the due days of all open questions."
    )

    @admin.display(description=_("Working day"), ordering="is_working")
    def shown_working(self, day: CalendarDay) -> str | Promise:
        return _("yes") if day.is_working else "—"

    @admin.display(description=_("Certainty"), ordering="is_provisional")
    def shown_certainty(self, day: CalendarDay) -> str:
        return format_html('<span class="is-provisional">{}</span>', _("provisional")) if day.is_provisional else ""
