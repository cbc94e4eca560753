"""How many public documents have each value of each facet, kept as sums so that a read need not count them."""

import enum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class CountedFacet(enum.StrEnum):
    """What documents are counted by. A state is an effect status; each document has one type."""

    TYPE = "type"
    ISSUER = "issuer"
    PROVINCE = "province"
    TOPIC = "topic"
    YEAR = "year"
    STATE = "state"
    DOUBTED_STATE = "doubted_state"  # an act or a source says something that nobody has checked


class DocumentCount(models.Model):
    """How many more documents have a value from `since` on than before; less than 0: fewer.

    A document counts from its day of issue on, and for a state on the days of the state. So the sum of all rows up to a
    day is the count on that day. Each change is in two rows: that of its day, and that of its year, whose `since` is
    the first day of the year. A read adds the years before that of the day, and the days of this one.
    """

    topic_id = models.BigIntegerField()  # among the documents that a filter by this topic finds; 0: among all
    facet = models.CharField(max_length=20)  # a CountedFacet
    value = models.CharField(max_length=20)  # a type, a status, a year, or the id of what has a key
    is_of_year = models.BooleanField()
    since = models.DateField()
    documents = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["topic_id", "is_of_year", "facet", "since", "value"], name="document_counts_are_one_row_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.facet} {self.value} {self.since} {self.documents}"


class CountedDocument(models.Model):
    """What a public document was when it was counted: what `DocumentCount` has of it. It refers to nothing."""

    document_id = models.BigIntegerField(primary_key=True)
    doc_type = models.CharField(max_length=20)
    issuer_id = models.BigIntegerField(null=True)
    province_id = models.BigIntegerField(null=True)
    issued_on = models.DateField(null=True)
    topics = ArrayField(models.BigIntegerField())
    parents = ArrayField(models.BigIntegerField())  # of its topics
    starts = ArrayField(models.DateField())  # of its effect spans with a status, as all that follow
    ends = ArrayField(models.DateField(null=True))
    statuses = ArrayField(models.CharField(max_length=20))
    doubts = ArrayField(models.BooleanField())

    def __str__(self) -> str:
        return f"{self.document_id} {self.doc_type}"


class OutdatedCount(models.Model):
    """A document that may count as something else than it was counted as, as a trigger saw: see `services`.

    Rows are only added and deleted, and refer to nothing: no writer waits for another. A transaction marks a document
    once, however often it changes it.
    """

    document_id = models.BigIntegerField()
    transaction_id = models.BigIntegerField()  # PostgreSQL's, of the change; 0: no change
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document_id", "transaction_id"], name="transactions_outdate_counts_once")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.transaction_id}"
