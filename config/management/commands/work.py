"""`manage.py work`: the worker of an installation."""

import asyncio
import os
import threading
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from config import jobs, logs
from config.processes import exit_with_parent
from content import database_limits
from notifications.deliveries import services as deliveries
from notifications.deliveries.sender import Sender
from notifications.push.firebase import FirebaseGateway

STOP_SECONDS = 12  # less than the supervisor waits before it kills us


class Command(BaseCommand):
    """Run jobs and the sender in one process, see `help`."""

    help = "Run the background jobs and send the queued pushes. Ends on SIGTERM."

    def handle(self, **options: Any) -> None:
        """Work until SIGTERM or SIGINT, then finish what has begun."""
        logs.log_uncaught_exceptions()
        if parent := os.environ.get("END_WITH_PARENT"):
            exit_with_parent(int(parent))
        database_limits.use(database_limits.Work.JOBS, most_connections=settings.WORKER_CONNECTIONS)
        gateway = self._gateway()
        jobs.register(gateway)
        sender = Sender(gateway, threads=settings.SENDER_THREADS)
        sending = threading.Thread(target=sender.run, name="outbox")
        sending.start()
        try:
            with app.replace_connector(cast(DjangoConnector, app.connector).get_worker_connector()):
                asyncio.run(self._work())
        finally:
            sender.stop()
            sending.join(STOP_SECONDS)
            if sending.is_alive():  # the SDK sleeps for as long as FCM asked it to; the lease covers its deliveries
                os._exit(0)
            gateway.close()

    def _gateway(self) -> FirebaseGateway:
        if not settings.FIREBASE_CREDENTIALS_FILE:
            raise CommandError(
                "FIREBASE_CREDENTIALS_FILE is not set, so nothing can be sent. Set it to the service account's file."
            )
        try:
            return FirebaseGateway(settings.FIREBASE_CREDENTIALS_FILE)
        except (OSError, ValueError) as error:
            deliveries.mark_channel_broken(f"FIREBASE_CREDENTIALS_FILE: {error}")
            raise CommandError(f"FIREBASE_CREDENTIALS_FILE: {error}") from None

    async def _work(self) -> None:
        """Run jobs until SIGTERM or SIGINT. procrastinate handles both and finishes the jobs it has begun."""
        async with app.open_async():
            await app.run_worker_async(
                concurrency=2, fetch_job_polling_interval=1, shutdown_graceful_timeout=10, delete_jobs="successful"
            )
