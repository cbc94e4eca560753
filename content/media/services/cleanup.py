"""Delete the bytes of files that no material has any more."""

import datetime

from django.db import transaction
from django.utils import timezone

from content.media import queries
from content.stored_files import storage
from content.stored_files.models import StoredFile

KEPT_FOR = datetime.timedelta(days=30)


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


@transaction.atomic
def _delete_if_unused(pk: int, before: datetime.datetime) -> bool:
    row = StoredFile.objects.select_for_update().filter(pk=pk).first()
    if row is None or not queries.unused_files(before).filter(pk=pk).exists():
        return False
    sha256 = row.sha256
    row.delete()  # with its renditions, whose own files are unused then
    storage.delete(sha256)
    return True
