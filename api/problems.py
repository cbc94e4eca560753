"""Errors as RFC 9457 problems: `code` for programs, never translated, and `detail` for people."""

import datetime
import errno
import json
import math
import sys
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler, exception_handler
from drf_standardized_errors.types import ErrorResponse, ExceptionHandlerContext
from rest_framework.exceptions import APIException, AuthenticationFailed, ValidationError

from api.negotiation import PROBLEM_CONTENT_TYPE
from api.problem_codes import PROBLEM_CODES
from api.types import GetResponse, JSONObject
from content.errors import QueryTooSlow, QuotaExceeded, RuleBroken
from content.people import request_context
from content.people.models import Reader

FIELD_SEPARATOR = "\x1f"  # separates the names in a field's path (settings); a dot may be part of a name


def problem_body(
    status: int, code: str, *, detail: str | Promise | None = None, errors: Sequence[JSONObject] = ()
) -> JSONObject:
    """The JSON of a problem. `errors`: dicts with pointer, code and detail.

    The title is the HTTP phrase. The type is the URL of the page about the code, "about:blank" for an unknown code.
    """
    problem: JSONObject = {
        "type": f"{settings.PUBLIC_URL}/problems/{code}" if code in PROBLEM_CODES else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "request_id": request_context.current_context().request_id,
    }
    if detail:
        problem["detail"] = str(detail)
    return problem | {"errors": list(errors)}


STATUS_BY_RULE_CODE = {"idempotency_key_reused": 422}  # draft-ietf-httpapi-idempotency-key-header 2.7; all others 409


class RuleConflict(APIException):
    """A broken rule of the content: 409, or the status in STATUS_BY_RULE_CODE."""

    def __init__(self, broken: RuleBroken) -> None:
        super().__init__(broken.message, broken.code)
        self.status_code = STATUS_BY_RULE_CODE.get(broken.code, 409)


class LimitReached(APIException):
    """A reader has reached a limit: 429 with Retry-After."""

    status_code = 429

    def __init__(self, broken: QuotaExceeded) -> None:
        super().__init__(broken.message, broken.code)
        self.wait = max(1, math.ceil((broken.until - timezone.now()).total_seconds()))  # seconds, as Retry-After


class SearchTooSlow(APIException):
    """A search exceeded its time limit: 503 with Retry-After."""

    status_code = 503
    wait = 5  # seconds, as Retry-After

    def __init__(self, broken: QueryTooSlow) -> None:
        super().__init__(broken.message, broken.code)


class CursorAhead(ValidationError):
    """`after` is ahead of what the server has: 400 with this code, and `errors` names the parameter."""

    problem_code = "cursor_ahead"

    def __init__(self, action: str) -> None:
        """`action`: what to do with this list."""
        self.words = f"{_('The cursor is ahead of the server.')} {action}"
        super().__init__({"after": [self.words]}, code=self.problem_code)


class ProblemHandler(ExceptionHandler):
    """Maps exceptions of the layers below to HTTP errors."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, QueryTooSlow):
            return SearchTooSlow(exc)
        if isinstance(exc, QuotaExceeded):
            return LimitReached(exc)
        if isinstance(exc, RuleBroken):
            return RuleConflict(exc)
        if isinstance(exc, RequestDataTooBig):
            return RequestTooLarge()
        if (failure := service_failure(exc)) is not None:
            return failure
        if isinstance(exc, Reader.DoesNotExist):
            return ReaderErased()
        return super().convert_known_exceptions(exc)


class RequestTooLarge(APIException):
    status_code = 413
    default_code = "request_too_large"
    default_detail: Any = PROBLEM_CODES[default_code].text


class ReaderErased(AuthenticationFailed):
    """The reader was erased while the request was running: 401, for the secret no longer belongs to a device."""

    default_code = "unknown_secret"
    default_detail: Any = PROBLEM_CODES[default_code].text
    auth_header = 'Bearer realm="luatmo"'


class QuestionGone(APIException):
    """The question is no longer public: 410. `merged_into`: key of the question it was merged into, or None."""

    status_code = 410

    def __init__(self, moment: datetime.datetime, merged_into: str | None) -> None:
        words = {"day": timezone.localtime(moment).strftime("%d/%m/%Y"), "key": merged_into}
        if merged_into:
            super().__init__(_("Merged on %(day)s into %(key)s. Read the answer there.") % words, "merged")
        else:
            super().__init__(_("Withdrawn on %(day)s.") % words, "withdrawn")


class ServiceFailure(APIException):
    """Nobody's mistake: 503 with Retry-After. The transaction was rolled back."""

    status_code = 503
    wait = 5  # seconds, as Retry-After

    def __init__(self) -> None:
        text: Any = PROBLEM_CODES[self.default_code].text
        super().__init__(text)


class DatabaseUnavailable(ServiceFailure):
    default_code = "database_unavailable"


class DatabaseBusy(ServiceFailure):
    default_code = "database_busy"


class FilesUnavailable(ServiceFailure):
    default_code = "files_unavailable"


class StorageFull(ServiceFailure):
    default_code = "storage_full"
    wait = 60  # somebody must make room


FAILURES_BY_SQLSTATE: dict[str, type[ServiceFailure]] = {  # its beginning: what happened
    "08": DatabaseUnavailable,  # no connection
    "57P": DatabaseUnavailable,  # the server stops, starts or ends our connection
    "25006": DatabaseUnavailable,  # a server that takes no writes: the balancer does not know yet who leads
    "53300": DatabaseUnavailable,  # all connections are in use
    "53100": StorageFull,
    "53": DatabaseBusy,  # out of memory, too many locks
    "55P03": DatabaseBusy,  # lock_timeout
    "57014": DatabaseBusy,  # statement_timeout
    "40P01": DatabaseBusy,  # deadlock: this transaction was the one that gave way
    "40001": DatabaseBusy,  # serialization failure
}
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def service_failure(error: BaseException | None) -> ServiceFailure | None:
    """The 503 for a database or a disk that cannot do its work now; None for every other error.

    PostgreSQL's SQLSTATE says which. It is missing when no server answered or the pool had no free connection in time.
    """
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        return StorageFull()
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None:
        return DatabaseUnavailable() if isinstance(error, OperationalError | InterfaceError) else None
    known = [prefix for prefix in FAILURES_BY_SQLSTATE if state.startswith(prefix)]
    return FAILURES_BY_SQLSTATE[max(known, key=len)]() if known else None


def failure_response(failure: ServiceFailure) -> HttpResponse:
    """The problem of a failure for code outside DRF."""
    response = code_response(failure.status_code, failure.default_code)
    response["Retry-After"] = str(failure.wait)
    return response


class ProblemFormatter(ExceptionFormatter):
    """Writes the handler's flat list of errors as a problem."""

    def format_error_response(self, error_response: ErrorResponse) -> JSONObject:
        errors = error_response.errors
        status = self.exc.status_code
        if str(error_response.type) == "validation_error":
            listed = [{"pointer": json_pointer(e.attr), "code": e.code, "detail": str(e.detail)} for e in errors]
            if isinstance(self.exc, CursorAhead):
                return problem_body(status, self.exc.problem_code, detail=self.exc.words, errors=listed)
            return problem_body(
                status, "invalid", detail=_("A part of the request is not valid. See `errors`."), errors=listed
            )
        return problem_body(status, errors[0].code, detail=errors[0].detail)


def json_pointer(attribute: str | None) -> str:
    """The path of a field (names and indexes joined by FIELD_SEPARATOR) as a JSON Pointer; "" for the whole body.

    Source: RFC 6901.
    """
    if attribute is None or attribute == "non_field_errors":
        return ""
    names = attribute.replace("~", "~0").replace("/", "~1")
    return "/" + names.replace(FIELD_SEPARATOR, "/")


def handle_exception(exc: Exception, context: ExceptionHandlerContext) -> HttpResponse | None:
    """Answer with a JSON problem, whatever the view renders: the API guide is HTML, the description YAML.

    None for an exception that is not handled here.
    """
    response = exception_handler(exc, context)
    if response is None:
        return None
    problem = _written(response.data, response.status_code)
    for name in response.headers.keys() - {"Content-Type"}:
        problem[name] = response[name]
    return problem


class ProblemResponse(HttpResponse):
    """A problem as JSON. `problem` is what it says, for code that shows it otherwise (api.pages.error_pages)."""

    problem: JSONObject


def _written(problem: JSONObject, status: int) -> ProblemResponse:
    """The response in UTF-8. Half a surrogate pair, which UTF-8 cannot encode, is written as its JSON escape."""
    text = json.dumps(problem, cls=DjangoJSONEncoder, ensure_ascii=False)
    content = text.encode("utf-8", "backslashreplace")
    response = ProblemResponse(content, status=status, content_type=PROBLEM_CONTENT_TYPE)
    response.problem = problem
    return response


def problem_response(status: int, code: str, detail: str | Promise | None = None) -> HttpResponse:
    """A problem for code outside DRF: middleware and plain Django views."""
    return _written(problem_body(status, code, detail=detail), status)


def code_response(status: int, code: str) -> HttpResponse:
    """A problem whose detail is the text of its code in the table."""
    return problem_response(status, code, PROBLEM_CODES[code].text)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return code_response(400, "bad_request")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_response(404, "not_found", _("Nothing exists at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    if (failure := service_failure(sys.exc_info()[1])) is not None:
        return failure_response(failure)
    return problem_response(500, "server_error", _("The server failed. Try again later."))


def method_not_allowed_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware: turns Django's own 405, an empty page outside the API, into a problem."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or isinstance(response, ProblemResponse):
            return response
        problem = code_response(405, "method_not_allowed")
        for name in response.headers.keys() - {"Content-Type", "Content-Length"}:
            problem[name] = response[name]
        return problem

    return respond
