"""Flag published materials when the law they cite changes: a consumer of the change log."""

from django.db import transaction

from content.basis import services as bases
from content.changes import cursors
from content.changes.event_types import EventType
from content.changes.models import Change
from content.media.models import Material
from content.media.services import transitions
from content.media.states import PUBLIC_STATUSES

CONSUMER = "outdated_materials"
FLAGGED = ("material",)


def flag_outdated_materials() -> int:
    """Handle the next changes; returns how many were read."""
    return cursors.consume_changes(CONSUMER, flag_materials_citing)


@transaction.atomic
def flag_materials_citing(change: Change) -> int:
    """Record for each public material whose cited provisions `change` touches that nobody has reviewed it yet.

    Returns how many materials. It stays marked until somebody confirms or corrects it. A repeat records nothing. A copy
    whose home had read the change when we got its record is not marked.
    """
    touched = bases.bases_to_flag(change, of=FLAGGED)
    public = Material.objects.filter(basis__in=touched, status__in=PUBLIC_STATUSES).order_by("pk")
    materials = list(public.select_for_update(no_key=True, of=("self",)))  # before the change log is locked
    copies = {each.basis_id: touched[each.basis_id] for each in materials if each.home}
    read = bases.bases_read_since(change, copies) if copies else set()
    materials = [each for each in materials if each.basis_id not in read]
    bases.flag_bases(change, {pk: eids for pk, eids in touched.items() if pk not in read})
    for material in materials:
        transitions.record_material_change(
            material, EventType.MATERIAL_BASIS_CHANGED, notify=False, cause=change.pk, cause_kind=change.event_type
        )
    return len(materials)
