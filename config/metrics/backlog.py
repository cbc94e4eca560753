"""What waits in an installation: jobs, deliveries, changes that a consumer of the log has not read.

For `manage.py doctor` and for /metrics. Ages are seconds by the clock of the database.
"""

import datetime

from django.db.models import Count, ExpressionWrapper, FloatField, Max, Min, Q, QuerySet
from django.db.models.functions import Extract, Now
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from content.changes.models import Change, ChangeCursor
from notifications.deliveries.models import Delivery
from notifications.deliveries.services import DUE

LATE_AFTER = datetime.timedelta(minutes=5)  # a job is taken within a second; the longest minute job takes seconds


def late_jobs() -> QuerySet[ProcrastinateJob]:
    """Jobs that should have begun LATE_AFTER ago: queued before that, and not meant for later."""
    before = Now() - LATE_AFTER
    is_due = Q(scheduled_at=None) | Q(scheduled_at__lte=before)
    was_queued = Q(procrastinateevent__type="deferred", procrastinateevent__at__lte=before)
    jobs: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.filter(is_due, was_queued, status="todo").distinct()
    return jobs


def late_job_count() -> int:
    """How many jobs are late."""
    return late_jobs().count()


def failed_job_count() -> int:
    """How many jobs gave up after their last attempt."""
    count: int = ProcrastinateJob.objects.filter(status="failed").count()
    return count


def worker_silence() -> float | None:
    """Seconds since the last heartbeat of any worker; None if no worker has left one."""
    found: float | None = ProcrastinateWorker.objects.aggregate(age=_age(Max("last_heartbeat")))["age"]
    return found


def deliveries_by_status() -> dict[str, int]:
    """How many deliveries are queued, and how many are being sent."""
    waiting = {Delivery.Status.QUEUED.value: 0, Delivery.Status.SENDING.value: 0}
    found = Delivery.objects.filter(status__in=waiting).order_by().values_list("status").annotate(Count("pk"))
    return waiting | dict(found)


def oldest_due_delivery() -> float:
    """For how many seconds the delivery that waits longest has been due; 0 if none is."""
    return max(0.0, Delivery.objects.filter(DUE).aggregate(age=_age(Min("next_try_at")))["age"] or 0.0)


def change_log_head() -> int:
    """The id of the newest change, public or not; 0 before the first."""
    return Change.objects.aggregate(head=Max("pk"))["head"] or 0


def unread_changes() -> dict[str, int]:
    """{consumer: by how many ids it is behind the newest change}: at least as many as there are changes between."""
    head, cursors = change_log_head(), ChangeCursor.objects.values_list("consumer", "last_change")
    return {consumer: max(0, head - last) for consumer, last in cursors}


def oldest_unread_change() -> float:
    """For how many seconds the oldest change that some consumer has not read is in the log; 0 if all have read all."""
    furthest_behind = ChangeCursor.objects.aggregate(last=Min("last_change"))["last"]
    if furthest_behind is None:
        return 0.0
    unread = Change.objects.filter(pk__gt=furthest_behind)
    return unread.aggregate(age=_age(Min("changed_at")))["age"] or 0.0


def _age(moment: Max | Min) -> ExpressionWrapper:
    return ExpressionWrapper(Extract(Now() - moment, "epoch"), output_field=FloatField())
