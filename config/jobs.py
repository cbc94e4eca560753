"""Background jobs of the worker. Each layer registers its own; the one that needs the API is here."""

import logging
from collections.abc import Callable

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from content import jobs as content_jobs
from content.changes import services as changes
from content.exports import queries as exports
from content.own_process import run_command
from notifications import fanout
from notifications import jobs as notification_jobs
from notifications.push.gateway import Gateway

_log = logging.getLogger(__name__)
EXPORT_BULK = "export_bulk"  # the job and the command it runs, and the locks that keep two of it apart


def register(gateway: Gateway, *, wake_sender: Callable[[], None]) -> None:
    """Register the jobs of every layer with procrastinate. Call once, after Django's setup.

    `wake_sender` is called when deliveries may have been queued, after each commit.
    """

    def fan_out() -> int:
        return fanout.read_changes(after_commit=wake_sender)

    content_jobs.register(further_consumers=[fan_out], afterwards=[queue_replacement_export])
    notification_jobs.register(gateway)
    register_own_jobs()


def queue_replacement_export() -> None:
    """Queue an export if the newest is no longer public.

    It is asked once after the change log was read, so after each withdrawal and then each minute: `export_bulk` may not
    be lost, and a run of corrections needs no export of each. It raises nothing: a folder or a manifest that cannot be
    read must not make the job read the log again.
    """
    try:
        if exports.is_replacement_due():
            changes.defer_job_once(EXPORT_BULK, lock=EXPORT_BULK, timestamp=int(timezone.now().timestamp()))
    except Exception:
        _log.exception("cannot tell whether an export must be replaced")


def register_own_jobs() -> None:
    """Register the bulk export and the retry of stalled jobs."""

    @app.periodic(cron="10 19 * * *")  # UTC; 02:10 in Viet Nam, after the due transitions of the day
    @app.task(
        name=EXPORT_BULK, lock=EXPORT_BULK, queueing_lock=EXPORT_BULK, retry=RetryStrategy(max_attempts=12, wait=600)
    )  # its disk may be full
    def export_bulk(timestamp: int) -> None:
        run_command(EXPORT_BULK)

    @app.periodic(cron="* * * * *")
    @app.task(name="retry_stalled_jobs", aliases=["take_up_stalled_jobs"], queueing_lock="retry_stalled_jobs")
    async def retry_stalled_jobs(timestamp: int) -> None:
        """Retry the jobs of a worker that was killed: without this they stay «doing» for ever.

        A scheduled job is queued once only. Where the next one waits already, the stalled one ends as aborted.
        """
        for job in await app.job_manager.get_stalled_jobs():
            try:
                await app.job_manager.retry_job(job)
            except UniqueViolation:
                await app.job_manager.finish_job(job, Status.ABORTED, delete_job=False)
