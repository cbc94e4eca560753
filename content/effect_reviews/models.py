"""What one person confirmed at once, so that it can be undone at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from content.endings.models import EndingCase


class DecisionBatch(models.Model):
    """Cases that one person confirmed together."""

    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_batches_taken_back_by_when_taken_back",
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.decided_by} {self.decided_at:%Y-%m-%d %H:%M}"


class BatchedDecision(models.Model):
    """One case of a batch."""

    batch = models.ForeignKey(DecisionBatch, models.CASCADE, related_name="decisions")
    case = models.ForeignKey(EndingCase, models.CASCADE, related_name="+")
    is_taken_back = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="batched_decisions_once", fields=["batch", "case"])]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.case_id}"
