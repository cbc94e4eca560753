from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from content.people.admin_mixins import ReadOnlyAdminMixin
from content.text.vietnamese import fold
from content.topics.models import Topic


@admin.register(Topic)
class TopicAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """The topics of the codification. Entered by migrations; looked up when documents are filed."""

    list_display = ["shown_number", "shown_name", "shown_subject"]
    list_display_links = ["shown_name"]
    list_select_related = ["parent"]
    list_per_page = 400
    search_fields = ["name"]  # how: get_search_results
    search_help_text = _("Words of the name; accents are optional.")
    readonly_fields = ["shown_number", "shown_name", "shown_subject", "shown_key"]
    change_form_template = "staff/change_form_with_actions.html"  # without a history: topics come with the program
    actions = None

    def get_search_results(self, request, queryset, search_term):
        """A few hundred rows: their names are folded here rather than in a column of their own."""
        words = fold(search_term).split()
        found = [topic.pk for topic in queryset if all(word in fold(str(topic)) for word in words)]
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("number"), ordering="position")
    def shown_number(self, topic):
        return topic.number

    @admin.display(description=_("topic"), ordering="name")
    def shown_name(self, topic):
        return topic.name

    @admin.display(description=_("subject"))
    def shown_subject(self, topic):
        return str(topic.parent) if topic.parent else "—"

    @admin.display(description=_("key"))
    def shown_key(self, topic):
        return topic.key
