"""What a reader was told, worked out when it is read: a publication costs the same however many follow."""

from django.db.models import BooleanField, OuterRef, Subquery
from django.db.models.expressions import RawSQL

from notifications.deliveries.models import Notification
from notifications.follows import wire
from notifications.inbox.models import ReadMark

# one of these names is in its audience, and was followed when the notification was made
FOLLOWED_THEN = """EXISTS (
    SELECT FROM unnest(%s::text[], %s::timestamptz[]) AS follow (name, since)
    WHERE follow.name = ANY (notifications_notification.audience)
      AND follow.since <= notifications_notification.created_at)"""


def inbox_of(reader):
    """Notifications about what this reader follows, made since they follow it; `read_at` is null for the unread.

    What is followed no longer is not there any more.
    """
    since = {}
    for follow in reader.follows.order_by("-created_at"):  # the earliest of equal names comes last and stays
        target_id = getattr(follow, f"{follow.target_name}_id")
        since |= dict.fromkeys(wire.wanted_audience(follow.target_name, target_id, follow.kinds), follow.created_at)
    followed_then = RawSQL(  # noqa: S611 (a fixed text; values go as parameters)
        FOLLOWED_THEN, [list(since), list(since.values())], output_field=BooleanField()
    )
    mark = ReadMark.objects.filter(reader=reader, notification=OuterRef("pk"))
    return (
        Notification.objects.filter(audience__overlap=list(since))
        .filter(followed_then)
        .annotate(read_at=Subquery(mark.values("read_at")))
        .select_related("change")
    )


def unread(entries):
    return entries.filter(read_at=None)
