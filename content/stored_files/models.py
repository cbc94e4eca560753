"""Files by their content, and smaller pictures made from them. Whose they are is known above."""

from django.db import models
from django.db.models import Q

from content.stored_files.file_types import MediaType


class StoredFile(models.Model):
    """A file by its content. Two materials with the same bytes share one row and one file on the disk."""

    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=40, choices=[(each.value, each.value) for each in MediaType])
    size = models.PositiveBigIntegerField()  # bytes
    width = models.PositiveIntegerField(null=True, blank=True)  # pixels of a picture
    height = models.PositiveIntegerField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)  # of audio and video, where the file tells
    has_text = models.BooleanField(null=True, blank=True)  # of a PDF: whether it has a text layer
    stored_at = models.DateTimeField()  # when somebody last uploaded it, or a material lost it

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="stored_files_have_a_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$"))
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Rendition(models.Model):
    """A smaller picture made from another."""

    original = models.ForeignKey(StoredFile, models.CASCADE, related_name="renditions")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="rendition_of")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="renditions_once", fields=["original", "stored"])]

    def __str__(self) -> str:
        return f"{self.stored_id} of {self.original_id}"
