"""Reading the day-book: each reader has a bookmark of its own, which moves in the commit that does what was read."""

import logging

from django.db import models, transaction

from content.changes import queries as changes

log = logging.getLogger(__name__)


class Bookmark(models.Model):
    """How far a reader of the day-book has come."""

    reader = models.CharField(max_length=30, unique=True)
    last_change = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.reader} at {self.last_change}"


@transaction.atomic
def read(reader, act, *, limit=100):
    """Give the next lines to `act`, one after the other, and move that reader's bookmark. Returns how many were read.

    All in one commit, which ends after the first line that `act` says it wrote something for: what it locked is not
    held while it acts on the next. One line that cannot be acted on must not hold back all that come after it: it is
    logged and passed over. `act` must do nothing when given a line again.
    """
    bookmark, _ = Bookmark.objects.get_or_create(reader=reader)
    bookmark = Bookmark.objects.select_for_update().get(pk=bookmark.pk)
    read = 0
    for change in changes.changes_after(bookmark.last_change)[:limit]:
        bookmark.last_change, read = change.pk, read + 1
        if _act_or_log(act, change):
            break
    if read:
        bookmark.save(update_fields=["last_change"])
    return read


def _act_or_log(act, change):
    try:
        with transaction.atomic():
            return act(change)
    except (KeyError, ValueError):
        log.exception("change %s could not be acted on and is passed over", change.pk)
        return None
