"""Which changes there are, for consumers and for the public feed."""

import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from content.changes.event_types import DOCUMENT_CORRECTED, REMOVING_EVENT_TYPES, EventType
from content.changes.models import Change


def public_changes() -> QuerySet[Change]:
    """The public changes, in commit order."""
    return Change.objects.filter(reader=None).order_by("pk")


def last_public_change_id() -> int:
    """The id of the newest public change, 0 before the first."""
    return public_changes().aggregate(last=Max("pk"))["last"] or 0


def newest_change_and_clock() -> tuple[int, datetime.datetime] | None:
    """The id of the newest change, private ones too, and the database's clock. None before the first change."""
    return Change.objects.order_by("-pk").annotate(clock=Now()).values_list("pk", "clock").first()


def public_changes_between(after: int, last: int) -> QuerySet[Change]:
    """Public changes with after < id <= last, in commit order. Look up `last` first, so that none is skipped."""
    return public_changes().filter(pk__gt=after, pk__lte=last)


def removals() -> QuerySet[Change]:
    """The public changes that may have taken words out of what was public.

    Those recorded before 0.1.0 do not say whether they did, and count.
    """
    only_verified = Q(event_type=DOCUMENT_CORRECTED) & ~Q(facts__has_key="correction")
    says_not = Q(facts__contains={"correction": {"removes_words": False}}) | Q(facts__contains={"removes_words": False})
    removing = public_changes().order_by().filter(event_type__in=REMOVING_EVENT_TYPES)
    return removing.exclude(only_verified).exclude(says_not)


def changes_after(last_change: int) -> QuerySet[Change]:
    """Public and private changes after that id, in commit order, for consumers."""
    return Change.objects.filter(pk__gt=last_change).order_by("pk")


def publications() -> QuerySet[Change]:
    """The publications of documents, the newest first."""
    return public_changes().filter(event_type=EventType.DOCUMENT_PUBLISHED).order_by("-pk")


def publications_per_day(since: datetime.date) -> dict[datetime.date, int]:
    """{day: number of documents published on it} from the day `since` on; days in Viet Nam time."""
    days = publications().annotate(day=TruncDate("changed_at")).filter(day__gte=since).values("day")
    return {row["day"]: row["count"] for row in days.annotate(count=Count("pk")).order_by()}
