from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from content.changes.event_types import EventType, Nature
from content.people.models import Reader


class Change(models.Model):
    """One line of the day-book. Ids follow commit order: whoever asks for what came after id N misses none.

    A line without a reader is public and can neither be changed nor deleted (a trigger refuses). A line with one is
    private: it feeds only the post room and goes with its reader.
    """

    event_type = models.CharField(max_length=40, choices=[(each.value, each.value) for each in EventType])
    nature = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Nature])
    subject = models.CharField(max_length=200)  # public key of what changed
    eids = ArrayField(models.CharField(max_length=120), default=list, blank=True)  # provisions touched
    topics = ArrayField(models.CharField(max_length=100), default=list, blank=True)  # keys, not foreign keys
    organisation = models.CharField(max_length=100, blank=True)
    hash_before = models.CharField(max_length=64, blank=True)  # SHA-256 of the content, hex
    hash_after = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    notify = models.BooleanField(default=True)  # whether followers are told
    reader = models.ForeignKey(Reader, models.CASCADE, null=True, blank=True, related_name="changes")
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="changes_event_type_is_known", condition=Q(event_type__in=[each.value for each in EventType])
            ),
            models.CheckConstraint(
                name="changes_nature_is_known", condition=Q(nature__in=[each.value for each in Nature])
            ),
        ]

    def __str__(self):
        return f"{self.pk} {self.event_type} {self.subject}"


class ChangeCursor(models.Model):
    """How far one consumer of the change log has read. It moves in the transaction that does what was read."""

    consumer = models.CharField(max_length=30, unique=True)
    last_change = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.consumer} at {self.last_change}"
