"""One publication is one trace, from the editor's click to FCM's answer, and no span holds data of a person."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode

from config.metrics.gateway import CountingGateway
from config.tracing import statements
from config.tracing.jobs import trace_job
from config.tracing.opentelemetry_tracer import OpenTelemetryTracer
from config.tracing.requests import route_name
from config.tracing.wanted import are_traces_wanted
from content import tracing
from content.changes.models import Change
from content.changes.services import READ_CHANGES
from content.editing import services as editing
from content.people.models import Role
from notifications import fanout, sender
from notifications.deliveries.models import Delivery
from notifications.follows.reconciliation import reconcile_subscriptions
from notifications.push.gateway import SendFailed
from tests.builders import a_document, a_draft, a_follower, a_member_of_staff, land, registration_of
from tests.collector import running_collector

ROOT = Path(__file__).resolve().parents[2]
COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
SDK_SECONDS = 25  # less than the 30 that the SDK would wait at the end of a process
TRACE = "config.tracing.requests.trace_middleware"


class Job:
    task_name, queue = READ_CHANGES, "default"


class JobContext:
    job = Job


def start_tracing(settings, **options):
    exporter, provider = InMemorySpanExporter(), TracerProvider(**options)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    settings.MIDDLEWARE = [TRACE, *settings.MIDDLEWARE]
    tracing.use(OpenTelemetryTracer(provider))
    statements.trace_statements()
    connection.close()  # those that are opened from now on are traced
    return exporter


@pytest.fixture
def spans(settings):
    """What was traced, as an exporter of the SDK keeps it in memory."""
    yield start_tracing(settings)
    stop_tracing()


def stop_tracing():
    tracing.use(None)
    statements.leave_statements()
    if statements._traced in connection.execute_wrappers:
        connection.execute_wrappers.remove(statements._traced)
    connection.close()


def a_phone_follows(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    a_follower("minh", land())
    reconcile_subscriptions(gateway)


def publish_by_click(number):
    """Hoa presses «Công bố» for a law that waits for her."""
    law = editing.submit_for_review(a_draft(number, topics=[land()]))
    hoa = Client()
    hoa.force_login(a_member_of_staff(f"hoa-{law.pk}", Role.APPROVER))
    path = f"/staff/content/legaldocument/{law.pk}/transition/publish/"
    seen = hoa.get(path).context["form"]["seen"].value()
    assert hoa.post(path, {"seen": seen, "notify": "on"}).status_code == 302


def read_log_as_job():
    """What the worker does about READ_CHANGES."""
    return trace_job(fanout.read_changes, JobContext, None)


def chain_of(span, found):
    """Names from a span up to the first of its trace."""
    by_id = {each.context.span_id: each for each in found}
    names = []
    while span is not None:
        names.append(span.name)
        span = by_id.get(span.parent.span_id) if span.parent else None
    return names


def trace_of(span):
    return span.context.trace_id


def sends(found):
    return [span for span in found if span.name == "FCM send"]


@pytest.mark.usefixtures("committed")
def test_a_publication_is_one_trace_from_the_click_to_the_answer_of_fcm(spans, fcm, gateway):
    a_phone_follows(fcm, gateway)

    publish_by_click("1/2019/QH14")
    read_log_as_job()
    assert sender.send_due(CountingGateway(gateway)) == 1

    found = spans.get_finished_spans()
    (sent,) = sends(found)
    assert chain_of(sent, found)[:2] == ["FCM send", "send push"]
    assert chain_of(sent, found)[-1].startswith("POST /staff/content/legaldocument/")
    assert sent.attributes["luatmo.fcm.answer"] == "accepted"
    mine = [span for span in found if trace_of(span) == trace_of(sent)]
    assert {"INSERT content_change", "change log, push", "INSERT notifications_delivery"} <= {one.name for one in mine}
    (first,) = (span for span in mine if span.parent is None)
    assert (first.kind, first.attributes["http.response.status_code"]) == (SpanKind.SERVER, 302)
    (read,) = (span for span in mine if span.name == "change log, push")
    (job,) = (span for span in found if span.name == f"job {READ_CHANGES}")
    assert [link.context.span_id for link in read.links] == [job.context.span_id]


@pytest.mark.usefixtures("committed")
def test_two_publications_that_one_job_reads_are_two_traces(spans, fcm, gateway):
    a_phone_follows(fcm, gateway)
    for number in ("1/2019/QH14", "2/2019/QH14"):
        publish_by_click(number)

    read_log_as_job()
    assert sender.send_due(CountingGateway(gateway)) == 2

    found = spans.get_finished_spans()
    clicks = [span for span in found if span.parent is None and span.attributes.get("http.request.method") == "POST"]
    assert sorted(map(trace_of, sends(found))) == sorted(map(trace_of, clicks))
    assert len({trace_of(span) for span in clicks}) == 2


@pytest.mark.usefixtures("committed")
def test_an_answer_that_refuses_is_in_the_trace_by_its_kind(spans, fcm, gateway):
    a_phone_follows(fcm, gateway)
    publish_by_click("1/2019/QH14")
    fanout.read_changes()
    fcm.call("POST", "faults", [{"op": "send", "kind": "QUOTA_EXCEEDED", "times": 9}])

    sender.send_due(CountingGateway(gateway))

    (sent,) = sends(spans.get_finished_spans())
    assert (sent.attributes["luatmo.fcm.answer"], sent.attributes["error.type"]) == ("quota", "QuotaExceeded")
    assert (sent.status.status_code, sent.status.description, sent.events) == (StatusCode.ERROR, None, ())


@pytest.mark.usefixtures("committed")
def test_what_was_published_without_a_trace_is_sent_without_one(spans, fcm, gateway):
    a_phone_follows(fcm, gateway)
    a_document(topics=[land()], notify=True)
    assert set(Change.objects.values_list("traceparent", flat=True)) == {None}

    fanout.read_changes()
    assert sender.send_due(CountingGateway(gateway)) == 1

    assert Delivery.objects.get().status == "accepted"
    assert spans.get_finished_spans() == ()


@pytest.mark.usefixtures("committed")
def test_a_request_that_is_not_sampled_leaves_no_trace_in_the_log(settings):
    spans = start_tracing(settings, sampler=ALWAYS_OFF)
    try:
        publish_by_click("1/2019/QH14")
        fanout.read_changes()
    finally:
        stop_tracing()
    assert set(Change.objects.values_list("traceparent", flat=True)) == {None}
    assert spans.get_finished_spans() == ()


@pytest.mark.usefixtures("committed")
def test_no_span_holds_what_belongs_to_a_reader(spans, api, fcm, gateway):
    """Headers, addresses, keys, query strings, bodies and the words of an error, each with a word of its own."""
    device = a_follower("zname", land(), registration_id="zregistration-0123456789")
    with tracing.span("a job"), contextlib.suppress(SendFailed):
        CountingGateway(gateway).subscribe(device.registration_id, "test.lv.1.moi.vi")
    question = {"title": "Zquestion phải làm gì?", "text": "Zbody " * 9, "consent_to_publish": True}
    headers = {"HTTP_IDEMPOTENCY_KEY": "zkey-0123456789", "HTTP_X_FORWARDED_FOR": "203.0.113.77"}
    asked = api("post", "questions", question, device=device, **headers)
    assert asked.status_code == 201
    api(
        "get",
        "devices/zkey-of-a-phone?token=zquery",
        device=device,
        HTTP_USER_AGENT="zagent",
        REMOTE_ADDR="203.0.113.77",
    )
    api("get", "search?q=zwords")
    api("get", "zpath/of/nothing", HTTP_TRACEPARENT="00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
    with pytest.raises(ValueError, match="zerror"), tracing.span("a step"):
        raise ValueError("zerror 0912345678")

    found = spans.get_finished_spans()
    said = " ".join(span.to_json() for span in found).lower()
    words = (
        "zname",
        "zregistration",
        "zquestion",
        "zbody",
        "zquery",
        "zagent",
        "zwords",
        "zpath",
        "zerror",
        "203.0.113",
    )
    assert [word for word in (*words, "zkey", "0123456789abcdef", device.secret.lower()) if word in said] == []
    names = {span.name for span in found}
    assert {"POST /api/v1/questions", "FCM subscribe", "INSERT content_question", "GET"} <= names
    assert next(span for span in found if span.name == "a step").attributes["error.type"] == "ValueError"


def test_health_checks_are_not_traced(spans, db):
    assert Client().get("/health/live").status_code == 200
    assert spans.get_finished_spans() == ()


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"api/v1/^questions/(?P<key>hoi-[a-z0-9]{10})/rating\Z", "/api/v1/questions/<key>/rating"),
        (r"api/v1/^feeds/questions\.(?P<feed_format>atom|json|rss)\Z", "/api/v1/feeds/questions.<feed_format>"),
        ("staff/content/plan/<int:pk>/publish/", "/staff/content/plan/<int:pk>/publish/"),
        ("", "/"),
    ],
)
def test_a_route_is_named_as_people_read_it(pattern, said):
    assert route_name(pattern) == said


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ('SELECT "content_change"."id" FROM "content_change" WHERE x = %s', "SELECT content_change"),
        ("\n  update content_change SET a = 'FROM nguyen_van_a'", "UPDATE content_change"),
        ('INSERT INTO "notifications_delivery" ("key") VALUES (%s)', "INSERT notifications_delivery"),
        ("SELECT 'from người dân' FROM nguyen_van_a", "SELECT"),
        ("", "statement"),
    ],
)
def test_a_statement_is_named_by_its_first_word_and_its_table(sql, said):
    assert statements.summary(sql) == said


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        (COLLECTOR, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://collector.example/v1/traces"}, True),
        (COLLECTOR | {"OTEL_SDK_DISABLED": "TRUE"}, False),
        (COLLECTOR | {"OTEL_TRACES_EXPORTER": "none"}, False),
        (COLLECTOR | {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
    ],
)
def test_traces_are_wanted_where_a_collector_is_named(environ, wanted):
    assert are_traces_wanted(environ) is wanted


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317"}, "http://"),
        (COLLECTOR | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "4318"),
    ],
)
def test_a_collector_that_cannot_be_reached_so_is_refused_in_words(environ, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        are_traces_wanted(environ)


def test_traces_are_refused_in_words_without_their_packages():
    with pytest.raises(ImproperlyConfigured, match=r"requirements-tracing\.txt"):
        are_traces_wanted(COLLECTOR, find=lambda name: None)


def test_a_process_without_a_collector_loads_nothing_of_opentelemetry(tmp_path):
    """And with one it does: so the first half can fail."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    code = "import sys, config.wsgi; print(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"

    def loads_it(**environment):
        environment |= kept | {"LUATMO_HOME": str(tmp_path), "DATABASE_URL": "postgres://luatmo@127.0.0.1/luatmo"}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert (loads_it(), loads_it(**COLLECTOR)) == ("False", "True")


A_SPAN_AT_THE_END = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from config.tracing.start import start
from content import tracing
start()
for number in range(int(sys.argv[1])):
    with tracing.span("a span") as span:
        span.rename(f"span {number}")
"""


def ended_with_spans(count, collector, home, **environment):
    """A process that makes spans and ends at once as the worker does. Raises TimeoutExpired where it does not end."""
    traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector, "OTEL_BSP_SCHEDULE_DELAY": "600000"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    kept |= {"LUATMO_HOME": str(home), "DATABASE_URL": "postgres://luatmo@127.0.0.1/luatmo"}
    command = [sys.executable, "-c", A_SPAN_AT_THE_END, str(count)]
    environment = kept | traces | environment
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SDK_SECONDS)


def test_a_process_ends_although_its_collector_takes_connections_and_never_answers(tmp_path):
    """The SDK would wait for 30 s, and for a call of it as long as the operator allows."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        done = ended_with_spans(1, address, tmp_path, OTEL_EXPORTER_OTLP_TIMEOUT="600")
        silent.settimeout(0)
        asked = silent.accept()[0].recv(16)
    assert (done.returncode, asked[:5]) == (0, b"POST "), done.stderr


def test_what_a_process_did_last_reaches_a_collector_that_lives(tmp_path):
    with running_collector() as collector:
        done = ended_with_spans(600, collector.address, tmp_path)  # in two calls
        sent = {span.name for _service, span in collector.spans}
    assert (done.returncode, sent) == (0, {f"span {number}" for number in range(600)}), done.stderr
