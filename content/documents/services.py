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
from content.changes import services as changes
from content.documents import citations, effect, identity, numbers, provisions, wording
from content.documents.effect import EffectStatus
from content.documents.models import LegalDocument, StatusEvent
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
    is only touched with `correct`, and then the day-book says so. `by` (None: the system) and `reason` go into the
    audit. Raises RuleBroken: "empty_text", "no_title", "unknown_issuer", "already_published", "no_free_key".
    """
    issuer = _issuer(record)
    _refuse_unusable(record)
    identity.lock(record)
    document = identity.standing(record, issuer)
    if document is None:
        document = LegalDocument(key=identity.free_key(record, issuer))
    else:
        document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    before, is_new = document.content_hash, document._state.adding
    eids, changed = _put_down(document, record, issuer)
    changed |= _file(document, [*topics, *Topic.objects.filter(key__in=record.topics)])
    _keep_original(document, record.original)
    if not changed:
        return document, Outcome.UNCHANGED
    if document.is_published and not correct:  # rolls back what was written above
        raise RuleBroken("already_published", _("The document is published; --publish corrects the published copy."))
    outcome = Outcome.CREATED if is_new else Outcome.UPDATED
    if document.is_published:
        _record(kinds.DOCUMENT_CORRECTED, document, kinds.EDITORIAL, notify=False, eids=eids, hash_before=before)
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
    _record(kinds.DOCUMENT_PUBLISHED, document, kinds.LEGAL, notify=notify)
    people.audit(kinds.DOCUMENT_PUBLISHED, document.key, by=by, reason=reason, notify=notify)
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
        _record(kinds.DOCUMENT_WITHDRAWN, document, kinds.WITHDRAWAL, notify=False, **gone)
    people.audit("document.removed", document.key, by=by, reason=reason)
    document.delete()


def _issuer(record):
    issuer = organisations.by_name(record.issuer) if record.issuer else None
    if record.issuer and issuer is None:
        raise RuleBroken("unknown_issuer", _("Unknown issuing body «%s».") % record.issuer, field="issuer")
    return issuer


def _refuse_unusable(record):
    if not (record.is_partial or record.text.strip()):
        raise RuleBroken("empty_text", _("The document has no text."), field="text")
    if not record.title.strip():
        raise RuleBroken("no_title", _("The document has no title."), field="title")
    texts = [(name, value) for name, value in vars(record).items() if isinstance(value, str)]
    texts += [("articles", text) for article in record.articles for text in vars(article).values()]
    for name, value in texts:
        if UNSTORABLE.search(value):
            raise RuleBroken("bad_character", _("A character that cannot be stored: NUL, half a pair."), field=name)


def _put_down(document, record, issuer):
    """Write what the record says of the document, its words and its effect. Returns (eids touched, whether any)."""
    if record.is_partial and not document._state.adding and not document.is_partial:
        coded = provisions.codify(document, wording.of(record).codes)
        return coded, any([coded, *(_note_amendment(document, change) for change in record.amended)])
    words, before = wording.of(record), document.content_hash
    if record.is_partial and before not in ("", provisions.sha256(words.text)):
        words = wording.of(record, wording.standing_blocks(document))
    changed = _describe(document, record, issuer, words.text)
    eids = _write(document, record, words, before) if changed else []
    if not eids and words.codes:
        eids = provisions.codify(document, words.codes)
        changed |= bool(eids)
    return eids, _note_effect(document, record) or changed


def search_key(number, title):
    return f"{numbers.key(number)} {' '.join(fold(title).split())}"


def _describe(document, record, issuer, text):
    """Set the columns the record speaks of; returns whether any of them differs now.

    A partial record knows its document from a remark: it completes what we know, and never takes from it.
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
        "content_hash": provisions.sha256(text),
    }
    if record.is_partial and document.pk:
        known = {name: getattr(document, name) for name in ("number", "other_number_keys", "issuer", "issued_on")}
        columns |= {name: value for name, value in known.items() if value}
        if document.title != citations.by_number(record.doc_type, record.number):
            columns |= {"title": document.title, "search_key": document.search_key}
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
        return []
    notes = [asdict(note) | {"start": 0} for note in record.notes]
    document.warnings = notes + [asdict(warning) for warning in words.structure.warnings]
    document.save()
    return provisions.write(document, words.text, words.structure.units, words.codes)


STATED = {  # what an official status says happened, where it names no day
    EffectStatus.PARTLY_EXPIRED: (StatusEvent.Kind.EXPIRES, StatusEvent.Scope.PART),
    EffectStatus.EXPIRED: (StatusEvent.Kind.EXPIRES, StatusEvent.Scope.WHOLE),
    EffectStatus.SUSPENDED: (StatusEvent.Kind.SUSPENDED, StatusEvent.Scope.WHOLE),
    EffectStatus.PARTLY_SUSPENDED: (StatusEvent.Kind.SUSPENDED, StatusEvent.Scope.PART),
    EffectStatus.NO_LONGER_SUITABLE: (StatusEvent.Kind.NO_LONGER_SUITABLE, StatusEvent.Scope.WHOLE),
}


def _note_effect(document, record):
    """Put down what the record knows of the document's effect; returns whether that was new to us."""
    changed = False
    for kind, on in (
        (StatusEvent.Kind.TAKES_EFFECT, record.effective_on),
        (StatusEvent.Kind.EXPIRES, record.expires_on),
    ):
        changed |= bool(on) and _settle_event(document, kind, on)
    for change in record.amended:
        changed |= _note_amendment(document, change)
    if record.official_status in STATED:
        changed |= _state_once(document, *STATED[record.official_status], cause=record.source)
    return _note_statement(document, record.official_status) or changed


def _note_amendment(document, change):
    """An article that lost something on a day: the document is partly expired since (Law 64/2025/QH15 Art. 57)."""
    place = {"kind": StatusEvent.Kind.EXPIRES, "scope": StatusEvent.Scope.PART, "on": change.on}
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
        if not document.original_files.filter(sha256=sha256).exists():  # the document is locked
            document.original_files.create(sha256=sha256, content=original.content, **columns)


def _file(document, topics):
    missing = set(topics) - set(document.topics.all())
    document.topics.add(*missing)
    return bool(missing)


def _record(kind, document, change_kind, **columns):
    changes.record(
        kind,
        document.key,
        change_kind=change_kind,
        topics=list(document.topics.values_list("key", flat=True)),
        organisation=document.issuer.key if document.issuer else "",
        facts={
            "number": document.number,
            "title": document.title,
            "doc_type": document.doc_type,
            "is_specimen": document.is_specimen,
        },
        **({"hash_after": document.content_hash} | columns),
    )
