from django.db import models


class ProcessedDay(models.Model):
    """A day whose changes of effect are in the change log. One row per day, never deleted."""

    day = models.DateField(unique=True)
    processed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return str(self.day)
