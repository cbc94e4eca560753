"""Submit, return, publish, correct, confirm and withdraw materials."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from content.basis import services as bases
from content.changes.event_types import EventType, Nature
from content.media import queries, search_keys
from content.media.models import Material
from content.media.services import drafts, transitions
from content.media.states import MaterialStatus, MaterialTransition
from content.people import text_input
from content.people.models import User
from content.text.removed_words import removes_words


@transaction.atomic
def submit_material(material: Material, *, by: User | None = None, seen: str = "") -> Material:
    """Ask another person to publish the draft. A repeat is a no-op.

    Raises RuleBroken("not_accessible", "licence_required", "topic_required", "wrong_status", "changed_meanwhile").
    """
    material = transitions.locked_material(material)
    if material.status == MaterialStatus.IN_REVIEW:
        return material
    transitions.require_transition(material, MaterialTransition.SUBMIT, by=by, seen=seen)
    transitions.require_publishable(material)
    transitions.apply_transition(material, MaterialTransition.SUBMIT, by=by)
    return material


@transaction.atomic
def return_material(material: Material, *, by: User | None = None, reason: str, seen: str = "") -> Material:
    """Give a draft back to its author. Raises RuleBroken("reason_required", "wrong_status", "changed_meanwhile")."""
    material = transitions.locked_material(material)
    transitions.require_transition(material, MaterialTransition.RETURN, by=by, seen=seen)
    reason = text_input.require_reason(reason)
    transitions.apply_transition(material, MaterialTransition.RETURN, by=by, reason=reason)
    return material


@transaction.atomic
def publish_material(
    material: Material, *, by: User | None = None, notify: bool = True, reason: str = "", seen: str = ""
) -> Material:
    """Make a material public and tell the followers of its topics and organisation. Publishing twice is a no-op.

    Raises RuleBroken: "not_accessible", "licence_required", "topic_required", "language_variant_exists",
    "wrong_status", "changed_meanwhile"; NotAllowed("not_allowed"), for its author too.
    """
    material = transitions.locked_material(material)
    if material.status == MaterialStatus.PUBLISHED:
        return material
    transitions.require_transition(material, MaterialTransition.PUBLISH, by=by, seen=seen)
    transitions.require_publishable(material)
    moment = timezone.now()
    transitions.apply_transition(
        material,
        MaterialTransition.PUBLISH,
        by=by,
        reason=reason,
        approved_by=by,
        published_at=moment,
        changed_at=moment,
    )
    search_keys.refresh_material_search_keys(material)
    transitions.record_material_change(material, EventType.MATERIAL_PUBLISHED, notify=notify)
    return material


@transaction.atomic
def correct_material(
    material: Material, *, by: User | None = None, reason: str, seen: str = "", **columns: Any
) -> Material:
    """Correct a published material. `columns` as for `drafts.revise_material`. Followers are told.

    Raises RuleBroken: "reason_required", "changed_meanwhile", what `publish_material` and `write_material` raise.
    """
    material = transitions.locked_material(material)
    transitions.require_transition(material, MaterialTransition.CORRECT, by=by, seen=seen)
    before = queries.public_texts(material)
    drafts.update_material(material, columns)
    finish_edit(material, MaterialTransition.CORRECT, before, by=by, reason=reason)
    return material


@transaction.atomic
def confirm_material(material: Material, *, by: User | None = None, seen: str = "") -> Material:
    """Record that somebody has read the changed law, and the material still says what is right.

    Raises RuleBroken: what `basis.reconfirm_basis` raises, "wrong_status", "changed_meanwhile".
    """
    material = transitions.locked_material(material)
    transitions.require_transition(material, MaterialTransition.CONFIRM, by=by, seen=seen)
    bases.reconfirm_basis(material.basis)
    transitions.mark_changed(material)
    transitions.apply_transition(material, MaterialTransition.CONFIRM, by=by)
    transitions.record_material_change(material, EventType.MATERIAL_CONFIRMED, notify=False)
    return material


@transaction.atomic
def withdraw_material(material: Material, *, by: User | None = None, reason: str, seen: str = "") -> Material:
    """Withdraw a material: its files are gone at once, its address gives the reason. A repeat is a no-op.

    Raises RuleBroken: "reason_required", "wrong_status", "changed_meanwhile".
    """
    material = transitions.locked_material(material)
    if material.status == MaterialStatus.WITHDRAWN:
        return material
    transitions.require_transition(material, MaterialTransition.WITHDRAW, by=by, seen=seen)
    reason = text_input.clean_text(text_input.require_reason(reason), "reason", max_length=1000)
    moment = timezone.now()
    transitions.apply_transition(
        material,
        MaterialTransition.WITHDRAW,
        by=by,
        reason=reason,
        withdrawal_reason=reason,
        withdrawn_at=moment,
        changed_at=moment,
    )
    transitions.record_material_change(
        material, EventType.MATERIAL_WITHDRAWN, nature=Nature.WITHDRAWAL, reason=reason, removes_words=True
    )
    return material


def finish_edit(
    material: Material,
    transition: MaterialTransition,
    before: dict[str, str],
    *,
    by: User | None,
    reason: str = "",
    **facts: Any,
) -> None:
    """Save and audit an edit of a locked material; one of a published material is recorded as a correction.

    `before`: its `queries.public_texts` before the edit. `facts` go into the audit.
    """
    if transition == MaterialTransition.REVISE:
        material.written_by = by or material.written_by  # who changed its files last does not publish it either
        transitions.apply_transition(material, transition, by=by)
        return
    reason = text_input.require_reason(reason)
    transitions.require_publishable(material)
    transitions.mark_changed(material)
    transitions.apply_transition(material, transition, by=by, reason=reason, facts=facts)
    search_keys.refresh_material_search_keys(material)
    removes = removes_words(before.values(), queries.public_texts(material).values())
    transitions.record_material_change(material, EventType.MATERIAL_CORRECTED, removes_words=removes)
