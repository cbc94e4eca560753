"""The glossary: terms that «Giải thích từ ngữ» articles define."""

from django.db import models
from django.db.models import F

from content.documents.models import Provision


class GlossaryEntry(models.Model):
    """A term as a «Giải thích từ ngữ» article defines it."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="terms")  # the article
    term = models.CharField(max_length=300)
    term_key = models.CharField(max_length=300, db_collation="C")  # its words, folded
    definition = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        ordering = ["term_key", "pk"]
        constraints = [models.UniqueConstraint(name="glossary_entries_once", fields=["provision", "position"])]
        indexes = [models.Index(F("term_key"), name="glossary_entries_key")]

    def __str__(self) -> str:
        return self.term
