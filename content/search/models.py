"""What search stores beside the texts: word counts, posting lists, vectors. All of it can be rebuilt."""

import enum

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from content.passages.models import Passage

VECTOR_LENGTH = 384


class ResultKind(enum.StrEnum):
    """What a result may be. The values are part of the API."""

    DOCUMENT = "document"
    PROVISION = "provision"
    QUESTION = "question"
    EVENT = "event"
    CONTEST = "contest"
    MATERIAL = "material"


PASSAGE_KINDS = (ResultKind.DOCUMENT, ResultKind.PROVISION)  # their rows are passages; those of the others, their own


class TermFrequency(models.Model):
    """A word or bigram of articles, written as `lexemes` does, and the number of passages that hold it."""

    lexeme = models.CharField(max_length=130, primary_key=True, db_collation="C")
    passages = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.lexeme


class PostingList(models.Model):
    """A word or bigram that many rows of one kind hold, and the rows it says most about, best first.

    `best`: row ids of four bytes each. `parts`: for each row its BM25 without the inverse frequency of the word, in
    two bytes, from 0 to 1 in steps of 1/65,535.
    """

    kind = models.CharField(max_length=10)  # a ResultKind
    lexeme = models.CharField(max_length=130, db_collation="C")
    best = models.BinaryField()
    parts = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="posting_lists_once", fields=["kind", "lexeme"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.lexeme}"


class SearchStatistics(models.Model):
    """One row: how many passages the last rebuild counted, and their mean length in words.

    `newest`: {result kind: highest id at that time}. No posting list holds a row with a higher id.
    """

    passages = models.PositiveIntegerField()
    mean_length = models.FloatField()
    newest = models.JSONField(default=dict, db_default={})
    counted_at = models.DateTimeField()
    last_change = models.BigIntegerField(db_default=0)  # the newest before the first text was read

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.passages} {self.counted_at}"


class PassageVector(models.Model):
    """The meaning of an article as a vector. Made only where SEARCH_VECTORS is on.

    A passage is never changed, only replaced, so a vector is never changed either: it is deleted with its passage.
    """

    # a trigger deletes it: a release that knows no vectors can delete passages too, and Django fetches none
    passage = models.OneToOneField(Passage, models.DO_NOTHING, related_name="vector", db_constraint=False)
    numbers = models.BinaryField()  # 384 of int8; only the direction counts, lengths differ
    made_by = models.CharField(max_length=40)  # the model and how it is given a text; other vectors are made again

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="passage_vectors_have_384_numbers", condition=Exact(Length("numbers"), VECTOR_LENGTH)
            )
        ]

    def __str__(self) -> str:
        return f"{self.passage_id} {self.made_by}"
