"""Which notifications a reader has read."""

from django.db import models

from content.people.models import Reader
from notifications.deliveries.models import Notification


class ReadMark(models.Model):
    """A reader has read a notification. The content of an inbox is not stored: it is computed from the follows."""

    reader = models.ForeignKey(  # found by the index of `read_marks_once`
        Reader, models.CASCADE, related_name="read_marks", db_index=False
    )
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="read_marks")
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="read_marks_once", fields=["reader", "notification"])]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.notification_id}"
