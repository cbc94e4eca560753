"""Suggestions: names and headings to offer while somebody types."""

from django.db import models


class Suggestion(models.Model):
    """A name or heading, and the number of passages that have it."""

    text_key = models.CharField(max_length=200, unique=True, db_collation="C")  # its words, folded
    text = models.CharField(max_length=300)
    passages = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.text
