"""The measurements of one indicator in groups: by province, by period or by source. Nothing is merged."""

import datetime
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from rest_framework import serializers

from api.types import JSONObject
from api.v1.plans.decimals import PlainDecimalField
from content.organisations.models import Province
from content.plans import measuring, queries
from content.plans.models import Area, Indicator, Measurement
from content.plans.services.months import SOURCE

MOST_POINTS = 10_000


class GroupedBy(StrEnum):
    PROVINCE = "province"
    PERIOD = "period"
    SOURCE = "source"


class MeasurementPointSerializer(serializers.ModelSerializer):
    """One measurement of a series."""

    province = serializers.CharField(allow_null=True, help_text="Key of the province; null: the whole country.")
    area = serializers.ChoiceField(Area.choices, help_text="Part of the population.")
    value = PlainDecimalField()
    numerator = PlainDecimalField(allow_null=True, help_text="Null: the source does not say it.")
    denominator = PlainDecimalField(allow_null=True, help_text="Null: the source does not say it.")
    is_replaced = serializers.BooleanField(help_text="Whether a correction replaces it. Both stay.")
    is_provisional = serializers.BooleanField(help_text="Whether it is of the running month and may still change.")

    class Meta:
        model = Measurement
        fields = [
            "province", "area", "period_from", "period_until", "value", "numerator", "denominator", "source",
            "is_replaced", "is_provisional",
        ]  # fmt: skip
        extra_kwargs = {
            "period_from": {"help_text": "First day of the period."},
            "period_until": {"help_text": "First day after the period."},
            "source": {"help_text": "Source in words."},
        }


class MeasurementSeriesSerializer(serializers.Serializer):
    """The points of one province, one period or one source."""

    key = serializers.CharField(allow_blank=True, help_text="Key of the province, the period, the source; empty: none.")
    points = MeasurementPointSerializer(many=True, help_text="By period and place, earliest first.")


def series_of(indicator: Indicator, by: GroupedBy, today: datetime.date) -> list[JSONObject]:
    """The public measurements of the indicator in groups; of a computed one also the running month, provisional."""
    rows = queries.public_measurements().filter(indicator=indicator).order_by("-period_from", "-pk")[:MOST_POINTS]
    points = [_point(each) for each in rows]
    if indicator.is_computed:
        points += _provisional_points(indicator, measuring.month_of(today))
    groups: dict[str, list[JSONObject]] = {}
    for point in sorted(points, key=lambda each: (each["period_from"], each["province"] or "")):
        groups.setdefault(_key_of(point, by), []).append(point)
    return [{"key": key, "points": groups[key]} for key in sorted(groups)]


def _key_of(point: JSONObject, by: GroupedBy) -> str:
    if by is GroupedBy.PROVINCE:
        return str(point["province"] or "")
    return point["source"] if by is GroupedBy.SOURCE else f"{point['period_from']}/{point['period_until']}"


def _point(row: Measurement) -> JSONObject:
    return {
        "province": row.province.key if row.province else None, "area": row.area, "period_from": row.period_from,
        "period_until": row.period_until, "value": row.value, "numerator": row.numerator,
        "denominator": row.denominator, "source": row.source, "is_replaced": row.is_replaced, "is_provisional": False,
    }  # fmt: skip


def _provisional_points(indicator: Indicator, month: measuring.Month) -> Iterable[JSONObject]:
    counted = measuring.compute(indicator, month)
    keys: dict[Any, str] = dict(Province.objects.values_list("pk", "key"))
    for each in counted:
        yield {
            "province": keys.get(each.province), "area": Area.ALL, "period_from": month.first,
            "period_until": month.until, "value": each.value, "numerator": each.numerator,
            "denominator": each.denominator, "source": SOURCE, "is_replaced": False, "is_provisional": True,
        }  # fmt: skip
