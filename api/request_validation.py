"""Checks of a request before any view reads it: charset, Accept, length of the body, size of the query."""

from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.core.signals import request_started
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _

from api import problems
from api.types import GetResponse

UNSUPPORTED_CHARSET_KEY = "luatmo.content_type_refused"
MAX_QUERY_LENGTH = 8190  # characters; gunicorn's limit of a whole line (config/gunicorn.conf.py)


@receiver(request_started)
def strip_unsupported_charset(environ: Any = None, **_ignored: Any) -> None:
    """Hide a charset other than UTF-8 from Django and mark the request for the middleware.

    Django decodes the query string with the charset of the body while it creates the request, before any middleware
    can answer: `rot13` gave a 500, `utf-16` a different query. This signal is sent just before that.
    """
    content_type = (environ or {}).get("CONTENT_TYPE", "")
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except ValueError:  # a parameter in an unknown encoding (RFC 2231)
        charset = None
    if charset is None or charset.lower() not in ("utf-8", "utf8"):
        environ["CONTENT_TYPE"] = content_type.partition(";")[0]
        environ[UNSUPPORTED_CHARSET_KEY] = True


@receiver(request_started)
def drop_empty_accept(environ: Any = None, **_ignored: Any) -> None:
    """Read an `Accept` without a media type as one that is not there: the client accepts anything.

    A list may be empty (RFC 9110, 5.6.1), and nobody means a 406 by it.
    """
    if not (environ or {}).get("HTTP_ACCEPT", "*/*").strip(" \t,"):
        del environ["HTTP_ACCEPT"]


class RequestValidationMiddleware:
    """Middleware: 415 for a charset other than UTF-8, 411 for a body without a length, 400 for too long a query.

    Limits of the query: MAX_QUERY_LENGTH characters and DATA_UPLOAD_MAX_NUMBER_FIELDS parameters. Django reads a
    chunked body as empty, which would be a different request from the one that was sent.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if UNSUPPORTED_CHARSET_KEY in request.META:
            return problems.problem_response(
                415, "unsupported_media_type", _("The charset must be UTF-8. Send the body in UTF-8.")
            )
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            return problems.code_response(411, "length_required")
        if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY_LENGTH:
            return problems.code_response(400, "query_too_long")
        try:
            request.GET  # noqa: B018
        except TooManyFieldsSent:  # whoever reads the query later would raise it again, as a 500
            return problems.code_response(400, "too_many_parameters")
        return self.get_response(request)
