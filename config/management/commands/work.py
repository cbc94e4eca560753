"""`manage.py work`: the worker of an installation."""

import asyncio
import contextlib
import errno
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from config import jobs, logs
from config.memory.pools import limit_memory_pools, return_memory_regularly
from config.metrics.gateway import CountingGateway
from config.metrics.worker import served_metrics
from config.tracing.jobs import trace_job
from config.tracing.start import start as start_traces
from content import database_limits, direct_sessions, own_process
from content.management import CHECKS_OF_SETTINGS
from content.peer_loop.loop import FollowingLoop
from notifications import clock
from notifications.deliveries import services as deliveries
from notifications.push.firebase import FirebaseGateway
from notifications.sender import Sender

log = logging.getLogger(__name__)
STOP_SECONDS = 12  # less than the supervisor waits before it kills us
CONNECT_SECONDS = 2  # how long a query of the job queue waits for a connection; then the database counts as away
RECONNECT_PAUSE = 0.25  # before the second look whether it is back; each further pause is twice as long …
MOST_RECONNECT_PAUSE = 5  # … up to this
REPORT_INTERVAL = 60  # seconds between two lines of the log that say why it is away
CLOCK_READING_INTERVAL = 5  # seconds between two readings of the database's clock
CLOCK_TOLERANCE = 30  # seconds; a clock that is set by more than that was not merely adjusted


class Command(BaseCommand):
    """Run jobs and the sender in one process, see `help`."""

    requires_system_checks = CHECKS_OF_SETTINGS
    help = "Run the background jobs and send the queued pushes. Ends on SIGTERM."

    def handle(self, **options: Any) -> None:
        """Work until SIGTERM or SIGINT, then finish what has begun."""
        limit_memory_pools(searches=False)
        return_memory_regularly()
        logs.log_uncaught_exceptions()
        own_process.end_with_parent()
        database_limits.use(database_limits.Work.JOBS, most_connections=settings.WORKER_CONNECTIONS)
        start_traces()
        gateway = self._gateway()
        counted = CountingGateway(gateway)
        sender = Sender(counted, threads=settings.SENDER_THREADS)
        jobs.register(counted, wake_sender=sender.wake)
        gateway.warm_up()
        sending = threading.Thread(target=sender.run, name="outbox")
        sending.start()
        loop = FollowingLoop()
        following = threading.Thread(target=loop.run, name="following", daemon=True)
        following.start()
        stopping = threading.Event()
        threading.Thread(target=_watch_clock_of_database, args=(stopping,), name="clock", daemon=True).start()
        try:
            with served_metrics():
                asyncio.run(self._work())
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            port = settings.WORKER_METRICS_PORT
            raise CommandError(f"Port {port} is taken. Choose another: WORKER_METRICS_PORT=…") from None
        finally:
            stopping.set()
            loop.stop()
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
        """Run jobs until SIGTERM or SIGINT, then finish those that have begun, but stop their commands.

        A command may take minutes, and its job comes again. Outlives a database that goes away.
        """
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        while not stopping.is_set():
            running = asyncio.create_task(_run_jobs())
            ends = [running, *map(asyncio.create_task, (stopping.wait(), _clock_set_back()))]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if stopping.is_set():
                own_process.stop_commands()
            for task in ends:
                task.cancel()  # what runs finishes the jobs it has begun
            try:
                await running
            except asyncio.CancelledError:
                continue
            except (ConnectorException, psycopg.OperationalError, TimeoutError) as error:
                log.warning("the database is away, the jobs wait for it: %s", error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), RECONNECT_PAUSE)


def _watch_clock_of_database(stopping: threading.Event) -> None:
    """Correct what waits whenever the clock of the database was set back, until `stopping` is set."""
    while not stopping.wait(CLOCK_READING_INTERVAL):
        try:
            if set_back := clock.correct_waits():
                log.warning("the clock of the database was set back by %s: what waits was corrected", set_back)
        except Error:
            log.debug("the clock of the database cannot be read now")
        finally:
            connection.close()


async def _run_jobs() -> None:
    """Run jobs until this is cancelled. Returns or raises when the database goes away; waits for one that is away."""
    parameters = direct_sessions.parameters()  # procrastinate listens for new jobs
    await _wait_for_database(parameters)
    connector = PsycopgConnector(kwargs=parameters, timeout=CONNECT_SECONDS, reconnect_timeout=CONNECT_SECONDS)
    with app.replace_connector(connector):
        async with asyncio.timeout(CONNECT_SECONDS):
            await app.open_async()
        try:
            await app.run_worker_async(
                concurrency=2,
                fetch_job_polling_interval=1,
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
                install_signal_handlers=False,
                task_middleware=[trace_job] if settings.TRACING else [],
            )
        finally:
            await app.close_async()


async def _wait_for_database(
    parameters: dict[str, Any],
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Return when a connection can be opened. A pool would ask only each second, then each other, then give up.

    Logs once a minute why there is none: a password that was changed looks like a database that is away. A server that
    does not answer counts as away after CONNECT_SECONDS; a `connect_timeout` of `parameters` wins.
    """
    pause, report_at = RECONNECT_PAUSE, clock()
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(**{"connect_timeout": CONNECT_SECONDS} | parameters)
            return await connection.close()
        except psycopg.OperationalError as error:
            if clock() >= report_at:
                log.warning("the database is away, the jobs wait for it: %s", error)
                report_at = clock() + REPORT_INTERVAL
        await sleep(pause)
        pause = min(2 * pause, MOST_RECONNECT_PAUSE)


def _clock_offset() -> float:
    """How many seconds the clock of this machine is ahead of the one that nobody can set."""
    return time.time() - time.monotonic()


async def _clock_set_back(read_offset: Callable[[], float] = _clock_offset, pause: float = 1) -> None:
    """Return when the clock of this machine was set back. Looks each `pause` seconds.

    procrastinate has noted until when it queued the scheduled jobs, and would queue none until that moment returns.
    """
    latest = read_offset()
    while (offset := read_offset()) > latest - CLOCK_TOLERANCE:
        latest = max(latest, offset)
        await asyncio.sleep(pause)
    log.warning("the clock was set back: the scheduled jobs begin anew")
