"""What may be done to documents: take one in as a draft, publish it, take a specimen out."""

import hashlib
import re
from dataclasses import asdict
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import kinds
from content.documents import daybook, effect, identity, numbers, provisions, structure
from content.documents.effect import EffectStatus
from content.documents.models import LegalDocument, StatusEvent
from content.documents.relations import services as relations
from content.errors import RuleBroken
from content.organisations import queries as organisations
from content.people import services as people
from content.text.vietnamese import fold, nfc

UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no lone surrogate


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@transaction.atomic
def take_in(record, *, topics=(), correct=False, by=None, reason=""):
    """Take in a document as its source gives it: parsed, as a draft. Returns (document, Outcome).

    The same document again (type, number, day and issuer, see `identity`) updates it, or changes nothing where nothing
    differs; `topics` are added to those it has. A published document is only touched with `correct`, and then the
    day-book says so. `by` (None: the system) and `reason` go into the audit. Raises RuleBroken: "empty_text",
    "no_title", "unknown_issuer", "already_published", "no_free_key",
    "amended" (another text, while amendments build on the one we have).
    """
    issuer = _issuer(record)
    _refuse_unusable(record)
    text = nfc(record.text)
    identity.lock(record)
    document = identity.standing(record, issuer)
    if document is None:
        document = LegalDocument(key=identity.free_key(record, issuer))
    else:
        document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    before, is_new = document.content_hash, document._state.adding
    if not is_new and before != provisions.sha256(text) and document.amendments.filter(withdrawn_at=None).exists():
        message = _("Amendments build on the text we have; withdraw them, correct it, and apply them again.")
        raise RuleBroken("amended", message)
    fields_changed = _describe(document, record, issuer, text)
    eids = _write(document, text, before, record.effective_on) if fields_changed else []
    events_changed = _note_effect(document, record)
    topics_changed = _file(document, topics)
    _keep_original(document, record.original)
    if not (fields_changed or events_changed or topics_changed):
        return document, Outcome.UNCHANGED
    if document.is_published and not correct:  # rolls back what was written above
        raise RuleBroken("already_published", _("The document is published; --publish corrects the published copy."))
    outcome = Outcome.CREATED if is_new else Outcome.UPDATED
    if document.is_published:
        daybook.note(kinds.DOCUMENT_CORRECTED, document, kinds.EDITORIAL, notify=False, eids=eids, hash_before=before)
        people.audit(kinds.DOCUMENT_CORRECTED, document.key, by=by, reason=reason, eids=eids)
    else:
        people.audit("document.taken_in", document.key, by=by, reason=reason, outcome=outcome)
    return document, outcome


@transaction.atomic
def publish(document, *, by=None, notify=True, reason=""):
    """Make a draft public and note it in the day-book and the audit; all happen or none. Returns the document.

    `by` is a User, None the system. `notify=False` tells nobody: for stocks of old laws. Publishing twice is a no-op:
    the second call records nothing.
    """
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if document.is_published:
        return document
    document.state = LegalDocument.State.PUBLISHED
    document.published_at = timezone.now()
    document.save(update_fields=["state", "published_at", "updated_at"])
    daybook.note(kinds.DOCUMENT_PUBLISHED, document, kinds.LEGAL, notify=notify)
    people.audit(kinds.DOCUMENT_PUBLISHED, document.key, by=by, reason=reason, notify=notify)
    return document


@transaction.atomic
def enter_status(document, kind, *, on, scope=StatusEvent.Scope.WHOLE, eids=(), cause="", by=None, notify=True):
    """Enter something that happens to the effect of a public document: a repeal, a suspension, its end.

    `eids` name the units of an event in part. Entered again it is a no-op. Returns the StatusEvent. Raises RuleBroken:
    "not_public", "no_such_unit".
    """
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if not document.is_published:
        raise RuleBroken("not_public", _("Publish the document first."))
    known = set(document.provisions.filter(eid__in=eids).values_list("eid", flat=True))
    if unknown := sorted(set(eids) - known):
        raise RuleBroken("no_such_unit", _("The document has no %s.") % ", ".join(unknown), field="eids")
    event, created = document.status_events.get_or_create(
        kind=kind, scope=scope, on=on, eids=sorted(eids), defaults={"stated_on": effect.today(), "cause": cause}
    )
    if created:
        document.save(update_fields=["updated_at"])
        facts = event_facts([event], when="entered")
        daybook.note(kinds.STATUS_ENTERED, document, kinds.LEGAL, facts=facts, notify=notify, eids=event.eids)
        people.audit(kinds.STATUS_ENTERED, document.key, by=by, reason=cause, events=facts["events"], on=facts["on"])
    return event


def event_facts(events, *, when):
    """Status events of one day as a line of the day-book tells them. `when`: entered, tomorrow, today or past."""
    return {
        "when": when,
        "on": events[0].on and str(events[0].on),
        "events": [
            {"kind": event.kind, "scope": event.scope, "eids": event.eids, "cause": event.cause} for event in events
        ],
    }


@transaction.atomic
def verify(document, *, by, office, reason=""):
    """Note that a person compared our copy with the original and found it the same; returns the document.

    `office` is shown to everybody; who it was stands only in the audit. Another text later undoes it. Raises
    RuleBroken: "not_allowed", "no_office".
    """
    if not (by.is_active and by.has_perm("content.publish_legaldocument")):
        raise RuleBroken("not_allowed", _("Only who may publish may do this."))
    if not office.strip():
        raise RuleBroken("no_office", _("Say which office compared it."), field="office")
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    document.verified_at, document.verified_by = timezone.now(), nfc(office.strip())
    document.save(update_fields=["verified_at", "verified_by", "updated_at"])
    people.audit("document.verified", document.key, by=by, reason=reason, sha256=document.content_hash)
    if document.is_published:
        daybook.note(kinds.DOCUMENT_CORRECTED, document, kinds.EDITORIAL, notify=False, facts={"verified": True})
    return document


@transaction.atomic
def remove_specimen(document, *, by=None, reason=""):
    """Take a specimen out again, with its provisions; where it was public, the day-book says that it was withdrawn.

    Nobody is told. Removing it twice is a no-op. Raises RuleBroken("not_a_specimen"): law is never removed.
    """
    document = LegalDocument.objects.select_for_update().filter(pk=document.pk).first()
    if document is None:
        return
    if not document.is_specimen:
        raise RuleBroken("not_a_specimen", _("Only a specimen can be taken out."))
    if document.is_published:
        gone = {"hash_before": document.content_hash, "hash_after": ""}
        daybook.note(kinds.DOCUMENT_WITHDRAWN, document, kinds.WITHDRAWAL, notify=False, **gone)
    people.audit("document.removed", document.key, by=by, reason=reason)
    if document.amendments_made.exclude(document=document).exists():
        raise RuleBroken("amends_another", _("Withdraw first what it did to other documents."))
    document.amendments_made.all().delete()
    document.delete()


def _issuer(record):
    issuer = organisations.by_name(record.issuer) if record.issuer else None
    if record.issuer and issuer is None:
        raise RuleBroken("unknown_issuer", _("Unknown issuing body «%s».") % record.issuer, field="issuer")
    return issuer


def _refuse_unusable(record):
    if not record.text.strip():
        raise RuleBroken("empty_text", _("The document has no text."), field="text")
    if not record.title.strip():
        raise RuleBroken("no_title", _("The document has no title."), field="title")
    for name, value in asdict(record).items():
        if isinstance(value, str) and UNSTORABLE.search(value):
            raise RuleBroken("bad_character", _("A character that cannot be stored: NUL, half a pair."), field=name)


def search_key(number, title):
    return f"{numbers.key(number)} {' '.join(fold(title).split())}"


def _describe(document, record, issuer, text):
    """Set the columns the record speaks of; returns whether any of them differs now."""
    columns = {
        "number": numbers.clean(record.number),
        "number_key": identity.number_key(record.number, record.title),
        "is_specimen": numbers.key(record.number) == numbers.key(numbers.SPECIMEN),
        "doc_type": record.doc_type,
        "title": nfc(" ".join(record.title.split())),
        "search_key": search_key(record.number, record.title),
        "issuer": issuer,
        "signer": nfc(record.signer),
        "issued_on": record.issued_on,
        "gazette_number": record.gazette_number,
        "gazette_on": record.gazette_on,
        "source": record.source,
        "source_url": record.source_url,
        "is_official_copy": record.is_official_copy,
        "content_hash": provisions.sha256(text),
    }
    changed = any(getattr(document, name) != value for name, value in columns.items())
    for name, value in columns.items():
        setattr(document, name, value)
    try:
        document.clean_fields(exclude=["issuer", "key"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RuleBroken("bad_field", messages[0], field=field) from error
    return changed


def _write(document, text, hash_before, effective_on):
    """Save the document; parse and write its provisions where the text is another. Returns the eids touched."""
    if document.content_hash == hash_before:
        document.save()
        relations.give_to_those_waiting(document)
        return []
    parsed = structure.parse(text)
    document.warnings = [asdict(warning) for warning in parsed.warnings]
    document.verified_at, document.verified_by = None, ""  # nobody has compared this text with the original
    document.save()
    relations.propose(document, text, parsed, effective_on=effective_on)
    relations.give_to_those_waiting(document)
    return provisions.write(document, text, parsed.units)


STATED = {  # what an official status says happened, where it names no day
    EffectStatus.PARTLY_EXPIRED: (StatusEvent.Kind.EXPIRES, StatusEvent.Scope.PART),
    EffectStatus.EXPIRED: (StatusEvent.Kind.EXPIRES, StatusEvent.Scope.WHOLE),
    EffectStatus.SUSPENDED: (StatusEvent.Kind.SUSPENDED, StatusEvent.Scope.WHOLE),
    EffectStatus.PARTLY_SUSPENDED: (StatusEvent.Kind.SUSPENDED, StatusEvent.Scope.PART),
    EffectStatus.NO_LONGER_SUITABLE: (StatusEvent.Kind.NO_LONGER_SUITABLE, StatusEvent.Scope.WHOLE),
}


def _note_effect(document, record):
    """Put down what the record knows of the document's effect; returns whether that was new to us."""
    if not document.has_effect:
        return False
    changed = False
    for kind, on in (
        (StatusEvent.Kind.TAKES_EFFECT, record.effective_on),
        (StatusEvent.Kind.EXPIRES, record.expires_on),
    ):
        changed |= bool(on) and _settle_event(document, kind, on)
    if record.official_status in STATED:
        changed |= _state_once(document, *STATED[record.official_status], cause=record.source)
    return _note_statement(document, record.official_status) or changed


def _note_statement(document, stated):
    """Note the day on which an official source told us what we show; where it says otherwise, warn instead."""
    if not stated:
        return False
    agrees = effect.effect_on(document.status_events.all(), effect.today()).status == stated
    message = _("The source states the effect as «%s»; the days we know say otherwise.")
    differs = {"code": "status_differs", "message": message % EffectStatus(stated).label, "start": 0}
    if agrees and not document.effect_stated_on:
        document.effect_stated_on = effect.today()
    elif not agrees and differs not in document.warnings:
        document.warnings = [*document.warnings, differs]
    else:
        return False
    document.save(update_fields=["effect_stated_on", "warnings", "updated_at"])
    return True


def _settle_event(document, kind, on):
    """One event of this kind for the whole document, on that day; returns whether that is new."""
    event = document.status_events.filter(kind=kind, scope=StatusEvent.Scope.WHOLE).first()
    if event and event.on == on:
        return False
    event = event or StatusEvent(document=document, kind=kind, stated_on=effect.today())
    event.on = on
    event.save()
    return True


def _state_once(document, kind, scope, *, cause):
    """An event whose day our source does not give; a repeat keeps the day on which we first learnt of it."""
    if document.status_events.filter(kind=kind, scope=scope).exists():
        return False
    document.status_events.create(kind=kind, scope=scope, on=None, stated_on=effect.today(), cause=cause)
    return True


def _keep_original(document, original):
    """Keep the bytes beside what was made of them. The same bytes again are not kept twice."""
    if original:
        columns = {"name": original.name[:255], "media_type": original.media_type, "size": len(original.content)}
        sha256 = hashlib.sha256(original.content).hexdigest()
        document.original_files.get_or_create(sha256=sha256, defaults=columns | {"content": original.content})


def _file(document, topics):
    missing = set(topics) - set(document.topics.all())
    document.topics.add(*missing)
    return bool(missing)
