"""Public playlists: materials in an order."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.linked_details import LinkedDetailMixin
from api.pagination import StrictCursorPagination
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.channels.parameters import PLAYLIST_KEY, PLAYLIST_PATH_PARAMETERS
from api.v1.materials.materials import MaterialSerializer
from api.v1.materials.schema_org import listed_material_as_schema_org
from api.v1.reference.organisations import OrganisationLinkSerializer
from api.v1.schema_org import SCHEMA_ORG, organisation_as_schema_org, without_unknown
from api.viewsets import PublicReadOnlyViewSet
from content.channel import queries
from content.channel.models import Playlist


class PlaylistPagination(StrictCursorPagination):
    ordering = "-pk"


class PlaylistLinkSerializer(serializers.ModelSerializer):
    """A link to a playlist."""

    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()

    class Meta:
        model = Playlist
        fields = ["key", "url", "page_url", "title", "language"]
        read_only_fields = fields

    def get_url(self, playlist: Playlist) -> str:
        return resource_urls.playlist_url(playlist)

    def get_page_url(self, playlist: Playlist) -> str:
        return resource_urls.playlist_page_url(playlist)


class PlaylistSerializer(PlaylistLinkSerializer):
    """A playlist in a list."""

    feed_url = serializers.SerializerMethodField(help_text="The playlist as RSS, for programs that play podcasts.")
    organisation = OrganisationLinkSerializer(read_only=True, allow_null=True)
    updated_at = serializers.DateTimeField(source="changed_at", read_only=True)

    class Meta(PlaylistLinkSerializer.Meta):
        fields = [
            *PlaylistLinkSerializer.Meta.fields, "feed_url", "summary", "organisation", "is_sample", "published_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_feed_url(self, playlist: Playlist) -> str:
        return f"{resource_urls.playlist_url(playlist)}.rss"


@extend_schema_serializer(component_name="PlaylistDetail")
class PlaylistDetailSerializer(PlaylistSerializer):
    """One playlist with its materials."""

    items = serializers.SerializerMethodField(help_text="Its public materials, in order.")

    class Meta(PlaylistSerializer.Meta):
        fields = [*PlaylistSerializer.Meta.fields, "items"]
        read_only_fields = fields

    @extend_schema_field(MaterialSerializer(many=True))
    def get_items(self, playlist: Playlist) -> list[JSONObject]:
        rows: Any = MaterialSerializer([item.material for item in queries.items_of(playlist)], many=True).data
        return list(rows)


@extend_schema(tags=["channels"], auth=[])
@extend_schema_view(list=extend_schema(operation_id="listPlaylists", summary="List playlists, the newest first"))
class PlaylistViewSet(LinkedDetailMixin, PublicReadOnlyViewSet):
    """Public playlists. One that is not public any more answers 404."""

    serializer_class = PlaylistSerializer
    pagination_class = PlaylistPagination
    lookup_value_regex = PLAYLIST_KEY
    queryset = Playlist.objects.none()  # tells drf-spectacular the model

    @property
    def extra_parameters(self) -> tuple[str, ...]:
        return {"list": ("fields",), "retrieve": ("fields", "format")}.get(self.action, ())

    def get_serializer_class(self) -> type[PlaylistSerializer]:
        return PlaylistDetailSerializer if self.action == "retrieve" else PlaylistSerializer

    def get_queryset(self) -> QuerySet[Playlist]:
        return queries.public_playlists()

    @extend_schema(
        operation_id="getPlaylist",
        summary="Get one playlist with its materials as JSON or JSON-LD",
        parameters=[
            *PLAYLIST_PATH_PARAMETERS,
            OpenApiParameter("format", str, enum=["json", "jsonld"], description="Media type. Overrides Accept."),
        ],
        responses={
            (200, "application/json"): PlaylistDetailSerializer,
            (200, "application/ld+json"): OpenApiResponse(OpenApiTypes.OBJECT, "schema.org/ItemList."),
        },
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        is_linked = self.wants_linked_data(request)
        playlist = self.get_object()
        if is_linked:
            return Response(playlist_as_schema_org(playlist))
        return Response(self.get_serializer(playlist).data)  # without Last-Modified: its materials change it too


def playlist_as_schema_org(playlist: Playlist) -> JSONObject:
    """The playlist as a schema.org ItemList of its materials. Unknown properties are left out."""
    items = [
        {"@type": "ListItem", "position": position, "item": listed_material_as_schema_org(item.material)}
        for position, item in enumerate(queries.items_of(playlist), 1)
    ]
    return {
        "@context": SCHEMA_ORG,
        "@type": "ItemList",
        "@id": resource_urls.playlist_url(playlist),
        "name": playlist.title,
        "inLanguage": playlist.language,
        "numberOfItems": len(items),
        "itemListElement": items,
    } | without_unknown(
        {
            "description": playlist.summary,
            "publisher": playlist.organisation and organisation_as_schema_org(playlist.organisation),
        }
    )
