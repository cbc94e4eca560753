"""Well-known URLs: API catalogue, security contact, app links and robots."""

import datetime
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from api.caching import PUBLIC_CACHE_CONTROL
from api.types import JSONObject
from content.copies import own_home
from content.copying import records
from content.copying.objects import OBJECTS
from content.exports import queries as exports
from content.seals import services as seals

SECURITY_TXT_LIFETIME = datetime.timedelta(days=180)  # RFC 9116 2.5.5: less than a year
OPENAPI_MEDIA_TYPE = "application/vnd.oai.openapi"
APP_PATHS = (
    "/van-ban/*",
    "/hoi-dap/*",
    "/su-kien/*",
    "/cuoc-thi/*",
    "/tai-lieu/*",
    "/danh-sach-phat/*",
    "/kenh/*",
    "/de-an/*",
    "/ke-hoach/*",
    "/api/v1/documents/*",
    "/api/v1/questions/*",
    "/api/v1/contests/*",
    "/api/v1/materials/*",
    "/api/v1/plans/*",
    "/api/v1/programmes/*",
    "/api/v1/playlists/*",
    "/api/v1/channels/*",
)  # URLs that a push opens, and that an app may handle


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
def jwks(request: HttpRequest) -> HttpResponse:
    """The keys that verify our receipts, as a JWK set (RFC 7517)."""
    return with_public_cache_control(JsonResponse(seals.public_keys(), content_type="application/jwk-set+json"))


@require_safe
def luatmo(request: HttpRequest) -> HttpResponse:
    """Who this installation is, for others that want to follow it."""
    home = settings.PUBLIC_URL
    return with_public_cache_control(
        JsonResponse(
            {
                "name": settings.INSTALLATION_NAME,
                "organisation": settings.INSTALLATION_ORGANISATION,
                "url": home,
                "home": own_home(),
                "record_schemas": [records.SCHEMA],
                "objects": list(OBJECTS),
                "api_url": f"{home}/api/v1",
                "changes_url": f"{home}/api/v1/changes",
                "exports_url": f"{home}/api/v1/exports",
                "keys_url": f"{home}/.well-known/jwks.json",
                "catalogue_url": f"{home}/catalogue.jsonld",
                "docs_url": f"{home}/docs/sync",
            }
        )
    )


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The bulk exports as a catalogue of open data (DCAT 3): each file is a distribution of the dataset of its day."""
    home = settings.PUBLIC_URL
    body = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
            "spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@id": f"{home}/catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": {"@value": settings.INSTALLATION_NAME, "@language": "vi"},
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": settings.INSTALLATION_ORGANISATION},
        "dcat:dataset": [_dataset(home, manifest) for manifest in exports.manifests()],
    }  # fmt: skip
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/ld+json")
    return with_public_cache_control(response)


def _dataset(home: str, manifest: JSONObject) -> JSONObject:
    url = f"{home}/api/v1/exports/{manifest['key']}"
    return {
        "@id": url,
        "@type": "dcat:Dataset",
        "dct:identifier": manifest["key"],
        "dct:title": {"@value": f"Dữ liệu công khai đến ngày {manifest['as_of']}", "@language": "vi"},
        "dct:issued": {"@value": manifest["created_at"], "@type": "xsd:dateTime"},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:endDate": {"@value": manifest["as_of"], "@type": "xsd:date"},
        },
        "dcat:distribution": [_distribution(url, file) for file in manifest["files"]],
    }


def _distribution(url: str, file: JSONObject) -> JSONObject:
    return {
        "@id": f"{url}/{file['name']}",
        "@type": "dcat:Distribution",
        "dct:title": {"@value": file["name"], "@language": "en"},
        "dct:description": {"@value": file["description"], "@language": "en"},
        "dct:license": file["licence"]["metadata"],
        "dct:rights": {"@value": file["licence"]["texts"], "@language": "en"},
        "dcat:downloadURL": {"@id": f"{url}/{file['name']}"},
        "dcat:mediaType": file["media_type"],
        "dcat:byteSize": file["size"],
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": file["sha256"],
        },
    }


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
    """Pages are for search engines, answers of the API are not, but for its contract."""
    lines = [
        "User-agent: *",
        "Allow: /api/v1/openapi",
        "Disallow: /api/",
        "Disallow: /staff/",
        "Disallow: /tim?",
        f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml",
    ]
    return with_public_cache_control(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))
