"""Dates that look wrong. Each gives a warning to the editor, never an error: the published text decides."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from content.documents.records import DocumentRecord
from content.law import official_numbers
from content.law.doc_types import NORMATIVE_TYPES, NORMATIVE_TYPES_WITH_YEAR, DocType
from content.organisations.models import Organisation, OrganisationLevel

MIN_WAITING_DAYS = {OrganisationLevel.CENTRAL: 45, OrganisationLevel.LOCAL: 10}
# The rule that applied on the date of issue: Law 80/2015/QH13 Art. 151 (local: of the provincial level) from
# 2016-07-01, Law 64/2025/QH15 Art. 53 from 2025-04-01. Both except the shortened procedure.
WAITING_RULES = [
    (datetime.date(2025, 4, 1), "Điều 53 Luật số 64/2025/QH15"),
    (datetime.date(2016, 7, 1), "Điều 151 Luật số 80/2015/QH13"),
]


@dataclass(frozen=True)
class DateWarning:
    """`code` is for programs, `message` for the editor; `field` names the date that looks wrong."""

    code: str
    message: str
    field: str


def date_warnings(record: DocumentRecord, issuer: Organisation | None, *, today: datetime.date) -> list[DateWarning]:
    """The warnings about a record's dates. `today` is the date in Viet Nam."""
    return [
        *_missing_warnings(record),
        *_order_warnings(record, today),
        *_number_warnings(record),
        *_issuer_warnings(record, issuer),
        *_waiting_warnings(record, issuer),
    ]


def _missing_warnings(record: DocumentRecord) -> Iterator[DateWarning]:
    """Without a first day the effect is unknown to readers; a consolidated text has none of its own."""
    if record.effective_on is None and record.doc_type != DocType.CONSOLIDATED_TEXT:
        message = _("No day was found: readers are told that the effect is unknown. Enter it if the text gives one.")
        yield DateWarning("no_first_day", message, "effective_on")


def _order_warnings(record: DocumentRecord, today: datetime.date) -> Iterator[DateWarning]:
    issued, effective, expires = record.issued_on, record.effective_on, record.expires_on
    if issued and issued > today:
        yield DateWarning("issued_in_future", _("The date of issue is in the future."), "issued_on")
    if issued and effective and effective < issued:
        yield DateWarning("effect_before_issue", _("It takes effect before it was issued."), "effective_on")
    if effective and expires and expires <= effective:
        yield DateWarning("expires_before_effect", _("It loses effect before it takes effect."), "expires_on")
    if issued and record.gazette_on and record.gazette_on < issued:
        yield DateWarning("gazette_before_issue", _("The gazette is older than the document."), "gazette_on")


def _number_warnings(record: DocumentRecord) -> Iterator[DateWarning]:
    year = official_numbers.year_of_number(record.number)
    if year and record.issued_on and record.issued_on.year != year:
        message = _("The number is of %(year)s, but the date of issue is in %(issued)s.")
        yield DateWarning("other_year", message % {"year": year, "issued": record.issued_on.year}, "issued_on")


def _issuer_warnings(record: DocumentRecord, issuer: Organisation | None) -> Iterator[DateWarning]:
    day = record.issued_on
    if not (issuer and day):
        return
    if (issuer.valid_from and day < issuer.valid_from) or (issuer.valid_until and day >= issuer.valid_until):
        message = _("The issuing body %s did not exist on the date of issue.") % issuer.name
        yield DateWarning("issuer_not_there", message, "issuer")


def _waiting_warnings(record: DocumentRecord, issuer: Organisation | None) -> Iterator[DateWarning]:
    """«không sớm hơn 45 ngày kể từ ngày thông qua hoặc ký ban hành» (central), 10 days (local)."""
    issued, effective = record.issued_on, record.effective_on
    if not (issued and effective and issuer and effective >= issued and is_normative(record)):
        return
    wait, days = MIN_WAITING_DAYS[OrganisationLevel(issuer.level)], (effective - issued).days
    rule = next((name for since, name in WAITING_RULES if issued >= since), None)
    if rule and days < wait:
        message = _(
            "It takes effect %(days)d days after its issue. %(rule)s requires %(wait)d, except in shortened procedures."
        )
        yield DateWarning("effect_early", message % {"days": days, "rule": rule, "wait": wait}, "effective_on")


def is_normative(record: DocumentRecord) -> bool:
    """Whether the document contains legal norms, by its type and number."""
    if record.doc_type in NORMATIVE_TYPES_WITH_YEAR:
        return official_numbers.year_of_number(record.number) is not None
    return record.doc_type in NORMATIVE_TYPES
