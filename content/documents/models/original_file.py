"""The files a document was imported from, byte for byte."""

from django.db import models

from content.documents.models.document import LegalDocument


class OriginalFile(models.Model):
    """A file a document was imported from, byte for byte. Each further file of the same document is another row."""

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="original_files")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)  # hex
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="original_files_once", fields=["document", "sha256"])]

    def __str__(self) -> str:
        return self.name
