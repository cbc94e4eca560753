"""Take in files of materials: told by their bytes, drawn again or checked, stored under their hash."""

import contextlib
import copy
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.limited_process.messages import words_of_stop
from content.limited_process.parent import Limits, ReadingStopped, results_of_reader
from content.media import queries, requirements
from content.media.choices import FileRole
from content.media.models import ALT_LENGTH, Material, MaterialFile
from content.media.services import alternatives, lifecycle, transitions
from content.media.states import MaterialStatus, MaterialTransition
from content.people import text_input
from content.people.models import User
from content.stored_files import captions, pictures, plain_pictures, private_data, recordings, storage
from content.stored_files.file_types import AUDIO, PICTURES, VIDEO, MediaType
from content.stored_files.models import Rendition, StoredFile
from content.stored_files.storage import ReceivedFile

ROLE_TYPES = {
    FileRole.MAIN: (MediaType.PDF, *PICTURES, *AUDIO, *VIDEO),
    FileRole.POSTER: PICTURES,
    FileRole.CAPTIONS: (MediaType.VTT,),
    FileRole.SIGN: VIDEO,
}
PDF_LIMITS = Limits(cpu_seconds=30, wall_seconds=60)


@dataclass
class CheckedFile:
    """What is stored of a file: its bytes, or those of the pictures drawn from it, and what is known of it."""

    parts: list[tuple[IO[bytes], dict[str, Any]]]  # (file, columns of StoredFile), the main one first
    transcript: str = field(default="")  # a draft, of captions
    warnings: tuple[str, ...] = ()

    @property
    def main(self) -> dict[str, Any]:
        """The columns of StoredFile of the main part."""
        return self.parts[0][1]


def add_file(
    material: Material,
    role: str,
    chunks: Iterable[bytes],
    *,
    language: str = "",
    alt_text: str = "",
    alternatives_fit: bool = False,
    by: User | None = None,
    reason: str = "",
    seen: str = "",
) -> MaterialFile:
    """Store a file and give it to the material in this role and language, instead of the one it has. Returns it,
    with `warnings` of what it says of people.

    `chunks`: its bytes; a large one is never in memory. `language`: by default that of the material. Captions give a
    material without a transcript a draft of one. On a published material this is a correction, and needs a `reason`.
    Another main file leaves captions and texts behind: they count again once somebody has compared them with it, now
    (`alternatives_fit`) or later (`confirm_alternatives`).
    Raises RuleBroken with the field "file" for what the bytes are (see storage, pictures, captions, recordings, and
    "wrong_file_type", "pdf_not_readable", "pdf_with_script"), "file_and_address", "not_accessible" for a correction
    that takes an alternative away, and what `transitions.require_transition` raises.
    """
    if _require_open(material, by, seen) == MaterialTransition.CORRECT:
        text_input.require_reason(reason)  # before anything is stored
    alt_text = alt_text.strip() and text_input.clean_line(alt_text, "alt_text", max_length=ALT_LENGTH)
    with storage.received(chunks) as given:
        checked = _checked(material, FileRole(role), given)
        with transaction.atomic():
            material = transitions.locked_material(material)
            transition = _require_open(material, by, seen)
            _refuse_beside_address(material, FileRole(role))  # it may have one since
            before = queries.public_texts(material)
            found, former = _given(material, FileRole(role), language, checked, alt_text)
            was_replaced = former not in (None, found.stored_id)
            _take_facts(material, found, checked, was_replaced)
            if found.role == FileRole.MAIN:
                _compare_alternatives(material, was_replaced, alternatives_fit)
            lifecycle.finish_edit(material, transition, before, by=by, reason=reason, file=role)
            found.warnings = checked.warnings
            return found


@transaction.atomic
def remove_file(file: MaterialFile, *, by: User | None = None, reason: str = "", seen: str = "") -> None:
    """Take a file from its material; the bytes go after 30 days unless another one has them.

    Raises what `add_file` raises of materials.
    """
    material = transitions.locked_material(file.material)
    transition = _require_open(material, by, seen)
    before = queries.public_texts(material)
    _mark_last_use([file.stored_id])
    file.delete()
    if file.role == FileRole.MAIN:
        material.seconds = None  # of this file
        material.alternatives_outdated = requirements.has_alternatives(material)
    lifecycle.finish_edit(material, transition, before, by=by, reason=reason, file=file.role)


@contextlib.contextmanager
def checked_file_of_copy(material: Material, role: str, content: IO[bytes]) -> Iterator[CheckedFile]:
    """A file as the home of a copied material has it, checked as an upload is. Its bytes stay as they are.

    A recording that tells more than sound and picture, and a picture with more than its pixels or wider than the widest
    that is drawn, gets other bytes, as an upload does. Whether captions fit the length of a recording is for its home
    to say. Raises RuleBroken, as `add_file`.
    """
    content.seek(0)
    material = copy.copy(material)
    material.seconds = None
    with storage.received(iter(lambda: content.read(storage.SPOOL_BYTES), b"")) as given:
        checked = _checked(material, FileRole(role), given)
        if given.media_type in PICTURES and _is_as_drawn(given, checked):
            columns = checked.main
            checked.parts[0] = (given.file, columns | {"sha256": given.sha256, "size": given.size})
        yield checked


def _is_as_drawn(given: ReceivedFile, checked: CheckedFile) -> bool:
    """Whether the picture has nothing but its pixels, and is as large as the one that was drawn from it."""
    given.file.seek(0)
    size = plain_pictures.plain_size(given.file.read(), given.media_type)
    return size == (checked.main["width"], checked.main["height"])


def give_file_of_copy(
    material: Material, role: str, language: str, alt_text: str, given: CheckedFile | StoredFile
) -> MaterialFile:
    """Give a copied material, which the caller has locked, a file. Returns it."""
    stored = given if isinstance(given, StoredFile) else _stored(given)
    columns = {"stored": stored, "alt_text": alt_text}
    return MaterialFile.objects.update_or_create(material=material, role=role, language=language, defaults=columns)[0]


def remove_files_of_copy(files: QuerySet[MaterialFile]) -> None:
    """Remove files from a copied material, which the caller has locked; the bytes go as those of `remove_file`."""
    _mark_last_use(list(files.values_list("stored", flat=True)))
    files.delete()


def _mark_last_use(stored: Any) -> None:
    """Count the 30 days of files that a material loses from now on, and of the pictures drawn from them."""
    lost = StoredFile.objects.filter(Q(pk__in=stored) | Q(rendition_of__original__in=stored))
    StoredFile.objects.filter(pk__in=lost.values("pk")).update(stored_at=timezone.now())


def _require_open(material: Material, by: User | None, seen: str) -> MaterialTransition:
    """The transition by which files change now: a revision of the draft, or a correction."""
    is_draft = material.status in (MaterialStatus.DRAFT, MaterialStatus.IN_REVIEW)
    transition = MaterialTransition.REVISE if is_draft else MaterialTransition.CORRECT
    transitions.require_transition(material, transition, by=by, seen=seen)
    return transition


def _given(
    material: Material, role: FileRole, language: str, checked: CheckedFile, alt_text: str
) -> tuple[MaterialFile, int | None]:
    """(the file of the material in its place, the id of the StoredFile that it had before)."""
    stored = _stored(checked)
    place: dict[str, Any] = _place(material, role, language)
    former = material.files.filter(role=role, **place).values_list("stored", flat=True).first()
    _mark_last_use(material.files.filter(role=role, **place).values("stored"))
    columns = {"stored": stored, "alt_text": alt_text, "language": language or material.language}
    found, _created = MaterialFile.objects.update_or_create(material=material, role=role, **place, defaults=columns)
    return found, former


def _place(material: Material, role: FileRole, language: str) -> dict[str, Any]:
    """By what, besides its role, the file that is replaced is found: main file and poster are one each."""
    return {} if role in (FileRole.MAIN, FileRole.POSTER) else {"language": language or material.language}


def _checked(material: Material, role: FileRole, given: ReceivedFile) -> CheckedFile:
    if given.media_type not in ROLE_TYPES[role]:
        message = _("«%(role)s» cannot be a file of the type %(type)s.")
        values = {"role": role.label, "type": given.media_type}
        raise RuleBroken("wrong_file_type", message % values, field="file")
    _refuse_beside_address(material, role)
    if given.media_type in PICTURES:
        return _checked_picture(given)
    columns: dict[str, Any] = {"sha256": given.sha256, "media_type": given.media_type, "size": given.size}
    if given.media_type == MediaType.VTT:
        cues = captions.parse_captions(given.file.read(), seconds=material.seconds)
        return CheckedFile([(given.file, columns)], captions.draft_transcript(cues))
    if given.media_type == MediaType.PDF:
        return _checked_pdf(given, columns)
    if given.media_type in (MediaType.MP4, MediaType.M4A):
        recordings.refuse_unplayable(given.file)
    seconds = recordings.length_in_seconds(given.file, given.media_type)
    recordings.refuse_without_frames(given.file, given.media_type, seconds)
    cleaned = private_data.without_private_data(given)
    return CheckedFile([(cleaned.file, columns | {"seconds": seconds, "sha256": cleaned.sha256})])


def _refuse_beside_address(material: Material, role: FileRole) -> None:
    if role == FileRole.MAIN and material.is_external:
        message = _("The material has an external address. Remove it before you upload a file.")
        raise RuleBroken("file_and_address", message, field="file")


def _checked_picture(given: ReceivedFile) -> CheckedFile:
    parts: list[tuple[IO[bytes], dict[str, Any]]] = []
    for drawn in pictures.redraw(given.file, given.media_type):
        with storage.received([drawn.content]) as again:
            columns = {"sha256": again.sha256, "media_type": given.media_type, "size": again.size}
        parts.append((io.BytesIO(drawn.content), columns | {"width": drawn.width, "height": drawn.height}))
    return CheckedFile(parts)


def _checked_pdf(given: ReceivedFile, columns: dict[str, Any]) -> CheckedFile:
    """A PDF, read in a process with limits. Raises RuleBroken."""
    given.file.fileno()  # a temporary file on the disk, whose descriptor the process gets
    given.file.flush()
    given.file.seek(0)
    try:
        found = next(results_of_reader("content.stored_files.pdf_process", "pdf", [given.file.fileno()], PDF_LIMITS))
    except ReadingStopped as stopped:
        raise RuleBroken("pdf_not_readable", words_of_stop(stopped), field="file") from None
    if not found["is_readable"]:
        message = _("The PDF cannot be read: it is damaged, locked, or has more than 1,000 pages.")
        raise RuleBroken("pdf_not_readable", message, field="file")
    if found["is_active"]:
        message = _("The PDF runs a script or carries a file. Print it to a new PDF and upload that.")
        raise RuleBroken("pdf_with_script", message, field="file")
    words = _("The PDF names its author: «%s». Everybody who downloads it can read that.")
    warnings = (words % found["author"],) if found["author"] else ()
    return CheckedFile([(given.file, columns | {"has_text": bool(found["has_text"])})], warnings=warnings)


def _stored(checked: CheckedFile) -> StoredFile:
    """The row of the main part, with those of the pictures drawn from it. Their files are written under their locks."""
    moment = timezone.now()
    rows = []
    for file, columns in sorted(checked.parts, key=lambda part: part[1]["sha256"]):  # always in one order
        row, _created = StoredFile.objects.update_or_create(
            sha256=columns["sha256"], defaults=columns | {"stored_at": moment}
        )
        storage.write(row.sha256, file, row.size)
        rows.append(row)
    main = next(row for row in rows if row.sha256 == checked.parts[0][1]["sha256"])
    for row in rows:
        if row != main:
            Rendition.objects.get_or_create(original=main, stored=row)
    return main


def _compare_alternatives(material: Material, was_replaced: bool, alternatives_fit: bool) -> None:
    """Note whether captions and texts were written for another main file than the present one.

    What was written before the first file is of this file, so its captions must fit its length.
    """
    if not requirements.has_alternatives(material):
        material.alternatives_outdated = False
    elif was_replaced and not alternatives_fit:
        material.alternatives_outdated = True
    elif alternatives_fit or not material.alternatives_outdated:
        alternatives.require_fitting_captions(material)
        material.alternatives_outdated = False


def _take_facts(material: Material, file: MaterialFile, checked: CheckedFile, was_replaced: bool) -> None:
    """Give the material the length of its main file, and a draft transcript of its captions. `finish_edit` saves it.

    A length that a person entered stays for the first video that does not tell its own.
    """
    stored = file.stored
    if file.role == FileRole.MAIN:
        may_keep = stored.media_type in VIDEO and not was_replaced
        material.seconds = stored.seconds or (material.seconds if may_keep else None)
    elif file.role == FileRole.CAPTIONS and file.language == material.language and not material.transcript:
        material.transcript = checked.transcript
