"""Pages that people read, without a script: a document, a provision; errors as pages too."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import date as written
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from api.caching import PUBLIC_CACHE_CONTROL, PublicReadMixin, with_last_modified
from api.negotiation import IgnoreAcceptNegotiation
from api.pages.contents import document_context, unit_context, where_to_read
from api.pages.day_addresses import address_on, day_context
from api.pages.error_pages import error_page, page_policy
from api.pages.kept_language import render_page
from api.parameters import KnownParametersOnly, requested_as_of
from api.renderers import HTMLPageRenderer
from api.v1 import resource_urls
from api.v1.documents.absences import ProvisionGone, ProvisionNotYet
from api.v1.documents.published_documents import document_or_404
from content.documents import effect_queries, queries
from content.documents.citations import cite_document
from content.documents.models import LegalDocument
from content.law.page_paths import document_path, eid_of_path, provision_path


@method_decorator(page_policy, name="dispatch")
class Page(PublicReadMixin, KnownParametersOnly, APIView):
    """A public page in the language of `lang` or Accept-Language. `error_pages` shows its problems as pages."""

    schema = None
    renderer_classes = [HTMLPageRenderer]
    content_negotiation_class = IgnoreAcceptNegotiation
    extra_parameters: tuple[str, ...] = ("as_of", "lang")
    http_method_names = ["get", "head", "options"]
    metadata_class = None  # OPTIONS would answer in JSON, which a page cannot render

    def ignores_unknown_parameters(self, request: Request) -> bool:
        """Facebook, Zalo and newsletters add parameters of theirs to every link that somebody shares."""
        return True


class DocumentPage(Page):
    """`/van-ban/{key}`: the whole document; a long one as its contents."""

    def get(self, request: Request, key: str) -> HttpResponse:
        document, day = document_or_404(key), requested_as_of(request)
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.document_url(document))
        if not queries.was_issued_by(document, day):
            return _not_yet_issued(request._request, document, day)
        context = document_context(document, day)
        changed = effect_queries.last_modified(document, day)
        return answer(request._request, "api/pages/document.html", document_path(key), context, changed, day)


class ProvisionPage(Page):
    """`/van-ban/{key}/dieu-15/khoan-2`: one provision, its place, and what is around it."""

    def get(self, request: Request, key: str, path: str) -> HttpResponse:
        document, day = document_or_404(key), requested_as_of(request)
        eid = eid_of_path(path)
        if prefers_json(request._request):
            if eid is None:
                raise Http404
            return see_api(request._request, resource_urls.provision_url(document, eid))
        if not queries.was_issued_by(document, day):
            return _not_yet_issued(request._request, document, day)
        if eid is None:
            return _no_such_unit(request._request, document, day)
        try:
            context = unit_context(document, eid, day)
        except (Http404, NotFound):
            return _no_such_unit(request._request, document, day)
        except (ProvisionGone, ProvisionNotYet) as missing:
            elsewhere = where_to_read(document, eid)
            return error_page(request._request, missing.status_code, words=str(missing.detail), elsewhere=elsewhere)
        changed = effect_queries.last_modified(document, day)
        return answer(request._request, "api/pages/unit.html", provision_path(key, eid), context, changed, day)


def _no_such_unit(request: HttpRequest, document: LegalDocument, day: datetime.date) -> HttpResponse:
    words = _("The document has no such article, clause or point. Look for it in the document.")
    return error_page(request, 404, words=words, elsewhere=[(cite_document(document), address_on(document, "", day))])


def _not_yet_issued(request: HttpRequest, document: LegalDocument, day: datetime.date) -> HttpResponse:
    issued_on = document.issued_on and written(document.issued_on, "d/m/Y")
    words = _("This document was issued on %(issued)s. On %(day)s it was not there yet.")
    said = words % {"issued": issued_on, "day": written(day, "d/m/Y")}
    return error_page(request, 404, words=said, elsewhere=[(cite_document(document), document_path(document.key))])


def prefers_json(request: HttpRequest) -> bool:
    """Whether a program asks: an app that was handed the address of a page by a push or by somebody."""
    return request.get_preferred_type([HTMLPageRenderer.media_type, JSONRenderer.media_type]) == JSONRenderer.media_type


def see_api(request: HttpRequest, address: str) -> HttpResponse:
    """303 to the same object in the API, with the day and the language that were asked for."""
    query = urlencode({name: request.GET[name] for name in ("as_of", "lang") if request.GET.get(name)})
    response = HttpResponseRedirect(f"{address}?{query}" if query else address)
    response.status_code = 303
    response["Cache-Control"] = PUBLIC_CACHE_CONTROL
    patch_vary_headers(response, ["Accept"])
    return response


def answer(
    request: HttpRequest,
    template: str,
    path: str,
    context: dict[str, Any],
    changed: datetime.datetime | None,
    day: datetime.date | None = None,
) -> HttpResponse:
    """The page, with its permanent address, the same page in the other language, and when it last changed.

    `day` is the day as of which it reads; None where the page knows no days.
    """
    shared = {
        "canonical": settings.PUBLIC_URL + path,
        "path": path,
        "card_url": f"{settings.PUBLIC_URL}{settings.STATIC_URL}api/card.png",
        "other_language": "en" if get_language() == "vi" else "vi",
    }
    response = render_page(request, template, context | day_context(day) | shared)
    patch_vary_headers(response, ["Accept"])
    return with_last_modified(response, changed)
