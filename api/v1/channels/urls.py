from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.v1.channels.calendars import ScheduleCalendarView
from api.v1.channels.channels import ChannelViewSet, ScheduleView
from api.v1.channels.now import ChannelNowView
from api.v1.channels.parameters import CHANNEL_KEY, PLAYLIST_KEY
from api.v1.channels.playlist_feeds import PlaylistFeedView
from api.v1.channels.playlists import PlaylistViewSet
from api.v1.sync.feeds import FEED_FORMATS

router = SimpleRouter(trailing_slash=False)
router.register("channels", ChannelViewSet, "channel")
router.register("playlists", PlaylistViewSet, "playlist")

urlpatterns = [
    path("", include(router.urls)),
    re_path(rf"^channels/(?P<key>{CHANNEL_KEY})/now\Z", ChannelNowView.as_view(), name="channel-now"),
    re_path(rf"^channels/(?P<key>{CHANNEL_KEY})/schedule\Z", ScheduleView.as_view(), name="channel-schedule"),
    re_path(
        rf"^channels/(?P<key>{CHANNEL_KEY})/schedule\.ics\Z", ScheduleCalendarView.as_view(), name="channel-calendar"
    ),
    re_path(
        rf"^playlists/(?P<key>{PLAYLIST_KEY})\.(?P<feed_format>{FEED_FORMATS})\Z",
        PlaylistFeedView.as_view(),
        name="playlist-feed",
    ),
]
