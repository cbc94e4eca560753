from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.v1.account.devices import INSTALLATION_KEY, DeviceView
from api.v1.account.follows import FOLLOW_KEY, FOLLOW_TARGETS, FollowListView, FollowView
from api.v1.account.inbox import INBOX_KEY, InboxViewSet, ReadMarkView, ReadUpToView, UnreadCountView
from api.v1.account.me import ReaderExportView, ReaderView

router = SimpleRouter(trailing_slash=False)
router.register("inbox", InboxViewSet, "inbox")

TARGETS = "|".join(FOLLOW_TARGETS)

urlpatterns = [
    path("", include(router.urls)),
    re_path(rf"^devices/(?P<installation_key>{INSTALLATION_KEY})\Z", DeviceView.as_view(), name="device"),
    path("inbox/unread", UnreadCountView.as_view(), name="inbox-unread"),
    path("inbox/read", ReadUpToView.as_view(), name="inbox-read-up-to"),
    re_path(rf"^inbox/(?P<key>{INBOX_KEY})/read\Z", ReadMarkView.as_view(), name="inbox-read"),
    path("me", ReaderView.as_view(), name="me"),
    path("me/export", ReaderExportView.as_view(), name="me-export"),
    path("follows", FollowListView.as_view(), name="follow-list"),
    re_path(rf"^follows/(?P<target>{TARGETS})/(?P<key>{FOLLOW_KEY})\Z", FollowView.as_view(), name="follow"),
]
