"""Answers cite a document as it is called now, former answers too; whoever follows us learns of each that changed."""

import pytest

from content.basis.models import Citation
from content.changes.models import Change
from content.copying import records
from content.public_changes.citations import update_citations
from content.publishing import services as documents
from content.qa import services as questions
from content.qa.models import Question
from tests.builders import A_LAW, a_document, a_record, an_answered_question, answerer, approver

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"


def renamed(law):
    text = A_LAW.format(number=law.number)
    documents.import_document(a_record(law.number, title="Luật Thử", text=text), correct=True)
    while update_citations():
        pass


def answered_anew(question, citations):
    questions.revise(question, by=answerer(), reason="Luật đã khác")
    questions.save_draft(question, text="Trong 60 ngày.", citations=citations, by=answerer())
    questions.submit_for_review(question, by=answerer())
    questions.approve(question, by=approver())


def words_of(question):
    data = records.public_record("question", question.key)["data"]
    return [[cited["words"] for cited in answer["citations"]] for answer in data["answers"]]


def lines_about(question):
    return Change.objects.filter(subject=question.key, reader=None).count()


def test_the_citation_in_a_former_answer_is_of_the_present_title_and_a_line_says_so():
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, "art_2")])
    answered_anew(question, [])
    before = lines_about(question)
    renamed(law)
    assert words_of(question) == [["Điều 2 Luật Thử năm 2019"], []]
    assert lines_about(question) == before + 1
    renamed(law)
    assert lines_about(question) == before + 1


def test_the_citation_in_a_copy_is_left_to_its_home():
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, "art_2")])
    Question.objects.update(home=HOME)
    before, said = lines_about(question), Citation.objects.get().words
    renamed(law)
    assert (Citation.objects.get().words, lines_about(question)) == (said, before)
