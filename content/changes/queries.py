from django.db.models import Count, Max
from django.db.models.functions import TruncDate

from content.changes.event_types import EventType
from content.changes.models import Change


def public_changes():
    """What everybody may know, in commit order."""
    return Change.objects.filter(reader=None).order_by("pk")


def last_public_change_id():
    """The id of the newest public line, 0 before the first."""
    return public_changes().aggregate(last=Max("pk"))["last"] or 0


def public_changes_between(after, last):
    """Public lines with after < id <= last, in commit order. `last` is looked up first: nothing is skipped between."""
    return public_changes().filter(pk__gt=after, pk__lte=last)


def changes_after(last_change):
    """Public and private lines after that id, in commit order; for the post room."""
    return Change.objects.filter(pk__gt=last_change).order_by("pk")


def publications():
    """Lines about documents that became public, the newest first."""
    return public_changes().filter(event_type=EventType.DOCUMENT_PUBLISHED).order_by("-pk")


def publications_per_day(since):
    """{day: how many documents became public on it}, from the day `since` on; days of Viet Nam."""
    days = publications().annotate(day=TruncDate("changed_at")).filter(day__gte=since).values("day")
    return {row["day"]: row["count"] for row in days.annotate(count=Count("pk")).order_by()}
