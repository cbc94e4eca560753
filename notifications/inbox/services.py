"""Mark notifications as read and unread."""

from content.people.models import Reader
from notifications.deliveries.models import Notification
from notifications.inbox import queries
from notifications.inbox.models import ReadMark


def mark_read(reader: Reader, notification: Notification) -> None:
    """Mark a notification as read. A repeat keeps the first instant."""
    ReadMark.objects.get_or_create(reader=reader, notification=notification)


def mark_unread(reader: Reader, notification: Notification) -> None:
    """Mark a notification as unread. Changes nothing if it is unread."""
    ReadMark.objects.filter(reader=reader, notification=notification).delete()


def mark_read_up_to(reader: Reader, notification_id: int) -> None:
    """Mark everything in the inbox up to this notification as read. A repeat changes nothing."""
    unread = queries.unread_notifications(queries.inbox_of(reader)).filter(pk__lte=notification_id)
    marks = [ReadMark(reader=reader, notification_id=pk) for pk in unread.values_list("pk", flat=True)]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True)
