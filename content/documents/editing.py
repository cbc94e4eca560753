"""What staff do with documents at the desk. Each verb is one transaction with one row of the audit in it.

`by` is a User, None the system; `seen` is `updated_at` of what was shown to whoever decides (None: not asked), so that
nobody decides on what they have not read. All raise RuleBroken("wrong_state") where the state does not allow the act
(states.py), and "changed_meanwhile". Publishing is services.publish.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import kinds
from content.documents import daybook, filling, identity, policy, services, states
from content.documents.amendments import services as amendments
from content.documents.models import LegalDocument, Manuscript
from content.documents.passages import services as passages
from content.errors import RuleBroken
from content.people import services as people


@transaction.atomic
def draft(record, *, topics, document=None, by=None, reason="", seen=None):
    """Write a new draft, or a draft anew: exactly what the record says. Returns the document.

    What was never public has no permanent address yet: it moves where number, type or day are others now. The same
    words again change nothing and record nothing. Raises RuleBroken: "already_there", and what services.take_in raises
    about a record.
    """
    filling.refuse_unusable(record)
    issuer = filling.issuer_of(record)
    identity.lock(record)
    document = _locked(document, "draft", seen) if document else LegalDocument()
    standing = identity.standing(record, issuer)
    if standing and standing.pk != document.pk:
        message = _("This document is here already: %s.") % f"{standing} ({standing.get_state_display()})"
        raise RuleBroken("already_there", message, field="number")
    former = document.key
    document.key = identity.free_key(record, issuer, own=document.pk)
    filled = filling.fill(document, record, issuer, topics=topics, exactly=True)
    if not filled.changed:
        return document
    _touch(document)
    if by:
        document.authors.add(by)
    moved = {"former_key": former} if former not in ("", document.key) else {}
    people.audit("document.drafted", document.key, by=by, reason=reason, eids=len(filled.eids), **moved)
    return document


@transaction.atomic
def submit_for_review(document, *, by=None, reason="", seen=None):
    """Hand a draft to a second pair of eyes; whoever hands it over answers for it as an author does.

    Submitting twice is a no-op: the second call records nothing.
    """
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if document.state == states.State.IN_REVIEW:
        return document
    services.refuse_if_changed(document, seen)
    if by:
        document.authors.add(by)
    return _move(document, "submit_for_review", "document.submitted", by, reason)


@transaction.atomic
def return_to_draft(document, *, reason, by=None, seen=None):
    """Give a document in review back to be written on. Raises RuleBroken("no_reason")."""
    _refuse_without(reason)
    return _move(_locked(document, "return_to_draft", seen), "return_to_draft", "document.returned", by, reason)


@transaction.atomic
def correct(document, record, *, topics, reason, by=None, authors=(), notify=False, seen=None, by_issuer=False):
    """Better the published copy: exactly what the record says. Day-book and audit say what changed; eids stay.

    `authors`: Users who wrote the correction; somebody else must confirm it, or a publisher. Nobody is pushed anything
    unless `notify`. `by_issuer`: the issuing body corrected its text (đính chính), and our copy follows; without it our
    copy alone was wrong. Its address stays whatever its number is now. Raises RuleBroken: "no_reason", "same_person",
    "nothing_changed", "already_there", and what services.take_in raises about a record.
    """
    _refuse_without(reason)
    if by and not policy.is_second_pair(by, authors):
        raise RuleBroken("same_person", _("Somebody else must confirm the correction you wrote."))
    filling.refuse_unusable(record)
    issuer = filling.issuer_of(record)
    identity.lock(record)
    document = _locked(document, "correct", seen)
    standing = identity.standing(record, issuer)
    if standing and standing.pk != document.pk:
        raise RuleBroken("already_there", _("This document is here already: %s.") % standing, field="number")
    filled = filling.fill(document, record, issuer, topics=topics, exactly=True)
    if not filled.changed:
        raise RuleBroken("nothing_changed", _("The correction changes nothing."))
    document.authors.add(*authors)
    kind = kinds.CORRECTION if by_issuer else kinds.EDITORIAL
    services.note_correction(document, filled, by=by, reason=reason, notify=notify, kind=kind)
    return document


@transaction.atomic
def withdraw(document, *, reason, by=None, notify=False, seen=None):
    """Take a published document back. Its address stays and says why; nothing else of it is public any more.

    `reason` is public. Corrections that wait for somebody, and what lies on desks to become one, go with it; so does
    what it did to other documents: they read again as before it. Withdrawing twice is a no-op: the second call records
    nothing. Raises RuleBroken: "no_reason", and "amended_since" where another act's amendments build on its own.
    """
    _refuse_without(reason)
    list(Manuscript.objects.select_for_update().filter(document=document.pk))  # first, as all who lock both
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    if document.state == states.State.WITHDRAWN:
        return document
    services.refuse_if_changed(document, seen)
    amendments.withdraw_all_of(document, by=by, reason=reason, notify=notify)
    document.withdrawn_at, document.withdrawal_reason = timezone.now(), reason.strip()
    facts, gone = {"reason": document.withdrawal_reason}, {"hash_before": document.content_hash, "hash_after": ""}
    document = _move(document, "withdraw", kinds.DOCUMENT_WITHDRAWN, by, reason)
    passages.refresh(document)
    document.manuscripts.all().delete()
    daybook.note(kinds.DOCUMENT_WITHDRAWN, document, kinds.WITHDRAWAL, notify=notify, facts=facts, **gone)
    return document


def _locked(document, act, seen):
    """The row as it stands, nobody else moving it meanwhile."""
    document = LegalDocument.objects.select_for_update().get(pk=document.pk)
    states.after(document, act)
    services.refuse_if_changed(document, seen)
    return document


def _move(document, act, action, by, reason):
    document.state = states.after(document, act)
    document.save(update_fields=["state", "withdrawn_at", "withdrawal_reason", "updated_at"])
    people.audit(action, document.key, by=by, reason=reason)
    return document


def _touch(document):
    """Another version for whoever is reading, also where only its days or topics are others."""
    document.save(update_fields=["updated_at"])


def _refuse_without(reason):
    if not reason.strip():
        raise RuleBroken("no_reason", _("Say why."), field="reason")
