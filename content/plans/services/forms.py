"""What somebody says of a plan or a measurement, before it is a row."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from content.documents.models import LegalDocument
from content.organisations.models import Organisation, Province
from content.plans.models import Area, Indicator, Plan, Programme, Target


class Unsaid(Enum):
    """What a form may leave open: what is stored stays."""

    UNSAID = "unsaid"


@dataclass(frozen=True)
class FileBytes:
    """A file that somebody gave."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class PlanForm:
    """What is said of a plan. A `year` of None: of the whole programme. `adopted_on` None: not known.

    `replaces`: the earlier plan that it takes the place of; None: it replaces none.
    """

    programme: Programme
    adopter: Organisation
    title: str
    number: str = ""
    year: int | None = None
    adopted_on: datetime.date | None = None
    period_from: datetime.date | None = None
    period_until: datetime.date | None = None  # exclusive
    document: LegalDocument | None = None
    file: FileBytes | None = None
    source_url: str = ""
    replaces: Plan | Unsaid | None = Unsaid.UNSAID


@dataclass(frozen=True)
class MeasurementForm:
    """What somebody measured. `period_until` is exclusive. A percentage may come without numerator and denominator."""

    indicator: Indicator
    period_from: datetime.date
    period_until: datetime.date
    value: Decimal
    source: str
    source_url: str = ""
    province: Province | None = None
    organisation: Organisation | None = None
    area: str = Area.ALL
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    document: LegalDocument | None = None


@dataclass(frozen=True)
class TargetForm:
    """A value that an indicator should have by a day. `provision`: its citation, as somebody read it on `read_on`."""

    indicator: Indicator
    due_on: datetime.date
    value: Decimal
    operator: str = Target.Operator.AT_LEAST
    area: str = Area.ALL
    provision: str = ""
    read_on: datetime.date | None = None
    source: str = ""
    source_url: str = ""
