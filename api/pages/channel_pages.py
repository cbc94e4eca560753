"""The pages of a playlist and of a channel: what is on the air now, and what comes in the next days."""

import datetime
import re
from typing import Any

from django.db.models.functions import Now
from django.http import Http404, HttpResponse
from rest_framework.request import Request

from api.pages.contents import beginning
from api.pages.json_ld import as_data_block
from api.pages.views import Page, answer, prefers_json, see_api
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.channels.now import now_of
from api.v1.channels.parameters import CHANNEL_KEY, PLAYLIST_KEY
from api.v1.channels.playlists import playlist_as_schema_org
from content.channel import queries
from content.channel.models import Channel, Playlist, Slot
from content.law.page_paths import channel_path, material_path, playlist_path

AHEAD = datetime.timedelta(days=7)  # of the schedule
MOST_SLOTS = 200  # on one page


class PlaylistPage(Page):
    """`/danh-sach-phat/{key}`: the materials of a public playlist, in order."""

    extra_parameters = ("lang",)

    def get(self, request: Request, key: str) -> HttpResponse:
        playlist = queries.public_playlists().filter(key=key).first() if re.fullmatch(PLAYLIST_KEY, key) else None
        if playlist is None:
            raise Http404
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.resource_url("playlist-detail", key=key))
        context = playlist_context(playlist)
        return answer(request._request, "api/pages/playlist.html", playlist_path(key), context, None)


class ChannelPage(Page):
    """`/kenh/{key}`: what a public channel has on the air, and its slots of the next seven days."""

    extra_parameters = ("lang",)
    cache_control = "no-store"  # what is on the air changes at any moment

    def get(self, request: Request, key: str) -> HttpResponse:
        channels = queries.public_channels().annotate(moment=Now())
        channel = channels.filter(key=key).first() if re.fullmatch(CHANNEL_KEY, key) else None
        if channel is None:
            raise Http404
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.resource_url("channel-detail", key=key))
        context = channel_context(channel, channel.moment)
        return answer(request._request, "api/pages/channel.html", channel_path(key), context, None)


def playlist_context(playlist: Playlist) -> dict[str, Any]:
    """What the page of a playlist shows."""
    return {
        "playlist": playlist,
        "materials": [(item.material, material_path(item.material.key)) for item in queries.items_of(playlist)],
        "page_title": playlist.title,
        "description": beginning(playlist.summary or playlist.title),
        "json_ld": as_data_block(playlist_as_schema_org(playlist)),
        "api_url": resource_urls.playlist_url(playlist),
        "feed_url": f"{resource_urls.playlist_url(playlist)}.rss",
    }


def channel_context(channel: Channel, moment: datetime.datetime) -> dict[str, Any]:
    """What the page of a channel shows at `moment`."""
    planned = queries.slots_between(channel, moment, moment + AHEAD)[:MOST_SLOTS]
    now = now_of(queries.on_air(channel, moment))
    return {
        "channel": channel,
        "on_air": _shown_airing(now["on_air"]),
        "following": _shown_airing(now["next"]),
        "slots": [_shown_slot(slot) for slot in planned if queries.is_shown(slot)],
        "playlist_path": playlist_path(channel.filler.key) if channel.filler.is_public else "",
        "page_title": channel.title,
        "description": beginning(channel.summary or channel.title),
        "api_url": resource_urls.channel_url(channel),
        "calendar_url": resource_urls.resource_url("channel-calendar", key=channel.key),
    }


def _shown_airing(airing: JSONObject | None) -> JSONObject | None:
    """An airing of `now_of` with the path of its page and its moments."""
    if airing is None:
        return None
    material = airing["material"]
    return {
        "title": airing["title"],
        "path": material_path(material["key"]) if material else "",
        "live_url": airing["live_url"],
        "starts_at": datetime.datetime.fromisoformat(airing["starts_at"]),
        "ends_at": datetime.datetime.fromisoformat(airing["ends_at"]),
    }


def _shown_slot(slot: Slot) -> JSONObject:
    material = queries.public_material_of(slot)
    return {
        "title": material.title if material else slot.title,
        "path": material_path(material.key) if material else "",
        "live_url": slot.live_url,
        "starts_at": slot.during.lower,
        "ends_at": slot.during.upper,
    }
