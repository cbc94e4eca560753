"""Keeps the counts of public documents.

Triggers mark each document of which something changes that it counts by (`OutdatedCount`), also for SQL and for the
release before, which knows no counts. The worker settles the marks within a minute: it takes from the counts what the
document was, and adds what it is. Until then reads count marked documents apart (`queries`).
"""

from collections.abc import Iterable

from django.db import connection, transaction

from content import locks
from content.document_counts import statements
from content.document_counts.models import CountedDocument, DocumentCount, OutdatedCount
from content.documents.models import LegalDocument

BATCH = 10_000  # documents; each batch writes most sums anew: more batches take longer and leave dead rows


def settle_counts() -> int:
    """Bring the counts of all marked documents up to date, in batches, each in its transaction. Returns of how many.

    While somebody else does so, it leaves the rest to them.
    """
    count = 0
    while settled := _settle_batch():
        count += settled
    return count


def outdate_counts(ids: Iterable[int]) -> None:
    """Mark these documents: the next `settle_counts` counts them anew."""
    marks = [OutdatedCount(document_id=pk, transaction_id=0) for pk in ids]
    OutdatedCount.objects.bulk_create(marks, batch_size=BATCH, ignore_conflicts=True)


def count_anew() -> int:
    """Forget all counts and count all public documents. Returns how many. Reads are right meanwhile."""
    with transaction.atomic():
        locks.hold(locks.Lock.DOCUMENT_COUNTS)
        DocumentCount.objects.all().delete()
        CountedDocument.objects.all().delete()
        public = list(LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED).values_list("pk", flat=True))
        outdate_counts(public)
        with connection.cursor() as cursor:
            cursor.execute(statements.ANNOUNCE)
    while OutdatedCount.objects.filter(transaction_id=0).exists():  # marks that no change made
        if not settle_counts():
            with transaction.atomic():
                locks.hold(locks.Lock.DOCUMENT_COUNTS)  # the worker is at it: wait for its batch
    return len(public)


def _settle_batch() -> int:
    """How many documents were settled; 0 where none is marked, or somebody else is at it."""
    with transaction.atomic():
        if not locks.try_hold(locks.Lock.DOCUMENT_COUNTS):
            return 0
        with connection.cursor() as cursor:
            cursor.execute(statements.SETTLE, {"most": BATCH, "are_all_issued": False, "left_out": []})
            settled, empty = cursor.fetchone()
        DocumentCount.objects.filter(pk__in=empty).delete()
        return int(settled)
