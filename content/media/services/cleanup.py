"""Delete the bytes of files that no material has any more, and of uploads that did not end."""

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from content.media import queries
from content.stored_files import storage
from content.stored_files.models import StoredFile

logger = logging.getLogger(__name__)

KEPT_FOR = datetime.timedelta(days=30)
UNFINISHED_FOR = datetime.timedelta(days=1)  # an upload is over long before
UNKNOWN_TYPE = "application/octet-stream"  # of bytes that nobody can ask for
MAX_LOST_SHARE = 0.1  # of the stored files; more lost ones are no leftovers of uploads


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

    They are deleted as other files that nobody uses, 30 days after they were found here. Who uploads the same file
    meanwhile waits for the row and takes it. Returns how many there were.

    Where the database knows no file, or more than MAX_LOST_SHARE of the stored ones are lost, the storage belongs to
    another installation or the database to another day: nothing is registered, and the log says so each time.
    """
    moment = now or timezone.now()
    lost, known = _lost_and_known(moment - UNFINISHED_FOR)
    if lost and not _is_small_share(len(lost), known):
        logger.error(
            "%d of %d stored files have no row in this database: is it the one of this MEDIA_BUCKET or MEDIA_FOLDER? "
            "None of them is registered, so none will be deleted.",
            len(lost),
            len(lost) + known,
        )
        return 0
    return sum(_register(sha256, size, moment) for sha256, size in lost.items())


def _lost_and_known(before: datetime.datetime) -> tuple[dict[str, int], int]:
    """({sha256: size} of stored files without a row, written before that moment; how many stored files have one).

    A row that was made for lost bytes makes them no known file.
    """
    lost, known = {}, 0
    for hashes in storage.stored_hashes():
        rows = dict(StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", "media_type"))
        known += sum(media_type != UNKNOWN_TYPE for media_type in rows.values())
        for sha256 in (each for each in hashes if each not in rows):
            found = storage.stored_facts(sha256)
            if found and found.stored_at < before:
                lost[sha256] = found.size
    return lost, known


def _is_small_share(lost: int, known: int) -> bool:
    """Whether that many lost files beside that many known ones are what refused uploads leave."""
    return lost <= MAX_LOST_SHARE * (lost + known)


def _register(sha256: str, size: int, moment: datetime.datetime) -> bool:
    columns = {"media_type": UNKNOWN_TYPE, "size": size, "stored_at": moment}
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
