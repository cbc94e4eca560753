"""Suggestions: names and headings to offer while somebody types."""

from django.db import models


class Suggestion(models.Model):
    """A name or heading, the number of passages that have it, and the one place that it names, if it is one."""

    text_key = models.CharField(max_length=200, unique=True, db_collation="C")  # its words, folded
    text = models.CharField(max_length=300)
    passages = models.PositiveIntegerField()
    document_key = models.CharField(max_length=160, blank=True, db_default="")  # empty: it names none, or several
    eid = models.CharField(max_length=120, blank=True, db_default="")  # of the provision; empty: the whole document

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.text
