"""Rows of a statement of our own become the instances that the ORM makes of them."""

import pytest
from django.db import connection

from content.contests.models import Attempt, Contest, Round
from content.sql import ModelColumns
from tests.builders_contests import a_result, a_running_contest

pytestmark = pytest.mark.django_db


def read(*columns):
    """The instances in the only row of attempt, round and contest, and one value more."""
    tables = "content_attempt a JOIN content_round r ON r.id = a.round_id JOIN content_contest c ON c.id = r.contest_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(each.sql for each in columns)}, 7 FROM {tables}")
        values = iter(cursor.fetchone())
    return [*(each.instance(values) for each in columns), next(values)]


def values_of(instance):
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def test_all_columns_of_a_row_are_as_the_orm_reads_them():
    a_result(a_running_contest(), 2)
    attempt, round, contest, last = read(
        ModelColumns(Attempt, "a"), ModelColumns(Round, "r"), ModelColumns(Contest, "c")
    )
    for mine, stored in (
        (attempt, Attempt.objects.get()),
        (round, Round.objects.get()),
        (contest, Contest.objects.get()),
    ):
        assert mine == stored and values_of(mine) == values_of(stored)
        assert mine.get_deferred_fields() == set() and not mine._state.adding
    assert last == 7
    assert attempt.answers.keys() == {"1", "2", "3", "4"}  # an object of JSON
    attempt.delete()
    assert not Attempt.objects.exists()


def test_what_is_not_named_is_deferred_and_read_when_it_is_asked_for(django_assert_num_queries):
    a_result(a_running_contest(units=["Trường A"]), 2)
    contest, _last = read(ModelColumns(Contest, "c", "status", "id", "units"))
    with django_assert_num_queries(0):
        assert (contest.status, contest.units) == ("announced", ["Trường A"])
    assert "title" in contest.get_deferred_fields()
    with django_assert_num_queries(1):
        assert contest.title == "Tìm hiểu Luật Mẫu"


def test_a_column_that_the_model_lacks_is_refused():
    with pytest.raises(ValueError, match="Contest"):
        ModelColumns(Contest, "c", "id", "no_such_column")
