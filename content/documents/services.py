"""What may be done to documents: take one in as a draft, publish it, take a specimen out. What staff do at the desk
before and after that stands in editing.py."""

from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import kinds
from content.documents import comparison, daybook, effect, filling, identity, policy, queries, states
from content.documents.models import LegalDocument, StatusEvent
from content.documents.passages import services as passages
from content.documents.provisions import sha256
from content.errors import RuleBroken
from content.people import services as people
from content.text.vietnamese import nfc
from content.topics.models import Topic


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
    the one we have), "official_copy" (whoever's copy this is, the one we have was read at an official source).
    """
    filling.refuse_unusable(record)
    issuer = filling.issuer_of(record)
    identity.lock(record)
    document = identity.standing(record, issuer)
    if document is None:
        document = LegalDocument(key=identity.free_key(record, issuer))
    else:
        document = LegalDocument.objects.select_for_update().get(pk=document.pk)
        if document.is_official_copy and not (record.is_official_copy or record.is_partial):
            return _beside_official(document, record)
    is_new = document._state.adding
    filled = filling.fill(document, record, issuer, topics=[*topics, *Topic.objects.filter(key__in=record.topics)])
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


def _beside_official(document, record):
    """An unofficial copy of the same words tells nothing new; one of others does not replace the official copy."""
    if document.content_hash != sha256(nfc(record.text)):
        message = _("Our copy of %s is official; a copy from elsewhere with other words does not replace it.")
        raise RuleBroken("official_copy", message % document.key)
    return document, Outcome.UNCHANGED


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


def note_correction(document, filled, *, by, reason, notify, kind=kinds.EDITORIAL):
    """Put a correction of a published document into day-book and audit: never a silent change. `kind`: whose it is."""
    document.corrected_at = timezone.now()
    document.save(update_fields=["corrected_at", "updated_at"])
    passages.refresh(document)
    description, texts = filled.before
    changed = comparison.facts(
        comparison.of_fields(description, queries.description(document)),
        comparison.of_units(texts, queries.own_texts(document)),
    )
    what = {"eids": filled.eids, "hash_before": filled.hash_before}
    daybook.note(kinds.DOCUMENT_CORRECTED, document, kind, notify=notify, facts={"correction": changed}, **what)
    fields = [change["field"] for change in changed["fields"]]
    people.audit(
        kinds.DOCUMENT_CORRECTED, document.key, by=by, reason=reason, eids=filled.eids, fields=fields, notify=notify
    )
