"""The effect of single units among many results: a part may begin later than its document, or end before it."""

import datetime
from collections.abc import Collection

from content.document_reads.found import documents_with_parts, eids_of
from content.documents.effect import EffectStatus, provision_effect_of
from content.law.eids import eid_lineage
from content.search.match.candidates import PassageKeys


def statuses_of_parts(passages: Collection[PassageKeys], day: datetime.date) -> dict[int, EffectStatus | None]:
    """{pk of a provision: its status on the day} of those whose document has parts with an effect of their own.

    Two statements at most, and none for no provisions; the others have the status of their document.
    """
    document_of = {keys.provision: keys.document for keys in passages if keys.provision}
    documents = documents_with_parts(set(document_of.values()))
    eids = eids_of([pk for pk, document in document_of.items() if document in documents])
    named = {pk: document.named_eids() for pk, document in documents.items()}
    known: dict[tuple[int, str], EffectStatus | None] = {}  # by document and what is named of a unit and around it
    statuses = {}
    for pk, eid in eids.items():
        document = document_of[pk]
        place = (document, " ".join(above for above in eid_lineage(eid) if above in named[document]))
        if place not in known:
            known[place] = provision_effect_of(documents[document], eid, day).status
        statuses[pk] = known[place]
    return statuses
