"""Well-known URLs: API catalogue, security contact, app links, robots and sitemaps."""

import datetime
import json
import math
from collections.abc import Iterable
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from api.caching import PUBLIC_CACHE_CONTROL
from content.documents import queries

SECURITY_TXT_LIFETIME = datetime.timedelta(days=180)  # RFC 9116 2.5.5: less than a year
OPENAPI_MEDIA_TYPE = "application/vnd.oai.openapi"
SITEMAP_SIZE = 50_000  # URLs in one file (sitemaps.org)
SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
APP_PATHS = ("/api/v1/documents/*", "/api/v1/questions/*")  # URLs that a push opens, and that an app may handle


def with_public_cache_control(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = PUBLIC_CACHE_CONTROL
    return response


@require_safe
def api_catalog(request: HttpRequest) -> HttpResponse:
    """API catalogue (RFC 9727): links to the API, its OpenAPI description, its guide and its health."""
    home = settings.PUBLIC_URL
    api = {
        "anchor": f"{home}/api/v1/",
        "service-desc": [
            {"href": f"{home}/api/v1/openapi.yaml", "type": OPENAPI_MEDIA_TYPE, "hreflang": ["en"]},
            {"href": f"{home}/api/v1/openapi.vi.yaml", "type": OPENAPI_MEDIA_TYPE, "hreflang": ["vi"]},
        ],
        "service-doc": [{"href": f"{home}/docs", "type": "text/html"}],
        "status": [{"href": f"{home}/health/ready", "type": "application/json"}],
    }
    here = f"{home}/.well-known/api-catalog"
    response = with_public_cache_control(JsonResponse({"linkset": [api]}, content_type="application/linkset+json"))
    response["Link"] = f'<{here}>; rel="api-catalog"'
    return response


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Security contacts (RFC 9116). Expires 180 days after the response."""
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACTS),
        f"Expires: {(today + SECURITY_TXT_LIFETIME).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: vi, en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    ]
    return with_public_cache_control(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
def assetlinks(request: HttpRequest) -> HttpResponse:
    """Digital Asset Links: the Android app that may open our URLs; an empty list without ANDROID_PACKAGE."""
    statements = [
        {
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": settings.ANDROID_PACKAGE,
                "sha256_cert_fingerprints": settings.ANDROID_FINGERPRINTS,
            },
        }
    ]
    return with_public_cache_control(JsonResponse(statements if settings.ANDROID_PACKAGE else [], safe=False))


@require_safe
def apple_app_site_association(request: HttpRequest) -> HttpResponse:
    """Universal Links: the iOS apps that may open our URLs; no details without APPLE_APP_IDS."""
    parts = [{"/": path} for path in APP_PATHS]
    details = [{"appIDs": settings.APPLE_APP_IDS, "components": parts}] if settings.APPLE_APP_IDS else []
    return with_public_cache_control(
        HttpResponse(json.dumps({"applinks": {"details": details}}), content_type="application/json")
    )


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /staff/", f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml"]
    return with_public_cache_control(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List of sitemaps; each has at most SITEMAP_SIZE pages."""
    parts = math.ceil(queries.public_documents().count() / SITEMAP_SIZE) or 1
    rows = [(f"{settings.PUBLIC_URL}/sitemap-documents-{part}.xml", None) for part in range(1, parts + 1)]
    return _sitemap_response("sitemapindex", "sitemap", rows)


@require_safe
def document_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of document pages, oldest import first, so that new documents do not move a page to another part."""
    first = (int(part) - 1) * SITEMAP_SIZE
    rows = list(queries.public_keys_with_updated_at()[first : first + SITEMAP_SIZE])
    if not rows and first:
        raise Http404
    pages = ((f"{settings.PUBLIC_URL}/api/v1/documents/{key}/text?format=html", moment) for key, moment in rows)
    return _sitemap_response("urlset", "url", pages)


def _sitemap_response(root: str, element: str, rows: Iterable[tuple[str, datetime.datetime | None]]) -> HttpResponse:
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement(root, AttributesImpl({"xmlns": SITEMAP_NAMESPACE}))
    newest = None
    for address, moment in rows:
        xml.startElement(element, AttributesImpl({}))
        xml.addQuickElement("loc", address)
        if moment:
            xml.addQuickElement("lastmod", timezone.localtime(moment).isoformat(timespec="seconds"))
            newest = max(newest, moment) if newest else moment
        xml.endElement(element)
    xml.endElement(root)
    xml.endDocument()
    if newest:
        response["Last-Modified"] = http_date(newest.timestamp())
    return with_public_cache_control(response)
