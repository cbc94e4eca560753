"""Reading documents through the API, down to the point."""

import datetime
import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.editing import services as editing
from content.vietnam_time import today
from tests.builders import a_document, a_draft, justice, land

pytestmark = pytest.mark.django_db


def numbers(api, **parameters):
    answer = api("get", "documents?" + "&".join(f"{name}={value}" for name, value in parameters.items()))
    assert answer.status_code == 200, answer.json()
    return [document["number"] for document in answer.json()["results"]]


def test_a_list_shows_published_documents_newest_issued_first(api):
    a_document("1/2019/QH14", issued_on=datetime.date(2019, 1, 1))
    a_document("2/2024/QH15", issued_on=datetime.date(2024, 1, 1))
    a_draft("3/2025/QH15", issued_on=datetime.date(2025, 1, 1))
    assert numbers(api) == ["2/2024/QH15", "1/2019/QH14"]


def test_filters_by_topic_with_its_headings_by_type_and_by_number(api):
    a_document("1/2019/QH14", topics=[land().children.first()])
    a_document("2/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ", topics=[justice()])
    assert numbers(api, topic="11-dat-dai") == ["1/2019/QH14"]
    assert sorted(numbers(api, topic="11-dat-dai&topic=15-hanh-chinh-tu-phap")) == ["1/2019/QH14", "2/2019/NĐ-CP"]
    assert numbers(api, type="decree") == ["2/2019/NĐ-CP"]
    assert numbers(api, number="02 2019 nd-cp") == ["2/2019/NĐ-CP"]
    assert numbers(api, number="3/2019/QH14") == []


def test_several_types_issuers_and_effects_find_what_has_any_of_them_once(api):
    a_document("1/2019/QH14", issued_on=datetime.date(2019, 1, 1))
    a_document("2/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ", issued_on=datetime.date(2019, 1, 2))
    a_document(
        "3/2019/TT-BTC", doc_type="circular", issuer="Bộ Tài chính", issued_on=datetime.date(2019, 1, 3),
        effective_on=datetime.date(2100, 1, 1),
    )  # fmt: skip
    assert numbers(api, type="law&type=decree&type=law") == ["2/2019/NĐ-CP", "1/2019/QH14"]
    assert numbers(api, issuer="quoc-hoi&issuer=bo-tai-chinh") == ["3/2019/TT-BTC", "1/2019/QH14"]
    assert len(numbers(api, status="in_force&status=not_yet_effective")) == 3
    assert numbers(api, status="not_yet_effective&status=expired") == ["3/2019/TT-BTC"]
    assert numbers(api, status="in_force&issuer=quoc-hoi&issuer=bo-tai-chinh&type=law&type=circular") == ["1/2019/QH14"]
    facets = api("get", "documents/facets?type=law&type=circular&status=in_force&status=expired").json()
    assert (facets["total"], facets["type"]) == (1, [{"value": "law", "count": 1}])
    items = api("get", "feeds/documents.json?type=law&type=decree").json()["items"]
    assert sorted(item["title"].split()[0] for item in items) == ["1/2019/QH14", "2/2019/NĐ-CP"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("type=law&type=poem", "type"),
        ("issuer=quoc-hoi&issuer=khong-co", "issuer"),
        ("status=x&status=in_force", "status"),
    ],
)
def test_one_bad_value_among_several_is_400_and_named(api, query, parameter):
    for path in (f"documents?{query}", f"documents/facets?{query}", f"search?q=mau&{query}"):
        answer = api("get", path)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"].split("/")[1]) == (400, parameter), path


def test_several_values_are_one_condition_and_rows_need_not_be_made_distinct(api, django_assert_num_queries):
    a_document("1/2019/QH14")
    with CaptureQueriesContext(connection) as said:
        numbers(api, type="law&type=decree", issuer="quoc-hoi&issuer=chinh-phu", status="in_force&status=expired")
    (page,) = [each["sql"] for each in said if 'ORDER BY "content_legaldocument"."list_order"' in each["sql"]]
    assert not page.startswith("SELECT DISTINCT")
    assert """"doc_type" IN ('law', 'decree')""" in page and '"issuer_id" IN (' in page
    assert page.count(" IN ('expired', 'in_force', 'partly_expired')") == 1


def test_the_rows_of_all_pages_are_counted_when_asked_for_and_only_then(api):
    for number in range(3):
        a_document(f"{number}/2019/QH14", topics=[land(), justice()])
    a_document("4/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ")
    a_draft("5/2019/QH14")
    query = "documents?type=law&status=in_force&topic=11-dat-dai&topic=15-hanh-chinh-tu-phap&page_size=2"
    assert "count" not in api("get", query).json()
    first = api("get", f"{query}&count=true&ordering=updated_at").json()
    assert (first["count"], len(first["results"])) == (3, 2)
    assert api("get", first["next"]).json()["count"] == 3
    assert api("get", "documents?type=code&count=true").json()["count"] == 0
    assert api("get", "questions?count=true").json()["count"] == api("get", "events?count=true").json()["count"] == 0
    for path, pointer in (("documents?count=yes", "/count"), ("changes?count=true", "/count")):
        refusal = api("get", path)
        assert (refusal.status_code, refusal.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_number_is_found_as_people_type_it_and_so_is_each_of_several(api):
    a_document("100/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ")
    a_document("26/2004/TT-BGD&ĐT", doc_type="circular", issuer="Bộ Giáo dục và Đào tạo")
    a_document("1/2017/TT-BTC; 2/2017/TT-BTC", doc_type="circular", issuer="Bộ Tài chính")
    assert numbers(api, number="nd-cp 100 2019") == ["100/2019/NĐ-CP"]
    assert (
        numbers(api, number="26/2004/TT-BGDĐT") == numbers(api, number="26/2004/tt-bgd%26dt") == ["26/2004/TT-BGD&ĐT"]
    )
    assert numbers(api, number="02/2017/TT-BTC") == ["1/2017/TT-BTC; 2/2017/TT-BTC"]
    assert numbers(api, number="-") == []


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("topc=x", "topc", "unknown_parameter"),
        ("type=", "type", "blank"),
        ("issued_from=18/01/2024", "issued_from", "invalid"),
        ("updated_since=yesterday", "updated_since", "invalid"),
        ("updated_since=2026-01-01", "updated_since", "invalid"),
        ("updated_since=2026-01-01T00:00:00", "updated_since", "invalid"),
        ("updated_since=2026-01-01T00:00:00%2B0700", "updated_since", "invalid"),
        ("updated_since=2026-01-01%2000:00:00Z", "updated_since", "invalid"),
        ("updated_since=0384-03-06T20:55:27-18:47", "updated_since", "invalid"),
        ("q=" + "a" * 201, "q", "max_length"),
        ("topic=99-khong-co", "topic", "invalid_choice"),
        ("type=poem", "type", "invalid_choice"),
        ("number=" + "1" * 101, "number", "max_length"),
        ("number=%00", "number", "null_characters_not_allowed"),
        ("page_size=0", "page_size", "invalid"),
        ("page_size=101", "page_size", "invalid"),
        ("page_size=99999999999999999999", "page_size", "invalid"),
        ("page_size=4.7e-128", "page_size", "invalid"),
        ("cursor=cD0lMDA=", "cursor", "invalid"),
        ("cursor=junk", "cursor", "invalid"),
        ("cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "cursor", "invalid"),
        ("cursor=%E1%BA%A3", "cursor", "invalid"),
    ],
)
def test_a_bad_parameter_is_400_and_named(api, query, parameter, code):
    answer = api("get", f"documents?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json; charset=utf-8")
    problem = answer.json()
    assert (problem["code"], problem["status"]) == ("invalid", 400)
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(f"/{parameter}", code)]


def test_pages_hold_every_document_once_forwards_and_back(api):
    for number in range(7):
        a_document(f"{number}/2019/QH14", issued_on=datetime.date(2019, 1, 1 + number % 2))
    whole = numbers(api)
    url, seen, last = "documents?page_size=3", [], None
    while url:
        page = api("get", url).json()
        seen += [document["number"] for document in page["results"]]
        url, last = page["next"], page
    assert (seen, len(whole)) == (whole, 7)
    back = api("get", last["previous"]).json()
    assert [document["number"] for document in back["results"]] == whole[3:6]


def test_the_query_count_of_a_list_does_not_grow_with_its_rows(api, django_assert_num_queries):
    for _ in (1, 3):
        a_document(topics=[land(), justice()]), a_document(topics=[land()])
        with django_assert_num_queries(1):
            api("get", "documents")


def test_one_document_with_its_outline_and_effect(api):
    law = a_document("31/2024/QH15", topics=[land()], title="Luật Mẫu")
    answer = api("get", f"documents/{law.key}").json()
    assert answer["url"] == f"http://127.0.0.1:8000/api/v1/documents/{law.key}"
    assert (answer["type"], answer["type_name"], answer["issuer"]["code"]) == ("law", "Luật", "QH")
    assert (answer["effect_status"], answer["effective_on"], answer["expires_on"]) == ("in_force", "2020-01-01", None)
    assert answer["effect_stated_on"] is None
    outline = [
        (unit["eid"], unit["heading"], [child["eid"] for child in unit["children"]]) for unit in answer["outline"]
    ]
    assert outline == [
        ("preamble", "", []),
        ("chp_1", "QUY ĐỊNH CHUNG", ["art_1", "art_2"]),
        ("chp_2", "ĐIỀU KHOẢN THI HÀNH", ["art_3"]),
    ]


def test_a_provision_has_its_text_what_is_above_it_and_what_is_under_it(api):
    law = a_document("31/2024/QH15", title="Luật Mẫu")
    article = api("get", f"documents/{law.key}/provisions/art_2").json()
    assert (article["key"], article["heading"]) == (f"{law.key}~art_2", "Giải thích từ ngữ")
    assert article["text"].startswith("Điều 2. Giải thích từ ngữ\n1. Mẫu là vật để thử:\na) Mẫu lớn;")
    assert article["text"].endswith("2. Thử là xem có đúng không.\n")
    assert [child["eid"] for child in article["children"]] == ["art_2__clause_1", "art_2__clause_2"]
    point = api("get", f"documents/{law.key}/provisions/art_2__clause_1__point_dd").json()
    assert (point["number"], point["text"]) == ("đ", "đ) Mẫu không đặt tên.\n")
    assert [unit["eid"] for unit in point["ancestors"]] == ["chp_1", "art_2", "art_2__clause_1"]
    assert point["document"]["number"] == "31/2024/QH15"
    assert api("get", article["url"]).json() == article


def test_the_last_provision_of_a_chapter_does_not_swallow_the_next_chapter(api):
    law = a_document()
    chapter = api("get", f"documents/{law.key}/provisions/chp_1").json()
    assert "Điều 2." in chapter["text"]
    assert "Chương II" not in chapter["text"]
    assert [child["eid"] for child in chapter["children"]] == ["art_1", "art_2"]


@pytest.mark.parametrize("path", ["{draft}", "{draft}/provisions/art_1", "{law}/provisions/art_99", "khong-co"])
def test_drafts_and_what_is_not_there_are_404(api, path):
    path = path.format(draft=a_draft().key, law=a_document().key)
    answer = api("get", f"documents/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json; charset=utf-8")
    assert answer.json()["code"] == "not_found"


def test_labels_come_in_the_language_asked_for(api):
    law = a_document()
    english = api("get", f"documents/{law.key}", HTTP_ACCEPT_LANGUAGE="en").json()
    assert (english["type_name"], english["effect_status_name"]) == ("Law", "In force")
    vietnamese = api("get", f"documents/{law.key}").json()
    assert (vietnamese["type_name"], vietnamese["effect_status_name"]) == ("Luật", "Còn hiệu lực")
    article = api("get", f"documents/{law.key}/provisions/art_1?lang=en").json()
    assert (article["effect_status"], article["effect_status_name"]) == ("in_force", "In force")
    article = api("get", f"documents/{law.key}/provisions/art_1").json()
    assert (article["effect_status"], article["effect_status_name"]) == ("in_force", "Còn hiệu lực")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"q": "dat dai"}, ["31/2024/QH15"]),
        ({"q": "ĐẤT"}, ["31/2024/QH15"]),
        ({"q": "31/2024"}, ["31/2024/QH15"]),
        ({"q": "031/2024/qh15"}, ["31/2024/QH15"]),
        ({"q": "dat nha"}, []),
        ({"issuer": "chinh-phu"}, ["100/2019/NĐ-CP"]),
        ({"status": "in_force"}, ["31/2024/QH15"]),
        ({"level": "central", "type": "decree"}, ["100/2019/NĐ-CP"]),
        ({"level": "local"}, []),
        ({"status": "expired"}, ["100/2019/NĐ-CP"]),
        ({"signer": "lan"}, ["100/2019/NĐ-CP"]),
        ({"issued_from": "2024-01-18"}, ["31/2024/QH15"]),
        ({"issued_to": "2024-01-17"}, ["100/2019/NĐ-CP"]),
        ({"effective_from": "2020-01-01", "effective_to": "2020-01-01"}, ["100/2019/NĐ-CP"]),
        ({"updated_since": "2020-01-01T00:00:00%2B07:00", "type": "law"}, ["31/2024/QH15"]),
        ({"updated_since": "2020-01-01t00:00:00.123456z", "type": "law"}, ["31/2024/QH15"]),
        ({"updated_since": "2100-01-01T00:00:00%2B07:00"}, []),
    ],
)
def test_filters(api, parameters, found):
    day = datetime.date
    a_document("31/2024/QH15", title="Luật Đất đai 2024", issued_on=day(2024, 1, 18), effective_on=day(2025, 1, 1))
    a_document(
        "100/2019/NĐ-CP",
        doc_type="decree",
        issuer="Chính phủ",
        signer="Lan",
        title="Nghị định về nhà ở",
        issued_on=day(2019, 12, 30),
        effective_on=day(2020, 1, 1),
        expires_on=day(2024, 1, 1),
    )
    assert numbers(api, **parameters) == found


def test_neighbours_are_of_the_same_kind_and_articles_go_on_across_chapters(api):
    law = a_document()
    article = api("get", f"documents/{law.key}/provisions/art_2").json()
    assert (article["previous"]["eid"], article["next"]["eid"]) == ("art_1", "art_3")
    point = api("get", f"documents/{law.key}/provisions/art_2__clause_1__point_dd").json()
    assert (point["previous"]["eid"], point["next"]) == ("art_2__clause_1__point_d", None)
    assert point["citation"] == f"điểm đ khoản 1 Điều 2 {law.title} năm 2019"


def test_the_whole_text_joined_is_what_was_imported(api):
    law = a_document()
    answer = api("get", f"documents/{law.key}/text").json()
    text = "".join(unit["text"] for unit in answer["provisions"])
    assert hashlib.sha256(text.encode()).hexdigest() == answer["sha256"] == law.content_hash
    assert answer["provisions"][5]["parent"] == "art_2__clause_1"


@pytest.mark.parametrize("path", ["", "/text", "/provisions/art_1"])
def test_the_address_of_a_withdrawn_document_says_when_and_why_and_nothing_else(api, path):
    law = a_document("1/2019/QH14")
    editing.withdraw_document(law, reason="Bản chép sai, đã thay bằng bản khác.")
    answer = api("get", f"documents/{law.key}{path}")
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"], problem["code"]) == (
        410,
        "application/problem+json; charset=utf-8",
        "withdrawn",
    )
    assert problem["detail"] == f"Đã thu hồi ngày {today():%d/%m/%Y}. Lý do: Bản chép sai, đã thay bằng bản khác."
    assert (problem["errors"], answer["Cache-Control"]) == ([], "no-store")
    assert law.title not in answer.content.decode()
    assert api("get", "documents").json()["results"] == []


def test_a_document_in_review_is_not_there_for_anybody(api):
    law = editing.submit_for_review(a_draft("1/2019/QH14"))
    assert api("get", f"documents/{law.key}").status_code == 404
