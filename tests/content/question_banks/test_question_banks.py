"""Quiz questions: two people, at least one provision, revisions once used, flags when the law changes."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from content.basis import services as bases
from content.errors import RuleBroken
from content.qa.services import outdated
from content.question_banks import policy, queries, services
from content.question_banks.models import QuizQuestion
from tests.builders import (
    a_bank,
    a_document,
    a_member_of_staff,
    a_quiz_question,
    amend,
    an_amending_law,
    approver,
    correct_law,
    land,
)

pytestmark = pytest.mark.django_db


def refused(call, *arguments, **columns):
    """(code, field) of the RuleBroken that this raises; nothing else is changed by it."""
    before = list(QuizQuestion.objects.order_by("pk").values())
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **columns)
    assert list(QuizQuestion.objects.order_by("pk").values()) == before
    return refusal.value.code, refusal.value.field


def use(question):
    QuizQuestion.objects.filter(pk=question.pk).update(used_at=timezone.now())
    question.refresh_from_db()
    return question


def test_one_person_writes_and_another_approves():
    lan, bank = a_member_of_staff("lan", "publisher"), a_bank()
    question = a_quiz_question(bank, by=lan, approved=False)
    assert refused(services.approve_question, question, by=lan)[0] == "not_allowed"
    assert refused(services.approve_question, question, by=a_member_of_staff("minh", "editor"))[0] == "not_allowed"
    assert policy.available_transitions(lan, question) == ["revise", "withdraw"]
    approved = services.approve_question(question, by=approver(), seen=queries.question_fingerprint(question))
    assert (approved.status, approved.approved_by) == ("approved", approver())
    assert list(queries.pool_of(bank, land())) == [approved]
    with pytest.raises(IntegrityError), transaction.atomic():
        QuizQuestion.objects.filter(pk=question.pk).update(written_by=approver())


def test_neither_the_author_nor_who_last_revised_a_question_approves_it():
    lan, minh, hoa = (a_member_of_staff(name, "publisher") for name in ("lan", "minh", "hoa"))
    question = a_quiz_question(a_bank(), by=lan, approved=False)
    question = services.revise_question(question, by=minh, text="Mẫu nghĩa là gì?")
    assert (question.written_by, question.revised_by) == (lan, minh)
    for own in (lan, minh):
        assert refused(services.approve_question, question, by=own)[0] == "not_allowed"
        assert question not in queries.drafts_for(own)
    assert question in queries.drafts_for(hoa)
    assert services.approve_question(question, by=hoa).approved_by == hoa
    with pytest.raises(IntegrityError), transaction.atomic():
        QuizQuestion.objects.filter(pk=question.pk).update(revised_by=hoa)


def test_what_is_no_question_with_one_right_answer_is_refused_with_its_field():
    bank, law = a_bank(), a_document("1/2019/QH14")
    cases = [
        ({"choices": ["Một"]}, ("choices_required", "choices")),
        ({"choices": [str(n) for n in range(9)]}, ("choices_required", "choices")),
        ({"choices": ["Có", "có"]}, ("duplicate_choice", "choices")),
        ({"choices": ["hòa", "ho\u0300a"]}, ("duplicate_choice", "choices")),
        ({"right": 5}, ("right_choice_required", "right")),
        ({"right": None}, ("right_choice_required", "right")),
        ({"right": 0}, ("right_choice_required", "right")),
        ({"kind": "true_false", "choices": ["Đúng", "Sai", "Không biết"]}, ("choices_required", "choices")),
        ({"kind": "fill_in", "accepted": []}, ("answer_required", "accepted")),
        ({"citations": []}, ("citation_required", "citations")),
        ({"citations": [(law, "art_99")]}, ("unknown_provision", "citations")),
        ({"text": " ​"}, ("blank", "text")),
        ({"text": "a" * 2_001}, ("too_long", "text")),
        ({"text": "Mẫu\u202e là gì"}, ("invalid_character", "text")),
    ]
    for columns, expected in cases:
        assert refused(a_quiz_question, bank, law=law, **columns) == expected, columns
    question = a_quiz_question(bank, kind="true_false", choices=[], right=1)
    assert (question.choices, question.keeps_order) == (["Đúng", "Sai"], True)
    assert a_quiz_question(bank, text="Mẫu là gi\u0300?").text == "Mẫu là gì?"


def test_the_database_itself_refuses_no_right_choice_no_citation_and_two_approved():
    question = a_quiz_question(a_bank())
    for columns in ({"right": 5}, {"right": None}, {"choices": []}, {"revision": 0, "status": "x", "right": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            QuizQuestion.objects.filter(pk=question.pk).update(**columns)
    draft = a_quiz_question(question.bank, approved=False)
    draft.basis.citations.all().delete()
    with pytest.raises(IntegrityError, match="cites no provision"), transaction.atomic():
        QuizQuestion.objects.filter(pk=draft.pk).update(
            status="approved", approved_at=timezone.now(), approved_by=approver()
        )
    assert refused(services.approve_question, draft, by=approver()) == ("citation_required", "citations")


def test_before_it_is_used_a_question_changes_and_is_approved_again_afterwards_it_gets_a_revision():
    bank = a_bank()
    question = a_quiz_question(bank)
    changed = services.revise_question(question, text="Mẫu nghĩa là gì?")
    assert (changed.pk, changed.revision, changed.status, changed.approved_by) == (question.pk, 1, "draft", None)
    used = use(services.approve_question(changed, by=approver()))
    draft = services.revise_question(used, right=1)
    assert (draft.key, draft.revision, draft.status, draft.right, draft.text) == (
        used.key, 2, "draft", 1, "Mẫu nghĩa là gì?",
    )  # fmt: skip
    assert draft.basis_id != used.basis_id
    assert refused(services.revise_question, used, right=3)[0] == "draft_exists"
    assert list(queries.pool_of(bank, None)) == [used]
    services.approve_question(draft, by=approver())
    used.refresh_from_db()
    assert (used.status, used.right, list(queries.pool_of(bank, None))) == ("replaced", 2, [draft])
    with pytest.raises(IntegrityError, match="was used"), transaction.atomic():
        QuizQuestion.objects.filter(pk=used.pk).update(right=1)


def test_when_the_law_changes_the_question_is_flagged_until_somebody_confirms_it():
    law, bank = a_document("1/2019/QH14"), a_bank()
    question, other = a_quiz_question(bank, law=law), a_quiz_question(bank, citations=[(law, "art_3")])
    outdated.flag_answers_citing(correct_law(law))
    assert list(queries.flagged_questions()) == [question]
    assert [each.basis_changed for each in queries.staff_questions()] == [False, True]
    day = datetime.date(2026, 1, 1)
    unfit = list(queries.unfit_questions(queries.pool_of(bank, None), day, day))
    assert [(each, "reviewed" in reason or "rà soát" in reason) for each, reason in unfit] == [(question, True)]
    services.confirm_question(question, by=approver())
    assert list(queries.flagged_questions()) == []
    assert not bases.Basis.objects.get(pk=other.basis_id).changes.exists()


def test_a_provision_that_is_not_in_force_on_a_day_of_the_round_makes_a_question_unfit():
    law, bank = a_document("1/2019/QH14"), a_bank()
    repealed = a_quiz_question(bank, citations=[(law, "art_2__clause_1__point_b")])
    a_quiz_question(bank, citations=[(law, "art_3")])
    amend(an_amending_law(law, on=datetime.date(2027, 3, 10)))
    services.confirm_question(repealed, by=approver()) if queries.flagged_questions().exists() else None

    def unfit(first, last):
        pool = queries.pool_of(bank, None)
        return {each for each, _reason in queries.unfit_questions(pool, first, last)}

    assert unfit(datetime.date(2027, 3, 1), datetime.date(2027, 3, 9)) == set()
    assert unfit(datetime.date(2019, 12, 31), datetime.date(2020, 1, 1)) == set(queries.pool_of(bank, None))
