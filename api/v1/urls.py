from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from api.caching import PublicReadMixin
from api.parameters import KnownParametersOnly
from api.v1.account.devices import INSTALLATION_KEY, DeviceView
from api.v1.account.follows import FOLLOW_KEY as FOLLOWED
from api.v1.account.follows import FOLLOW_TARGETS, FollowListView, FollowView
from api.v1.account.inbox import INBOX_KEY, InboxViewSet, ReadMarkView, ReadUpToView, UnreadCountView
from api.v1.account.me import ReaderExportView, ReaderView
from api.v1.documents.documents import DocumentViewSet
from api.v1.documents.effects import EffectViewSet
from api.v1.documents.files import OriginalFileListView, OriginalFileView
from api.v1.documents.relations import RelationListView
from api.v1.documents.text import DocumentTextView
from api.v1.events.calendars import (
    CALENDAR_SECRET,
    EventCalendarView,
    MyCalendarView,
    OrganisationCalendarView,
    ReaderCalendarView,
    TopicCalendarView,
)
from api.v1.events.calendars import SUBJECT_KEY as CALENDAR
from api.v1.events.events import EVENT_KEY as EVENT
from api.v1.events.events import EventViewSet
from api.v1.events.registrations import EventQuestionView, MyEventViewSet, RegistrationCodeView, RegistrationView
from api.v1.questions.feedback import ProblemReportView, RatingView
from api.v1.questions.my_questions import MyQuestionViewSet
from api.v1.questions.questions import QUESTION_KEY as QUESTION
from api.v1.questions.questions import QuestionViewSet, SimilarQuestionsView
from api.v1.reference.organisations import OrganisationViewSet, ProvinceViewSet
from api.v1.reference.topics import TopicViewSet
from api.v1.search.search import GlossaryView, SearchView, SuggestView
from api.v1.sync.changes import ChangeListView
from api.v1.sync.exports import BulkExportView, ExportFileView, ExportListView
from api.v1.sync.feeds import FEED_FORMATS, DocumentFeedView, EventFeedView, QuestionFeedView
from content.exports import queries as exports
from content.qa.models import ProblemReport

app_name = "v1"


class OpenAPIView(PublicReadMixin, KnownParametersOnly, SpectacularAPIView):
    """openapi.yaml as it is now."""


class OpenAPIJSONView(PublicReadMixin, KnownParametersOnly, SpectacularJSONAPIView):
    """The same as JSON."""


router = SimpleRouter(trailing_slash=False)
router.register("topics", TopicViewSet, "topic")
router.register("organisations", OrganisationViewSet, "organisation")
router.register("provinces", ProvinceViewSet, "province")
router.register("documents", DocumentViewSet, "document")
router.register("inbox", InboxViewSet, "inbox")
router.register("questions/mine", MyQuestionViewSet, "my-question")
router.register("questions", QuestionViewSet, "question")
router.register("events/mine", MyEventViewSet, "my-event")
router.register("events", EventViewSet, "event")

DOCUMENT_PATH = r"^documents/(?P<key>[a-z0-9-]+)"

urlpatterns = [
    path("effects", EffectViewSet.as_view({"get": "list"}), name="effect-list"),
    path("effects.ics", EffectViewSet.as_view({"get": "ics"}, **EffectViewSet.ics.kwargs), name="effect-calendar"),
    path("", include(router.urls)),
    re_path(rf"{DOCUMENT_PATH}/text\Z", DocumentTextView.as_view(), name="document-text"),
    re_path(rf"{DOCUMENT_PATH}/files\Z", OriginalFileListView.as_view(), name="document-files"),
    re_path(rf"{DOCUMENT_PATH}/files/(?P<sha256>[0-9a-f]{{64}})\Z", OriginalFileView.as_view(), name="document-file"),
    re_path(rf"{DOCUMENT_PATH}/relations\Z", RelationListView.as_view(), name="document-relations"),
    re_path(rf"^devices/(?P<installation_key>{INSTALLATION_KEY})\Z", DeviceView.as_view(), name="device"),
    path("inbox/unread", UnreadCountView.as_view(), name="inbox-unread"),
    path("inbox/read", ReadUpToView.as_view(), name="inbox-read-up-to"),
    re_path(rf"^inbox/(?P<key>{INBOX_KEY})/read\Z", ReadMarkView.as_view(), name="inbox-read"),
    path("changes", ChangeListView.as_view(), name="change-list"),
    path("exports", ExportListView.as_view(), name="export-list"),
    re_path(rf"^exports/(?P<key>{exports.KEY_PATTERN})\Z", BulkExportView.as_view(), name="export-detail"),
    re_path(
        rf"^exports/(?P<key>{exports.KEY_PATTERN})/(?P<name>{exports.NAME_PATTERN})\Z",
        ExportFileView.as_view(),
        name="export-file",
    ),
    re_path(rf"^feeds/documents\.(?P<form>{FEED_FORMATS})\Z", DocumentFeedView.as_view(), name="document-feed"),
    re_path(rf"^feeds/events\.(?P<form>{FEED_FORMATS})\Z", EventFeedView.as_view(), name="event-feed"),
    re_path(rf"^feeds/questions\.(?P<form>{FEED_FORMATS})\Z", QuestionFeedView.as_view(), name="question-feed"),
    path("questions/similar", SimilarQuestionsView.as_view(), name="question-similar"),
    re_path(rf"^questions/(?P<key>{QUESTION})/rating\Z", RatingView.as_view(), name="question-rating"),
    re_path(
        rf"^questions/(?P<key>{QUESTION})/reports/(?P<kind>{'|'.join(ProblemReport.Kind.values)})\Z",
        ProblemReportView.as_view(),
        name="question-report",
    ),
    path("events/mine/calendar", MyCalendarView.as_view(), name="my-calendar"),
    re_path(rf"^events/(?P<key>{EVENT})\.ics\Z", EventCalendarView.as_view(), name="event-calendar"),
    re_path(rf"^events/(?P<key>{EVENT})/registration\Z", RegistrationView.as_view(), name="registration"),
    re_path(rf"^events/(?P<key>{EVENT})/registration\.svg\Z", RegistrationCodeView.as_view(), name="registration-code"),
    re_path(rf"^events/(?P<key>{EVENT})/questions\Z", EventQuestionView.as_view(), name="ask-ahead"),
    re_path(rf"^calendars/topic/(?P<key>{CALENDAR})\.ics\Z", TopicCalendarView.as_view(), name="topic-calendar"),
    re_path(
        rf"^calendars/organisation/(?P<key>{CALENDAR})\.ics\Z",
        OrganisationCalendarView.as_view(),
        name="organisation-calendar",
    ),
    re_path(
        rf"^calendars/reader/(?P<secret>{CALENDAR_SECRET})\.ics\Z", ReaderCalendarView.as_view(), name="reader-calendar"
    ),
    path("search", SearchView.as_view(), name="search"),
    path("glossary", GlossaryView.as_view(), name="glossary"),
    path("search/suggest", SuggestView.as_view(), name="search-suggest"),
    path("me", ReaderView.as_view(), name="me"),
    path("me/export", ReaderExportView.as_view(), name="me-export"),
    path("follows", FollowListView.as_view(), name="follow-list"),
    re_path(
        rf"^follows/(?P<target>{'|'.join(FOLLOW_TARGETS)})/(?P<key>{FOLLOWED})\Z", FollowView.as_view(), name="follow"
    ),
    path("openapi.yaml", OpenAPIView.as_view(api_version="v1"), name="openapi"),
    path("openapi.json", OpenAPIJSONView.as_view(api_version="v1"), name="openapi-json"),
]
