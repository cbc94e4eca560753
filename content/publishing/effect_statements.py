"""Stores what a record states about a document's effect as status events: dates, statuses, amendments."""

import datetime
from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from content import vietnam_time
from content.documents import effect
from content.documents.effect import EffectStatus, StatusEventKind, StatusEventScope
from content.documents.models import LegalDocument, StatusEvent
from content.documents.records import AmendmentRecord, DocumentRecord
from content.law.eids import article_eid

KEYS_PER_QUERY = 1_000
EVENT_OF_STATED_STATUS = {  # what happened according to an official status without a day
    EffectStatus.PARTLY_EXPIRED: (StatusEventKind.EXPIRES, StatusEventScope.PART),
    EffectStatus.EXPIRED: (StatusEventKind.EXPIRES, StatusEventScope.WHOLE),
    EffectStatus.SUSPENDED: (StatusEventKind.SUSPENDED, StatusEventScope.WHOLE),
    EffectStatus.PARTLY_SUSPENDED: (StatusEventKind.SUSPENDED, StatusEventScope.PART),
    EffectStatus.NO_LONGER_SUITABLE: (StatusEventKind.NO_LONGER_SUITABLE, StatusEventScope.WHOLE),
}


def store_stated_effect(document: LegalDocument, record: DocumentRecord, is_complete_description: bool) -> bool:
    """Store what the record states about the document's effect. Returns whether anything was new."""
    if not document.has_effect:
        return False
    changed = False
    for kind, on in (
        (StatusEventKind.TAKES_EFFECT, record.effective_on),
        (StatusEventKind.EXPIRES, record.expires_on),
    ):
        if on:
            changed |= _store_event_day(document, kind, on)
        elif is_complete_description:
            whole = document.status_events.filter(kind=kind, scope=StatusEventScope.WHOLE, on__isnull=False)
            changed |= bool(whole.filter(amendment=None).delete()[0])  # events of amendments are withdrawn with them
    for change in record.amended:
        changed |= store_stated_amendment(document, change)
    stated = EffectStatus(record.official_status) if record.official_status else None
    if stated in EVENT_OF_STATED_STATUS:
        kind, scope = EVENT_OF_STATED_STATUS[stated]
        changed |= _store_undated_event(document, kind, scope, cause=record.source)
    return _store_status_statement(document, record.official_status) or changed


def numbers_without_first_day(keys: Collection[str]) -> Iterator[str]:
    """The numbers, or keys, of the public documents among these whose first day is not known, in the order of keys.

    Readers see their effect as unknown. Consolidated texts have no effect of their own and are none of them.
    """
    starts = StatusEvent.objects.filter(
        document=OuterRef("pk"), kind=StatusEventKind.TAKES_EFFECT, scope=StatusEventScope.WHOLE
    )
    in_order = sorted(keys)
    for at in range(0, len(in_order), KEYS_PER_QUERY):
        some = in_order[at : at + KEYS_PER_QUERY]
        documents = LegalDocument.objects.filter(key__in=some, status=LegalDocument.Status.PUBLISHED).order_by("key")
        for document in documents.exclude(Exists(starts)).only("key", "number", "doc_type"):
            if document.has_effect:
                yield document.number or document.key


def store_stated_amendment(document: LegalDocument, change: AmendmentRecord) -> bool:
    """Store that an article lost something on a day; the document is partly expired since (Law 64/2025/QH15 Art. 57).

    The rest of the article still binds: it expires only if nothing is left. Returns whether this was new.
    """
    kind = StatusEventKind.EXPIRES if change.ends else StatusEventKind.AMENDED
    place = {"kind": kind, "scope": StatusEventScope.PART, "on": change.on}
    facts = {"stated_on": vietnam_time.today(), "cause": change.by}
    eids = [article_eid(change.article)]
    return document.status_events.get_or_create(**place, eids=eids, defaults=facts)[1]


def _store_status_statement(document: LegalDocument, stated: str) -> bool:
    """Store the day on which an official source stated the status we compute; if it states another, add a warning.

    Acts are read after the source was compared, and may say when a part ended or the first day came. A source that
    agreed without that is not contradicted by it. A source that agrees because of it takes its warning back.
    """
    if not stated:
        return False
    events, today = list(document.status_events.all()), vietnam_time.today()
    status = effect.effect_on(events, today).status
    compared = effect.effect_on([each for each in events if not _may_be_read_later(each)], today).status
    message = _("The source states the effect as «%s», but the dates entered here give another. Check the dates.")
    differs = {"code": "status_differs", "message": message % EffectStatus(stated).label, "start": 0}
    has_agreed, has_differed = document.effect_stated_on is not None, differs in document.warnings
    if status == stated:
        if has_agreed and not has_differed:
            return False
        document.effect_stated_on = document.effect_stated_on or today
        document.warnings = [each for each in document.warnings if each != differs]
    else:
        if has_differed or (has_agreed and compared == stated):
            return False
        document.warnings = [*document.warnings, differs]
    document.save(update_fields=["effect_stated_on", "warnings", "updated_at"])
    return True


def _may_be_read_later(event: StatusEvent) -> bool:
    """Whether an act says it of a part, or of the first day. What acts say of the whole can contradict a source."""
    is_of_part = event.scope == StatusEvent.Scope.PART
    return event.amendment_id is not None and (is_of_part or event.kind == StatusEvent.Kind.TAKES_EFFECT)


def _store_event_day(document: LegalDocument, kind: StatusEventKind, on: datetime.date) -> bool:
    """Store one event of this kind for the whole document, on that day. Returns whether it is new.

    An event made by an amendment is not moved: it is withdrawn with the amendment. On the same day it is the source's
    too, and stays then.
    """
    events = document.status_events.filter(kind=kind, scope=StatusEventScope.WHOLE)
    if events.filter(on=on).exists():
        return events.filter(on=on, amendment__isnull=False).update(amendment=None) > 0
    event = events.filter(amendment=None).first()
    event = event or StatusEvent(document=document, kind=kind, stated_on=vietnam_time.today())
    event.on, event.recorded_at = on, None  # its change is recorded again on the new day
    event.save()
    return True


def _store_undated_event(
    document: LegalDocument, kind: StatusEventKind, scope: StatusEventScope, *, cause: str
) -> bool:
    """Store an event without a day. A repeat preserves the day on which we first learnt of it."""
    if document.status_events.filter(kind=kind, scope=scope).exists():
        return False
    document.status_events.create(kind=kind, scope=scope, on=None, stated_on=vietnam_time.today(), cause=cause)
    return True
