"""Filters of the document list. Each offers only values that occur, most of them with their number."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from content.documents import queries
from content.documents.models import LegalDocument
from content.editing import revisions
from content.law.doc_types import DocType
from content.organisations.models import Organisation
from content.topics import queries as topics
from content.topics.models import Topic


def _counted_choices(names: Iterable[tuple[Any, Any]], counts: Mapping[Any, int]) -> list[tuple[Any, str]]:
    """[(value, «name (number)»)] of the names that occur in `counts`."""
    return [(value, f"{name} ({counts[value]})") for value, name in names if counts.get(value)]


class StatusFilter(admin.SimpleListFilter):
    title = _("Status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        counts = LegalDocument.objects.aggregate(
            **{status: Count("pk", filter=Q(status=status)) for status in LegalDocument.Status.values},
            corrected=Count("pk", filter=Q(corrected_at__isnull=False)),
        )
        counts["proposed"] = revisions.proposed_corrections().count()
        more = [("corrected", _("Corrected after publication")), ("proposed", _("Correction to confirm"))]
        return _counted_choices([*LegalDocument.Status.choices, *more], counts)

    def queryset(self, request: HttpRequest, queryset: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
        if self.value() == "corrected":
            return queryset.filter(corrected_at__isnull=False)
        if self.value() == "proposed":
            return queryset.filter(pk__in=revisions.proposed_corrections().values("document"))
        return queryset.filter(status=self.value()) if self.value() else queryset


class TypeFilter(admin.SimpleListFilter):
    title = _("Type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        rows = LegalDocument.objects.order_by().values_list("doc_type").annotate(Count("pk"))
        return _counted_choices(DocType.choices, dict(rows))

    def queryset(self, request: HttpRequest, queryset: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
        return queryset.filter(doc_type=self.value()) if self.value() else queryset


class IssuerFilter(admin.SimpleListFilter):
    title = _("Issuing body")
    parameter_name = "issuer"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        rows = LegalDocument.objects.order_by().values_list("issuer__key").annotate(Count("pk"))
        return _counted_choices(Organisation.objects.values_list("key", "name"), dict(rows))

    def queryset(self, request: HttpRequest, queryset: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
        return queryset.filter(issuer__key=self.value()) if self.value() else queryset


class TopicFilter(admin.SimpleListFilter):
    """Filters by subject, its headings included."""

    title = _("Topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[Any, str]]:
        filed = LegalDocument.topics.through.objects.values("topic")
        used = set(Topic.objects.filter(Q(pk__in=filed) | Q(children__in=filed)).values_list("pk", flat=True))
        return [(topic.key, str(topic)) for topic in topics.subjects() if topic.pk in used]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LegalDocument]) -> QuerySet[LegalDocument]:
        if not self.value():
            return queryset
        return queries.documents_under_topics(queryset, Topic.objects.filter(key=self.value()))
