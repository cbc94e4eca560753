import datetime

import pytest

from content.organisations.models import Organisation, Province, Succession
from content.vietnam_time import today
from tests.builders import a_document

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000/api/v1"


def keys_of(answer):
    return [row["key"] for row in answer.json()["results"]]


def test_in_english_a_body_has_its_english_name_where_one_is_established(api):
    a_document("1/2019/QH14")
    Organisation.objects.filter(key="bo-xay-dung").update(name_en="")
    names = {row["key"]: row["name"] for row in api("get", "organisations?lang=en").json()["results"]}
    assert (names["quoc-hoi"], names["bo-xay-dung"]) == ("National Assembly", "Bộ Xây dựng")
    assert api("get", "organisations/quoc-hoi?lang=en").json()["name_vi"] == "Quốc hội"
    (document,) = api("get", "documents?lang=en").json()["results"]
    assert (document["issuer"]["name"], document["type_name"]) == ("National Assembly", "Law")
    assert api("get", "documents").json()["results"][0]["issuer"]["name"] == "Quốc hội"


def test_all_bodies_come_in_one_answer_those_that_ended_under_their_own_names(api):
    answer = api("get", "organisations").json()
    assert (answer["next"], answer["previous"], len(answer["results"])) == (None, None, 231)
    assert answer["results"][0]["name"] == "Quốc hội"
    transport = next(row for row in answer["results"] if row["code"] == "BGTVT")
    construction = {
        "key": "bo-xay-dung",
        "url": f"{BASE}/organisations/bo-xay-dung",
        "code": "BXD",
        "name": "Bộ Xây dựng",
        "part": "",
    }
    assert transport == {
        "key": "bo-giao-thong-van-tai",
        "url": f"{BASE}/organisations/bo-giao-thong-van-tai",
        "code": "BGTVT",
        "name": "Bộ Giao thông vận tải",
        "name_vi": "Bộ Giao thông vận tải",
        "name_en": "Ministry of Transport",
        "kind": "ministry",
        "kind_name": "Bộ",
        "level": "central",
        "valid_from": None,
        "valid_until": "2025-03-01",
        "successors": [construction],
        "predecessors": [],
    }


def test_one_body_says_what_it_took_over(api):
    education = api("get", "organisations/bo-giao-duc-va-dao-tao").json()
    assert [(body["code"], body["part"]) for body in education["predecessors"]] == [("BLĐTBXH", "giáo dục nghề nghiệp")]
    assert education["successors"] == []
    assert api("get", "organisations/bo-khong-co").status_code == 404


def test_bodies_of_a_kind_a_level_and_a_day(api):
    assert len(keys_of(api("get", "organisations?kind=ministry&valid_on=2025-03-01"))) == 14
    assert len(keys_of(api("get", "organisations?kind=ministry&valid_on=2025-02-28"))) == 18
    assert keys_of(api("get", "organisations?kind=ministerial_agency&valid_on=2025-02-28"))[-1] == "uy-ban-dan-toc"
    local = ["hoi-dong-nhan-dan-cap-tinh", "uy-ban-nhan-dan-cap-tinh"]
    assert keys_of(api("get", "organisations?level=local"))[:2] == local
    assert len(keys_of(api("get", "organisations?level=local&valid_on=2025-07-01"))) == 2 + 2 * 34
    assert len(keys_of(api("get", "organisations?level=local&valid_on=2025-06-30"))) == 2 + 2 * 63
    assert keys_of(api("get", "organisations?level=local&kind=ministry")) == []


def test_provinces_are_those_of_today_unless_a_day_is_named(api):
    today = keys_of(api("get", "provinces"))
    assert (len(today), today[0], today[-1]) == (34, "01-ha-noi-2025", "96-ca-mau-2025")
    assert keys_of(api("get", "provinces?valid_on=2025-07-01")) == today
    before = keys_of(api("get", "provinces?valid_on=2025-06-30"))
    assert (len(before), before[0], before[-1]) == (63, "01-ha-noi", "96-ca-mau")


def test_one_province_names_its_predecessors_and_its_successor(api):
    phu_tho = api("get", "provinces/25-phu-tho-2025").json()
    assert [province["key"] for province in phu_tho.pop("predecessors")] == [
        "17-hoa-binh",
        "25-phu-tho",
        "26-vinh-phuc",
    ]
    assert phu_tho == {
        "key": "25-phu-tho-2025",
        "url": f"{BASE}/provinces/25-phu-tho-2025",
        "code": "25",
        "name": "Tỉnh Phú Thọ",
        "short_name": "Phú Thọ",
        "type": "province",
        "type_name": "Tỉnh",
        "valid_from": "2025-07-01",
        "valid_until": None,
        "successors": [],
    }
    yen_bai = api("get", "provinces/15-yen-bai").json()
    assert (yen_bai["name"], yen_bai["valid_until"]) == ("Tỉnh Yên Bái", "2025-07-01")
    assert yen_bai["successors"] == [
        {
            "key": "15-lao-cai-2025",
            "url": f"{BASE}/provinces/15-lao-cai-2025",
            "code": "15",
            "name": "Tỉnh Lào Cai",
        }
    ]
    assert api("get", "provinces/15").status_code == 404


@pytest.mark.parametrize(
    "day",
    ["", "2025-02-30", "2025-7-1", "01/07/2025", "20250701", "2025-W27-1", "2025-07-01T00:00", "nay", "٢٠٢٥-٠٧-٠١"],
)
@pytest.mark.parametrize("path", ["provinces", "organisations"])
def test_a_bad_day_is_refused_by_name(api, path, day):
    answer = api("get", f"{path}?valid_on={day}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json; charset=utf-8")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/valid_on", "invalid" if day else "blank")
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("organisations?knd=ministry", "knd"),
        ("organisations?kind=club", "kind"),
        ("organisations?level=moon", "level"),
        ("provinces?kind=ministry", "kind"),
        ("provinces?page_size=5", "page_size"),
        ("organisations/bo-tu-phap?valid_on=2025-01-01", "valid_on"),
        ("provinces/01-ha-noi?valid_on=2025-01-01", "valid_on"),
    ],
)
def test_what_we_do_not_know_is_refused_by_name(api, path, name):
    answer = api("get", path)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/{name}")


def test_an_issuer_has_an_address(api):
    a_document("5/2011/TT-BGTVT", doc_type="circular", issuer="Bộ Giao thông vận tải")
    for document in (
        api("get", "documents").json()["results"][0],
        api("get", "documents/thong-tu-2019-5-2011-tt-bgtvt").json(),
    ):
        assert document["issuer"] == {
            "key": "bo-giao-thong-van-tai",
            "url": f"{BASE}/organisations/bo-giao-thong-van-tai",
            "code": "BGTVT",
            "name": "Bộ Giao thông vận tải",
        }


def test_query_count_does_not_grow_with_successions(api, django_assert_num_queries):
    justice = Organisation.objects.get(code="BTP")
    for others in (0, 5):
        for other in Organisation.objects.filter(valid_until=None).exclude(code="BTP")[:others]:
            Succession.objects.create(predecessor=justice, successor=other)
        with django_assert_num_queries(4):  # the state, and three to make it anew
            api("get", "organisations")
        with django_assert_num_queries(4):
            api("get", "organisations/bo-tu-phap")


def test_query_count_of_provinces_is_the_same_for_34_and_63(api, django_assert_num_queries):
    for day in ("2025-07-01", "2025-06-30"):
        with django_assert_num_queries(3):
            api("get", f"provinces?valid_on={day}")
    with django_assert_num_queries(3):
        api("get", "provinces/25-phu-tho-2025")


def test_the_provinces_of_today_end_with_the_day_before_their_last(api):
    for ends_on, count in ((today() + datetime.timedelta(days=1), 34), (today(), 33)):
        Province.objects.filter(key="01-ha-noi-2025").update(valid_until=ends_on)
        assert len(keys_of(api("get", "provinces"))) == count
