"""What every transition of a material shares: lock, check, apply, record."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.copies import refuse_copy
from content.errors import RuleBroken
from content.media import policy, queries, requirements, states
from content.media.models import Material
from content.media.states import MaterialTransition
from content.people import transitions
from content.people.models import User

NOT_ACCESSIBLE = gettext_lazy("Not everybody can use this material yet. It needs: %s.")


def locked_material(material: Material) -> Material:
    """The material, locked until the transaction ends; rows that only refer to it do not wait.

    Lock it before the change log, and several in the order of their ids, so that transactions never deadlock. Raises
    RuleBroken("not_ours") for a copy.
    """
    material = Material.objects.select_for_update(no_key=True).get(pk=material.pk)
    refuse_copy(material)
    return material


def require_transition(material: Material, transition: MaterialTransition, *, by: User | None, seen: str = "") -> None:
    """Refuse the transition unless the material has it and `by` may make it. `by` is None for the system.

    `seen` is the `queries.material_fingerprint` of what the person read; empty: not asked. Raises RuleBroken(
    "not_ours", "wrong_status", "changed_meanwhile"), NotAllowed("not_allowed").
    """
    refuse_copy(material)
    transitions.require(
        states.TABLE, material, transition, by=by, may=policy.may, seen=seen, fingerprint=queries.material_fingerprint
    )


def apply_transition(
    material: Material, transition: MaterialTransition, *, by: User | None, reason: str = "", **columns: Any
) -> None:
    """Set the new status and columns, save the material and audit the transition."""
    transitions.apply(states.TABLE, material, transition, by=by, reason=reason, **columns)


def require_accessible(material: Material) -> None:
    """Refuse unless everybody can use the material. Raises RuleBroken("not_accessible"), which lists what it lacks."""
    lacking = requirements.missing(material)
    if lacking:
        named = "; ".join(str(requirements.LABELS[need]) for need in lacking)
        raise RuleBroken("not_accessible", str(NOT_ACCESSIBLE) % named)


def require_publishable(material: Material) -> None:
    """Refuse without what a public material has.

    Raises RuleBroken: "licence_required", "topic_required", "language_variant_exists" (the group has a public one),
    "not_accessible".
    """
    if not material.licence:
        message = _("Enter a licence, or the words of a permission.")
        raise RuleBroken("licence_required", message, field="licence")
    if not material.topics.exists():
        raise RuleBroken("topic_required", _("Choose at least one topic. Its followers are notified."), field="topics")
    if queries.variants_of(material).filter(language=material.language).exists():
        message = _(
            "This material is already published in this language. Correct that one, or choose another language."
        )
        raise RuleBroken("language_variant_exists", message, field="language")
    require_accessible(material)


def record_material_change(
    material: Material,
    event_type: EventType,
    *,
    notify: bool = True,
    nature: Nature = Nature.EDITORIAL,
    **facts: Any,
) -> Change:
    """Record a public change with the present facts of the material."""
    return changes.record_change(
        event_type,
        material.key,
        nature=nature,
        notify=notify,
        topics=sorted(material.topics.values_list("key", flat=True)),
        organisation=material.organisation.key if material.organisation else "",
        facts={"title": material.title, "kind": material.kind, "is_sample": material.is_sample} | facts,
    )


def mark_changed(material: Material) -> None:
    """Mark the public content as changed. The caller saves the row."""
    material.changed_at = timezone.now()
