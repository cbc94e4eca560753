"""Store what we compute at the turn of the month. What is stored never changes; the running month is provisional."""

import datetime

from django.db import transaction
from django.utils import timezone

from content import locks
from content.changes import event_types
from content.changes import services as changes
from content.computed_indicators.functions import Counted, Month, compute, month_of
from content.computed_indicators.indicators import store_missing_indicators
from content.locks import Lock
from content.plans.models import REPORTED, Indicator, Measurement
from content.vietnam_time import today

SOURCE = "Luật Mở tự tính (docs/indicators.md)"
MOST_MONTHS = 24  # that one run makes up after an outage


def store_finished_months(day: datetime.date | None = None) -> int:
    """Store the months that ended before `day` (today in Viet Nam) and are not stored. Returns how many.

    The first run stores the last month only; later ones make up for those that an outage missed. A repeat stores
    nothing. Indicators that this version computes and that are not there yet are stored before.
    """
    store_missing_indicators()
    present, count = month_of(day or today()), 0
    for month in _months_before(present):
        count += _store_month(month)
    return count


def _months_before(present: Month) -> list[Month]:
    computed = Measurement.objects.exclude(indicator__method=REPORTED).filter(source=SOURCE)
    last = computed.order_by("-period_from").values_list("period_from", flat=True).first()
    former = month_of(present.first - datetime.timedelta(days=1))
    month = month_of(last) if last else former
    months = []
    while month.first < present.first:
        months.append(month)
        month = month_of(month.until)
    return months[-MOST_MONTHS:]


@transaction.atomic
def _store_month(month: Month) -> bool:
    """Store the values of all computed indicators. False where they are stored, or another worker stores them."""
    if not locks.try_hold(Lock.MEASUREMENTS):
        return False
    indicators = Indicator.objects.exclude(method=REPORTED).select_related("programme")
    if Measurement.objects.filter(indicator__in=indicators, period_from=month.first, source=SOURCE).exists():
        return False
    for indicator in indicators:
        if counted := compute(indicator, month):
            Measurement.objects.bulk_create(_row(indicator, month, each) for each in counted)
            facts = {"title": indicator.name_vi, "province": None}
            changes.record_change(
                event_types.INDICATOR_MEASURED, indicator.code, nature=event_types.EDITORIAL, notify=False, facts=facts
            )
    return True


def _row(indicator: Indicator, month: Month, counted: Counted) -> Measurement:
    return Measurement(
        indicator=indicator, period_from=month.first, period_until=month.until, value=counted.value, source=SOURCE,
        province_id=counted.province, numerator=counted.numerator, denominator=counted.denominator,
        approved_at=timezone.now(),
    )  # fmt: skip
