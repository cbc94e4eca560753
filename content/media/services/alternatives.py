"""Captions, transcript and full text belong to one main file: who replaces it says whether they fit the new one."""

from django.db import transaction

from content.media import queries
from content.media.choices import FileRole
from content.media.models import Material
from content.media.services import lifecycle, transitions
from content.media.states import MaterialTransition
from content.people.models import User
from content.stored_files import captions, storage


@transaction.atomic
def confirm_alternatives(material: Material, *, by: User | None = None, seen: str = "") -> Material:
    """Record that somebody has compared captions and texts of a draft with its new file. A repeat is a no-op.

    Raises what `captions.parse_captions` raises of captions that do not fit its length, "wrong_status",
    "changed_meanwhile"; NotAllowed("not_allowed").
    """
    material = transitions.locked_material(material)
    if not material.alternatives_outdated:
        return material
    transitions.require_transition(material, MaterialTransition.REVISE, by=by, seen=seen)
    require_fitting_captions(material)
    before = queries.public_texts(material)
    material.alternatives_outdated = False
    lifecycle.finish_edit(material, MaterialTransition.REVISE, before, by=by)
    return material


def has_alternatives(material: Material) -> bool:
    """Whether the material has captions or texts that say what its file says."""
    return bool(material.transcript or material.full_text) or material.files.filter(role=FileRole.CAPTIONS).exists()


def require_fitting_captions(material: Material) -> None:
    """Raise RuleBroken, as `captions.parse_captions`, for captions that run past the end of the recording."""
    for file in material.files.filter(role=FileRole.CAPTIONS).select_related("stored"):
        with storage.open_file(file.stored.sha256) as opened:
            captions.parse_captions(opened.read(), seconds=material.seconds)
