"""Effect spans: the days of each status, stored where status events change, equal to the rules whoever writes."""

import datetime
import importlib
import threading
from io import StringIO
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.v1.documents.effect_doubts import doubt_of_document
from config.doctor import work_checks
from content.documents import effect, effect_queries, queries, span_writer
from content.documents.effect import EffectDoubtKind, EffectEvent, EffectStatus, UncheckedStatement, effect_of
from content.documents.effect_spans import spans_of
from content.documents.facets import facets_on
from content.documents.models import EffectDoubt, EffectSpan, LegalDocument, OutdatedSpans, StatusEvent
from tests.builders import a_document
from tests.random_history import RandomHistory

DAY, ONE_DAY = datetime.date, datetime.timedelta(days=1)
FIRST, STATED_ON = DAY(2020, 1, 1), DAY(2024, 6, 1)
KINDS = ["takes_effect", "expires", "amended", "suspended", "resumed", "no_longer_suitable"]
event_days = st.dates(DAY(2018, 1, 1), DAY(2026, 1, 1))
some_eids = st.sampled_from([(), ("art_1",), ("art_1", "art_2")])
some_events = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(["whole", "part"]), event_days, some_eids),
    max_size=6,
    unique=True,
)
some_doubts = st.dictionaries(  # {(kind, scope): (first day, days until it no longer counts)}, of one act
    st.tuples(st.sampled_from(EffectDoubtKind.values), st.sampled_from(["whole", "part"])),
    st.tuples(event_days, st.sampled_from([None, 1, 400])),
    max_size=2,
)
histories = st.tuples(some_events, st.sets(st.sampled_from(["expires", "takes_effect", "suspended"])), some_doubts)


def placed(events, undated):
    """Events of a law, each once; those of the kinds `undated` without a day, for a part."""
    dated = {(kind, "part" if kind == "amended" else scope, on, eids) for kind, scope, on, eids in events}
    return [*sorted(dated), *((kind, "part", None, ()) for kind in sorted(undated))]


def last_day(kind, from_on, days):
    return from_on + days * ONE_DAY if days and kind in ("amends", "begins") else None


@given(histories, st.lists(event_days, max_size=3))
@hypothesis_settings(deadline=None, max_examples=2_000)
def test_spans_give_each_day_the_effect_that_the_rules_give(history, days):
    events = [
        EffectEvent(kind, scope, on, STATED_ON, frozenset(eids), pk)
        for pk, (kind, scope, on, eids) in enumerate(placed(*history[:2]))
    ]
    doubts = [
        UncheckedStatement(kind, scope, from_on, frozenset(), last_day(kind, from_on, length))
        for (kind, scope), (from_on, length) in history[2].items()
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
            assert span_writer.write_outdated_spans() == sum(any(case) for case in cases)
            assert not OutdatedSpans.objects.exists()
            assert_reads_agree(every, known, day)
            assert list(span_writer.wrong_spans()) == []
            transaction.set_rollback(True)

    agrees()


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
        StatusEvent(document=law, kind=kind, scope=scope, on=on, eids=list(named), stated_on=STATED_ON)
        for law, case in zip(laws, cases, strict=True)
        for kind, scope, on, named in placed(*case[:2])
    )
    EffectDoubt.objects.bulk_create(
        EffectDoubt(
            document=law, act=act, kind=kind, scope=scope, from_on=from_on, until_on=last_day(kind, from_on, length),
            words="…",
        )
        for law, case in zip(laws, cases, strict=True)
        for (kind, scope), (from_on, length) in case[2].items()
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
    counts = queries.facet_counts(every, day)
    own = {pk for pk, status in ruled.items() if status}
    statuses = {each["value"]: each["count"] for each in counts["status"]}
    assert statuses == {each: list(ruled.values()).count(each) for each in set(ruled.values()) - {None}}
    doubts = {each["value"]: each["count"] for each in counts["doubt"]}
    assert doubts.get("true", 0) == len(told & own)


@pytest.mark.django_db
def test_each_verb_of_a_history_writes_the_spans_in_its_own_transaction():
    history = RandomHistory(seed=23)
    for _ in range(60):
        history.step()
        assert not OutdatedSpans.objects.exists()
    assert list(span_writer.wrong_spans()) == []
    assert {"repeal", "suspend", "amend", "withdraw_amendment", "draft", "correct"} <= history.done.keys()


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
def test_spans_go_with_their_document_whoever_deletes_it():
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
    assert list(span_writer.wrong_spans()) == []


@pytest.mark.django_db
def test_the_migration_fills_a_full_table_and_goes_on_after_it_was_ended():
    migration = importlib.import_module("content.migrations.0241_documents_have_effect_spans")
    law = a_document("1/2020/QH14", effective_on=FIRST)
    copies = migration.BATCH + 5
    bare_documents(copies)
    EffectSpan.objects.all().delete()
    OutdatedSpans.objects.all().delete()
    for _again in range(2):
        with connection.cursor() as cursor:
            cursor.execute(migration.MARK_ALL)
        assert OutdatedSpans.objects.count() == copies + 1 or _again
        migration.fill(apps, None)
        assert not OutdatedSpans.objects.exists()
        assert EffectSpan.objects.filter(document=law).count() == 2
        assert EffectSpan.objects.count() == copies + 2
        EffectSpan.objects.filter(document__key="d-7").delete()  # as if it had been ended before this one
    assert [key for key, _difference in span_writer.wrong_spans()] == ["d-7"]


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
