"""The counts. Nobody is named: a key is a hash that only this installation can make."""

from django.db import models


class RequestCount(models.Model):
    """Requests of one caller under one limit, in the window that ends at `ends_at`.

    The table is UNLOGGED: a count costs no disk write, and begins anew after a crash and where another server leads.
    """

    key = models.UUIDField(primary_key=True)
    ends_at = models.DateTimeField()
    count = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
