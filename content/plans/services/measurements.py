"""Enter and approve measurements. A correction is a new row; the former one stays."""

import dataclasses
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.changes import event_types
from content.changes import services as changes
from content.errors import RuleBroken
from content.locks import Lock
from content.people import services as people
from content.people.models import User
from content.people.text_input import require_reason
from content.plans import policy
from content.plans.models import Indicator, Measurement
from content.plans.services.forms import MeasurementForm

PERCENT = (Decimal(0), Decimal(100))


@transaction.atomic
def measure(
    form: MeasurementForm, *, replaces: Measurement | None = None, by: User | None = None
) -> tuple[Measurement, bool]:
    """Enter a measurement; it is public when somebody else approves it. Returns (measurement, whether it is new).

    The same row once more changes nothing. `replaces`: the one that it corrects, which stays. Raises RuleBroken:
    "not_allowed", "reason_required" without a source, "out_of_range", "denominator_not_positive", "period_reversed",
    "province_not_there", "computed_here", "already_exists" for another value of the same source.
    """
    policy.require(by is None or policy.may_write(by))
    form = dataclasses.replace(form, source=require_reason(form.source))
    _refuse_unusable_measurement(form)
    locks.hold_for_name(Lock.DOCUMENT_IDENTITY, f"indicator:{form.indicator.code}")
    identity = {
        name: getattr(form, name)
        for name in ("indicator", "province", "organisation", "area", "period_from", "period_until", "source")
    }
    same = Measurement.objects.filter(replaces=replaces, **identity).first()
    if same:
        if (same.value, same.numerator, same.denominator) != (form.value, form.numerator, form.denominator):
            message = _("This source has another value for the same place and period. Correct that one instead.")
            raise RuleBroken("already_exists", message, field="value")
        return same, False
    if replaces and Measurement.objects.filter(replaces=replaces).exists():
        raise RuleBroken("wrong_status", _("This measurement was corrected already. Correct the newer one."))
    columns = {field.name: getattr(form, field.name) for field in dataclasses.fields(form)}
    row = Measurement.objects.create(replaces=replaces, entered_by=by, **columns)
    people.audit("indicator.entered", form.indicator.code, by=by, measurement=row.pk)
    return row, True


@transaction.atomic
def approve(row: Measurement, *, by: User | None = None) -> Measurement:
    """Make a measurement public. Somebody else than who entered it does it. Twice is a no-op. Returns it.

    Raises RuleBroken: "not_allowed", "second_person_required", "wrong_status" for one that was corrected meanwhile.
    """
    row = Measurement.objects.select_for_update(no_key=True).select_related("indicator__programme").get(pk=row.pk)
    if row.approved_at:
        return row
    policy.require(by is None or policy.may_publish(by))
    if by and row.entered_by_id == by.pk:
        raise RuleBroken("second_person_required", _("You entered this measurement. Somebody else must approve it."))
    if Measurement.objects.filter(replaces=row).exists():
        raise RuleBroken("wrong_status", _("This measurement was corrected already. Approve the newer one."))
    row.approved_by, row.approved_at = by, timezone.now()
    row.save(update_fields=["approved_by", "approved_at"])
    event_type = event_types.INDICATOR_CORRECTED if row.replaces_id else event_types.INDICATOR_MEASURED
    facts = {"title": row.indicator.name_vi, "province": row.province.key if row.province else None}
    nature = event_types.CORRECTION if row.replaces_id else event_types.EDITORIAL
    changes.record_change(event_type, row.indicator.code, nature=nature, notify=False, facts=facts)
    people.audit(event_type, row.indicator.code, by=by, measurement=row.pk)
    return row


def _refuse_unusable_measurement(form: MeasurementForm) -> None:
    if form.indicator.is_computed:
        raise RuleBroken("computed_here", _("The program computes this indicator. Nobody enters it."), field="value")
    if form.period_until <= form.period_from:
        raise RuleBroken("period_reversed", _("The period ends before it begins."), field="period_until")
    if form.indicator.unit == Indicator.Unit.PERCENT and not PERCENT[0] <= form.value <= PERCENT[1]:
        raise RuleBroken("out_of_range", _("A percentage is from 0 to 100."), field="value")
    if form.indicator.unit == Indicator.Unit.YES_NO and form.value not in (0, 1):
        raise RuleBroken("out_of_range", _("Enter 1 for yes and 0 for no."), field="value")
    if (form.numerator is None) != (form.denominator is None) or (
        form.denominator is not None and form.denominator <= 0
    ):
        message = _("Give numerator and denominator together; the denominator is more than 0.")
        raise RuleBroken("denominator_not_positive", message, field="denominator")
    province = form.province
    begins_late = province and province.valid_from and form.period_from < province.valid_from
    ends_early = province and province.valid_until and form.period_until > province.valid_until
    if province and (begins_late or ends_early):
        message = _("%s did not exist during the whole period. Choose the province of that period.")
        raise RuleBroken("province_not_there", message % province.name, field="province")
