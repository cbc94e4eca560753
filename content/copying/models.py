"""What the homes of copies sealed, and the files that copies have there."""

from django.db import models

from content.copies import HOME_LENGTH
from content.documents.models import LegalDocument


class HomeSeal(models.Model):
    """The seal with which its home gave the copy that we hold: whoever gets the copy from us can check it."""

    object = models.CharField(max_length=20)  # as the change log says it
    subject = models.CharField(max_length=200)
    home = models.CharField(max_length=HOME_LENGTH)
    record_hash = models.CharField(max_length=64)
    of_change = models.BigIntegerField()  # the line at which the home sealed it, as the home numbers them
    seal = models.TextField(blank=True)
    is_gone = models.BooleanField(default=False)  # the home withdrew it: only what it sealed later comes back

    class Meta:
        constraints = [models.UniqueConstraint(name="home_seals_once", fields=["object", "subject"])]

    def __str__(self) -> str:
        return f"{self.object} {self.subject} of {self.home}"


class CopiedFile(models.Model):
    """A public file that a copied document has at its home. Fetched, it is an original file here too."""

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="copied_files")
    sha256 = models.CharField(max_length=64)  # hex
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    fetched_at = models.DateTimeField(null=True, blank=True)  # null: only at its home yet
    is_ours = models.BooleanField(default=False)  # we had the same bytes before: they stay whatever the home does
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="copied_files_once", fields=["document", "sha256"])]
        indexes = [models.Index("next_try_at", name="copied_files_missing", condition=models.Q(fetched_at=None))]

    def __str__(self) -> str:
        return f"{self.name} of {self.document_id}"
