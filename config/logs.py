"""Logs as JSON lines, each with the id of its request.

Uses the standard library's logging. django-structlog accepts any X-Request-ID and logs URLs with their query strings,
so all of its features would have to be overridden. The log contains no data of callers: no header, body or query
string, no registration id or installation key, and no exception message that may quote them.

Records are cleaned when they are made, not when a handler writes them: so no handler, of ours or of a library, at any
level, gets a message with values. `LOG_LEVEL` chooses how much is logged.
"""

import datetime
import functools
import json
import logging
import random
import re
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from ipaddress import ip_address
from types import TracebackType
from typing import Any

from django.http import HttpRequest, HttpResponse

from api.caching import REVALIDATES
from api.types import GetResponse, JSONObject
from config import log_queue
from config.env import choice
from content.people import request_context

REQUEST_ID_HEADER = "X-Request-ID"
REQUEST_ID_PATTERN = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9.-]{7,99}"
)  # no underscore, so that a secret (dvc_…) is never taken for a request id
SECRET_PATTERN = re.compile(
    r"(?:dvc|noi)_[\w-]+|(?i:bearer|basic) [\w.~+/=-]+|(?<=/calendars/reader/)[\w-]+"
    r"|(?i:(?<=/devices/)[^\s?\"'\\]+|(?<=/registrations/)[^\s/?\"'\\]+)"
)  # our secrets and the ids of installations, wherever they appear: removed from every line
KEY_IN_PATH_PATTERN = re.compile(r"(?<=/devices/).+", re.IGNORECASE | re.DOTALL)  # also one that is no valid key
QUERY_STRING_PATTERN = re.compile(r"\?[^\s\"']*")
REQUEST_FIELDS = ("method", "path", "status", "milliseconds")
MAX_PATH_LENGTH = 300
REFUSED_REQUESTS = "django.security."  # a form that is too large, an unknown host: the caller's mistakes
READS_REQUESTS = "luatmo.server"  # what fails there may quote a request
OWN_LOGGERS = {"luatmo", "api", "config", "content", "notifications"}  # their messages are known to hold no data
QUOTED_PATTERN = re.compile(r"'[^']*'|\"[^\"]*\"|(?<=\]\().*(?=\))", re.DOTALL)  # 'text', "text", arguments of a job
LOG_LEVEL = choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], default="INFO")
QUIETER = {"DEBUG": "DEBUG", "ERROR": "ERROR"}.get(LOG_LEVEL, "WARNING")  # for libraries that say much at INFO

log = logging.getLogger("luatmo.requests")


def request_log_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware: gives each request an id, sets X-Request-ID on the response and logs one line. Second outermost."""

    def respond(request: HttpRequest) -> HttpResponse:
        request_id = _request_id(request.META)
        started_at = time.perf_counter()
        with request_context.bound_context(request_id, _address(request)):
            response = get_response(request)
            response[REQUEST_ID_HEADER] = request_id
            status = 200 if REVALIDATES in request.META and response.status_code == 304 else response.status_code
            facts: JSONObject = {"method": str(request.method), "path": _logged_path(request.path)}
            facts |= {"status": status, "milliseconds": _milliseconds_since(started_at)}
            # a view may mark its response as routine, requested every second: logged at DEBUG only
            log.log(logging.DEBUG if getattr(response, "is_routine", False) else logging.INFO, "request", extra=facts)
        return response

    return respond


def log_stored_answer(environ: Mapping[str, Any], status: int, started_at: float) -> str:
    """Write the line of an answer from memory (api/reads). Returns the id of its request.

    The line is queued without a record of logging, which was a third of the cost of such an answer, and composed when
    it is written.
    `environ["PATH_INFO"]` is an address of public law, ASCII without quotes or a key (api/reads/keys.py).
    """
    request_id = _request_id(environ)
    if not log.isEnabledFor(logging.INFO):
        return request_id
    facts = (request_id, environ["REQUEST_METHOD"], environ["PATH_INFO"], status, time.time(), started_at)
    line = functools.partial(_stored_answer_line, *facts, time.perf_counter())
    if not log_queue.add_line(line):
        record = log.makeRecord(log.name, logging.INFO, __file__, 0, "request", (), None)
        record.composed_line = line()
        log.handle(record)
    return request_id


def _stored_answer_line(
    request_id: str, method: str, path: str, status: int, at: float, started_at: float, ended_at: float
) -> str:
    return (
        f'{{"time": "{_written_time(at)}", "level": "INFO", "logger": "{log.name}", "message": "request", '
        f'"request_id": "{request_id}", "method": "{method}", "path": "{path[:MAX_PATH_LENGTH]}", "status": {status}, '
        f'"milliseconds": {_milliseconds(ended_at - started_at)}}}'
    )


def _request_id(meta: Mapping[str, Any]) -> str:
    asked = meta.get("HTTP_X_REQUEST_ID", "")
    if asked and REQUEST_ID_PATTERN.fullmatch(asked):
        return str(asked)
    return f"{random.getrandbits(128):032x}"  # no secret; to ask the kernel for one takes ten times as long


def _logged_path(path: str) -> str:
    return KEY_IN_PATH_PATTERN.sub("***", path)[:MAX_PATH_LENGTH]


def _milliseconds_since(started_at: float) -> float:
    return _milliseconds(time.perf_counter() - started_at)


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _address(request: HttpRequest) -> str | None:
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:  # a Unix socket has none
        return None


class CleanRecord(logging.LogRecord):
    """A record whose message and traceback hold no data of callers, whichever library logs it.

    Libraries log what they handle: URLs with a registration id, SQL with its parameters, jobs with their arguments. Of
    their messages the words stay, and the values that cannot be data.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if self.name.startswith(REFUSED_REQUESTS):  # Django logs them as errors of the program, with their stack
            self.levelno, self.levelname, self.exc_info = logging.WARNING, "WARNING", None
        if self.exc_info and self.exc_info[1]:  # a formatter that finds it does not write the exception's own words
            facts = [
                json.dumps(_exception_facts(error, from_logger=self.name))
                for error in _exception_chain(self.exc_info[1])
            ]
            self.exc_text = SECRET_PATTERN.sub("***", "\n".join(facts))

    def getMessage(self) -> str:
        """The message without data of callers."""
        is_ours = self.name.partition(".")[0] in OWN_LOGGERS
        return SECRET_PATTERN.sub("***", super().getMessage() if is_ours else self._words_of_library())

    def _words_of_library(self) -> str:
        is_warning = self.levelno >= logging.WARNING
        if self.name == "gunicorn.error":
            return QUERY_STRING_PATTERN.sub("", self._words_of_gunicorn())
        if self.name == "waitress" and self.exc_info:  # it names the path
            return "The web server could not finish a response"
        if self.name.partition(".")[0] == "_granian":  # below its first line it writes the exception out
            return QUOTED_PATTERN.sub("***", super().getMessage().partition("\n")[0])
        if not self.args:  # perhaps composed of values already
            return QUOTED_PATTERN.sub("***", str(self.msg)) if is_warning else f"({self.filename}:{self.lineno})"
        if isinstance(self.args, Mapping):
            values: Any = {name: _harmless(value, keep_text=is_warning) for name, value in self.args.items()}
        else:
            values = tuple(_harmless(value, keep_text=is_warning) for value in self.args)
        try:
            return QUERY_STRING_PATTERN.sub("", str(self.msg) % values)
        except (TypeError, ValueError, LookupError):  # a number was asked for
            return str(self.msg)

    def _words_of_gunicorn(self) -> str:
        """gunicorn quotes malformed requests and URLs with their query strings."""
        message = super().getMessage()
        if message.startswith("Invalid request from"):
            return "Invalid request"
        if self.exc_info and message == str(self.exc_info[1]):
            return "Exception in a web process"
        return message


def _harmless(value: object, *, keep_text: bool) -> object:
    """A value that a library logs: numbers stay, exceptions become their type, text stays if `keep_text`."""
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return value if keep_text else "***"
    return f"<{type(value).__qualname__}>"


logging.setLogRecordFactory(CleanRecord)


def _written_time(seconds: float) -> str:
    second, milliseconds = divmod(round(seconds * 1_000_000) // 1_000, 1_000)
    return f"{_written_second(second)}.{milliseconds:03d}+00:00"


@functools.lru_cache(maxsize=4)  # hundreds of lines are of one second
def _written_second(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")


class JsonLinesFormatter(logging.Formatter):
    """Formats a record as one line of JSON without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == log.name and (composed := getattr(record, "composed_line", None)):
            return str(composed)
        line: JSONObject = {
            "time": _written_time(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_context.current_context().request_id or None,
        }
        line |= {name: getattr(record, name) for name in REQUEST_FIELDS if record.name == log.name}
        if record.exc_info and record.exc_info[1]:
            chain = _exception_chain(record.exc_info[1])
            line["exceptions"] = [_exception_facts(error, from_logger=record.name) for error in chain]
        return SECRET_PATTERN.sub("***", json.dumps(line, default=str))  # ASCII, so no character can break the line


def _exception_chain(error: BaseException | None) -> list[BaseException]:
    """The exception and its causes, first cause last."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return seen


def _exception_facts(error: BaseException, *, from_logger: str) -> JSONObject:
    """Type and stack of an exception; its message only outside requests and not from the database or the web server.

    PostgreSQL's messages contain values of rows, so its five-character SQLSTATE is logged instead.
    """
    frames = [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
    described: JSONObject = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "frames": frames}
    states = [state for each in _exception_chain(error) if (state := getattr(each, "sqlstate", None))]
    if states:
        described["sqlstate"] = states[0]
    elif from_logger != READS_REQUESTS and not request_context.current_context().request_id:
        described["words"] = str(error)
    return described


def log_uncaught_exceptions() -> None:
    """Log exceptions that end the process or one of its threads, and those in destructors, which Python only prints."""
    uncaught = logging.getLogger("luatmo.uncaught")

    def end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        uncaught.critical("The process ends", exc_info=(kind, error, trace))

    def end_of_thread(arguments: threading.ExceptHookArgs) -> None:
        thread = arguments.thread and arguments.thread.name
        uncaught.critical("A thread ends: %s", thread, exc_info=arguments.exc_value)

    def ignored(arguments: "sys.UnraisableHookArgs") -> None:
        uncaught.error("An exception was ignored", exc_info=arguments.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = end, end_of_thread, ignored


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonLinesFormatter}},
    "handlers": {"console": {"class": "config.log_queue.QueueingHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": QUIETER},
        "django.request": {"level": "DEBUG" if LOG_LEVEL == "DEBUG" else "ERROR"},  # errors of callers have their line
        "google": {"level": QUIETER},  # else google.auth keeps its records from us
        "gunicorn.error": {"handlers": [], "level": QUIETER, "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},  # it logs query strings
        "_granian": {"handlers": [], "level": QUIETER, "propagate": True},
        "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "waitress": {"level": "WARNING"},  # below that it logs paths of requests that a client left
        "waitress.queue": {"level": "ERROR"},  # a line for each request that waits for a thread
        "axes": {"level": "ERROR"},  # it logs user names and addresses; the audit records them
        "procrastinate": {"level": QUIETER},
        "psycopg.pool": {"level": "DEBUG" if LOG_LEVEL == "DEBUG" else "ERROR"},
    },
}
