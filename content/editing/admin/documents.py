"""Legal documents on the staff site: the list. The pages of one document are in the views it inherits."""

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from content.documents import queries
from content.documents.models import LegalDocument
from content.editing.admin.correction_views import CorrectionViews
from content.editing.admin.draft_views import DraftViews
from content.editing.admin.filters import IssuerFilter, StatusFilter, TopicFilter, TypeFilter
from content.editing.admin.review_views import ReviewViews
from content.people.admin_mixins import ReadOnlyAdminMixin
from content.publishing import policy


@admin.register(LegalDocument)
class DocumentAdmin(ReadOnlyAdminMixin, DraftViews, ReviewViews, CorrectionViews):
    """Lists legal documents. Texts are written in draft_views; review_views and correction_views publish them.

    Django's stock form edits nothing here, and nothing is deleted: services make every change.
    """

    list_display = ["shown_number", "shown_title", "shown_status", "shown_type", "shown_issuer", "shown_issued_on"]
    list_display_links = ["shown_number", "shown_title"]
    list_filter = [StatusFilter, TypeFilter, IssuerFilter, TopicFilter]
    list_per_page = 50
    search_fields = ["number"]  # how: get_search_results
    search_help_text = _("Words of number or title; accents are optional.")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["staff/documents.css"]}
        js = ["staff/documents.js"]

    def get_urls(self) -> list[URLPattern]:
        return [*self.draft_urls(), *self.correction_urls(), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalDocument]:
        return queries.staff_documents()

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        return ["-updated_at", "-pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[LegalDocument], search_term: str
    ) -> tuple[QuerySet[LegalDocument], bool]:
        return queries.documents_matching_words(queryset, search_term.replace("\0", "")), False

    def has_view_permission(self, request: HttpRequest, obj: LegalDocument | None = None) -> bool:
        return policy.may_read(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    @admin.display(description=_("Number"), ordering="number_key")
    def shown_number(self, document: LegalDocument) -> str:
        return document.number or "—"

    @admin.display(description=_("Title"), ordering="title")
    def shown_title(self, document: LegalDocument) -> str:
        return document.title

    @admin.display(description=_("Status"), ordering="status")
    def shown_status(self, document: LegalDocument) -> str:
        mark = _("corrected") if document.corrected_at and document.is_published else ""
        return format_html(
            '<span class="badge badge-{}">{}</span> {}', document.status, document.get_status_display(), mark
        )

    @admin.display(description=_("Type"), ordering="doc_type")
    def shown_type(self, document: LegalDocument) -> str:
        return document.get_doc_type_display()

    @admin.display(description=_("Issuing body"), ordering="issuer__name")
    def shown_issuer(self, document: LegalDocument) -> str:
        return str(document.issuer or document.commune_name or "—")

    @admin.display(description=_("Issued on"), ordering="issued_on")
    def shown_issued_on(self, document: LegalDocument) -> str:
        return date_format(document.issued_on, "d/m/Y") if document.issued_on else "—"
