"""The admin of deadline rules."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.deadlines.models import DeadlineRule
from content.deadlines.services import remove_deadline_rule, set_deadline_rule
from content.people.admin_mixins import SavedByServiceMixin


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
