"""Search through the API: what is found, what is marked, and what the answer says of its limits."""

import datetime
import json
import os
import random
import unicodedata
from collections import Counter

import psycopg
import pytest
from django.db import connection
from rest_framework.test import APIRequestFactory

from api.v1.search.search import SearchView
from content.contests import services as contests
from content.documents.models import EffectDoubt, StatusEvent
from content.editing import services as editing
from content.errors import QueryTooSlow
from content.events import services as events
from content.publishing import services as documents
from content.qa import services as questions
from content.search import queries
from content.search.index import services
from content.search.limits import SearchLimits
from content.search.models import ResultKind
from content.search.results import with_rows
from content.sql import time_limit
from content.synonyms.models import Synonym
from content.text import lexemes
from content.vietnam_time import today
from tests.builders import (  # fmt: skip
    a_document,
    a_draft,
    a_planned_event,
    a_question,
    an_answered_question,
    justice,
    land,
    move_event,
)
from tests.builders_contests import a_planned_contest
from tests.typed_queries import typed_query

pytestmark = pytest.mark.django_db
DAY = datetime.date
LAW = """QUỐC HỘI
LUẬT
{name}
Chương I
QUY ĐỊNH CHUNG
{articles}
"""
HOUSEHOLD = ("Cấp giấy chứng nhận đăng ký hộ kinh doanh", "Cơ quan đăng ký cấp giấy trong ba ngày, khi hồ sơ hợp lệ.")
LICENCE = ("Tước quyền sử dụng giấy phép lái xe", "Người lái xe vượt nồng độ cồn bị tước giấy phép lái xe hai tháng.")


def a_law(number, name, *articles, **columns):
    texts = [f"Điều {place}. {heading}\n{text}" for place, (heading, text) in enumerate(articles, 1)]
    text = LAW.format(name=name.upper(), articles="\n".join(texts))
    return a_document(number, title=f"Luật {name}", text=text, **columns)


def search(api, q, **parameters):
    answer = api("get", "search?" + "&".join(f"{name}={value}" for name, value in {"q": q, **parameters}.items()))
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_several_types_topics_and_issuers_narrow_a_search_and_stay_in_the_address_of_the_next_page(api):
    for place, kind in enumerate(("law", "decree", "circular")):
        a_law(
            f"{place + 1}/2024/MAU{place}",
            "Hộ kinh doanh",
            HOUSEHOLD,
            doc_type=kind,
            topics=[(land(), justice())[place % 2]],
        )
    query = "type=decree&type=law&issuer=quoc-hoi&issuer=chinh-phu&status=in_force"
    query += "&topic=11-dat-dai&topic=15-hanh-chinh-tu-phap"
    found = api("get", f"search?q=ho+kinh+doanh&page_size=1&{query}&status=expired").json()
    assert {each["value"] for each in found["facets"]["type"]} == {"law", "decree"}
    for name in ("type=decree&type=law", "status=in_force&status=expired", "issuer=quoc-hoi&issuer=chinh-phu"):
        assert name in found["next"]
    following = api("get", found["next"].removeprefix("http://127.0.0.1:8000/api/v1/")).json()
    assert following["results"] and following["results"][0] != found["results"][0]


def search_within(limits, q, **parameters):
    """The response of a search view with limits of its own."""
    return SearchView.as_view(limits=limits)(APIRequestFactory().get("/api/v1/search", {"q": q, **parameters}))


def found(api, q, **parameters):
    hits = search(api, q, **parameters)["results"]
    return [hit["provision"]["citation"] if hit["provision"] else shown_row(hit)["title"] for hit in hits]


def shown_row(hit):
    return hit["document"] or hit["question"] or hit["event"] or hit["contest"]


@pytest.fixture
def laws():
    a_law("1/2019/QH14", "Hộ kinh doanh", HOUSEHOLD, topics=[justice()])
    a_law("2/2020/QH14", "Giao thông đường bộ", LICENCE, topics=[land()], issued_on=datetime.date(2020, 1, 1))


def test_an_article_is_found_by_the_readers_words_with_accents_or_without(api, laws):
    for q in ("đăng ký hộ kinh doanh mất mấy ngày", "dang ky ho kinh doanh mat may ngay", "ĐĂNG KÝ HỘ KINH DOANH"):
        assert found(api, q, kind="provision")[0] == "Điều 1 Luật Hộ kinh doanh năm 2019"
    accented, bare = search(api, "giấy phép lái xe"), search(api, "giay phep lai xe")
    assert accented["results"] == bare["results"]


def test_the_addresses_of_a_search_on_a_day_lead_to_the_law_of_that_day(api, laws):
    def addresses(**parameters):
        hits = search(api, "hộ kinh doanh", **parameters)["results"]
        links = [link for hit in hits for link in (hit["document"], hit["provision"]) if link]
        return [link[name] for link in links for name in ("url", "page_url")]

    without_day = addresses()
    assert without_day and not any("?" in each for each in without_day)
    assert addresses(as_of="2020-05-01") == [f"{each}?as_of=2020-05-01" for each in without_day]


def test_what_people_call_a_thing_finds_what_the_law_calls_it(api, laws):
    answer = search(api, "tước bằng lái", kind="provision")
    assert answer["results"][0]["provision"]["citation"] == "Điều 1 Luật Giao thông đường bộ năm 2020"
    assert answer["synonyms"][0]["matched_words"] == "tước bằng lái"
    Synonym.objects.all().delete()
    assert search(api, "tước bằng lái")["synonyms"] == []


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ("blhs điều 173", "bộ luật hình sự"),
        ("blhs", "bộ luật hình sự"),
        ("bllđ 2019 điều 35", "Bộ luật Lao động"),
        ("Bộ luật Hình sự", "Bộ luật Hình sự"),
        ("điều 173 bo luat hinh su 2015", "bo luat hinh su 2015"),
        ("Điều 2 Luật Trẻ em", "Luật Trẻ em"),
        ("168/2024/NĐ-CP", "168/2024/NĐ-CP"),
        ("điều 6 nghị định 168", "Nghị định 168"),
        ("nđ 168/2024 nồng độ cồn", "Nghị định 168/2024"),
        ("luật sư tư vấn", None),
        ("điều 2", None),
        ("tháng 12/2024 lương tối thiểu", None),
        ("Điều 2 Luật Hộ kinh doanh", None),
        ("điều 999 luật hộ kinh doanh", "Điều 999 Luật Hộ kinh doanh năm 2024"),
        ("khoản 9 điều 1 luật hộ kinh doanh", "Khoản 9 Điều 1 Luật Hộ kinh doanh năm 2024"),
        ("luật hộ kinh doanh 2013", "luật hộ kinh doanh 2013"),
        ("hiến pháp 2013", "hiến pháp 2013"),
        ("hiến pháp", "hiến pháp"),
        ("1/2024/QH", None),
        ("1/2024/QH1", None),
        ("1/2024/QH-15", None),
        ("2/2024/QH", None),
        ("168/2024/NĐ", None),
        ("168/2024/NĐ-C", None),
        ("168/2024/CP", None),
        ("luật hộ kinh doanh điều 1 khoản", None),
        ("luat ho kinh doanh dieu 1 khoan", None),
        ("luật hộ kinh doanh điều", None),
        ("điều 6 nghị định", None),
        ("điều 1 luật hộ kinh doanh quy định thế nào", None),
        ("luật hộ kinh doanh 2024 quy định thế nào", None),
        ("chấp hành quyết định 2 năm", None),
        ("Bộ luật Hình sự năm 2015 quy định về hình phạt", "Bộ luật Hình sự 2015"),
        ("Điều 6 của Luật Trẻ em đề cập đến việc nào", "Luật Trẻ em"),
        ("điều 6 luật", None),
        ("1/2024/QH15", None),
        ("tước bằng lái", None),
    ],
)
def test_a_document_that_is_named_and_not_here_is_said(api, typed, missing):
    Synonym.objects.get_or_create(said="blhs", meant=["bộ luật hình sự"], is_abbreviation=True)
    a_law("1/2024/QH15", "Hộ kinh doanh", HOUSEHOLD, LICENCE, issued_on=DAY(2024, 1, 18))
    assert search(api, typed)["missing_document"] == missing


def test_a_document_that_only_a_filter_leaves_out_is_not_missing(api):
    a_law("1/2024/QH15", "Hộ kinh doanh", HOUSEHOLD, issued_on=DAY(2024, 1, 1))
    assert search(api, "điều 1 luật hộ kinh doanh", type="decree")["missing_document"] is None


def test_a_document_that_was_issued_after_the_day_is_said_with_its_date(api):
    a_law("1/2024/QH15", "Hộ kinh doanh", HOUSEHOLD, issued_on=DAY(2024, 1, 18), effective_on=DAY(2025, 1, 1))
    later = "Luật Hộ kinh doanh năm 2024 (ban hành ngày 18/01/2024)"
    for typed in ("1/2024/QH15", "luật hộ kinh doanh 2024", "điều 1 luật hộ kinh doanh"):
        said = [search(api, typed, as_of=day)["missing_document"] for day in ("2020-01-01", "2024-01-17", "2024-01-18")]
        assert said == [later, later, None], typed


def test_a_unit_that_is_not_in_force_yet_comes_behind_what_is(api):
    """The document binds, one article of it begins later and one has ended; another document says less of the words."""
    words = ("Giấy phép xây dựng", "Giấy phép xây dựng nhà ở.")
    law = a_law("1/2019/QH14", "Một", words, words, ("Thi hành", "Bộ trưởng."))
    a_law("2/2019/QH14", "Hai", ("Giấy phép", "Một loại giấy phép xây dựng khác hẳn, cấp cho công trình."))

    def shown():
        hits = search(api, "giấy phép xây dựng", kind="provision", as_of="2023-01-01")["results"]
        return [(hit["document"]["number"], hit["provision"]["eid"], hit["effect_status"]) for hit in hits]

    assert shown()[0] == ("1/2019/QH14", "art_1", "in_force")
    part = {"scope": "part"}
    documents.enter_status_event(law, StatusEvent.Kind.TAKES_EFFECT, on=DAY(2028, 1, 1), eids=["art_1"], **part)
    documents.enter_status_event(law, StatusEvent.Kind.EXPIRES, on=DAY(2022, 1, 1), eids=["art_2"], **part)
    assert shown()[0] == ("2/2019/QH14", "art_1", "in_force")
    behind = {("1/2019/QH14", "art_1", "not_yet_effective"), ("1/2019/QH14", "art_2", "expired")}
    assert set(shown()[-2:]) == behind
    named = search(api, "điều 1 luật một", as_of="2023-01-01")["results"][0]
    assert named["score"] is None and named["effect_status"] == "not_yet_effective"  # what is named comes first


def test_words_that_only_fold_like_a_synonym_are_none(api):
    def said(q):
        return {each["matched_words"] for each in search(api, q)["synonyms"]}

    assert said("hóa đơn VAT") == said("hoa don vat") == {"vat"}
    assert said("động vật hoang dã") == said("Tòa án cấp huyện") == said("kiến trúc") == set()
    assert said("vật liệu, hóa đơn vat") == {"vat"}


def test_a_hit_says_where_it_is_in_its_document_and_what_to_mark(api, laws):
    hit = search(api, "hồ sơ hợp lệ", kind="provision")["results"][0]
    assert hit["document"]["number"] == "1/2019/QH14"
    assert (hit["provision"]["eid"], hit["provision"]["heading"]) == ("art_1", HOUSEHOLD[0])
    assert [unit["kind"] for unit in hit["provision"]["path"]] == ["chapter"]
    assert hit["effect_status"] == "in_force"
    text = hit["highlights"][-1]
    assert [text["text"][start:end] for start, end in text["marks"]] == ["hộ", "hồ", "sơ", "hợp", "lệ"]  # folded
    assert unicodedata.is_normalized("NFC", text["text"])


def test_a_number_a_name_and_a_citation_are_answered_first(api, laws):
    for q in (
        "2/2020/QH14",
        "luat 2/2020",
        "Luật số 02/2020/QH14",
        "luật giao thông đường bộ",
        "luat giao thong duong bo 2020",
    ):
        first = search(api, q)["results"][0]
        assert (first["document"]["number"], first["provision"], first["score"]) == ("2/2020/QH14", None, None), q
    for q in ("điều 1 luật giao thông đường bộ", "dieu 1 luat 2/2020/qh14"):
        assert found(api, q)[0] == "Điều 1 Luật Giao thông đường bộ năm 2020", q


def test_a_name_is_known_however_its_source_writes_it_and_no_other_document_for_it(api):
    old = a_document("1/2003/QH11", title="Luật Đất đai 2003", issued_on=datetime.date(2003, 11, 26))
    new = a_document("2/2024/QH15", title="Luật Đất đai năm 2024", issued_on=datetime.date(2024, 1, 18))
    roads = a_document("35/2024/QH15", title="Luật Đường bộ, đường sắt của Quốc hội, số 35/2024/QH15")
    decree = a_document("168/2024/NĐ-CP", title="Nghị định thi hành Luật Đất đai", doc_type="decree")
    ahead = a_document(
        "3/2026/QH16",
        title="Luật Đất đai (sửa đổi)",
        issued_on=datetime.date(2026, 1, 1),
        effective_on=datetime.date(2200, 1, 1),
    )
    for q, wanted in {
        "luật đất đai": [new, old, ahead],  # what binds today, then what is to come
        "luật đất đai&in_force_first=false": [ahead, new, old],
        "luat dat dai 2003": [old],
        "luật đất đai năm 2024": [new],
        "luat duong bo duong sat": [roads],
        "nđ 168": [decree],
        "nd 168/2024": [decree],
        "nd 168 gì đó": [],
    }.items():
        results = search(api, q, kind="document")["results"]
        assert [hit["document"]["key"] for hit in results if hit["score"] is None] == [each.key for each in wanted], q


def test_of_many_of_one_name_the_one_that_binds_on_the_day_is_among_those_named(api):
    for year in range(2010, 2016):
        day = datetime.date(year, 1, 1)
        law = a_document(f"1/{year}/QH12", title="Luật Mẫu", issued_on=day, effective_on=day)
        documents.enter_status_event(law, StatusEvent.Kind.EXPIRES, on=datetime.date(year + 1, 1, 1))
    years = [hit["document"]["number"][2:6] for hit in search(api, "luật mẫu", as_of="2014-06-01")["results"]]
    assert years[:5] == ["2014", "2013", "2012", "2011", "2010"]
    assert "2015" not in years  # not issued yet


def test_law_that_was_not_issued_yet_is_neither_found_nor_listed(api):
    words = ("Ly hôn", "Vợ chồng ly hôn theo quy định của Luật này.")
    old = a_law("1/2000/QH10", "Hôn nhân", words, issued_on=DAY(2000, 6, 9), effective_on=DAY(2001, 1, 1))
    new = a_law("2/2014/QH13", "Hôn nhân mới", words, issued_on=DAY(2014, 6, 19), effective_on=DAY(2015, 1, 1))

    def keys(day, **filters):
        shown = search(api, "ly hôn", kind="provision", as_of=day, **filters)
        return [hit["document"]["key"] for hit in [*shown["results"], *shown["without_filters"]]]

    assert (keys("2005-01-01"), keys("2005-01-01", status="expired")) == ([old.key], [old.key])
    assert keys("2014-12-01") == [old.key, new.key]  # issued, and not yet in force: behind what was
    assert search(api, "2/2014/QH13", as_of="2005-01-01")["results"] == []
    listed = api("get", "documents?as_of=2005-01-01").json()["results"]
    assert [each["key"] for each in listed] == [old.key]
    assert api("get", "documents/facets?as_of=2005-01-01").json()["total"] == 1


def test_filters_narrow_before_anything_is_ranked(api, laws):
    a_document("3/2021/NĐ-CP", doc_type="decree", issuer="Chính phủ", title="Giấy phép lái xe")
    assert found(api, "giấy", type="decree", kind="document") == ["Giấy phép lái xe"]
    assert found(api, "giấy phép", issuer="chinh-phu", kind="document") == ["Giấy phép lái xe"]
    only_land = search(api, "giấy", topic="11-dat-dai")["results"]
    assert {hit["document"]["number"] for hit in only_land} == {"2/2020/QH14"}


def test_a_result_says_the_status_that_its_facet_counts(api):
    """Of a law of which one article has ended and another is in force, and of one that is whole."""
    law = a_law("1/2019/QH14", "Giấy phép", ("Cấp giấy phép", "Giấy phép xây dựng nhà ở."), ("Thi hành", "Bộ trưởng."))
    whole = a_law("2/2019/QH14", "Giấy phép khác", ("Cấp giấy phép khác", "Một loại giấy phép xây dựng khác hẳn."))
    documents.enter_status_event(
        law, StatusEvent.Kind.EXPIRES, on=datetime.date(2022, 1, 1), scope="part", eids=["art_2"]
    )
    for filters in ({}, {"status": "partly_expired"}, {"kind": "document"}, {"kind": "provision"}):
        shown = search(api, "giấy phép xây dựng", as_of="2023-01-01", **filters)
        counted = {each["value"]: each["count"] for each in shown["facets"]["status"]}
        assert Counter(hit["document_status"] for hit in shown["results"]) == counted, filters
    shown = search(api, "giấy phép xây dựng", as_of="2023-01-01", kind="provision")["results"]
    assert {(hit["document"]["key"], hit["effect_status"], hit["document_status"]) for hit in shown} == {
        (law.key, "in_force", "partly_expired"),
        (law.key, "expired", "partly_expired"),
        (whole.key, "in_force", "in_force"),
    }


def test_what_is_found_only_without_the_filters_is_a_list_of_its_own(api, laws):
    for filters in ({"type": "circular"}, {"status": "expired"}):
        shown = search(api, "giấy", **filters)
        assert (shown["results"], shown["limits"]["ranked"], shown["fallback"]) == ([], 0, "filters"), filters
        assert shown["without_filters"][0]["effect_status"] == "in_force"
    assert search(api, "giấy")["without_filters"] == []


def test_what_is_in_force_comes_before_what_is_not_or_is_doubtful(api):
    texts = ("Giấy phép xây dựng", "Giấy phép xây dựng nhà ở.")
    other = ("Giấy phép", "Một loại giấy phép xây dựng khác hẳn, cấp cho công trình.")
    ended = a_law("1/2019/QH14", "Một", texts)
    doubtful = a_law("2/2019/QH14", "Hai", texts)
    documents.enter_status_event(ended, StatusEvent.Kind.EXPIRES, on=datetime.date(2022, 1, 1))
    act = a_law("3/2019/QH14", "Ba", other)
    EffectDoubt.objects.create(
        document=doubtful, act=act, kind="ends", scope="whole", from_on=datetime.date(2022, 1, 1), words="…"
    )
    shown = [
        (hit["document"]["number"], hit["effect_status"])
        for hit in search(api, "giấy phép xây dựng", kind="provision", as_of="2023-01-01")["results"]
    ]
    assert shown[0] == ("3/2019/QH14", "in_force")
    assert {status for _, status in shown[1:]} == {"expired", "unknown"}


def test_text_is_found_as_it_is_valid_on_the_date(api):
    law = a_law("1/2019/QH14", "Hộ kinh doanh", HOUSEHOLD)
    documents.enter_status_event(law, StatusEvent.Kind.EXPIRES, on=datetime.date(2022, 1, 1))
    now, then = search(api, "hộ kinh doanh"), search(api, "hộ kinh doanh", as_of="2021-12-31")
    assert (now["results"][0]["effect_status"], then["results"][0]["effect_status"]) == ("expired", "in_force")
    assert search(api, "hộ kinh doanh", status="in_force", as_of="2021-06-01")["fallback"] is None


def test_of_one_article_in_two_acts_the_one_in_force_comes_first_unless_asked_otherwise(api):
    heading, text = LICENCE
    laws = {
        "1/2008/QH12": a_law("1/2008/QH12", "Giao thông", (heading, text), issued_on=datetime.date(2008, 1, 1)),
        "9/2024/QH15": a_law("9/2024/QH15", "Trật tự", (heading, f"{text} Quy định khác không đổi.")),
    }

    def hits(**asked):
        results = search(api, "tước quyền sử dụng giấy phép lái xe", kind="provision", **asked)["results"]
        return [hit["document"]["number"] for hit in results], [hit["same_as"] for hit in results]

    first, second = hits(in_force_first="false")[0]  # which, the learnt trees say
    documents.enter_status_event(laws[first], StatusEvent.Kind.EXPIRES, on=datetime.date(2022, 1, 1))
    assert hits() == ([second, first], [None, f"{laws[second].key}~art_1"])
    assert hits(in_force_first="false")[0] == [first, second]


def test_drafts_and_what_was_withdrawn_are_not_found_and_corrections_are(api):
    a_draft("5/2019/QH14", title="Luật Bí mật")
    law = a_law("1/2019/QH14", "Hộ kinh doanh", HOUSEHOLD)
    assert found(api, "bí mật") == []
    editing.withdraw_document(law, reason="Nhầm")
    assert found(api, "hộ kinh doanh") == []


def test_answered_questions_are_found_and_only_as_the_public_reads_them(api):
    an_answered_question(title="Sang tên xe máy", public_text="Bao lâu thì phải sang tên?")
    a_question(title="Sang tên nhà")
    answer = search(api, "sang tên")
    assert [hit["question"]["title"] for hit in answer["results"]] == ["Sang tên xe máy"]
    assert search(api, "0912 345 678")["results"] == []
    assert found(api, "sang tên", kind="provision") == []


def test_what_is_withdrawn_between_ranking_and_showing_is_left_out(laws):
    question = an_answered_question(title="Giấy phép lái thuyền", public_text="Bao lâu thì được cấp giấy phép?")
    taken = a_law("4/2020/QH14", "Thuyền", ("Giấy phép lái thuyền", "Thuyền phải có giấy phép."))
    ranked = queries.search("giấy phép lái thuyền", queries.SearchFilters(day=today())).hits
    questions.withdraw(question)
    editing.withdraw_document(taken, reason="Nhầm")
    shown = with_rows(ranked)
    assert {"question", taken.pk} <= {hit.facts.pk if hit.facts else hit.kind for hit in ranked}
    assert shown and not {"question", taken.pk} & {hit.facts.pk if hit.facts else hit.kind for hit in shown}


def test_contests_are_found_as_the_public_reads_them_from_the_day_they_are_announced(api):
    planned = a_planned_contest(title="Tìm hiểu vườn thanh trà", prizes="Giải Nhất: một chiếc xuồng", topics=[land()])
    assert found(api, "vườn thanh trà") == []
    contest = contests.announce(planned, notify=False)
    (hit,) = search(api, "vuon thanh tra", kind="contest")["results"]
    assert (hit["kind"], hit["contest"]["key"], hit["event"]) == ("contest", contest.key, None)
    assert found(api, "chiếc xuồng", topic=land().key) == [contest.title]
    contests.correct(contest, reason="Đổi giải", prizes="Giải Nhất: một cái chum")
    assert (found(api, "cái chum"), found(api, "chiếc xuồng")) == ([contest.title], [])
    contests.cancel(contest, reason="Bão")
    assert search(api, "thanh trà")["results"][0]["contest"]["status"] == "cancelled"


def test_events_are_found_as_the_public_reads_them_from_the_day_they_are_announced(api):
    planned = a_planned_event(title="Toạ đàm đất rừng", place="Nhà văn hóa xóm Mẫu", topics=[land()])
    assert found(api, "toạ đàm") == []
    event = events.announce(planned)
    hit = search(api, "toa dam dat rung", topic="11-dat-dai")["results"][0]
    assert (hit["kind"], hit["event"]["key"], hit["effect_status"]) == ("event", event.key, None)
    event = move_event(event, days=1, place="Đình làng Thử")
    assert (found(api, "đình làng thử", kind="event"), found(api, "xóm mẫu")) == ([event.title], [])
    events.cancel(event, reason="Bão")
    assert search(api, "toạ đàm")["results"][0]["event"]["status"] == "cancelled"
    assert found(api, "toạ đàm", kind="question") == []
    assert found(api, "toạ đàm", as_of=today() - datetime.timedelta(days=1)) == []  # nobody had heard of it


def test_a_mistyped_word_is_corrected_from_the_words_of_our_own_texts(api, laws):
    a_law("3/2018/QH14", "Xe", *[(f"Giấy phép lái xe hạng {place}", "Xe.") for place in range(22)])
    services.rebuild_index()
    answer = search(api, "giấy phép lái xr", kind="question")
    assert answer["did_you_mean"] == "giấy phép lái xe"
    assert search(api, "giấy phép lái xe")["did_you_mean"] == ""
    assert search(api, "lxi", topic="11-dat-dai")["results"] != []


def test_what_is_typed_without_accents_is_shown_with_those_our_texts_write(api, laws):
    a_law("3/2018/QH14", "Xe", *[(f"Giấy phép lái xe hạng {place}", "Xe.") for place in range(22)])
    assert search(api, "giay phep lai xe")["did_you_mean"] == ""  # nothing was learnt yet
    services.rebuild_index()
    assert search(api, "Giay phep lai xr")["did_you_mean"] == "Giấy phép lái xe"
    bare = search(api, "giay phep lai xe")
    assert (bare["did_you_mean"], bare["fallback"]) == ("giấy phép lái xe", None)
    assert bare["results"] == search(api, "giấy phép lái xe")["results"]
    assert search(api, "giấy phep lai xe")["did_you_mean"] == search(api, "giay")["did_you_mean"] == ""
    nothing = search(api, "bi phat bao nhieu tien", kind="event")
    assert (nothing["results"], nothing["fallback"]) == ([], None)
    assert nothing["did_you_mean"] == "bị phạt bao nhiêu tiền"


def test_the_answer_states_its_limits_and_pages_follow_one_another(api, laws):
    answer = search_within(SearchLimits(results_per_kind=1), "giấy", page_size=1).data
    assert answer["limits"]["is_truncated"] and answer["facets"]["are_lower_bounds"]
    assert sum(each["count"] for each in answer["facets"]["kind"]) == answer["limits"]["ranked"]
    assert answer["limits"]["max_ranked_per_kind"] == 1
    whole = search(api, "giấy giao thông kinh doanh")
    assert not whole["limits"]["is_truncated"] and whole["next"] is None
    keys, page = [], search(api, "giấy giao thông kinh doanh", page_size=1)
    while page["next"]:
        keys += page["results"]
        page = api("get", page["next"].partition("/api/v1/")[2]).json()
    assert [*keys, *page["results"]] == whole["results"]


@pytest.mark.parametrize(
    "q",
    [
        "a' | b & !c:*",
        '"giấy phép" OR -xe',
        "😀😀",
        "của và là",
        "((()))<->",
        "%27%27 \\",
        "%00x",
        "_ _ __",
        "và " * 160,
    ],
)
def test_no_query_breaks_the_search(api, laws, q):
    assert api("get", f"search?q={q}").status_code in (200, 400)


def test_bad_parameters_are_named(api):
    for parameters, name in (
        ("q=" + "a" * 8_000, "q"), ("kind=x&q=a", "kind"), ("q=a&topic=x", "topic"), ("q=a&as_of=x", "as_of"),
        ("q=a&cursor=x", "cursor"), ("q=a&page_size=0", "page_size"), ("", "q"), ("q=a&qq=1", "qq"),
    ):  # fmt: skip
        answer = api("get", f"search?{parameters}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/{name}")


def test_a_search_that_takes_too_long_is_ended_and_says_so(api, laws):
    with pytest.raises(QueryTooSlow), time_limit(20), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    assert found(api, "giấy phép", kind="provision") != []  # the limit ended with it


def test_a_search_that_waits_too_long_is_a_503_that_says_so(api, laws):
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("LOCK TABLE content_termfrequency IN ACCESS EXCLUSIVE MODE")
        answer = search_within(SearchLimits(statement_ms=20), "giấy")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (503, "search_too_slow")
    assert found(api, "giấy phép", kind="provision") != []


def test_suggestions_are_names_that_begin_with_what_was_typed(api, laws):
    services.rebuild_index()
    (law,) = api("get", "search/suggest?q=luat ho").json()["results"]
    (article,) = api("get", "search/suggest?q=Cấp giấy").json()["results"]
    assert (law["text"], law["kind"], article["text"], article["kind"]) == (
        "Luật Hộ kinh doanh", "document", HOUSEHOLD[0], "provision",
    )  # fmt: skip
    assert api("get", law["url"]).json()["key"] == law["key"]
    assert api("get", article["url"]).json()["key"] == article["key"]
    assert api("get", "search/suggest?q=😀").json()["results"] == []


def test_what_names_several_places_or_none_that_is_public_any_more_leads_to_a_search(api):
    first = a_law("1/2019/QH14", "Hộ kinh doanh", HOUSEHOLD)
    second = a_law("2/2024/QH15", "Hộ kinh doanh", HOUSEHOLD)
    services.rebuild_index()
    for typed in ("luat ho", "Cấp giấy"):
        (several,) = api("get", f"search/suggest?q={typed}").json()["results"]
        assert (several["kind"], several["key"]) == ("search", None)
        assert api("get", several["url"]).json()["results"]
    editing.withdraw_document(second, reason="Nhập hai lần")
    services.rebuild_index()
    (law,) = api("get", "search/suggest?q=luat ho").json()["results"]
    assert (law["kind"], law["key"]) == ("document", first.key)
    editing.withdraw_document(first, reason="Nhầm văn bản")
    (left,) = api("get", "search/suggest?q=luat ho").json()["results"]
    assert left["kind"] == "search"


def test_every_mark_lies_in_its_text_and_on_whole_words(api, laws):
    for hit in search(api, "giấy phép đăng ký hộ kinh doanh xe")["results"]:
        for highlight in hit["highlights"]:
            wholes = {(start, end) for _, start, end in lexemes.word_spans(highlight["text"])}
            assert {tuple(mark) for mark in highlight["marks"]} <= wholes


def test_the_glossary_is_ordered_as_a_dictionary_what_was_typed_first(api):
    terms = ["An ninh", "Ấn định", "Ẩn danh", "An", "Ăn"]
    text = "\n".join(f"{place}. {term} là việc." for place, term in enumerate(terms, 1))
    a_law("1/2020/QH14", "Từ ngữ", ("Giải thích từ ngữ", f"Trong Luật này:\n{text}"))
    services.rebuild_index()
    found = [entry["term"] for entry in api("get", "glossary?q=an").json()["results"]]
    assert found == ["An", "Ăn", "An ninh", "Ẩn danh", "Ấn định"]


def test_the_glossary_gives_each_acts_own_words(api):
    a_document("1/2019/QH14")
    services.rebuild_index()
    (term,) = api("get", "glossary?q=mau").json()["results"]
    assert (term["term"], term["document"]["number"], term["effect_status"]) == ("Mẫu", "1/2019/QH14", "in_force")
    assert term["citation"].startswith("Điều 2 ")
    assert api("get", "glossary?q=xe").json()["results"] == []


def test_documents_are_counted_exactly_under_the_filters_of_the_list(api, laws):
    a_document("3/2021/NĐ-CP", doc_type="decree", issuer="Chính phủ", topics=[land()])
    counts = api("get", "documents/facets").json()
    assert counts["total"] == 3
    assert counts["type"] == [{"value": "law", "count": 2}, {"value": "decree", "count": 1}]
    assert counts["topic"][0] == {"value": "11-dat-dai", "count": 2}
    assert counts["status"] == [{"value": "in_force", "count": 3}]
    narrowed = api("get", "documents/facets?type=law&as_of=2019-12-31").json()
    assert (narrowed["total"], narrowed["status"]) == (1, [{"value": "not_yet_effective", "count": 1}])


def test_a_list_of_documents_compares_words_as_search_does(api):
    law = a_document("7/2019/QH14", title="Luật Giấy phép, lái xe")
    for q in ("«lái xe» giấy phép", "lai xe; giay phep", "GIẤY PHÉP – LÁI XE", "7/2019"):
        assert [each["key"] for each in api("get", f"documents?q={q}").json()["results"]] == [law.key], q
    assert api("get", "documents?q=lái tàu").json()["results"] == []
    assert api("get", "documents?q=«»").status_code == 200


def test_a_list_of_documents_finds_what_people_call_one(api):
    a_document("91/2015/QH13", doc_type="code", title="Bộ luật Dân sự")
    a_document("1/2019/QH14")
    found = api("get", "documents?q=BLDS").json()["results"]
    assert [document["number"] for document in found] == ["91/2015/QH13"]


TYPED = [  # (what is typed, the number and the eid of what comes first)
    ("NĐ168/2024", "168/2024/NĐ-CP", None),
    ("168.2024.NĐ-CP", "168/2024/NĐ-CP", None),
    ("36/2024", "36/2024/QH15", None),
    ("36 2024 qh15", "36/2024/QH15", None),
    ("nd-cp 100/2019", "100/2019/NĐ-CP", None),
    ("100-2019-nd-cp", "100/2019/NĐ-CP", None),
    ("luật đất đai 2024 điều 1", "31/2024/QH15", "art_1"),
    ("khoan 2 dieu 1 luat hon nhan gia dinh", "52/2014/QH13", "art_1__clause_2"),
]


def test_what_people_type_for_a_law_finds_it_first_in_search_and_its_number_in_lists(api):
    article = ("Phạm vi", "1. Một.\n2. Hai theo Nghị định 168/2024/NĐ-CP và số 36/2024, 100/2019.")
    a_law("52/2014/QH13", "Hôn nhân và gia đình", article, issued_on=datetime.date(2014, 6, 19))
    a_law("31/2024/QH15", "Đất đai", article, issued_on=datetime.date(2024, 1, 18))
    a_law("36/2024/QH15", "Trật tự, an toàn giao thông đường bộ", article, issued_on=datetime.date(2024, 6, 27))
    a_law("36/2023/QH15", "Khác", article)
    for decree in ("168/2024/NĐ-CP", "168/2023/NĐ-CP", "100/2019/NĐ-CP"):
        a_document(
            decree, doc_type="decree", title=f"Nghị định về vườn {decree[:3]}", text=f"Điều 1. Vườn\n{article[1]}"
        )
    for typed, number, eid in TYPED:
        first = search(api, typed)["results"][0]
        assert (first["document"]["number"], first.get("provision") and first["provision"]["eid"]) == (number, eid), (
            typed
        )
        if eid is None:
            listed = api("get", f"documents?number={typed}").json()["results"]
            assert [row["number"] for row in listed] == [number], typed


def test_queries_with_slips_names_and_odd_letters_are_all_answered(db):
    a_law("52/2014/QH13", "Hôn nhân và gia đình", HOUSEHOLD, LICENCE)
    article = ("Hợp đồng lao động", "Kết hôn, ly hôn và hợp đồng lao động, đất đai.")
    a_law("1/2020/QH14", "Lao động", *[article] * 30)  # a word is corrected to one that more than 20 passages hold
    services.rebuild_index()
    how_many = int(os.environ.get("TYPED_QUERIES", "150"))  # script/check-more fuzz: two thousand
    rng, filters = random.Random(20), queries.SearchFilters(day=today(), kinds=(ResultKind.PROVISION,))
    typed = ["kết hônn Grab", "hợp đồngg lao động Samsung", *(typed_query(rng) for _ in range(how_many))]
    failed = {}
    for text in typed:
        try:
            queries.search_or_nearest(text, filters)
        except Exception as error:  # every kind would be a 500
            failed[text] = repr(error)
    assert failed == {}
