"""What may be done to documents: take one in as a draft, publish it, take a specimen out. What staff do at the desk
before and after that stands in editing.py."""

import hashlib
import re
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import kinds
from content.documents import (
    citations,
    comparison,
    daybook,
    effect,
    identity,
    numbers,
    policy,
    provisions,
    queries,
    states,
    wording,
)
from content.documents.effect import EffectStatus
from content.documents.models import LegalDocument, StatusEvent
from content.documents.passages import services as passages
from content.documents.relations import services as relations
from content.errors import RuleBroken
from content.organisations import queries as organisations
from content.people import services as people
from content.text.vietnamese import fold, nfc
from content.topics.models import Topic

Completeness = LegalDocument.Completeness
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no lone surrogate


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@transaction.atomic
def take_in(record, *, topics=(), correct=False, by=None, reason=""):
    """Take in a document as its source gives it: parsed, as a draft. Returns (document, Outcome).

    The same document again (type, number, day and issuer, see `identity`) updates it, or changes nothing where nothing
    differs; `topics` and those of the record are added to those it has. A partial record adds its articles to a partial
    document; a complete one replaces them and keeps the eids; never does a partial record touch the words of a complete
    document: it brings codes of the codification, topics, and days on which articles were amended. A published document
    is only touched with `correct`, and then the day-book says so. What is in review or withdrawn is not touched. `by`
    (None: the system) and `reason` go into the audit. Raises RuleBroken: "empty_text", "no_title", "unknown_issuer",
    "already_published", "in_review", "withdrawn", "no_free_key", "amended" (another text, while amendments build on
    the one we have).
    """
    refuse_unusable(record)
    issuer = issuer_of(record)
    identity.lock(record)
    document = identity.standing(record, issuer)
    if document is None:
        document = LegalDocument(key=identity.free_key(record, issuer))
    else:
        document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    is_new = document._state.adding
    filled = fill(document, record, issuer, topics=[*topics, *Topic.objects.filter(key__in=record.topics)])
    if not filled.changed:
        return document, Outcome.UNCHANGED
    _refuse_to_touch(document, correct)  # rolls back what was written above
    if by:
        document.authors.add(by)
    outcome = Outcome.CREATED if is_new else Outcome.UPDATED
    if document.is_published:
        note_correction(document, filled, by=by, reason=reason, notify=False)
    else:
        people.audit("document.taken_in", document.key, by=by, reason=reason, outcome=outcome)
    return document, outcome


def _refuse_to_touch(document, correct):
    if document.state == LegalDocument.State.WITHDRAWN:
        raise RuleBroken("withdrawn", _("The document was withdrawn."))
    if document.state == LegalDocument.State.IN_REVIEW:
        raise RuleBroken("in_review", _("The document is in review: return it to draft first."))
    if document.is_published and not correct:
        raise RuleBroken("already_published", _("The document is published; --publish corrects the published copy."))


@transaction.atomic
def publish(document, *, by=None, notify=True, reason="", seen=None):
    """Make a document public and note it in the day-book and the audit; all happen or none. Returns the document.

    `by` is a User, None the system. An approver publishes what is in review and what somebody else wrote; a publisher
    and the system also what is a draft. `notify=False` tells nobody: for stocks of old laws. `seen` is `updated_at` of
    what was read: another wording is refused. Publishing twice is a no-op: the second call records nothing. Raises
    RuleBroken: "wrong_state", "not_reviewed", "same_person", "changed_meanwhile".
    """
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if document.is_published:
        return document
    state = states.after(document, "publish")
    refuse_if_changed(document, seen)
    if by and document.state == LegalDocument.State.DRAFT and not policy.may_publish_alone(by):
        raise RuleBroken("not_reviewed", _("The document was not submitted for review."))
    if by and not policy.is_second_pair(by, document.authors.all()):
        raise RuleBroken("same_person", _("Somebody else must publish what you wrote."))
    document.state = state
    document.published_at = timezone.now()
    document.save(update_fields=["state", "published_at", "updated_at"])
    passages.refresh(document)
    daybook.note(kinds.DOCUMENT_PUBLISHED, document, kinds.LEGAL, notify=notify)
    people.audit(kinds.DOCUMENT_PUBLISHED, document.key, by=by, reason=reason, notify=notify)
    return document


def refuse_if_changed(document, seen):
    """Nobody decides on what they have not read. `seen`: `updated_at` of what was shown; None: not asked."""
    if seen is not None and seen != document.updated_at:
        raise RuleBroken("changed_meanwhile", _("The document changed while you were reading: read it again."))


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
    """Status events of one day as a line of the day-book tells them. `when`: entered, tomorrow, today or past.

    None where all of them stood already: the text changes on a day whose effect another source told us before.
    """
    day = events[0].on if events else None
    return {
        "when": when,
        "on": day and str(day),
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

    Nobody is told. Removing it twice is a no-op. Raises RuleBroken: "not_a_specimen" (law is never removed), and
    "amends_another".
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
    refuse_while_it_amends(document)
    document.amendments_made.all().delete()
    document.delete()


def refuse_while_it_amends(document):
    """Others read as this act made them read: what it did is taken back first. Raises RuleBroken("amends_another")."""
    if document.amendments_made.filter(withdrawn_at=None).exclude(document=document).exists():
        raise RuleBroken("amends_another", _("Withdraw first what it did to other documents."))


def issuer_of(record):
    """The Organisation a record names, None where it names none. Raises RuleBroken("unknown_issuer")."""
    issuer = organisations.by_name(record.issuer) if record.issuer else None
    if record.issuer and issuer is None:
        raise RuleBroken("unknown_issuer", _("Unknown issuing body «%s».") % record.issuer, field="issuer")
    return issuer


def refuse_unusable(record):
    """Raises RuleBroken: "empty_text", "no_title", "bad_character"."""
    if not (record.is_partial or record.text.strip()):
        raise RuleBroken("empty_text", _("The document has no text."), field="text")
    if not record.title.strip():
        raise RuleBroken("no_title", _("The document has no title."), field="title")
    refuse_unstorable(record)


def refuse_unstorable(record):
    """Raises RuleBroken("bad_character") for what PostgreSQL does not take."""
    texts = [(name, value) for name, value in vars(record).items() if isinstance(value, str)]
    texts += [("articles", text) for article in record.articles for text in vars(article).values()]
    for name, value in texts:
        if UNSTORABLE.search(value):
            raise RuleBroken("bad_character", _("A character that cannot be stored: NUL, half a pair."), field=name)


@dataclass(frozen=True)
class Filled:
    """What filling a document changed. `before` is its queries.description and own_texts as they were published."""

    changed: bool
    eids: list
    hash_before: str
    before: tuple | None  # of published documents only


def fill(document, record, issuer, *, topics, exactly=False):
    """Write what a record says into the document (locked or new), its provisions, days and topics. Returns Filled.

    `exactly`: the record is all there is to say: days it does not give and topics not among `topics` are taken off. It
    comes from the desk, where the standing text is written on: while that is the same, a partial document stays partial
    and an official copy official.
    """
    hash_before = document.content_hash
    before = (queries.description(document), queries.own_texts(document)) if document.is_published else None
    eids, changed = _put_down(document, record, issuer, exactly)
    changed |= _file(document, topics, exactly)
    if record.is_partial == document.is_partial:  # what only brought codes is not what our copy was made of
        _keep_original(document, record.original)
    return Filled(changed, eids, hash_before, before)


def note_correction(document, filled, *, by, reason, notify):
    """Put a correction of a published document into day-book and audit: never a silent change."""
    document.corrected_at = timezone.now()
    document.save(update_fields=["corrected_at", "updated_at"])
    passages.refresh(document)
    description, texts = filled.before
    changed = comparison.facts(
        comparison.of_fields(description, queries.description(document)),
        comparison.of_units(texts, queries.own_texts(document)),
    )
    what = {"eids": filled.eids, "hash_before": filled.hash_before}
    daybook.note(
        kinds.DOCUMENT_CORRECTED, document, kinds.EDITORIAL, notify=notify, facts={"correction": changed}, **what
    )
    fields = [change["field"] for change in changed["fields"]]
    people.audit(
        kinds.DOCUMENT_CORRECTED, document.key, by=by, reason=reason, eids=filled.eids, fields=fields, notify=notify
    )


def _put_down(document, record, issuer, exactly):
    """Write what the record says of the document, its words and its effect. Returns (eids touched, whether any)."""
    if record.is_partial and not document._state.adding and not document.is_partial:
        coded = provisions.codify(document, wording.of(record).codes)
        return coded, any([coded, *(_note_amendment(document, change) for change in record.amended)])
    words, before = wording.of(record), document.content_hash
    if record.is_partial and before not in ("", provisions.sha256(words.text)):
        words = wording.of(record, wording.standing_blocks(document))
    _refuse_to_undermine(document, words.text)
    changed = _describe(document, record, issuer, words.text, exactly)
    eids = _write(document, record, words, before) if changed else []
    if not eids and words.codes:
        eids = provisions.codify(document, words.codes)
        changed |= bool(eids)
    return eids, _note_effect(document, record, exactly) or changed


def _refuse_to_undermine(document, text):
    """Amendments build on the text that was there: they are taken back first, and applied again to the new one."""
    same = not document.pk or document.content_hash == provisions.sha256(text)
    if not same and document.amendments.filter(withdrawn_at=None).exists():
        message = _("Amendments build on the text we have; withdraw them, correct it, and apply them again.")
        raise RuleBroken("amended", message)


def search_key(number, title):
    return f"{numbers.key(number)} {' '.join(fold(title).split())}"


def _describe(document, record, issuer, text, exactly):
    """Set the columns the record speaks of; returns whether any of them differs now.

    A partial record knows its document from a remark: it completes what we know, and never takes from it. Staff
    (`exactly`) who leave the text as it stands change neither how much of it is here nor where it was read.
    """
    columns = {
        "number": numbers.clean(record.number),
        "number_key": identity.number_key(record.number, record.title),
        "other_number_keys": numbers.other_keys(record.number),
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
        "completeness": Completeness.PARTIAL if record.is_partial else Completeness.COMPLETE,
        "is_official_copy": record.is_official_copy,
        "content_hash": provisions.sha256(text),
    }
    if record.is_partial and document.pk:
        known = {name: getattr(document, name) for name in ("number", "other_number_keys", "issuer", "issued_on")}
        columns |= {name: value for name, value in known.items() if value}
        if document.title != citations.by_number(record.doc_type, record.number):
            columns |= {"title": document.title, "search_key": document.search_key}
    if exactly and document.content_hash == columns["content_hash"]:
        columns["completeness"] = document.completeness
        if (document.source, document.source_url) == (record.source, record.source_url):
            columns["is_official_copy"] = document.is_official_copy
    changed = any(getattr(document, name) != value for name, value in columns.items())
    for name, value in columns.items():
        setattr(document, name, value)
    try:
        document.clean_fields(exclude=["issuer", "key"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RuleBroken("bad_field", messages[0], field=field) from error
    return changed


def _write(document, record, words, hash_before):
    """Save the document; parse and write its provisions where the text is another. Returns the eids touched."""
    if document.content_hash == hash_before:
        document.save()
        relations.give_to_those_waiting(document)
        return []
    notes = [asdict(note) | {"start": 0} for note in record.notes]
    document.warnings = notes + [asdict(warning) for warning in words.structure.warnings]
    document.verified_at, document.verified_by = None, ""  # nobody has compared this text with the original
    document.save()
    if not record.is_partial:
        relations.propose(document, words.text, words.structure, effective_on=record.effective_on)
    relations.give_to_those_waiting(document)
    return provisions.write(document, words.text, words.structure.units, words.codes)


STATED = {  # what an official status says happened, where it names no day
    EffectStatus.PARTLY_EXPIRED: (StatusEvent.Kind.EXPIRES, StatusEvent.Scope.PART),
    EffectStatus.EXPIRED: (StatusEvent.Kind.EXPIRES, StatusEvent.Scope.WHOLE),
    EffectStatus.SUSPENDED: (StatusEvent.Kind.SUSPENDED, StatusEvent.Scope.WHOLE),
    EffectStatus.PARTLY_SUSPENDED: (StatusEvent.Kind.SUSPENDED, StatusEvent.Scope.PART),
    EffectStatus.NO_LONGER_SUITABLE: (StatusEvent.Kind.NO_LONGER_SUITABLE, StatusEvent.Scope.WHOLE),
}


def _note_effect(document, record, exactly):
    """Put down what the record knows of the document's effect; returns whether that was new to us."""
    if not document.has_effect:
        return False
    changed = False
    for kind, on in (
        (StatusEvent.Kind.TAKES_EFFECT, record.effective_on),
        (StatusEvent.Kind.EXPIRES, record.expires_on),
    ):
        if on:
            changed |= _settle_event(document, kind, on)
        elif exactly:
            whole = document.status_events.filter(kind=kind, scope=StatusEvent.Scope.WHOLE, on__isnull=False)
            changed |= bool(whole.filter(amendment=None).delete()[0])  # what an act did goes with its amendment
    for change in record.amended:
        changed |= _note_amendment(document, change)
    if record.official_status in STATED:
        changed |= _state_once(document, *STATED[record.official_status], cause=record.source)
    return _note_statement(document, record.official_status) or changed


def _note_amendment(document, change):
    """An article that lost something on a day: the document is partly expired since (Law 64/2025/QH15 Art. 57).

    What is left of the article goes on binding: it expires only where nothing is.
    """
    kind = StatusEvent.Kind.EXPIRES if change.ends else StatusEvent.Kind.AMENDED
    place = {"kind": kind, "scope": StatusEvent.Scope.PART, "on": change.on}
    facts = {"stated_on": effect.today(), "cause": change.by}
    eids = [wording.article_eid(change.article)]
    return document.status_events.get_or_create(**place, eids=eids, defaults=facts)[1]


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
    """One event of this kind for the whole document, on that day; returns whether that is new.

    What an amendment made is not moved: it is taken back with the amendment.
    """
    events = document.status_events.filter(kind=kind, scope=StatusEvent.Scope.WHOLE)
    if events.filter(on=on).exists():
        return False
    event = events.filter(amendment=None).first()
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
        if not document.original_files.filter(sha256=sha256).exists():  # the document is locked
            document.original_files.create(sha256=sha256, content=original.content, **columns)


def _file(document, topics, exactly):
    wanted, filed = set(topics), set(document.topics.all())
    missing, extra = wanted - filed, filed - wanted if exactly else set()
    document.topics.add(*missing)
    document.topics.remove(*extra)
    return bool(missing or extra)
