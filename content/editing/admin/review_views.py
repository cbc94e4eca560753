"""The page of a document with its tree, description and history, and a page for each transition."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from content.documents import provision_queries, queries
from content.documents.models import LegalDocument
from content.editing import services as editing
from content.editing.admin.audit_history import audit_rows_of
from content.editing.admin.descriptions import labelled_description, record_of_description
from content.editing.admin.draft_views import labelled_odd_dates, labelled_warnings
from content.editing.admin.review_forms import AcceptanceForm, PublishForm, ReturnForm, WithdrawForm
from content.editing.admin.warnings import shown_warnings
from content.editing.preview import preview_of_text
from content.people.admin_mixins import Context, HistoryOnPageMixin
from content.people.transition_pages import TransitionPage, TransitionViewsMixin
from content.publishing import document_text, policy, services
from content.publishing.heavy_notices import heavy_notices
from content.publishing.states import TABLE, DocumentTransition

TRANSITION_PAGES: dict[str, TransitionPage] = {
    DocumentTransition.SUBMIT_FOR_REVIEW: TransitionPage(
        editing.submit_for_review,
        _("Submit for review"),
        _("Submitted for review."),
        _("Another person reads it, then publishes it or returns it to you."),
        AcceptanceForm,
    ),
    DocumentTransition.RETURN_TO_DRAFT: TransitionPage(
        editing.return_to_draft,
        _("Return to draft"),
        _("Returned to draft."),
        _("The author can write on it again. Say what is missing."),
        ReturnForm,
    ),
    DocumentTransition.PUBLISH: TransitionPage(
        services.publish,
        _("Publish"),
        _("Published."),
        _("Everybody can read it from now on, at a permanent address."),
        PublishForm,
    ),
    DocumentTransition.WITHDRAW: TransitionPage(
        editing.withdraw_document,
        _("Withdraw"),
        _("Withdrawn."),
        _(
            "Nobody can read it any more. Its address stays and shows the reason. The documents that it amended have "
            "their earlier text again. This cannot be undone."
        ),
        WithdrawForm,
        is_grave=True,
    ),
}


class ReviewViews(HistoryOnPageMixin, TransitionViewsMixin):
    """Part of the admin of documents."""

    row_name = "document"
    transition_table, transition_pages, transition_policy = TABLE, TRANSITION_PAGES, policy
    refusal_as_message = True

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A document. Nothing is edited here; each transition has a page of its own."""
        document = self.get_row(request, object_id)
        if not policy.may_read(request.user):
            raise PermissionDenied
        description = queries.described_fields(document)
        available = policy.available_transitions(request.user, document)
        return self.render_page(
            request,
            "document",
            document.title,
            document=document,
            description=labelled_description(description),
            **_warnings_of(document),
            transitions=self.offered_pages(request.user, document),
            may_rewrite=DocumentTransition.DRAFT in available or DocumentTransition.CORRECT in available,
            proposal=document.revisions.filter(proposed_at__isnull=False).select_related("by").first(),
            history=audit_rows_of(document),
        )

    def transition_context(self, request: HttpRequest, name: str, row: Any) -> dict[str, Any]:
        """All warnings about the document, as on its own page: whoever submits or publishes it sees them."""
        if name not in (DocumentTransition.SUBMIT_FOR_REVIEW, DocumentTransition.PUBLISH):
            return {}
        shown = _warnings_of(row)
        return shown | {"lines_page": reverse("admin:content_legaldocument_change", args=[row.pk])}


def _warnings_of(document: LegalDocument) -> dict[str, Any]:
    """The preview of a document, and the warnings of its dates, its source and its text."""
    text = "".join(provision_queries.imported_texts(document).values())
    shown = preview_of_text(
        text, document_text.text_of_partial_document(document).structure if document.is_partial else None
    )
    parsed = {warning.code for warning in shown.warnings}
    notes = [each for each in document.warnings if each["code"] not in parsed]
    record = record_of_description(queries.described_fields(document))
    odd = labelled_odd_dates(record) if document.published_at else labelled_warnings(record)
    return shown_warnings(shown, notes, odd, heavy_notices(document), text)
