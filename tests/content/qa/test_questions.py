"""A question's life: asked, screened, answered by one, approved by another, flagged when the law it cites changes."""

import datetime

import pytest

from content import vietnam_time
from content.basis.models import Basis
from content.changes import queries as changes
from content.changes.models import Change
from content.errors import RuleBroken
from content.people.models import AuditRow, Reader
from content.publishing import services as documents
from content.qa import queries, services
from content.qa.models import Answer, Question
from content.qa.services import outdated
from tests.builders import (
    a_document,
    a_draft,
    a_member_of_staff,
    a_question,
    a_question_in_review,
    a_record,
    an_answered_question,
    answerer,
    approver,
    correct_law,
    land,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
CITED = "art_2__clause_1"


def told(kind, reader=None):
    return list(Change.objects.filter(event_type=f"question.{kind}", reader=reader).values_list("subject", flat=True))


def refused(verb, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        verb(*args, **kwargs)
    return refusal.value.code


def test_what_is_asked_stays_unread_until_it_is_answered_by_one_and_approved_by_another():
    law = a_document("1/2019/QH14")
    question = a_question_in_review(citations=[(law, CITED)])
    assert list(queries.public_questions()) == []
    assert refused(services.approve, question, by=answerer()) == "not_allowed"
    services.approve(question, by=approver())
    (shown,) = queries.public_questions()
    assert (shown.public_text, shown.current_answers[0].text) == ("Bao lâu thì phải sang tên?", "Trong 30 ngày.")
    assert [citation.words for citation in shown.current_answers[0].basis.citations.all()] == [
        "khoản 1 Điều 2 Luật Mẫu 1/2019/QH14 năm 2019"
    ]
    assert told("answered", question.reader) == told("answered") == [question.key]


def test_who_wrote_the_answer_does_not_approve_it_whatever_their_roles():
    both = a_member_of_staff("both", "answerer", "approver")
    question = a_question()
    services.screen(question, by=both)
    services.redact(question, title="Sang tên xe", text="Bao lâu?", by=both)
    services.assign(question, to=both, by=both)
    services.start_answering(question, by=both)
    services.save_draft(question, text="Trong 30 ngày.", citations=[], by=both)
    services.submit_for_review(question, by=both)
    assert refused(services.approve, question, by=both) == "not_allowed"
    assert Answer.objects.get().approved_at is None


def test_every_step_says_who_when_and_why_and_staff_are_in_the_audit():
    question = an_answered_question()
    assert list(question.transitions.values_list("transition", "from_status", "to_status", "by__username")) == [
        ("screen", "submitted", "screening", "hoa-approves"),
        ("assign", "screening", "assigned", "hoa-approves"),
        ("start", "assigned", "answering", "lan-answers"),
        ("submit", "answering", "reviewing", "lan-answers"),
        ("approve", "reviewing", "published", "hoa-approves"),
    ]
    actions = AuditRow.objects.filter(subject=question.key).values_list("action", flat=True)
    assert list(actions) == [
        "question.screen", "question.redacted", "question.assign", "question.start", "question.submit",
        "question.approve",
    ]  # fmt: skip


def test_reading_the_original_is_noted_each_time_and_not_for_everybody():
    question = a_question()
    assert services.read_original(question, by=approver())[0] == "Sang tên xe"
    services.read_original(question, by=approver(), reason="Kiểm tra bản công bố")
    assert AuditRow.objects.filter(action="question.original_read", by=approver()).count() == 2
    assert refused(services.read_original, question, by=a_member_of_staff("lan", "editor")) == "not_allowed"


def test_without_consent_the_answer_is_the_askers_alone():
    question = an_answered_question(consent_to_publish=False)
    assert (question.status, question.resolution) == ("closed", "answered")
    assert list(queries.public_questions()) == told("answered") == []
    assert told("answered", question.reader) == [question.key]
    assert queries.questions_of(question.reader).get().current_answers[0].text == "Trong 30 ngày."


def test_nothing_is_published_without_a_public_copy():
    question = a_question()
    services.screen(question, by=approver())
    services.assign(question, to=answerer(), by=approver())
    services.start_answering(question, by=answerer())
    services.save_draft(question, text="Trong 30 ngày.", citations=[], by=answerer())
    services.submit_for_review(question, by=answerer())
    assert refused(services.approve, question, by=approver()) == "public_copy_required"
    assert Answer.objects.get().approved_at is None


def test_a_public_copy_or_an_answer_with_the_askers_number_is_refused():
    question = a_question()
    services.screen(question, by=approver())
    for text in ("Gọi 0912.345.678 nhé", "Gọi 09\u200b12345678", "Gọi ０９１２３４５６７８"):
        assert refused(services.redact, question, title="Sang tên", text=text, by=approver()) == "personal_data"
    services.redact(question, title="Sang tên xe", text="Bao lâu?", by=approver())
    services.assign(question, to=answerer(), by=approver())
    services.start_answering(question, by=answerer())
    services.save_draft(question, text="Chào chủ số 0912-345-678.", citations=[], by=answerer())
    services.submit_for_review(question, by=answerer())
    assert refused(services.approve, question, by=approver()) == "personal_data"
    services.send_back(question, by=approver(), reason="Bỏ số điện thoại")
    services.save_draft(question, text="Hỏi Phòng Tư pháp, 024 3936 0000.", citations=[], by=answerer())
    services.submit_for_review(question, by=answerer())
    assert services.approve(question, by=approver()).is_public  # the phone number of an office may be public


def test_a_correction_of_a_cited_text_flags_the_answer_until_somebody_confirms_it():
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, CITED)])
    change = correct_law(law)
    assert (outdated.flag_answers_citing(change), outdated.flag_answers_citing(change)) == (1, 0)
    (shown,) = queries.public_questions()
    assert shown.basis_changed
    assert [doubt.change for doubt in shown.current_answers[0].basis.unsettled] == [change]
    assert told("basis_changed", question.reader) == told("basis_changed") == [question.key]
    assert [answer.question for answer in queries.outdated_answers()] == [question]
    services.confirm(question, by=answerer())
    assert not queries.public_questions().get().basis_changed
    assert list(queries.outdated_answers()) == []
    assert refused(services.confirm, question, by=answerer()) == "nothing_to_confirm"


def test_a_new_answer_settles_it_too_and_the_old_one_is_flagged_no_more():
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, CITED)])
    outdated.flag_answers_citing(correct_law(law))
    services.revise(question, by=answerer(), reason="Luật đã đổi")
    assert queries.public_questions().get().basis_changed  # readers still see the old answer
    services.save_draft(question, text="Trong 45 ngày.", citations=[(law, CITED)], by=answerer())
    services.submit_for_review(question, by=answerer())
    published_at = queries.public_questions().get().published_at
    services.approve(question, by=approver())
    (shown,) = queries.public_questions()
    assert (shown.current_answers[0].text, shown.basis_changed) == ("Trong 45 ngày.", False)
    assert shown.published_at == published_at
    answered = Change.objects.filter(event_type="question.answered", reader=None)
    assert list(answered.values_list("notify", flat=True)) == [
        True, False,
    ]  # fmt: skip
    assert outdated.flag_answers_citing(correct_law(law, "Mẫu nhỏ", "Mẫu bé")) == 1


def test_a_revision_may_be_given_up():
    question = an_answered_question()
    services.revise(question, by=answerer(), reason="Xem lại")
    services.save_draft(question, text="Chưa chắc.", citations=[], by=answerer())
    question = services.discard_revision(question, by=answerer(), reason="Không cần")
    assert (question.status, question.is_public, question.answers.count()) == ("published", True, 1)
    assert Basis.objects.count() == 1


@pytest.mark.parametrize(
    ("eid", "old", "new", "flagged"),
    [
        (CITED, "Mẫu lớn", "Mẫu to", 1),  # a point under it
        (f"{CITED}__point_a", "Mẫu là vật để thử", "Mẫu là vật", 1),  # the text above it
        ("", "Mẫu lớn", "Mẫu to", 1),  # the document as a whole
        ("art_1", "Mẫu lớn", "Mẫu to", 0),
        ("art_2__clause_2", "Mẫu lớn", "Mẫu to", 0),
    ],
)
def test_only_what_is_cited_what_is_above_it_and_what_is_under_it_flags(eid, old, new, flagged):
    law = a_document("1/2019/QH14")
    an_answered_question(citations=[(law, eid)])
    assert outdated.flag_answers_citing(correct_law(law, old, new)) == flagged


def test_a_correction_that_touches_no_law_flags_nothing():
    law = a_document("1/2019/QH14")
    an_answered_question(citations=[(law, CITED)])
    documents.import_document(a_record("1/2019/QH14", signer="Lan"), correct=True)
    assert outdated.flag_answers_citing(Change.objects.filter(event_type="document.corrected").get()) == 0


def test_a_sample_that_is_gone_flags_and_cannot_be_stood_by():
    sample = a_document("00/0000/MAU")
    question = an_answered_question(citations=[(sample, CITED)])
    documents.remove_sample(sample)
    assert outdated.flag_answers_citing(Change.objects.get(event_type="document.withdrawn")) == 1
    assert refused(services.confirm, question, by=answerer()) == "not_public"


def test_only_existing_provisions_of_public_documents_may_be_cited():
    question = a_question_in_review()
    services.send_back(question, by=approver(), reason="Thêm căn cứ")
    law = a_document("1/2019/QH14")
    for citation, code in [
        ((law, "art_99"), "unknown_provision"),
        ((a_draft("2/2019/QH14"), "art_1"), "not_public"),
    ]:
        assert refused(services.save_draft, question, text="…a", citations=[citation], by=answerer()) == code
    many = [(law, f"art_{number}") for number in range(51)]
    assert refused(services.save_draft, question, text="a", citations=many, by=answerer()) == "too_many_citations"


def test_askers_of_the_same_all_hear_and_each_of_their_own_question():
    first, second, third = a_question_in_review(), a_question(), a_question()
    services.merge(third, into=second, by=approver())
    services.merge(second, into=first, by=approver())
    assert told("closed", second.reader) == [second.key]
    services.approve(first, by=approver())
    for question in (first, second, third):
        assert told("answered", question.reader) == [question.key]
    assert set(Question.objects.filter(same_as=first)) == {second, third}


def test_a_question_is_not_merged_where_its_asker_would_never_see_an_answer():
    question = a_question()
    duplicate = a_question()
    services.merge(duplicate, into=question, by=approver())
    for into, code in [
        (question, "invalid_merge_target"),
        (duplicate, "invalid_merge_target"),
        (a_question(consent_to_publish=False), "consent_missing"),
        (services.withdraw(a_question()), "wrong_status"),
    ]:
        assert refused(services.merge, question, into=into, by=approver()) == code


def test_a_published_duplicate_is_merged_only_into_a_public_question_and_the_change_log_says_into_which():
    duplicate, into, open_one = an_answered_question(), an_answered_question(), a_question()
    assert refused(services.merge, duplicate, into=open_one, by=approver()) == "not_public"
    services.merge(duplicate, into=into, by=approver(), reason="Trùng")
    assert [each.key for each in queries.public_questions()] == [into.key]
    line = Change.objects.filter(event_type="question.withdrawn").get()
    assert (line.subject, line.facts, line.reader) == (duplicate.key, {"merged_into": into.key}, None)
    assert Change.objects.filter(event_type="question.closed", reader=duplicate.reader).count() == 1
    services.take_down(into, by=approver(), reason="Sai luật")
    duplicate.refresh_from_db()
    assert (duplicate.status, duplicate.same_as) == ("screening", None)  # nobody is left without an answer


def test_what_was_merged_into_a_question_that_is_withdrawn_is_opened_again():
    first, second = a_question(), a_question()
    services.merge(second, into=first, by=approver())
    services.withdraw(first)
    second.refresh_from_db()
    assert (second.status, second.resolution, second.same_as, second.due_on is None) == ("screening", "", None, False)


def test_withdrawing_erases_the_words_and_takes_them_out_of_public_whenever_it_is_done():
    question = an_answered_question()
    services.withdraw(question)
    services.withdraw(question)
    question.refresh_from_db()
    assert (question.title, question.text, question.public_title, question.public_text, question.search_key) == (
        "", "", "", "", "",
    )  # fmt: skip
    assert list(queries.public_questions()) == []
    assert told("withdrawn") == [question.key]
    assert refused(services.redact, question, title="Sang tên", text="Sang tên xe", by=approver()) == "wrong_status"


def test_what_is_public_is_ended_only_by_taking_it_down_and_the_asker_hears():
    question = an_answered_question()
    services.revise(question, by=answerer(), reason="Xem lại")
    for verb in (services.reject, services.return_for_detail):
        assert refused(verb, question, by=approver(), reason="x") == "wrong_status"
    question = services.take_down(question, by=approver(), reason="Dữ liệu cá nhân")
    assert (question.status, question.resolution, question.is_public) == ("closed", "withdrawn", False)
    assert told("closed", question.reader) == told("withdrawn") == [question.key]


def test_detail_is_asked_for_and_added_and_the_clock_starts_anew():
    question = a_question()
    services.screen(question, by=approver())
    question = services.return_for_detail(question, by=approver(), reason="Xe gì?")
    assert (question.due_on, told("returned", question.reader)) == (None, [question.key])
    question = services.add_detail(question, text="Xe máy.")
    assert question.text.endswith("?\n\nXe máy.")
    assert (question.status, question.due_on is None) == ("submitted", False)
    assert refused(services.add_detail, question, text="Nữa") == "wrong_status"


def test_no_word_of_a_question_is_in_the_change_log_or_the_audit():
    question = an_answered_question()
    services.withdraw(question)
    rows = [*Change.objects.values_list("facts", "subject"), *AuditRow.objects.values_list("facts", "reason")]
    assert "ang tên" not in str(rows)
    assert question.reader not in changes.public_changes().values_list("reader", flat=True)


def test_forgetting_a_reader_leaves_the_redacted_copy_of_what_is_public_and_nothing_else():
    minh, hoa = Reader.objects.create(), Reader.objects.create()
    public, private = an_answered_question(minh), a_question(minh)
    of_hoa = a_question(hoa)
    services.merge(of_hoa, into=private, by=approver())
    services.report_problem(an_answered_question(hoa), reader=minh, kind="wrong", text="Sai rồi")
    services.erase_questions_of(minh)
    minh.delete()
    public.refresh_from_db()
    assert (public.title, public.text, public.reader, public.public_title) == ("", "", None, "Sang tên xe")
    assert not Question.objects.filter(pk=private.pk).exists()
    assert refused(services.screen, private, by=approver()) == "question_erased"
    of_hoa.refresh_from_db()
    assert (of_hoa.status, of_hoa.same_as) == ("screening", None)


def test_an_answer_is_as_of_a_day_what_stood_that_day():
    law = a_document("1/2019/QH14", topics=[land()])
    an_answered_question(citations=[(law, CITED)])
    outdated.flag_answers_citing(correct_law(law))
    assert queries.public_questions(vietnam_time.today()).get().basis_changed
    assert list(queries.public_questions(vietnam_time.today() - datetime.timedelta(days=1))) == []


def test_an_answer_replaced_for_personal_data_in_it_is_shown_of_no_day_any_more():
    question, today = an_answered_question(), vietnam_time.today()
    Question.objects.update(published_at=question.published_at - 2 * DAY)
    Answer.objects.update(approved_at=question.published_at - 2 * DAY)
    shown = lambda: [each.text for each in queries.public_questions(today - DAY).get().current_answers]  # noqa: E731
    report, _new = services.report_problem(question, reader=Reader.objects.create(), kind="personal_data")
    services.revise(question, by=answerer(), reason="Có tên người")
    services.save_draft(question, text="Trong 30 ngày kể từ ngày ký.", citations=[], by=answerer())
    services.submit_for_review(question, by=answerer())
    services.approve(question, by=approver())
    assert shown() == ["Trong 30 ngày."]
    services.claim_report(report, by=approver())
    before = Change.objects.filter(reader=None).count()
    services.resolve_report(report, by=approver(), outcome="Đã bỏ tên")
    assert shown() == []
    (told,) = Change.objects.filter(reader=None).order_by("pk")[before:]  # whoever follows us must forget it too
    assert (told.event_type, told.subject, told.facts, told.notify) == (
        "question.answered", question.key, {"removes_words": True}, False,
    )  # fmt: skip


def test_a_report_that_hides_no_answer_changes_nothing_in_public():
    question = an_answered_question()
    report, _new = services.report_problem(question, reader=Reader.objects.create(), kind="personal_data")
    services.claim_report(report, by=approver())
    before = Change.objects.count()
    services.resolve_report(report, by=approver(), outcome="Không phải tên người")
    assert Change.objects.count() == before
