"""Channels of law, and their schedules. What is on the air is in `now.py`."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import PublicReadMixin
from api.fields import URLOrNullField
from api.pagination import SinglePagePagination, StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.channels.parameters import CHANNEL_KEY, CHANNEL_PATH_PARAMETERS, SCHEDULE_PARAMETERS, requested_days
from api.v1.channels.playlists import PlaylistLinkSerializer
from api.v1.link_serializers import MaterialLinkSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.channel import queries
from content.channel.models import Channel, Slot


class ChannelPagination(StrictCursorPagination):
    ordering = "-pk"


class ChannelSerializer(serializers.ModelSerializer):
    """A channel: slots, and a playlist that fills the gaps between them."""

    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()
    now_url = serializers.SerializerMethodField(help_text="What is on the air now.")
    schedule_url = serializers.SerializerMethodField(help_text="The slots of the coming days.")
    playlist = PlaylistLinkSerializer(source="filler", read_only=True, help_text="Plays in the gaps, round and round.")
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    updated_at = serializers.DateTimeField(source="changed_at", read_only=True)

    class Meta:
        model = Channel
        fields = [
            "key", "url", "page_url", "title", "summary", "language", "now_url", "schedule_url", "playlist",
            "organisation", "is_sample", "published_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, channel: Channel) -> str:
        return resource_urls.channel_url(channel)

    def get_page_url(self, channel: Channel) -> str:
        return resource_urls.channel_page_url(channel)

    def get_now_url(self, channel: Channel) -> str:
        return f"{resource_urls.channel_url(channel)}/now"

    def get_schedule_url(self, channel: Channel) -> str:
        return f"{resource_urls.channel_url(channel)}/schedule"


@extend_schema_serializer(component_name="ChannelSlot")
class SlotSerializer(serializers.Serializer):
    """A slot of the schedule. Between the slots the playlist of the channel plays."""

    key = serializers.CharField()
    title = serializers.SerializerMethodField(help_text="Title of the material, or of what is live.")
    starts_at = serializers.DateTimeField(source="during.lower")
    ends_at = serializers.DateTimeField(source="during.upper", help_text="The first moment after it.")
    material = serializers.SerializerMethodField(help_text="null: it is live, or the material was withdrawn.")
    live_url = URLOrNullField(help_text="Address of what is live; null: a material.")

    def get_title(self, slot: Slot) -> str:
        material = queries.public_material_of(slot)
        return material.title if material else slot.title

    @extend_schema_field(MaterialLinkSerializer(allow_null=True))
    def get_material(self, slot: Slot) -> JSONObject | None:
        material = queries.public_material_of(slot)
        return dict(MaterialLinkSerializer(material).data) if material else None


@extend_schema(tags=["channels"], auth=[])
@extend_schema_view(
    list=extend_schema(operation_id="listChannels", summary="List channels, the newest first"),
    retrieve=extend_schema(operation_id="getChannel", summary="Get one channel", parameters=CHANNEL_PATH_PARAMETERS),
)
class ChannelViewSet(PublicReadOnlyViewSet):
    """Public channels. One that is not public any more answers 404."""

    serializer_class = ChannelSerializer
    pagination_class = ChannelPagination
    lookup_value_regex = CHANNEL_KEY
    queryset = Channel.objects.none()  # tells drf-spectacular the model

    def get_queryset(self) -> QuerySet[Channel]:
        return queries.public_channels()


class ScheduleView(PublicReadMixin, KnownParametersOnly, generics.GenericAPIView):
    """The slots of a channel."""

    serializer_class = SlotSerializer
    pagination_class = SinglePagePagination
    queryset = Slot.objects.none()  # tells drf-spectacular the model
    extra_parameters = ("from", "to")

    @extend_schema(
        operation_id="listChannelSchedule",
        tags=["channels"],
        auth=[],
        summary="List the slots of a channel between two days, earliest first",
        description="A slot over midnight is in both days.",
        parameters=[*CHANNEL_PATH_PARAMETERS, *SCHEDULE_PARAMETERS],
        responses=SlotSerializer(many=True),
    )
    def get(self, request: Request, key: str) -> Response:
        channel = get_object_or_404(queries.public_channels(), key=key)
        slots = self.paginate_queryset(queries.slots_between(channel, *requested_days(request)))
        return self.get_paginated_response(SlotSerializer(slots, many=True).data)
