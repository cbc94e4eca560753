"""What the database says about an installation, asked when /metrics is: the same whichever process answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connection
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.replicas.services import REPLICAS
from config.metrics import backlog
from content.database_limits import Work, within
from notifications.deliveries import queries as deliveries
from notifications.deliveries.models import Gate

SESSIONS = """
    SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1
"""
LIMIT = "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
REPLICA_BEHIND = "luatmo_replica_behind_seconds"  # only where there are replicas
NEVER = -1.0  # no worker has left a heartbeat


@dataclass(frozen=True)
class Gauge:
    """A metric with at most one label; `values` by its value."""

    name: str
    words: str
    values: dict[str, float]
    label: str = ""

    def as_family(self) -> GaugeMetricFamily:
        """What prometheus_client writes."""
        family = GaugeMetricFamily(self.name, self.words, labels=[self.label] if self.label else [])
        for label, value in self.values.items():
            family.add_metric([label] if self.label else [], value)
        return family


class InstallationCollector(Collector):
    """Gauges of the whole installation. While the database is away there is only `luatmo_database_up` 0."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Ask the database, for at most a second each group."""
        words = "Whether the database answers this process: 1 or 0."
        try:
            sessions = _read(_of_database)
            up = {"": float(sessions is not None)}
            further = [*_of_replicas(), *(_read(_of_pushes) or ()), *(_read(_of_work) or ())] if sessions else []
            gauges = [*(sessions or ()), *further]
        finally:
            if not connection.in_atomic_block:
                connection.close()  # of the pool: no request of Django's gives it back
        yield Gauge("luatmo_database_up", words, up).as_family()
        for gauge in gauges:
            yield gauge.as_family()


def _read(group: Callable[[], Iterator[Gauge]]) -> list[Gauge] | None:
    """The gauges of a group; None if the database does not answer in time. A slow count says nothing of the others."""
    try:
        with within(Work.HEALTH):
            return list(group())
    except (DatabaseError, InterfaceError):
        return None


def _of_database() -> Iterator[Gauge]:
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS)
        sessions = dict(cursor.fetchall())
        cursor.execute(LIMIT)
        limit = float(cursor.fetchone()[0])
    words = "Sessions of this database by state, of all processes and machines."
    yield Gauge("luatmo_database_sessions", words, sessions, "state")
    yield Gauge("luatmo_database_connections_limit", "Sessions that the server gives, of all databases.", {"": limit})


def _of_replicas() -> Iterator[Gauge]:
    """As the process sees them that is asked, once it has read public law; else there are none."""
    if behind := REPLICAS.behind_seconds():
        words = "Seconds since a replica was last current for certain; above 1 this process does not read it."
        yield Gauge(REPLICA_BEHIND, words, behind, "replica")


def _of_pushes() -> Iterator[Gauge]:
    waiting = {status: float(count) for status, count in backlog.deliveries_by_status().items()}
    yield Gauge("luatmo_outbox_deliveries", "Deliveries that are not settled.", waiting, "status")
    age = {"": backlog.oldest_due_delivery()}
    yield Gauge("luatmo_outbox_oldest_due_seconds", "For how long the oldest delivery has been due.", age)
    broken = {"": float(deliveries.broken_channel() is not None)}
    yield Gauge("luatmo_push_channel_broken", "Whether Firebase refuses our configuration: 1 or 0.", broken)
    closed = {gate.quota for gate in deliveries.closed_gates()}
    gates = {quota: float(quota in closed) for quota in Gate.Quota.values}
    yield Gauge("luatmo_fcm_quota_closed", "Whether a quota of FCM is used up: 1 or 0.", gates, "quota")


def _of_work() -> Iterator[Gauge]:
    yield Gauge("luatmo_change_log_head", "Id of the newest change.", {"": float(backlog.change_log_head())})
    unread = {consumer: float(count) for consumer, count in backlog.unread_changes().items()}
    yield Gauge("luatmo_changes_unread", "Changes that a consumer of the log has not read.", unread, "consumer")
    age = {"": backlog.oldest_unread_change()}
    yield Gauge("luatmo_changes_oldest_unread_seconds", "Age of the oldest change that is not read by all.", age)
    yield Gauge("luatmo_jobs_late", "Jobs that should have begun five minutes ago.", {"": backlog.late_job_count()})
    yield Gauge("luatmo_jobs_failed", "Jobs that gave up.", {"": backlog.failed_job_count()})
    silence = backlog.worker_silence()
    heard = {"": NEVER if silence is None else silence}
    yield Gauge("luatmo_worker_silence_seconds", "Seconds since the last heartbeat of a worker; -1: never.", heard)
