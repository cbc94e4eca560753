"""Errors as RFC 9457 problems, for programs (`code`, never translated) and for people (`detail`)."""

import math
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler, exception_handler
from rest_framework.exceptions import APIException, AuthenticationFailed

from content.errors import QueryTooSlow, QuotaExceeded, RuleBroken
from content.people import request_context
from content.people.models import Reader

MEDIA_TYPE = "application/problem+json"
FIELD_SEPARATOR = "\x1f"  # between the names of an error's place (settings): a dot may be part of a name
EXPLANATIONS = {
    "invalid": gettext_lazy(
        "Something in the request is not valid. `errors` names each place and says what is wrong there."
    ),
    "bad_request": gettext_lazy("The request could not be understood, or it came for a host that is not ours."),
    "parse_error": gettext_lazy("The body is not JSON in UTF-8."),
    "not_authenticated": gettext_lazy("This needs a device's secret: Authorization: Bearer dvc_…"),
    "unknown_secret": gettext_lazy("The secret shown belongs to no device. Register the installation under a new key."),
    "permission_denied": gettext_lazy("The caller may not do this."),
    "not_found": gettext_lazy("There is nothing public at this address."),
    "withdrawn": gettext_lazy("What stood at this address was public and was taken back. `detail` says when and why."),
    "gone": gettext_lazy("It stood here once; `detail` says on which days. Ask for one of them with `as_of`."),
    "not_yet": gettext_lazy("It will stand here; `detail` says from which day. Ask for a later day with `as_of`."),
    "method_not_allowed": gettext_lazy("This method is not for this address; the Allow header lists those that are."),
    "not_acceptable": gettext_lazy("The answer is not given in any of the media types asked for."),
    "too_many_follows": gettext_lazy("A reader follows as many things as one may; end a follow first."),
    "too_many_subscriptions": gettext_lazy("What is followed is wider than what Firebase takes for one device."),
    "too_many_parameters": gettext_lazy("The query has more parameters than anybody needs: a thousand at the most."),
    "query_too_long": gettext_lazy("The query is longer than a request line may be: 8190 letters."),
    "too_many_questions": gettext_lazy(
        "A reader asks so many questions an hour; the Retry-After header says when to come back."
    ),
    "too_many_reports": gettext_lazy("A reader reports so much a day; the Retry-After header says when to come back."),
    "idempotency_key_reused": gettext_lazy("This Idempotency-Key was sent with something else before. Make a new one."),
    "too_large": gettext_lazy("The body of the request is larger than 1 MiB."),
    "unsupported_media_type": gettext_lazy("The body must be JSON: Content-Type: application/json."),
    "length_required": gettext_lazy("The body came in chunks. Send it in one piece, with Content-Length."),
    "range_not_satisfiable": gettext_lazy(
        "Nothing of the file lies in the range asked for; Content-Range tells its size."
    ),
    "throttled": gettext_lazy("Too many requests in a minute; the Retry-After header says when to come back."),
    "server_error": gettext_lazy(
        "The server failed. It is not your request's fault; it is logged and will be looked at."
    ),
    "search_too_slow": gettext_lazy(
        "The search took longer than it may, and was ended. Come back in a moment, with fewer words or a filter."
    ),
    "database_unavailable": gettext_lazy("The database does not answer. Come back in a moment."),
}


def problem_body(status, code, *, detail=None, errors=()):
    """`errors`: dicts of pointer, code and detail. The title is the HTTP phrase, the type our page (`explain`)."""
    problem = {
        "type": f"{settings.PUBLIC_URL}/problems/{code}" if code in EXPLANATIONS else "about:blank",
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
    """A broken rule of the library, as HTTP says it: 409 where the table does not know better."""

    def __init__(self, broken):
        super().__init__(broken.message, broken.code)
        self.status_code = STATUS_BY_RULE_CODE.get(broken.code, 409)


class LimitReached(APIException):
    """A limit of one reader, as HTTP says it: 429 with when to come back."""

    status_code = 429

    def __init__(self, broken):
        super().__init__(broken.message, broken.code)
        self.wait = max(1, math.ceil((broken.until - timezone.now()).total_seconds()))  # seconds, as Retry-After


class SearchTooSlow(APIException):
    """The database took longer than it may: 503; with fewer words or a filter it has less to do."""

    status_code = 503
    wait = 5  # seconds, as Retry-After

    def __init__(self, broken):
        super().__init__(broken.message, broken.code)


class DocumentWithdrawn(APIException):
    """What stood here was taken back and does not come again (RFC 9110, 15.5.11): 410, with the reason."""

    status_code = 410

    def __init__(self, day, reason):
        words = _("Withdrawn on %(day)s. Reason: %(reason)s")
        super().__init__(words % {"day": day.strftime("%d/%m/%Y"), "reason": reason}, "withdrawn")


class ProblemHandler(ExceptionHandler):
    def convert_known_exceptions(self, exc):
        if isinstance(exc, QueryTooSlow):
            return SearchTooSlow(exc)
        if isinstance(exc, QuotaExceeded):
            return LimitReached(exc)
        if isinstance(exc, RuleBroken):
            return RuleConflict(exc)
        if isinstance(exc, RequestDataTooBig):
            return RequestTooLarge()
        if is_database_unavailable(exc):
            return DatabaseUnavailable()
        if isinstance(exc, Reader.DoesNotExist):
            return ReaderErased()
        return super().convert_known_exceptions(exc)


class RequestTooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("The body of the request is larger than 1 MiB.")


class ReaderErased(AuthenticationFailed):
    """Whoever asks erased themselves while the request was under way: its secret is nobody's now."""

    default_code = "unknown_secret"
    default_detail = EXPLANATIONS["unknown_secret"]
    auth_header = 'Bearer realm="luatmo"'


class ProvisionGone(APIException):
    """What is asked for does not stand there any more on that day."""

    status_code = 410
    default_code = "gone"


class QuestionGone(APIException):
    """A question that was public and is not any more: 410, with the one that it was merged into."""

    status_code = 410

    def __init__(self, moment, merged_into):
        words = {"day": timezone.localtime(moment).strftime("%d/%m/%Y"), "key": merged_into}
        if merged_into:
            super().__init__(_("Merged on %(day)s into %(key)s, which has the answer.") % words, "merged")
        else:
            super().__init__(_("Taken back on %(day)s.") % words, "withdrawn")


class ProvisionNotYet(APIException):
    """What is asked for does not stand there yet on that day."""

    status_code = 404
    default_code = "not_yet"


class DatabaseUnavailable(APIException):
    status_code = 503
    default_code = "database_unavailable"
    default_detail = EXPLANATIONS["database_unavailable"]
    wait = 5  # seconds, as Retry-After


def is_database_unavailable(error):
    """Whether the database could not be asked, rather than did not like what it was asked (a deadlock, a timeout).

    Both are OperationalError. The SQLSTATE tells: 08… is a connection that failed, 57P0… a server that stops or
    starts; there is none where no server answered or the pool had no connection in time.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


class ProblemFormatter(ExceptionFormatter):
    """The handler's flat list of errors in our own shape."""

    def format_error_response(self, error_response):
        errors = error_response.errors
        status = self.exc.status_code
        if str(error_response.type) == "validation_error":
            listed = [{"pointer": json_pointer(e.attr), "code": e.code, "detail": str(e.detail)} for e in errors]
            return problem_body(status, "invalid", detail=_("Something in the request is not valid."), errors=listed)
        return problem_body(status, errors[0].code, detail=errors[0].detail)


def json_pointer(attribute):
    """Names and indexes with SEPARATOR between them as a JSON Pointer (RFC 6901); "" for the whole body."""
    if attribute is None or attribute == "non_field_errors":
        return ""
    names = attribute.replace("~", "~0").replace("/", "~1")
    return "/" + names.replace(FIELD_SEPARATOR, "/")


def handle_exception(exc, context):
    """A problem is JSON whatever the view renders: the guide's are HTML, the contract's YAML.

    JsonResponse writes ASCII, so it can also quote half a surrogate pair, which is no UTF-8.
    """
    response = exception_handler(exc, context)
    if response is None:
        return None
    problem = JsonResponse(response.data, status=response.status_code, content_type=MEDIA_TYPE)
    for name in response.headers.keys() - {"Content-Type"}:
        problem[name] = response[name]
    return problem


def problem_response(status, code, detail=None):
    """A problem outside DRF."""
    return JsonResponse(problem_body(status, code, detail=detail), status=status, content_type=MEDIA_TYPE)


def bad_request(request, exception=None):
    return problem_response(400, "bad_request")


def not_found(request, exception=None):
    return problem_response(404, "not_found", _("There is nothing at this address."))


def server_error(request):
    return problem_response(500, "server_error", _("The server failed."))


def method_not_allowed_middleware(get_response):
    """Middleware: Django's own 405, of views outside the API, is an empty page; it becomes a problem."""

    def respond(request):
        response = get_response(request)
        if response.status_code == 405 and response["Content-Type"] != MEDIA_TYPE:
            response.content = problem_response(405, "method_not_allowed", EXPLANATIONS["method_not_allowed"]).content
            response["Content-Type"] = MEDIA_TYPE
        return response

    return respond


@require_safe
def problem_page(request, code):
    """The page a problem's `type` leads to: what the code means and what to do, in the reader's language."""
    if code not in EXPLANATIONS:
        return not_found(request)
    return render(request, "api/problem.html", {"code": code, "explanation": EXPLANATIONS[code]})
