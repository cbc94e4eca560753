"""Write, publish, confirm and withdraw layers, and record which ones a change of law made outdated."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import vietnam_time
from content.basis.services import LAW_CHANGING_EVENT_TYPES
from content.changes import cursors
from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.documents.models import LegalDocument
from content.documents.provisions import text_sha256
from content.errors import NotAllowed, RuleBroken
from content.media.models import Material
from content.people import services as people
from content.people import text_input, transitions
from content.people.models import User
from content.provision_layers import policy, queries, states
from content.provision_layers.choices import MAX_SUMMARY_WORDS, TEXT_KINDS, LayerKind
from content.provision_layers.models import TEXT_LENGTH, Layer, LayerText, ReviewerLanguage
from content.provision_layers.states import LayerStatus, LayerTransition

CONSUMER = "outdated_layers"


@transaction.atomic
def write_layer(document: LegalDocument, eid: str, *, by: User | None = None, **columns: Any) -> Layer:
    """Write the draft of a layer on a provision of the law of today. Returns it.

    `columns`: kind, language, text or material, is_machine. Raises RuleBroken with the field: "not_public",
    "unknown_provision", "summary_too_long", "material_required", "material_of_another_kind", what
    `text_input.clean_text` raises; NotAllowed("not_allowed").
    """
    if by is not None and not policy.may_write(by):
        raise NotAllowed("not_allowed", _("You are not allowed to write layers."))
    layer = Layer(document=document, eid=eid, written_by=by, **columns)
    _clean(layer)
    read = _text_of_today(layer)
    layer.save()
    _note_text(layer, read, by)
    people.audit("layer.written", layer.key, by=by)
    return layer


@transaction.atomic
def revise_layer(layer: Layer, *, by: User | None = None, seen: str = "", **columns: Any) -> Layer:
    """Revise a draft against the law of today. Raises as `write_layer`; "wrong_status", "changed_meanwhile"."""
    layer = _locked(layer)
    _require(layer, LayerTransition.REVISE, by, seen)
    for name, value in columns.items():
        setattr(layer, name, value)
    layer.written_by = by or layer.written_by
    _clean(layer)
    layer.texts.all().delete()
    _note_text(layer, _text_of_today(layer), by)
    transitions.apply(states.TABLE, layer, LayerTransition.REVISE, by=by)
    return layer


@transaction.atomic
def publish_layer(layer: Layer, *, by: User | None = None, seen: str = "") -> Layer:
    """Publish a draft. Publishing twice is a no-op.

    The public layer of the same kind and language is withdrawn if it explains the same words; else it stays for the
    days on which the provision had the words it explains.

    Raises RuleBroken: "provision_changed" (the provision has other words than the writer read), "material_not_public",
    "wrong_status", "changed_meanwhile"; NotAllowed("not_allowed"), for the writer too, and for who is no reviewer of
    the language.
    """
    layer = _locked(layer)
    if layer.status == LayerStatus.PUBLISHED:
        return layer
    _require(layer, LayerTransition.PUBLISH, by, seen)
    if not queries.explains(layer, text_sha256(_text_of_today(layer))):
        message = _("The provision has changed since the layer was written. Revise the layer.")
        raise RuleBroken("provision_changed", message)
    if layer.material and not layer.material.is_public:
        raise RuleBroken("material_not_public", _("Publish the material first."), field="material")
    same = Layer.objects.filter(
        document=layer.document, eid=layer.eid, kind=layer.kind, language=layer.language, status=LayerStatus.PUBLISHED
    )
    for former in same.select_for_update(no_key=True):
        if former.texts.filter(text_hash__in=layer.texts.values("text_hash")).exists():
            _withdraw(former, by, _("Replaced by a new layer"))
        else:
            _replace(former, by)
    moment = timezone.now()
    columns: dict[str, Any] = {"approved_by": by, "published_at": moment, "changed_at": moment}
    transitions.apply(states.TABLE, layer, LayerTransition.PUBLISH, by=by, **columns)
    _record(layer, EventType.LAYER_PUBLISHED)
    return layer


@transaction.atomic
def confirm_layer(layer: Layer, *, by: User, seen: str = "") -> Layer:
    """Record that the layer explains the words of today too: it is back on its provision. A repeat is a no-op.

    Raises RuleBroken("unknown_provision", "wrong_status", "changed_meanwhile"); NotAllowed("not_allowed").
    """
    layer = _locked(layer)
    _require(layer, LayerTransition.CONFIRM, by, seen)
    text = _text_of_today(layer)
    if queries.explains(layer, text_sha256(text)) and layer.outdated_at is None:
        return layer
    _note_text(layer, text, by)
    layer.outdated_at, layer.changed_at = None, timezone.now()
    transitions.apply(states.TABLE, layer, LayerTransition.CONFIRM, by=by)
    _record(layer, EventType.LAYER_PUBLISHED)
    return layer


@transaction.atomic
def withdraw_layer(layer: Layer, *, by: User | None = None, reason: str, seen: str = "") -> Layer:
    """Withdraw a public layer, on all days. A repeat is a no-op. Raises RuleBroken("reason_required", …)."""
    layer = _locked(layer)
    if layer.status == LayerStatus.WITHDRAWN:
        return layer
    _require(layer, LayerTransition.WITHDRAW, by, seen)
    _withdraw(layer, by, text_input.clean_text(text_input.require_reason(reason), "reason", max_length=1000))
    return layer


@transaction.atomic
def allow_language(user: User, language: str, *, by: User | None = None) -> ReviewerLanguage:
    """Let a member of staff judge layers in a language. A repeat is a no-op."""
    row, created = ReviewerLanguage.objects.get_or_create(user=user, language=language)
    if created:
        people.audit("reviewer.language_given", people.audit_subject(user), by=by, language=language)
    return row


@transaction.atomic
def forbid_language(row: ReviewerLanguage, *, by: User | None = None) -> None:
    """Take a language from a reviewer. What they approved stays."""
    people.audit("reviewer.language_taken", people.audit_subject(row.user), by=by, language=row.language)
    row.delete()


def flag_outdated_layers() -> int:
    """Handle the next changes of the log; returns how many were read."""
    return cursors.consume_changes(CONSUMER, flag_layers_of)


@transaction.atomic
def flag_layers_of(change: Change) -> int:
    """Record which public layers a change of law made outdated, and which explain their provision again.

    Readers see it without this: a layer is shown with a provision only while it explains its words. Returns how many
    layers changed. A repeat records nothing.
    """
    if change.event_type not in LAW_CHANGING_EVENT_TYPES:
        return 0
    document = LegalDocument.objects.filter(key=change.subject).first()
    current = queries.public_layers().filter(document=document, status=LayerStatus.PUBLISHED)
    layers = list(current.select_for_update(no_key=True, of=("self",)))
    if document is None or not layers:
        return 0
    hashes = queries.text_hashes_on(document, {layer.eid for layer in layers}, vietnam_time.today())
    return sum(_flag(layer, queries.explains(layer, hashes.get(layer.eid))) for layer in layers)


def _flag(layer: Layer, is_right: bool) -> bool:
    """Note whether the layer explains its provision today. Returns whether that is another answer than before."""
    if is_right == (layer.outdated_at is None):
        return False
    layer.changed_at = timezone.now()
    layer.outdated_at = None if is_right else layer.changed_at
    layer.save(update_fields=["outdated_at", "changed_at"])
    _record(layer, EventType.LAYER_PUBLISHED if is_right else EventType.LAYER_OUTDATED)
    return True


def _replace(layer: Layer, by: User | None) -> None:
    """Leave the place of the current layer to another: from now on this one explains words of earlier days only."""
    layer.status, layer.changed_at = LayerStatus.REPLACED, timezone.now()
    was_current, layer.outdated_at = layer.outdated_at is None, layer.outdated_at or layer.changed_at
    layer.save(update_fields=["status", "changed_at", "outdated_at"])
    people.audit("layer.replaced", layer.key, by=by)
    if was_current:
        _record(layer, EventType.LAYER_OUTDATED)


def _withdraw(layer: Layer, by: User | None, reason: str) -> None:
    columns: dict[str, Any] = {"withdrawal_reason": reason, "changed_at": timezone.now()}
    transitions.apply(states.TABLE, layer, LayerTransition.WITHDRAW, by=by, reason=reason, **columns)
    _record(layer, EventType.LAYER_WITHDRAWN, nature=Nature.WITHDRAWAL, removes_words=True)


def _record(layer: Layer, event_type: EventType, *, nature: Nature = Nature.EDITORIAL, **facts: Any) -> None:
    facts |= {"document": layer.document.key, "kind": layer.kind, "language": layer.language}
    changes.record_change(event_type, layer.key, nature=nature, notify=False, eids=[layer.eid], facts=facts)


def _locked(layer: Layer) -> Layer:
    """The layer, locked until the transaction ends. Lock it before the change log."""
    return Layer.objects.select_for_update(no_key=True).get(pk=layer.pk)


def _require(layer: Layer, transition: LayerTransition, by: User | None, seen: str) -> None:
    transitions.require(
        states.TABLE, layer, transition, by=by, may=policy.may, seen=seen, fingerprint=queries.layer_fingerprint
    )


def _clean(layer: Layer) -> None:
    if layer.kind in TEXT_KINDS:
        layer.material = None
        layer.text = text_input.clean_text(layer.text.replace("\r\n", "\n"), "text", max_length=TEXT_LENGTH)
    else:
        layer.text = ""
        _require_material(layer.material, LayerKind(layer.kind), layer.language)
    if layer.kind == LayerKind.SUMMARY and len(layer.text.split()) > MAX_SUMMARY_WORDS:
        message = _("A summary has at most %(most)d words; this one has %(count)d.")
        values = {"most": MAX_SUMMARY_WORDS, "count": len(layer.text.split())}
        raise RuleBroken("summary_too_long", message % values, field="text")


def _require_material(material: Material | None, kind: LayerKind, language: str) -> None:
    """Audio or sign language is a material of that kind, in that language."""
    if material is None:
        raise RuleBroken("material_required", _("Choose the material."), field="material")
    kinds = ("audio",) if kind == LayerKind.AUDIO else ("video",)
    if material.kind not in kinds or material.language != language:
        message = _("Choose a material of this kind in this language.")
        raise RuleBroken("material_of_another_kind", message, field="material")


def _text_of_today(layer: Layer) -> str:
    """The words of the provision today. Raises RuleBroken("not_public", "unknown_provision")."""
    if not layer.document.is_published:
        raise RuleBroken("not_public", _("%s is not public.") % layer.document.number, field="document")
    text = queries.text_on(layer.document, layer.eid, vietnam_time.today())
    if text is None:
        message = _("%(document)s has no provision %(eid)s on that day.")
        values = {"document": layer.document.number, "eid": layer.eid}
        raise RuleBroken("unknown_provision", message % values, field="document")
    return text


def _note_text(layer: Layer, text: str, by: User | None) -> None:
    columns = {"read_on": vietnam_time.today(), "read_by": by}
    LayerText.objects.update_or_create(layer=layer, text_hash=text_sha256(text), defaults=columns)
