"""Read the state of sending: is a worker alive, does the channel work, what waits, what failed."""

import datetime

from django.db.models import Count, QuerySet
from django.db.models.functions import Now, TruncDate
from procrastinate.contrib.django.models import ProcrastinateWorker

from notifications.deliveries import gate
from notifications.deliveries.models import Channel, Delivery, Gate

WORKER_SILENCE_LIMIT = datetime.timedelta(seconds=30)  # a worker writes its heartbeat every ten


def is_a_worker_alive() -> bool:
    """Whether a worker has written its heartbeat recently. Workers write it into a table of the job queue."""
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - WORKER_SILENCE_LIMIT)
    return bool(alive.exists())


def broken_channel() -> Channel | None:
    """The push channel if it is broken, with its reason; None while it works."""
    return Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False).first()


def closed_gates() -> QuerySet[Gate]:
    """The quotas of FCM that are used up: nobody calls before their `closed_until`."""
    return Gate.objects.filter(gate.CLOSED).order_by("quota")


def waiting_deliveries() -> QuerySet[Delivery]:
    """Deliveries that are queued or being sent."""
    return Delivery.objects.filter(status__in=(Delivery.Status.QUEUED, Delivery.Status.SENDING))


def failed_deliveries() -> QuerySet[Delivery]:
    """Deliveries that FCM never accepted. Cancelled ones are not counted as failed."""
    return Delivery.objects.filter(status__in=(Delivery.Status.REFUSED, Delivery.Status.EXPIRED))


def settled_per_day(deliveries: QuerySet[Delivery], since: datetime.date) -> dict[datetime.date, int]:
    """{day: how many of these deliveries were settled on it} from `since` on. Days in Vietnam time."""
    days = deliveries.annotate(day=TruncDate("settled_at")).filter(day__gte=since).values("day")
    return {row["day"]: row["count"] for row in days.annotate(count=Count("pk")).order_by()}
