"""Permanent addresses at the root: where each Accept leads, and what is said where they lead nowhere."""

import datetime

import pytest
from django.test import Client

from content.editing import services as editing
from content.permanent_addresses.models import Address
from tests.builders import A_LAW, a_document

pytestmark = pytest.mark.django_db
HOME = "http://127.0.0.1:8000"
WORK = "/akn/vn/act/luat/2019/31-2024-qh15"


@pytest.fixture
def law():
    return a_document("31/2024/QH15", title="Luật Mẫu", text=A_LAW.format(number="31/2024/QH15"))


def get(path, accept="application/json", status=303):
    answer = Client().get(path, HTTP_ACCEPT=accept)
    assert answer.status_code == status, answer.content
    assert "Accept" in answer["Vary"]
    return answer


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        ("text/html", "/van-ban/{key}"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "/van-ban/{key}"),
        ("*/*", "/van-ban/{key}"),
        ("application/json", "/api/v1/documents/{key}"),
        ("application/akn+xml", "/api/v1/documents/{key}/text?format=akn"),
        ("application/xml", "/api/v1/documents/{key}/text?format=akn"),
        ("application/ld+json", "/api/v1/documents/{key}/text?format=jsonld"),
    ],
)
@pytest.mark.parametrize("path", [WORK, "/eli/vn/luat/2019/31-2024-qh15"])
def test_accept_decides_where_an_address_leads(law, path, accept, target):
    answer = get(path, accept)
    assert answer["Location"] == HOME + target.format(key=law.key)
    assert Client().get(answer["Location"], HTTP_ACCEPT=accept).status_code == 200


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/!main~art_2", "/provisions/art_2"),
        ("/vie@2025-01-01/!main~art_2__clause_1__point_dd", "/provisions/art_2__clause_1__point_dd?as_of=2025-01-01"),
        ("/vie:2025-01-01", "?as_of=2025-01-01"),
        ("/vie@", "?as_of=2019-06-14"),
        ("/vie@2025-01-01?as_of=2026-01-01", "?as_of=2026-01-01"),
    ],
)
def test_an_address_may_name_a_unit_and_a_day(law, path, target):
    assert get(WORK + path)["Location"] == f"{HOME}/api/v1/documents/{law.key}{target}"


def test_the_page_of_a_unit(law):
    assert get(f"{WORK}/!main~art_2__clause_1__point_dd", "text/html")["Location"] == (
        f"{HOME}/van-ban/{law.key}/dieu-2/khoan-1/diem-dd"
    )


@pytest.mark.parametrize(
    "path", ["/!main~art_99", "/eng@", "/vie@2025-13-01", "/vie@0001-01-01", "/vie@2199-01-01", "/x"]
)
def test_what_is_not_there_is_a_404(law, path):
    assert get(WORK + path, status=404).json()["code"] == "not_found"
    assert get(WORK + path, "text/html", 404)["Content-Type"].startswith("text/html")
    assert get(WORK.replace("31", "32"), status=404).json()["code"] == "not_found"
    assert get(WORK.replace("/2019/", "/0000/"), status=404).json()["code"] == "not_found"


def test_a_wrong_parameter_and_a_wrong_format_are_said(law):
    assert get(f"{WORK}?as_off=2025-01-01", status=400).json()["errors"][0]["code"] == "unknown_parameter"
    assert get(WORK, "image/png", 406).json()["status"] == 406


def test_what_was_withdrawn_says_so_for_ever(law):
    editing.withdraw_document(law, reason="Nhập hai lần")
    problem = get(WORK, status=410).json()
    assert (problem["code"], "Nhập hai lần" in problem["detail"]) == ("withdrawn", True)
    assert "Nhập hai lần" in get(WORK, "text/html", 410).content.decode()


def test_several_that_fit_are_a_list_and_none_is_chosen():
    days = [datetime.date(2025, 4, 15), datetime.date(2025, 9, 2)]
    first, second = (
        a_document("766/QĐ-TTg", doc_type="decision", title=f"Quyết định {day}", issued_on=day,
                   issuer="Thủ tướng Chính phủ") for day in days
    )  # fmt: skip
    asked = "/akn/vn/act/quyet-dinh/2025/766-qd-ttg"  # nobody's: they are no acts
    found = get(asked, status=300).json()["candidates"]
    assert {each["document"]["key"] for each in found} == {first.key, second.key}
    page = get(asked, "text/html", 300).content.decode()
    assert f"/van-ban/{first.key}" in page
    assert f"/van-ban/{second.key}" in page
    own = Address.objects.get(document=first, scheme="akn").path
    assert own == "/akn/vn/doc/quyet-dinh/2025/766-qd-ttg"
    assert get(own)["Location"].endswith(first.key)  # what it got first is its own, also when another came


def test_a_longer_address_than_needed_leads_there_too(law):
    assert get(WORK.replace("2019", "2019-06-14"))["Location"].endswith(law.key)


def test_documents_are_looked_up_by_address(law):
    def looked_up(query):
        return Client().get(f"/api/v1/documents/lookup?{query}").json()

    found = looked_up(f"akn={WORK}/!main~art_2")
    assert found["certainty"] == "exact"
    (candidate,) = found["candidates"]
    assert candidate["document"]["key"] == law.key
    assert [(each["eid"], each["exists"]) for each in candidate["provisions"]] == [("art_2", True)]
    assert looked_up("eli=/eli/vn/luat/2019/31-2024-qh15")["certainty"] == "exact"
    assert looked_up(f"akn={WORK.replace('2019', '2019-06-14')}")["certainty"] == "likely"
    assert looked_up(f"eli={WORK}")["certainty"] == "unknown"
    assert looked_up(f"akn={WORK}x")["candidates"] == []
