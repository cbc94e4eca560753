"""The stored counts of public documents: always what counting all documents gives, whatever waits to be settled."""

import datetime
import importlib
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from config.doctor import work_checks
from content import sql, vietnam_time
from content.document_counts import queries as counts
from content.document_counts import services
from content.document_counts.models import CountedDocument, DocumentCount, OutdatedCount
from content.document_reads.facet_counts import count_of_documents, facet_counts
from content.documents import effect_queries, queries, span_writer
from content.documents.models import EffectSpan, LegalDocument
from content.locks import Lock, hold
from content.organisations.models import Organisation, Province
from content.publishing import services as publishing
from content.topics.models import Topic
from tests.builders import a_document, a_draft

DAY, ONE_DAY = datetime.date, datetime.timedelta(days=1)
STATED_ON = DAY(2019, 1, 1)
STATUSES = (["in_force"], ["expired"], ["partly_expired", "suspended"], ["not_yet_effective", "unknown"])
TYPES = ("law", "decree", "circular", "consolidated_text")


def some_days():
    """Of issue, of effect, and to ask about: the first and the last of a year, and around today."""
    today = vietnam_time.today()
    return [
        DAY(1990, 1, 1),
        DAY(2019, 12, 31),
        DAY(2020, 1, 1),
        DAY(2020, 6, 1),
        today - ONE_DAY,
        today,
        today + ONE_DAY,
    ]


def subject_and_headings():
    """A subject and two headings under it."""
    subject = Topic.objects.filter(children__isnull=False).first()
    return [subject, *subject.children.all()[:2]]


def bare_documents(count, **columns):
    return LegalDocument.objects.bulk_create(
        LegalDocument(key=f"d-{each}", number_key=f"d-{each}", doc_type="law", title="Mẫu", **columns)
        for each in range(count)
    )


def publish(pks):
    now = datetime.datetime(2018, 1, 1, tzinfo=datetime.UTC)
    LegalDocument.objects.filter(pk__in=pks).update(
        status="published", published_at=now, withdrawn_at=None, withdrawal_reason=""
    )


def withdraw(pks):
    now = datetime.datetime(2018, 1, 1, tzinfo=datetime.UTC)
    LegalDocument.objects.filter(pk__in=pks).update(
        status="withdrawn", published_at=now, withdrawn_at=now, withdrawal_reason="Trùng"
    )


def assert_counts_are_right(topics, days, asked=STATUSES):
    """The stored counts tell what one pass over all documents tells, and what lists find."""
    for topic in [None, *topics]:
        for day in days:
            pk = topic.pk if topic else 0
            found = queries.issued_by(queries.published_documents(), day)
            found = queries.documents_under_topics(found, [topic]) if topic else found
            assert counts.counts_of_facets(pk, day, []) is not None
            assert facet_counts(found, day, topic=pk) == facet_counts(found, day)
            assert count_of_documents(found, day, [], topic=pk) == found.count()
            for statuses in asked:
                listed = effect_queries.documents_with_status(found, statuses, day)
                wanted = effect_queries.found_statuses(statuses)
                assert count_of_documents(listed, day, wanted, topic=pk) == listed.count()


def stored_counts():
    columns = ("topic_id", "facet", "value", "is_of_year", "since", "documents")
    return sorted(DocumentCount.objects.values_list(*columns))


@pytest.mark.django_db
def test_counts_are_exact_after_any_history_settled_or_not():
    topics, days = subject_and_headings(), some_days()
    issuers, provinces = list(Organisation.objects.all()[:2]), list(Province.objects.all()[:2])
    documents = [each.pk for each in bare_documents(5)]
    services.settle_counts()

    def correct(pk, draw):
        LegalDocument.objects.filter(pk=pk).update(
            doc_type=draw(st.sampled_from(TYPES)), issued_on=draw(st.sampled_from([None, *days])),
            issuer=draw(st.sampled_from([None, *issuers])), province=draw(st.sampled_from([None, *provinces])),
        )  # fmt: skip

    def put_under_topics(pk, draw):
        LegalDocument.objects.get(pk=pk).topics.set(draw(st.sets(st.sampled_from(topics))))

    def change_effect(pk, draw):
        law, kind = LegalDocument.objects.get(pk=pk), draw(st.sampled_from(["takes_effect", "expires", "suspended"]))
        law.status_events.filter(kind=kind).delete()
        law.status_events.create(kind=kind, on=draw(st.sampled_from(days)), stated_on=STATED_ON)

    def come_in_doubt(pk, draw):
        law = LegalDocument.objects.get(pk=pk)
        law.effect_doubts.all().delete()
        law.effect_doubts.create(act=law, kind="ends", scope="part", from_on=draw(st.sampled_from(days)), words="…")

    changes = [
        lambda pk, draw: publish([pk]), lambda pk, draw: publish([pk]), lambda pk, draw: withdraw([pk]),
        correct, put_under_topics, change_effect, come_in_doubt,
        lambda pk, draw: LegalDocument.objects.filter(pk=pk).delete(),
    ]  # fmt: skip
    settlements = [lambda: None, span_writer.write_outdated_spans, services.settle_counts]

    @given(st.data())
    @hypothesis_settings(deadline=None, max_examples=50)
    def is_exact(data):
        def agrees(topics):
            asked = data.draw(st.sampled_from(STATUSES))
            assert_counts_are_right(topics, data.draw(st.lists(st.sampled_from(days), min_size=1, max_size=2)), [asked])

        with transaction.atomic():
            publish(documents[:3])
            for _step in range(data.draw(st.integers(1, 10))):
                left = list(LegalDocument.objects.filter(pk__in=documents).values_list("pk", flat=True))
                if left:
                    data.draw(st.sampled_from(changes))(data.draw(st.sampled_from(left)), data.draw)
                data.draw(st.sampled_from(settlements))()
                agrees([])
            agrees(topics)
            span_writer.write_outdated_spans()
            services.settle_counts()
            assert not OutdatedCount.objects.exists()
            agrees(topics)
            settled = stored_counts()
            assert (services.settle_counts(), stored_counts()) == (0, settled)
            assert counts.differences() == []
            transaction.set_rollback(True)

    is_exact()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_reader_finds_exact_counts_while_two_write_and_one_settles():
    topics, today = subject_and_headings()[:2], vietnam_time.today()
    documents = [each.pk for each in bare_documents(8)]
    publish(documents)
    span_writer.write_outdated_spans()
    services.settle_counts()
    failures, written = [], threading.Event()

    def in_thread(work):
        def run():
            try:
                work()
            except BaseException as failure:
                failures.append(failure)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write(own):
        for turn in range(12):
            pk = own[turn % len(own)]
            with transaction.atomic():
                (withdraw if turn % 3 == 0 else publish)([pk])
                LegalDocument.objects.filter(pk=pk).update(
                    doc_type=TYPES[turn % 3], issued_on=DAY(2015 + turn % 4, 5, 1)
                )
                LegalDocument.objects.get(pk=pk).topics.set(topics[: turn % 3])
                law = LegalDocument.objects.get(pk=pk)
                law.status_events.create(kind="suspended", on=DAY(2016 + turn, 1, 1), stated_on=STATED_ON)
                if turn % 2:
                    span_writer.write_own_spans()

    def settle():
        while not written.is_set():
            span_writer.write_outdated_spans()
            services.settle_counts()

    def read():
        while not written.is_set():
            for day in (DAY(2017, 6, 1), today):
                with sql.snapshot():
                    assert_counts_are_right(topics, [day])

    writers = [in_thread(lambda own=own: write(own)) for own in (documents[:4], documents[4:])]
    others = [in_thread(settle), in_thread(settle), in_thread(read)]
    for each in writers:
        each.join()
    written.set()
    for each in others:
        each.join()
    assert failures == []
    span_writer.write_outdated_spans()
    services.settle_counts()
    settled = stored_counts()
    assert not OutdatedCount.objects.exists()
    assert services.count_anew() == LegalDocument.objects.filter(status="published").count()
    assert stored_counts() == settled


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_change_that_commits_after_the_settlement_keeps_its_mark():
    law = bare_documents(1)[0]
    publish([law.pk])
    span_writer.write_outdated_spans()
    services.settle_counts()
    is_settled = threading.Event()

    def settle():
        try:
            services.settle_counts()
        finally:
            is_settled.set()
            connection.close()

    other = threading.Thread(target=settle)
    with transaction.atomic():
        LegalDocument.objects.filter(pk=law.pk).update(doc_type="decree")
        other.start()
        assert is_settled.wait(timeout=60)  # it waits for nobody
    other.join()
    assert list(OutdatedCount.objects.values_list("document_id", flat=True)) == [law.pk]
    assert_counts_are_right([], [vietnam_time.today()])
    assert services.settle_counts() == 1
    assert_counts_are_right([], [vietnam_time.today()])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_while_one_settles_another_leaves_it_to_them():
    publish([each.pk for each in bare_documents(2)])
    found = []

    def settle():
        try:
            found.append(services.settle_counts())
        finally:
            connection.close()

    other = threading.Thread(target=settle)
    with transaction.atomic():
        hold(Lock.DOCUMENT_COUNTS)
        other.start()
        other.join(timeout=60)
        assert found == [0]
    assert services.settle_counts() == 2


def marked():
    """The documents that are marked, and no more."""
    found = sorted(OutdatedCount.objects.values_list("document_id", flat=True))
    OutdatedCount.objects.all().delete()
    return found


@pytest.mark.django_db
def test_only_changes_of_what_is_counted_mark_a_document():
    law, draft = bare_documents(2)
    topic = Topic.objects.first()
    publish([law.pk])
    span_writer.write_outdated_spans()
    services.settle_counts()
    both = LegalDocument.objects.filter(pk__in=[law.pk, draft.pk])
    for same in ({"title": "Khác"}, {"updated_at": law.updated_at}, {"doc_type": "law", "issued_on": None}):
        both.update(**same)
    draft.issued_on = DAY(2020, 1, 1)
    draft.save()
    LegalDocument.objects.get(pk=law.pk).save()
    assert marked() == []
    for another in ({"doc_type": "decree"}, {"issued_on": DAY(2020, 2, 1)}, {"issuer": Organisation.objects.first()},
                    {"province": Province.objects.first()}):  # fmt: skip
        both.update(**another)
        both.update(title="Khác nữa")
        assert marked() == [law.pk]
    law.topics.add(topic)
    law.topics.add(topic)
    assert marked() == [law.pk]
    law.topics.clear()
    assert marked() == [law.pk]
    law.status_events.create(kind="expires", on=DAY(2022, 1, 1), stated_on=STATED_ON)
    assert marked() == []  # its spans are still those it was counted by
    span_writer.write_outdated_spans()
    assert law.pk in marked()
    withdraw([law.pk])
    assert marked() == [law.pk]
    publish([law.pk])
    assert marked() == [law.pk]
    EffectSpan.objects.filter(document=law).update(is_in_doubt=True)
    assert marked() == [law.pk]


@pytest.mark.django_db
def test_a_document_that_sql_deletes_counts_no_more():
    law, other = bare_documents(2)
    publish([law.pk, other.pk])
    span_writer.write_outdated_spans()
    services.settle_counts()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM content_legaldocument WHERE id = %s", [law.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert_counts_are_right([], some_days())
    services.settle_counts()
    assert list(CountedDocument.objects.values_list("pk", flat=True)) == [other.pk]
    assert_counts_are_right([], some_days())
    other.delete()
    services.settle_counts()
    assert not DocumentCount.objects.exists()
    assert not OutdatedCount.objects.exists()


@pytest.mark.django_db
def test_a_topic_that_moves_takes_its_documents_with_it():
    subject, heading, _other = subject_and_headings()
    another = Topic.objects.filter(parent=None).exclude(pk=subject.pk).first()
    (law,) = bare_documents(1)
    publish([law.pk])
    law.topics.add(heading)
    services.settle_counts()
    Topic.objects.filter(pk=heading.pk).update(parent=another)
    for _before_and_after in range(2):
        assert_counts_are_right([subject, heading, another], [vietnam_time.today()])
        services.settle_counts()
    assert not DocumentCount.objects.filter(topic_id=subject.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["content_legaldocument", "content_legaldocument_topics", "content_effectspan"])
def test_counts_stay_exact_when_a_table_is_emptied(table):
    documents = bare_documents(3)
    publish([each.pk for each in documents])
    documents[0].topics.add(Topic.objects.first())
    span_writer.write_outdated_spans()
    services.settle_counts()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")
    for _before_and_after in range(2):
        assert_counts_are_right([], [vietnam_time.today()])
        services.settle_counts()


@pytest.mark.django_db
def test_all_documents_are_counted_while_too_many_wait(api):
    publish([each.pk for each in bare_documents(3)])
    span_writer.write_outdated_spans()
    services.settle_counts()
    before = api("get", "documents/facets").content, api("get", "documents?count=true&status=unknown").content
    services.outdate_counts(range(10_000_000, 10_000_001 + counts.MOST_APART))
    assert counts.counts_of_facets(0, vietnam_time.today(), []) is None
    assert (api("get", "documents/facets").content, api("get", "documents?count=true&status=unknown").content) == before
    assert services.settle_counts() == counts.MOST_APART + 1
    assert counts.counts_of_facets(0, vietnam_time.today(), []) is not None


@pytest.mark.django_db
def test_answers_are_the_same_before_and_after_what_was_published_is_settled(api):
    subject, heading, other = subject_and_headings()
    laws = [a_document(issued_on=DAY(2015 + each, 6, 14), topics=[heading]) for each in range(3)]
    draft = a_draft("9/2020/QH14", topics=[other])
    asked = [
        f"documents{what}{more}"
        for what in ("/facets?", "?count=true&fields=key&status=in_force&", "?count=true&fields=key&")
        for more in (
            "", "as_of=2016-12-31", f"topic={subject.key}", f"topic={heading.key}&topic={other.key}", "type=law",
            f"topic={heading.key}&as_of=2020-01-01",
        )
    ]  # fmt: skip

    def answers():
        return [api("get", each).content for each in asked]

    before = answers()
    assert services.settle_counts() == 4  # the draft too, which has topics
    assert answers() == before
    assert CountedDocument.objects.count() == len(laws)
    publishing.publish(draft)
    before = answers()
    assert services.settle_counts() == 1
    assert answers() == before
    assert api("get", f"documents/facets?topic={subject.key}").json()["total"] == len(laws) + 1


@pytest.mark.django_db
def test_each_step_of_the_migration_of_others_tables_can_be_run_again_and_marks_what_is_public():
    migration = importlib.import_module("content.migrations.0278_changes_outdate_counts")
    assert migration.Migration.atomic is False
    law, _draft = bare_documents(2)
    publish([law.pk])
    span_writer.write_outdated_spans()
    services.settle_counts()
    for _again in range(2):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for step in migration.Migration.operations:
                cursor.execute(step.sql)
    assert list(OutdatedCount.objects.values_list("document_id", "transaction_id")) == [(law.pk, 0)]
    LegalDocument.objects.filter(pk=law.pk).update(doc_type="decree")
    assert OutdatedCount.objects.count() == 2
    assert services.settle_counts() == 1


@pytest.mark.django_db
def test_the_command_finds_what_is_counted_wrongly_and_counts_anew():
    law, other = bare_documents(2)
    publish([law.pk, other.pk])
    law.topics.add(subject_and_headings()[1])
    span_writer.write_outdated_spans()
    services.settle_counts()
    call_command("check_document_counts", stdout=StringIO())
    LegalDocument.objects.filter(pk=other.pk).update(doc_type="decree")
    call_command("check_document_counts", stdout=StringIO())  # what waits is no fault
    OutdatedCount.objects.all().delete()
    DocumentCount.objects.filter(topic_id=0, facet="type", is_of_year=True).update(documents=7)
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("check_document_counts", stdout=said)
    assert said.getvalue().splitlines() == [
        f"document {other.key}: is not what it was counted as",
        "type law, in the year of 0001-01-01: 7 stored, 2 right",
    ]
    call_command("check_document_counts", "--write", stdout=StringIO())
    call_command("check_document_counts", stdout=StringIO())
    assert_counts_are_right([], [vietnam_time.today()])


@pytest.mark.django_db
def test_the_doctor_tells_of_wrong_counts_and_of_marks_that_nobody_settles():
    law, other = bare_documents(2)
    publish([law.pk, other.pk])
    assert work_checks.check_document_counts() == []
    OutdatedCount.objects.update(marked_at=timezone.now() - datetime.timedelta(minutes=11))
    (late,) = work_checks.check_document_counts()
    assert (late.code, " 2 " in late.words) == ("document_counts_late", True)
    services.settle_counts()
    DocumentCount.objects.filter(topic_id=0, facet="type", is_of_year=True).update(documents=7)
    (wrong,) = work_checks.check_document_counts()
    assert (wrong.code, wrong.words.startswith("1 ")) == ("document_counts_differ", True)
    assert services.count_anew() == 2
    assert work_checks.check_document_counts() == []


@pytest.mark.django_db(transaction=True)
def test_counting_anew_waits_for_the_worker_and_then_all_are_counted():
    publish([each.pk for each in bare_documents(3)])
    holds, may_end = threading.Event(), threading.Event()

    def settle_as_the_worker_does():
        with transaction.atomic():
            hold(Lock.DOCUMENT_COUNTS)
            holds.set()
            may_end.wait(30)
        connection.close()

    worker = threading.Thread(target=settle_as_the_worker_does)
    worker.start()
    holds.wait(30)
    counted = []
    anew = threading.Thread(target=lambda: (counted.append(services.count_anew()), connection.close()))
    anew.start()
    may_end.set()
    worker.join(30)
    anew.join(30)
    assert counted == [3]
    assert not OutdatedCount.objects.exists()
