"""The page of a certificate: what it says, a typed name, wrong serials, and papers printed before it was there."""

import logging
import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from content.contest_certificates.drawing import FileType
from content.contest_certificates.models import Certificate
from content.contest_certificates.services import erase_certificates_of, issue_certificate
from content.contest_results import services as results
from content.contests.models import Attempt
from tests.builders_contests import a_result, a_running_contest, an_entry, close, judge
from tests.web_pages import alternates_of, links, page, words

pytestmark = pytest.mark.django_db
NAME = "Nguyễn Thị Hạnh"
HOME = "http://127.0.0.1:8000"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "vi"}


def an_attempt():
    contest = a_running_contest()
    attempt = a_result(contest, 3, reader=an_entry(contest).reader)
    close(contest)
    results.propose_results(contest, winners=[], by=judge())
    results.publish_results(contest, by=judge("hoa-publishes"))
    return Attempt.objects.get(pk=attempt.pk)


def issued(attempt, name=NAME):
    """The certificate of an attempt, and the address that is printed on it."""
    printed = []

    def address(certificate):
        printed.append(f"/chung-nhan/{certificate.shown_serial}")
        return HOME + printed[0]

    certificate, _file = issue_certificate(attempt, name=name, file_type=FileType.PDF, address=address)
    return certificate, printed[0]


@pytest.fixture
def printed():
    return issued(an_attempt())[1]


def typed(client, path, name, **query):
    return send(client, path, urlencode({"name": name}), **query)


def send(client, path, body, **query):
    """As a browser sends the form."""
    return client.post(path, body, "application/x-www-form-urlencoded", headers=BROWSER, query_params=query)


def test_it_says_contest_result_and_days_without_the_name_and_no_search_engine_keeps_it(client):
    attempt = an_attempt()
    certificate, path = issued(attempt)
    shown = page(client, path)
    assert shown.status_code == 200
    said = words(shown)
    for told in ("Có giấy chứng nhận mang số hiệu này và còn giá trị", certificate.shown_serial, "3/4", "1 trong 1"):
        assert told in said
    assert NAME not in said and "Hạnh" not in said
    contest = attempt.round.contest
    assert links(shown)[contest.title] == f"/cuoc-thi/{contest.key}"
    assert '<meta name="robots" content="noindex">' in shown.content.decode()
    assert alternates_of(shown) == {"application/json": f"{HOME}/api/v1/certificates/{certificate.serial}"}
    assert f'<link rel="canonical" href="{HOME}{path}">' in shown.content.decode()
    assert shown["Cache-Control"] == "public, no-cache"
    for serial in (certificate.serial, certificate.serial.upper(), certificate.shown_serial.lower()):
        assert page(client, f"/chung-nhan/{serial}").status_code == 200
    assert "A certificate with this serial was issued, and it is valid" in words(page(client, path, lang="en"))


def test_a_typed_name_is_answered_with_yes_or_no_and_is_in_no_address_and_no_line_of_the_log(client, printed, caplog):
    caplog.set_level(logging.DEBUG)
    yes = typed(client, printed, "  nguyễn thị  HẠNH ")
    assert (yes.status_code, yes["Cache-Control"]) == (200, "no-store")
    assert "Đúng: giấy chứng nhận mang họ tên này." in words(yes)
    no = typed(client, printed, "Nguyen Thi Hanh")
    assert "Không: giấy chứng nhận không mang họ tên này." in words(no)
    assert 'value="Nguyen Thi Hanh"' in no.content.decode()  # nothing that was typed is lost
    form = re.search(r'<form class="asked"[^>]*>', yes.content.decode())[0]
    assert 'method="post"' in form and f'action="{printed}#name"' in form
    assert "HẠNH" not in caplog.text and "Nguyen Thi Hanh" not in caplog.text


def test_the_form_works_without_a_cookie_or_a_token_and_in_english(printed):
    strict = Client(enforce_csrf_checks=True)
    english = typed(strict, printed, NAME, lang="en")
    assert "Yes: the certificate is in this name." in words(english)
    assert f'action="{printed}?lang=en#name"' in english.content.decode()
    assert english.cookies == {}


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("", 400, "Hãy nhập ít nhất một chữ cái hoặc chữ số."),
        ("x" * 500, 400, "200"),
        ("a\u0000b", 400, "ký tự"),
        ("<b>Hạnh</b>", 200, "Không: giấy chứng nhận không mang họ tên này."),
    ],
)
def test_a_name_that_is_none_is_refused_in_words_and_no_markup_comes_back(client, printed, name, status, told):
    answer = typed(client, printed, name)
    assert (answer.status_code, told in words(answer)) == (status, True)
    assert "<b>" not in answer.content.decode()
    assert Certificate.objects.get().tries == (1 if status == 200 else 0)


def test_a_form_without_the_field_and_a_body_of_a_megabyte_are_refused(client, printed):
    assert send(client, printed, "").status_code == 400
    assert send(client, printed, f"name={'x' * 2**20}").status_code == 413
    other = client.post(printed, {"name": NAME}, "application/json", headers=BROWSER)  # no form, so no name
    assert other.status_code == 400
    assert Certificate.objects.get().tries == 0


def test_the_eleventh_name_within_an_hour_is_refused_on_the_page_with_the_name_still_in_the_form(client, printed):
    for _ in range(10):
        assert typed(client, printed, "Ai đó").status_code == 200
    refused = typed(client, printed, NAME)
    assert (refused.status_code, 3500 < int(refused["Retry-After"]) <= 3600) == (429, True)
    assert "mười" in words(refused)
    assert f'value="{NAME}"' in refused.content.decode()
    assert page(client, printed).status_code == 200


def test_names_tried_by_one_address_have_the_limit_of_the_api(settings, printed):
    settings.CERTIFICATES_PER_MINUTE = 2
    client = Client(REMOTE_ADDR="192.0.2.77")
    answers = [typed(client, printed, NAME) for _ in range(7)]  # the minute may turn once
    assert {each.status_code for each in answers} == {200, 429}
    assert f'value="{NAME}"' in next(each for each in answers if each.status_code == 429).content.decode()


@pytest.mark.parametrize("serial", ["ABCD-EFGH-IJKL-MNOP", "khong-co", "0189", "%C4%90%20%3Fx", "a%0Ab"])
def test_a_wrong_serial_is_a_404_that_says_what_to_compare(client, serial):
    for answer in (page(client, f"/chung-nhan/{serial}"), typed(client, f"/chung-nhan/{serial}", NAME)):
        assert answer.status_code == 404
        assert "Không có giấy chứng nhận mang số hiệu này" in words(answer)
        assert "Chỉ có các chữ số từ 2 đến 7" in words(answer)
        assert answer["Cache-Control"] == "no-store"


def test_a_paper_that_another_name_replaced_or_whose_reader_was_erased_is_not_valid_any_more(client):
    attempt = an_attempt()
    first = issued(attempt)[1]
    second = issued(attempt, "Trần Thị Bưởi")[1]
    assert page(client, first).status_code == 404
    assert page(client, second).status_code == 200
    erase_certificates_of(attempt.entry.reader)
    assert "không có giá trị" in words(page(client, second))


def test_the_address_of_older_papers_leads_a_browser_to_the_page_and_stays_json_for_programs(client, printed):
    serial = Certificate.objects.get().serial
    older = f"/api/v1/certificates/{serial}"
    for accept in (BROWSER["Accept"], "text/html"):
        led = client.get(older, headers={"Accept": accept})
        assert (led.status_code, led["Location"]) == (303, f"{HOME}/chung-nhan/{serial.upper()}")
        assert "Accept" in led["Vary"] and page(client, led["Location"].removeprefix(HOME)).status_code == 200
    led = client.get(f"{older}?lang=en", headers=BROWSER)
    assert led["Location"].endswith(f"{serial.upper()}?lang=en")
    for accept in (None, "*/*", "application/json", "application/json, text/plain, */*"):
        shown = client.get(older, headers={"Accept": accept} if accept else {})
        assert (shown.status_code, shown["Content-Type"]) == (200, "application/json")
        assert "Accept" in shown["Vary"]
    assert shown.json()["page_url"] == HOME + printed
    unknown = client.get("/api/v1/certificates/abcdefghijklmnop", headers=BROWSER)
    assert page(client, unknown["Location"].removeprefix(HOME)).status_code == 404
    assert client.post(older, {"name": NAME}, "application/json", headers=BROWSER).json() == {"is_name": True}


def test_a_program_that_has_the_address_of_the_page_is_led_to_the_api(client, printed):
    serial = Certificate.objects.get().shown_serial
    led = client.get(printed, headers={"Accept": "application/json"})
    assert (led.status_code, led["Location"]) == (303, f"{HOME}/api/v1/certificates/{serial}")
    assert client.get("/chung-nhan/khong-co", headers={"Accept": "application/json"}).status_code == 404


def test_a_rank_that_counts_for_another_attempt_is_not_shown(client, printed):
    Certificate.objects.update(rank=None, contestants=None)
    assert "Thứ hạng" not in words(page(client, printed))
