"""The effect of single units among many results: a part may begin later than its document, or end before it."""

import datetime
from collections.abc import Collection

from django.db.models import Exists, OuterRef

from content.documents.effect import EffectStatus, prepared_events, provision_effect_of
from content.documents.models import EffectDoubt, LegalDocument, Provision, StatusEvent


def statuses_of_parts(provisions: Collection[int], day: datetime.date) -> dict[int, EffectStatus | None]:
    """{pk of a provision: its status on the day} of those whose document has parts with an effect of their own.

    Four statements at most, and none for no provisions; the others have the status of their document.
    """
    if not provisions:
        return {}
    part = StatusEvent.Scope.PART
    # an amendment changes no unit's effect
    events = StatusEvent.objects.filter(document=OuterRef("document"), scope=part).exclude(
        kind=StatusEvent.Kind.AMENDED
    )
    doubts = EffectDoubt.objects.filter(document=OuterRef("document"), scope=part)
    rows = Provision.objects.filter(Exists(events) | Exists(doubts), pk__in=provisions)
    units = list(rows.values_list("pk", "eid", "document_id"))
    wanted = {document for _, _, document in units}
    known = LegalDocument.objects.prefetch_related("status_events", "effect_doubts").in_bulk(wanted) if wanted else {}
    events_of = {
        pk: prepared_events(
            event
            for event in document.status_events.all()
            if (event.scope, event.kind) != (part, StatusEvent.Kind.AMENDED)
        )
        for pk, document in known.items()
    }
    return {
        pk: provision_effect_of(known[document], eid, day, events_of[document]).status for pk, eid, document in units
    }
