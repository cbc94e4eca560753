from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.v1.questions.feedback import ProblemReportView, RatingView
from api.v1.questions.my_questions import QUESTION_KEY, MyQuestionViewSet
from api.v1.questions.questions import QuestionViewSet, SimilarQuestionsView
from content.qa.models import ProblemReport

router = SimpleRouter(trailing_slash=False)
router.register("questions/mine", MyQuestionViewSet, "my-question")
router.register("questions", QuestionViewSet, "question")

QUESTION_PATH = rf"^questions/(?P<key>{QUESTION_KEY})"
REPORT_KINDS = "|".join(ProblemReport.Kind.values)

urlpatterns = [
    path("", include(router.urls)),
    path("questions/similar", SimilarQuestionsView.as_view(), name="question-similar"),
    re_path(rf"{QUESTION_PATH}/rating\Z", RatingView.as_view(), name="question-rating"),
    re_path(
        rf"{QUESTION_PATH}/reports/(?P<kind>{REPORT_KINDS})\Z", ProblemReportView.as_view(), name="question-report"
    ),
]
