"""Lists that are narrowed by effect show what their filter found, whatever changes while they are read."""

import contextlib
import datetime
import threading

import pytest
from django.db import connection

from content.documents import span_writer
from content.documents.models import OutdatedSpans
from content.editing import services as editing
from tests.builders import a_document

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
DAY = datetime.date
TEXT = "LUẬT\nMẪU\nĐiều 1. Hộ kinh doanh\nHộ kinh doanh đăng ký tại xã.\n"
AS_OF = "as_of=2023-01-01"


@contextlib.contextmanager
def changed_when_marks_are_read(change):
    """Somebody else commits a change between the first statement of a read by effect and the next ones."""
    done = []

    def change_after(execute, sql, parameters, many, context):
        result = execute(sql, parameters, many, context)
        if "content_outdatedspans" in sql and not done:
            done.append(sql)
            elsewhere(change)
        return result

    with connection.execute_wrapper(change_after):
        yield
    assert done


def elsewhere(change):
    def run():
        try:
            change()
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    other.join(timeout=60)
    assert not other.is_alive()


def a_law_in_force():
    return a_document("1/2020/QH14", title="Luật Hộ kinh doanh", text=TEXT, effective_on=DAY(2020, 1, 1))


def ends(law):
    """As the release before writes: a trigger marks the document, nobody writes its spans."""
    law.status_events.create(kind="expires", on=DAY(2022, 1, 1), stated_on=DAY(2022, 1, 1))


def ends_no_more(law):
    law.status_events.filter(kind="expires").delete()


def listed(api, status):
    return [row["effect_status"] for row in api("get", f"documents?status={status}&{AS_OF}").json()["results"]]


def found(api, status):
    answer = api("get", f"search?q=hộ kinh doanh&kind=document&status={status}&{AS_OF}").json()
    return [hit["effect_status"] for hit in answer["results"]]


def in_feed(api, status):
    items = api("get", f"feeds/documents.json?status={status}&{AS_OF}&lang=en").json()["items"]
    names = {"In force": "in_force", "Expired": "expired"}
    return [names[name] for item in items for name in names if name in item["content_text"].split(" · ")]


@pytest.mark.parametrize("read", [listed, found, in_feed])
def test_a_list_shows_the_status_it_was_asked_for_while_the_effect_changes(api, read):
    law = a_law_in_force()
    assert not OutdatedSpans.objects.exists()
    with changed_when_marks_are_read(lambda: ends(law)):
        assert read(api, "in_force") == ["in_force"]  # as it was when the read began
    assert (read(api, "in_force"), read(api, "expired")) == ([], ["expired"])
    with changed_when_marks_are_read(lambda: ends_no_more(law)):  # of a document whose spans are not written
        assert read(api, "expired") == ["expired"]
    assert (read(api, "in_force"), read(api, "expired")) == (["in_force"], [])


def test_a_list_shows_the_status_it_was_asked_for_while_the_worker_writes(api):
    law = a_law_in_force()
    ends(law)
    with changed_when_marks_are_read(span_writer.write_outdated_spans):
        assert listed(api, "expired") == ["expired"]
    assert not OutdatedSpans.objects.exists()
    assert (listed(api, "in_force"), listed(api, "expired")) == ([], ["expired"])


def test_facets_count_one_moment(api):
    law = a_law_in_force()
    with changed_when_marks_are_read(lambda: ends(law)):
        counts = api("get", f"documents/facets?{AS_OF}").json()
    assert (counts["total"], counts["status"]) == (1, [{"value": "in_force", "count": 1}])
    with changed_when_marks_are_read(lambda: editing.withdraw_document(law, reason="nhầm")):
        counts = api("get", f"documents/facets?{AS_OF}").json()
    assert (counts["total"], counts["status"]) == (1, [{"value": "expired", "count": 1}])
    assert api("get", f"documents/facets?{AS_OF}").json()["total"] == 0
