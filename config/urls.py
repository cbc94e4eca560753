from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView

from api import ops, problems

handler400 = problems.bad_request
handler404 = problems.not_found
handler500 = problems.server_error

urlpatterns = [
    path("", RedirectView.as_view(url="/docs", permanent=False)),
    path("api/v1/", include("api.v1.urls", namespace="v1")),
    path("docs", SpectacularSwaggerView.as_view(url_name="v1:openapi"), name="docs"),
    path("docs/redoc", SpectacularRedocView.as_view(url_name="v1:openapi"), name="docs-redoc"),
    path("health/live", ops.live, name="live"),
    path("health/ready", ops.ready, name="ready"),
]
