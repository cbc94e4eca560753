"""Links to programmes, plans and indicators, as other resources contain them."""

from rest_framework import serializers

from api.v1 import resource_urls
from content.plans.models import Indicator, Plan, Programme

CSV_COLUMNS = (
    "indicator", "province", "organisation", "area", "period_from", "period_until", "value", "numerator",
    "denominator", "source", "source_url", "approved_at", "is_replaced",
)  # fmt: skip


class ProgrammeLinkSerializer(serializers.ModelSerializer):
    """A link to a programme."""

    url = serializers.SerializerMethodField()
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Programme
        fields = ["key", "url", "name"]

    def get_url(self, programme: Programme) -> str:
        return resource_urls.resource_url("programme-detail", key=programme.key)


class PlanLinkSerializer(serializers.ModelSerializer):
    """A link to a plan."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = ["key", "url", "number", "title", "adopted_on"]
        extra_kwargs = {
            "number": {"help_text": "Official number; empty: it has none."},
            "adopted_on": {"help_text": "Day of adoption; null: unknown, the plan counts from its publication here."},
        }

    def get_url(self, plan: Plan) -> str:
        return resource_urls.resource_url("plan-detail", key=plan.key)


class IndicatorLinkSerializer(serializers.ModelSerializer):
    """A link to an indicator."""

    key = serializers.CharField(source="code", read_only=True)
    url = serializers.SerializerMethodField()
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Indicator
        fields = ["key", "url", "name"]

    def get_url(self, indicator: Indicator) -> str:
        return resource_urls.resource_url("indicator-detail", key=indicator.code)
