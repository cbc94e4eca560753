from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.v1.documents.documents import DocumentViewSet
from api.v1.documents.effects import EffectViewSet
from api.v1.documents.files import OriginalFileListView, OriginalFileView
from api.v1.documents.published_documents import DOCUMENT_KEY
from api.v1.documents.relations import RelationListView
from api.v1.documents.text import DocumentTextView

router = SimpleRouter(trailing_slash=False)
router.register("documents", DocumentViewSet, "document")

DOCUMENT_PATH = rf"^documents/(?P<key>{DOCUMENT_KEY})"

urlpatterns = [
    path("effects", EffectViewSet.as_view({"get": "list"}), name="effect-list"),
    path("effects.ics", EffectViewSet.as_view({"get": "ics"}, **EffectViewSet.ics.kwargs), name="effect-calendar"),
    path("", include(router.urls)),
    re_path(rf"{DOCUMENT_PATH}/text\Z", DocumentTextView.as_view(), name="document-text"),
    re_path(rf"{DOCUMENT_PATH}/files\Z", OriginalFileListView.as_view(), name="document-files"),
    re_path(rf"{DOCUMENT_PATH}/files/(?P<sha256>[0-9a-f]{{64}})\Z", OriginalFileView.as_view(), name="document-file"),
    re_path(rf"{DOCUMENT_PATH}/relations\Z", RelationListView.as_view(), name="document-relations"),
]
