"""Say who owes a plan, and who declared to have none."""

import datetime
from collections.abc import Iterable

from django.db import transaction

from content.organisations.models import Organisation
from content.people import services as people
from content.people.models import User
from content.people.text_input import require_reason
from content.plans import policy
from content.plans.models import Duty, PlanStatement, Programme


@transaction.atomic
def charge(
    programme: Programme,
    organisations: Iterable[Organisation],
    *,
    basis: str,
    due_on: datetime.date | None = None,
    year: int | None = None,
    by: User | None = None,
) -> int:
    """Say that these organisations owe a plan. Returns how many duties are new; those that exist stay as they are.

    Raises RuleBroken: "not_allowed", "reason_required" without the citation that says so.
    """
    policy.require(by is None or policy.may_write(by))
    basis = require_reason(basis)
    new = 0
    for each in organisations:
        _duty, created = Duty.objects.get_or_create(
            programme=programme, year=year, organisation=each, defaults={"due_on": due_on, "basis": basis}
        )
        new += created
    if new:
        people.audit("plan.charged", programme.key, by=by, reason=basis, duties=new, due_on=due_on and str(due_on))
    return new


@transaction.atomic
def declare_none(
    programme: Programme,
    adopter: Organisation,
    *,
    on: datetime.date,
    source: str,
    source_url: str = "",
    by: User | None = None,
) -> PlanStatement:
    """Enter that an organisation declared on a day that it has no plan. A repeat of the day changes nothing.

    Raises RuleBroken: "not_allowed", "reason_required" without a source.
    """
    policy.require(by is None or policy.may_write(by))
    columns = {"source": require_reason(source), "source_url": source_url}
    statement, created = PlanStatement.objects.get_or_create(
        programme=programme, adopter=adopter, on=on, defaults=columns
    )
    if created:
        people.audit("plan.none_declared", programme.key, by=by, adopter=adopter.key, on=str(on))
    return statement
