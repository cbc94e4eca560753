import asyncio
import os
import threading
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from procrastinate.contrib.django import app

from config import jobs, logs
from config.processes import exit_with_parent
from notifications.deliveries import services as deliveries
from notifications.deliveries.sender import Sender
from notifications.push.firebase import FirebaseGateway

STOP_SECONDS = 12  # less than the supervisor waits


class Command(BaseCommand):
    help = "Run background jobs: read the change log, update FCM subscriptions, send pushes. SIGTERM ends it."

    def handle(self, **options: Any) -> None:
        logs.log_uncaught_exceptions()
        if parent := os.environ.get("END_WITH_PARENT"):
            exit_with_parent(int(parent))
        gateway = self._gateway()
        jobs.register(gateway)
        sender = Sender(gateway, threads=settings.SENDER_THREADS)
        sending = threading.Thread(target=sender.run, name="outbox")
        sending.start()
        try:
            with app.replace_connector(cast(Any, app.connector).get_worker_connector()):
                asyncio.run(self._work())
        finally:
            sender.stop()
            sending.join(STOP_SECONDS)
            if sending.is_alive():  # the SDK sleeps as long as FCM requested; the lease of its deliveries expires
                os._exit(0)
            gateway.close()

    def _gateway(self) -> Any:
        if not settings.FIREBASE_CREDENTIALS_FILE:
            raise CommandError("FIREBASE_CREDENTIALS_FILE is not set, so nothing can be sent. Set it.")
        try:
            return FirebaseGateway(settings.FIREBASE_CREDENTIALS_FILE)
        except (OSError, ValueError) as error:
            deliveries.mark_channel_broken(f"FIREBASE_CREDENTIALS_FILE: {error}")
            raise CommandError(f"FIREBASE_CREDENTIALS_FILE: {error}") from None

    async def _work(self) -> None:
        """Run jobs until SIGTERM or SIGINT. procrastinate finishes the running jobs first."""
        async with app.open_async():
            await app.run_worker_async(
                concurrency=2, fetch_job_polling_interval=1, shutdown_graceful_timeout=10, delete_jobs="successful"
            )
