"""Which layers a provision has on a day, and which explain words that it does not have any more."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from content import vietnam_time
from content.document_reads import contexts
from content.documents import provision_queries
from content.documents.models import LegalDocument
from content.documents.provisions import text_sha256
from content.media.states import PUBLIC_STATUSES
from content.provision_layers import states
from content.provision_layers.models import Layer
from content.provision_layers.states import LayerStatus


def public_layers() -> QuerySet[Layer]:
    """The layers that readers see, of public documents, with these, their materials and the texts they explain.

    One whose material was withdrawn is not among them.
    """
    return (
        Layer.objects.filter(Q(material=None) | Q(material__status__in=PUBLIC_STATUSES))
        .filter(status__in=states.PUBLIC_STATUSES, document__status=LegalDocument.Status.PUBLISHED)
        .select_related("document", "material")
        .prefetch_related("texts")
        .order_by("document", "eid", "kind", "language")
    )


def staff_layers() -> QuerySet[Layer]:
    """All layers for the staff list, the newest first."""
    return Layer.objects.select_related("document", "material", "written_by", "approved_by").order_by("-pk")


def explains(layer: Layer, text_hash: str | None) -> bool:
    """Whether the layer explains the text of that hash."""
    return any(each.text_hash == text_hash for each in layer.texts.all())


def layers_of_text(document_key: str, eid: str, text: str) -> list[Layer]:
    """The public layers of a provision that explain this text of it, one of a kind and language. Two queries."""
    text_hash = text_sha256(text)
    layers = public_layers().filter(document__key=document_key, eid=eid).order_by("-published_at")
    newest: dict[tuple[str, str], Layer] = {}
    for layer in layers:
        if explains(layer, text_hash):
            newest.setdefault((layer.kind, layer.language), layer)
    return sorted(newest.values(), key=lambda layer: (layer.kind, layer.language))


def layers_of_document(document: LegalDocument, day: datetime.date) -> list[tuple[Layer, bool]]:
    """[(layer, whether it explains other words than its provision has on `day`)] of a document."""
    layers = list(public_layers().filter(document=document))
    hashes = text_hashes_on(document, {layer.eid for layer in layers}, day)
    return [(layer, not explains(layer, hashes.get(layer.eid))) for layer in layers]


def text_hashes_on(document: LegalDocument, eids: Iterable[str], day: datetime.date) -> Mapping[str, str]:
    """{eid: SHA-256 of the text with all units under it} of those of these provisions that exist on `day`.

    Two queries, whatever their number.
    """
    wanted = set(eids)
    if not wanted:
        return {}
    units = list(provision_queries.provisions_on(document, day).order_by("position"))
    parents = {unit.pk: unit.parent_id for unit in units}
    eid_of = {unit.pk: unit.eid for unit in units}
    texts: dict[str, list[str]] = {}
    for unit in units:
        above: int | None = unit.pk
        while above is not None:
            if (eid := eid_of.get(above)) in wanted:
                texts.setdefault(str(eid), []).append(unit.text)
            above = parents.get(above)
    return {eid: text_sha256("".join(parts)) for eid, parts in texts.items()}


def text_on(document: LegalDocument, eid: str, day: datetime.date) -> str | None:
    """The text of a provision with all under it on `day`, None if the document does not have it then."""
    context = contexts.provision_context(document, eid, day)
    return context.text if context else None


def changed_at_by_key(keys: Iterable[str]) -> dict[str, datetime.datetime | None]:
    """{key: when it was last written} for the layers that are public."""
    return dict(Layer.objects.filter(status__in=states.PUBLIC_STATUSES, key__in=keys).values_list("key", "changed_at"))


def withdrawn_layer(key: str) -> Layer | None:
    """The withdrawn layer of that key."""
    return Layer.objects.filter(key=key, status=LayerStatus.WITHDRAWN).first()


def layer_fingerprint(layer: Layer) -> str:
    """A fingerprint of a layer, of the texts it was read with, and of its provision today."""
    values = [layer.kind, layer.language, layer.text, layer.material_id, layer.is_machine, layer.status]
    texts = list(layer.texts.values_list("text_hash", "read_on"))
    today = text_on(layer.document, layer.eid, vietnam_time.today())
    return hashlib.sha256(json.dumps([values, texts, today], default=str).encode()).hexdigest()
