"""What a record says of a document's effect, put down as status events: days, statuses without a day, amendments."""

from django.utils.translation import gettext as _

from content import vietnam_time
from content.documents import effect
from content.documents.effect import EffectStatus
from content.documents.models import StatusEvent
from content.law.eids import article_eid

EVENT_OF_STATED_STATUS = {  # what an official status says happened, where it names no day
    EffectStatus.PARTLY_EXPIRED: (StatusEvent.Kind.EXPIRES, StatusEvent.Scope.PART),
    EffectStatus.EXPIRED: (StatusEvent.Kind.EXPIRES, StatusEvent.Scope.WHOLE),
    EffectStatus.SUSPENDED: (StatusEvent.Kind.SUSPENDED, StatusEvent.Scope.WHOLE),
    EffectStatus.PARTLY_SUSPENDED: (StatusEvent.Kind.SUSPENDED, StatusEvent.Scope.PART),
    EffectStatus.NO_LONGER_SUITABLE: (StatusEvent.Kind.NO_LONGER_SUITABLE, StatusEvent.Scope.WHOLE),
}


def store_stated_effect(document, record, exactly):
    """Put down what the record knows of the document's effect; returns whether that was new to us."""
    if not document.has_effect:
        return False
    changed = False
    for kind, on in (
        (StatusEvent.Kind.TAKES_EFFECT, record.effective_on),
        (StatusEvent.Kind.EXPIRES, record.expires_on),
    ):
        if on:
            changed |= _store_event_day(document, kind, on)
        elif exactly:
            whole = document.status_events.filter(kind=kind, scope=StatusEvent.Scope.WHOLE, on__isnull=False)
            changed |= bool(whole.filter(amendment=None).delete()[0])  # what an act did goes with its amendment
    for change in record.amended:
        changed |= store_stated_amendment(document, change)
    if record.official_status in EVENT_OF_STATED_STATUS:
        changed |= _store_undated_event(document, *EVENT_OF_STATED_STATUS[record.official_status], cause=record.source)
    return _store_status_statement(document, record.official_status) or changed


def store_stated_amendment(document, change):
    """An article that lost something on a day: the document is partly expired since (Law 64/2025/QH15 Art. 57).

    What is left of the article goes on binding: it expires only where nothing is.
    """
    kind = StatusEvent.Kind.EXPIRES if change.ends else StatusEvent.Kind.AMENDED
    place = {"kind": kind, "scope": StatusEvent.Scope.PART, "on": change.on}
    facts = {"stated_on": vietnam_time.today(), "cause": change.by}
    eids = [article_eid(change.article)]
    return document.status_events.get_or_create(**place, eids=eids, defaults=facts)[1]


def _store_status_statement(document, stated):
    """Note the day on which an official source told us what we show; where it says otherwise, warn instead."""
    if not stated:
        return False
    agrees = effect.effect_on(document.status_events.all(), vietnam_time.today()).status == stated
    message = _("The source states the effect as «%s»; the days we know say otherwise.")
    differs = {"code": "status_differs", "message": message % EffectStatus(stated).label, "start": 0}
    if agrees and not document.effect_stated_on:
        document.effect_stated_on = vietnam_time.today()
    elif not agrees and differs not in document.warnings:
        document.warnings = [*document.warnings, differs]
    else:
        return False
    document.save(update_fields=["effect_stated_on", "warnings", "updated_at"])
    return True


def _store_event_day(document, kind, on):
    """One event of this kind for the whole document, on that day; returns whether that is new.

    What an amendment made is not moved: it is taken back with the amendment.
    """
    events = document.status_events.filter(kind=kind, scope=StatusEvent.Scope.WHOLE)
    if events.filter(on=on).exists():
        return False
    event = events.filter(amendment=None).first()
    event = event or StatusEvent(document=document, kind=kind, stated_on=vietnam_time.today())
    event.on, event.recorded_at = on, None  # the turn of another day is another turn
    event.save()
    return True


def _store_undated_event(document, kind, scope, *, cause):
    """An event whose day our source does not give; a repeat keeps the day on which we first learnt of it."""
    if document.status_events.filter(kind=kind, scope=scope).exists():
        return False
    document.status_events.create(kind=kind, scope=scope, on=None, stated_on=vietnam_time.today(), cause=cause)
    return True
