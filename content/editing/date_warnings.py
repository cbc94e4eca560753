"""Days that look wrong. Each is a warning for the editor, never an error: the published text decides, not the rule."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from content.law import official_numbers
from content.law.doc_types import NORMATIVE_TYPES, NORMATIVE_TYPES_WITH_YEAR
from content.organisations.models import OrganisationLevel

MIN_WAITING_DAYS = {OrganisationLevel.CENTRAL: 45, OrganisationLevel.LOCAL: 10}
# Whose rule held on the day of issue: Law 80/2015/QH13 Art. 151 (local: of the provincial level) applied from
# 2016-07-01, Law 64/2025/QH15 Art. 53 applies from 2025-04-01. Both excuse the shortened procedure.
WAITING_RULES = [
    (datetime.date(2025, 4, 1), "Điều 53 Luật số 64/2025/QH15"),
    (datetime.date(2016, 7, 1), "Điều 151 Luật số 80/2015/QH13"),
]


@dataclass(frozen=True)
class DateWarning:
    """`code` is for programs, `message` for the editor, `field` names the day at fault."""

    code: str
    message: str
    field: str


def date_warnings(record, issuer, *, today):
    """The OddDates of a record. `issuer` is its Organisation or None, `today` the day it is in Viet Nam."""
    found = [
        *_order_warnings(record, today),
        *_number_warnings(record),
        *_issuer_warnings(record, issuer),
        *_waiting_warnings(record, issuer),
    ]
    return [DateWarning(*each) for each in found]


def _order_warnings(record, today):
    issued, effective, expires = record.issued_on, record.effective_on, record.expires_on
    if issued and issued > today:
        yield "issued_in_future", _("The day of issue is still to come."), "issued_on"
    if issued and effective and effective < issued:
        yield "effect_before_issue", _("It takes effect before it was issued."), "effective_on"
    if effective and expires and expires <= effective:
        yield "expires_before_effect", _("It loses effect before it takes effect."), "expires_on"
    if issued and record.gazette_on and record.gazette_on < issued:
        yield "gazette_before_issue", _("The gazette is older than the document."), "gazette_on"


def _number_warnings(record):
    year = official_numbers.year_of_number(record.number)
    if year and record.issued_on and record.issued_on.year != year:
        message = _("The number says %(year)s, the day of issue %(issued)s.")
        yield "other_year", message % {"year": year, "issued": record.issued_on.year}, "issued_on"


def _issuer_warnings(record, issuer):
    day = record.issued_on
    if not (issuer and day):
        return
    if (issuer.valid_from and day < issuer.valid_from) or (issuer.valid_until and day >= issuer.valid_until):
        yield "issuer_not_there", _("On the day of issue there was no %s.") % issuer.name, "issuer"


def _waiting_warnings(record, issuer):
    """«không sớm hơn 45 ngày kể từ ngày thông qua hoặc ký ban hành» (central), 10 days (local)."""
    issued, effective = record.issued_on, record.effective_on
    if not (issued and effective and issuer and effective >= issued and is_normative(record)):
        return
    wait, days = MIN_WAITING_DAYS[issuer.level], (effective - issued).days
    rule = next((name for since, name in WAITING_RULES if issued >= since), None)
    if rule and days < wait:
        message = _(
            "Takes effect %(days)d days after its issue; %(rule)s asks for %(wait)d, but for the shortened procedure."
        )
        yield "effect_early", message % {"days": days, "rule": rule, "wait": wait}, "effective_on"


def is_normative(record):
    if record.doc_type in NORMATIVE_TYPES_WITH_YEAR:
        return official_numbers.year_of_number(record.number) is not None
    return record.doc_type in NORMATIVE_TYPES
