"""Pages of the guide and of the reference, in the language of `lang` or `Accept-Language`."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView
from rest_framework.request import Request

from api import problems
from api.caching import PUBLIC_CACHE_CONTROL
from api.guide import pages, reference
from api.guide.search import search
from api.languages import activate_requested_language

if TYPE_CHECKING:
    from rest_framework.views import APIView as _View  # the class that the mixin extends
else:
    _View = object
LANGUAGES = dict(settings.LANGUAGES)
GuideView = Callable[..., HttpResponse]


def _in_requested_language(view: GuideView) -> GuideView:
    """Answer in the language that `lang` names; 400 for one that is none of ours."""

    @require_safe
    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("lang")
        if asked is not None and asked not in LANGUAGES:
            return problems.problem_response(
                400, "invalid", translation.gettext("Use one of: %s.") % ", ".join(LANGUAGES)
            )
        with translation.override(asked or translation.get_language()):
            response = view(request, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language()
        if response.status_code == 200:
            response["Cache-Control"] = PUBLIC_CACHE_CONTROL
        return response

    return respond


def _context(request: HttpRequest, path: str, slug: str = "") -> dict[str, Any]:
    """What every page shows: the menu, and the same page in the other language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    query = f"?lang={language}" if "lang" in request.GET else ""
    titles = {each: pages.page(each, language, query).title for each in pages.SLUGS}
    menu = [
        (group, [(pages.path_of(each), titles[each], each == slug) for each in slugs]) for group, slugs in pages.GROUPS
    ]
    place = pages.SLUGS.index(slug) if slug else -1
    around = [pages.SLUGS[n] if slug and 0 <= n < len(pages.SLUGS) else None for n in (place - 1, place + 1)]
    return {
        "menu": menu,
        "query": query,
        "path": path,
        "languages": settings.LANGUAGES,
        "neighbours": [(pages.path_of(each), titles[each]) if each else None for each in around],
        "words": request.GET.get("q", ""),
    }


@_in_requested_language
def guide_page(request: HttpRequest, slug: str = pages.SLUGS[0]) -> HttpResponse:
    """One page; 404 for a name that is none."""
    if slug not in pages.SLUGS:
        return problems.not_found(request)
    context = _context(request, pages.path_of(slug), slug)
    page = pages.page(slug, translation.get_language() or settings.LANGUAGE_CODE, context["query"])
    return render(request, "guide/page.html", context | {"page": page})


@_in_requested_language
def guide_operations(request: HttpRequest) -> HttpResponse:
    """The list of all operations with their parameters."""
    rows = reference.operations(translation.get_language() or settings.LANGUAGE_CODE)
    tags = {tag: [each for each in rows if each.tag == tag] for tag in sorted({each.tag for each in rows})}
    return render(request, "guide/operations.html", _context(request, "/docs/operations") | {"tags": tags})


@_in_requested_language
def guide_search(request: HttpRequest) -> HttpResponse:
    """Where the words of `q` are found in the guide and the reference."""
    found = search(request.GET.get("q", ""), translation.get_language() or settings.LANGUAGE_CODE)
    return render(request, "guide/search.html", _context(request, "/docs/search") | {"found": found})


class _ReferenceMixin(_View):
    """Shows the contract in the reader's language."""

    http_method_names = ["get", "head"]  # no description in JSON for OPTIONS

    authentication_classes: Any = []
    url_name: str

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        activate_requested_language(request)
        self.url_name = "v1:openapi-vi" if translation.get_language() == "vi" else "v1:openapi"


class SwaggerView(_ReferenceMixin, SpectacularSwaggerView):
    """Swagger UI: every operation, to try out."""


class RedocView(_ReferenceMixin, SpectacularRedocView):
    """Redoc: every operation, to read."""
