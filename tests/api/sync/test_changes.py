"""The change feed: all that is public in the order it happened, nothing that is private, soon after it happened."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from api import long_polling
from api.v1.sync.changes import CHANGED_OBJECTS
from content.changes import event_types
from content.changes.models import Change
from content.editing import services as editing
from content.events import services as events
from content.people.models import Reader
from content.publishing import services as documents
from content.qa import services as questions
from tests.builders import (
    a_document,
    a_draft,
    a_question,
    amend,
    an_amending_law,
    an_answered_question,
    an_event,
    approver,
    correct_law,
    land,
)

pytestmark = pytest.mark.django_db


def changes(query="", status=200):
    answer = Client().get(f"/api/v1/changes?{query}" if query else "/api/v1/changes")
    assert answer.status_code == status
    return answer.json()


def follow(after="0", **options):
    """All lines after a cursor, and the cursor they leave."""
    lines, page = [], changes(f"after={after}&page_size=2")
    while True:
        lines += page["results"]
        if page["next"] is None:
            return lines, page["cursor"]
        page = Client().get(page["next"]).json()


def test_a_page_that_says_more_than_a_moment_ago_is_not_taken_for_the_same():
    a_document()
    page = Client().get("/api/v1/changes")
    a_document()
    since = http_date(timezone.now().timestamp())  # of the same second, which is all that such a moment tells
    assert Client().get("/api/v1/changes", headers={"If-Modified-Since": since}).status_code == 200
    answer = Client().get("/api/v1/changes", headers={"If-None-Match": page["ETag"]})
    assert (answer.status_code, len(answer.json()["results"])) == (200, 2)
    assert Client().get("/api/v1/changes", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_law_from_publication_to_withdrawal_in_order_with_both_clocks_and_hashes():
    law = a_document("1/2019/QH14", topics=[land()])
    act = an_amending_law(law, "2/2024/QH15")
    amend(act)
    correct_law(a_document("3/2019/QH14"))
    gone = a_document("4/2019/QH14")
    editing.withdraw_document(gone, reason="Nhập hai lần")
    lines, cursor = follow()
    assert [(line["event_type"], line["nature"], line["subject"]) for line in lines] == [
        ("document.published", "legal", law.key),
        ("document.published", "legal", act.key),
        *[(line["event_type"], line["nature"], line["subject"]) for line in lines[2:-4]],
        ("document.published", "legal", "luat-2019-3-2019-qh14"),
        ("document.corrected", "editorial", "luat-2019-3-2019-qh14"),
        ("document.published", "legal", gone.key),
        ("document.withdrawn", "withdrawal", gone.key),
    ]
    amended = next(line for line in lines if line["event_type"] == "document.amended")
    assert (amended["subject"], amended["on"]) == (law.key, "2025-01-01")
    assert {"art_1a", "art_2__clause_1__point_b"} <= set(amended["eids"])
    assert amended["hash_before"] == lines[0]["hash_after"] != amended["hash_after"]
    assert (lines[0]["hash_before"], lines[0]["topics"]) == (None, ["11-dat-dai"])
    assert lines[0]["url"] == f"http://127.0.0.1:8000/api/v1/documents/{law.key}"
    assert lines[0]["changed_at"] < lines[0]["updated_at"]  # the amendment wrote the row again
    assert [line["is_tombstone"] for line in lines] == [False] * (len(lines) - 1) + [True]
    assert (lines[-1]["updated_at"], lines[-1]["hash_after"]) == (None, None)
    assert lines[-1]["facts"]["reason"] == "Nhập hai lần"
    assert follow(cursor) == ([], cursor)


def test_the_keys_are_the_cursors():
    for _ in range(3):
        a_document()
    lines, cursor = follow()
    assert [int(line["key"]) for line in lines] == sorted(int(line["key"]) for line in lines)
    assert (len(lines), lines[-1]["key"]) == (3, cursor)
    assert follow(lines[0]["key"])[0] == lines[1:]


def test_no_private_change_ever():
    minh = Reader.objects.create()
    secret = a_question(minh, title="Bí mật của Minh")
    questions.screen(secret, by=approver())
    questions.reject(secret, reason="Không phải câu hỏi pháp luật", by=approver())
    kept_to_himself = an_answered_question(Reader.objects.create(), consent_to_publish=False)
    public = an_answered_question(minh)
    talk, first = an_event(seats=1), Reader.objects.create()
    events.register(talk, first), events.register(talk, minh)
    events.unregister(talk, first)  # Minh has the seat now
    private_kinds = {line.event_type for line in Change.objects.exclude(reader=None)}
    assert private_kinds >= {event_types.QUESTION_CLOSED, event_types.QUESTION_ANSWERED, event_types.EVENT_SEAT_GIVEN}
    lines, _cursor = follow()
    assert [line["subject"] for line in lines] == [public.key, talk.key]
    said = str(lines)
    for private in (secret.key, kept_to_himself.key, str(minh.pk), "Bí mật", "Minh"):
        assert private not in said


def test_a_cursor_may_be_the_id_of_a_private_change():
    an_answered_question(Reader.objects.create())
    private = Change.objects.exclude(reader=None).latest("pk")
    law = a_document()
    assert [line["subject"] for line in follow(str(private.pk))[0]] == [law.key]


def test_a_question_taken_down_leaves_a_tombstone():
    question = an_answered_question()
    questions.take_down(question, reason="Không còn đúng", by=approver())
    answered, withdrawn = follow()[0]
    assert (answered["is_tombstone"], withdrawn["is_tombstone"], withdrawn["object"]) == (False, True, "question")
    assert withdrawn["nature"] == "withdrawal"
    assert answered["updated_at"] is None


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", "after=%D9%A3", "after=99999999999999999999", "wait=9", "wait=1.5", "page_size=0",
     "page_size=101", "topc=1", "after=1&after=2", "after=", "fields=secret"],
)  # fmt: skip
def test_bad_parameters_are_400_and_named(query):
    problem = changes(query, status=400)
    assert problem["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


def test_a_cursor_of_another_change_log_is_refused_in_words():
    a_document()
    ahead = Change.objects.latest("pk").pk + 1
    problem = changes(f"after={ahead}", status=400)
    assert (problem["code"], problem["type"]) == ("cursor_ahead", "http://127.0.0.1:8000/problems/cursor_ahead")
    assert "bản xuất mới nhất" in problem["detail"]
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [("/after", "cursor_ahead")]


def test_fields_are_kept_from_page_to_page():
    for _ in range(3):
        a_document()
    page = changes("page_size=2&fields=key,subject")
    assert page["results"][0].keys() == {"key", "subject"}
    assert Client().get(page["next"]).json()["results"][0].keys() == {"key", "subject"}


def test_a_cache_asks_again_each_time():
    a_document()
    answer = Client().get("/api/v1/changes")
    assert answer["Cache-Control"] == "public, no-cache"
    assert Client().get("/api/v1/changes", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_query_count_does_not_grow_with_changes():
    counts = []
    for _ in range(2):
        a_document(), an_answered_question()
        with CaptureQueriesContext(connection) as asked:
            changes()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_event_type_names_an_object_with_a_url():
    assert {kind.partition(".")[0] for kind in event_types.EVENT_TYPES} == CHANGED_OBJECTS.keys()


def test_waiting_ends_with_the_first_change():
    paused = []

    def pause(seconds):
        paused.append(seconds)
        if len(paused) == 3:
            a_document()

    one = threading.BoundedSemaphore(1)
    assert long_polling.wait_until(Change.objects.exists, 8, pause=pause, slots=one) is True
    assert one.acquire(blocking=False)
    assert len(paused) == 3


def test_waiting_ends_in_time_without_a_change():
    now, one = [0.0], threading.BoundedSemaphore(1)

    def pause(seconds):
        now[0] += seconds

    assert long_polling.wait_until(bool, 2, pause=pause, clock=lambda: now[0], slots=one) is False
    assert 2 <= now[0] < 2.5


def test_where_all_slots_are_used_it_answers_at_once():
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    assert long_polling.wait_until(bool, 8, pause=pytest.fail, slots=taken) is False
    taken.release()
    assert long_polling.wait_until(bool, 0, pause=pytest.fail, slots=taken) is False


@pytest.mark.django_db(transaction=True)
def test_who_follows_the_cursor_misses_nothing_that_eight_writers_publish():
    """One has written its line and not committed; the others publish meanwhile, and the mirror reads on."""
    first, *others = [a_draft() for _ in range(8)]
    blocked_by_us = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    read = []

    def in_thread(call):
        thread = threading.Thread(target=lambda: (call(), connection.close()))
        thread.start()
        return thread

    with transaction.atomic(), connection.cursor() as cursor:
        documents.publish(first)
        writers = [in_thread(lambda draft=draft: documents.publish(draft)) for draft in others]
        waiting = 0
        while waiting < sum(writer.is_alive() for writer in writers):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(blocked_by_us)
            (waiting,) = cursor.fetchone()
        in_thread(lambda: read.append(follow())).join()
    for writer in writers:
        writer.join()
    ((lines, after),) = read
    lines += follow(after)[0]
    assert sorted(line["subject"] for line in lines) == sorted(draft.key for draft in (first, *others))
