"""Permanent addresses: stored when a document is published, and kept for ever."""

from django.db import models
from django.db.models import Q

from content.documents.models import LegalDocument
from content.permanent_addresses.paths import Scheme


class Address(models.Model):
    """A path that means one document, also after its number was corrected or it was withdrawn.

    A trigger refuses to change a row, and to delete one of a document that is no sample: what a path means never
    changes. A document may have several of one scheme; the last one is what it is called now.
    """

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="permanent_addresses")
    scheme = models.CharField(max_length=3, choices=[(each.value, each.value) for each in Scheme])
    path = models.CharField(max_length=320)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="addresses_mean_one_document", fields=["path"]),
            models.CheckConstraint(
                name="addresses_are_of_their_scheme",
                condition=Q(scheme="akn", path__startswith="/akn/vn") | Q(scheme="eli", path__startswith="/eli/vn"),
            ),
        ]

    def __str__(self) -> str:
        return self.path
