"""A legal document, its provisions, what each says, and what happened to its effect."""

from content.documents.models.document import LegalDocument, ListOrder
from content.documents.models.effect_span import EffectSpan, OutdatedSpans
from content.documents.models.original_file import OriginalFile
from content.documents.models.provision import Amendment, EffectDoubt, Provision, ProvisionVersion, StatusEvent

__all__ = [
    "Amendment",
    "EffectDoubt",
    "EffectSpan",
    "LegalDocument",
    "ListOrder",
    "OriginalFile",
    "OutdatedSpans",
    "Provision",
    "ProvisionVersion",
    "StatusEvent",
]
