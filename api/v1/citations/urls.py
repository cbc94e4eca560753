from django.urls import path

from api.v1.citations.resolve import ResolveCitationsView
from api.v1.citations.statuses import DocumentLookupView, DocumentStatusesView

urlpatterns = [
    path("citations/resolve", ResolveCitationsView.as_view(), name="citations-resolve"),
    path("documents/status", DocumentStatusesView.as_view(), name="document-statuses"),
    path("documents/lookup", DocumentLookupView.as_view(), name="document-lookup"),
]
