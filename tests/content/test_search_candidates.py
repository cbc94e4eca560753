"""Which rows a search compares, whatever its limits: common words, fresh rows, filters."""

import datetime
from dataclasses import replace

import pytest

from content.qa import services as questions
from content.search import queries
from content.search.index import services
from content.search.limits import SearchLimits
from content.search.models import ResultKind
from content.search.results import with_rows
from content.vietnam_time import today
from tests.builders import (  # fmt: skip
    a_document,
    a_question_in_review,
    an_answered_question,
    an_event,
    approver,
    land,
    move_event,
)

pytestmark = pytest.mark.django_db
PAPERS = ("Giấy", "Giấy.")


def a_law(number, name, *articles, **columns):
    texts = "\n".join(f"Điều {place}. {heading}\n{text}" for place, (heading, text) in enumerate(articles, 1))
    text = f"QUỐC HỘI\nLUẬT\n{name.upper()}\nChương I\nQUY ĐỊNH CHUNG\n{texts}\n"
    return a_document(number, title=f"Luật {name}", text=text, **columns)


def results(text, kind, limits, *topics):
    filters = queries.SearchFilters(day=today(), kinds=(kind,), topics=topics)
    return queries.search_or_nearest(text, filters, limits=limits)


def articles(text, limits, *topics):
    """[(number of the act, number of the article)], best first."""
    hits = with_rows(results(text, ResultKind.PROVISION, limits, *topics).hits)
    return [(hit.document.number, hit.provision.number) for hit in hits]


def titles(text, kind, limits):
    rows = [hit.question or hit.event for hit in with_rows(results(text, kind, limits).hits)]
    return [row.title if kind == ResultKind.EVENT else row.public_title for row in rows]


def test_a_common_word_finds_the_article_it_says_most_about_whatever_the_limit():
    one = SearchLimits(results_per_kind=1, common_rows=2)
    many = [(f"Người lái xe hạng {place}", "Người lái xe mang giấy phép và giấy tờ khác.") for place in range(3)]
    a_law("1/2019/QH14", "Xe", *many, PAPERS)
    services.rebuild_index(one)
    assert articles("giấy", one) == [("1/2019/QH14", "4")]
    a_law("2/2020/QH14", "Đò", ("Giấy giấy", "Giấy, giấy."), topics=[land()], issued_on=datetime.date(2020, 1, 1))
    assert articles("giấy", one, land()) == [("2/2020/QH14", "1")]  # not counted yet
    assert articles("giấy", replace(one, results_per_kind=9))[:2] == [("2/2020/QH14", "1"), ("1/2019/QH14", "4")]
    services.rebuild_index(one)
    assert articles("giấy", one) == [("2/2020/QH14", "1")]


def test_a_question_published_after_a_rebuild_is_found_by_common_words():
    limits = SearchLimits(common_rows=1)
    a_law("1/2019/QH14", "Xe", PAPERS)
    asked = a_question_in_review(title="Giấy gì?")  # its id is lower than those published before it
    for title in ("Giấy nào?", "Giấy khác?"):
        an_answered_question(title=title)
    services.rebuild_index(limits)
    questions.approve(asked, by=approver())
    assert len(titles("giấy", ResultKind.QUESTION, limits)) == 3


def test_what_changed_after_a_rebuild_is_not_found_by_its_former_words():
    limits = SearchLimits(common_rows=1)
    first, _other = [an_answered_question(title=f"Giấy của Hoa {place}") for place in range(2)]
    talk, _other = [an_event(title=f"Toạ đàm {place}", place="Đình Thử") for place in range(2)]
    services.rebuild_index(limits)
    questions.redact(first, title="Giấy của ai", text="Bao lâu?", by=approver())
    move_event(talk, place="Nhà Mẫu")
    assert titles("Hoa", ResultKind.QUESTION, limits) == ["Giấy của Hoa 1"]
    assert titles("đình thử", ResultKind.EVENT, limits) == ["Toạ đàm 1"]


def test_a_word_of_many_articles_and_few_questions_finds_those_among_rarer_words():
    limits = SearchLimits(few_passages=3, common_rows=2)
    a_law("1/2019/QH14", "Xe", *[(f"Giấy phép lái xe {place}", "Xe.") for place in range(5)])
    an_answered_question(title="Xe của ai?")
    services.rebuild_index(limits)
    assert titles("giấy phép lái xe", ResultKind.QUESTION, limits) == ["Xe của ai?"]


def test_where_more_rows_are_fresh_than_are_compared_the_rest_is_found_too_or_the_answer_is_cut():
    limits = SearchLimits(common_rows=1, fresh_rows=2)
    a_law("1/2019/QH14", "Xe", PAPERS, ("Giấy tờ", "Giấy."))
    services.rebuild_index(limits)
    a_law("2/2019/QH14", "Đò", *[(f"Giấy {place}", "Giấy.") for place in range(3)])
    assert len(articles("giấy", limits)) == 5
    assert results("giấy", ResultKind.PROVISION, replace(limits, results_per_kind=3)).is_cut[ResultKind.PROVISION]


@pytest.mark.parametrize("best", [1, 50, 51, 150])
def test_of_many_articles_that_came_after_a_rebuild_the_best_is_found(best):
    one = SearchLimits(results_per_kind=1, common_rows=1)
    a_law("1/2019/QH14", "Xe", PAPERS, ("Giấy tờ", "Giấy."))
    services.rebuild_index(one)
    many = [("Xe", "Xe và giấy tờ của xe, của đò, của ngựa.")] * 150  # the newest hundred are compared first: 51 to 150
    many[best - 1] = ("Giấy", "Giấy, giấy.")
    a_law("2/2019/QH14", "Đò", *many)
    assert articles("giấy", one) == [("2/2019/QH14", str(best))]


def test_of_articles_that_came_after_a_rebuild_one_with_the_rarer_word_is_better():
    one = SearchLimits(results_per_kind=1, common_rows=1)
    a_law("1/2019/QH14", "Xe", *[PAPERS] * 8, ("Ngựa", "Ngựa."), ("Ngựa", "Ngựa."))
    services.rebuild_index(one)
    a_law("2/2020/QH14", "Đò", PAPERS, ("Ngựa", "Ngựa."), PAPERS, topics=[land()], issued_on=datetime.date(2020, 1, 1))
    assert articles("giấy ngựa", one, land()) == [("2/2020/QH14", "2")]


def test_of_many_events_the_one_that_changed_after_a_rebuild_is_not_found_by_its_former_words():
    moved, *others = [an_event(title=f"Toạ đàm {place}", place="Đình Thử") for place in range(102)]
    limits = SearchLimits(common_rows=1)
    services.rebuild_index(limits)
    move_event(moved, place="Nhà Mẫu")
    assert set(titles("đình thử", ResultKind.EVENT, limits)) == {each.title for each in others}


def test_what_common_words_find_under_filters_stays_where_rare_words_find_nothing():
    limits = SearchLimits(common_rows=3, few_passages=1, rows_compared=3)
    a_law("1/2019/QH14", "Xe", *[(word, f"{word} phải có giấy và nhiều thứ khác.") for word in ("Ôtô", "Ngựa", "Lừa")])
    a_law("2/2020/QH14", "Đò", PAPERS, topics=[land()], issued_on=datetime.date(2020, 1, 1))
    services.rebuild_index(limits)
    assert articles("giấy ôtô ngựa lừa", limits, land()) == [("2/2020/QH14", "1")]
    found = results("giấy", ResultKind.PROVISION, limits, land())
    assert not found.is_cut[ResultKind.PROVISION]  # that is all of them
