from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.v1.documents.published_documents import DOCUMENT_KEY
from api.v1.materials.files import FILE_NAME, FileView
from api.v1.materials.layers import LAYER_KEY, LayerListView, LayerView
from api.v1.materials.materials import MaterialViewSet
from api.v1.materials.parameters import MATERIAL_KEY
from api.v1.materials.transcripts import TRANSCRIPT_FORMATS, TranscriptView

router = SimpleRouter(trailing_slash=False)
router.register("materials", MaterialViewSet, "material")

urlpatterns = [
    path("", include(router.urls)),
    re_path(
        rf"^materials/(?P<key>{MATERIAL_KEY})/transcript\.(?P<transcript_format>{'|'.join(TRANSCRIPT_FORMATS)})\Z",
        TranscriptView.as_view(),
        name="material-transcript",
    ),
    re_path(rf"^documents/(?P<key>{DOCUMENT_KEY})/layers\Z", LayerListView.as_view(), name="document-layers"),
    re_path(rf"^layers/(?P<key>{LAYER_KEY})\Z", LayerView.as_view(), name="layer"),
    re_path(rf"^files/(?P<sha256>[0-9a-f]{{64}})/(?P<name>{FILE_NAME})\Z", FileView.as_view(), name="file"),
]
