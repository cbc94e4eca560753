"""A playlist as a feed: RSS 2.0 for programs that play podcasts, Atom, and JSON Feed."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.negotiation import IgnoreAcceptNegotiation
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.channels.parameters import PLAYLIST_PATH_PARAMETERS
from api.v1.channels.podcasts import podcast
from api.v1.materials.materials import file_name
from api.v1.sync.feeds import FEED_RESPONSES, FORMAT_PARAMETER, WRITERS, WrittenFeed
from content.channel import queries
from content.channel.models import Playlist, PlaylistItem
from content.media.choices import FileRole
from content.media.models import Material, MaterialFile


class PlaylistFeedView(PublicReadMixin, KnownParametersOnly, APIView):
    """A playlist as a feed."""

    content_negotiation_class = IgnoreAcceptNegotiation

    @extend_schema(
        operation_id="getPlaylistFeed",
        tags=["channels"],
        auth=[],
        summary="Get a playlist as a podcast (RSS) or another feed",
        description="In RSS the entries have `enclosure`, `itunes:` and `media:` elements, and `podcast:transcript` "
        "for their captions. A material on another site has its page only.",
        parameters=[*PLAYLIST_PATH_PARAMETERS, FORMAT_PARAMETER],
        responses=FEED_RESPONSES,
    )
    def get(self, request: Request, key: str, feed_format: str) -> HttpResponse:
        playlist = get_object_or_404(queries.public_playlists(), key=key)
        content, media_type = written(playlist, queries.items_of(playlist), feed_format)
        return HttpResponse(content, content_type=media_type)


def written(playlist: Playlist, items: list[PlaylistItem], feed_format: str) -> WrittenFeed:
    """(content, media type) of the feed of a playlist with these items."""
    address = f"{resource_urls.playlist_url(playlist)}.{feed_format}"
    if feed_format == "rss":
        return podcast(playlist, items, address), "application/rss+xml; charset=utf-8"
    entries = [_entry(item.material) for item in items]
    updated = max([playlist.changed_at, *(entry["updated"] for entry in entries)])
    return WRITERS[feed_format](playlist.title, address, entries, updated)


def _entry(material: Material) -> JSONObject:
    main = next((each for each in material.files.all() if each.role == FileRole.MAIN), None)
    return {
        "id": resource_urls.material_url(material),
        "link": resource_urls.material_page_url(material),
        "title": material.title,
        "summary": " · ".join([str(material.get_kind_display()), material.summary]).strip(" ·"),
        "published": material.published_at,
        "updated": max(filter(None, [material.changed_at, material.published_at])),
        "tags": [topic.name for topic in material.topics.all()],
        "file": main and _file(material, main),
    }


def _file(material: Material, file: MaterialFile) -> tuple[str, str, str]:
    stored = file.stored
    url = resource_urls.file_url(stored.sha256, file_name(material, file.role, stored.media_type))
    return url, str(stored.size), stored.media_type
