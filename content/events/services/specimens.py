"""An event of ours to try the house with. It takes place nowhere, and says so."""

import datetime

from django.db import transaction
from django.utils import timezone

from content.changes import kinds
from content.documents.effect import VIETNAM, today
from content.events.models import Audience, Event, Kind, Language
from content.events.services import announcing, planning, steps
from content.events.states import AHEAD
from content.topics.models import Topic

LAND = "11-dat-dai"
TITLE = "SỰ KIỆN MẪU – không có thật: Toạ đàm về vườn chung của xóm"
TEXT = "Sự kiện do Luật Mở đặt ra để thử đăng ký, danh sách chờ, lịch và lời nhắc. Không ai gặp ai ở đâu cả."
DAYS_AHEAD, SEATS = 10, 2


@transaction.atomic
def enter_specimen(*, reason=""):
    """Announce the specimen, telling nobody: in ten days, with two seats. Returns (event, created).

    One that is still ahead is left alone.
    """
    standing = Event.objects.filter(is_specimen=True, status__in=AHEAD, starts_at__gt=timezone.now()).first()
    if standing:
        return standing, False
    day = today() + datetime.timedelta(days=DAYS_AHEAD)
    starts_at = datetime.datetime.combine(day, datetime.time(9), VIETNAM)
    event = planning.plan(
        kind=Kind.TALK,
        title=TITLE,
        text=TEXT,
        place="Nhà văn hóa xóm Mẫu",
        online_url="https://example.com/su-kien-mau",
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(hours=2),
        capacity=SEATS,
        registration_opens_at=timezone.now() - datetime.timedelta(minutes=1),
        registration_closes_at=starts_at - datetime.timedelta(hours=1),
        audiences=[Audience.EVERYBODY],
        languages=[Language.VIETNAMESE],
        is_specimen=True,
        topics=Topic.objects.filter(key=LAND),
    )
    return announcing.announce(event, notify=False, reason=reason), True


@transaction.atomic
def remove_specimens(*, reason=""):
    """Delete them with their registrations; the day-book keeps a line that tells nobody. Returns how many."""
    events = list(Event.objects.select_for_update().filter(is_specimen=True).order_by("pk"))
    for event in events:
        steps.note(event, "removed", by=None, reason=reason)
        steps.tell(event, kinds.EVENT_CANCELLED, change_kind=kinds.WITHDRAWAL, notify=False, reason=reason)
        event.delete()
    return len(events)
