"""The public original files of a document: listed in its record by their SHA-256, and fetched after it."""

import os
import re
from collections.abc import Collection, Sequence
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.copying.models import CopiedFile
from content.documents.models import LegalDocument
from content.publishing.document_writer import UNUSABLE_CHARACTERS
from content.record_fields import fields
from content.record_fields.fields import Data, RecordRefused
from content.text.vietnamese import nfc

MOST_FILES = 1_000  # of one document
SHA256 = re.compile(r"[0-9a-f]{64}")
COLUMNS = ("sha256", "name", "media_type", "size")


def files_data(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The files in a fixed order. Of a copy those of its home, whether we have fetched them or not."""
    return [row | {"name": clean_name(row["name"], row["sha256"])} for row in rows]


def clean_name(name: str, sha256: str) -> str:
    """The name in a form that every installation accepts. The SHA-256 if no letter of it is left."""
    return nfc(UNUSABLE_CHARACTERS.sub("", name)).strip()[:255].strip() or sha256


def put_files(document: LegalDocument, rows: Sequence[Data]) -> None:
    """Make the listed files those of the record: what it has no more is deleted at once, what is new waits.

    Files that we imported ourselves stay. A row that is no file, or one too many, is left out: it costs no law.
    """
    found = [row for each in rows if (row := copied_file(document, each))]
    wanted = {row.sha256: row for row in found[:MOST_FILES]}
    stored = {each.sha256: each for each in document.copied_files.all()}
    _delete(document, stored.keys() - wanted.keys())
    CopiedFile.objects.bulk_create(row for sha256, row in wanted.items() if sha256 not in stored)
    for sha256 in wanted.keys() & stored.keys():
        names = {name: getattr(wanted[sha256], name) for name in COLUMNS}
        if names != {name: getattr(stored[sha256], name) for name in COLUMNS}:
            document.copied_files.filter(sha256=sha256).update(**names)


def forget_files(document: LegalDocument) -> None:
    """Its home withdrew the document: its files may have what must not be kept."""
    _delete(document, set(document.copied_files.values_list("sha256", flat=True)))


@transaction.atomic
def store_file(file: CopiedFile, content: IO[bytes], sha256: str) -> None:
    """Store the bytes of a file that is still wanted; `sha256` is theirs. Raises RecordRefused for other bytes."""
    if (content.seek(0, os.SEEK_END), sha256) != (file.size, file.sha256):
        raise RecordRefused(_("The file does not have the SHA-256 and the size that its record gives."))
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=file.document_id)
    found = document.copied_files.filter(pk=file.pk, fetched_at=None)
    if not found.update(fetched_at=timezone.now(), error=""):
        return
    columns = {"name": file.name, "media_type": file.media_type, "size": file.size}
    content.seek(0)
    _original, is_new = document.original_files.get_or_create(
        sha256=file.sha256, defaults=columns | {"content": content.read()}
    )
    if not is_new:
        document.copied_files.filter(pk=file.pk).update(is_ours=True)
    document.save(update_fields=["updated_at"])


def copied_file(document: LegalDocument, row: Data) -> CopiedFile | None:
    """The file of a row; None for what is none, and for a web page."""
    try:
        sha256, size = fields.text(row, "sha256", most=64), fields.number(row, "size")
        name, media_type = row.get("name"), fields.text(row, "media_type", most=100)
    except RecordRefused:
        return None
    if not SHA256.fullmatch(sha256) or size is None or not isinstance(name, str) or media_type == "text/html":
        return None
    return CopiedFile(document=document, sha256=sha256, size=size, name=clean_name(name, sha256), media_type=media_type)


def _delete(document: LegalDocument, hashes: Collection[str]) -> None:
    """Delete files that came from the home; what we imported ourselves stays."""
    gone = document.copied_files.filter(sha256__in=hashes)
    fetched = list(gone.exclude(fetched_at=None).filter(is_ours=False).values_list("sha256", flat=True))
    document.original_files.filter(sha256__in=fetched).delete()
    gone.delete()
