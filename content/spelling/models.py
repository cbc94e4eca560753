"""How Vietnamese words are written with accents, learned from our own texts."""

from django.db import models


class Spelling(models.Model):
    """One row: how words are written with accents, and which occur side by side. See content.text.accents."""

    forms = models.TextField()  # separated by spaces
    times = models.BinaryField()
    pairs = models.BinaryField()
    together = models.BinaryField()
    learnt_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.learnt_at}"
