"""How the list of documents is narrowed."""

from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from content.documents import queries
from content.documents.models import LegalDocument
from content.topics import queries as topics
from content.topics.models import Topic


class StateFilter(admin.SimpleListFilter):
    title = _("State")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        counts = LegalDocument.objects.aggregate(
            **{state: Count("pk", filter=Q(state=state)) for state in LegalDocument.State.values},
            corrected=Count("pk", filter=Q(corrected_at__isnull=False)),
        )
        names = [*LegalDocument.State.choices, ("corrected", _("Corrected after publication"))]
        return [(state, f"{label} ({counts[state]})") for state, label in names]

    def queryset(self, request, queryset):
        if self.value() == "corrected":
            return queryset.filter(corrected_at__isnull=False)
        return queryset.filter(state=self.value()) if self.value() else queryset


class SubjectFilter(admin.SimpleListFilter):
    """By subject, its headings included."""

    title = _("Topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return [(topic.key, str(topic)) for topic in topics.subjects()]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queries.filed_under(queryset, Topic.objects.filter(key=self.value()))
