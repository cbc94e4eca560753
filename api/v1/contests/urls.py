from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.v1.contests.attempts import NewAttemptView
from api.v1.contests.certificates import SERIAL, CertificateView
from api.v1.contests.contests import ContestViewSet
from api.v1.contests.entries import EntryView
from api.v1.contests.leaderboards import LeaderboardView, StandingView
from api.v1.contests.parameters import CONTEST_KEY, ROUND_NUMBER
from api.v1.contests.replies import NamingConsentView, ObjectionView, WinnerIdentityView
from api.v1.contests.rounds import ProofFileView, ProofView, RoundView

router = SimpleRouter(trailing_slash=False)
router.register("contests", ContestViewSet, "contest")

CONTEST_PATH = rf"^contests/(?P<key>{CONTEST_KEY})"
ROUND_PATH = rf"{CONTEST_PATH}/rounds/(?P<number>{ROUND_NUMBER})"

urlpatterns = [
    path("", include(router.urls)),
    re_path(rf"{CONTEST_PATH}/entry\Z", EntryView.as_view(), name="contest-entry"),
    re_path(rf"{CONTEST_PATH}/entry/objection\Z", ObjectionView.as_view(), name="contest-objection"),
    re_path(rf"{CONTEST_PATH}/entry/identity\Z", WinnerIdentityView.as_view(), name="contest-identity"),
    re_path(rf"{CONTEST_PATH}/entry/identity/naming\Z", NamingConsentView.as_view(), name="contest-naming"),
    re_path(rf"{CONTEST_PATH}/leaderboard\Z", LeaderboardView.as_view(), name="contest-leaderboard"),
    re_path(rf"{CONTEST_PATH}/standing\Z", StandingView.as_view(), name="contest-standing"),
    re_path(rf"{ROUND_PATH}\Z", RoundView.as_view(), name="contest-round"),
    re_path(rf"{ROUND_PATH}/proof\Z", ProofView.as_view(), name="contest-proof"),
    re_path(rf"{ROUND_PATH}/proof\.jsonl\.gz\Z", ProofFileView.as_view(), name="contest-proof-file"),
    re_path(rf"{ROUND_PATH}/attempts\Z", NewAttemptView.as_view(), name="contest-attempts"),
    re_path(rf"^certificates/(?P<serial>{SERIAL})\Z", CertificateView.as_view(), name="certificate"),
]
