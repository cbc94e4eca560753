"""The admin of the working-day calendar. Due days of open questions follow its changes."""

from django.contrib import admin
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from content.deadlines.models import CalendarDay
from content.due_days.services import remove_calendar_day, set_calendar_day
from content.people.admin_mixins import SavedByServiceMixin


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
