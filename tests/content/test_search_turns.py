"""Searches rank two at once in a process; who would wait too long is told that the search took too long."""

import pytest

from content.errors import QueryTooSlow
from content.search import queries
from content.search.limits import SearchLimits
from content.vietnam_time import today
from tests.builders import a_document

pytestmark = pytest.mark.django_db
IMPATIENT = SearchLimits(statement_ms=50)


def test_a_search_waits_for_its_turn_and_gives_up_in_the_end():
    a_document("1/2019/QH14", title="Luật Đặt cọc")
    filters = queries.SearchFilters(day=today())
    whole = queries.search("đặt cọc", filters).hits
    assert whole
    with queries.RANKING_TURNS, queries.RANKING_TURNS, pytest.raises(QueryTooSlow) as refused:
        queries.search("đặt cọc", filters, limits=IMPATIENT)
    assert refused.value.code == "search_too_slow"
    assert queries.search("đặt cọc", filters, limits=SearchLimits()).hits == whole
