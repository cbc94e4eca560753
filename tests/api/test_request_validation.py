"""A body is read as it was meant or not at all: its charset, its length, its fields."""

import io

import pytest
from django.test import Client

from notifications.devices.models import Device
from notifications.follows.models import Follow
from tests.api.test_problems import is_problem
from tests.builders import a_device, a_document

pytestmark = pytest.mark.django_db
FOLLOW = "/api/v1/follows/topic/11-dat-dai"


@pytest.mark.parametrize(
    "charset", ["rot13", "utf-16", "latin-1", "idna", "punycode", "hex", "no-such", '"utf-16"', "é", "a\0"]
)
@pytest.mark.parametrize("method", ["get", "put", "delete"])
@pytest.mark.parametrize(
    "path", ["/api/v1/documents?q=a", "/api/v1/devices/x?lang=en", "/health/live?x=y", "/docs?lang=vi"]
)
def test_a_charset_other_than_utf_8_is_415_before_the_query_is_read(path, method, charset):
    is_problem(Client().generic(method, path, "{}", content_type=f"application/json; charset={charset}"), 415)


@pytest.mark.parametrize(
    "parameter", ["charset*=no-such''x", "charset*=utf-8''rot13", "charset*=idna''%ff", "a*=no-such''x"]
)
def test_a_parameter_that_cannot_be_read_is_415_too(parameter):
    is_problem(Client().get("/api/v1/documents?q=a", CONTENT_TYPE=f"application/json; {parameter}"), 415)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_utf_8_may_be_said(charset):
    answer = Client().get("/api/v1/documents?q=Đất", CONTENT_TYPE=f"application/json; charset={charset}")
    assert answer.status_code == 200


def put_in_chunks(path, body, **headers):
    """What gunicorn hands on when a body comes in chunks: no CONTENT_LENGTH, an input that ends by itself."""
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "PUT", "CONTENT_TYPE": "application/json"}
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    return Client().request(**environ, **chunked, **headers)


def test_a_body_without_its_length_is_411_and_not_an_empty_one():
    minh = a_device()
    proof = {"HTTP_AUTHORIZATION": f"Bearer {minh.secret}"}
    answer = put_in_chunks(FOLLOW, b'{"kinds": ["new"]}', **proof)
    assert is_problem(answer, 411)["code"] == "length_required"
    assert Follow.objects.count() == 0


@pytest.mark.parametrize(
    "body", [{"kind": ["new"]}, {"kinds": ["new"], "frequncy": "off"}, {"key": "11-dat-dai"}, {"": 1}]
)
def test_a_field_that_is_not_taken_is_400_and_named_with_those_that_are(api, body):
    (unknown,) = body.keys() - {"kinds"}
    problem = is_problem(api("put", "follows/topic/11-dat-dai", body, device=a_device()), 400)
    (error,) = problem["errors"]
    assert (error["pointer"], error["code"]) == (f"/{unknown}", "unknown_field")
    assert "frequency, kinds" in error["detail"]
    assert Follow.objects.count() == 0


@pytest.mark.parametrize("body", [{"kinds": None}, {"frequency": None}])
def test_null_is_refused_where_the_contract_does_not_have_it(api, body):
    problem = is_problem(api("put", "follows/topic/11-dat-dai", body, device=a_device()), 400)
    assert [error["code"] for error in problem["errors"]] == ["null"]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2025-03-01T00:00:00.000Z", "2025-03-01"),  # DateTime.utc(2025, 3, 1) of Dart
        ("2025-02-28t17:00:00z", "2025-03-01"),  # DateTime(2025, 3, 1) on a phone in Viet Nam
        ("2025-02-28T16:59:59.999Z", "2025-02-28"),
        ("2025-03-01T00:00:00%2B14:00", "2025-02-28"),
    ],
)
def test_an_instant_is_read_as_its_day_in_viet_nam(api, sent, read):
    law = a_document("1/2020/QH14")
    assert api("get", f"documents/{law.key}?as_of={sent}").json()["as_of"] == read
    assert api("get", f"documents?issued_from={sent}").status_code == 200


@pytest.mark.parametrize(
    "sent", ["2025-02-30T00:00:00Z", "2025-03-01T00:00:00", "0001-01-01T00:00:00%2B14:00", "2025-03-01 00:00:00Z"]
)
def test_what_is_neither_a_day_nor_an_instant_is_400(api, sent):
    for path in (f"documents?as_of={sent}", f"documents?issued_from={sent}"):
        assert [error["code"] for error in is_problem(api("get", path), 400)["errors"]] == ["invalid"]


def test_names_of_fields_are_quoted_as_a_json_pointer_writes_them(api):
    problem = is_problem(api("put", "follows/topic/11-dat-dai", {"a/b~c.d": 1}, device=a_device()), 400)
    assert [error["pointer"] for error in problem["errors"]] == ["/a~1b~0c.d"]


def test_devices_take_no_other_field_either_and_a_flood_of_them_is_answered_briefly(api):
    answer = api("put", "devices/phone-1", {f"field-{n}": n for n in range(20_000)})
    is_problem(answer, 400)
    assert len(answer.content) < 10_000
    assert Device.objects.count() == 0


def test_a_place_inside_a_list_is_a_json_pointer_too(api):
    answer = api("put", "follows/topic/11-dat-dai", {"kinds": ["new", "gossip"]}, device=a_device())
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/kinds/1"]


def test_a_query_of_a_thousand_parameters_and_more_is_400(api):
    answer = api("get", "events?" + "&".join(["topic=1"] * 1001))
    assert is_problem(answer, 400)["code"] == "too_many_parameters"


def test_a_query_longer_than_a_request_line_may_be_is_400(api):
    assert is_problem(api("get", "topics?fields=" + "key," * 2047 + "key"), 400)["code"] == "query_too_long"
    assert api("get", "topics?fields=" + "key," * 1000 + "key").status_code == 200


@pytest.mark.parametrize(
    ("path", "pointer", "named"),
    [
        ("documents?type=poem", "/type", ["law", "decree", "consolidated_text"]),
        ("documents?status=x", "/status", ["in_force", "partly_suspended"]),
        ("documents?level=x", "/level", ["central", "local"]),
        ("events?status=x", "/status", ["announced"]),
        ("search?q=a&kind=x", "/kind", ["document", "provision"]),
        ("search?q=a&type=law&type=x", "/type", ["law", "decree"]),
        ("search?q=a&status=x", "/status", ["in_force"]),
        ("organisations?kind=x", "/kind", ["ministry"]),
    ],
)
@pytest.mark.parametrize(("language", "words"), [("vi", "Dùng một trong các giá trị: "), ("en", "Use one of: ")])
def test_a_value_that_is_none_of_a_list_is_told_the_list(path, pointer, named, language, words):
    (error,) = is_problem(Client().get(f"/api/v1/{path}&lang={language}"), 400)["errors"]
    assert (error["pointer"], error["code"]) == (pointer, "invalid_choice")
    assert error["detail"].startswith(words)
    assert set(named) <= set(error["detail"].removeprefix(words).rstrip(".").split(", "))


@pytest.mark.parametrize(
    ("path", "body", "pointer", "detail"),
    [
        (
            FOLLOW,
            {"kinds": ["new", "gossip"]},
            "/kinds/1",
            "Use one of: new, amended, effect, question, event, reminder, contest, material.",
        ),
        (FOLLOW, {"frequency": "yearly"}, "/frequency", "Use one of: instant."),
        ("/api/v1/devices/a-phone", {"platform": "symbian"}, "/platform", "Use one of: android, ios, web."),
        ("/api/v1/devices/a-phone", {"id_kind": "imei"}, "/id_kind", "Use one of: fid, token."),
        ("/api/v1/devices/a-phone", {"language": "fr"}, "/language", "Use one of: vi, en."),
    ],
)
def test_a_field_of_a_body_that_is_none_of_a_list_is_told_the_list(path, body, pointer, detail):
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {a_device('minh').secret}"} if path == FOLLOW else {}
    whole = body if path == FOLLOW else {"registration_id": "a", "id_kind": "token", "platform": "web"} | body
    answer = Client().put(f"{path}?lang=en", whole, content_type="application/json", **bearer)
    (error,) = is_problem(answer, 400)["errors"]
    assert (error["pointer"], error["code"], error["detail"]) == (pointer, "invalid_choice", detail)
