"""Read the change log from where each consumer stopped."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from django.db import InterfaceError, OperationalError, transaction

from content import tracing
from content.changes import queries
from content.changes.models import Change, ChangeCursor

log = logging.getLogger(__name__)
TRANSIENT = (OperationalError, InterfaceError)  # connections, locks, deadlocks, timeouts: the next run may succeed


@transaction.atomic
def consume_changes(
    consumer: str, handle: Callable[[Change], object], *, limit: int = 100, before: int | None = None
) -> int:
    """Give `handle` the next changes one by one and move the consumer's cursor. Returns how many changes were read.

    Everything happens in one transaction. It ends after the first change for which `handle` returns something true,
    so that locks taken for one change are not held while the next is handled. `handle` must do nothing when it gets
    a change again. A change that raises an error is logged and skipped: it must not hold back the rest. An error of
    the connection, or of a lock, ends the run, and the change comes again.

    `before`: id of a change that is not to be read yet, nor what follows it.
    """
    ChangeCursor.objects.get_or_create(consumer=consumer)
    cursor = ChangeCursor.objects.select_for_update(no_key=True).get(consumer=consumer)
    count = 0
    changes = queries.changes_after(cursor.last_change)
    for change in (changes if before is None else changes.filter(pk__lt=before))[:limit]:
        cursor.last_change, count = change.pk, count + 1
        if _handle_or_log(consumer, handle, change):
            break
    if count:
        cursor.save(update_fields=["last_change"])
    return count


def consume_changes_one_by_one(consumer: str, handle: Callable[[Change], bool], *, limit: int = 100) -> int:
    """Give `handle` the next changes, outside a transaction, and move the consumer's cursor after each.

    For work that takes several transactions. `handle` returns whether the change is done with; the first that is not
    ends the run, and comes again at the next call. A change also comes again after a crash, so `handle` must then do
    nothing new. Errors are handled as in `consume_changes`. Returns how many are done with.
    """
    cursor = ChangeCursor.objects.get_or_create(consumer=consumer)[0]
    count = 0
    for change in queries.changes_after(cursor.last_change)[:limit]:
        try:
            with _continued(consumer, change):
                is_done = handle(change)
            if not is_done:
                break
        except TRANSIENT:
            raise
        except Exception:  # whatever it is: it would come again each minute, and nothing after it
            log.exception("change %s could not be handled and is skipped", change.pk)
        ChangeCursor.objects.filter(consumer=consumer, last_change__lt=change.pk).update(last_change=change.pk)
        count += 1
    return count


def consume_changes_together(consumer: str, handle: Callable[[Sequence[Change]], int], *, limit: int = 100) -> int:
    """Give `handle` the next changes at once, outside a transaction. Returns how many are done with.

    For work that several changes ask for and that is done once. `handle` returns how many of the first changes are done
    with; the others come again at the next call. Changes also come again after a crash, so `handle` must then do
    nothing new. It logs and skips what cannot be handled.
    """
    cursor = ChangeCursor.objects.get_or_create(consumer=consumer)[0]
    changes = list(queries.changes_after(cursor.last_change)[:limit])
    count = handle(changes) if changes else 0
    if count:
        last = changes[count - 1].pk
        ChangeCursor.objects.filter(consumer=consumer, last_change__lt=last).update(last_change=last)
    return count


def _continued(consumer: str, change: Change) -> AbstractContextManager[tracing.Span]:
    """A span within the trace of the request or job that wrote the change, if it was traced."""
    name = f"change log, {consumer}"
    return tracing.continued(change.traceparent, name, attributes={"luatmo.change.event_type": change.event_type})


def _handle_or_log(consumer: str, handle: Callable[[Change], object], change: Change) -> object:
    try:
        with _continued(consumer, change), transaction.atomic():
            return handle(change)
    except TRANSIENT:
        raise
    except Exception:
        log.exception("change %s could not be handled and is skipped", change.pk)
        return None
