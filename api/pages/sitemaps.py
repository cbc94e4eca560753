"""Sitemaps of the pages of documents and of articles (sitemaps.org)."""

import datetime
import math
from collections.abc import Iterable
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from api.discovery import with_public_cache_control
from content.documents import provision_queries, queries
from content.law.page_paths import document_path, provision_path
from content.vietnam_time import today

SITEMAP_SIZE = 50_000  # URLs in one file (sitemaps.org)
SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List of sitemaps; each has at most SITEMAP_SIZE pages."""
    documents = math.ceil(queries.public_documents().count() / SITEMAP_SIZE) or 1
    provisions = provision_queries.last_provision_id() // SITEMAP_SIZE + 1
    names = [f"documents-{part}" for part in range(1, documents + 1)]
    names += [f"articles-{part}" for part in range(1, provisions + 1)]
    return _sitemap_response(
        "sitemapindex", "sitemap", [(f"{settings.PUBLIC_URL}/sitemap-{name}.xml", None) for name in names]
    )


@require_safe
def document_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of document pages, oldest import first, so that new documents do not move a page to another part."""
    first = (int(part) - 1) * SITEMAP_SIZE
    rows = list(queries.public_keys_with_updated_at()[first : first + SITEMAP_SIZE])
    if not rows and first:
        raise Http404
    pages = ((settings.PUBLIC_URL + document_path(key), moment) for key, moment in rows)
    return _sitemap_response("urlset", "url", pages)


@require_safe
def article_sitemap(request: HttpRequest, part: str) -> HttpResponse:
    """One sitemap of the pages of articles in normative documents, by ranges of ids; most ids are not of articles."""
    first = (int(part) - 1) * SITEMAP_SIZE
    if first > provision_queries.last_provision_id():
        raise Http404
    rows = provision_queries.normative_articles(today(), ids=range(first, first + SITEMAP_SIZE))
    pages = ((settings.PUBLIC_URL + provision_path(key, eid), moment) for key, eid, moment in rows)
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
