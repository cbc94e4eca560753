from csp.decorators import csp
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView

from api import discovery, ops, problems
from config import manners
from notifications.push.emulator import page as phone

handler400 = manners.bad_request
handler404 = manners.not_found
handler500 = manners.server_error

# what our own pages may load; the API's answers load nothing (settings)
PAGE = {"default-src": ["'none'"], "style-src": ["'self'"], "frame-ancestors": ["'none'"]}
GUIDE = PAGE | {
    "script-src": ["'self'", "'unsafe-inline'"],  # Swagger UI and Redoc start from a line in the page
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "worker-src": ["blob:"],
}
PHONE = PAGE | {
    "script-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}

OPEN = {"url_name": "v1:openapi", "authentication_classes": []}  # the guide asks nobody who they are

urlpatterns = [
    path(
        "",
        RedirectView.as_view(url="/phone" if settings.VIRTUAL_PHONES else "/docs", http_method_names=["get", "head"]),
    ),
    path("api/v1/", include("api.v1.urls", namespace="v1")),
    path("desk", RedirectView.as_view(url="/desk/", http_method_names=["get", "head"])),
    path("desk/", admin.site.urls),
    path("docs", csp(GUIDE)(SpectacularSwaggerView.as_view(**OPEN)), name="docs"),
    path("docs/redoc", csp(GUIDE)(SpectacularRedocView.as_view(**OPEN)), name="docs-redoc"),
    path("problems/<slug:code>", csp(PAGE)(problems.explain), name="problem"),
    path(".well-known/api-catalog", discovery.api_catalog, name="api-catalog"),
    path(".well-known/security.txt", discovery.security_txt, name="security-txt"),
    path(".well-known/assetlinks.json", discovery.assetlinks, name="assetlinks"),
    path(".well-known/apple-app-site-association", discovery.apple_app_site_association, name="apple-apps"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    re_path(r"^sitemap-documents-(?P<part>[1-9][0-9]{0,5})\.xml\Z", discovery.document_sitemap, name="sitemap-part"),
    path("health/live", ops.live, name="live"),
    path("health/ready", ops.ready, name="ready"),
]

if settings.VIRTUAL_PHONES:
    urlpatterns += [
        path("phone", csp(PHONE)(phone.show), name="phone"),
        re_path(rf"^phone/devices/(?P<registration>{phone.REGISTRATION})\Z", phone.phone, name="phone-device"),
    ]
