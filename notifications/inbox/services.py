from notifications.inbox import queries
from notifications.inbox.models import ReadMark


def mark_read(reader, notification):
    """Note that the reader has seen it. A repeat keeps the first moment."""
    ReadMark.objects.get_or_create(reader=reader, notification=notification)


def mark_unread(reader, notification):
    """As if it had not been seen. A no-op where it had not."""
    ReadMark.objects.filter(reader=reader, notification=notification).delete()


def mark_read_up_to(reader, notification_id):
    """Note that all in the inbox up to this notification has been seen. A repeat changes nothing."""
    unread = queries.unread_notifications(queries.inbox_of(reader)).filter(pk__lte=notification_id)
    marks = [ReadMark(reader=reader, notification_id=pk) for pk in unread.values_list("pk", flat=True)]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True)
