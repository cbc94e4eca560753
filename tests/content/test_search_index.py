"""The search index is built from the texts, and built again when they change."""

import contextlib
import datetime
import json
import re
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from content.amendments import services as amendments
from content.changes import services as changes
from content.documents.models import LegalDocument
from content.editing import services as editing
from content.glossary.definitions import term_and_definition
from content.glossary.models import GlossaryEntry
from content.glossary.queries import glossary_entries
from content.passages.models import SEARCH_INDEX, Passage
from content.qa import services as questions
from content.qa.models import Question
from content.search.index import services
from content.search.limits import SearchLimits
from content.search.models import SearchStatistics, TermFrequency
from content.search.rank import features, regression_trees
from content.sql import sort_in_waiting_words
from content.suggestions.models import Suggestion
from content.suggestions.queries import completions
from content.suggestions.removals import remove_outdated_suggestions
from tests.builders import a_document, amend, an_amending_law, an_answered_question, approver, correct_law

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 1, 1)


def keys():
    return list(Passage.objects.order_by("pk").values_list("pk", "search_words", "valid_from", "valid_until"))


def test_words_are_counted_and_terms_explained_anew_each_time():
    a_document("1/2019/QH14")
    assert services.is_index_stale()
    assert services.rebuild_index() == services.rebuild_index() == 3
    assert not services.is_index_stale()
    assert TermFrequency.objects.get(lexeme="giai_thich").passages == 1
    assert Suggestion.objects.filter(text="Giải thích từ ngữ").exists()
    assert [term.term for term in GlossaryEntry.objects.order_by("position")] == ["Mẫu", "Thử"]
    assert SearchStatistics.objects.count() == 1


def test_no_words_of_a_published_document_wait_to_be_sorted_into_the_index():
    correct_law(a_document("1/2019/QH14"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [SEARCH_INDEX])  # pages that it sorts in
        assert cursor.fetchone() == (0,)


def test_who_does_not_own_the_index_leaves_the_words_to_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE luatmo_no_owner")
        cursor.execute("SET LOCAL ROLE luatmo_no_owner")
        sort_in_waiting_words(SEARCH_INDEX)
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [SEARCH_INDEX])
        cursor.execute("RESET ROLE")


def test_words_are_counted_again_before_there_are_more_new_articles_than_a_search_compares():
    for place in range(12):
        a_document(f"{place + 1}/2019/QH14")
    services.rebuild_index()
    a_document("1/2020/QH14")  # three articles, less than a tenth
    assert not services.is_index_stale()
    assert services.is_index_stale(SearchLimits(fresh_rows=2))


def test_what_a_correction_took_out_is_no_longer_explained_nor_suggested():
    law = a_document("1/2019/QH14")
    other = a_document("2/2019/QH14", title="Luật khác")
    services.rebuild_index()
    assert law.pk in {entry.provision.document_id for entry in glossary_entries("mẫu")}
    correct_law(law, old="Giải thích từ ngữ\n1. Mẫu là", new="Từ ngữ\n1. Vật là")
    assert {entry.provision.document_id for entry in glossary_entries("mẫu")} == {other.pk}
    assert services.is_index_stale()
    while remove_outdated_suggestions():
        pass
    assert completions("Giải thích từ") == []
    services.rebuild_index()
    assert not services.is_index_stale()
    assert [each.text for each in completions("Giải thích từ")] == ["Giải thích từ ngữ"]  # of the other law


def test_the_title_of_a_withdrawn_document_is_suggested_no_more_before_the_next_rebuild():
    law, other = a_document("1/2019/QH14"), a_document("2/2019/QH14", title="Luật khác")
    services.rebuild_index()
    assert [each.document_key for each in completions("Luật Mẫu")] == [law.key]
    editing.withdraw_document(law, reason="Nhầm văn bản")
    while remove_outdated_suggestions():
        pass
    assert completions("Luật Mẫu") == []
    assert [each.document_key for each in completions("Luật khác")] == [other.key]


def test_the_former_title_of_a_copy_is_suggested_no_more_though_its_home_does_not_say_it_again():
    law = a_document("1/2019/QH14")
    services.rebuild_index()
    assert Suggestion.objects.filter(document_key=law.key).exists()
    LegalDocument.objects.filter(pk=law.pk).update(home="phapluat.example.gov.vn", title="Luật khác")
    correction = {"fields": [{"field": "title"}], "provisions": [], "removes_words": True}
    with transaction.atomic():
        changes.record_change(
            "document.corrected", law.key, nature="correction", notify=False, facts={"correction": correction}
        )
    while remove_outdated_suggestions():
        pass
    assert not Suggestion.objects.filter(document_key=law.key).exists()


def test_a_heading_that_an_amendment_added_is_suggested_no_more_when_the_amendment_is_withdrawn():
    (amendment,) = amend(an_amending_law(a_document("1/2019/QH14")))
    services.rebuild_index()
    assert [each.text for each in completions("Đối tượng")] == ["Đối tượng áp dụng"]
    amendments.withdraw_amendment(amendment)
    assert services.is_index_stale()
    while remove_outdated_suggestions():
        pass
    assert completions("Đối tượng") == []


def test_nothing_of_a_withdrawn_document_is_explained_or_suggested():
    law = a_document("1/2019/QH14")
    for place in range(12):
        a_document(f"{place + 1}/2020/QH14")
    services.rebuild_index()
    assert law.pk in {term.provision.document_id for term in glossary_entries("mẫu")}
    editing.withdraw_document(law, reason="Nhầm văn bản")
    assert law.pk not in {term.provision.document_id for term in glossary_entries("mẫu")}
    assert services.is_index_stale()
    services.rebuild_index()
    assert not services.is_index_stale()
    assert completions("Luật Mẫu 1/2019/QH14") == []


def test_rebuilding_makes_missing_passages_and_leaves_the_rest_alone():
    a_document("1/2019/QH14")
    an_answered_question()
    before = keys()
    call_command("rebuild_search_index", stdout=StringIO())
    assert keys() == before
    Passage.objects.filter(provision__eid="art_1").delete()
    call_command("rebuild_search_index", stdout=StringIO())
    assert [row[1:] for row in keys()[:-1]] and len(keys()) == len(before)


def test_a_correction_touches_only_the_passages_it_changes():
    law = a_document("1/2019/QH14")
    before = set(keys())
    correct_law(law)
    after = set(keys())
    assert len(before & after) == 3 and len(after) == 4


def test_an_amended_article_has_a_passage_for_each_of_its_texts_and_loses_them_with_the_amendment():
    law = a_document("1/2019/QH14")
    (amendment,) = amend(an_amending_law(law, on=DAY))
    of_two = Passage.objects.filter(document=law, provision__eid="art_2").order_by("valid_from")
    assert list(of_two.values_list("valid_from", "valid_until")) == [(DAY, None), (None, DAY)]
    assert Passage.objects.get(document=law, provision__eid="art_1a").valid_from == DAY
    amendments.withdraw_amendment(amendment)
    assert list(of_two.values_list("valid_from", "valid_until")) == [(None, None)]
    assert not Passage.objects.filter(document=law, provision__eid="art_1a").exists()


def test_a_question_that_is_taken_down_leaves_no_key_behind():
    question = an_answered_question()
    assert Question.objects.get().search_words
    questions.take_down(question, by=approver(), reason="Nhầm")
    question = Question.objects.get()
    assert (question.search_words, bytes(question.search_codes)) == ("", b"")


@pytest.mark.parametrize(
    ("clause", "pair"),
    [
        ("1. Hộ kinh doanh (sau đây gọi là hộ) là tổ chức của một người.", ("Hộ kinh doanh", "tổ chức của một người.")),
        ("a) “Mẫu” được hiểu là vật để thử.", ("Mẫu", "vật để thử.")),
        ("3. Trong Luật này không có gì.", None),
    ],
)
def test_a_clause_explains_a_term(clause, pair):
    assert term_and_definition(clause) == pair


def test_the_trees_that_are_shipped_score_as_one_walks_them():
    kept = json.loads(regression_trees.TREES_FILE.read_text(encoding="utf-8"))["trees"]
    rows = np.random.default_rng(1).uniform(-2, 30, (70, len(features.FEATURE_NAMES))).astype(np.float32)
    walked = [sum(walk(tree, row) for tree in kept) for row in rows]
    assert regression_trees.shipped_trees().scores(rows) == pytest.approx(walked, abs=1e-4)


def walk(tree, row, node=0):
    while node >= 0:
        goes_left = row[tree["feature"][node]] <= np.float32(tree["threshold"][node])
        node = tree["left" if goes_left else "right"][node]
    return tree["value"][~node]


class Terminal(StringIO):
    def isatty(self):
        return True


def test_the_progress_bar_counts_the_steps_after_the_rows_and_is_full_only_at_the_end():
    a_document("1/2020/QH14")
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal):
        call_command("rebuild_search_index", stdout=StringIO())
    shown = [line for line in re.split(r"[\r\n]+", terminal.getvalue()) if line.strip()]
    named = [name for line in shown for name in services.IndexStep if line.startswith(name)]
    assert list(dict.fromkeys(named)) == list(services.IndexStep)
    assert [line for line in shown if "100%" in line and "6/6" not in line] == []
    assert "6/6" in shown[-1]
