from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from api.caching import PublicReads
from api.parameters import KnownParametersOnly
from api.v1.account import ExportView, MeView
from api.v1.calendars import KEY as CALENDAR
from api.v1.calendars import (
    SECRET,
    EventCalendarView,
    MyCalendarView,
    OrganisationCalendarView,
    ReaderCalendarView,
    TopicCalendarView,
)
from api.v1.changes import ChangeListView
from api.v1.devices import KEY, DeviceView
from api.v1.documents import DocumentViewSet
from api.v1.effects import EffectViewSet
from api.v1.events import KEY as EVENT
from api.v1.events import EventViewSet
from api.v1.exports import BulkExportView, ExportFileView, ExportListView
from api.v1.feeds import FORMS, DocumentFeedView, EventFeedView, QuestionFeedView
from api.v1.files import FileListView, FileView
from api.v1.follows import KEY as FOLLOWED
from api.v1.follows import WHAT, FollowListView, FollowView
from api.v1.inbox import KEY as INBOX_KEY
from api.v1.inbox import InboxViewSet, ReadMarkView, ReadUpToView, UnreadView
from api.v1.my_questions import MyQuestionViewSet
from api.v1.opinions import RatingView, ReportView
from api.v1.organisations import OrganisationViewSet, ProvinceViewSet
from api.v1.questions import KEY as QUESTION
from api.v1.questions import QuestionViewSet, SimilarView
from api.v1.registrations import AskAheadView, MyEventViewSet, RegistrationCodeView, RegistrationView
from api.v1.relations import RelationListView
from api.v1.search import GlossaryView, SearchView, SuggestView
from api.v1.texts import TextView
from api.v1.topics import TopicViewSet
from content.exports import queries as exports
from content.qa.models import ProblemReport

app_name = "v1"


class Contract(PublicReads, KnownParametersOnly, SpectacularAPIView):
    """openapi.yaml as it is now."""


class ContractAsJSON(PublicReads, KnownParametersOnly, SpectacularJSONAPIView):
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

DOCUMENT = r"^documents/(?P<key>[a-z0-9-]+)"

urlpatterns = [
    path("effects", EffectViewSet.as_view({"get": "list"}), name="effect-list"),
    path("effects.ics", EffectViewSet.as_view({"get": "ics"}, **EffectViewSet.ics.kwargs), name="effect-calendar"),
    path("", include(router.urls)),
    re_path(rf"{DOCUMENT}/text\Z", TextView.as_view(), name="document-text"),
    re_path(rf"{DOCUMENT}/files\Z", FileListView.as_view(), name="document-files"),
    re_path(rf"{DOCUMENT}/files/(?P<sha256>[0-9a-f]{{64}})\Z", FileView.as_view(), name="document-file"),
    re_path(rf"{DOCUMENT}/relations\Z", RelationListView.as_view(), name="document-relations"),
    re_path(rf"^devices/(?P<installation_key>{KEY})\Z", DeviceView.as_view(), name="device"),
    path("inbox/unread", UnreadView.as_view(), name="inbox-unread"),
    path("inbox/read", ReadUpToView.as_view(), name="inbox-read-up-to"),
    re_path(rf"^inbox/(?P<key>{INBOX_KEY})/read\Z", ReadMarkView.as_view(), name="inbox-read"),
    path("changes", ChangeListView.as_view(), name="change-list"),
    path("exports", ExportListView.as_view(), name="export-list"),
    re_path(rf"^exports/(?P<key>{exports.KEY})\Z", BulkExportView.as_view(), name="export-detail"),
    re_path(
        rf"^exports/(?P<key>{exports.KEY})/(?P<name>{exports.NAME})\Z", ExportFileView.as_view(), name="export-file"
    ),
    re_path(rf"^feeds/documents\.(?P<form>{FORMS})\Z", DocumentFeedView.as_view(), name="document-feed"),
    re_path(rf"^feeds/events\.(?P<form>{FORMS})\Z", EventFeedView.as_view(), name="event-feed"),
    re_path(rf"^feeds/questions\.(?P<form>{FORMS})\Z", QuestionFeedView.as_view(), name="question-feed"),
    path("questions/similar", SimilarView.as_view(), name="question-similar"),
    re_path(rf"^questions/(?P<key>{QUESTION})/rating\Z", RatingView.as_view(), name="question-rating"),
    re_path(
        rf"^questions/(?P<key>{QUESTION})/reports/(?P<kind>{'|'.join(ProblemReport.Kind.values)})\Z",
        ReportView.as_view(),
        name="question-report",
    ),
    path("events/mine/calendar", MyCalendarView.as_view(), name="my-calendar"),
    re_path(rf"^events/(?P<key>{EVENT})\.ics\Z", EventCalendarView.as_view(), name="event-calendar"),
    re_path(rf"^events/(?P<key>{EVENT})/registration\Z", RegistrationView.as_view(), name="registration"),
    re_path(rf"^events/(?P<key>{EVENT})/registration\.svg\Z", RegistrationCodeView.as_view(), name="registration-code"),
    re_path(rf"^events/(?P<key>{EVENT})/questions\Z", AskAheadView.as_view(), name="ask-ahead"),
    re_path(rf"^calendars/topic/(?P<key>{CALENDAR})\.ics\Z", TopicCalendarView.as_view(), name="topic-calendar"),
    re_path(
        rf"^calendars/organisation/(?P<key>{CALENDAR})\.ics\Z",
        OrganisationCalendarView.as_view(),
        name="organisation-calendar",
    ),
    re_path(rf"^calendars/reader/(?P<secret>{SECRET})\.ics\Z", ReaderCalendarView.as_view(), name="reader-calendar"),
    path("search", SearchView.as_view(), name="search"),
    path("glossary", GlossaryView.as_view(), name="glossary"),
    path("search/suggest", SuggestView.as_view(), name="search-suggest"),
    path("me", MeView.as_view(), name="me"),
    path("me/export", ExportView.as_view(), name="me-export"),
    path("follows", FollowListView.as_view(), name="follow-list"),
    re_path(rf"^follows/(?P<target>{'|'.join(WHAT)})/(?P<key>{FOLLOWED})\Z", FollowView.as_view(), name="follow"),
    path("openapi.yaml", Contract.as_view(api_version="v1"), name="openapi"),
    path("openapi.json", ContractAsJSON.as_view(api_version="v1"), name="openapi-json"),
]
