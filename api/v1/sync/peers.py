"""Other installations that this one follows: public, so that everybody can see whether copies are up to date."""

from django.db.models import Count, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import REVALIDATE_CACHE_CONTROL, PublicReadMixin
from api.pagination import SinglePagePagination
from api.parameters import KnownParametersOnly
from api.v1 import resource_urls
from content.sync import queries
from content.sync.models import Peer

PEER_KEY = r"[a-z0-9.\[\]:-]{1,200}"
PEER_PARAMETER = OpenApiParameter("key", {"type": "string", "pattern": f"^{PEER_KEY}$"}, "path", description="Host.")


class PeerSerializer(serializers.ModelSerializer):
    """Another installation whose objects are copied here."""

    key = serializers.CharField(help_text="Host and port: the `home` of its objects.")
    url = serializers.SerializerMethodField()
    name = serializers.CharField()
    home_url = serializers.URLField(source="url", help_text="Its own address.")
    state = serializers.CharField(help_text="`following` is up to date; the list may grow.")
    last_ok_at = serializers.DateTimeField(allow_null=True, help_text="Last time it answered; null: never.")
    cursor = serializers.CharField(source="bookmark", help_text="Its change up to which copies are complete.")
    objects_held = serializers.IntegerField(help_text="Copies of its objects.")
    objects_waiting = serializers.IntegerField(help_text="Objects that could not be copied yet.")

    class Meta:
        model = Peer
        fields = [
            "key", "url", "name", "home_url", "state", "last_ok_at", "cursor", "objects_held", "objects_waiting",
        ]  # fmt: skip

    def get_url(self, peer: Peer) -> str:
        return resource_urls.resource_url("peer-detail", key=peer.key)


def shown_peers() -> QuerySet[Peer]:
    """The public installations with the counts that are shown."""
    return queries.public_peers().annotate(
        objects_held=Count("origins", distinct=True), objects_waiting=Count("waitings", distinct=True)
    )


class PeerListView(PublicReadMixin, KnownParametersOnly, generics.GenericAPIView):
    """All public installations."""

    serializer_class = PeerSerializer
    pagination_class = SinglePagePagination
    filter_backends = []
    queryset = Peer.objects.none()
    cache_control = REVALIDATE_CACHE_CONTROL

    @extend_schema(
        operation_id="listPeers",
        tags=["changes"],
        auth=[],
        summary="List the other installations whose objects are copied here",
        responses=PeerSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return self.get_paginated_response(PeerSerializer(self.paginate_queryset(shown_peers()) or [], many=True).data)


class PeerView(PublicReadMixin, KnownParametersOnly, generics.GenericAPIView):
    """One installation."""

    serializer_class = PeerSerializer
    queryset = Peer.objects.none()
    cache_control = REVALIDATE_CACHE_CONTROL

    @extend_schema(
        operation_id="getPeer",
        tags=["changes"],
        auth=[],
        summary="Get one of the other installations",
        parameters=[PEER_PARAMETER],
        responses=PeerSerializer,
    )
    def get(self, request: Request, key: str) -> Response:
        return Response(PeerSerializer(generics.get_object_or_404(shown_peers(), key=key)).data)
