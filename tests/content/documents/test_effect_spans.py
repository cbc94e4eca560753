"""Effect spans: the days of each status, stored as status events change, and equal to the rules."""

import datetime
import hashlib
import importlib
import inspect
import threading
import time
from contextlib import suppress
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.v1.documents.effect_doubts import doubt_of_document
from config.doctor import work_checks
from content.document_reads.facet_counts import facet_counts
from content.documents import effect, effect_queries, effect_spans, queries, span_writer
from content.documents.effect import EffectDoubtKind, EffectEvent, EffectStatus, UncheckedStatement, effect_of
from content.documents.effect_spans import RULES, spans_of
from content.documents.facets import facets_on
from content.documents.models import EffectDoubt, EffectSpan, LegalDocument, OutdatedSpans, StatusEvent
from content.documents.outdated_spans import MOST_COMPUTED, outdated_states
from content.effect_reviews import span_comparison
from content.people.models import User
from tests.builders import a_document

DAY, ONE_DAY = datetime.date, datetime.timedelta(days=1)
FIRST, STATED_ON = DAY(2020, 1, 1), DAY(2024, 6, 1)
event_days = st.dates(DAY(2018, 1, 1), DAY(2026, 1, 1))
some_eids = st.sampled_from([(), ("art_1",), ("art_1", "art_2"), ("art_1__clause_1",)])
any_event = st.tuples(
    st.sampled_from(StatusEvent.Kind.values),
    st.sampled_from(["whole", "part"]),
    st.none() | event_days,
    some_eids,
    event_days | st.just(STATED_ON),  # known long before, on the day, or long after
)


def is_possible(event):
    """What the database accepts: a whole document takes effect on a day, an amendment is of a part, on a day."""
    kind, scope, on, *_rest = event
    return not (kind == "takes_effect" and scope == "whole" and not on) and (
        kind != "amended" or (scope == "part" and on is not None)
    )


some_events = st.lists(any_event.filter(is_possible), max_size=7, unique_by=lambda event: event[:4])
some_doubts = st.dictionaries(  # {(kind, scope): (first day, days until it no longer counts)}, of one act
    st.tuples(st.sampled_from(EffectDoubtKind.values), st.sampled_from(["whole", "part"])),
    st.tuples(event_days, st.sampled_from([None, 1, 400])),
    max_size=2,
)
histories = st.tuples(some_events, some_doubts)


def last_day(kind, from_on, days):
    return from_on + days * ONE_DAY if days and kind in ("amends", "begins") else None


@given(histories, st.lists(event_days, max_size=3))
@hypothesis_settings(deadline=None, max_examples=2_000)
def test_spans_give_each_day_the_effect_that_the_rules_give(history, days):
    events = [
        EffectEvent(kind, scope, on, stated_on, frozenset(eids), pk)
        for pk, (kind, scope, on, eids, stated_on) in enumerate(history[0])
    ]
    doubts = [
        UncheckedStatement(kind, scope, from_on, frozenset(), last_day(kind, from_on, length))
        for (kind, scope), (from_on, length) in history[1].items()
    ]
    spans = spans_of(events, doubts, has_effect=True)
    assert spans[0].valid_from == DAY.min
    assert [each.valid_until for each in spans] == [*(each.valid_from for each in spans[1:]), None]
    firsts = {each.valid_from for each in spans[1:]}
    for day in {*days, *firsts, *(each - ONE_DAY for each in firsts), DAY.min, DAY.max, STATED_ON}:
        state = next(each.state for each in reversed(spans) if each.valid_from <= day)
        told = any(each.kind != "amends" and effect.counts_on(each, day) for each in doubts)
        assert state.status == effect.effect_on(events, day, doubts).status
        assert state.is_in_doubt == (told or effect.is_partly_expired_without_units(events, day))
    assert all(one.state != other.state for one, other in pairwise(spans))


@pytest.mark.django_db
def test_lists_agree_with_the_rules_before_and_after_spans_are_written():
    act, *laws = bare_documents(51)
    LegalDocument.objects.filter(pk=laws[0].pk).update(doc_type="consolidated_text")
    span_writer.write_outdated_spans()
    every = LegalDocument.objects.exclude(pk=act.pk).order_by("pk")

    @given(st.lists(histories, min_size=50, max_size=50), event_days)
    @hypothesis_settings(deadline=None, max_examples=40)  # two thousand histories
    def agrees(cases, day):
        with transaction.atomic():
            write_past_the_services(act, laws, cases)
            known = list(every.prefetch_related("status_events", "effect_doubts__act"))
            assert_reads_agree(every, known, day)
            assert span_writer.write_outdated_spans() == sum(map(may_change_an_effect, cases))
            assert not OutdatedSpans.objects.exists()
            assert_reads_agree(every, known, day)
            assert list(span_comparison.wrong_spans()) == []
            transaction.set_rollback(True)

    agrees()


def may_change_an_effect(case):
    events, doubts = case
    return bool(events) or any(kind != "amends" for kind, _scope in doubts)


def bare_documents(count):
    """Published documents without texts: what a list narrows."""
    return LegalDocument.objects.bulk_create(
        LegalDocument(
            key=f"d-{each}", number_key=f"d-{each}", doc_type="law", title="Mẫu", status="published",
            published_at=datetime.datetime(2018, 1, 1, tzinfo=datetime.UTC),
        )
        for each in range(count)
    )  # fmt: skip


def write_past_the_services(act, laws, cases):
    """As the release before writes, which knows no spans."""
    StatusEvent.objects.filter(document__in=laws).delete()
    StatusEvent.objects.bulk_create(
        StatusEvent(document=law, kind=kind, scope=scope, on=on, eids=list(named), stated_on=stated_on)
        for law, case in zip(laws, cases, strict=True)
        for kind, scope, on, named, stated_on in case[0]
    )
    EffectDoubt.objects.bulk_create(
        EffectDoubt(
            document=law, act=act, kind=kind, scope=scope, from_on=from_on, until_on=last_day(kind, from_on, length),
            words="…",
        )
        for law, case in zip(laws, cases, strict=True)
        for (kind, scope), (from_on, length) in case[1].items()
    )  # fmt: skip


def assert_reads_agree(every, known, day):
    ruled = {law.pk: effect_of(law, day).status for law in known}
    told = {law.pk for law in known if doubt_of_document(law, day)}
    assert {pk: facts.status for pk, facts in facets_on(day, ruled).items()} == ruled
    for status in EffectStatus:
        wanted = {status, EffectStatus.PARTLY_EXPIRED} if status == EffectStatus.IN_FORCE else {status}
        found = effect_queries.documents_with_status(every, [status], day)
        assert list(found.values_list("pk", flat=True)) == [pk for pk, its in ruled.items() if its in wanted]
    assert set(effect_queries.documents_in_doubt(every, day).values_list("pk", flat=True)) == told
    others = effect_queries.documents_not_in_doubt(every, day)
    assert set(others.values_list("pk", flat=True)) == ruled.keys() - told
    counts = facet_counts(every, day)
    own = {pk for pk, status in ruled.items() if status}
    statuses = {each["value"]: each["count"] for each in counts["status"]}
    assert statuses == {each: list(ruled.values()).count(each) for each in set(ruled.values()) - {None}}
    doubts = {each["value"]: each["count"] for each in counts["doubt"]}
    assert doubts.get("true", 0) == len(told & own)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_change_between_two_reads_is_no_difference():
    law = bare_documents(1)[0]
    span_writer.write_outdated_spans()
    EffectSpan.objects.update(status="expired")  # as a read in the midst of a change may find it
    found, is_locked = [], threading.Event()

    def compare():
        try:
            is_locked.wait(timeout=60)
            found.extend(span_comparison.wrong_spans())
        finally:
            connection.close()

    other = threading.Thread(target=compare)
    other.start()
    with transaction.atomic():
        LegalDocument.objects.select_for_update().get(pk=law.pk)
        EffectSpan.objects.update(status="unknown")
        is_locked.set()
        wait_for_a_waiter()
    other.join()
    assert found == []


def wait_for_a_waiter():
    """Returns when another session waits for a lock; fails after a minute."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    end = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits for the document")


@pytest.mark.django_db
def test_what_the_release_before_writes_is_read_at_once_and_written_by_the_worker():
    law = a_document("1/2020/QH14", effective_on=FIRST)
    law.status_events.create(kind="expires", on=DAY(2022, 1, 1), stated_on=STATED_ON)
    assert expired_on(DAY(2022, 1, 1)) == [law.number]
    assert not law.effect_spans.filter(status="expired").exists()
    assert (span_writer.write_outdated_spans(), span_writer.write_outdated_spans()) == (1, 0)
    assert expired_on(DAY(2022, 1, 1)) == [law.number]
    assert expired_on(DAY(2021, 12, 31)) == []
    law.status_events.filter(kind="expires").update(on=DAY(2023, 1, 1))
    assert expired_on(DAY(2022, 1, 1)) == []
    law.status_events.filter(kind="expires").delete()
    assert expired_on(DAY(2030, 1, 1)) == []


def expired_on(day):
    found = effect_queries.documents_with_status(queries.public_documents(), ["expired"], day)
    return list(found.values_list("number", flat=True))


@pytest.mark.django_db
def test_a_change_that_decides_no_effect_marks_nothing():
    law, act = a_document("1/2020/QH14", effective_on=FIRST), a_document("2/2020/QH14")
    law.effect_doubts.create(act=act, kind="ends", scope="whole", from_on=FIRST, words="…")
    span_writer.write_outdated_spans()
    law.status_events.update(recorded_at=law.created_at, cause="Bản khác")
    law.effect_doubts.update(words="", reasons=["other"])
    LegalDocument.objects.update(title="Luật Mẫu khác", doc_type="law")
    assert not OutdatedSpans.objects.exists()
    LegalDocument.objects.filter(pk=law.pk).update(doc_type="consolidated_text")
    assert list(OutdatedSpans.objects.values_list("document_id", flat=True)) == [law.pk]


@pytest.mark.django_db
def test_spans_go_with_their_document_also_where_sql_deletes_it():
    rows = bare_documents(2)
    span_writer.write_outdated_spans()
    assert EffectSpan.objects.count() == 2
    with connection.cursor() as cursor:  # as the release before deletes, and as this one
        cursor.execute("DELETE FROM content_legaldocument WHERE id = %s", [rows[0].pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    LegalDocument.objects.get(pk=rows[1].pk).delete()
    assert not EffectSpan.objects.exists()
    bare_documents(1)
    LegalDocument.objects.all().delete()
    assert (span_writer.write_outdated_spans(), OutdatedSpans.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_writers_of_one_document_neither_wait_nor_lose_an_event():
    law = a_document("1/2020/QH14", effective_on=FIRST)
    both, done = threading.Barrier(2), []

    def write(kind, on):
        try:
            with transaction.atomic():
                law.status_events.create(kind=kind, on=on, stated_on=STATED_ON)
                both.wait(timeout=60)
                done.append(span_writer.write_own_spans())
                both.wait(timeout=60)  # both have written, or left it to the worker, before the first commits
        finally:
            connection.close()

    days = {"suspended": DAY(2021, 1, 1), "expires": DAY(2022, 1, 1)}
    threads = [threading.Thread(target=write, args=each) for each in days.items()]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(done) == [0, 1]
    assert facets_on(DAY(2021, 6, 1), [law.pk])[law.pk].status == "suspended"
    assert facets_on(DAY(2022, 6, 1), [law.pk])[law.pk].status == "expired"
    assert span_writer.write_outdated_spans() == 1
    assert facets_on(DAY(2021, 6, 1), [law.pk])[law.pk].status == "suspended"
    assert facets_on(DAY(2022, 6, 1), [law.pk])[law.pk].status == "expired"
    assert list(span_comparison.wrong_spans()) == []


@pytest.mark.django_db
def test_the_migration_marks_all_documents_and_the_worker_writes_them():
    migration = importlib.import_module("content.migrations.0252_changes_outdate_effect_spans")
    law, copies = a_document("1/2020/QH14", effective_on=FIRST), span_writer.BATCH + 5
    bare_documents(copies)
    EffectSpan.objects.all().delete()
    OutdatedSpans.objects.all().delete()
    for _again in range(2):
        with connection.cursor() as cursor:
            cursor.execute(migration.MARK_ALL)
    assert OutdatedSpans.objects.count() == copies + 1
    assert span_writer.write_outdated_spans() == copies + 1
    assert (EffectSpan.objects.filter(document=law).count(), EffectSpan.objects.count()) == (2, copies + 2)


@pytest.mark.django_db
def test_each_step_of_the_migration_of_others_tables_can_be_run_again():
    migration = importlib.import_module("content.migrations.0252_changes_outdate_effect_spans")
    assert migration.Migration.atomic is False
    law = a_document("1/2020/QH14", effective_on=FIRST)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for step in migration.Migration.operations:
            cursor.execute(step.sql)
    assert list(OutdatedSpans.objects.values_list("document_id", "transaction_id")) == [(law.pk, 0)]
    law.status_events.create(kind="expires", on=DAY(2022, 1, 1), stated_on=STATED_ON)
    assert OutdatedSpans.objects.count() == 2


@pytest.mark.django_db
def test_a_document_without_spans_or_mark_is_computed_and_then_written():
    law = a_document("1/2020/QH14", effective_on=FIRST)
    EffectSpan.objects.all().delete()
    assert facets_on(FIRST, [law.pk])[law.pk].status == "in_force"
    assert span_writer.write_outdated_spans() == 1
    assert law.effect_spans.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["content_statusevent", "content_effectdoubt", "content_effectspan"])
def test_emptying_a_table_marks_all_documents(table):
    documents = {each.pk for each in bare_documents(3)}
    span_writer.write_outdated_spans()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")
    assert set(OutdatedSpans.objects.values_list("document_id", flat=True)) == documents


KNOWN_RULES = (1, "ea001c69523fbeb64043ebc9222beeb27f3633476554fa038c43b192be4f6957")


def test_a_change_of_the_rules_raises_their_number():
    """If this fails: raise `RULES` if a span may be another one now, then write the new pair here.

    A column that the rules read now, of an event, a doubt or a document, belongs into a trigger too: see COLUMNS of the
    newest migration that makes them.
    """
    has_effect = inspect.getsource(LegalDocument.has_effect.fget).encode()
    sources = [*(Path(each.__file__).read_bytes() for each in (effect, effect_spans)), has_effect]
    assert (RULES, hashlib.sha256(b"".join(sources)).hexdigest()) == KNOWN_RULES


@pytest.mark.django_db
@pytest.mark.parametrize("rules", [RULES - 1, RULES + 1])
def test_spans_by_other_rules_are_read_by_these_and_written_anew(rules):
    law = a_document("1/2020/QH14", effective_on=FIRST)
    EffectSpan.objects.update(rules=rules)
    law.effect_spans.filter(status="in_force").update(status="expired")
    assert not OutdatedSpans.objects.exists()
    assert expired_on(FIRST) == []
    assert facets_on(FIRST, [law.pk])[law.pk].status == "in_force"
    assert facet_counts(queries.public_documents(), FIRST)["status"] == [{"value": "in_force", "count": 1}]
    assert span_writer.write_outdated_spans() == (rules < RULES)  # else a newer release may run beside this one
    assert span_writer.write_outdated_spans(is_put_back=True) == (rules > RULES)
    assert span_writer.write_outdated_spans(is_put_back=True) == 0
    assert set(law.effect_spans.values_list("rules", "status")) == {
        (RULES, "in_force"), (RULES, "not_yet_effective")
    }  # fmt: skip


@pytest.mark.django_db
def test_a_document_that_cannot_be_written_stops_no_other_and_is_named(caplog):
    bad, *others = bare_documents(3)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            f"ALTER TABLE content_effectspan ADD CONSTRAINT broken CHECK (document_id <> {bad.pk}) NOT VALID"
        )
    with pytest.raises(ExceptionGroup) as raised:
        span_writer.write_outdated_spans()
    assert [type(each) for each in raised.value.exceptions] == [IntegrityError]
    assert set(OutdatedSpans.objects.values_list("document_id", flat=True)) == {bad.pk}
    assert {each.effect_spans.count() for each in others} == {1}
    assert [each.getMessage() for each in caplog.records] == ["The effect spans of d-0 could not be written"]


@pytest.mark.django_db
def test_marks_that_nobody_writes_are_told_by_the_doctor_and_counted_by_the_command():
    bare_documents(2)
    assert work_checks.check_effect_spans() == []
    OutdatedSpans.objects.update(marked_at=timezone.now() - datetime.timedelta(minutes=11))
    (problem,) = work_checks.check_effect_spans()
    assert (problem.code, " 2 " in problem.words) == ("effect_spans_late", True)
    said = StringIO()
    call_command("check_effect_spans", stdout=said)
    assert "2 documents wait" in said.getvalue()
    call_command("check_effect_spans", "--write", stdout=StringIO())
    assert work_checks.check_effect_spans() == []


@pytest.mark.django_db
def test_a_list_by_effect_is_refused_while_too_many_spans_are_not_written(api):
    laws = bare_documents(MOST_COMPUTED + 1)
    answer = Client(raise_request_exception=False).get("/api/v1/documents?status=expired")
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "database_busy", "5")
    assert facets_on(FIRST, [laws[0].pk])[laws[0].pk].status == "unknown"  # of a few: always
    laws[0].delete()  # its mark does not count
    assert api("get", "documents?status=expired").status_code == 200
    span_writer.write_outdated_spans()
    assert api("get", "documents?status=expired").status_code == 200


@pytest.mark.django_db
def test_a_document_with_many_marks_counts_once():
    law, other = bare_documents(2)
    OutdatedSpans.objects.bulk_create(
        OutdatedSpans(document_id=law.pk, transaction_id=each) for each in range(MOST_COMPUTED + 1)
    )
    assert set(outdated_states(FIRST)) == {law.pk, other.pk}


@pytest.mark.django_db
def test_staff_pages_open_while_too_many_spans_are_not_written_and_show_what_was_typed():
    bare_documents(MOST_COMPUTED + 1)
    user = User.objects.create_user("lan", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name="publisher"))
    client = Client()
    client.force_login(user)
    counts = {each.name: each.count for each in client.get("/staff/").context["queues"]}
    assert [name for name, count in counts.items() if count is None] == ["Văn bản có căn cứ pháp lý đã thay đổi"]
    assert ">?</span>" in client.get("/staff/").content.decode()
    reviews = "/staff/content/amendment/legal-basis-reviews/"
    answer = client.post(reviews, {"which": "1-1", "conclusion": "không trái"})
    assert (answer.status_code, "không trái" in answer.content.decode()) == (503, True)
    assert "Không có văn bản nào" not in client.get(reviews).content.decode()
    span_writer.write_outdated_spans()
    assert client.get(reviews).status_code == 200
    assert None not in [each.count for each in client.get("/staff/").context["queues"]]


@pytest.mark.django_db
def test_a_search_by_status_looks_once_for_what_is_not_written(api):
    law = a_document("1/2020/QH14", effective_on=FIRST)
    law.status_events.create(kind="expires", on=DAY(2022, 1, 1), stated_on=STATED_ON)
    with CaptureQueriesContext(connection) as captured:
        answer = api("get", "search?q=phạm vi điều chỉnh&status=expired").json()
    assert answer["results"]
    asked = [each for each in captured.captured_queries if "content_outdatedspans" in each["sql"]]
    assert len(asked) == 1  # the facets of what was found look in their own statement, which Django does not see


@pytest.mark.django_db
def test_a_repeat_in_one_transaction_writes_only_what_changed_since(django_assert_num_queries):
    law, other = a_document("1/2020/QH14", effective_on=FIRST), a_document("2/2020/QH14", effective_on=FIRST)
    kept = list(other.effect_spans.values_list("pk", flat=True))
    other.status_events.create(kind="resumed", on=FIRST, stated_on=STATED_ON)
    law.status_events.create(kind="expires", on=DAY(2022, 1, 1), stated_on=STATED_ON)
    assert span_writer.write_own_spans() == 2
    assert list(other.effect_spans.values_list("pk", flat=True)) == kept  # the same days: not written again
    with django_assert_num_queries(1):
        assert span_writer.write_own_spans() == 0
    with suppress(ZeroDivisionError), transaction.atomic():
        law.status_events.filter(kind="expires").delete()
        assert span_writer.write_own_spans() == 1
        raise ZeroDivisionError  # what was undone is no more known as written
    law.status_events.filter(kind="expires").delete()
    assert span_writer.write_own_spans() == 1
    assert list(span_comparison.wrong_spans()) == []


@pytest.mark.django_db
def test_a_transaction_marks_a_document_once_and_a_doubt_about_its_text_never():
    law, act = a_document("1/2020/QH14", effective_on=FIRST), a_document("2/2020/QH14")
    law.effect_doubts.create(act=act, kind="amends", scope="part", from_on=FIRST, words="…")
    law.effect_doubts.update(from_on=DAY(2021, 1, 1))
    law.effect_doubts.all().delete()
    assert not OutdatedSpans.objects.exists()
    for day in range(1, 4):
        law.status_events.create(kind="suspended", on=DAY(2021, 1, day), stated_on=STATED_ON)
    assert OutdatedSpans.objects.count() == 1


@pytest.mark.django_db
def test_a_difference_is_found_by_the_command_and_the_doctor_and_written_anew():
    law = a_document("1/2020/QH14", effective_on=FIRST)
    call_command("check_effect_spans", stdout=StringIO())
    assert work_checks.check_effect_spans() == []
    EffectSpan.objects.filter(document=law, status="in_force").update(status="expired")
    said = StringIO()
    with pytest.raises(CommandError, match="1 documents have spans that differ"):
        call_command("check_effect_spans", stdout=said)
    assert said.getvalue().startswith(f"{law.key}: stored ")
    assert [each.code for each in work_checks.check_effect_spans()] == ["effect_spans_differ"]
    call_command("check_effect_spans", "--write", stdout=StringIO())
    call_command("check_effect_spans", stdout=StringIO())
    assert facets_on(FIRST, [law.pk])[law.pk].status == "in_force"


@pytest.mark.django_db
def test_the_queries_of_a_status_list_do_not_grow_with_its_rows(api, django_assert_num_queries):
    counts = []
    for number in (1, 2, 3):
        a_document(f"{number}/2020/QH14", effective_on=FIRST)
        with django_assert_num_queries(counts[0] if counts else 100, exact=bool(counts)) as captured:
            assert len(api("get", f"documents?status=in_force&as_of=2021-0{number}-01").json()["results"]) == number
        counts.append(len(captured.captured_queries))
