"""A web app on another origin reads and writes with the secret of its device, and with nothing else."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.builders import a_device, a_document

pytestmark = pytest.mark.django_db
ELSEWHERE = {"HTTP_ORIGIN": "https://app.example.org"}
FOLLOW = "/api/v1/follows/topic/11-dat-dai"
READABLE_BY_ANY_PAGE = {  # CORS-safelisted response headers (Fetch, 2.2.6)
    "Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma",
}  # fmt: skip
OF_THE_TRANSFER = {"Content-Encoding", "Vary"}  # the browser deals with them


def preflight(path, method, *headers, client=None):
    asked = {"HTTP_ACCESS_CONTROL_REQUEST_METHOD": method, "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": ",".join(headers)}
    return (client or Client()).options(path, **ELSEWHERE, **asked)


def listed(answer, name):
    return {each.strip().lower() for each in answer[name].split(",")}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_a_page_of_another_origin_may_send_every_method_with_the_headers_of_a_client(method):
    sent = ("authorization", "content-type", "idempotency-key", "if-none-match", "x-request-id")
    answer = preflight(FOLLOW, method, *sent)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
    assert method.lower() in listed(answer, "Access-Control-Allow-Methods")
    assert set(sent) <= listed(answer, "Access-Control-Allow-Headers")
    assert "Access-Control-Allow-Credentials" not in answer


def test_a_write_with_a_secret_says_that_its_page_may_read_the_answer(client):
    hoa = a_device("hoa")
    answer = client.put(
        FOLLOW, {"kinds": ["new"]}, "application/json", HTTP_AUTHORIZATION=f"Bearer {hoa.secret}", **ELSEWHERE
    )
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (201, "*")
    refusal = client.put(FOLLOW, {"kinds": ["new"]}, "application/json", **ELSEWHERE)
    assert (refusal.status_code, refusal["Access-Control-Allow-Origin"]) == (401, "*")


def test_a_page_of_another_origin_reads_the_object_of_a_page_url(client):
    law = a_document("31/2024/QH15")
    json = {"HTTP_ACCEPT": "application/json", **ELSEWHERE}
    for address in (f"/van-ban/{law.key}/dieu-2", f"/van-ban/{law.key}", "/akn/vn/act/luat/2019/31-2024-qh15"):
        leads_on = client.get(address, **json)
        assert (leads_on.status_code, leads_on["Access-Control-Allow-Origin"]) == (303, "*"), address
        found = client.get(leads_on["Location"], **json)
        assert (found.status_code, found["Access-Control-Allow-Origin"]) == (200, "*"), address
    asked = preflight(f"/van-ban/{law.key}/dieu-2", "GET", "authorization")  # a client sends its secret with every call
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (200, "*")


def test_a_browser_keeps_the_leave_for_a_day_and_asking_for_it_costs_no_write(settings):
    settings.WRITES_PER_MINUTE = 2
    client = Client(REMOTE_ADDR="192.0.2.13")
    asked = [preflight(FOLLOW, "PUT", "authorization", client=client) for _ in range(5)]
    assert {(answer.status_code, answer["Access-Control-Max-Age"]) for answer in asked} == {(200, "86400")}
    assert client.put(FOLLOW)["RateLimit"].startswith('"writes";r=1;t=')


def test_a_page_may_read_every_header_that_we_set(client):
    law = a_document("31/2024/QH15")
    answer = client.get(f"/api/v1/documents/{law.key}/text?format=txt", **ELSEWHERE)
    exposed = listed(answer, "Access-Control-Expose-Headers")
    assert {"completeness", "text-is-of"} <= exposed
    set_by_us = set()
    for file in (Path(django_settings.BASE_DIR) / "api").rglob("*.py"):
        if "guide" in file.parts:  # its samples are requests
            continue
        set_by_us |= set(
            re.findall(r'(?:response|answer)\["([A-Z][\w-]+)"\] = |headers=\{"([A-Z][\w-]+)"', file.read_text())
        )
    for_the_browser = {"Referrer-Policy", "X-Content-Type-Options"}  # not for the page
    names = {name for pair in set_by_us for name in pair if name} - READABLE_BY_ANY_PAGE - OF_THE_TRANSFER
    names -= for_the_browser
    assert len(names) > 10
    assert {name for name in names if name.lower() not in exposed} == set()
    sent = {name for name in answer.headers if not name.lower().startswith("access-control-")}
    policies = {
        name for name in sent if "Policy" in name and name != "RateLimit-Policy"
    }  # for the browser, not the page
    unread = {"X-Frame-Options", "X-Content-Type-Options", *policies, *READABLE_BY_ANY_PAGE, *OF_THE_TRANSFER}
    assert {name for name in sent - unread if name.lower() not in exposed} == set()


@pytest.mark.parametrize("path", ["/staff/", "/staff/login/", "/docs", "/health/live"])
def test_only_the_api_is_for_other_origins(client, path):
    for answer in (client.get(path, **ELSEWHERE), preflight(path, "POST", "content-type")):
        assert [name for name in answer.headers if name.lower().startswith("access-control-")] == []
