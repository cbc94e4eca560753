"""Writing the day-book, and jobs that belong to the caller's transaction."""

import datetime

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from content import locks
from content.changes.models import Change
from content.locks import Lock

READ_CHANGES = "changes.read"
PRIVATE_CHANGES_KEPT_FOR = datetime.timedelta(days=30)


def record_change(event_type, subject, *, nature, reader=None, notify=True, **columns):
    """Append one line inside the caller's transaction, defer the job that reads it, and return the line.

    `columns`: eids, topics (keys), organisation (key), hash_before, hash_after, facts. Without a `reader` the line is
    public. The advisory lock is held until the caller commits, so ids follow commit order: a reader that asks for
    "everything after id N" never skips a row that committed late. Raises IntegrityError for an unknown event type.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A change is recorded in the transaction that changes the content.")
    locks.hold(Lock.CHANGE_LOG)
    change = Change.objects.create(
        event_type=event_type, subject=subject, nature=nature, reader=reader, notify=notify, **columns
    )
    defer_job(READ_CHANGES, priority=10)  # news goes before book-keeping
    return change


def delete_old_private_changes():
    """Delete the lines readers were told by more than 30 days ago, with what was made of them. Returns how many."""
    old = Change.objects.filter(reader__isnull=False, changed_at__lt=timezone.now() - PRIVATE_CHANGES_KEPT_FOR)
    return old.delete()[1].get("content.Change", 0)


def defer_job(task_name, *, priority=0):
    """Queue the job of that name on Django's own connection: it exists if and only if the caller commits.

    By name, not by import: whoever acts on it lives on a higher floor. Not through procrastinate's current app, whose
    connector inside a worker is another connection and would let the job start before the commit. Without a queueing
    lock: with one, a second publication would abort its transaction.
    """
    job = Job(
        id=None, queue="default", lock=None, queueing_lock=None, task_name=task_name, task_kwargs={}, priority=priority
    )
    JobManager(DjangoConnector()).defer_job(job)
