"""All background jobs of the worker: each layer registers its own, and those that need the API are here."""

from procrastinate.contrib.django import app

from api.v1.sync import bulk_export
from content import jobs as content_jobs
from notifications import fanout
from notifications import jobs as notification_jobs
from notifications.push.gateway import Gateway


def register(gateway: Gateway) -> None:
    """Give the worker's app the tasks of every layer. Call once, when Django is ready."""
    content_jobs.register(further_consumers=[fanout.read_changes])
    notification_jobs.register(gateway)
    register_own_jobs()


def register_own_jobs() -> None:
    """Jobs that write what the API shows, and jobs about jobs."""

    @app.periodic(cron="10 19 * * *")  # UTC: ten past two at night in Viet Nam, after the day's transitions
    @app.task(name="export_bulk", queueing_lock="export_bulk")
    def export_bulk(timestamp: int) -> None:
        bulk_export.write_bulk_export()

    @app.periodic(cron="* * * * *")
    @app.task(name="retry_stalled_jobs", aliases=["take_up_stalled_jobs"])
    async def retry_stalled_jobs(timestamp: int) -> None:
        """Retry the jobs of a worker that was killed: without this they stay «doing» for ever."""
        for job in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(job)
