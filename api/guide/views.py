"""Pages of the guide, of the reference and of the error codes, in the language of `lang` or `Accept-Language`."""

import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView
from rest_framework.request import Request
from rest_framework.response import Response

from api import problems
from api.caching import PUBLIC_CACHE_CONTROL
from api.guide import pages, redoc, reference
from api.guide.search import search
from api.languages import activate_requested_language
from api.problem_codes import PROBLEM_CODES, ProblemCode, ProblemScope, codes_of

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


def _query(request: HttpRequest) -> str:
    """What keeps the language that the reader chose, on every link of a page."""
    return f"?lang={translation.get_language()}" if "lang" in request.GET else ""


def _context(request: HttpRequest, path: str, slug: str = "") -> dict[str, Any]:
    """What every page shows: the menu, and the same page in the other language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    query = _query(request)
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


@require_safe
def starter_file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of a starter as text, which no browser runs from our address, or a starter as a ZIP file; 404 else."""
    archive = name.removesuffix(".zip")
    if archive != name and archive in pages.starters():
        response = HttpResponse(pages.starter_archive(archive), content_type="application/zip")
    elif any(name in files for files in pages.starters().values()):
        response = HttpResponse((pages.STARTERS / name).read_bytes(), content_type="text/plain; charset=utf-8")
    else:
        return problems.not_found(request)
    response["Cache-Control"] = PUBLIC_CACHE_CONTROL
    return response


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


@_in_requested_language
def problem_index(request: HttpRequest) -> HttpResponse:
    """The page that lists every error code with its meaning and what to do, in the reader's language."""
    sections = [(scope, [_page_entry(each) for each in codes_of(scope)]) for scope in ProblemScope]
    return render(request, "api/problem_index.html", {"sections": sections, "query": _query(request)})


@_in_requested_language
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """The page a problem's `type` leads to: what the code means and what to do, in the reader's language."""
    if code not in PROBLEM_CODES:
        return problems.not_found(request)
    return render(request, "api/problem.html", {"problem": _page_entry(PROBLEM_CODES[code]), "query": _query(request)})


def _page_entry(problem: ProblemCode) -> dict[str, str]:
    """The code and its two sentences for a page, in which `names` are marked as code."""
    return {"code": problem.code, "meaning": _with_code(problem.meaning), "action": _with_code(problem.action)}


def _with_code(text: Promise) -> str:
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(str(text))))  # noqa: S308 (escaped first)


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
    """Redoc: every operation, to read. Its script is `redoc_script`."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)
        response.data["redoc_standalone"] = reverse("docs-redoc-script", args=[redoc.version()])
        return response


@require_safe
def redoc_script(request: HttpRequest, version: str) -> HttpResponse:
    """The script of `RedocView`, kept for ten years by who has it; 404 for another version than today's."""
    if version != redoc.version():
        return problems.not_found(request)
    response = HttpResponse(redoc.script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=315360000, immutable"
    return response
