"""A sample channel to try the program with: it plays the sample materials round and round."""

from collections.abc import Sequence

from django.db import transaction

from content.channel import services
from content.channel.models import Channel, Playlist
from content.media.models import Material
from content.people import services as people

TITLE = "DANH SÁCH MẪU – không có thật: Vườn chung của xóm"
CHANNEL_TITLE = "KÊNH MẪU – không có thật"


@transaction.atomic
def publish_sample_channel(materials: Sequence[Material]) -> tuple[Channel, bool]:
    """Publish a playlist of these materials and a channel that plays it, without notifying anybody.

    Returns (channel, created); one that is public already is returned unchanged.
    """
    if existing := Channel.objects.filter(is_sample=True, published_at__isnull=False).order_by("pk").first():
        return existing, False
    playlist = services.save_playlist(
        materials=materials, is_public=True, notify=False, title=TITLE, is_sample=True, summary="Dùng để thử."
    )
    return services.save_channel(filler=playlist, is_public=True, title=CHANNEL_TITLE, is_sample=True), True


@transaction.atomic
def remove_sample_channel(*, reason: str = "") -> int:
    """Withdraw and delete the sample channel with its playlist. Returns how many rows. Slots go with it."""
    channels = list(Channel.objects.filter(is_sample=True).select_related("filler").order_by("pk"))
    for channel in channels:
        services.save_channel(channel, filler=channel.filler, is_public=False)
        people.audit("channel.removed", channel.key, reason=reason)
        channel.delete()
    playlists = list(Playlist.objects.filter(is_sample=True, channels=None).order_by("pk"))
    for playlist in playlists:
        services.save_playlist(playlist, materials=[], is_public=False)
        people.audit("playlist.removed", playlist.key, reason=reason)
        playlist.delete()
    return len(channels) + len(playlists)
