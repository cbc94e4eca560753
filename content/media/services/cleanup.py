"""Delete the bytes of files that no material has any more, and of uploads that did not end."""

import datetime

from django.db import transaction
from django.utils import timezone

from content.media import queries
from content.stored_files import storage
from content.stored_files.models import StoredFile

KEPT_FOR = datetime.timedelta(days=30)
UNFINISHED_FOR = datetime.timedelta(days=1)  # an upload is over long before
UNKNOWN_TYPE = "application/octet-stream"  # of bytes that nobody can ask for


def delete_unused_files(now: datetime.datetime | None = None) -> int:
    """Delete stored files that no material has had for 30 days since the last upload. Returns how many.

    The row is locked until its bytes are gone: who uploads the same file at that moment waits, and stores it again.
    """
    before = (now or timezone.now()) - KEPT_FOR
    count = 0
    while pks := list(queries.unused_files(before).values_list("pk", flat=True)[:100]):
        deleted = sum(_delete_if_unused(pk, before) for pk in pks)
        count += deleted
        if not deleted:
            break
    return count


def register_lost_files(now: datetime.datetime | None = None) -> int:
    """Give a row to stored bytes that have none: an upload was refused, or its process ended, after they were written.

    They are deleted as other files that nobody uses, 30 days after they were written. Who uploads the same file
    meanwhile waits for the row and takes it. Returns how many there were.
    """
    before = (now or timezone.now()) - UNFINISHED_FOR
    count = 0
    for hashes in storage.stored_hashes():
        known = set(StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
        count += sum(_register(sha256, before) for sha256 in hashes if sha256 not in known)
    return count


def _register(sha256: str, before: datetime.datetime) -> bool:
    found = storage.stored_facts(sha256)
    if found is None or found.stored_at >= before:
        return False
    columns = {"media_type": UNKNOWN_TYPE, "size": found.size, "stored_at": found.stored_at}
    _row, is_new = StoredFile.objects.get_or_create(sha256=sha256, defaults=columns)
    return is_new


@transaction.atomic
def _delete_if_unused(pk: int, before: datetime.datetime) -> bool:
    row = StoredFile.objects.select_for_update().filter(pk=pk).first()
    if row is None or not queries.unused_files(before).filter(pk=pk).exists():
        return False
    sha256 = row.sha256
    row.delete()  # with its renditions, whose own files are unused then
    storage.delete(sha256)
    return True
