from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from api import discovery, health
from api.guide import views as guide
from api.pages import sitemaps
from api.pages.llms import llms_txt
from api.permanent_addresses.views import PermanentAddressView
from api.v1.root import RootView
from config.content_policy.page_policies import API_DOCS_POLICY, PAGE_POLICY
from config.staff import middleware

handler400 = middleware.bad_request
handler404 = middleware.not_found
handler500 = middleware.server_error

with_page_policy: Any = csp(PAGE_POLICY)
read_only: Any = csrf_exempt  # pages that change nothing: a POST is 405, not a missing token

SITEMAPS = {
    "articles": sitemaps.article_sitemap,
    "questions": sitemaps.question_sitemap,
    "events": sitemaps.event_sitemap,
    "contests": sitemaps.contest_sitemap,
    "materials": sitemaps.material_sitemap,
    "playlists": sitemaps.playlist_sitemap,
    "channels": sitemaps.channel_sitemap,
    "programmes": sitemaps.programme_sitemap,
    "plans": sitemaps.plan_sitemap,
}
admin.autodiscover()  # config/staff/apps.py says why not earlier
urlpatterns: list[Any] = [
    path(
        "",
        read_only(
            RedirectView.as_view(url="/phone" if settings.VIRTUAL_PHONES else "/tim", http_method_names=["get", "head"])
        ),
    ),
    path("api/v1", RootView.as_view(), name="root"),
    path("api/v1/", include("api.v1.urls", namespace="v1")),
    path("", include("api.pages.urls")),
    path("staff", read_only(RedirectView.as_view(url="/staff/", http_method_names=["get", "head"]))),
    path("staff/", admin.site.urls),
    path("docs", read_only(with_page_policy(guide.guide_page)), name="docs"),
    path("docs/reference", csp(API_DOCS_POLICY)(guide.SwaggerView.as_view()), name="docs-reference"),
    path("docs/redoc", csp(API_DOCS_POLICY)(guide.RedocView.as_view()), name="docs-redoc"),
    path("docs/redoc-<slug:version>.js", read_only(guide.redoc_script), name="docs-redoc-script"),
    path("docs/operations", read_only(with_page_policy(guide.guide_operations)), name="docs-operations"),
    path("docs/search", read_only(with_page_policy(guide.guide_search)), name="docs-search"),
    path("docs/starters/<path:name>", read_only(guide.starter_file), name="docs-starter"),
    path("docs/<slug:slug>", read_only(with_page_policy(guide.guide_page)), name="docs-page"),
    path("problems", read_only(with_page_policy(guide.problem_index)), name="problem-index"),
    path("problems/<slug:code>", read_only(with_page_policy(guide.problem_page)), name="problem"),
    path(".well-known/api-catalog", read_only(discovery.api_catalog), name="api-catalog"),
    path(".well-known/security.txt", read_only(discovery.security_txt), name="security-txt"),
    path(".well-known/jwks.json", read_only(discovery.jwks), name="jwks"),
    path(".well-known/luatmo.json", read_only(discovery.luatmo), name="luatmo"),
    path("catalogue.jsonld", read_only(discovery.catalogue), name="catalogue"),
    path(".well-known/assetlinks.json", read_only(discovery.assetlinks), name="assetlinks"),
    path(".well-known/apple-app-site-association", read_only(discovery.apple_app_site_association), name="apple-apps"),
    path("robots.txt", read_only(discovery.robots_txt), name="robots"),
    path("llms.txt", read_only(llms_txt), name="llms"),
    path("sitemap.xml", read_only(sitemaps.sitemap_index), name="sitemap"),
    re_path(
        r"^sitemap-documents-(?P<part>[1-9][0-9]{0,5})\.xml\Z",
        read_only(sitemaps.document_sitemap),
        name="sitemap-part",
    ),
    *(
        re_path(rf"^sitemap-{kind}-(?P<part>[1-9][0-9]{{0,5}})\.xml\Z", read_only(view), name=f"sitemap-{kind}")
        for kind, view in SITEMAPS.items()
    ),
    re_path(r"^(?:akn|eli)/vn[a-z0-9/_!~@:-]{1,400}\Z", PermanentAddressView.as_view(), name="permanent-address"),
    path("health/live", read_only(health.live), name="live"),
    path("health/ready", read_only(health.ready), name="ready"),
]

if settings.VIRTUAL_PHONES:
    urlpatterns.append(path("", include("config.local.urls")))
