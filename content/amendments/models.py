from django.conf import settings
from django.db import models

from content.documents.models import LegalDocument, StatusEvent


class BasisReview(models.Model):
    """Somebody looked whether a document still holds after something happened to one it rests on.

    Law 64/2025/QH15 Art. 57(2): it holds where it is not contrary, so nothing ends by itself and people look.
    """

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="basis_reviews")
    event = models.ForeignKey(StatusEvent, models.CASCADE, related_name="basis_reviews")
    conclusion = models.TextField()  # in the reviewer's words
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="basis_reviews_once", fields=["document", "event"])]

    def __str__(self):
        return f"{self.document_id} after {self.event_id}"
