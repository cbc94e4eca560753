"""Channels of law: what is on the air now, and the schedule."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
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
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.fields import URLOrNullField
from api.pagination import SinglePagePagination, StrictCursorPagination
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.channels.parameters import CHANNEL_KEY, CHANNEL_PATH_PARAMETERS, SCHEDULE_PARAMETERS, requested_days
from api.v1.channels.playlists import PlaylistLinkSerializer
from api.v1.link_serializers import MaterialLinkSerializer
from api.v1.materials.materials import MaterialSerializer
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.viewsets import PublicReadOnlyViewSet
from content.channel import queries
from content.channel.models import Channel, Slot
from content.channel.programme import Airing
from content.channel.queries import OnAir


class ChannelPagination(StrictCursorPagination):
    ordering = "-pk"


class ChannelSerializer(serializers.ModelSerializer):
    """A channel: slots, and a playlist that fills the gaps between them."""

    url = serializers.SerializerMethodField()
    now_url = serializers.SerializerMethodField(help_text="What is on the air now.")
    schedule_url = serializers.SerializerMethodField(help_text="The slots of the coming days.")
    playlist = PlaylistLinkSerializer(source="filler", read_only=True, help_text="Plays in the gaps, round and round.")
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    updated_at = serializers.DateTimeField(source="changed_at", read_only=True)

    class Meta:
        model = Channel
        fields = [
            "key", "url", "title", "summary", "language", "now_url", "schedule_url", "playlist", "organisation",
            "is_sample", "published_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, channel: Channel) -> str:
        return resource_urls.channel_url(channel)

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


@extend_schema_serializer(component_name="ChannelAiring")
class AiringSerializer(serializers.Serializer):
    """What is on the air, from a moment to another."""

    title = serializers.CharField()
    material = MaterialSerializer(allow_null=True, help_text="What to play, with its files; null: it is live.")
    live_url = serializers.URLField(allow_null=True, help_text="Where it is live; null: play the material.")
    slot = serializers.CharField(allow_null=True, help_text="Key of the slot; null: the playlist fills a gap.")
    starts_at = serializers.DateTimeField(help_text="When the material began, perhaps before the gap that it fills.")
    offset_seconds = serializers.FloatField(help_text="How far into the material the channel is, at `server_now`.")
    ends_at = serializers.DateTimeField(help_text="When something else begins.")


class ChannelNowSerializer(serializers.Serializer):
    """What is on the air. All phones that ask see the same second of the same file."""

    on_air = AiringSerializer(allow_null=True, help_text="null: a gap that nothing fills.")
    next = AiringSerializer(allow_null=True, help_text="What follows; its `offset_seconds` is that at its start.")
    server_now = serializers.DateTimeField(help_text="The clock of the server: compare yours with it.")


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


class ChannelNowView(PublicReadMixin, KnownParametersOnly, APIView):
    """What a channel plays now."""

    cache_control = "no-store"  # it has the time of the server

    @extend_schema(
        operation_id="getChannelNow",
        tags=["channels"],
        auth=[],
        summary="Get what is on the air now and what comes next",
        description="Ask again at `ends_at` of `on_air`. There is no stream: play the file from `offset_seconds`.",
        parameters=CHANNEL_PATH_PARAMETERS,
        responses=ChannelNowSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        channel: Any = get_object_or_404(queries.public_channels().annotate(moment=Now()), key=key)
        return Response(now_of(queries.on_air(channel, channel.moment)))


def now_of(aired: OnAir) -> JSONObject:
    """What ChannelNowSerializer describes."""
    first, second = (*aired.named, None, None)[:2]
    is_on = first is not None and first.starts_at <= aired.moment
    shown = (first, second) if is_on else (None, first)
    at = (aired.moment, shown[1].starts_at if shown[1] else aired.moment)
    values: list[Any] = [_airing(aired, each, moment) if each else None for each, moment in zip(shown, at, strict=True)]
    answer = {"on_air": values[0], "next": values[1], "server_now": aired.moment}
    return dict(ChannelNowSerializer(answer).data)


def _airing(aired: OnAir, airing: Airing, moment: Any) -> JSONObject:
    material = aired.materials[airing.clip.key] if airing.clip else None
    slot = aired.slots.get(airing.slot)
    return {
        "title": material.title if material else slot.title if slot else "",
        "material": material,
        "live_url": slot.live_url if slot and not material else None,
        "slot": airing.slot or None,
        "starts_at": airing.starts_at,
        "offset_seconds": round((moment - airing.starts_at).total_seconds(), 3),
        "ends_at": airing.ends_at,
    }


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
