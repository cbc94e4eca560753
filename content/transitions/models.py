from django.db import models


class ProcessedDay(models.Model):
    """A day whose beginning was looked at: what it changed stands in the day-book. One row per day, for ever."""

    day = models.DateField(unique=True)
    processed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return str(self.day)
