"""Write the change log, and queue jobs in the caller's transaction."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from content import tracing
from content.changes import chain
from content.changes.models import Change
from content.people.models import Reader

READ_CHANGES = "changes.read"
# `defer_job` within another statement, for code that would else send one more for each request; %(job)s is the task
JOB_IN_A_STATEMENT = (
    "procrastinate_defer_jobs_v1(ARRAY["
    "ROW('default', %(job)s, 0, NULL, NULL, '{}', NULL)::procrastinate_job_to_defer_v1])"
)
PRIVATE_CHANGES_KEPT_FOR = datetime.timedelta(days=30)


class ChangeColumns(TypedDict, total=False):
    """Further columns of a change."""

    eids: Sequence[str]
    topics: Sequence[str]  # keys
    organisation: str  # key
    hash_before: str
    hash_after: str
    facts: Mapping[str, Any]


def record_change(
    event_type: str,
    subject: str,
    *,
    nature: str,
    reader: Reader | None = None,
    notify: bool = True,
    **columns: Unpack[ChangeColumns],
) -> Change:
    """Append one change in the caller's transaction, queue the job that reads it, and return the change.

    Without a `reader` the change is public. The advisory lock is held until the caller commits, so ids follow commit
    order: a consumer that asks for everything after id N never skips a row that committed late. Raises RuntimeError
    outside a transaction, IntegrityError for an unknown event type.
    """
    change = Change(event_type=event_type, subject=subject, nature=nature, reader=reader, notify=notify, **columns)
    return record_changes([change])[0]


def record_public_change_of(
    row: Any,
    event_type: str,
    facts: Mapping[str, Any],
    *,
    nature: str,
    notify: bool = True,
    to_topics: bool = True,
) -> Change:
    """Append a public change of a row that has a `key`, `topics` and an `organisation`, as `record_change` does.

    Without `to_topics` only followers of the row itself are notified, and who takes part in it.
    """
    return record_change(
        event_type,
        row.key,
        nature=nature,
        notify=notify,
        topics=sorted(row.topics.values_list("key", flat=True)) if to_topics else [],
        organisation=row.organisation.key if to_topics and row.organisation else "",
        facts=facts,
    )


def record_changes(changes: Iterable[Change]) -> list[Change]:
    """Append several unsaved changes, as `record_change` does, and queue one job. Returns them, none if there are none.

    Raises as `record_change`.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(
            "Open a transaction first: a change is recorded in the transaction that changes the content."
        )
    rows = list(changes)
    if rows:
        traceparent = tracing.current_traceparent()
        for row in rows:
            row.traceparent = traceparent
        chain.link(rows)
        Change.objects.bulk_create(rows)
        defer_job(READ_CHANGES, priority=10)  # before the scheduled jobs
    return rows


def delete_old_private_changes() -> int:
    """Delete private changes older than 30 days with the messages made from them. Returns how many changes."""
    old = Change.objects.filter(reader__isnull=False, changed_at__lt=timezone.now() - PRIVATE_CHANGES_KEPT_FOR)
    return old.delete()[1].get("content.Change", 0)


def defer_job(task_name: str, *, priority: int = 0) -> None:
    """Queue the job of that name on Django's own connection: it exists if and only if the caller commits.

    The job is named, not imported, because it may belong to a higher layer. It is not queued through procrastinate's
    current app: inside a worker that has another connection, and the job could start before the commit. It has no
    queueing lock: with one, a second publication would abort its transaction.
    """
    job = Job(
        id=None, queue="default", lock=None, queueing_lock=None, task_name=task_name, task_kwargs={}, priority=priority
    )
    JobManager(DjangoConnector()).defer_job(job)


def defer_job_once(task_name: str, *, lock: str, **arguments: Any) -> bool:
    """Queue the job of that name unless one with the same `lock` waits already. Returns whether it was queued.

    A job that runs does not count as waiting. The two never run at once. For callers that may be asked again: a job
    that starts while this transaction is open does not see what it wrote.
    """
    job = Job(
        id=None, queue="default", lock=lock, queueing_lock=lock, task_name=task_name, task_kwargs=arguments, priority=0
    )
    try:
        with transaction.atomic():
            JobManager(DjangoConnector()).defer_job(job)
    except AlreadyEnqueued:
        return False
    return True
