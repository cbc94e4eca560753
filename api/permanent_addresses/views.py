"""Permanent addresses at the root: «/akn/vn/act/luat/2024/31-2024-qh15/!main~art_15» leads to what is asked for.

303 See Other, by `Accept`: a page for people, the API, Akoma Ntoso or JSON-LD. The address names a work or a text of a
day, not a representation, so each answer has an address of its own (W3C, Cool URIs for the Semantic Web).
"""

import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request

from api.caching import PUBLIC_CACHE_CONTROL
from api.pages.kept_language import KEPT, asks_for_english, render_page
from api.pages.views import Page
from api.parameters import EARLIEST_DAY, latest_day, requested_as_of
from api.v1 import resource_urls
from api.v1.documents.absences import DocumentWithdrawn
from api.v1.link_serializers import document_link
from content.documents.models import LegalDocument
from content.law.page_paths import document_path, provision_path
from content.permanent_addresses.paths import ReadAddress, read_address
from content.permanent_addresses.queries import current_paths, documents_meant

PAGE, JSON = "text/html", "application/json"
FORMATS = {  # what `Accept` may name → `format` of the API; None: the API without one
    PAGE: None,
    JSON: None,
    "application/akn+xml": "akn",
    "application/ld+json": "jsonld",
    "application/xml": "akn",
    "text/xml": "akn",
    "text/markdown": "md",
}


class SeeOther(HttpResponseRedirect):
    status_code = 303


class PermanentAddressView(Page):
    """What a permanent address means. 300 where several documents fit; 404 where none does; 410 for one withdrawn.

    Who accepts HTML gets an error as a page, everybody else as a problem. `as_of` overrides a day in the path.
    """

    def get(self, request: Request) -> HttpResponse:
        response = self._answer(request)
        response["Cache-Control"] = PUBLIC_CACHE_CONTROL
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        return response

    def ignores_unknown_parameters(self, request: Request) -> bool:
        return request._request.get_preferred_type(list(FORMATS)) == PAGE

    def _answer(self, request: Request) -> HttpResponse:
        address = read_address(request.path)
        found = documents_meant(address) if address else []
        if address is None or not found:
            raise Http404
        media_type, published = _media_type(request._request), [each for each in found if each.is_published]
        if len(published) > 1:
            return _choices(request._request, published, media_type)
        if not published:
            raise DocumentWithdrawn(timezone.localdate(found[0].withdrawn_at), found[0].withdrawal_reason)
        document = published[0]
        if address.day and not EARLIEST_DAY <= address.day <= latest_day():
            raise Http404  # no text is of that day, and `as_of` refuses it
        if address.eid and not document.provisions.filter(eid=address.eid).exists():
            raise Http404
        day = requested_as_of(request) if "as_of" in request.query_params else _day_of_text(document, address)
        language = KEPT if asks_for_english(request._request) else ""
        return SeeOther(target_url(document, address.eid, day, media_type, language))


def _media_type(request: HttpRequest) -> str:
    media_type = request.get_preferred_type(list(FORMATS))
    if media_type is None:
        raise NotAcceptable(_("This is available as %s.") % ", ".join(FORMATS))
    return media_type


def target_url(
    document: LegalDocument, eid: str, day: datetime.date | None, media_type: str, language: str = ""
) -> str:
    """Where the answer is: the page, or the document, its text or a provision in the API."""
    if media_type == PAGE:
        target = settings.PUBLIC_URL + (provision_path(document.key, eid) if eid else document_path(document.key))
    elif eid:
        target = resource_urls.provision_url(document, eid)
    elif FORMATS[media_type]:
        target = resource_urls.document_text_url(document)
    else:
        target = resource_urls.document_url(document)
    given = {"format": FORMATS[media_type], "as_of": day, "lang": language}
    parameters = "&".join(f"{name}={value}" for name, value in given.items() if value)
    return f"{target}?{parameters}" if parameters else target


def _day_of_text(document: LegalDocument, address: ReadAddress) -> datetime.date | None:
    """The day whose text is meant: «vie@2025-01-01»; of «vie@», the original, the day of issue."""
    return document.issued_on if address.is_original else address.day


def _choices(request: HttpRequest, documents: list[LegalDocument], media_type: str) -> HttpResponse:
    """300 with the documents that the address may mean: none is chosen."""
    paths = current_paths([each.pk for each in documents])
    if media_type == PAGE:
        rows = [
            {"name": str(each), "url": document_path(each.key), "issued_on": each.issued_on, "issuer": each.issuer}
            for each in documents
        ]
        return render_page(request, "api/pages/choices.html", {"choices": rows, "path": request.path}, status=300)
    candidates = [
        {"document": document_link(each), "akn": paths.get(each.pk), "issued_on": each.issued_on} for each in documents
    ]
    return JsonResponse({"candidates": candidates}, status=300, json_dumps_params={"ensure_ascii": False})
