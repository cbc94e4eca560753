"""Jobs that wait to read the change log: one reads for all that were queued before it began.

Each transaction with a change queues a job. While a hundred installations or an import write, most of them would find
nothing new, and to find nothing each asks ten consumers.
"""

from django.db import connection

from content.changes.services import READ_CHANGES

_DROP = """
    DELETE FROM procrastinate_jobs WHERE id IN (
        SELECT id FROM procrastinate_jobs
        WHERE status = 'todo' AND task_name = %s AND attempts = 0 AND scheduled_at IS NULL
        FOR UPDATE SKIP LOCKED
    )
"""


def drop_queued_readings() -> int:
    """Delete those that wait, and return how many. Call it before the log is read, outside a transaction.

    A job was committed together with its changes: who sees it sees them. One that failed and is to be tried again, and
    one that begins at this moment, stay. If the caller is killed before it has read, the job of each minute reads.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [READ_CHANGES])
        return int(cursor.rowcount)
