"""Records what a person concluded about a document whose legal basis changed."""

from django.db import transaction
from django.utils.translation import gettext as _

from content.documents.models import LegalDocument, StatusEvent
from content.errors import RuleBroken
from content.legal_basis_reviews.models import BasisReview
from content.people import services as people
from content.people.models import User
from content.people.text_input import is_blank


@transaction.atomic
def conclude_legal_basis_review(
    document: LegalDocument, event: StatusEvent, conclusion: str, *, by: User | None
) -> BasisReview:
    """Record that somebody reviewed the document and what they found. Any consequence is entered separately.

    A repeat is a no-op. Raises RuleBroken("reason_required") if the conclusion is empty.
    """
    if is_blank(conclusion):
        raise RuleBroken("reason_required", _("Enter what you found."), field="conclusion")
    review, created = BasisReview.objects.get_or_create(
        document=document, event=event, defaults={"conclusion": conclusion.strip(), "by": by}
    )
    if created:
        people.audit("document.basis_reviewed", document.key, by=by, reason=conclusion.strip(), event=event.pk)
    return review
