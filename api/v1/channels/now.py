"""What a channel plays now: the same second of the same file on every phone.

Every phone asks at the same moments, when something else begins. So each process keeps what a channel plays, with the
representations of its materials, until the change log goes on: one query says whether it has.
"""

import datetime
import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from api.types import JSONObject
from api.v1.channels.parameters import CHANNEL_PATH_PARAMETERS
from api.v1.materials.materials import MaterialSerializer
from content.changes import queries as changes
from content.channel import queries
from content.channel.programme import Airing
from content.channel.queries import ChannelContent, OnAir
from content.media import queries as media

KEPT_SECONDS = 10  # for what the change log does not tell, such as the name of an organisation
MOST_KEPT = 64  # channels, in each language


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


_NOW = ChannelNowSerializer()  # shared: building its fields costs more than all else that a request asks of Python


class KeptContent:
    """What a channel plays in the coming two days, and its materials as the API shows them in one language.

    `head`: the newest change of the log when it was read, or before.
    """

    def __init__(self, head: int, content: ChannelContent) -> None:
        self.content = content
        self._head, self._until = head, time.monotonic() + KEPT_SECONDS
        self._shown: dict[str, JSONObject | None] = {}

    def is_of(self, head: int) -> bool:
        """Whether it may still be shown after that change."""
        return self._head == head and time.monotonic() < self._until

    def shown_materials(self, keys: Iterable[str]) -> dict[str, JSONObject]:
        """{key: representation} of those of these materials that are public."""
        wanted = list(keys)
        if unknown := [key for key in wanted if key not in self._shown]:
            found = {each.key: each for each in media.listed_materials().filter(key__in=unknown)}
            self._shown |= {key: _shown(found[key]) if key in found else None for key in unknown}
        return {key: shown for key in wanted if (shown := self._shown[key]) is not None}


_KEPT: dict[tuple[str, str], KeptContent] = {}  # by key of the channel and language


def forget_kept_contents() -> None:
    """Read every channel anew when it is asked for next."""
    _KEPT.clear()


def _kept_content(key: str, head: int, moment: datetime.datetime) -> KeptContent:
    """Raises Http404 for a channel that is not there, or not public."""
    place = (key, get_language() or "")
    found = _KEPT.get(place)
    if found is None or not found.is_of(head):
        _KEPT.pop(place, None)
        channel = get_object_or_404(queries.public_channels(), key=key)
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        found = _KEPT[place] = KeptContent(head, queries.content_of(channel, moment))
    return found


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
        found = changes.newest_change_and_clock()
        if found is None:
            raise Http404  # a public channel has a change
        head, moment = found
        kept = _kept_content(key, head, moment)
        airings = kept.content.airings(moment)
        shown = kept.shown_materials(each.clip.key for each in airings if each.clip)
        aired = OnAir(moment, airings, shown, kept.content.slots)
        return Response(_now(aired, shown))


def now_of(aired: OnAir) -> JSONObject:
    """What ChannelNowSerializer describes."""
    return _now(aired, {key: _shown(material) for key, material in aired.materials.items()})


def _shown(material: Any) -> JSONObject:
    return dict(MaterialSerializer(material).data)


def _now(aired: OnAir, shown: Mapping[str, JSONObject]) -> JSONObject:
    """The answer. `shown`: the materials that `aired` names, as the API shows them."""
    first, second = (*aired.named, None, None)[:2]
    is_on = first is not None and first.starts_at <= aired.moment
    on_air, following = (first, second) if is_on else (None, first)
    values = {
        "on_air": _airing(aired, on_air, aired.moment, shown) if on_air else None,
        "next": _airing(aired, following, following.starts_at, shown) if following else None,
        "server_now": aired.moment,
    }
    answer: JSONObject = dict(_NOW.to_representation(values))
    for name, airing in (("on_air", on_air), ("next", following)):
        if airing and airing.clip:
            answer[name]["material"] = shown[airing.clip.key]
    return answer


def _airing(aired: OnAir, airing: Airing, moment: Any, shown: Mapping[str, JSONObject]) -> JSONObject:
    """An airing without its material, which is shown already."""
    slot = aired.slots.get(airing.slot)
    return {
        "title": shown[airing.clip.key]["title"] if airing.clip else slot.title if slot else "",
        "material": None,
        "live_url": slot.live_url if slot and not airing.clip else None,
        "slot": airing.slot or None,
        "starts_at": airing.starts_at,
        "offset_seconds": round((moment - airing.starts_at).total_seconds(), 3),
        "ends_at": airing.ends_at,
    }
