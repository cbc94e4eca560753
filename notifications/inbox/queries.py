"""What a reader was told, worked out when it is read: a publication costs the same however many follow."""

from django.db.models import BigIntegerField, BooleanField, Case, OuterRef, Q, Subquery, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce

from content.changes.models import Change
from content.events.models import Event
from content.qa.models import Question
from notifications.deliveries.models import Notification
from notifications.follows import fcm_topics
from notifications.follows.queries import registered_events
from notifications.inbox.models import ReadMark

# one of these names is in its audience, and was followed when the notification was made
FOLLOWED_AT_CREATION = """EXISTS (
    SELECT FROM unnest(%s::text[], %s::timestamptz[]) AS follow (name, since)
    WHERE follow.name = ANY (notifications_notification.audience)
      AND follow.since <= notifications_notification.created_at)"""


def inbox_of(reader):
    """Notifications of the reader's own things, about what they follow or come to, made since they do.

    `read_at` is null for the unread, `title` what a question or an event is called today. What is
    followed no longer is not there any more.
    """
    since = {}
    for event, registered_at, kinds in registered_events(reader):
        since |= dict.fromkeys(fcm_topics.followed_audience("event", event, kinds), registered_at)
    for follow in reader.follows.all():  # of equal names the earliest stays
        target_id = getattr(follow, f"{follow.target_name}_id")
        for name in fcm_topics.followed_audience(follow.target_name, target_id, follow.kinds):
            since[name] = min(follow.created_at, since.get(name, follow.created_at))
    followed_then = RawSQL(  # noqa: S611 (a fixed text; values go as parameters)
        FOLLOWED_AT_CREATION, [list(since), list(since.values())], output_field=BooleanField()
    )
    mark = ReadMark.objects.filter(reader=reader, notification=OuterRef("pk"))
    followed = Q(followed_then, reader=None, audience__overlap=list(since))
    own = Change.objects.filter(reader=reader, facts__has_key="public")  # the same news, told them as theirs
    return (
        Notification.objects.filter(Q(reader=reader) | followed)
        .exclude(reader=None, change__in=own.values_list(Cast("facts__public", BigIntegerField()), flat=True))
        .annotate(read_at=Subquery(mark.values("read_at")), title=_current_title(reader))
        .select_related("change")
    )


def _current_title(reader):
    """What a question is called today, to its asker and to others, or an event; where the day-book does not keep it."""
    question = Question.objects.filter(key=OuterRef("change__subject"))
    own = question.filter(reader=reader).values("title")
    public = question.filter(published_at__isnull=False).values("public_title")
    event = Subquery(Event.objects.filter(key=OuterRef("change__subject")).values("title"))
    return Coalesce(Case(When(reader=reader, then=Subquery(own)), default=Subquery(public)), event)


def unread_notifications(entries):
    return entries.filter(read_at=None)
