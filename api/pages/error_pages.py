"""Problems as pages: what a person sees who follows a wrong address, and in the end what a program sees as JSON."""

from collections.abc import Sequence
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from api.negotiation import PROBLEM_MEDIA_TYPE
from api.pages.kept_language import render_page
from api.problems import ProblemResponse
from api.types import GetResponse, JSONObject
from content.law.page_paths import PAGES

PAGE_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "media-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],  # the search box
    "frame-ancestors": ["'none'"],
}
page_policy: Any = csp(PAGE_POLICY)

LANGUAGES = dict(settings.LANGUAGES)
HTML = "text/html"
# What an error may be: HTML goes first, so it is what «*/*» means where people read. The others ask for a problem.
ERROR_TYPES = [HTML, PROBLEM_MEDIA_TYPE, "application/json", "application/ld+json", "application/akn+xml"]
PAGE_PATHS = (*PAGES, "/s/", "/tim", "/akn/", "/eli/")
PROGRAM_PATHS = ("/api/", "/staff", "/static/", "/health/", "/.well-known/")  # problems, or pages of their own


def error_page_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware: shows a problem as a page to who prefers HTML. Status and headers are those of the problem.

    Outside the API only. Where no pages are, `Accept` must name HTML, as every browser does.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, ProblemResponse) or request.path.startswith(PROGRAM_PATHS):
            return response
        if prefers_page(request):
            if request.GET.get("lang") in LANGUAGES:  # an address that no view has read
                translation.activate(request.GET["lang"])
            page = error_page(request, response.status_code, **_told(request, response.problem))
            for name in response.headers.keys() - {"Content-Type", "Content-Length"}:
                page[name] = response[name]
            response = page
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        return response

    return respond


def prefers_page(request: HttpRequest) -> bool:
    """Whether an error is shown as a page."""
    is_named = HTML in request.headers.get("Accept", "").lower()
    return request.get_preferred_type(ERROR_TYPES) == HTML and (is_named or request.path.startswith(PAGE_PATHS))


def _told(request: HttpRequest, problem: JSONObject) -> dict[str, Any]:
    """What the problem says, in words for people: a wrong parameter by its reason, without «see `errors`»."""
    details = [each["detail"] for each in problem.get("errors", ())]
    is_known = problem["code"] == "not_found"  # the heading says it
    today = [(_("As of today"), request.path)] if problem["status"] == 400 and "as_of" in request.GET else []
    return {
        "words": " ".join(details) or ("" if is_known else problem.get("detail", "")),
        "request_id": problem.get("request_id", ""),
        "elsewhere": today,
    }


@page_policy
def error_page(
    request: HttpRequest,
    status: int,
    *,
    words: str = "",
    elsewhere: Sequence[tuple[str, str]] = (),
    request_id: str = "",
) -> HttpResponse:
    """A page that says what is wrong and what to do. `elsewhere`: (words, path) of pages where to read on.

    It makes no query: the database may be what fails.
    """
    context = {
        "status": status,
        "words": words,
        "elsewhere": elsewhere,
        "request_id": request_id,
        "is_failure": status >= 500,
        "other_language": "en" if get_language() == "vi" else "vi",
    }
    return render_page(request, "api/pages/error.html", context, status=status)
