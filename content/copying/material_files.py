"""The files of a copied material: listed in its record by their SHA-256, and fetched after it, each checked."""

from collections.abc import Sequence
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.copying import fields
from content.copying.fields import Data, RecordRefused
from content.copying.files import SHA256
from content.copying.models import CopiedMaterialFile
from content.errors import RuleBroken
from content.media import search_keys
from content.media import services as media
from content.media.choices import FileRole
from content.media.models import ALT_LENGTH, Material, MaterialFile
from content.stored_files.file_types import EXTENSIONS, MediaType, max_bytes
from content.stored_files.models import StoredFile
from content.topics.choices import ContentLanguage

MOST_FILES = 100  # of one material: captions and sign language in each language, and two more
ONCE = (FileRole.MAIN, FileRole.POSTER)
COLUMNS = ("role", "language", "alt_text")


def files_data(material: Material) -> list[dict[str, Any]]:
    """The files in a fixed order. Of a copy those of its home, whether we have fetched them or not."""
    rows: list[tuple[Any, Any]]  # (file, its bytes)
    if material.home:
        rows = [(each, each) for each in material.copied_files.all()]
    else:
        rows = [(each, each.stored) for each in material.files.select_related("stored")]
    found = [
        {name: fields.told(str(getattr(file, name))) for name in COLUMNS}
        | {"sha256": stored.sha256, "media_type": str(stored.media_type), "size": stored.size}
        for file, stored in rows
    ]
    return sorted(found, key=lambda row: (row["role"], row["language"]))


def files_of(data: Data) -> list[CopiedMaterialFile]:
    """The unsaved files of a record. Raises RecordRefused."""
    found = [_file(row) for row in fields.items(data, "files")]
    places = [each.role if each.role in ONCE else (each.role, each.language) for each in found]
    if len(found) > MOST_FILES or len(set(places)) < len(places):
        raise RecordRefused(_("The material of the record has two files in one place, or too many."))
    return found


def _file(row: Data) -> CopiedMaterialFile:
    sha256, size = fields.text(row, "sha256", most=64), fields.number(row, "size")
    role = fields.choice(row, "role", FileRole.values)
    media_type = fields.choice(row, "media_type", [str(each) for each in media.ROLE_TYPES[FileRole(role)]])
    if not SHA256.fullmatch(sha256) or not size or size > max_bytes(MediaType(media_type)):
        raise RecordRefused(_("A file of the record has no SHA-256, or is larger than files of its type are."))
    return CopiedMaterialFile(
        role=role, language=fields.choice(row, "language", ContentLanguage.values),
        alt_text=fields.typed(row, "alt_text", most=ALT_LENGTH), sha256=sha256, media_type=media_type, size=size,
    )  # fmt: skip


def put_files(material: Material, wanted: Sequence[CopiedMaterialFile]) -> None:
    """Make the files of the saved material these. What it has no more is removed at once, what is new waits.

    Files that it had before it became a copy are not those of its home, and public nowhere.
    """
    by_place = {_place(each): each for each in wanted}
    stored = {_place(each): each for each in material.copied_files.all()}
    earlier = [each.pk for each in material.files.all() if (each.role, each.language) not in stored]
    media.remove_files_of_copy(material.files.filter(pk__in=earlier))
    for place, former in stored.items():
        if place not in by_place or by_place[place].sha256 != former.sha256:
            media.remove_files_of_copy(material.files.filter(role=former.role, language=former.language))
            former.delete()
        else:
            _take_progress(by_place[place], former)
    for file in by_place.values():
        _put_file(material, file)


def _put_file(material: Material, file: CopiedMaterialFile) -> None:
    file.material = material
    if file.pk:  # the same bytes
        file.save()
        material.files.filter(role=file.role, language=file.language).update(alt_text=file.alt_text)
        return
    here = StoredFile.objects.select_for_update(no_key=True).filter(sha256=file.sha256, media_type=file.media_type)
    if (known := here.filter(size=file.size).first()) is not None:
        media.give_file_of_copy(material, file.role, file.language, file.alt_text, known)
        file.fetched_at = timezone.now()
    file.save()


def _take_progress(file: CopiedMaterialFile, former: CopiedMaterialFile) -> None:
    """It has the bytes that it had. If they were tried with another size or type, that says nothing."""
    file.pk, file.fetched_at = former.pk, former.fetched_at
    if (file.size, file.media_type) == (former.size, former.media_type):
        file.tries, file.next_try_at, file.error = former.tries, former.next_try_at, former.error


def _place(file: CopiedMaterialFile) -> tuple[str, str]:
    return str(file.role), str(file.language)


def path(file: CopiedMaterialFile) -> str:
    """Where the file is at its home."""
    return f"/api/v1/files/{file.sha256}/{file.role}.{EXTENSIONS[MediaType(file.media_type)]}"


def store_file(file: CopiedMaterialFile, content: IO[bytes], sha256: str) -> None:
    """Check the bytes as an upload is checked, and store them if they are still wanted; `sha256` is theirs.

    Raises RecordRefused for other bytes, and for what no upload may be.
    """
    if sha256 != file.sha256:
        raise RecordRefused(_("The file does not have the SHA-256 and the size that its record gives."))
    try:
        with media.checked_file_of_copy(file.material, file.role, content) as checked, transaction.atomic():
            if checked.main["sha256"] != sha256:
                raise RecordRefused(_("The file says more than sound and picture."))
            if (checked.main["size"], checked.main["media_type"]) != (file.size, file.media_type):
                raise RecordRefused(_("The file does not have the SHA-256 and the size that its record gives."))
            material = Material.objects.select_for_update(no_key=True).get(pk=file.material_id)
            wanted = CopiedMaterialFile.objects.filter(pk=file.pk, sha256=sha256, fetched_at=None)
            if wanted.filter(material__status="published").update(fetched_at=timezone.now(), error=""):
                _give(material, file, checked)
    except RuleBroken as refusal:
        raise RecordRefused(refusal.message) from refusal


def _give(material: Material, file: CopiedMaterialFile, checked: media.CheckedFile) -> MaterialFile:
    found = media.give_file_of_copy(material, file.role, file.language, file.alt_text, checked)
    material.changed_at = timezone.now()
    material.save(update_fields=["changed_at"])
    search_keys.refresh_material_search_keys(material)
    return found
