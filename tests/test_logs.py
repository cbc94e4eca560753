"""What is logged of a request, and above all what is not."""

import io
import json
import logging
import re
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import include, path

from api import problems
from config.logs import JsonLinesFormatter, log_stored_answer
from content.people import request_context
from tests.builders import a_device

pytestmark = pytest.mark.django_db
SECRETS = ["Ztok3n-in-a-query", "dvc_Zsecret-in-a-header", "Zregistration-in-a-body-0123456789", "Zpass word"]


def broken(request):
    raise LookupError(f"{SECRETS} {request.META}")


def broken_by_the_database(request):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE tokens (token text PRIMARY KEY)")
        for _ in range(2):
            cursor.execute("INSERT INTO tokens VALUES (%s)", [SECRETS[2]])


def of_a_form_that_is_too_large(request):
    raise RequestDataTooBig("Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.")


handler404, handler500 = problems.not_found, problems.server_error
urlpatterns = [
    path("broken", broken),
    path("broken-by-the-database", broken_by_the_database),
    path("too-large", of_a_form_that_is_too_large),
    path("", include("config.urls")),
]


@pytest.fixture
def journal():
    """What the process logs, as it writes it: the handler of the settings with its stream in our hands."""
    (handler,) = [each for each in logging.getLogger().handlers if isinstance(each.formatter, JsonLinesFormatter)]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def lines(journal):
    return [json.loads(line) for line in journal.getvalue().splitlines()]


def client():
    return Client(raise_request_exception=False)


def test_the_secret_in_the_address_of_a_readers_calendar_is_not_logged(journal):
    secret = "Zs-_" * 10 + "abc"
    assert client().get(f"/api/v1/calendars/reader/{secret}.ics").status_code == 404
    (line,) = lines(journal)
    assert line["path"] == "/api/v1/calendars/reader/***.ics"


def test_a_request_is_one_line_with_its_id_method_path_status_and_time(journal):
    answer = client().get("/api/v1/topics?lang=vi", HTTP_X_REQUEST_ID="a-partner-asks-0001")
    (line,) = lines(journal)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert 0 < line.pop("milliseconds") < 60_000
    assert line == {
        "level": "INFO",
        "logger": "luatmo.requests",
        "message": "request",
        "request_id": "a-partner-asks-0001",
        "method": "GET",
        "path": "/api/v1/topics",
        "status": answer.status_code,
    }


def test_an_answer_from_memory_has_the_same_line(journal):
    client().get("/api/v1/topics", HTTP_X_REQUEST_ID="a-partner-asks-0001")
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/topics", "HTTP_X_REQUEST_ID": "a-partner-asks-0001"}
    assert log_stored_answer(environ, 200, time.perf_counter()) == "a-partner-asks-0001"
    assert log_stored_answer({**environ, "HTTP_X_REQUEST_ID": '"}'}, 304, time.perf_counter()) != '"}'
    made, stored, unchanged = lines(journal)
    assert list(made) == list(stored)
    told = {"time", "milliseconds"}
    assert {key: made[key] for key in made if key not in told} == {
        key: stored[key] for key in stored if key not in told
    }
    assert 0 <= stored["milliseconds"] < 60_000
    assert unchanged["status"] == 304


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/api/v1/topics", 200),
        ("/nowhere", 404),
        ("/broken", 500),
        ("/health/live", 200),
        ("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css", 200),
    ],
)
@pytest.mark.urls(__name__)
def test_every_answer_has_the_id_it_was_asked_with(url, status):
    answer = client().get(url, HTTP_X_REQUEST_ID="a-partner-asks-0001")
    assert (answer.status_code, answer["X-Request-ID"]) == (status, "a-partner-asks-0001")
    if status >= 400:
        assert answer.json()["request_id"] == "a-partner-asks-0001"


@pytest.mark.parametrize(
    "hostile",
    ["", "short", "x" * 101, "<script>alert(1)</script>", "two words", "ệ" * 9, "dvc_Zsecret-1", "a\nb: c----"],
)
def test_an_id_that_is_none_is_replaced_by_one_of_ours(hostile):
    first, second = (client().get("/health/live", HTTP_X_REQUEST_ID=hostile)["X-Request-ID"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


@pytest.mark.urls(__name__)
def test_a_form_that_is_too_large_is_one_warning_without_a_stack(journal):
    client().post("/too-large")
    refused, request = lines(journal)
    assert (refused["level"], refused["logger"]) == ("WARNING", "django.security.RequestDataTooBig")
    assert "exceptions" not in refused
    assert (request["level"], request["message"]) == ("INFO", "request")


def test_nothing_of_a_request_stays_when_it_is_over():
    client().get("/api/v1/topics", HTTP_X_REQUEST_ID="a-partner-asks-0001")
    assert request_context.current_context() == request_context.NO_REQUEST


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "url", ["/api/v1/devices/minh", "/api/v1/follows/topic/x", "/nowhere", "/broken", "/health/live"]
)
def test_no_secret_of_header_query_or_body_is_logged(journal, url):
    query, header, body, word = SECRETS
    device = a_device("minh")
    for authorization in (f"Bearer {header}", f"Bearer {device.secret}", f"Basic {query}"):
        for method in ("GET", "PUT", "POST"):
            client().generic(
                method,
                f"{url}?token={query}&q={word}",
                json.dumps({"registration_id": body, "id_kind": "token", "platform": "android", "question": word}),
                content_type="application/json",
                HTTP_AUTHORIZATION=authorization,
                HTTP_X_REQUEST_ID=header,
                HTTP_COOKIE=f"session={query}",
                HTTP_USER_AGENT=word,
                HTTP_REFERER=f"https://elsewhere.example/?{query}",
            )
    written = journal.getvalue()
    assert len([line for line in lines(journal) if line["message"] == "request"]) == 9
    for secret in [*SECRETS, device.secret, "Authorization", "elsewhere"]:
        assert secret not in written


@pytest.mark.urls(__name__)
def test_a_fault_is_logged_with_its_place_and_without_the_words_that_quote_the_caller(journal):
    assert client().get("/broken").status_code == 500
    fault = next(line for line in lines(journal) if line["level"] == "ERROR")
    (error,) = fault["exceptions"]
    assert error.keys() == {"type", "frames"}
    assert error["type"] == "builtins.LookupError"
    assert error["frames"][-1].endswith("broken")
    assert fault["request_id"]


@pytest.mark.urls(__name__)
def test_the_database_quotes_rows_and_we_do_not_quote_it(journal):
    client().get("/broken-by-the-database")
    fault = next(line for line in lines(journal) if line["level"] == "ERROR")
    assert [error["sqlstate"] for error in fault["exceptions"]] == ["23505", "23505"]
    assert SECRETS[2] not in journal.getvalue()


def test_outside_a_request_an_error_is_logged_with_its_words_unless_the_database_spoke_them(journal):
    log = logging.getLogger("notifications.sender")
    try:
        raise OSError("the network is down")
    except OSError:
        log.exception("not sent")
    try:
        broken_by_the_database(None)
    except IntegrityError:
        log.exception("not written")
    down, full = lines(journal)
    assert (down["exceptions"][0]["words"], down["request_id"]) == ("the network is down", None)
    assert "words" not in full["exceptions"][0]
    assert SECRETS[2] not in journal.getvalue()


@pytest.mark.parametrize(
    ("message", "arguments", "logged"),
    [
        ("Invalid request from ip=::1: Invalid HTTP request line: 'GET /?token=Ztok3n'", [], "Invalid request"),
        ("Error handling request %s %s", ["GET", "/a?token=Ztok3n"], "Error handling request GET /a"),
        ("Listening at: %s (%s)", ["http://127.0.0.1:8000", 7], "Listening at: http://127.0.0.1:8000 (7)"),
    ],
)
def test_gunicorn_does_not_quote_requests(journal, message, arguments, logged):
    logging.getLogger("gunicorn.error").warning(message, *arguments)
    assert [line["message"] for line in lines(journal)] == [logged]


REGISTRATION, KEY = "Zregistration:APA91b%3A-0123456789", "Zkey-of-an-installation"


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
@pytest.mark.parametrize(
    ("logger", "message", "values"),
    [
        (
            "urllib3.connectionpool",
            "Retrying (%r) after connection broken by '%r': %s",
            (0, OSError(REGISTRATION), f"/v1/projects/p/registrations/{REGISTRATION}/topicSubscriptions?topic_name=t"),
        ),
        ("urllib3.util.retry", "Incremented Retry for (url='%s'): %r", (f"/registrations/{REGISTRATION}", 0)),
        ("django.db.backends", "(%.3f) %s; args=%s; alias=%s", (0.1, "SELECT 1", (REGISTRATION, KEY), "default")),
        ("django.request", "%s: %s", ("Not Found", f"/api/v1/devices/{KEY}")),
        ("procrastinate.worker", f"Starting job reconcile_follows[3](key='{KEY}', registration={REGISTRATION})", ()),
        ("httpcore.connection", f"connect_tcp.started host='{KEY}' timeout=\"{REGISTRATION}\"", ()),
        ("of_a_library", "%(registration)r %(count)d", ({"registration": [REGISTRATION], "count": 2},)),
        ("of_a_library", "%d", (REGISTRATION,)),
        ("notifications.push", "no answer about %s", (f"/devices/{KEY}?x and /registrations/{REGISTRATION}",)),
    ],
)
def test_no_library_logs_an_id_of_an_installation_whatever_the_level_and_the_handler(
    journal, level, logger, message, values
):
    its_own = io.StringIO()
    handler = logging.StreamHandler(its_own)
    source = logging.getLogger(logger)
    before = source.level
    source.setLevel(logging.DEBUG)
    source.addHandler(handler)
    try:
        raise OSError(f"Max retries exceeded with url: /registrations/{REGISTRATION}/topicSubscriptions")
    except OSError:
        source.log(level, message, *values, exc_info=True)
    finally:
        source.removeHandler(handler)
        source.setLevel(before)
    assert its_own.getvalue()
    for said in (its_own.getvalue(), journal.getvalue()):
        assert REGISTRATION not in said
        assert KEY not in said


def test_what_a_library_says_without_data_stays_readable(journal):
    log = logging.getLogger("urllib3.connectionpool")
    log.warning("Retrying (%r) after connection broken by '%r': %s", 3, OSError("x"), "/registrations/abc/t?q=1")
    logging.getLogger("procrastinate").error("Job fill_seats[3](event='x') ended with status: Error")
    assert [line["message"] for line in lines(journal)] == [
        "Retrying (3) after connection broken by ''<OSError>'': /registrations/***/t",
        "Job fill_seats[3](***) ended with status: Error",
    ]


@pytest.mark.parametrize("key", [KEY, f"{KEY} with spaces", f"{KEY}/ệ", f"{KEY}%0A"])
def test_the_key_of_an_installation_is_not_in_the_line_of_its_request(journal, key):
    client().get(f"/api/v1/devices/{key}")
    (line,) = lines(journal)
    assert line["path"] == "/api/v1/devices/***"


@pytest.mark.parametrize("secret", ["dvc_Zsecret-1", "noi_Zsecret-1"])
def test_a_line_is_one_line_whatever_was_logged(journal, secret):
    logging.getLogger("content").warning("two\nlines «ở đây» \u2028 %s", secret)
    (line,) = lines(journal)
    assert line["message"] == "two\nlines «ở đây» \u2028 ***"
    assert journal.getvalue().isascii()


DYING = """
import logging.config, threading
from config import logs
logging.config.dictConfig(logs.LOGGING)
logs.log_uncaught_exceptions()
def fall():
    raise OSError("the thread fell")
thread = threading.Thread(target=fall, name="outbox"); thread.start(); thread.join()
class Fragile:
    def __del__(self):
        raise OSError("the destructor fell")
Fragile()
raise OSError("the process fell")
"""


def test_what_ends_a_process_or_a_thread_is_a_line_too():
    done = subprocess.run([sys.executable, "-c", DYING], cwd=settings.BASE_DIR, capture_output=True, text=True)
    said = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["message"], line["exceptions"][0]["words"]) for line in said] == [
        ("A thread ends: outbox", "the thread fell"),
        ("An exception was ignored", "the destructor fell"),
        ("The process ends", "the process fell"),
    ]
    assert done.returncode == 1
