"""Logs as JSON lines, each with the id of its request.

Uses the standard library's logging. django-structlog accepts any X-Request-ID and logs URLs with their query strings,
so all of its features would have to be overridden. The log contains no data of callers: no header, body or query
string, and no exception message that may quote them.
"""

import datetime
import json
import logging
import re
import sys
import threading
import time
import traceback
import uuid
from ipaddress import ip_address
from types import TracebackType

from django.http import HttpRequest, HttpResponse

from api.types import GetResponse, JSONObject
from content.people import request_context

REQUEST_ID_HEADER = "X-Request-ID"
REQUEST_ID_PATTERN = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9.-]{7,99}"
)  # no underscore, so that a secret (dvc_…) is never taken for a request id
SECRET_PATTERN = re.compile(
    r"dvc_[\w-]+|(?i:bearer|basic) [\w.~+/=-]+|(?<=/calendars/reader/)[\w-]+"
)  # our secrets, wherever they appear: removed from every line
QUERY_STRING_PATTERN = re.compile(r"\?[^\s\"']*")
REQUEST_FIELDS = ("method", "path", "status", "milliseconds")
MAX_PATH_LENGTH = 300

log = logging.getLogger("luatmo.requests")


def request_log_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware: gives each request an id, sets X-Request-ID on the response and logs one line. Second outermost."""

    def respond(request: HttpRequest) -> HttpResponse:
        requested_id = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = requested_id if REQUEST_ID_PATTERN.fullmatch(requested_id) else uuid.uuid4().hex
        started_at = time.perf_counter()
        with request_context.bound_context(request_id, _address(request)):
            response = get_response(request)
            response[REQUEST_ID_HEADER] = request_id
            facts = {
                "method": request.method,
                "path": request.path[:MAX_PATH_LENGTH],
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - started_at) * 1000, 1),
            }
            # a view may mark its response as routine, requested every second: logged at DEBUG only
            log.log(logging.DEBUG if getattr(response, "is_routine", False) else logging.INFO, "request", extra=facts)
        return response

    return respond


def _address(request: HttpRequest) -> str | None:
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:  # a Unix socket has none
        return None


class JsonLinesFormatter(logging.Formatter):
    """Formats a record as one line of JSON without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        line: JSONObject = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request_id": request_context.current_context().request_id or None,
        }
        line |= {name: getattr(record, name) for name in REQUEST_FIELDS if record.name == log.name}
        if record.exc_info and record.exc_info[1]:
            line["exceptions"] = [_exception_facts(error) for error in _exception_chain(record.exc_info[1])]
        return SECRET_PATTERN.sub("***", json.dumps(line, default=str))  # ASCII, so no character can break the line


def _message(record: logging.LogRecord) -> str:
    """The message without request data: gunicorn quotes malformed requests and URLs, waitress paths."""
    message = record.getMessage()
    if record.name == "gunicorn.error":
        if message.startswith("Invalid request from"):
            return "Invalid request"
        if record.exc_info and message == str(record.exc_info[1]):
            return "Exception in a web process"
        message = QUERY_STRING_PATTERN.sub("", message)
    if record.name == "waitress" and record.exc_info:  # it names the path
        return "The web server could not finish a response"
    return message


def _exception_chain(error: BaseException | None) -> list[BaseException]:
    """The exception and its causes, first cause last."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def _exception_facts(error: BaseException) -> JSONObject:
    """Type and stack of an exception; its message only outside requests and not from the database.

    PostgreSQL's messages contain values of rows, so its five-character SQLSTATE is logged instead.
    """
    frames = [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
    described: JSONObject = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "frames": frames}
    states = [state for each in _exception_chain(error) if (state := getattr(each, "sqlstate", None))]
    if states:
        described["sqlstate"] = states[0]
    elif not request_context.current_context().request_id:
        described["words"] = str(error)
    return described


def log_uncaught_exceptions() -> None:
    """Log exceptions that end the process or one of its threads."""
    uncaught = logging.getLogger("luatmo.uncaught")

    def end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        uncaught.critical("The process ends", exc_info=(kind, error, trace))

    def end_of_thread(arguments: threading.ExceptHookArgs) -> None:
        thread = arguments.thread and arguments.thread.name
        uncaught.critical("A thread ends: %s", thread, exc_info=arguments.exc_value)

    sys.excepthook, threading.excepthook = end, end_of_thread


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLinesFormatter}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # errors of callers are in the line of their request
        "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},  # it logs query strings
        "waitress": {"level": "WARNING"},  # below that it logs paths of requests that a client left
        "waitress.queue": {"level": "ERROR"},  # a line for each request that waits for a thread
        "axes": {"level": "ERROR"},  # it logs user names and addresses; the audit records them
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "ERROR"},
    },
}
