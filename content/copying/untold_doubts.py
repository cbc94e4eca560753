"""Tells followers of doubts that are older than the lines that say so: without a line no copy learns of them."""

from django.db import transaction

from content.amendments import services as amendments
from content.changes import event_types
from content.changes.models import Change
from content.documents import change_log
from content.documents.models import EffectDoubt, LegalDocument

TYPES = (event_types.TEXT_DOUBTED, event_types.TEXT_DOUBT_SETTLED)


@transaction.atomic
def record_untold_doubts() -> int:
    """Record one line for each published law of ours whose text is doubtful and of which no line ever said so.

    Nobody is notified. A repeat records nothing. Returns how many.
    """
    doubts = EffectDoubt.objects.filter(
        kind=EffectDoubt.Kind.AMENDS, document__home="", document__status=LegalDocument.Status.PUBLISHED
    )
    told = Change.objects.filter(reader=None, event_type__in=TYPES).values("subject")
    doubts = doubts.exclude(document__key__in=told).select_related("document", "act").order_by("document", "pk")
    newest = {doubt.document_id: doubt for doubt in doubts}
    for doubt in newest.values():
        facts = {"act": amendments.act_facts(doubt.act)}
        change_log.record_change(
            event_types.TEXT_DOUBTED, doubt.document, event_types.EDITORIAL, facts=facts, notify=False
        )
    return len(newest)
