"""Issue the certificate of an attempt, and tell whether a typed name is the one on it."""

import datetime
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.contest_certificates import drawing
from content.contest_certificates.drawing import FileType, Printed
from content.contest_certificates.models import Certificate, new_serial
from content.contest_results.models import Standing
from content.contest_results.queries import contestant_count
from content.contests import papers
from content.contests.models import Attempt
from content.contests.states import ContestStatus
from content.errors import QuotaExceeded, RuleBroken
from content.people import text_input
from content.people.models import Reader
from content.vietnam_time import VIETNAM_TIME

NAME_LENGTH = 200
TRIES, TRIES_TIME = 10, datetime.timedelta(hours=1)
SALT_BYTES = 16
SCRYPT = {"n": 2**14, "r": 8, "p": 1}  # 16 MiB and some 50 ms for each guess


def issue_certificate(
    attempt: Attempt, *, name: str, file_type: FileType, address: Callable[[Certificate], str]
) -> tuple[Certificate, bytes]:
    """Draw the certificate of an attempt in this name, which is stored nowhere. Returns (certificate, file).

    Asked again in the same name it is the same certificate. Another name replaces it: the earlier paper has no valid
    serial any more. `address` makes the address where a certificate is verified. Raises RuleBroken: "not_submitted",
    "no_certificate_for_practice", "disqualified", "certificate_too_early"; with the field "name" what `clean_line`
    raises, and "name_not_printable" for letters that the font does not have.
    """
    _refuse(attempt)
    name = text_input.clean_line(name, "name", max_length=NAME_LENGTH)
    with transaction.atomic():
        certificate = _certificate_in_name(attempt, name)
    printed = _printed(certificate, attempt, name, address(certificate))
    return certificate, drawing.draw_certificate(printed, file_type)


@transaction.atomic
def is_name_on(certificate: Certificate, name: str) -> bool:
    """Whether the certificate is in that name: capitals and blanks do not matter, accents do.

    Raises QuotaExceeded("too_many_names") after ten names in an hour for one certificate.
    """
    name = text_input.clean_line(name, "name", max_length=NAME_LENGTH)
    certificate = Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
    now = timezone.now()
    if certificate.tries_since is None or certificate.tries_since + TRIES_TIME <= now:
        certificate.tries, certificate.tries_since = 0, now
    if certificate.tries >= TRIES:
        message = _("Ten names were tried for this certificate. Try again in an hour.")
        raise QuotaExceeded("too_many_names", message, until=certificate.tries_since + TRIES_TIME)
    certificate.tries += 1
    certificate.save(update_fields=["tries", "tries_since"])
    return _is_same_name(certificate, name)


def erase_certificates_of(reader: Reader) -> None:
    """Delete the certificates of a reader: their papers have no valid serial any more."""
    Certificate.objects.filter(attempt__entry__reader=reader).delete()


def _refuse(attempt: Attempt) -> None:
    round = attempt.round
    if attempt.submitted_at is None:
        raise RuleBroken("not_submitted", _("Submit this attempt first."))
    if round.is_practice:
        raise RuleBroken("no_certificate_for_practice", _("A practice round has no certificates."))
    if attempt.entry.disqualified_at:
        raise RuleBroken("disqualified", _("You were taken out of this contest."))
    if round.contest.status != ContestStatus.PUBLISHED:
        message = _("Certificates are issued once the results are published.")
        raise RuleBroken("certificate_too_early", message)


def _certificate_in_name(attempt: Attempt, name: str) -> Certificate:
    """The certificate of the attempt, made or renewed unless it is in that name already."""
    Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)  # of two at once the second waits
    certificate = Certificate.objects.filter(attempt=attempt).first()
    if certificate and _is_same_name(certificate, name):
        return certificate
    salt = secrets.token_bytes(SALT_BYTES)
    columns: dict[str, Any] = {
        "serial": new_serial(),
        "name_salt": salt,
        "name_hash": _name_hash(name, salt),
        "issued_at": timezone.now(),
        "tries": 0,
        "tries_since": None,
    }
    return Certificate.objects.update_or_create(attempt=attempt, defaults=columns | _result_of(attempt))[0]


def _result_of(attempt: Attempt) -> dict[str, int | None]:
    """Score and rank of the attempt: final, for the results are published."""
    voided = papers.voided_positions(attempt.round)
    questions = sum(each.position not in voided for each in papers.paper_of(attempt))
    standing = Standing.objects.filter(round=attempt.round, attempt=attempt, rank__isnull=False).first()
    result: dict[str, int | None] = {"correct": attempt.correct or 0, "questions": questions}
    if standing is None:
        return result | {"rank": None, "contestants": None}
    contestants = contestant_count(attempt.round.contest, attempt.round, bracket=standing.bracket)
    return result | {"rank": standing.rank, "contestants": contestants}


def _printed(certificate: Certificate, attempt: Attempt, name: str, address: str) -> Printed:
    contest = attempt.round.contest
    return Printed(
        name=name,
        contest=contest.title,
        organisation=contest.organisation.shown_name if contest.organisation else "",
        round=attempt.round.title,
        bracket=attempt.entry.bracket,
        correct=certificate.correct,
        questions=certificate.questions,
        rank=certificate.rank,
        contestants=certificate.contestants,
        day=(contest.results_published_at or certificate.issued_at).astimezone(VIETNAM_TIME).date(),
        serial=certificate.shown_serial,
        address=address,
        is_sample=contest.is_sample,
    )


def _is_same_name(certificate: Certificate, name: str) -> bool:
    return hmac.compare_digest(_name_hash(name, bytes(certificate.name_salt)), bytes(certificate.name_hash))


def _name_hash(name: str, salt: bytes) -> bytes:
    return hashlib.scrypt(" ".join(name.casefold().split()).encode(), salt=salt, **SCRYPT)
