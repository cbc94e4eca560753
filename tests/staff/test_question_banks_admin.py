"""Question banks on the staff site: written by one person, approved by another, read again when the law changes."""

import datetime

import pytest
from django.test import Client

from content import vietnam_time
from content.basis import services as bases
from content.changes.event_types import EventType
from content.changes.models import Change
from content.people.models import AuditRow, Role
from content.question_banks.models import QuestionBank, QuizQuestion
from tests.builders import a_bank, a_document, a_member_of_staff, a_quiz_question, amend, an_amending_law, land

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ALL = set(Role.values)
WRITES, APPROVES = {"editor", "publisher"}, {"approver", "publisher"}
BANKS, QUESTIONS = "/staff/content/questionbank/", "/staff/content/quizquestion/"


def signed_in(*roles, name="somebody"):
    browser = Client()
    browser.force_login(a_member_of_staff(name, *roles), BACKEND)
    return browser


def data(bank=None, **columns):
    """A form as the browser sends it."""
    sent = {
        "kind": "single",
        "text": "Thời hạn là bao lâu?",
        "choices": "Mười ngày\nBa mươi ngày\nMột năm",
        "right": "2",
        "topic": land().pk,
        "explanation": "Theo Điều 2.",
        "save": "1",
    }
    return sent | ({"bank": bank.pk} if bank else {}) | columns


def flag_quiz_questions():
    change = Change.objects.filter(event_type=EventType.DOCUMENT_AMENDED).latest("pk")
    bases.flag_bases(change, bases.bases_to_flag(change, of=["quiz_question"]))


def with_changed_law():
    """An approved question whose law was amended three days ago."""
    law = a_document("7/2019/QH14", title="Luật Mẫu")
    question = a_quiz_question(a_bank(), law=law)
    amend(an_amending_law(law, on=vietnam_time.today() - datetime.timedelta(days=3)))
    flag_quiz_questions()
    return question


@pytest.mark.parametrize("role", Role.values)
def test_what_a_role_may_open(role):
    browser, bank = signed_in(role), a_bank()
    approved, draft, flagged = a_quiz_question(bank), a_quiz_question(bank, approved=False), with_changed_law()
    may = {
        BANKS: ALL,
        f"{BANKS}add/": WRITES,
        f"{BANKS}{bank.pk}/change/": ALL,
        QUESTIONS: ALL,
        f"{QUESTIONS}add/": WRITES,
        f"{QUESTIONS}provisions/?typed=điều 2": WRITES,
        f"{QUESTIONS}{approved.pk}/change/": ALL,
        f"{QUESTIONS}{draft.pk}/write/": WRITES,
        f"{QUESTIONS}{approved.pk}/write/": WRITES,
        f"{QUESTIONS}{draft.pk}/transition/approve/": APPROVES,
        f"{QUESTIONS}{draft.pk}/transition/withdraw/": WRITES | APPROVES,
        f"{QUESTIONS}{flagged.pk}/law/": ALL,
        f"{QUESTIONS}{approved.pk}/delete/": set(),
        f"{BANKS}{bank.pk}/delete/": set(),
    }
    opened = {address for address in may if browser.get(address).status_code == 200}
    assert opened == {address for address, roles in may.items() if role in roles}


def test_a_stranger_is_asked_who_they_are():
    question = a_quiz_question(a_bank())
    for address in (BANKS, QUESTIONS, f"{QUESTIONS}add/", f"{QUESTIONS}{question.pk}/change/"):
        assert Client().get(address).url.startswith("/staff/login/")


def test_a_question_is_written_with_its_law_approved_by_another_and_withdrawn():
    law = a_document("7/2019/QH14", title="Luật Mẫu")
    lan, hoa = signed_in("publisher", name="lan"), signed_in("approver", name="hoa")
    assert lan.post(f"{BANKS}add/", {"name": "Đất đai 2026"}).status_code == 302
    bank = QuestionBank.objects.get()
    refused = lan.post(f"{QUESTIONS}add/", data(bank)).content.decode()
    assert "ít nhất một quy định" in refused and "Mười ngày\nBa mươi ngày" in refused
    assert lan.post(f"{QUESTIONS}add/", data(bank, cite=f"{law.key}/art_2")).status_code == 302
    question = QuizQuestion.objects.get()
    assert (question.choices, question.right, question.topic) == (["Mười ngày", "Ba mươi ngày", "Một năm"], 2, land())
    assert [citation.eid for citation in question.basis.citations.all()] == ["art_2"]

    approve = f"{QUESTIONS}{question.pk}/transition/approve/"
    assert lan.get(approve).status_code == 403  # she wrote it
    seen = hoa.get(approve).context["form"].fields["seen"].initial
    hoa.post(approve, {"seen": seen})
    assert QuizQuestion.objects.get().status == "approved"
    page = hoa.get(f"{BANKS}{bank.pk}/change/").content.decode()
    assert "Đất đai</span>: <strong>1</strong>" in page

    withdraw = f"{QUESTIONS}{question.pk}/transition/withdraw/"
    assert "errorlist" in hoa.post(withdraw, {"reason": " "}).content.decode()
    hoa.post(withdraw, {"reason": "Trùng câu khác"})
    assert QuizQuestion.objects.get().status == "withdrawn"
    rows = list(AuditRow.objects.filter(subject=question.key).values_list("action", "by__username", "reason"))
    assert rows == [
        ("quiz.written", "lan", ""), ("quiz.approve", "hoa", ""), ("quiz.withdraw", "hoa", "Trùng câu khác"),
    ]  # fmt: skip


def test_looking_up_a_provision_saves_nothing_and_shows_what_may_be_cited():
    law, lan = a_document("7/2019/QH14", title="Luật Mẫu"), signed_in("editor", name="lan")
    page = lan.post(f"{QUESTIONS}add/", data(a_bank(), find="1", typed="điều 2 7/2019/QH14")).content.decode()
    assert f'value="{law.key}/art_2"' in page and "Thời hạn là bao lâu?" in page
    assert not QuizQuestion.objects.exists()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"choices": "Một"}, "Nhập từ 2 đến 8 lựa chọn."),
        ({"choices": "Một\nMột"}, "Có hai dòng giống nhau"),
        ({"right": "5"}, "lựa chọn nào đúng"),
        ({"kind": "fill_in", "accepted": ""}, "câu trả lời được chấp nhận"),
        ({"text": "\u202e"}, "errorlist"),
    ],
)
def test_a_question_without_one_right_answer_is_refused_in_words_and_stays_in_the_form(columns, said):
    law, lan = a_document("7/2019/QH14", title="Luật Mẫu"), signed_in("editor", name="lan")
    page = lan.post(f"{QUESTIONS}add/", data(a_bank(), cite=f"{law.key}/art_2") | columns).content.decode()
    assert "errorlist" in page and said in page
    assert "Theo Điều 2." in page and f'value="{law.key}/art_2"' in page
    assert not QuizQuestion.objects.exists()


def test_a_question_that_a_round_has_used_gets_a_revision_and_stays_as_it_was():
    question = a_quiz_question(a_bank())
    QuizQuestion.objects.filter(pk=question.pk).update(used_at=question.created_at)
    lan = signed_in("editor", name="lan")
    page = lan.get(f"{QUESTIONS}{question.pk}/write/")
    sent = data(text="Câu khác?", cite="luat-2019-1-2019-qh14/art_2", seen=page.context["form"]["seen"].value())
    sent["cite"] = page.context["cited"][0].value
    answer = lan.post(f"{QUESTIONS}{question.pk}/write/", sent)
    draft = QuizQuestion.objects.get(key=question.key, revision=2)
    assert answer.url == f"{QUESTIONS}{draft.pk}/change/"
    assert (draft.text, draft.status) == ("Câu khác?", "draft")
    assert QuizQuestion.objects.get(pk=question.pk).text == question.text


def test_what_somebody_else_changed_meanwhile_is_neither_approved_unread_nor_overwritten():
    question = a_quiz_question(a_bank(), approved=False)
    lan, hoa = signed_in("editor", name="lan"), signed_in("approver", name="hoa")
    approve, write = f"{QUESTIONS}{question.pk}/transition/approve/", f"{QUESTIONS}{question.pk}/write/"
    read = hoa.get(approve).context["form"].fields["seen"].initial
    opened = lan.get(write)
    QuizQuestion.objects.filter(pk=question.pk).update(right=3)
    assert "đã thay đổi" in hoa.post(approve, {"seen": read}).content.decode()
    sent = data(seen=opened.context["form"]["seen"].value(), cite=opened.context["cited"][0].value)
    page = lan.post(write, sent).content.decode()
    assert "Thời hạn là bao lâu?" in page and question.text in page  # both texts are on the page
    question.refresh_from_db()
    assert (question.status, question.right) == ("draft", 3)


def test_a_flagged_question_is_read_beside_the_law_and_confirmed():
    question, hoa = with_changed_law(), signed_in("approver", name="hoa")
    page = f"{QUESTIONS}{question.pk}/law/"
    assert question.key in hoa.get(f"{QUESTIONS}?status=flagged").content.decode()
    shown = hoa.get(page)
    assert "<ins>" in shown.content.decode()
    assert signed_in("answerer", name="tam").post(page, {"seen": "x"}).status_code == 403
    hoa.post(page, {"seen": shown.context["form"].fields["seen"].initial})
    assert question.key not in hoa.get(f"{QUESTIONS}?status=flagged").content.decode().split("result_list")[-1]
    assert hoa.get(page).url == f"{QUESTIONS}{question.pk}/change/"


def test_a_change_of_law_after_the_page_was_opened_is_not_confirmed_unread():
    question, hoa = with_changed_law(), signed_in("approver", name="hoa")
    page = f"{QUESTIONS}{question.pk}/law/"
    seen = hoa.get(page).context["form"].fields["seen"].initial
    law = question.basis.citations.get().document
    yesterday = vietnam_time.today() - datetime.timedelta(days=1)
    amend(an_amending_law(law, "9/2024/QH15", on=yesterday, instructions="1. Bãi bỏ khoản 2 Điều 2."))
    flag_quiz_questions()
    assert "đã thay đổi" in hoa.post(page, {"seen": seen}).content.decode()
    assert question.basis.changes.filter(settled_at=None).count() == 2


def test_the_lists_cost_the_same_however_many_rows(django_assert_max_num_queries):
    hoa, bank = signed_in("approver", name="hoa"), a_bank()
    for _round in range(2):
        for _ in range(4):
            a_quiz_question(bank)
            a_bank()
        with django_assert_max_num_queries(16):
            assert hoa.get(QUESTIONS).status_code == 200
        with django_assert_max_num_queries(12):
            assert hoa.get(BANKS).status_code == 200
