"""The measurements of one indicator in groups: by province, by period or by source. Nothing is merged."""

import datetime
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from rest_framework import serializers

from api.types import JSONObject
from api.v1.plans.decimals import PlainDecimalField
from content.computed_indicators import functions
from content.computed_indicators.services import SOURCE
from content.organisations.models import Province
from content.plans import queries
from content.plans.models import Area, Indicator, Measurement

MOST_POINTS = 10_000


class GroupedBy(StrEnum):
    PROVINCE = "province"
    PERIOD = "period"
    SOURCE = "source"


class MeasurementPointSerializer(serializers.ModelSerializer):
    """One measurement of a series."""

    province = serializers.CharField(
        allow_null=True, help_text="Key of the province; null: the whole country, or an organisation."
    )
    organisation = serializers.CharField(
        allow_null=True, help_text="Key of the organisation that it is about; null: none."
    )
    area = serializers.ChoiceField(Area.choices, help_text="Part of the population.")
    value = PlainDecimalField()
    numerator = PlainDecimalField(allow_null=True, help_text="Null: the source does not say it.")
    denominator = PlainDecimalField(allow_null=True, help_text="Null: the source does not say it.")
    is_replaced = serializers.BooleanField(help_text="Whether a correction replaces it. Both stay.")
    is_provisional = serializers.BooleanField(help_text="Whether it is of the running month and may still change.")

    class Meta:
        model = Measurement
        fields = [
            "province", "organisation", "area", "period_from", "period_until", "value", "numerator", "denominator",
            "source", "is_replaced", "is_provisional",
        ]  # fmt: skip
        extra_kwargs = {
            "period_from": {"help_text": "First day of the period."},
            "period_until": {"help_text": "First day after the period."},
            "source": {"help_text": "Source in words."},
        }


class MeasurementSeriesSerializer(serializers.Serializer):
    """The points of one place, one period or one source."""

    key = serializers.CharField(
        allow_blank=True,
        help_text=(
            "The period, the source, or the keys of the province and the organisation with «/» between them; empty: "
            "the whole country."
        ),
    )
    points = MeasurementPointSerializer(many=True, help_text="By period and place, earliest first.")


def series_of(indicator: Indicator, by: GroupedBy, today: datetime.date) -> list[JSONObject]:
    """The public measurements of the indicator in groups; of a computed one also the running month, provisional."""
    rows = queries.public_measurements().filter(indicator=indicator).order_by("-period_from", "-pk")[:MOST_POINTS]
    points = [_point(each) for each in rows]
    if indicator.is_computed:
        points += _provisional_points(indicator, functions.month_of(today))
    groups: dict[str, list[JSONObject]] = {}
    for point in sorted(points, key=lambda each: (each["period_from"], _place_of(each))):
        groups.setdefault(_key_of(point, by), []).append(point)
    return [{"key": key, "points": groups[key]} for key in sorted(groups)]


def _key_of(point: JSONObject, by: GroupedBy) -> str:
    if by is GroupedBy.PROVINCE:
        return _place_of(point)
    return point["source"] if by is GroupedBy.SOURCE else f"{point['period_from']}/{point['period_until']}"


def _place_of(point: JSONObject) -> str:
    """The value of an organisation is none of the whole country, or of its province."""
    return "/".join(key for key in (point["province"], point["organisation"]) if key)


def _point(row: Measurement) -> JSONObject:
    return {
        "province": row.province.key if row.province else None,
        "organisation": row.organisation.key if row.organisation else None,
        "area": row.area, "period_from": row.period_from, "period_until": row.period_until, "value": row.value,
        "numerator": row.numerator, "denominator": row.denominator, "source": row.source,
        "is_replaced": row.is_replaced, "is_provisional": False,
    }  # fmt: skip


def _provisional_points(indicator: Indicator, month: functions.Month) -> Iterable[JSONObject]:
    counted = functions.compute(indicator, month)
    keys: dict[Any, str] = dict(Province.objects.values_list("pk", "key"))
    for each in counted:
        yield {
            "province": keys.get(each.province), "organisation": None, "area": Area.ALL, "period_from": month.first,
            "period_until": month.until, "value": each.value, "numerator": each.numerator,
            "denominator": each.denominator, "source": SOURCE, "is_replaced": False, "is_provisional": True,
        }  # fmt: skip
