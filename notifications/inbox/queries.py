"""A reader's inbox, computed when it is read: a publication costs the same however many readers follow its topics."""

import datetime
from collections.abc import Sequence

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce

from content.changes.models import Change
from content.channel.queries import public_channels, public_playlists
from content.contests.models import Contest
from content.events.models import Event
from content.media.models import Material
from content.media.states import PUBLIC_STATUSES
from content.people.models import Reader
from content.public_changes import facts as public_changes
from content.qa.models import Question
from notifications.deliveries.models import Notification
from notifications.follows import fcm_topics
from notifications.follows.models import FormerProvince
from notifications.follows.queries import ENTRANT_TYPES, entered_contests, registered_events
from notifications.inbox.models import ReadMark

NEVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)
# one of these names is in its audience, and the reader followed it when the notification was created
FOLLOWED_AT_CREATION = """EXISTS (
    SELECT FROM unnest(%s::text[], %s::timestamptz[], %s::timestamptz[]) AS follow (name, since, until)
    WHERE follow.name = ANY (notifications_notification.audience)
      AND follow.since <= notifications_notification.created_at
      AND notifications_notification.created_at < follow.until)"""
Followed = tuple[str, datetime.datetime, datetime.datetime]  # name of an inbox audience, on [since, until)


def inbox_of(reader: Reader) -> QuerySet[Notification]:
    """Notifications about the reader's own things, and about what they follow or take part in, since they do.

    `read_at` is null for unread ones. `title` is the current title of a question, event, contest or material. After an
    unfollow the notifications about that target are gone.
    """
    periods = _followed_periods(reader)
    names, since, until = (list(column) for column in zip(*periods, strict=True)) if periods else ([], [], [])
    followed_then = RawSQL(  # noqa: S611 (a fixed text; values go as parameters)
        FOLLOWED_AT_CREATION, [names, since, until], output_field=BooleanField()
    )
    mark = ReadMark.objects.filter(reader=reader, notification=OuterRef("pk"))
    followed = Q(followed_then, reader=None, audience__overlap=names)
    own = Change.objects.filter(reader=reader, facts__has_key="public")  # the same news, as the reader's own
    return (
        Notification.objects.filter(Q(reader=reader) | followed)
        .exclude(reader=None, change__in=own.values_list(Cast("facts__public", BigIntegerField()), flat=True))
        .annotate(read_at=Subquery(mark.values("read_at")), title=_current_title(reader))
        .select_related("change")
    )


def with_public_facts(entries: Sequence[Notification]) -> list[Notification]:
    """These entries, their changes with what is public of their facts now. Three queries at most."""
    for entry, change in zip(entries, public_changes.with_public_facts(each.change for each in entries), strict=True):
        entry.change = change
    return list(entries)


def _followed_periods(reader: Reader) -> list[Followed]:
    """What the reader follows, and what a follow that was moved was of before."""
    since: dict[str, datetime.datetime] = {}
    for event in registered_events(reader):
        names = fcm_topics.followed_audience("event", event.event_id, event.notification_types)
        since |= dict.fromkeys(names, event.since)
    for contest in entered_contests(reader):
        names = fcm_topics.followed_audience("contest", contest.contest_id, ENTRANT_TYPES)
        since |= dict.fromkeys(names, contest.since)
    follows = list(reader.follows.all())
    for follow in follows:
        for name in fcm_topics.followed_audience(follow.target_name, follow.target_id, follow.kinds):
            since[name] = min(follow.since, since.get(name, follow.since))
    is_moved = any(each.province_id for each in follows)  # only these are
    formers = FormerProvince.objects.filter(follow__reader=reader) if is_moved else []
    return [(name, moment, NEVER) for name, moment in since.items()] + [
        (name, former.since, former.until)
        for former in formers
        for name in fcm_topics.followed_audience("province", former.province_id, former.kinds)
    ]


def _current_title(reader: Reader) -> Coalesce:
    """The current title of a question, as its asker or the public sees it, of an event, a contest, a material …"""
    question = Question.objects.filter(key=OuterRef("change__subject"))
    own = question.filter(reader=reader).values("title")
    public = question.filter(published_at__isnull=False).values("public_title")
    event = Subquery(Event.objects.filter(key=OuterRef("change__subject")).values("title"))
    contest = Subquery(Contest.objects.filter(key=OuterRef("change__subject")).values("title"))
    public_materials = Material.objects.filter(key=OuterRef("change__subject"), status__in=PUBLIC_STATUSES)
    material = Subquery(public_materials.values("title"))
    playlist = Subquery(public_playlists().filter(key=OuterRef("change__subject")).order_by().values("title"))
    channel = Subquery(public_channels().filter(key=OuterRef("change__subject")).order_by().values("title"))
    asked = Case(When(reader=reader, then=Subquery(own)), default=Subquery(public))
    return Coalesce(asked, event, contest, material, playlist, channel)


def last_key() -> int:
    """The newest key that an entry of any inbox ever had, 0 before the first. That entry may be deleted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM notifications_notification_id_seq")
        (last,) = cursor.fetchone()
    return int(last)


def unread_notifications(entries: QuerySet[Notification]) -> QuerySet[Notification]:
    """Those of an inbox that are unread. `entries` comes from `inbox_of`."""
    return entries.filter(read_at=None)  # type: ignore[misc]  # a column that inbox_of adds
