"""The effect of documents as days, computed from their status events and doubts so that lists need not."""

from django.db import models
from django.db.models.functions import Now

from content.documents.effect import EffectStatus
from content.documents.models.document import LegalDocument


class EffectSpan(models.Model):
    """Days [valid_from, valid_until) on which a document has one effect: what `effect_spans.spans_of` computes.

    The spans of a document cover every day: the first begins on the first day of the calendar, the last has no end.
    The database deletes them with the document, also where SQL deletes it.
    """

    document = models.ForeignKey(
        LegalDocument, models.CASCADE, related_name="effect_spans", db_constraint=False, db_index=False
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)  # first day no longer; null: open
    status = models.CharField(  # null: no effect of its own
        max_length=20, choices=EffectStatus, null=True, blank=True
    )
    is_in_doubt = models.BooleanField()  # an act or a source says something that nobody has checked
    rules = models.PositiveIntegerField(db_index=True)  # `effect_spans.RULES` by which they were computed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "valid_from"], name="effect_spans_start_once"),
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(valid_until=None), name="effect_spans_have_one_open_end"
            ),
            models.CheckConstraint(
                name="effect_spans_end_after_they_start",
                condition=models.Q(valid_until=None) | models.Q(valid_until__gt=models.F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "valid_from"], name="effect_spans_by_status"),
            models.Index(fields=["valid_from"], condition=models.Q(is_in_doubt=True), name="effect_spans_in_doubt"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.status} {self.valid_from}"


class OutdatedSpans(models.Model):
    """A document whose spans no longer follow from its status events, as a trigger saw: see `span_writer`.

    Rows are only added and deleted, and refer to nothing: no writer waits for another. A transaction marks a document
    once, however often it changes it.
    """

    document_id = models.BigIntegerField()
    transaction_id = models.BigIntegerField(db_index=True)  # PostgreSQL's, of the change; 0: no change
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document_id", "transaction_id"], name="transactions_outdate_spans_once")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.transaction_id}"
