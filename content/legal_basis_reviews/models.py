"""Reviews of documents whose legal basis was amended or lost effect."""

from django.conf import settings
from django.db import models

from content.documents.models import LegalDocument, StatusEvent


class BasisReview(models.Model):
    """A person's conclusion whether a document still holds after its legal basis was amended or lost effect.

    Law 64/2025/QH15 Art. 57(2): the document holds as far as it is not contrary, so nothing ends by itself and people
    check. Not to be confused with `content.basis`, which records the provisions that our own content cites.
    """

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="basis_reviews")
    event = models.ForeignKey(StatusEvent, models.CASCADE, related_name="basis_reviews")
    conclusion = models.TextField()  # in the reviewer's words
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="basis_reviews_once", fields=["document", "event"])]

    def __str__(self) -> str:
        return f"{self.document_id} after {self.event_id}"
