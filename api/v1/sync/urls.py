from django.urls import path, re_path

from api.v1.sync.changes import ChangeHeadView, ChangeListView
from api.v1.sync.exports import BulkExportView, ExportFileView, ExportListView
from api.v1.sync.feeds import (
    FEED_FORMATS,
    ContestFeedView,
    DocumentFeedView,
    EventFeedView,
    MaterialFeedView,
    PlanFeedView,
    QuestionFeedView,
)
from api.v1.sync.peers import PEER_KEY, PeerListView, PeerView
from api.v1.sync.records import RECORD_PATH, RecordListView, RecordView
from content.exports import queries as exports

EXPORT_PATH = rf"^exports/(?P<key>{exports.KEY_PATTERN})"
FORMAT = rf"(?P<feed_format>{FEED_FORMATS})\Z"

urlpatterns = [
    path("changes", ChangeListView.as_view(), name="change-list"),
    path("changes/head", ChangeHeadView.as_view(), name="change-head"),
    path("peers", PeerListView.as_view(), name="peer-list"),
    re_path(rf"^peers/(?P<key>{PEER_KEY})\Z", PeerView.as_view(), name="peer-detail"),
    path("records", RecordListView.as_view(), name="record-list"),
    re_path(RECORD_PATH, RecordView.as_view(), name="record"),
    path("exports", ExportListView.as_view(), name="export-list"),
    re_path(rf"{EXPORT_PATH}\Z", BulkExportView.as_view(), name="export-detail"),
    re_path(rf"{EXPORT_PATH}/(?P<name>{exports.NAME_PATTERN})\Z", ExportFileView.as_view(), name="export-file"),
    re_path(rf"^feeds/documents\.{FORMAT}", DocumentFeedView.as_view(), name="document-feed"),
    re_path(rf"^feeds/contests\.{FORMAT}", ContestFeedView.as_view(), name="contest-feed"),
    re_path(rf"^feeds/events\.{FORMAT}", EventFeedView.as_view(), name="event-feed"),
    re_path(rf"^feeds/materials\.{FORMAT}", MaterialFeedView.as_view(), name="material-feed"),
    re_path(rf"^feeds/plans\.{FORMAT}", PlanFeedView.as_view(), name="plan-feed"),
    re_path(rf"^feeds/questions\.{FORMAT}", QuestionFeedView.as_view(), name="question-feed"),
]
