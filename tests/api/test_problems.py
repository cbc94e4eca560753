"""Every error is a problem (RFC 9457), wherever it comes from."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import translation
from rest_framework import serializers

pytestmark = pytest.mark.django_db


def is_problem(answer, status):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json; charset=utf-8")
    problem = answer.json()
    assert problem.keys() >= {"type", "title", "status", "code", "request_id", "errors"}
    assert problem["request_id"] == answer["X-Request-ID"]
    assert (problem["status"], problem["type"]) == (status, f"{settings.PUBLIC_URL}/problems/{problem['code']}")
    return problem


def test_every_field_that_is_wrong_is_named():
    problem = is_problem(Client().put("/api/v1/devices/x", "{}", content_type="application/json"), 400)
    assert [error["pointer"] for error in problem["errors"]] == ["/registration_id", "/id_kind", "/platform"]
    assert all(error["code"] == "required" and error["detail"] for error in problem["errors"])


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Cần một đối tượng JSON: viết trong dấu { }."), ("en", "Expected a JSON object: write it in { }.")],
)
@pytest.mark.parametrize("body", ["[]", '"a"', "1"])
def test_a_body_of_another_kind_is_refused_without_names_of_types_of_python(language, words, body):
    answer = Client().put("/api/v1/devices/x", body, content_type="application/json", HTTP_ACCEPT_LANGUAGE=language)
    assert words in [error["detail"] for error in is_problem(answer, 400)["errors"]]


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Cần một danh sách: viết các giá trị trong dấu [ ]."), ("en", "Expected a list: write the values in [ ].")],
)
def test_a_text_in_the_place_of_a_list_is_refused_in_words(language, words):
    with translation.override(language), pytest.raises(serializers.ValidationError) as refused:
        serializers.ListField().run_validation("một")
    assert [str(each) for each in refused.value.detail] == [words]


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere", "/api/v1/topics/", "/api/v2/topics"])
def test_404_everywhere(path):
    is_problem(Client().get(path), 404)


def test_405_406_415():
    assert Client().generic("TRACE", "/api/v1/topics").status_code == 405
    assert is_problem(Client().post("/api/v1/topics"), 405)["title"] == "Method Not Allowed"
    is_problem(Client().get("/api/v1/topics", HTTP_ACCEPT="text/csv"), 406)
    is_problem(Client().put("/api/v1/devices/x", "a=b", content_type="text/plain"), 415)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/health/live",
        "/health/ready",
        "/docs",
        "/docs/reference",
        "/docs/search",
        "/problems/invalid",
        "/api/v1/openapi.json",
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_405_has_words_and_names_the_methods_outside_the_api_too(path, method):
    answer = getattr(Client(), method)(path)
    assert is_problem(answer, 405)["code"] == "method_not_allowed"
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("delete", "/docs", 405),
        ("post", "/docs/redoc", 405),
        ("put", "/api/v1/openapi.yaml", 405),
        ("get", "/docs/reference", 406),
        ("get", "/api/v1/openapi.yaml", 406),
    ],
)
def test_a_problem_is_json_also_where_the_view_gives_html_or_yaml(method, path, status):
    is_problem(getattr(Client(), method)(path, HTTP_ACCEPT="text/csv" if status == 406 else "*/*"), status)


def test_half_a_surrogate_pair_can_be_quoted():
    is_problem(Client().put("/api/v1/devices/x", '{"id_kind": "\\ud800"}', content_type="application/json"), 400)


@pytest.mark.parametrize(
    "body", ["{", "[" * 100_000, '"\\ud800', b"\xff", "NaN", "9" * 5000, '{"a": {"b": 1, "b": 2}}']
)
def test_bad_json_is_400(body):
    is_problem(Client().put("/api/v1/devices/x", body, content_type="application/json"), 400)


def test_a_client_that_names_problems_alone_is_answered():
    """What a generated client sends where the contract's only answer with a body is a problem."""
    assert Client().get("/api/v1/topics", HTTP_ACCEPT="application/problem+json").status_code == 200
    is_problem(Client().delete("/api/v1/devices/x", HTTP_ACCEPT="application/problem+json"), 401)


def test_a_body_over_1_mib_is_413():
    is_problem(Client().put("/api/v1/devices/x", "x" * (2**20 + 1), content_type="application/json"), 413)


@pytest.mark.parametrize("value", ["Bearer dvc_\0", "Bearer", "Bearer ", "Basic YQA6Yg==", "Bearer \xff"])
def test_hostile_credentials_are_401_where_one_is_needed(value):
    is_problem(Client().put("/api/v1/follows/topic/11-dat-dai", HTTP_AUTHORIZATION=value), 401)


def test_details_come_in_the_language_asked_for():
    assert Client().get("/nowhere").json()["detail"] == "Không có gì ở địa chỉ này."
    assert Client().get("/nowhere", HTTP_ACCEPT_LANGUAGE="en").json()["detail"] == "Nothing exists at this address."


def test_an_address_is_never_made_from_the_host_header():
    answer = Client().get("/api/v1/topics/11-dat-dai", HTTP_HOST="localhost:9999")
    assert answer.json()["url"] == "http://127.0.0.1:8000/api/v1/topics/11-dat-dai"


def test_a_host_that_is_not_ours_is_refused():
    for language, words in (("vi", "Kiểm tra địa chỉ và tiêu đề Host."), ("en", "Check the URL and the Host header.")):
        answer = Client().get("/api/v1/topics", HTTP_HOST="evil.example", HTTP_ACCEPT_LANGUAGE=language)
        assert words in is_problem(answer, 400)["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ACCEPT_LANGUAGE": "x" * 5000},
        {"HTTP_ACCEPT_LANGUAGE": "," * 3000},
        {"HTTP_ACCEPT_LANGUAGE": "zz-ZZ-x-private, vi;q=a"},
        {"HTTP_ACCEPT_LANGUAGE": "\x00\xff"},
        {"HTTP_IF_NONE_MATCH": '"' * 4000},
        {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
        {"HTTP_ACCEPT_ENCODING": "gzip;q=" * 500},
        {"HTTP_X_REQUEST_ID": "<script>" + "a" * 300},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
        {"HTTP_RANGE": "bytes=0-,5-,-"},
        {"HTTP_AUTHORIZATION": "Negotiate " + "x" * 7000},
        {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "gopher"},
    ],
)
def test_hostile_headers_change_nothing(headers):
    answer = Client().get("/api/v1/topics/11-dat-dai", **headers)
    assert (answer.status_code, answer.json()["url"]) == (200, "http://127.0.0.1:8000/api/v1/topics/11-dat-dai")
    assert "<" not in answer["X-Request-ID"]


@pytest.mark.parametrize(
    "key", ["%00", "-1", "9" * 40, "a" * 300, "%ff", "..%2f..%2fetc%2fpasswd", "1'--", "%F0%9F%92%A9"]
)
@pytest.mark.parametrize("family", ["topics", "documents", "organisations", "provinces"])
def test_hostile_keys_are_404(family, key):
    is_problem(Client().get(f"/api/v1/{family}/{key}"), 404)


WRONG_REQUESTS = [
    ("get", "documents?page_size=x", None),
    ("get", "documents?cursor=zz", None),
    ("get", "documents?status=zz", None),
    ("get", "documents?number=%00", None),
    ("get", "documents?fields=zz", None),
    ("get", "documents/khong-co", None),
    ("get", "search", None),
    ("get", "search?q=" + "a" * 501, None),
    ("get", "search?q=a&as_of=x", None),
    ("get", "changes?after=x", None),
    ("get", "events?province=999", None),
    ("get", "khong-co", None),
    ("delete", "documents", None),
    ("put", "devices/phone-of-lan", b"{"),
    ("put", "devices/phone-of-lan", b"\xff"),
    ("put", "devices/phone-of-lan", b"[1]"),
    ("put", "devices/phone-of-lan", b'{"platform": NaN}'),
    ("put", "devices/phone-of-lan", b'{"platform": "symbian", "registration_id": 5, "language": "fr"}'),
    ("put", "devices/phone-of-lan", b'{"registration_id": null, "id_kind": [], "platform": {}}'),
    ("put", "devices/phone-of-lan", b'{"language": "vi", "language": "en"}'),
    ("post", "questions", b"{}"),
]


@pytest.mark.parametrize(("method", "path", "body"), WRONG_REQUESTS)
def test_every_wrong_request_is_answered_in_vietnamese_letters(method, path, body):
    content = {} if body is None else {"data": body, "content_type": "application/json"}
    answer = getattr(Client(), method)(f"/api/v1/{path}", headers={"Accept-Language": "vi"}, **content)
    problem = answer.json()
    details = [problem["detail"], *(error["detail"] for error in problem["errors"])]
    assert [detail for detail in details if detail.isascii()] == []
    assert b"\\u" not in answer.content


def test_a_body_of_another_type_and_an_unknown_accept_header_are_refused_in_vietnamese():
    vietnamese = {"Accept-Language": "vi"}
    typed = Client().put("/api/v1/devices/x", "a=b", content_type="text/plain", headers=vietnamese)
    accepted = Client().get("/api/v1/topics", headers=vietnamese | {"Accept": "text/csv"})
    assert not typed.json()["detail"].isascii()
    assert not accepted.json()["detail"].isascii()


def test_half_a_surrogate_pair_is_quoted_as_its_escape():
    body = b'{"id_kind": "\\ud800", "registration_id": "r", "platform": "android"}'
    answer = Client().put("/api/v1/devices/x", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"]


@pytest.mark.parametrize("path", ["/problems", "/problems/invalid", "/docs/redoc", "/staff/login/"])
def test_a_page_names_its_icon_so_that_no_browser_asks_for_one_that_is_not_there(path):
    page = Client().get(path)
    icon = re.search(r'<link rel="icon" href="/static/(?:[0-9a-f]{12}/)?([^"]+)"', page.content.decode())[1]
    assert finders.find(icon)
    assert re.search("img-src [^;]*'self'", page["Content-Security-Policy"])
