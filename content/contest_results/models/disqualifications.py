"""Disqualifications of contestants, with the objection and the decision on it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.contests.models import Entry


class Disqualification(models.Model):
    """An entry that a person took out of the ranking, with the reason, the objection, and the decision on it."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="disqualifications")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    objection = models.TextField(blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    is_lifted = models.BooleanField(default=False)
    decision = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("disqualification")
        verbose_name_plural = _("disqualifications")
        constraints = [
            models.UniqueConstraint(
                name="disqualifications_once_while_they_hold", fields=["entry"], condition=Q(is_lifted=False)
            ),
            models.CheckConstraint(
                name="disqualifications_objections_are_decided_by_another",
                condition=Q(decided_by=None, decided_at=None, is_lifted=False)
                | Q(decided_by__isnull=False, decided_at__isnull=False, objected_at__isnull=False)
                & ~Q(decided_by=F("by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.at:%Y-%m-%d}"
