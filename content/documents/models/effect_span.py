"""The effect of documents as days, computed from their status events and doubts so that lists need not."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from content.documents.effect import EffectStatus
from content.documents.models.document import LegalDocument


class EffectSpan(models.Model):
    """Days [valid_from, valid_until) on which a document has one effect: what `effect_spans.spans_of` computes.

    The spans of a document cover every day: the first begins on the first day of the calendar, the last has no end.
    The database deletes them with the document, whoever deletes it.
    """

    document = models.ForeignKey(LegalDocument, models.CASCADE, related_name="effect_spans", db_constraint=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)  # first day no longer; null: open
    status = models.CharField(  # null: no effect of its own
        max_length=20, choices=EffectStatus, null=True, blank=True
    )
    is_in_doubt = models.BooleanField()  # an act or a source says something that nobody has checked

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="effect_spans_never_overlap",
                expressions=[
                    ("document", RangeOperators.EQUAL),
                    (
                        models.Func("valid_from", "valid_until", function="DATERANGE", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
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

    Rows are only added and deleted, and refer to nothing: no writer waits for another.
    """

    document_id = models.BigIntegerField(db_index=True)
    transaction_id = models.BigIntegerField(db_index=True)  # PostgreSQL's, of the change

    def __str__(self) -> str:
        return f"{self.document_id} {self.transaction_id}"
