"""All that is a reader's, in one call; erased, in one call."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import connection, transaction

from api.v1.account.me import EXPORTED_TABLES
from content.events import services as events
from content.people.models import Reader
from content.qa import services as questions
from content.qa.models import Question
from notifications.devices import services as devices
from notifications.fanout import read_changes
from notifications.follows import contest_entries, event_registrations
from notifications.follows import services as follows
from notifications.inbox import queries as inbox
from notifications.inbox import services as marks
from tests.builders import a_device, a_question, an_answered_question, an_event, answerer, approver, land
from tests.builders_contests import a_result, a_running_contest
from tests.content.qa.test_question_races import how_many_wait

pytestmark = pytest.mark.django_db


def a_reader_with_rows_in_every_table():
    minh = a_device("minh")
    follows.follow(minh.reader, land())
    of_another = an_answered_question(Reader.objects.create())
    follows.follow(minh.reader, of_another)
    questions.rate_answer(of_another, reader=minh.reader, is_helpful=True)
    questions.report_problem(of_another, reader=minh.reader, kind="wrong", text="Sai")
    an_answered_question(minh.reader, idempotency_key="k-1")
    an_answered_question(minh.reader, consent_to_publish=False)
    a_question(minh.reader)
    event = an_event(data_purpose="Làm thẻ")
    event_registrations.register(event, minh.reader, name="Trần Văn Minh", contact="0912 345 678", consent=True)
    events.renew_calendar(minh.reader)
    contest = a_running_contest()
    contest_entries.enter(contest, minh.reader, age_band="adult", consent=True)
    a_result(contest, 2, reader=minh.reader)
    read_changes()
    marks.mark_read(minh.reader, inbox.inbox_of(minh.reader).first())
    return minh


def columns_that_hold(value):
    """Tables and columns that hold a value, whatever the column's type."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        for table, column in cursor.fetchall():
            cursor.execute(f"""SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text LIKE %s)""", [f"%{value}%"])
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def test_every_table_that_names_a_reader_is_exported():
    naming = {model for model in apps.get_models() for field in model._meta.fields if field.related_model is Reader}
    assert naming == {model for model, _serializer in EXPORTED_TABLES.values()}


def test_the_export_has_all_of_it_and_no_secret(api):
    minh = a_reader_with_rows_in_every_table()
    exported = api("get", "me/export", device=minh).json()
    counts = {name: len(rows) for name, rows in exported.items() if isinstance(rows, list)}
    assert counts == {
        "devices": 1, "follows": 2, "questions": 3, "ratings": 1, "reports": 1, "changes": 2, "notifications": 2,
        "read_marks": 1, "idempotency_keys": 1, "registrations": 1, "calendars": 1,
        "contest_entries": 1,
    }  # fmt: skip
    (entry,) = exported["contest_entries"]
    assert [(each["state"], each["result"], len(each["answers"])) for each in entry["attempts"]] == [
        ("submitted", None, 4)
    ]
    assert exported["reader"]["id"] == str(minh.reader.pk)
    assert "0912 345 678" in json.dumps(exported, ensure_ascii=False)  # their own words, as they wrote them
    assert minh.secret not in json.dumps(exported) and "secret_hash" not in json.dumps(exported)


@pytest.mark.parametrize("way", ["me", "devices/phone-of-minh"])
def test_erasing_leaves_no_trace_in_any_column_and_nothing_in_the_log(api, caplog, way):
    caplog.set_level(logging.DEBUG)
    minh = a_reader_with_rows_in_every_table()
    secrets = [str(minh.reader.pk), "0912 345 678", "Trần Văn Minh", minh.installation_key]
    assert all(columns_that_hold(secret) for secret in secrets)
    written = Question.objects.filter(reader=minh.reader).values_list("key", flat=True)
    public = Question.objects.get(reader=minh.reader, published_at__isnull=False)
    private = [key for key in written if key != public.key]
    of_another = Question.objects.exclude(reader=minh.reader).get()
    Question.objects.filter(pk=of_another.pk).update(text="")  # its words are like Minh's
    assert api("delete", way, device=minh).status_code == 204
    assert {secret: columns_that_hold(secret) for secret in secrets} == {secret: [] for secret in secrets}
    assert not Question.objects.filter(key__in=private).exists()
    assert api("get", f"questions/{public.key}").json()["text"] == "Bao lâu thì phải sang tên?"
    assert api("get", "me/export", device=minh).status_code == 401
    for secret in secrets[:3]:
        assert secret not in caplog.text


def test_what_staff_do_with_a_question_whose_asker_is_gone_fails_for_nobody(api):
    minh = a_device()
    question = an_answered_question(minh.reader)
    api("delete", "me", device=minh)
    questions.revise(question, by=answerer(), reason="Xem lại")
    questions.take_down(question, by=approver(), reason="Không còn cần")
    assert Question.objects.get(pk=question.pk).status == "closed"


@pytest.mark.usefixtures("committed")
def test_what_a_reader_sends_while_they_are_erased_is_401(api):
    minh = a_device()
    body = {"title": "Sang tên", "text": "Bao lâu?", "consent_to_publish": True}

    def ask():
        try:
            return api("post", "questions", body, device=minh, HTTP_IDEMPOTENCY_KEY="k")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            devices.lock_reader(minh.reader)
            asking = pool.submit(ask)
            while not how_many_wait():
                assert not asking.done()
            follows.erase_reader(minh.reader)
        answer = asking.result()
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_secret")
    assert answer["WWW-Authenticate"] == 'Bearer realm="luatmo"'
