"""Questions on the staff site, through the real admin: triage, answers, reviews, confirmation after a change of law."""

import datetime
import re

import pytest
from django.test import Client

from content import vietnam_time
from content.changes.models import Change
from content.deadlines.models import CalendarDay, DeadlineRule
from content.organisations.models import Organisation
from content.people.models import AuditRow, Reader, Role
from content.qa import queries, services
from content.qa.models import Answer, Question
from content.qa.services import outdated
from tests.builders import (
    a_document,
    a_member_of_staff,
    a_question,
    a_question_in_review,
    amend,
    an_amending_law,
    an_answered_question,
    answerer,
    approver,
    correct_law,
    land,
)

pytestmark = pytest.mark.django_db
QUESTIONS = "/staff/content/question/"
PHONE = "0912 345 678"


def signed_in_as(user):
    client = Client()
    client.user = user
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def lan():
    """Answers."""
    return signed_in_as(answerer())


@pytest.fixture
def hoa():
    """Screens and approves."""
    return signed_in_as(approver())


@pytest.fixture
def minh():
    """Keeps the calendar."""
    return signed_in_as(a_member_of_staff("minh", Role.ADMINISTRATOR))


def words(answer):
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def confirm_transition(client, question, name, **given):
    return client.post(f"{QUESTIONS}{question.pk}/transition/{name}/", given, follow=True)


def writes(client, question, button="save", **given):
    return client.post(f"{QUESTIONS}{question.pk}/answer/", {button: "1", **given}, follow=True)


def in_answering(**columns):
    question = a_question(**columns)
    services.screen(question, by=approver())
    services.redact(question, title="Sang tên xe", text="Bao lâu thì phải sang tên?", by=approver())
    services.assign(question, to=answerer(), by=approver())
    return services.start_answering(question, by=answerer())


def test_from_the_queue_to_the_public_through_the_hands_of_three(lan, hoa):
    law, question = a_document("168/2019/QH14"), a_question()
    listed = hoa.get(f"{QUESTIONS}?queue=to_screen")
    assert [each.key for each in listed.context["cl"].result_list] == [question.key]
    assert "Sang tên" not in listed.content.decode() and PHONE not in listed.content.decode()
    assert said(confirm_transition(hoa, question, "screen")) == ["Đã bắt đầu sàng lọc."]

    page = hoa.post(f"{QUESTIONS}{question.pk}/original/")
    assert [(each.words, each.is_never) for each in page.context["proposals"]] == [
        ("Trần Văn Minh", False), (PHONE, True),
    ]  # fmt: skip
    assert page.context["form"].initial["text"] == ("Tôi là [họ tên], [số điện thoại]. Bao lâu thì phải sang tên?")
    copy = {"confirm": "1", "title": "Sang tên xe", "text": f"Gọi {PHONE}: bao lâu?"}
    refused = hoa.post(f"{QUESTIONS}{question.pk}/original/", copy)
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["text"])
    copy["text"] = "Bao lâu thì phải sang tên?"
    assert said(hoa.post(f"{QUESTIONS}{question.pk}/original/", copy, follow=True)) == ["Đã lưu bản công khai."]
    assert said(confirm_transition(hoa, question, "assign", to=answerer().pk, reason="Chuyên về đất")) == [
        "Đã phân công."
    ]

    assert [each.key for each in lan.get(f"{QUESTIONS}?queue=mine").context["cl"].result_list] == [question.key]
    confirm_transition(lan, question, "start")
    found = writes(lan, question, "find", text="Trong 30 ngày.", typed="điều 2 luật 168")
    rows = [(row.eid, row.words) for row in found.context["found"].rows][:2]
    assert rows == [("art_2", "Điều 2 Luật Mẫu 168/2019/QH14 năm 2019"),
                    ("art_2__clause_1", "khoản 1 Điều 2 Luật Mẫu 168/2019/QH14 năm 2019")]  # fmt: skip
    assert (found.context["form"]["text"].value(), Answer.objects.count()) == ("Trong 30 ngày.", 0)
    cited = f"{law.key}/art_2__clause_1"
    assert said(writes(lan, question, text="Trong 30 ngày.", cite=[cited])) == [
        "Đã lưu. Chỉ người làm việc ở đây đọc được."
    ]
    draft = lan.get(f"{QUESTIONS}{question.pk}/answer/")
    assert [(each.value, each.is_there) for each in draft.context["cited"]] == [(cited, True)]
    assert "Mẫu không đặt tên" in words(draft)  # the text as of today, with the units under it
    writes(lan, question, "submit", text="Trong 30 ngày.", cite=[cited])
    page = confirm_transition(lan, question, "approve")
    assert page.status_code == 403

    page = hoa.get(f"{QUESTIONS}{question.pk}/transition/approve/")
    assert "Trong 30 ngày." in words(page) and "khoản 1 Điều 2" in words(page)
    assert said(confirm_transition(hoa, question, "approve", seen=page.context["form"]["seen"].value())) == [
        "Đã duyệt."
    ]
    assert queries.public_questions().get().key == question.key
    done = set(AuditRow.objects.filter(subject=question.key).values_list("action", flat=True))
    names = "screen assign start submit approve redacted original_read"
    assert done == {f"question.{name}" for name in names.split()}
    shown = words(hoa.get(f"{QUESTIONS}{question.pk}/change/"))
    for name in ("Đã bắt đầu sàng lọc câu hỏi", "Đã đọc câu hỏi nguyên văn", "Đã duyệt câu trả lời"):
        assert name in shown


def test_a_copy_with_a_name_or_an_address_is_saved_only_when_each_part_was_named_and_ticked(hoa):
    question = a_question()
    page, name, place = f"{QUESTIONS}{question.pk}/original/", "Nguyễn Văn Hùng", "số 12 đường Lê Lợi, phường Bến Nghé"
    copy = {"confirm": "1", "title": "Sang tên xe", "text": f"Ông {name} ở {place} bán xe cho tôi."}
    asked = hoa.post(page, copy)
    [refusal] = asked.context["form"].non_field_errors()
    assert refusal == (
        f"Bản công khai có thể còn dữ liệu cá nhân: «{name}» (Họ tên), «{place}» (Địa chỉ). "
        "Hãy bỏ đi, hoặc đánh dấu từng phần được giữ lại."
    )
    assert (asked.context["form"]["text"].value(), list(asked.context["standing"])) == (copy["text"], [name, place])
    asked = hoa.post(page, copy | {"let_stand": [name]})
    assert f"«{place}»" in str(asked.context["form"].non_field_errors())
    assert (asked.context["let_stand"], Question.objects.get().public_text) == ([name], "")
    saved = hoa.post(page, copy | {"let_stand": [name, place]}, follow=True)
    assert (said(saved), Question.objects.get().public_text) == (["Đã lưu bản công khai."], copy["text"])


def test_reading_a_question_as_it_was_asked_is_noted_each_time_and_opening_pages_is_not(hoa, lan):
    question = a_question()
    for path in (
        "",
        "?q=sang",
        f"{question.pk}/change/",
        f"{question.pk}/original/",
        f"{question.pk}/transition/reject/",
    ):
        answer = hoa.get(f"{QUESTIONS}{path}")
        assert answer.status_code == 200
        assert "sang tên" not in answer.content.decode().lower() and PHONE not in answer.content.decode()
    assert AuditRow.objects.count() == 0
    for _ in range(2):
        assert PHONE in hoa.post(f"{QUESTIONS}{question.pk}/original/").content.decode()
    assert [row.action for row in AuditRow.objects.all()] == ["question.original_read"] * 2


def test_a_guess_can_stay_in_the_copy_and_what_is_never_published_cannot(hoa):
    question = a_question()
    again = hoa.post(f"{QUESTIONS}{question.pk}/original/", {"sifted": "1", "propose": "1"})
    assert again.context["form"].initial["text"] == (
        "Tôi là Trần Văn Minh, [số điện thoại]. Bao lâu thì phải sang tên?"
    )
    assert [each.is_hidden for each in again.context["proposals"]] == [False, True]


def test_transitions_that_end_something_require_a_reason_and_show_it(hoa):
    organisation = Organisation.objects.first().pk
    for name in ("return", "reject", "redirect", "erase"):
        question = a_question()
        services.screen(question, by=approver())
        page = confirm_transition(hoa, question, name, reason=" ", organisation=organisation)
        question.refresh_from_db()
        assert (page.status_code, list(page.context["form"].errors), question.status) == (200, ["reason"], "screening")
        page = confirm_transition(hoa, question, name, reason="Cần biết năm.", organisation=organisation)
        assert (len(said(page)), "Cần biết năm." in words(page)) == (1, True)
        row = AuditRow.objects.latest("pk")
        assert (row.subject, row.reason) == (question.key, "Cần biết năm.")


def test_classifying_changes_the_due_day_and_counts_from_the_day_it_was_asked(hoa):
    DeadlineRule.objects.create(topic=land(), working_days=3)
    question = a_question(topic=None)
    confirm_transition(hoa, question, "classify", topic=land().pk)
    question.refresh_from_db()
    assert (question.topic, question.due_on) == (land(), queries.due_day_of(question))


def test_a_duplicate_is_merged_by_key_and_a_wrong_key_is_said_at_its_field(hoa):
    duplicate, into = a_question(), a_question()
    page = confirm_transition(hoa, duplicate, "merge", into="hoi-khongcomoi")
    assert list(page.context["form"].errors) == ["into"]
    page = confirm_transition(hoa, duplicate, "merge", into=duplicate.key)
    assert list(page.context["form"].errors) == ["into"]
    assert said(confirm_transition(hoa, duplicate, "merge", into=f" {into.key} ")) == ["Đã gộp."]
    duplicate.refresh_from_db()
    assert duplicate.same_as == into
    assert into.key in words(hoa.get(f"{QUESTIONS}{duplicate.pk}/change/"))


def test_what_the_status_does_not_allow_is_said_and_what_is_anothers_is_forbidden(hoa, lan):
    question = a_question()
    assert said(hoa.get(f"{QUESTIONS}{question.pk}/transition/return/", follow=True)) == [
        "Không thể «Yêu cầu bổ sung»: trạng thái đang là «Đã gửi»."
    ]
    assert confirm_transition(lan, question, "screen").status_code == 403
    page = confirm_transition(hoa, question, "assign", to=answerer().pk)  # not screened yet
    assert page.status_code == 200 and page.context["form"].non_field_errors()
    other = in_answering()
    stranger = signed_in_as(a_member_of_staff("stranger", Role.ANSWERER))
    assert stranger.get(f"{QUESTIONS}{other.pk}/answer/").status_code == 403
    assert writes(stranger, other, text="x").status_code == 403
    assert hoa.get(f"{QUESTIONS}999999999/change/").status_code == 404
    assert hoa.get(f"{QUESTIONS}{other.pk}/transition/nothing/").status_code == 404


def test_a_reviewer_approves_only_what_they_read(hoa, lan):
    question = a_question_in_review()
    seen = hoa.get(f"{QUESTIONS}{question.pk}/transition/approve/").context["form"]["seen"].value()
    services.send_back(question, by=approver(), reason="Ngắn quá")
    services.save_draft(question, text="Trong 300 ngày.", citations=[], by=answerer())
    services.submit_for_review(question, by=answerer())
    page = confirm_transition(hoa, question, "approve", seen=seen)
    assert page.context["form"].non_field_errors() == ["Nội dung đã thay đổi từ khi bạn mở trang. Hãy đọc lại."]
    assert not queries.public_questions().exists()


def test_provisions_are_found_as_people_type_them(lan):
    text = "NGHỊ ĐỊNH\nMẪU\nĐiều 6. Mức phạt\n1. Phạt gồm:\na) Một;\nđ) Hai.\n2. Khác.\n"
    days = {"issued_on": datetime.date(2024, 12, 26), "effective_on": datetime.date(2025, 1, 1)}
    about = {"doc_type": "decree", "title": "Nghị định quy định xử phạt", "issuer": "Chính phủ"}
    decree = a_document("168/2024/NĐ-CP", text=text, **about, **days)
    a_document("1168/2019/QH14")
    for typed, eid, is_there in (
        ("điều 6 nghị định 168", "art_6", True),
        ("dieu 6 nghi dinh 168", "art_6", True),
        ("khoản 1, Điều 6 Nghị định số 168/2024/NĐ-CP", "art_6__clause_1", True),
        ("điểm đ khoản 1 điều 6 nđ-cp 168 2024", "art_6__clause_1__point_dd", True),
        ("xử phạt", "", False),
        ("điều 99 nghị định 168", "art_99", False),
    ):
        found = lan.get(f"{QUESTIONS}provisions/", {"typed": typed}).context["found"]
        assert (found.document, found.eid, bool(found.rows)) == (decree, eid, is_there), typed
        assert found.is_no_unit == (eid == "art_99")
    for typed in ("không có văn bản nào như vậy", "\0", "%" * 300, "điều 6"):
        assert lan.get(f"{QUESTIONS}answer-nothing/").status_code in (302, 404)
        assert lan.post(f"{QUESTIONS}provisions/", {"typed": typed}).status_code == 200


def test_where_several_documents_may_be_meant_one_is_chosen_and_an_article_in_it(lan):
    first, second = a_document("5/2019/QH14"), a_document("5/2020/QH14")
    page = lan.get(f"{QUESTIONS}provisions/", {"typed": "luật mẫu"})
    assert (page.context["found"].document, len(page.context["found"].documents)) == (None, 2)
    given = {"typed": "luật mẫu", "looked_up": "luật mẫu", "document": second.key, "article": "art_1"}
    found = lan.get(f"{QUESTIONS}provisions/", given).context["found"]
    assert (found.document, [row.eid for row in found.rows]) == (second, ["art_1"])
    assert found.articles[0] == ("art_1", "Điều 1. Phạm vi điều chỉnh")
    given["looked_up"] = "something typed before"
    assert lan.get(f"{QUESTIONS}provisions/", given).context["found"].document is None
    assert first != second


def test_a_removed_citation_is_refused_and_the_typed_text_stays(lan):
    question = in_answering()
    page = writes(lan, question, text="Trong 30 ngày.", cite=["khong-co/art_1"])
    assert (page.status_code, page.context["form"]["text"].value()) == (200, "Trong 30 ngày.")
    assert page.context["form"].non_field_errors()
    law = a_document()
    assert writes(lan, question, text="x1", cite=[f"{law.key}/art_99"]).context["form"].non_field_errors()
    assert Answer.objects.count() == 0


def test_an_outdated_answer_shows_the_law_then_and_now_and_is_confirmed(lan):
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, "art_2__clause_1")])
    amend(an_amending_law(law))
    for change in Change.objects.filter(event_type="document.amended"):
        outdated.flag_answers_citing(change)
    (waiting,) = lan.get(f"{QUESTIONS}?queue=basis_changed").context["cl"].result_list
    assert waiting == question
    page = lan.get(f"{QUESTIONS}{question.pk}/law/")
    (cited,) = page.context["cited_texts"]
    assert ("Mẫu nhỏ" in cited.then.text, "Mẫu nhỏ" in cited.now.text) == (True, False)
    changed = {(span.op, span.text.strip()) for span in cited.spans if span.op != "equal"}
    assert {("delete", "không đặt"), ("insert", "mới"), ("delete", "b) Mẫu nhỏ;")} < changed
    assert "<del>" in page.content.decode() and "<ins>" in page.content.decode()
    assert "Luật sửa đổi, bổ sung" in words(page)
    seen = page.context["form"]["seen"].value()
    corrected_since = lan.post(f"{QUESTIONS}{question.pk}/law/", {"seen": seen - 1, "reason": ""})
    assert corrected_since.context["form"].non_field_errors()
    confirmed = lan.post(f"{QUESTIONS}{question.pk}/law/", {"seen": seen, "reason": "Vẫn đúng"}, follow=True)
    assert said(confirmed) == ["Đã xác nhận: câu trả lời vẫn đúng theo luật hôm nay."]
    assert not queries.outdated_answers().exists()
    assert lan.get(f"{QUESTIONS}{question.pk}/law/").status_code == 302


def test_after_a_correction_of_our_copy_the_words_that_were_read_are_shown(lan):
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, "art_2")])
    outdated.flag_answers_citing(correct_law(law))
    (cited,) = lan.get(f"{QUESTIONS}{question.pk}/law/").context["cited_texts"]
    assert ("Mẫu lớn" in cited.then.text, "Mẫu to" in cited.now.text) == (True, True)


def test_what_takes_effect_later_is_shown_with_its_day(lan):
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, "art_2")])
    day = vietnam_time.today() + datetime.timedelta(days=30)
    amend(an_amending_law(law, on=day))
    outdated.flag_answers_citing(Change.objects.get(event_type="document.amended"))
    (cited,) = lan.get(f"{QUESTIONS}{question.pk}/law/").context["cited_texts"]
    assert (cited.then.text, [each.day for each in cited.coming]) == (cited.now.text, [day])
    assert "có tên mới" in cited.coming[0].text


def test_a_revision_begins_with_the_current_answer(lan, hoa):
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, "art_2")])
    confirm_transition(lan, question, "revise", reason="Thêm căn cứ")
    page = lan.get(f"{QUESTIONS}{question.pk}/answer/")
    assert (page.context["form"]["text"].value(), [each.value for each in page.context["cited"]]) == (
        "Trong 30 ngày.", [f"{law.key}/art_2"],
    )  # fmt: skip
    assert said(confirm_transition(lan, question, "keep", reason="Vẫn đúng")) == [
        "Đã bỏ dự thảo, câu trả lời hiện có tiếp tục có giá trị."
    ]
    confirm_transition(hoa, question, "take_down", reason="Sai luật")
    assert not queries.public_questions().exists()


def test_a_report_is_taken_up_left_taken_up_again_and_resolved(hoa, lan):
    question = an_answered_question()
    report, _ = services.report_problem(question, reader=Reader.objects.create(), kind="outdated", text="Luật mới rồi")
    path = f"/staff/content/problemreport/{report.pk}/change/"
    assert [each.pk for each in hoa.get("/staff/content/problemreport/?status=open").context["cl"].result_list] == [
        report.pk
    ]
    assert "Luật mới rồi" in words(hoa.get(path))
    assert hoa.post(path, {"resolve": "1", "outcome": "x"}).context["form"].non_field_errors()
    hoa.post(path, {"claim": "1"})
    assert lan.post(path, {"unclaim": "1"}).context["form"].non_field_errors()
    hoa.post(path, {"unclaim": "1"})
    lan.post(path, {"claim": "1"})
    assert lan.post(path, {"resolve": "1", "outcome": " "}).context["form"].errors
    lan.post(path, {"resolve": "1", "outcome": "Đã sửa"})
    report.refresh_from_db()
    assert (report.resolved_at is not None, report.outcome, report.claimed_by) == (True, "Đã sửa", answerer())
    history = [row.action_label for row in hoa.get(path).context["history"]]
    assert len(history) == 4
    outsider = signed_in_as(a_member_of_staff("outsider", Role.EDITOR))
    assert "Luật mới rồi" not in words(outsider.get(path))
    assert outsider.post(path, {"claim": "1"}).status_code == 403


def test_a_holiday_that_is_entered_moves_the_last_day_of_what_waits(minh):
    question = a_question()
    day = question.due_on
    data = {"day": str(day), "name": "Ngày nghỉ", "source": "Công văn", "is_provisional": "on"}
    assert minh.post("/staff/content/calendarday/add/", data).status_code == 302
    question.refresh_from_db()
    assert question.due_on == queries.due_day_of(question) > day
    row = CalendarDay.objects.get(day=day)
    assert (row.is_provisional, AuditRow.objects.latest("pk").action) == (True, "calendar.set")
    assert "tạm ghi" in words(minh.get("/staff/content/calendarday/"))
    minh.post(f"/staff/content/calendarday/{row.pk}/delete/", {"post": "yes"})
    question.refresh_from_db()
    assert question.due_on == day
    assert AuditRow.objects.latest("pk").action == "calendar.removed"


def test_a_day_that_is_what_its_weekday_says_is_refused(minh):
    data = {"day": "2026-12-05", "name": "Thứ Bảy", "source": "x"}
    page = minh.post("/staff/content/calendarday/add/", data, follow=True)
    assert said(page) == ["Ngày trong tuần vốn đã như vậy. Chỉ nhập ngày khác lệ."]
    assert not CalendarDay.objects.filter(day="2026-12-05").exists()


def test_what_of_2026_was_not_compared_with_its_announcement_says_so():
    days = CalendarDay.objects.filter(is_provisional=True, day__year=2026).values_list("day", flat=True)
    assert {str(day) for day in days} >= {"2026-02-16", "2026-04-27", "2026-08-31"}
    assert not CalendarDay.objects.filter(day="2026-01-02", is_provisional=True).exists()


def test_a_rule_holds_from_then_on_and_the_one_for_all_others_stays(minh):
    question, promised = a_question(), queries.due_day_of(a_question())
    assert minh.post("/staff/content/deadlinerule/add/", {"topic": land().pk, "working_days": 5}).status_code == 302
    question.refresh_from_db()
    assert (question.due_on, queries.due_day_of(question) < promised) == (promised, True)
    general = DeadlineRule.objects.get(topic=None)
    minh.post(f"/staff/content/deadlinerule/{general.pk}/delete/", {"post": "yes"})
    assert DeadlineRule.objects.filter(pk=general.pk).exists()
    page = minh.post("/staff/content/deadlinerule/add/", {"topic": "", "working_days": 5})
    assert page.status_code in (200, 302) and DeadlineRule.objects.filter(topic=None).count() == 1
    minh.post(f"/staff/content/deadlinerule/{general.pk}/change/", {"topic": "", "working_days": 20})
    assert DeadlineRule.objects.get(topic=None).working_days == 20
    assert AuditRow.objects.filter(action="deadline.set").count() == 2


def test_the_first_page_counts_each_queue_and_leads_to_just_these(hoa, lan):
    a_question()
    screened = a_question()
    services.screen(screened, by=approver())
    in_answering()
    review = a_question_in_review()
    Question.objects.filter(pk=review.pk).update(due_on=vietnam_time.today() - datetime.timedelta(days=5))
    services.report_problem(an_answered_question(), reader=Reader.objects.create(), kind="wrong")
    for who, expected in (
        (
            hoa,
            {
                "Câu hỏi chờ sàng lọc": 1,
                "Câu hỏi chờ phân công": 1,
                "Câu trả lời chờ duyệt": 1,
                "Câu hỏi quá hạn": 1,
                "Vấn đề được báo": 1,
            },
        ),
        (lan, {"Câu hỏi tôi phải trả lời": 1, "Câu hỏi quá hạn": 1}),
    ):
        shown = {queue.name: queue for queue in who.get("/staff/").context["queues"]}
        assert {name: shown[name].count for name in expected} == expected
        for name in expected:
            assert len(who.get(shown[name].url).context["cl"].result_list) == 1
    assert "Câu hỏi chờ sàng lọc" not in {queue.name for queue in lan.get("/staff/").context["queues"]}


def test_the_list_costs_the_same_however_many_wait(hoa, django_assert_max_num_queries):
    for _ in range(6):
        a_question()
    with django_assert_max_num_queries(35):
        hoa.get(QUESTIONS)


def test_similar_answered_questions_are_beside_the_editor(lan):
    similar = an_answered_question()
    page = lan.get(f"{QUESTIONS}{in_answering().pk}/answer/")
    assert [each.key for each in page.context["similar"]] == [similar.key]


def test_an_answer_that_somebody_else_saved_meanwhile_is_not_overwritten_unseen(lan):
    law = a_document()
    question = in_answering()
    path = f"{QUESTIONS}{question.pk}/answer/"
    opened = lan.get(path).context["form"]["seen"].value()
    services.save_draft(question, text="Trong 60 ngày.", citations=[(law, "art_1")], by=answerer())
    stale = lan.post(path, {"text": "Trong 30 ngày.\r\n", "seen": opened, "submit": "1"})
    question.refresh_from_db()
    assert (Answer.objects.get().text, question.status) == ("Trong 60 ngày.", "answering")
    assert "Nội dung đã thay đổi từ khi bạn mở trang" in words(stale)
    assert "Có người khác đã lưu một bản khác" in words(stale)
    (saved,) = stale.context["saved_meanwhile"]
    form = stale.context["form"]
    assert (saved.value(), form["text"].value()) == ("Trong 60 ngày.", "Trong 30 ngày.\r\n")
    assert [each.words for each in stale.context["cited_in_saved"]] == [f"Điều 1 {law.title} năm 2019"]
    lan.post(path, {"text": "Trong 30 ngày.", "seen": form["seen"].value(), "save": "1"})  # who has seen both may
    assert Answer.objects.get().text == "Trong 30 ngày."


def test_the_first_draft_of_an_answer_is_not_overwritten_unseen_either(lan):
    question = in_answering()
    path = f"{QUESTIONS}{question.pk}/answer/"
    opened = lan.get(path).context["form"]["seen"].value()
    assert not lan.get(path).context["is_stale"]
    for text in ("Của một người.", "Của một người khác."):
        lan.post(path, {"text": text, "seen": opened, "save": "1"})
    assert Answer.objects.get().text == "Của một người."
