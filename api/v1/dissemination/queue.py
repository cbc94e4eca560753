"""The queue of an outlet: a program of its organisation takes placements, posts them, and reports."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.fields import KnownFieldsOnly, StrictCharField, URLOrNullField
from api.pagination import SinglePagePagination
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1.choices import NamedChoiceField
from api.v1.dissemination.authentication import IsOutlet, OutletAuthentication, calling_outlet
from content.dissemination import outcomes, queries, subjects
from content.dissemination.choices import GIVEN_OUT, PlacementStatus
from content.dissemination.models import Placement
from content.law.page_paths import short_path

OUTLET_KEY, PLACEMENT_KEY = "noi-[a-z0-9]{10}", "dang-[a-z0-9]{10}"


def _key(pattern: str, description: str) -> list[OpenApiParameter]:
    return [OpenApiParameter("key", {"type": "string", "pattern": f"^{pattern}$"}, "path", description=description)]


class PlacementSerializer(serializers.ModelSerializer):
    """What is to be posted at the outlet. Post `text` as it is; `card_url` is a picture for it."""

    subject_url = serializers.SerializerMethodField(help_text="The object in this API.")
    share_url = serializers.SerializerMethodField(help_text="Its short address for this outlet.")
    card_url = serializers.SerializerMethodField(help_text="PNG, 1200 × 630; 404 until it is drawn.")
    status = serializers.ChoiceField(GIVEN_OUT, read_only=True, help_text="What became of it.")
    url = URLOrNullField(help_text="Where it was posted; null: not known.")

    class Meta:
        model = Placement
        fields = [
            "key", "title", "text", "wave", "form", "subject_url", "share_url", "card_url", "status", "queued_at",
            "claimed_at", "placed_at", "url",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "title": {"help_text": "Title of the object."},
            "text": {"help_text": "The words to post."},
            "wave": {"help_text": "1, or more when it is posted again on purpose."},
            "form": {"help_text": "Form of Law 14/2012/QH13, Article 11."},
            "queued_at": {"help_text": "Since when it waits."},
            "claimed_at": {"help_text": "When it was given out; null: not yet."},
            "placed_at": {"help_text": "When it was posted; null: not yet."},
        }

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_subject_url(self, placement: Placement) -> str | None:
        subject = subjects.subject_of(placement)
        return settings.PUBLIC_URL + subject.api_path if subject else None

    def get_share_url(self, placement: Placement) -> str:
        return settings.PUBLIC_URL + short_path(placement.link.code)

    def get_card_url(self, placement: Placement) -> str:
        return f"{settings.PUBLIC_URL}{short_path(placement.link.code)}.png"


class ReportSerializer(KnownFieldsOnly, serializers.Serializer):
    """What became of a claimed placement."""

    status = NamedChoiceField(
        [("placed", "placed"), ("failed", "failed")], help_text="Do not report what you do not know: it stays unsure."
    )
    url = serializers.URLField(max_length=500, required=False, allow_null=True, help_text="Where it was posted.")
    error = StrictCharField(max_length=500, required=False, allow_null=True, help_text="What the network said.")


class OutletView(KnownParametersOnly, APIView):
    """Base of what a program of an outlet may ask."""

    authentication_classes = [OutletAuthentication]
    permission_classes = [IsOutlet]

    def placement_or_404(self, request: Request, key: str) -> Placement:
        """The placement of that key, if it is of the calling outlet."""
        rows = Placement.objects.select_related("link", "outlet").exclude(status=PlacementStatus.PROPOSED)
        found: Placement = get_object_or_404(rows, key=key, outlet=calling_outlet(request))
        return found


class QueueView(OutletView, generics.GenericAPIView):
    """What waits for an outlet."""

    serializer_class = PlacementSerializer
    pagination_class = SinglePagePagination
    queryset = Placement.objects.none()  # tells drf-spectacular the model

    @extend_schema(
        operation_id="listQueue",
        tags=["dissemination"],
        summary="List what waits to be posted at an outlet, oldest first",
        description="At most 50. What was claimed once, or is not public any more, is not listed.",
        parameters=_key(OUTLET_KEY, "Key of the outlet whose secret is sent."),
        responses=PlacementSerializer(many=True),
    )
    def get(self, request: Request, key: str) -> Response:
        outlet = calling_outlet(request)
        if outlet.key != key:
            raise Http404
        waiting = self.paginate_queryset(queries.queue_of(outlet))
        return self.get_paginated_response(PlacementSerializer(waiting, many=True).data)


class ClaimView(OutletView):
    """Take a placement."""

    @extend_schema(
        operation_id="claimPlacement",
        tags=["dissemination"],
        summary="Take a placement before it is posted, once",
        description="Claim, then post, then report. A claim without a report is `unsure` for ever: it may have been "
        "posted, and is not given out again by itself. A second claim is refused; so is one of an object that was "
        "withdrawn meanwhile.",
        parameters=_key(PLACEMENT_KEY, "Key of the placement."),
        request=None,
        responses=PlacementSerializer,
    )
    def post(self, request: Request, key: str) -> Response:
        claimed = outcomes.claim(self.placement_or_404(request, key), outlet=calling_outlet(request))
        return Response(PlacementSerializer(claimed).data)


class ReportView(OutletView):
    """Report what became of a placement."""

    @extend_schema(
        operation_id="reportPlacement",
        tags=["dissemination"],
        summary="Report that a claimed placement was posted, or was not",
        description="The same report again changes nothing; it may add the address. `placed` is believed at any time.",
        parameters=_key(PLACEMENT_KEY, "Key of the placement."),
        request=ReportSerializer,
        responses=PlacementSerializer,
    )
    def post(self, request: Request, key: str) -> Response:
        placement = self.placement_or_404(request, key)
        form = ReportSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said: JSONObject = form.validated_data
        reported = outcomes.report(
            placement, outlet=calling_outlet(request), is_placed=said["status"] == "placed", url=said.get("url") or "",
            error=said.get("error") or "",
        )  # fmt: skip
        return Response(PlacementSerializer(reported).data)
