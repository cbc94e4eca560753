from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from content.people.admin_mixins import ReadOnlyAdminMixin
from content.text.vietnamese import fold
from content.topics.models import Topic


@admin.register(Topic)
class TopicAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """The topics of the codification, which migrations create."""

    list_display = ["shown_number", "shown_name", "shown_subject"]
    list_display_links = ["shown_name"]
    list_select_related = ["parent"]
    list_per_page = 400
    search_fields = ["name"]  # how: get_search_results
    search_help_text = _("Words of the name; accents are optional.")
    readonly_fields = ["shown_number", "shown_name", "shown_subject", "shown_key"]
    change_form_template = "staff/change_form_with_actions.html"  # without a history: nobody edits topics
    actions = None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Topic], search_term: str
    ) -> tuple[QuerySet[Topic], bool]:
        """Match names without accents. There are a few hundred rows, so no column stores the folded names."""
        words = fold(search_term).split()
        found = [topic.pk for topic in queryset if all(word in fold(str(topic)) for word in words)]
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("number"), ordering="position")
    def shown_number(self, topic: Topic) -> str:
        return topic.number

    @admin.display(description=_("topic"), ordering="name")
    def shown_name(self, topic: Topic) -> str:
        return topic.name

    @admin.display(description=_("parent subject"))
    def shown_subject(self, topic: Topic) -> str:
        return str(topic.parent) if topic.parent else "—"

    @admin.display(description=_("key"))
    def shown_key(self, topic: Topic) -> str:
        return topic.key
