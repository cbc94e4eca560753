"""What a text is and how far it can be relied on: said in each format in its own way."""

import datetime
from dataclasses import dataclass

from content.documents.effect import Effect, effect_of, provision_effect_of
from content.documents.models import LegalDocument


@dataclass(frozen=True)
class TextFacts:
    """A document, or the unit `eid` of it, on a day. `is_in_doubt`: an act says otherwise, and nobody has checked."""

    document: LegalDocument
    day: datetime.date
    is_in_doubt: bool
    legal_value: str  # as `provenance` gives it
    text_is_of: str
    eid: str = ""
    citation: str = ""  # of the unit, or of the document

    @property
    def effect(self) -> Effect:
        if self.eid:
            return provision_effect_of(self.document, self.eid, self.day)
        return effect_of(self.document, self.day)
