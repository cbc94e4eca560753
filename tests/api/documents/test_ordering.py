"""The order of a list of documents: exact page by page, and a deep page begins inside an index."""

import datetime
import itertools
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from content.documents.models import LegalDocument, StatusEvent
from tests.builders import a_document

pytestmark = pytest.mark.django_db
ORDERINGS = ("-issued_on", "issued_on", "-updated_at", "updated_at", "-effective_on", "effective_on")
NOON = datetime.datetime(2025, 1, 1, 12, tzinfo=datetime.UTC)
PLACES = st.tuples(  # (day of issue and of effect, 0: unknown; moment of the change): many alike
    st.integers(0, 3), st.integers(0, 2)
)
PAGE = re.compile(r"FROM \((SELECT .+? LIMIT \d+)\) AS chosen", re.DOTALL)  # inside of what shows its documents
_numbers = itertools.count(1)


def add_documents(places):
    """Published documents, of each its day of issue, the month of its effect, and the moment of its last change."""
    for day, moment in places:
        number = next(_numbers)
        row = LegalDocument.objects.create(
            key=f"d-{number}", number_key=f"d-{number}", title=f"{number}", doc_type="law", content_hash="0" * 64,
            status="published", published_at=NOON, issued_on=datetime.date(2024, 1, day) if day else None,
        )  # fmt: skip
        if day:
            StatusEvent.objects.create(
                document=row, kind="takes_effect", on=datetime.date(2024, 5 - day, 1), stated_on=NOON.date()
            )
        changed_at = NOON + datetime.timedelta(microseconds=moment)
        LegalDocument.objects.filter(pk=row.pk).update(updated_at=changed_at)


def expected(ordering):
    """Keys in that order, as Python sorts them."""
    unknown = datetime.date.max if ordering == "effective_on" else datetime.date.min
    column = ordering.removeprefix("-")
    if column == "effective_on":
        starts = dict(StatusEvent.objects.values_list("document", "on"))
        rows = [(starts.get(pk, unknown), pk, key) for pk, key in LegalDocument.objects.values_list("pk", "key")]
    else:
        rows = [(row[0] or unknown, *row[1:]) for row in LegalDocument.objects.values_list(column, "pk", "key")]
    return [row[-1] for row in sorted(rows, reverse=ordering.startswith("-"))]


def keys(page):
    return [row["key"] for row in page["results"]]


@pytest.mark.parametrize("ordering", ORDERINGS)
@hypothesis_settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(first=st.lists(PLACES, min_size=1, max_size=9), added=st.lists(PLACES, max_size=4), size=st.integers(1, 4))
def test_pages_show_each_row_once_in_order_forwards_and_back_while_rows_are_added(api, ordering, first, added, size):
    with transaction.atomic():
        add_documents(first)
        there = expected(ordering)
        later, seen, pages = iter(added), [], []
        url = f"documents?ordering={ordering}&page_size={size}&fields=key"
        while url:
            page = api("get", url).json()
            pages.append(page)
            seen += keys(page)
            add_documents(itertools.islice(later, 1))
            url = page["next"]
        assert [key for key in seen if key in there] == there
        assert len(seen) == len(set(seen))
        url, back = pages[-1]["previous"], []
        while url:
            page = api("get", url).json()
            back = keys(page) + back
            url = page["previous"]
        whole = expected(ordering)
        if pages[-1]["previous"]:  # also what was added in front of the page meanwhile
            assert back == whole[: whole.index(keys(pages[-1])[0])]
        transaction.set_rollback(True)


def test_without_an_ordering_it_is_the_latest_issue_first(api):
    add_documents([(1, 0), (3, 1), (0, 2), (2, 0)])
    assert keys(api("get", "documents").json()) == expected("-issued_on")
    following = api("get", "documents?page_size=2").json()["next"]
    assert keys(api("get", f"{following}&ordering=-issued_on").json()) == expected("-issued_on")[2:]


@pytest.mark.parametrize(
    ("of", "used_for"), [(a, b) for a in ORDERINGS for b in (*ORDERINGS, "") if (b or "-issued_on") != a]
)
def test_a_cursor_of_another_ordering_is_refused_and_says_what_to_do(api, of, used_for):
    add_documents([(1, 0), (2, 1)])
    cursor = api("get", f"documents?ordering={of}&page_size=1").json()["next"].partition("cursor=")[2].partition("&")[0]
    asked = f"documents?cursor={cursor}" + (f"&ordering={used_for}" if used_for else "")
    refusal = api("get", f"{asked}&lang=en")
    (error,) = refusal.json()["errors"]
    assert (refusal.status_code, error["pointer"]) == (400, "/cursor")
    assert error["detail"].startswith("This cursor is of another `ordering`.")


@pytest.mark.parametrize("value", ["title", "-", "id", "-list_order", "__class__", "issued_on,updated_at"])
def test_an_unknown_ordering_is_400_and_lists_the_known_ones(api, value):
    refusal = api("get", f"documents?ordering={value}&lang=en")
    (error,) = refusal.json()["errors"]
    assert (refusal.status_code, error["pointer"]) == (400, "/ordering")
    assert error["detail"] == "Use one of: -issued_on, issued_on, -updated_at, updated_at, -effective_on, effective_on."


@pytest.mark.parametrize(
    "cursor",
    ["cD0xLjIuMyZzPS11cGRhdGVkX2F0", "cD05OTk5OTk5OTk5OTk5OTk5OTkuMSZzPS11cGRhdGVkX2F0", "cz0tdXBkYXRlZF9hdA=="],
)
def test_a_cursor_of_the_right_ordering_that_is_no_place_is_400(api, cursor):
    assert api("get", f"documents?ordering=-updated_at&cursor={cursor}").status_code == 400


def test_filters_narrow_an_ordered_list_and_stay_in_the_address_of_the_next_page(api):
    for number in range(3):
        a_document(f"{number}/2019/QH14")
    a_document("4/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ")
    first = api("get", "documents?ordering=-updated_at&type=law&page_size=2").json()
    second = api("get", first["next"]).json()
    found = [row["number"] for row in first["results"] + second["results"]]
    assert (found, second["next"]) == (["2/2019/QH14", "1/2019/QH14", "0/2019/QH14"], None)


@pytest.mark.parametrize("ordering", ORDERINGS)
def test_a_deep_page_begins_inside_an_index_and_sorts_nothing(api, ordering):
    add_documents([(1, 0), (2, 0), (3, 1), (0, 2)])
    following = api("get", f"documents?ordering={ordering}&page_size=2").json()["next"]
    with CaptureQueriesContext(connection) as said:
        api("get", following)
    (page,) = [PAGE.search(each["sql"])[1] for each in said if "LIMIT 3" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {page}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Sort" not in plan, plan
    column = "list_order" if "issued_on" in ordering else "ROW"
    assert f"Index Cond: ({column}" in plan, plan


def test_a_list_by_effect_holds_unknown_days_last_both_ways(api):
    add_documents([(0, 0), (1, 0), (3, 0)])  # effect: unknown, April, February
    days = [["2024-04-01", "2024-02-01", None], ["2024-02-01", "2024-04-01", None]]
    asked = [api("get", f"documents?ordering={name}&fields=effective_on").json() for name in ORDERINGS[-2:]]
    assert [[row["effective_on"] for row in each["results"]] for each in asked] == days


@pytest.mark.rehearsal
def test_at_thirty_thousand_documents_a_page_by_effect_reads_the_index_alone(api):
    many = range(1_000_000, 1_030_000)
    StatusEvent.objects.bulk_create(  # before their documents, which so need no second write each
        StatusEvent(document_id=pk, kind="takes_effect", on=datetime.date(2000, 1, 1 + pk % 28), stated_on=NOON.date())
        for pk in many
    )
    LegalDocument.objects.bulk_create(
        LegalDocument(
            pk=pk, key=f"many-{pk}", number_key=f"many-{pk}", title="Luật", doc_type="law", content_hash="0" * 64,
            status="published", published_at=NOON,
        ) for pk in many
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE content_legaldocument")
    for ordering in ORDERINGS[-2:]:
        url = f"documents?ordering={ordering}&page_size=20&fields=key"
        with CaptureQueriesContext(connection) as said:
            api("get", api("get", url).json()["next"])
        first, page = [PAGE.search(each["sql"])[1] for each in said if "LIMIT 21" in each["sql"]]
        for asked in (first, page):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {asked}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "documents_by_effect" in plan and "Sort" not in plan and "Seq Scan on content_leg" not in plan, plan


def test_a_page_that_became_empty_leads_to_the_first_rows(api):
    add_documents([(1, 0), (2, 1), (3, 2)])
    newest = expected("-updated_at")[0]
    second = api("get", api("get", "documents?ordering=-updated_at&page_size=1&fields=key").json()["next"]).json()
    LegalDocument.objects.filter(key=newest).update(updated_at=NOON - datetime.timedelta(days=1))  # it moves away
    back = api("get", second["previous"]).json()
    assert (keys(back), back["previous"]) == ([], None)
    assert keys(api("get", back["next"]).json()) == expected("-updated_at")[:1]
