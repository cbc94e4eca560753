"""The page of the staff site that lists documents whose legal basis changed, and takes the conclusions."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from content.errors import QueryTooSlow, RuleBroken
from content.legal_basis_reviews import queries as legal_basis_reviews
from content.legal_basis_reviews.queries import PendingLegalBasisReview
from content.legal_basis_reviews.services import conclude_legal_basis_review
from content.people.admin_mixins import StaffPageMixin, posted_text, staff_user
from content.vietnam_time import today


class LegalBasisReviewsMixin(StaffPageMixin):
    """The page is one of the admin of amendments: an amendment of the basis is what makes a review due."""

    def get_urls(self) -> list[URLPattern]:
        reviews = path(
            "legal-basis-reviews/",
            self.admin_site.admin_view(self.legal_basis_reviews_view),
            name="content_amendment_legal_basis_reviews",
        )
        return [reviews, *super().get_urls()]

    def legal_basis_reviews_view(self, request: HttpRequest) -> HttpResponse:
        """Documents to review because their legal basis changed. Nothing ends by itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            pending = legal_basis_reviews.pending_legal_basis_reviews(today())
        except QueryTooSlow as refusal:
            return self._try_again(request, refusal)
        if request.method == "POST":
            if not self.has_add_permission(request):
                raise PermissionDenied
            self._conclude(request, pending)
            return HttpResponseRedirect(reverse("admin:content_amendment_legal_basis_reviews"))
        return self.render_page(
            request,
            "legal_basis_reviews",
            _("Documents whose legal basis changed"),
            pending=pending,
            may_conclude=self.has_add_permission(request),
        )

    def _try_again(self, request: HttpRequest, refusal: QueryTooSlow) -> HttpResponse:
        """The page in words, with what was typed: the documents that bind are not known for a moment."""
        title = _("Documents whose legal basis changed")
        typed = request.POST.get("conclusion", "")
        answer = self.render_page(request, "legal_basis_reviews", title, refusal=refusal.message, typed=typed)
        answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return answer

    def _conclude(self, request: HttpRequest, pending: list[PendingLegalBasisReview]) -> None:
        which = request.POST.get("which")
        each = next((each for each in pending if f"{each.document.pk}-{each.event.pk}" == which), None)
        if each is None:
            messages.error(request, _("This document was reviewed already."))
            return
        try:
            conclude_legal_basis_review(
                each.document, each.event, posted_text(request, "conclusion"), by=staff_user(request)
            )
            messages.success(request, _("The conclusion was saved."))
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
