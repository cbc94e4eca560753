import datetime

from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateWorker

from notifications.deliveries.models import Channel

WORKER_SILENT = datetime.timedelta(seconds=30)  # a worker shows itself every ten


def a_worker_works():
    """Has a worker shown itself lately? It enters itself in the job queue's table."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=Now() - WORKER_SILENT).exists()


def broken_channel():
    """The push channel if it is broken, with its reason; None while it works."""
    return Channel.objects.filter(name=Channel.FCM, broken_since__isnull=False).first()
