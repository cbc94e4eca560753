"""A sample event to try the program with. Its text says that it is not real."""

import datetime

from django.db import transaction
from django.utils import timezone

from content.changes.event_types import EventType, Nature
from content.events.models import Event, EventKind
from content.events.services import drafts, lifecycle, transitions
from content.events.states import AHEAD_STATUSES
from content.people import services as people
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic
from content.vietnam_time import VIETNAM_TIME, today

LAND = "11-dat-dai"
SAMPLE_TITLE = "SỰ KIỆN MẪU – không có thật: Toạ đàm về vườn chung của xóm"
SAMPLE_TEXT = "Sự kiện do Luật Mở đặt ra để thử đăng ký, danh sách chờ, lịch và lời nhắc. Không ai gặp ai ở đâu cả."
DAYS_AHEAD, SEATS = 10, 2


@transaction.atomic
def publish_sample_event(*, reason: str = "") -> tuple[Event, bool]:
    """Announce the sample event, in ten days and with two seats, without notifying anybody. Returns (event, created).

    A sample event that has not begun yet is returned unchanged.
    """
    ours = Event.objects.filter(is_sample=True, home="")
    existing = ours.filter(status__in=AHEAD_STATUSES, starts_at__gt=timezone.now()).first()
    if existing:
        return existing, False
    day = today() + datetime.timedelta(days=DAYS_AHEAD)
    starts_at = datetime.datetime.combine(day, datetime.time(9), VIETNAM_TIME)
    event = drafts.plan(
        kind=EventKind.TALK,
        title=SAMPLE_TITLE,
        text=SAMPLE_TEXT,
        place="Nhà văn hóa xóm Mẫu",
        online_url="https://example.com/su-kien-mau",
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(hours=2),
        capacity=SEATS,
        registration_opens_at=timezone.now() - datetime.timedelta(minutes=1),
        registration_closes_at=starts_at - datetime.timedelta(hours=1),
        audiences=[Audience.EVERYBODY],
        languages=[ContentLanguage.VIETNAMESE],
        is_sample=True,
        topics=Topic.objects.filter(key=LAND),
    )
    return lifecycle.announce(event, notify=False, reason=reason), True


@transaction.atomic
def remove_sample_events(*, reason: str = "") -> int:
    """Delete the sample events with their registrations and record it without notifying anybody. Returns how many."""
    events = list(Event.objects.select_for_update().filter(is_sample=True, home="").order_by("pk"))
    for event in events:
        people.audit("event.removed", event.key, reason=reason)
        transitions.record_event_change(
            event, EventType.EVENT_CANCELLED, nature=Nature.WITHDRAWAL, notify=False, reason=reason
        )
        event.delete()
    return len(events)
