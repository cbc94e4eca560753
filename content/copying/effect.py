"""What decides the effect of a document, as data and put from data: status events, and what is doubtful."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from content.copying.provisions import AmendmentsByRef, Refs, amendment_at
from content.documents.citations import cite_document
from content.documents.models import EffectDoubt, LegalDocument, StatusEvent
from content.endings.effect_doubts import said_by_us
from content.record_fields import fields
from content.record_fields.eids import refuse_unknown_eids
from content.record_fields.fields import Data, RecordRefused, RecordWaits

MAX_REASONS = 20  # characters


def events_data(stored: Sequence[Data], refs: Refs) -> list[dict[str, Any]]:
    """The status events in a fixed order. When our own clock recorded them is our own affair.

    The cause of what an amendment did is its act, as that is called now: an earlier title may have words that were
    taken out.
    """
    rows = [
        {**each, "cause": "" if each["amendment"] else each["cause"], "amendment": refs.get(each["amendment"] or 0)}
        for each in stored
    ]
    return sorted(rows, key=lambda row: (row["on"] or "", row["kind"], row["scope"], row["eids"]))


def put_events(document: LegalDocument, rows: Sequence[Data], amendments: AmendmentsByRef) -> None:
    """Make the status events those of the record."""
    stored = {_event_identity(each): each for each in document.status_events.all()}
    for row in rows:
        wanted = event_from(document, row, amendments)
        event = stored.pop(_event_identity(wanted), None)
        if event is None:
            wanted.save()
        elif (event.stated_on, event.cause, event.amendment_id) != (
            wanted.stated_on, wanted.cause, wanted.amendment_id,
        ):  # fmt: skip
            event.stated_on, event.cause, event.amendment = wanted.stated_on, wanted.cause, wanted.amendment
            event.save()
    document.status_events.filter(pk__in=[each.pk for each in stored.values()]).delete()


def event_from(document: LegalDocument, row: Data, amendments: AmendmentsByRef) -> StatusEvent:
    """The unsaved status event that a row says. Raises RecordRefused."""
    eids, stated_on = fields.texts(row, "eids", most=120), fields.day(row, "stated_on")
    amendment = amendment_at(row, "amendment", amendments)
    refuse_unknown_eids(eids)
    if stated_on is None:
        raise RecordRefused(_("A status event of the record does not say when it became known."))
    return StatusEvent(
        document=document, kind=fields.choice(row, "kind", StatusEvent.Kind.values),
        scope=fields.choice(row, "scope", StatusEvent.Scope.values), on=fields.day(row, "on"), stated_on=stated_on,
        eids=eids, amendment=amendment,
        cause=cite_document(amendment.act)[:300] if amendment else fields.text(row, "cause", most=300),
    )  # fmt: skip


def _event_identity(event: StatusEvent) -> tuple[object, ...]:
    return str(event.kind), str(event.scope), event.on, tuple(event.eids)


def doubts_data(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What makes the effect or the text doubtful; of a copy, as its home says it."""
    return sorted(rows, key=lambda row: (row["act"], row["source_eid"], row["kind"], row["scope"]))


def lacking_acts(rows: Sequence[Data]) -> list[str]:
    """The keys of acts that make the document doubtful and are not here."""
    wanted = {fields.text(row, "act") for row in rows}
    return sorted(wanted - set(LegalDocument.objects.filter(key__in=wanted).values_list("key", flat=True)))


def put_doubts(document: LegalDocument, rows: Sequence[Data], *, may_lack: bool) -> None:
    """Make the doubts those of the record. What we say because of our own acts stays.

    Where an act is not here, a document that `may_lack` it is written all the same: the doubt then names the document
    itself until the act comes. For others raises RecordWaits.
    """
    acts = {act.key: act for act in LegalDocument.objects.filter(key__in={fields.text(row, "act") for row in rows})}
    stored = {_doubt_identity(each): each for each in document.effect_doubts.select_related("act")}
    for row in rows:
        act = acts.get(fields.text(row, "act"))
        if act is None and not may_lack:
            raise RecordWaits(_("The act %s, which makes it doubtful, is not here yet.") % row["act"])
        wanted = _doubt(document, act, row) if act else _doubt_of_lacking_act(document, row)
        former = stored.pop(_doubt_identity(wanted), None)
        if former:
            wanted.pk, wanted.since = former.pk, former.since
        wanted.save()
    document.effect_doubts.exclude(said_by_us()).filter(pk__in=[each.pk for each in stored.values()]).delete()


def _doubt_of_lacking_act(document: LegalDocument, row: Data) -> EffectDoubt:
    doubt = _doubt(document, document, row)
    said = f"{fields.text(row, 'act')} {doubt.source_eid}".strip()
    doubt.source_eid = f"lacking_{hashlib.sha256(said.encode()).hexdigest()[:40]}"  # two acts may say it
    doubt.words = f"{said}: {doubt.words}"
    return doubt


def _doubt(document: LegalDocument, act: LegalDocument, row: Data) -> EffectDoubt:
    eids, from_on = fields.texts(row, "eids", most=120), fields.day(row, "from_on")
    refuse_unknown_eids(eids)
    if from_on is None:
        raise RecordRefused(_("A doubt of the record does not say from when on it counts."))
    return EffectDoubt(
        document=document, act=act, source_eid=fields.text(row, "source_eid", most=120),
        kind=fields.choice(row, "kind", EffectDoubt.Kind.values),
        scope=fields.choice(row, "scope", EffectDoubt.Scope.values), eids=eids, from_on=from_on,
        on=fields.day(row, "on"), until_on=fields.day(row, "until_on"), words=fields.text(row, "words"),
        reasons=fields.texts(row, "reasons", most=MAX_REASONS),
    )  # fmt: skip


def _doubt_identity(doubt: EffectDoubt) -> tuple[object, ...]:
    return doubt.act_id, doubt.source_eid, str(doubt.kind), str(doubt.scope)
