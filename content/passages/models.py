"""The search index of published documents: codes of their words, never text to show."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from content.documents.models import LegalDocument, Provision

SEARCH_INDEX = "passages_search_words"


class Passage(models.Model):
    """An article (or an annex, a form, a text without articles) with its units, on the days [valid_from, valid_until).

    Without a provision it is the document itself: its number and its name. Only published documents have passages.
    """

    # found by the index of `passages_once`
    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="passages", db_index=False)
    provision = models.ForeignKey(Provision, models.CASCADE, null=True, blank=True, related_name="passages")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    search_words = SearchVectorField()  # words and bigrams, see content.text.lexemes
    search_codes = models.BinaryField()  # the same words in their order, by field
    digest = models.BinaryField()  # of the texts it was made from and the folding: an equal one is not rewritten

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="passages_once", fields=["document", "provision", "valid_from"], nulls_distinct=False
            )
        ]
        indexes = [
            # `refresh_passages` sorts in the words of new passages together: one by one took five times as long
            GinIndex(fields=["search_words"], fastupdate=True, name=SEARCH_INDEX),
            # names alone: a common word is in few of them, and in most articles
            GinIndex(fields=["search_words"], fastupdate=False, condition=Q(provision=None), name="passages_of_names"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.provision_id or ''} {self.valid_from or ''}"
