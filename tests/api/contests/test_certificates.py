"""Certificates over HTTP: a file for the reader's own attempt, and a serial that anybody verifies."""

import pytest
from django.test import Client

from content.contest_certificates.models import Certificate
from content.contest_results import services as results
from tests.builders import a_device
from tests.builders_contests import a_result, a_running_contest, an_entry, close, judge

pytestmark = pytest.mark.django_db
NAME = "Nguyễn Thị Hạnh"


@pytest.fixture
def minh():
    return a_device("minh")


def a_published_attempt(device):
    contest = a_running_contest()
    attempt = a_result(contest, 3, reader=an_entry(contest, device.reader).reader)
    close(contest)
    results.propose_results(contest, winners=[], by=judge())
    results.publish_results(contest, by=judge("hoa-publishes"))
    return attempt


def test_a_contestant_draws_it_and_anybody_verifies_it_by_serial_and_name(api, minh):
    attempt = a_published_attempt(minh)
    answer = api("post", f"attempts/{attempt.key}/certificate", {"name": NAME}, device=minh)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF") and "no-store" in answer["Cache-Control"]
    certificate = Certificate.objects.get()
    picture = api("post", f"attempts/{attempt.key}/certificate", {"name": NAME, "file_type": "png"}, device=minh)
    assert picture["Content-Type"] == "image/png" and Certificate.objects.get() == certificate

    address = answer["Link"].split(">")[0].removeprefix("<").partition("/api/v1/")[2]
    shown = Client().get(f"/api/v1/{address}").json()
    assert {name: shown[name] for name in ("serial", "round", "correct", "questions", "rank", "contestants")} == {
        "serial": certificate.shown_serial, "round": 1, "correct": 3, "questions": 4, "rank": 1, "contestants": 1,
    }  # fmt: skip
    assert shown["contest"]["key"] == attempt.round.contest.key and NAME not in str(shown)
    printed = f"certificates/{certificate.shown_serial}"
    assert api("get", printed).json() == shown
    assert api("post", printed, {"name": NAME.upper()}).json() == {"is_name": True}
    assert api("post", printed, {"name": "Nguyen Thi Hanh"}).json() == {"is_name": False}


def test_the_eleventh_name_within_an_hour_is_refused_with_the_time_to_wait(api, minh):
    attempt = a_published_attempt(minh)
    api("post", f"attempts/{attempt.key}/certificate", {"name": NAME}, device=minh)
    here = f"certificates/{Certificate.objects.get().serial}"
    for _ in range(10):
        assert api("post", here, {"name": "Ai đó"}).json() == {"is_name": False}
    refused = api("post", here, {"name": NAME})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_names")
    assert 3500 < int(refused["Retry-After"]) <= 3600


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "required"),
        ({"name": 7}, 400, "invalid"),
        ({"name": "x" * 500}, 400, "max_length"),
        ({"name": " "}, 400, "blank"),
        ({"name": "a\u0000b"}, 400, "invalid_character"),
        ({"name": NAME, "file_type": "exe"}, 400, "invalid_choice"),
        ({"name": NAME, "serial": "x"}, 400, "unknown_field"),
        ({"name": "王小明"}, 409, "name_not_printable"),
    ],
)
def test_a_body_that_cannot_be_is_refused_and_issues_nothing(api, minh, body, status, code):
    attempt = a_published_attempt(minh)
    answer = api("post", f"attempts/{attempt.key}/certificate", body, device=minh)
    problem = answer.json()
    assert answer.status_code == status
    assert code in {problem["code"], *(each["code"] for each in problem["errors"])}


def test_a_stranger_draws_nobodys_certificate_and_an_unknown_serial_is_404(api, minh):
    attempt = a_published_attempt(minh)
    path = f"attempts/{attempt.key}/certificate"
    assert api("post", path, {"name": NAME}).status_code == 401
    assert api("post", path, {"name": NAME}, device=a_device("hoa")).status_code == 404
    for serial in ("abcdefghijklmnop", "ABCD-EFGH-IJKL-MNOP"):
        assert api("get", f"certificates/{serial}").status_code == 404
        assert api("post", f"certificates/{serial}", {"name": NAME}).status_code == 404
    assert not Certificate.objects.exists()


def test_me_export_has_the_certificates_without_the_name(api, minh):
    attempt = a_published_attempt(minh)
    assert api("get", "me/export", device=minh).json()["contest_entries"][0]["certificates"] == []
    api("post", f"attempts/{attempt.key}/certificate", {"name": NAME}, device=minh)
    (exported,) = api("get", "me/export", device=minh).json()["contest_entries"][0]["certificates"]
    assert (exported["serial"], exported["correct"], exported["rank"]) == (Certificate.objects.get().shown_serial, 3, 1)
    assert "Hạnh" not in str(exported)


def test_certificates_and_names_that_are_tried_have_a_small_limit_of_their_own(settings, api, minh):
    settings.CERTIFICATES_PER_MINUTE = 2
    attempt = a_published_attempt(minh)
    for answer in (200, 200, 429):
        drawn = api(
            "post", f"attempts/{attempt.key}/certificate", {"name": NAME}, device=minh, REMOTE_ADDR="192.0.2.71"
        )
        assert drawn.status_code == answer
    serial = f"certificates/{Certificate.objects.get().serial}"
    tried = [api("post", serial, {"name": NAME}, REMOTE_ADDR="192.0.2.72").status_code for _ in range(3)]
    assert tried == [200, 200, 429]
