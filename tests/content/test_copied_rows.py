"""Rows inserted with COPY are those that bulk_create would have inserted."""

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import sql
from content.documents.models import Provision, ProvisionVersion
from tests.builders import a_document

pytestmark = pytest.mark.django_db
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


def versions(document, texts):
    rows = [
        Provision(document=document, eid=f"new_{at}", kind="article", number=str(at), position=1_000 + at)
        for at in range(len(texts))
    ]
    sql.give_keys(rows)
    sql.copy_rows(rows)
    return [
        ProvisionVersion(provision=row, text=text, text_hash="0" * 64) for row, text in zip(rows, texts, strict=True)
    ]


def stored(document):
    rows = ProvisionVersion.objects.filter(provision__document=document, provision__eid__startswith="new_")
    return list(rows.order_by("provision").values("provision__eid", "heading", "text", "text_hash", "valid_from"))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS | st.sampled_from(["\\N", "\\.", "a\tb\\n\n\r", "", "'\"{}", "𠀀ệ"]), min_size=1, max_size=8))
def test_any_text_arrives_as_it_is(texts):
    with transaction.atomic():
        document = a_document()
        copied = versions(document, texts)
        sql.copy_rows(copied)
        by_copy = stored(document)
        assert [row["text"] for row in by_copy] == texts
        ProvisionVersion.objects.filter(provision__document=document, provision__eid__startswith="new_").delete()
        ProvisionVersion.objects.bulk_create(copied)
        assert stored(document) == by_copy
        transaction.set_rollback(True)


def test_keys_are_given_in_order_and_known_to_the_rows():
    document = a_document()
    keys = [version.provision_id for version in versions(document, ["a", "b", "c"])]
    assert keys == sorted(keys)
    assert keys == list(
        document.provisions.filter(eid__startswith="new_").order_by("number").values_list("pk", flat=True)
    )


def test_a_text_that_postgresql_cannot_store_is_django_s_error():
    with pytest.raises(DataError), transaction.atomic():
        sql.copy_rows(versions(a_document(), ["a\0b"]))


def test_what_only_the_database_computes_is_refused():
    document = a_document()
    provision = document.provisions.first()
    row = ProvisionVersion(provision=provision, text=Lower(Value("A")), text_hash="0" * 64)
    with pytest.raises(TypeError, match="COPY cannot write an expression"):
        sql.copy_rows([row])


def test_a_row_that_is_there_already_is_django_s_error():
    with pytest.raises(IntegrityError), transaction.atomic():
        document = a_document()
        versions(document, ["a"])
        versions(document, ["a"])


def test_without_rows_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        sql.give_keys([])
        sql.copy_rows([])


def test_numbers_are_stored_in_the_rows_that_are_given_and_in_no_others():
    document = a_document()
    first, *others = document.provisions.order_by("position")
    before = [(row.pk, row.position) for row in others[1:]]
    first.position, others[0].position = 1, 0  # unique in the document: checked when the transaction ends
    sql.store_numbers([first, others[0]], "position")
    sql.store_numbers([], "position")
    now = list(document.provisions.order_by("position").values_list("pk", "position"))
    assert now == [(others[0].pk, 0), (first.pk, 1), *before]
