"""Which eids a record may name."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from content.record_fields.fields import RecordRefused

EID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*(?:__[a-z0-9]+(?:_[a-z0-9]+)*)*")
MAX_LENGTH = 120


def refuse_unknown_eids(eids: Iterable[str]) -> None:
    """Raise RecordRefused for what is no eid: «art_15__clause_2»."""
    for eid in eids:
        if len(eid) > MAX_LENGTH or not EID.fullmatch(eid):
            raise RecordRefused(_("«%s» is no eid.") % eid[:MAX_LENGTH])
