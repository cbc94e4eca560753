"""A wrong address: a page for people, a problem for programs, with the same status."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from api import problems
from api.pages import urls
from api.pages.error_pages import error_page_middleware
from content.law.page_paths import PAGES
from tests.builders import a_document
from tests.web_pages import links, page, words

pytestmark = pytest.mark.django_db

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "vi"}
NOT_THERE = [
    "/van-ban",
    "/van-ban/khong-co",
    "/van-ban/31/2024/QH15",
    "/hoi-dap/hoi-khong",
    "/hoi-dap/Không",
    "/su-kien/sk-khong",
    "/su-kien/",
    "/akn/vn/act/luat/1999/1-1999-qh9",
    "/khong-co",
    "/docs/khong-co",
]


def is_page(answer, status):
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert 'name="q"' in answer.content.decode()  # the search box
    assert '<link rel="stylesheet" href="/static/' in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert {"Accept", "Accept-Language"} <= set(answer["Vary"].split(", "))
    return words(answer)


def is_problem(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json; charset=utf-8")
    assert answer.json()["code"] == code


@pytest.mark.parametrize("path", NOT_THERE)
def test_an_address_that_is_not_there_is_a_page_in_a_browser_and_a_problem_in_a_program(client, path):
    shown = is_page(client.get(path, headers=BROWSER), 404)
    assert "Không có trang này" in shown
    assert "Hãy tìm theo số hiệu, từ ngữ hoặc điều khoản ở ô phía trên." in shown
    is_problem(client.get(path, headers={"Accept": "application/json"}), 404, "not_found")


def test_every_kind_of_page_shows_its_errors_as_pages_also_to_who_takes_anything(client):
    for prefix in PAGES:
        is_page(client.get(f"{prefix}/khong-co", headers={"Accept": "*/*", "Accept-Language": "vi"}), 404)
    kinds = {str(pattern.pattern).lstrip("^").partition("/")[0] for pattern in urls.urlpatterns}
    assert kinds - {"tim", "s"} == {prefix.strip("/") for prefix in PAGES}


@pytest.mark.parametrize("path", ["/api/v1/khong-co", "/health/khong-co", "/static/khong-co.css"])
def test_addresses_of_programs_answer_with_problems_to_everybody(client, path):
    is_problem(client.get(path, headers=BROWSER), 404, "not_found")


@pytest.mark.parametrize("place", ["dieu-99", "bai-1", "X"])
def test_an_unknown_article_leads_to_its_document(client, place):
    law = a_document("7/2019/QH14", title="Luật Dẫn chiếu")
    answer = client.get(f"/van-ban/{law.key}/{place}", headers=BROWSER)
    is_page(answer, 404)
    if place != "X":
        assert links(answer)["Luật Dẫn chiếu năm 2019"] == f"/van-ban/{law.key}"


def test_a_wrong_day_is_told_with_the_way_to_today(client):
    law = a_document("7/2019/QH14", title="Luật Dẫn chiếu")
    path = f"/van-ban/{law.key}/dieu-1"
    answer = client.get(path, {"as_of": "2025-02-30"}, headers=BROWSER)
    assert "Viết một ngày có trong lịch, dạng YYYY-MM-DD." in is_page(answer, 400)
    assert links(answer)["Xem theo ngày hôm nay"] == path
    is_problem(client.get(path, {"as_of": "2025-02-30"}, headers={"Accept": "application/json"}), 400, "invalid")


def test_a_wrong_language_and_a_wrong_number_of_a_page_are_told(client):
    assert "Dùng một trong các giá trị: vi, en." in is_page(client.get("/tim?lang=fr", headers=BROWSER), 400)
    assert "1" in is_page(client.get("/tim?q=a&page=x", headers=BROWSER), 400)


def test_a_page_that_is_sent_something_says_that_it_can_only_be_read(client):
    for path in ("/tim", "/van-ban/khong-co", "/docs"):
        answer = client.post(path, headers=BROWSER)
        assert "Trang này chỉ để đọc" in is_page(answer, 405)
        assert "GET" in answer["Allow"]
        refused = client.post(path, headers={"Accept": "application/json"})
        is_problem(refused, 405, "method_not_allowed")
        assert refused["Allow"] == answer["Allow"]


def test_too_many_pages_are_told_on_a_page_with_the_seconds_to_wait(settings):
    settings.READS_PER_MINUTE = 0
    answer = Client().get("/van-ban/khong-co", headers=BROWSER)
    shown = is_page(answer, 429)
    assert f"Hãy đợi {answer['Retry-After']} giây" in shown or answer["Retry-After"] in shown
    assert (answer["Cache-Control"], "r=0" in answer["RateLimit"]) == ("no-store", True)
    is_problem(Client().get("/van-ban/khong-co", headers={"Accept": "application/json"}), 429, "throttled")


def test_a_failure_is_a_page_with_a_number_for_the_operator():
    request = RequestFactory().get("/van-ban/khong-co", headers=BROWSER)
    with translation.override("vi"):
        failed = error_page_middleware(problems.server_error)(request)
        assert (failed.status_code, failed["Content-Type"]) == (500, "text/html; charset=utf-8")
        assert "Chưa hiển thị được trang này" in words(failed)
        assert "tải lại trang" in words(failed)


def test_a_failure_of_the_database_is_a_page_that_asks_for_patience():
    request = RequestFactory().get("/hoi-dap/hoi-1", headers=BROWSER)
    failed = error_page_middleware(lambda _request: problems.failure_response(problems.DatabaseUnavailable()))(request)
    assert (failed.status_code, failed["Retry-After"], failed["Content-Type"][:9]) == (503, "5", "text/html")


def test_the_page_of_an_error_is_in_the_language_of_the_reader(client):
    english = client.get("/van-ban/khong-co", headers=BROWSER | {"Accept-Language": "en"})
    assert "There is no such page" in words(english)
    for path in ("/van-ban/khong-co?lang=en", "/van-ban/KHÔNG/CÓ?lang=en"):  # the second is no address of a page
        assert "There is no such page" in words(client.get(path, headers=BROWSER))
    assert (english["Content-Language"], page(client, "/van-ban/khong-co")["Content-Language"]) == ("en", "vi")


@pytest.mark.parametrize("accept", ["", " ", ","])
@pytest.mark.parametrize("path", ["/api/v1/topics", "/api/v1/events", "/tim", "/api/v1/documents/{key}/text"])
def test_an_accept_without_a_media_type_accepts_anything(client, path, accept):
    law = a_document("7/2019/QH14")
    answer = client.get(path.format(key=law.key), headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (
        200,
        client.get(path.format(key=law.key))["Content-Type"],
    )
