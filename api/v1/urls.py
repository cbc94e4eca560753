"""URLs of version 1: one module per family, and the description of the version itself."""

from django.urls import include, path

from api.v1.openapi import OpenAPIJSONView, OpenAPIView
from api.v1.root import RootView

app_name = "v1"

urlpatterns = [
    path("attempts/", include("api.v1.contests.attempt_urls")),
    path("", include("api.v1.account.urls")),  # before the reads: an address costs the most where it stands last
    path("", RootView.as_view(schema=None), name="root-slash"),  # the contract names it without the slash
    path("", include("api.v1.reference.urls")),
    path("", include("api.v1.citations.urls")),  # before the documents: «lookup» is no key
    path("", include("api.v1.documents.urls")),
    path("", include("api.v1.questions.urls")),
    path("", include("api.v1.events.urls")),
    path("", include("api.v1.contests.urls")),
    path("", include("api.v1.plans.urls")),
    path("", include("api.v1.materials.urls")),
    path("", include("api.v1.channels.urls")),
    path("", include("api.v1.dissemination.urls")),
    path("", include("api.v1.search.urls")),
    path("", include("api.v1.sync.urls")),
    path("openapi.yaml", OpenAPIView.as_view(api_version="v1"), name="openapi"),
    path("openapi.vi.yaml", OpenAPIView.as_view(api_version="v1", language="vi"), name="openapi-vi"),
    path("openapi.json", OpenAPIJSONView.as_view(api_version="v1"), name="openapi-json"),
]
