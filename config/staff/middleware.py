"""Middleware and error pages of the staff site: Vietnamese, not cached, own files only."""

import sys
from typing import Any

from csp.decorators import csp
from django.contrib.admin.exceptions import DisallowedModelAdminLookup, DisallowedModelAdminToField
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from api import problems
from api.problem_codes import PROBLEM_CODES
from api.types import GetResponse
from config.uploads.body_limits import BODY_BYTES, staff_limit
from content import database_limits

STAFF_PATH = "/staff/"
STAFF_CONTENT_SECURITY_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "media-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}


with_staff_policy: Any = csp(STAFF_CONTENT_SECURITY_POLICY)


def staff_page_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware for all pages below /staff/, error pages included. Always in Vietnamese."""
    with_policy = with_staff_policy(get_response)

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(STAFF_PATH):
            return get_response(request)
        with translation.override("vi"):
            if _is_too_large(request):
                response: HttpResponse = with_staff_policy(_error_page)(request, 413)
            elif "\0" in request.path or "%00" in request.META["QUERY_STRING"]:  # PostgreSQL stores no NUL
                response = with_staff_policy(_error_page)(request, 400)
            else:
                with database_limits.staff_work():
                    response = with_policy(request)
        response["Content-Language"] = "vi"
        response["Cache-Control"] = "no-store, private"
        return response

    return respond


def _is_too_large(request: HttpRequest) -> bool:
    """Whether the body exceeds the limit of the caller: only signed-in staff may upload files. Reads no byte of it."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length[:20]) <= BODY_BYTES:
        return False
    return int(length[:20]) > staff_limit(request.path) or not request.user.is_authenticated


class StaffSessionMiddleware(SessionMiddleware):
    """Sessions below /staff/ only. Elsewhere session cookies are neither read nor set."""

    def process_request(self, request: HttpRequest) -> None:
        request.session = self.SessionStore()
        if request.path.startswith(STAFF_PATH):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Store the session. Raises what the database said if it cannot: Django would say that nobody is signed in."""
        if not request.path.startswith(STAFF_PATH):
            return response
        try:
            return super().process_response(request, response)
        except SessionInterrupted as interrupted:
            failure = interrupted.__context__ and interrupted.__context__.__context__
            if failure and problems.service_failure(failure):
                raise failure from failure.__cause__  # it has the SQLSTATE, which says what to tell
            raise


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page or problem of a request that cannot be read; 413 for a form that is too large."""
    if not request.path.startswith(STAFF_PATH):
        return problems.bad_request(request, exception)
    if isinstance(exception, DisallowedModelAdminLookup | DisallowedModelAdminToField):
        return render(request, "staff/400_filter.html", status=400)
    return _error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error_page(request, 404) if request.path.startswith(STAFF_PATH) else problems.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith(STAFF_PATH):
        return problems.server_error(request)
    if (failure := problems.service_failure(sys.exc_info()[1])) is None:
        return _error_page(request, 500)
    response = _error_page(request, 503, message=PROBLEM_CODES[failure.default_code].meaning)
    response["Retry-After"] = str(failure.wait)
    return response


def _error_page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """An error page. Makes no query, because the database may be unavailable."""
    return render(request, f"staff/{status}.html", context, status=status)
