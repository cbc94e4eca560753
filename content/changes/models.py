from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from content.changes.event_types import REMOVING_EVENT_TYPES, EventType, Nature
from content.people.models import Reader


class Change(models.Model):
    """One row of the change log. Ids follow commit order: a consumer that reads everything after id N misses none.

    A change without a reader is public; a trigger refuses to change or delete it. A change with a reader is private:
    only notifications read it, and it is deleted with its reader.
    """

    event_type = models.CharField(max_length=40, choices=[(each.value, each.value) for each in EventType])
    nature = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Nature])
    subject = models.CharField(max_length=200)  # public key of the object
    eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # provisions touched
    topics = ArrayField(models.CharField(max_length=100), default=list, blank=True)  # keys, not foreign keys
    organisation = models.CharField(max_length=100, blank=True)
    hash_before = models.CharField(max_length=64, blank=True)  # SHA-256 of the content, hex
    hash_after = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    notify = models.BooleanField(default=True)  # whether followers are notified
    reader = models.ForeignKey(Reader, models.CASCADE, null=True, blank=True, related_name="changes")
    changed_at = models.DateTimeField(default=timezone.now)
    chain = models.CharField(max_length=64, default="", db_default="", blank=True)  # of a public line, see chain.py
    facts_salt = models.CharField(max_length=32, default="", db_default="", blank=True)  # of the digest of its facts
    traceparent = models.CharField(max_length=55, null=True, blank=True)  # the span that wrote it, if it was traced

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(name="changes_public", fields=["id"], condition=Q(reader=None)),  # the newest, at each line
            models.Index(name="changes_by_subject", fields=["subject", "id"]),
            models.Index(
                name="changes_that_took_words_out",
                fields=["id"],
                condition=Q(reader=None, event_type__in=[each.value for each in REMOVING_EVENT_TYPES]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="changes_event_type_is_known", condition=Q(event_type__in=[each.value for each in EventType])
            ),
            models.CheckConstraint(
                name="changes_nature_is_known", condition=Q(nature__in=[each.value for each in Nature])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.event_type} {self.subject}"


class ChangeCursor(models.Model):
    """How far one consumer of the change log has read. It moves in the transaction that handles the changes."""

    consumer = models.CharField(max_length=30, unique=True)
    last_change = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.consumer} at {self.last_change}"
