from django.urls import path, re_path

from api.v1.citations.cited_by import CitingProvisionListView
from api.v1.citations.resolve import ResolveCitationsView
from api.v1.citations.statuses import DocumentLookupView, DocumentStatusesView
from api.v1.documents.published_documents import DOCUMENT_KEY

urlpatterns = [
    path("citations/resolve", ResolveCitationsView.as_view(), name="citations-resolve"),
    path("documents/status", DocumentStatusesView.as_view(), name="document-statuses"),
    re_path(
        rf"^documents/(?P<key>{DOCUMENT_KEY})/cited-by\Z", CitingProvisionListView.as_view(), name="document-cited-by"
    ),
    path("documents/lookup", DocumentLookupView.as_view(), name="document-lookup"),
]
