"""What is under `attempts/`: at a deadline thousands come at once, so these addresses are looked for first."""

from django.urls import re_path

from api.v1.contests.attempts import AnswersView, AttemptView, SubmissionView
from api.v1.contests.certificates import NewCertificateView
from api.v1.contests.parameters import ATTEMPT_KEY

ATTEMPT_PATH = rf"^(?P<key>{ATTEMPT_KEY})"

urlpatterns = [
    re_path(rf"{ATTEMPT_PATH}\Z", AttemptView.as_view(), name="contest-attempt"),
    re_path(rf"{ATTEMPT_PATH}/answers\Z", AnswersView.as_view(), name="contest-answers"),
    re_path(rf"{ATTEMPT_PATH}/submission\Z", SubmissionView.as_view(), name="contest-submission"),
    re_path(rf"{ATTEMPT_PATH}/certificate\Z", NewCertificateView.as_view(), name="attempt-certificate"),
]
