"""Searches rank one at a time in a process; who would wait too long ranks all the same."""

import threading

import pytest

from content.search import queries
from content.turns import turn
from content.vietnam_time import today
from tests.builders import a_document

pytestmark = pytest.mark.django_db


def test_a_search_that_finds_no_turn_answers_all_the_same_and_takes_no_turn_from_others():
    a_document("1/2019/QH14", title="Luật Đặt cọc")
    filters = queries.SearchFilters(day=today())
    whole = queries.search("đặt cọc", filters).hits
    assert whole
    with queries.RANKING_TURNS:
        assert queries.search("đặt cọc", filters).hits == whole
    with queries.RANKING_TURNS:
        assert not queries.RANKING_TURNS.acquire(blocking=False)


def test_a_search_waits_for_the_end_of_another():
    queries.RANKING_TURNS.acquire()
    later = threading.Timer(0.1, queries.RANKING_TURNS.release)
    later.start()
    with turn(queries.RANKING_TURNS, seconds=60, too_late=AssertionError):
        later.join()
