import datetime

from django.db.models import Count
from django.db.models.functions import Now, TruncDate
from procrastinate.contrib.django.models import ProcrastinateWorker

from notifications.deliveries.models import Channel, Delivery

WORKER_SILENCE_LIMIT = datetime.timedelta(seconds=30)  # a worker shows itself every ten


def is_a_worker_alive():
    """Has a worker shown itself lately? It enters itself in the job queue's table."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - WORKER_SILENCE_LIMIT).exists()


def broken_channel():
    """The push channel if it is broken, with its reason; None while it works."""
    return Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False).first()


def waiting_deliveries():
    return Delivery.objects.filter(status__in=(Delivery.Status.QUEUED, Delivery.Status.SENDING))


def failed_deliveries():
    """Those that ended without FCM taking them, and not because somebody cancelled them."""
    return Delivery.objects.filter(status__in=(Delivery.Status.REFUSED, Delivery.Status.EXPIRED))


def settled_per_day(deliveries, since):
    """{day: how many of these were settled on it}, from the day `since` on; days of Viet Nam."""
    days = deliveries.annotate(day=TruncDate("settled_at")).filter(day__gte=since).values("day")
    return {row["day"]: row["count"] for row in days.annotate(count=Count("pk")).order_by()}
