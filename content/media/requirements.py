"""What makes a material usable by everybody: the one table of text alternatives (Circular 26/2020/TT-BTTTT).

The staff site shows it as ticks from the first draft; without all of them nothing is published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.media.choices import FileRole, MaterialKind
from content.media.models import Material, MaterialFile
from content.stored_files.file_types import AUDIO, PICTURES, VIDEO, MediaType

TYPES_OF_KINDS = {  # of the main file
    MaterialKind.LEAFLET: (MediaType.PDF, *PICTURES),
    MaterialKind.HANDBOOK: (MediaType.PDF, *PICTURES),
    MaterialKind.INFOGRAPHIC: (MediaType.PDF, *PICTURES),
    MaterialKind.PRESENTATION: (MediaType.PDF, *PICTURES, *VIDEO),
    MaterialKind.VIDEO: VIDEO,
    MaterialKind.AUDIO: AUDIO,
}


class Need(StrEnum):
    CONTENT = "content"
    KIND = "kind"
    ALT_TEXT = "alt_text"
    FULL_TEXT = "full_text"
    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
    COMPARED = "compared"


LABELS: dict[Need, Promise] = {
    Need.CONTENT: _("A file or an external address"),
    Need.KIND: _("A file of a type that fits the kind of the material"),
    Need.ALT_TEXT: _("A text alternative for each picture"),
    Need.FULL_TEXT: _("The full text"),
    Need.CAPTIONS: _("Captions in the language of the material"),
    Need.TRANSCRIPT: _("A transcript"),
    Need.COMPARED: _("Captions and texts compared with the new file"),
}


@dataclass(frozen=True)
class Requirement:
    """Something the material needs, and whether it is there."""

    need: Need
    is_met: bool

    @property
    def label(self) -> Promise:
        return LABELS[self.need]


def requirements_of(material: Material) -> list[Requirement]:
    """All that this material needs to be published. Reads its files."""
    files = list(material.files.select_related("stored"))
    main = next((each for each in files if each.role == FileRole.MAIN), None)
    needs = {Need.CONTENT: main is not None or material.is_external}
    if main:
        needs[Need.KIND] = main.stored.media_type in TYPES_OF_KINDS[MaterialKind(material.kind)]
    if pictures := [each for each in files if each.stored.media_type in PICTURES]:
        needs[Need.ALT_TEXT] = all(each.alt_text for each in pictures)
    if material.kind == MaterialKind.INFOGRAPHIC or _is_seen_only(main):
        needs[Need.FULL_TEXT] = bool(material.full_text)
    if main and main.stored.media_type in VIDEO:
        needs[Need.CAPTIONS] = _has_captions(material, files)
    if material.is_external or (main and main.stored.media_type in (*AUDIO, *VIDEO)):
        needs[Need.TRANSCRIPT] = bool(material.transcript)
    if material.alternatives_outdated:
        needs[Need.COMPARED] = False
    return [Requirement(need, is_met) for need, is_met in needs.items()]


def missing(material: Material) -> list[Need]:
    """What it still needs, in the order of the table; [] when everybody can use it."""
    return [each.need for each in requirements_of(material) if not each.is_met]


def _is_seen_only(main: MaterialFile | None) -> bool:
    """Whether what the file says cannot be read out: a picture, or a PDF without a text layer."""
    if main is None:
        return False
    is_scan = main.stored.media_type == MediaType.PDF and not main.stored.has_text
    return is_scan or main.stored.media_type in PICTURES


def _has_captions(material: Material, files: Iterable[MaterialFile]) -> bool:
    return any(each.role == FileRole.CAPTIONS and each.language == material.language for each in files)
