"""Which content leans on which provision, as read on which day, and what changed since.

An answer has a basis; quiz questions and materials will have one too. The basis knows none of them.
"""

from django.db import models
from django.db.models import Q

from content.changes.models import Change
from content.documents.models import LegalDocument


class Basis(models.Model):
    """The provisions that one piece of content leans on."""

    read_on = models.DateField()  # the day whose law the content speaks of; a re-confirmation moves it

    def __str__(self):
        return f"basis {self.pk} as of {self.read_on}"


class Citation(models.Model):
    """One provision of a basis. It is kept by keys, since a provision, or a sample, may be gone tomorrow."""

    basis = models.ForeignKey(Basis, models.CASCADE, related_name="citations")
    document = models.ForeignKey(LegalDocument, models.SET_NULL, null=True, blank=True, related_name="cited_by")
    document_key = models.CharField(max_length=160)
    eid = models.CharField(max_length=120, blank=True)  # empty: the document as a whole
    words = models.TextField()  # how it was cited that day: «khoản 1 Điều 2 Luật Mẫu»
    text_hash = models.CharField(max_length=64)  # SHA-256 of what it said that day, with all under it

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="citations_once", fields=["basis", "document_key", "eid"])]
        indexes = [models.Index(fields=["document_key", "eid"], name="citations_of_a_provision")]

    def __str__(self):
        return f"{self.document_key} {self.eid}".strip()


class BasisChange(models.Model):
    """The day-book names what a basis leans on: somebody must look whether the content still holds."""

    basis = models.ForeignKey(Basis, models.CASCADE, related_name="changes")
    change = models.ForeignKey(Change, models.CASCADE, related_name="+")
    eids = models.JSONField(default=list)  # those of the basis that it touches
    noted_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)  # null: nobody has looked yet

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="basis_changes_once", fields=["basis", "change"])]
        indexes = [models.Index("basis", condition=Q(settled_at=None), name="basis_changes_unsettled")]

    def __str__(self):
        return f"{self.basis_id} since {self.change_id}"
