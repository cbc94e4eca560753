"""Reads of a library of thirty thousand documents, and that PostgreSQL answers a page of one from an index."""

import datetime
import random
import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.documents.models import LegalDocument, StatusEvent
from tests.builders import a_document, justice, land

pytestmark = pytest.mark.django_db
DAY = datetime.date
NOON = datetime.datetime(2025, 1, 1, 12, tzinfo=datetime.UTC)
FIRST_DAY, MANY = DAY(1950, 1, 1), range(1_000_000, 1_030_000)
EFFECTS = re.compile(r"^(SELECT .* LIMIT 21)$", re.DOTALL)
CHOSEN = re.compile(r"FROM \((SELECT .+? LIMIT \d+)\) AS chosen", re.DOTALL)


@pytest.fixture
def library():
    """30,000 laws under one topic, issued and in effect on days of 75 years."""
    days = {pk: FIRST_DAY + datetime.timedelta(days=pk * 7_919 % 27_000) for pk in MANY}
    StatusEvent.objects.bulk_create(  # before their documents, which so need no second write each
        StatusEvent(document_id=pk, kind="takes_effect", on=day, stated_on=NOON.date()) for pk, day in days.items()
    )
    LegalDocument.objects.bulk_create(
        LegalDocument(
            pk=pk, key=f"many-{pk}", number_key=f"many-{pk}", title="Luật", doc_type="law", content_hash="0" * 64,
            status="published", published_at=NOON, issued_on=day,
            search_key=f"luat {'nha o' if pk % 3 == 0 else 'dat dai'} {'hiem' if pk % 6_000 == 0 else ''}",
        ) for pk, day in days.items()
    )  # fmt: skip
    filed = LegalDocument.topics.through
    topic = land().pk
    filed.objects.bulk_create(filed(legaldocument_id=pk, topic_id=topic) for pk in MANY)
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE content_legaldocument, content_statusevent, content_legaldocument_topics, content_topic"
        )


def plan_of(api, path, pattern):
    """How PostgreSQL finds the rows of a page: the plan of the statement that the pattern finds."""
    with CaptureQueriesContext(connection) as said:
        assert api("get", path).status_code == 200
    (asked,) = [found[1] for each in said if (found := pattern.search(each["sql"]))]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked}")
        return "\n".join(line for (line,) in cursor.fetchall())


PAGES = {  # {address: the index that leads to its rows in their order}
    "feeds/documents.atom?topic=11-dat-dai": "documents_by_update",
    "documents?topic=11-dat-dai": "documents_list_order",
    "documents?as_of=1960-01-01": "documents_list_order",
    "effects?from=1945-01-01": "status_events_in_order",
    "effects?from=2015-01-01&to=2015-12-31": "status_events_in_order",
    "effects?from=1945-01-01&topic=11-dat-dai": "status_events_in_order",
}


def test_a_list_of_a_large_library_stops_after_a_page(api, library):
    for path, index in PAGES.items():
        plan = plan_of(api, path, EFFECTS if path.startswith("effects") else CHOSEN)
        assert index in plan, plan
        assert "Sort" not in plan and "Seq Scan" not in plan and "Hash" not in plan, plan
        if "topic" not in path:  # and begins at its first row
            assert re.search(r"Index Cond: \(+(COALESCE|list_order <)", plan), plan
    plan = plan_of(api, "documents?q=khongco", re.compile(r"^(\(SELECT .* LIMIT 501)$", re.DOTALL))
    assert "documents_search_key" in plan and "Seq Scan on content_legaldocument" not in plan, plan


def test_a_list_of_a_day_has_what_was_issued_by_then_and_what_nobody_knows_the_day_of(api):
    day = DAY(2020, 5, 5)
    for number, issued_on in enumerate([day - datetime.timedelta(days=1), day, day + datetime.timedelta(days=1), None]):
        a_document(f"{number}/2020/QH14", issued_on=issued_on, effective_on=DAY(2020, 1, 1))
    found = api("get", f"documents?as_of={day}").json()["results"]
    assert [each["number"] for each in found] == ["1/2020/QH14", "0/2020/QH14", "3/2020/QH14"]
    assert api("get", f"documents/facets?as_of={day}").json()["total"] == 3


def test_words_find_what_has_them_whether_few_or_many_documents_do(api, library):
    rows = list(LegalDocument.objects.order_by("-list_order").values_list("key", "search_key"))
    for words, folded, count in (("nhà ở", "nha o", 10_000), ("hiếm", "hiem", 5), ("không có", "khong co", 0)):
        found = api("get", f"documents?q={words}&count=true&page_size=5&fields=key").json()
        having = [key for key, said in rows if folded in said]
        assert found["count"] == len(having) == count
        assert [each["key"] for each in found["results"]] == having[:5]


def in_order(counts):
    """As a facet shows them: most first, then by value."""
    return [
        {"value": str(value), "count": n} for value, n in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def test_facets_count_each_value_of_each_document_once_and_show_the_most_first(api, django_assert_num_queries):
    chance = random.Random(4)
    documents = []
    for number in range(24):
        local = number % 6 == 5
        documents.append(
            a_document(
                f"{number}/20{10 + number % 3}/{'QĐ-UBND' if local else 'QH14'}",
                doc_type=chance.choice(["law", "resolution"]) if not local else "decision",
                issuer="" if local else "Quốc hội",
                **({"province": chance.choice(["25-phu-tho", "62-kon-tum"])} if local else {}),
                issued_on=DAY(2010 + number % 3, 5, 1) if number % 5 else None,
                effective_on=DAY(2021 + number % 2, 1, 1),
                topics=chance.sample([land(), land().children.first(), justice()], number % 4 and number % 3),
            )
        )
    with django_assert_num_queries(2):
        facets = api("get", "documents/facets?as_of=2021-06-01").json()
    assert facets["total"] == 24
    assert facets["type"] == in_order(Counter(each.doc_type for each in documents))
    assert facets["issuer"] == in_order(Counter(each.issuer.key for each in documents if each.issuer))
    assert facets["province"] == in_order(Counter(each.province.key for each in documents if each.province))
    assert facets["topic"] == in_order(Counter(topic.key for each in documents for topic in each.topics.all()))
    assert facets["year"] == in_order(Counter(each.issued_on.year for each in documents if each.issued_on))
    assert facets["status"] == in_order({"in_force": 12, "not_yet_effective": 12})
    assert facets["doubt"] == [{"value": "false", "count": 24}]
    under_land = api("get", "documents/facets?topic=11-dat-dai&as_of=2021-06-01").json()
    kept = [each for each in documents if {land().pk, land().children.first().pk} & {t.pk for t in each.topics.all()}]
    assert under_land["total"] == len(kept)
    assert under_land["topic"] == in_order(Counter(topic.key for each in kept for topic in each.topics.all()))


def test_facets_of_what_nothing_can_match_are_empty(api):
    a_document()
    facets = api("get", "documents/facets?number=9/1999/QH1").json()
    assert facets.pop("total") == 0
    assert set(map(len, facets.values())) == {0}
