"""Winners: asked who they are after the results are published, verified by one person and named by another.

Who they are is stored apart from contest and result, read with an audit, and erased 90 days after publication.
"""

import datetime
import hashlib
import hmac
import unicodedata
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.contest_results import policy, queries, states
from content.contest_results.models import Winner, WinnerIdentity
from content.contest_results.models.winners import CONTACT_LENGTH, NAME_LENGTH
from content.contest_results.states import WinnerStatus, WinnerTransition
from content.contests.choices import AgeBand
from content.contests.models import Contest
from content.contests.services import transitions as contest_transitions
from content.contests.states import ContestStatus
from content.errors import NotAllowed, RuleBroken
from content.people import services as people
from content.people import text_input, transitions
from content.people.models import Reader, User

IDENTITY_KEPT_FOR = datetime.timedelta(days=90)
DOCUMENT_LENGTH = 40


@transaction.atomic
def ask_identity(winner: Winner, *, by: User) -> Winner:
    """Ask a proposed winner, privately, who they are. Raises RuleBroken: "results_not_published", "wrong_status"."""
    winner = _locked(winner)
    _require(winner, WinnerTransition.ASK, by)
    if winner.contest.status != ContestStatus.PUBLISHED:
        raise RuleBroken("results_not_published", _("Publish the results first."))
    _apply(winner, WinnerTransition.ASK, by, asked_at=timezone.now())
    if winner.entry.reader:
        changes.record_change(
            EventType.CONTEST_IDENTITY_ASKED, winner.contest.key, nature=Nature.EDITORIAL, reader=winner.entry.reader
        )
    return winner


@transaction.atomic
def give_identity(
    winner: Winner,
    reader: Reader,
    *,
    name: str,
    contact: str,
    document_number: str,
    consent: bool,
    naming_consent: bool = False,
    guardian_name: str = "",
    guardian_contact: str = "",
    guardian_consent: bool = False,
    guardian_naming_consent: bool = False,
) -> WinnerIdentity:
    """Store who a winner is, as they say. Given again before it is verified, it replaces what was said.

    Of the document only an HMAC of its number is stored. Raises RuleBroken with the field: "not_asked",
    "consent_required", "guardian_required" (of a winner under 16: name, contact and consent of a representative),
    "one_person_twice" (the same document won another prize of this contest), and what `clean_line` raises.
    """
    winner = _locked(winner)
    if winner.entry.reader_id != reader.pk or winner.status != WinnerStatus.ASKED:
        raise RuleBroken("not_asked", _("Nobody asks you who you are."))
    if not consent:
        raise RuleBroken("consent_required", _("Agree that this is stored until the prize is given."), field="consent")
    has_guardian = guardian_consent and guardian_name.strip() and guardian_contact.strip()
    if winner.entry.age_band == AgeBand.UNDER_16 and not has_guardian:
        message = _("Under 16, a representative must agree and say who they are.")
        raise RuleBroken("guardian_required", message, field="guardian_name")
    now = timezone.now()
    columns = {
        "contest": winner.contest,
        "name": _line(name, "name", NAME_LENGTH),
        "contact": _line(contact, "contact", CONTACT_LENGTH),
        "guardian_name": _line(guardian_name, "guardian_name", NAME_LENGTH) if has_guardian else "",
        "guardian_contact": _line(guardian_contact, "guardian_contact", CONTACT_LENGTH) if has_guardian else "",
        "document_hash": document_hash(document_number),
        "consented_at": now,
        "naming_consented_at": now if naming_consent else None,
        "guardian_consented_at": now if has_guardian else None,
        "guardian_naming_consented_at": now if has_guardian and guardian_naming_consent else None,
        "given_at": now,
    }
    try:
        with transaction.atomic():
            return WinnerIdentity.objects.update_or_create(winner=winner, defaults=columns)[0]
    except IntegrityError:
        message = _("This document belongs to another winner of this contest.")
        raise RuleBroken("one_person_twice", message, field="document_number") from None


def document_hash(number: str) -> str:
    """HMAC of the letters and digits of an identity document's number, however wide. Raises what `clean_line` raises.

    One person who writes the number in another way is still one: «００１-204», «001 204».
    """
    written = unicodedata.normalize("NFKC", _line(number, "document_number", DOCUMENT_LENGTH))
    plain = "".join(filter(str.isalnum, written)).casefold()
    key = hashlib.sha256(f"winner-documents:{settings.SECRET_KEY}".encode()).digest()
    return hmac.digest(key, plain.encode(), "sha256").hex()


@transaction.atomic
def read_identity(winner: Winner, *, by: User) -> WinnerIdentity | None:
    """Who the winner is, None if they have not said. Reading is audited. Raises NotAllowed("not_allowed")."""
    if not policy.may_identify(by):
        raise NotAllowed("not_allowed", _("You are not allowed to read who winners are."))
    identity = WinnerIdentity.objects.filter(winner=winner).first()
    if identity:
        people.audit("winner.identity_read", winner.key, by=by)
    return identity


@transaction.atomic
def verify_winner(winner: Winner, *, by: User, seen: str = "") -> Winner:
    """Record that who the winner says they are was checked.

    Raises RuleBroken: "identity_missing", "wrong_status", "changed_meanwhile" (`seen`: `queries.identity_fingerprint`).
    """
    winner = _locked(winner)
    _require(winner, WinnerTransition.VERIFY, by)
    identity = WinnerIdentity.objects.filter(winner=winner).first()
    if identity is None:
        raise RuleBroken("identity_missing", _("The winner has not said who they are."))
    if seen and seen != queries.identity_fingerprint(identity):
        raise RuleBroken("changed_meanwhile", _("It changed after you opened this page. Read it again."))
    _apply(winner, WinnerTransition.VERIFY, by, verified_by=by)
    return winner


@transaction.atomic
def publish_winner(winner: Winner, *, by: User) -> Winner:
    """Publish a verified winner: with the name if they agreed to be named, else with the code.

    Under 16 the representative too must have agreed to that, apart from the use of the data.

    Raises RuleBroken("wrong_status"), NotAllowed("not_allowed"), for who verified them too.
    """
    contest = contest_transitions.locked_contest(winner.contest)
    winner = _locked(winner)
    _require(winner, WinnerTransition.PUBLISH, by)
    identity = WinnerIdentity.objects.filter(winner=winner).first()
    is_child = winner.entry.age_band == AgeBand.UNDER_16
    agrees = identity and identity.naming_consented_at and (identity.guardian_naming_consented_at or not is_child)
    name = identity.name if identity and agrees else ""
    _apply(winner, WinnerTransition.PUBLISH, by, name=name, published_by=by, published_at=timezone.now())
    record_other_winners(contest, removes_words=False)
    return winner


@transaction.atomic
def withdraw_naming(winner: Winner) -> Winner:
    """Take back the consents to be named. A published name becomes the code, and copies are told to take it out.

    The winner stays one, and nobody is notified. A repeat is a no-op.
    """
    contest = contest_transitions.locked_contest(winner.contest)
    winner = _locked(winner)
    consents = {"naming_consented_at": None, "guardian_naming_consented_at": None}
    WinnerIdentity.objects.filter(winner=winner).update(**consents)
    if winner.name:
        winner.name = ""
        winner.save(update_fields=["name"])
        record_other_winners(contest, removes_words=True)
    return winner


def record_other_winners(contest: Contest, *, removes_words: bool) -> None:
    """Record that the winners whom a locked contest names are others than before. Nobody is notified."""
    contest.changed_at = timezone.now()
    contest.save(update_fields=["changed_at"])
    contest_transitions.record_contest_change(
        contest, EventType.CONTEST_CORRECTED, notify=False, removes_words=removes_words
    )


@transaction.atomic
def pass_over(winner: Winner, *, by: User, reason: str) -> Winner:
    """Pass over a winner who does not answer or may not win; who they are is erased. Raises RuleBroken."""
    winner = _locked(winner)
    _require(winner, WinnerTransition.PASS_OVER, by)
    reason = text_input.require_reason(reason)
    WinnerIdentity.objects.filter(winner=winner).delete()
    _apply(winner, WinnerTransition.PASS_OVER, by, reason=reason, pass_over_reason=reason)
    return winner


def erase_old_identities(now: datetime.datetime | None = None) -> int:
    """Erase who winners are 90 days after the results. Returns how many.

    Later where a winner was asked, replied, or was published later: 90 days after that.
    """
    old = (now or timezone.now()) - IDENTITY_KEPT_FOR
    identities = WinnerIdentity.objects.filter(contest__results_published_at__lt=old, given_at__lt=old)
    recent = Q(winner__asked_at__gte=old) | Q(winner__published_at__gte=old)
    return identities.exclude(recent).delete()[0]


def _line(text: str, field: str, max_length: int) -> str:
    return text_input.clean_line(text, field, max_length=max_length)


def _locked(winner: Winner) -> Winner:
    locked = Winner.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("contest", "entry__reader").get(pk=winner.pk)


def _require(winner: Winner, transition: WinnerTransition, by: User) -> None:
    transitions.require(states.TABLE, winner, transition, by=by, may=policy.may)


def _apply(winner: Winner, transition: WinnerTransition, by: User, *, reason: str = "", **columns: Any) -> None:
    transitions.apply(states.TABLE, winner, transition, by=by, reason=reason, **columns)
