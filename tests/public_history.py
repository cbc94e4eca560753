"""What a reader can see of a document in time: two stories are equal where nobody can tell them apart."""

import datetime

from content.documents.effect import effect_on
from content.documents.models import ProvisionVersion
from content.documents.provision_queries import unit_texts_on

DAY = datetime.date


def text_on(document, day):
    return {unit.eid: unit.text for unit in unit_texts_on(document, day)}


def public_history(document):
    """What the document says and whether it binds, each as often as it changes: all that a reader can see."""
    days = [DAY(1945, 1, 1), DAY(2030, 1, 1)]
    for pair in ProvisionVersion.objects.filter(provision__document=document).values_list("valid_from", "valid_until"):
        days += [day + datetime.timedelta(days=step) for day in pair if day for step in (-1, 0)]
    events = list(document.status_events.all())
    return (
        {day: (unit_texts_on(document, day), effect_on(events, day)) for day in sorted(set(days))},
        sorted((event.kind, event.scope, str(event.on), event.eids) for event in events),
    )
