"""Jobs of the worker that need the doors: what they write is what the API shows."""

from procrastinate.contrib.django import app

from api.v1 import bulk


def register():
    """Give the worker's app its tasks. Call once, when Django is ready."""

    @app.periodic(cron="10 19 * * *")  # UTC: ten past two at night in Viet Nam, when the day has turned
    @app.task(name="export_bulk", queueing_lock="export_bulk")
    def export_bulk(timestamp):
        bulk.export()
