"""Which provisions a piece of content cites, on which day they were read, and what changed since.

An answer has a basis; quiz questions and materials will have one too. The basis does not know whose it is.
"""

from django.db import models
from django.db.models import Q

from content.changes.models import Change
from content.documents.models import LegalDocument


class Basis(models.Model):
    """The provisions that one piece of content cites."""

    read_on = models.DateField()  # the day whose law was read; confirming the content moves it

    def __str__(self) -> str:
        return f"basis {self.pk} as of {self.read_on}"

    unsettled: "list[BasisChange]"  # set by qa.queries.with_current_answer


class Citation(models.Model):
    """One cited provision. It is stored by keys, because a provision or a sample may be deleted."""

    basis = models.ForeignKey(Basis, models.CASCADE, related_name="citations")
    document = models.ForeignKey(LegalDocument, models.SET_NULL, null=True, blank=True, related_name="cited_by")
    document_key = models.CharField(max_length=160)
    eid = models.CharField(max_length=120, blank=True)  # empty: the document as a whole
    words = models.TextField()  # its citation on that day: «khoản 1 Điều 2 Luật Mẫu»
    text_hash = models.CharField(max_length=64)  # SHA-256 of its text on that day, with all units under it

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="citations_once", fields=["basis", "document_key", "eid"])]
        indexes = [models.Index(fields=["document_key", "eid"], name="citations_of_a_provision")]

    def __str__(self) -> str:
        return f"{self.document_key} {self.eid}".strip()


class BasisChange(models.Model):
    """A change of a cited provision: somebody must review whether the content is still correct."""

    basis = models.ForeignKey(Basis, models.CASCADE, related_name="changes")
    change = models.ForeignKey(Change, models.CASCADE, related_name="+")
    eids = models.JSONField(default=list)  # those cited provisions that it touches
    noted_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)  # null: not reviewed yet

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="basis_changes_once", fields=["basis", "change"])]
        indexes = [models.Index("basis", condition=Q(settled_at=None), name="basis_changes_unsettled")]

    def __str__(self) -> str:
        return f"{self.basis_id} since {self.change_id}"
