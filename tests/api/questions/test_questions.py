"""Questions over the API: asking, reading, rating and reporting."""

import contextlib
import uuid

import pytest
from django.db import DataError, connection, transaction
from rest_framework.test import APIClient, APIRequestFactory

from api.v1.questions.address_quota import ask_within_quota
from content.changes.models import Change
from content.qa import services
from content.qa.models import ProblemReport, Question, Rating
from content.qa.services import outdated
from tests.builders import (
    a_device,
    a_document,
    a_question,
    an_answered_question,
    an_event,
    answerer,
    approver,
    correct_law,
    justice,
)

pytestmark = pytest.mark.django_db
CITED = "art_2__clause_1"
BODY = {"title": "Sang tên xe", "text": "Bao lâu thì phải sang tên?", "consent_to_publish": True, "topic": "11-dat-dai"}


def ask(api, device, body=BODY, key=None, **headers):
    return api("post", "questions", body, device=device, HTTP_IDEMPOTENCY_KEY=key or str(uuid.uuid4()), **headers)


def test_what_is_no_question_under_a_used_key_is_422_and_what_is_no_json_415_before_all(api):
    minh = a_device()
    assert ask(api, minh, key="k").status_code == 201
    assert ask(api, minh, BODY | {"x_other": 1}, key="k").json()["code"] == "idempotency_key_reused"
    assert ask(api, minh, BODY | {"x_other": 1}).status_code == 400
    answer = APIClient().post(
        "/api/v1/questions", "<a/>", content_type="application/xml", HTTP_AUTHORIZATION=f"Bearer {minh.secret}"
    )
    assert answer.status_code == 415


def keys(api, query=""):
    answer = api("get", f"questions{query}")
    assert answer.status_code == 200, answer.json()
    return [question["key"] for question in answer.json()["results"]]


def test_asking_needs_no_name_and_shows_the_question_to_its_asker_alone(api):
    minh, hoa = a_device("minh"), a_device("hoa")
    asked = ask(api, minh)
    assert asked.status_code == 201
    question = asked.json()
    assert (question["status"], question["status_name"], question["resolution"]) == ("submitted", "Đã gửi", None)
    assert (question["title"], question["due_on"] is None, question["answer"]) == ("Sang tên xe", False, None)
    assert asked.headers["Location"] == question["url"]
    assert api("get", question["url"], device=minh).json() == question
    assert api("get", question["url"], device=hoa).status_code == 404
    assert (keys(api), api("get", f"questions/{question['key']}").status_code) == ([], 404)
    assert [each["key"] for each in api("get", "questions/mine", device=minh).json()["results"]] == [question["key"]]
    assert api("get", "questions/mine", device=hoa).json()["results"] == []


def test_the_same_again_is_answered_as_before_and_another_under_its_key_is_refused(api):
    minh, hoa = a_device("minh"), a_device("hoa")
    first, again = ask(api, minh, key="k-1"), ask(api, minh, key="k-1")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    other = ask(api, minh, BODY | {"text": "Khác"}, key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert ask(api, hoa, key="k-1").status_code == 201
    assert Question.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"title": "   "}, "/title", "blank"),
        ({"text": "\u200b \n"}, "/text", "blank"),
        ({"text": "?!…"}, "/text", "blank"),
        ({"title": "a" * 301}, "/title", "max_length"),
        ({"text": "a" * 10_001}, "/text", "max_length"),
        ({"text": "a\x00b"}, "/text", "invalid_character"),
        ({"text": "a\x1b[31mb"}, "/text", "invalid_character"),
        ({"text": "a\u202eb"}, "/text", "invalid_character"),
        ({"text": "a\ud800b"}, "/text", "invalid_character"),
        ({"text": 5}, "/text", "invalid"),
        ({"topic": "no-such-topic"}, "/topic", "does_not_exist"),
        ({"topic": "\x00"}, "/topic", "does_not_exist"),
        ({"consent_to_publish": "yes"}, "/consent_to_publish", "invalid"),
        ({"consent_to_publish": None}, "/consent_to_publish", "null"),
        ({"name": "Minh"}, "/name", "unknown_field"),
    ],
)
def test_bad_questions_are_told_and_change_nothing(api, change, pointer, code):
    answer = ask(api, a_device(), BODY | change)
    assert (answer.status_code, [(e["pointer"], e["code"]) for e in answer.json()["errors"]]) == (
        400, [(pointer, code)],
    )  # fmt: skip
    assert Question.objects.count() == 0


def test_consent_is_never_a_default_and_the_key_of_a_try_is_needed(api):
    minh = a_device()
    without = {name: value for name, value in BODY.items() if name != "consent_to_publish"}
    assert ask(api, minh, without).json()["errors"][0]["code"] == "required"
    for headers in ({}, {"HTTP_IDEMPOTENCY_KEY": "x" * 256}, {"HTTP_IDEMPOTENCY_KEY": "có dấu"}):
        answer = api("post", "questions", BODY, device=minh, **headers)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/Idempotency-Key")
    assert Question.objects.count() == 0


def test_a_megabyte_is_refused_html_stays_words_and_nfd_becomes_nfc(api):
    minh = a_device()
    assert ask(api, minh, BODY | {"text": "a" * 1_000_000}).status_code == 400
    assert ask(api, minh, BODY | {"text": "a" * 1_100_000}).status_code == 413
    script = "<script>alert('x')</script> & <b>đậm</b>"
    asked = ask(api, minh, BODY | {"text": script, "title": "Sang te\u0302n xe"})
    assert (asked.json()["text"], asked.json()["title"]) == (script, "Sang tên xe")


def test_ten_accepted_questions_an_hour_and_what_was_refused_does_not_count(api):
    minh = a_device()
    for _again in range(3):
        ask(api, minh, BODY | {"text": " "})
    for _number in range(9):
        assert ask(api, minh).status_code == 201
    assert ask(api, minh, key="tenth").status_code == 201
    refused = ask(api, minh)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_questions")
    assert 3500 < int(refused.headers["Retry-After"]) <= 3601
    assert ask(api, minh, key="tenth").status_code == 201  # no new question
    assert ask(api, a_device("hoa")).status_code == 201


def test_new_devices_do_not_renew_what_an_address_may_ask_in_an_hour(api, settings):
    settings.ADDRESS_QUESTIONS_PER_HOUR = 3
    caller, event = {"REMOTE_ADDR": "192.0.2.78"}, an_event()
    devices = [a_device(f"phone-{number}") for number in range(8)]
    for device in devices:
        assert ask(api, device, BODY | {"text": " "}, **caller).status_code == 400  # does not count
    answers = [ask(api, device, key="k", **caller) for device in devices]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 2  # six are accepted if the hour turns meanwhile
    assert (refused[0].json()["code"], 0 < int(refused[0]["Retry-After"]) <= 3601) == ("too_many_questions", True)
    assert ask(api, devices[0], key="k", **caller).json()["key"] == answers[0].json()["key"]  # no new question
    headers = caller | {"HTTP_IDEMPOTENCY_KEY": "e"}
    ahead = [api("post", f"events/{event.key}/questions", BODY, device=device, **headers) for device in devices]
    assert [answer.status_code for answer in ahead].count(429) >= 5
    assert ask(api, a_device("hoa"), REMOTE_ADDR="192.0.2.79").status_code == 201


def test_a_count_that_cannot_be_taken_back_hides_neither_an_answer_nor_a_cause(db):
    """The database refuses every further statement, as where its session ended."""

    def fail(refusal):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    def repeat(refusal):
        with contextlib.suppress(DataError):
            fail(refusal)
        return question, False

    request, question = APIRequestFactory().post("/", REMOTE_ADDR="192.0.2.80"), Question()
    with pytest.raises(DataError), transaction.atomic():
        ask_within_quota(request, fail)
    with contextlib.suppress(Rollback), transaction.atomic():
        assert ask_within_quota(request, repeat) is question
        raise Rollback


class Rollback(Exception):
    """What was tried is undone."""


def test_the_public_reads_the_redacted_copy_the_answer_and_its_law(api):
    minh, law = a_device(), a_document("1/2019/QH14")
    question = an_answered_question(minh.reader, citations=[(law, CITED), (law, "")])
    shown = api("get", f"questions/{question.key}").json()
    assert (shown["title"], shown["text"]) == ("Sang tên xe", "Bao lâu thì phải sang tên?")
    assert (shown["answer"]["text"], shown["basis_changed"], shown["source"]) == ("Trong 30 ngày.", False, "")
    first, whole = shown["answer"]["citations"]
    assert first["url"] == f"http://127.0.0.1:8000/api/v1/documents/{law.key}/provisions/{CITED}"
    assert api("get", first["url"]).json()["citation"] == first["citation"]
    assert (whole["eid"], whole["url"]) == ("", f"http://127.0.0.1:8000/api/v1/documents/{law.key}")
    assert shown["answer"]["read_on"] and shown["answer"]["causes"] == []
    assert api("get", "questions").json()["results"] == [shown]
    for secret in ("0912", "Trần Văn Minh", str(minh.reader.pk), "consent", "lan-answers"):
        assert secret not in str(shown)
    mine = api("get", f"questions/mine/{question.key}", device=minh).json()
    assert (mine["public_url"], mine["answer"], mine["resolution_name"]) == (
        shown["url"],
        shown["answer"],
        "Đã trả lời",
    )
    assert [step["transition"] for step in mine["transitions"]] == ["screen", "assign", "start", "submit", "approve"]


def test_it_says_so_when_the_law_changed_until_somebody_confirmed_it(api):
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, CITED)])
    correct_law(law)
    while outdated.flag_outdated_answers():
        pass
    shown = api("get", f"questions/{question.key}").json()
    assert shown["basis_changed"]
    (cause,) = shown["answer"]["causes"]
    assert (cause["event_type"], cause["document"], cause["eids"]) == ("document.corrected", law.key, [CITED])
    assert keys(api, "?basis_changed=true") == [question.key]
    assert keys(api, "?basis_changed=false") == []
    services.confirm(question, by=answerer())
    shown = api("get", f"questions/{question.key}").json()
    assert (shown["basis_changed"], shown["answer"]["causes"], shown["answer"]["confirmed_at"] is None) == (
        False, [], False,
    )  # fmt: skip


def test_it_is_found_by_words_subject_and_the_law_it_cites(api):
    law = a_document("1/2019/QH14")
    first = an_answered_question(citations=[(law, f"{CITED}__point_a")])
    second = an_answered_question(topic=justice(), title="Hộ tịch", public_text="Đăng ký khai sinh ở đâu?")
    assert keys(api) == [second.key, first.key]
    assert keys(api, "?q=khai+sinh") == keys(api, "?q=HO+TICH") == [second.key]
    assert keys(api, "?topic=11-dat-dai") == [first.key]
    for eid in ("", "~art_2", f"~{CITED}", f"~{CITED}__point_a"):
        assert keys(api, f"?cites={law.key}{eid}") == [first.key], eid
    assert keys(api, f"?cites={law.key}~art_1") == keys(api, f"?cites={law.key}~{CITED}__point_b") == []
    assert keys(api, "?as_of=2020-01-01") == []
    assert api("get", f"questions/{first.key}?as_of=2020-01-01").status_code == 404
    page = api("get", "questions?page_size=1").json()
    assert [each["key"] for each in api("get", page["next"]).json()["results"]] == [first.key]


@pytest.mark.parametrize(
    "query",
    [
        "?qq=1", "?topic=x", "?organisation=x", "?province=x", "?cites=A/b/c", "?as_of=9999-12-31", "?as_of=1900-01-01",
        "?basis_changed=yes", "?cursor=x", "?q=", "?fields=reader",
    ],
)  # fmt: skip
def test_unknown_parameters_and_bad_values_are_400(api, query):
    assert api("get", f"questions{query}").status_code == 400


def test_public_reads_are_cacheable_and_head_works(api):
    question = an_answered_question()
    for path in ("questions", f"questions/{question.key}"):
        answer = api("get", path)
        assert answer.headers["Cache-Control"].startswith("public")
        assert api("get", path, HTTP_IF_NONE_MATCH=answer.headers["ETag"]).status_code == 304
        assert api("head", path).headers["ETag"] == answer.headers["ETag"]
    minh = a_device()
    assert api("get", "questions/mine", device=minh).headers["Cache-Control"] == "no-store"


def test_the_list_costs_the_same_queries_however_long(api, django_assert_num_queries):
    law = a_document("1/2019/QH14")
    for count in (1, 3):
        for _number in range(count):
            an_answered_question(citations=[(law, CITED)])
        with django_assert_num_queries(4):  # the page, its answers, their citations, their causes
            keys(api)


def test_like_questions_are_found_without_accents_before_asking(api):
    question = an_answered_question(title="Thủ tục sang tên xe máy", public_text="Cần giấy tờ gì khi sang tên?")
    an_answered_question(title="Đăng ký khai sinh", public_text="Đăng ký khai sinh cho con ở đâu?", topic=justice())
    a_question(title="Sang tên xe máy cũ")
    for title in ("sang ten xe may", "Muốn sang tên xe máy thì làm thủ tục gì?"):
        found = api("post", "questions/similar", {"title": title}).json()["results"]
        assert [each["key"] for each in found] == [question.key]
    assert api("post", "questions/similar", {"title": " "}).status_code == 400
    assert api("post", "questions/similar", {"title": "Xin giấy phép lao động"}).json()["results"] == []


def test_detail_is_added_only_while_it_is_asked_for(api):
    minh = a_device()
    question = a_question(minh.reader)
    path = f"questions/mine/{question.key}/details"
    assert api("post", path, {"text": "Xe máy"}, device=minh).json()["code"] == "wrong_status"
    services.screen(question, by=approver())
    services.return_for_detail(question, by=approver(), reason="Xe gì?")
    mine = api("get", f"questions/mine/{question.key}", device=minh).json()
    assert [step["reason"] for step in mine["transitions"]] == ["", "Xe gì?"]
    answer = api("post", path, {"text": "Xe máy"}, device=minh)
    assert (answer.status_code, answer.json()["status"]) == (200, "submitted")


def test_what_staff_say_among_themselves_the_asker_does_not_read(api):
    minh = a_device()
    question = a_question(minh.reader)
    services.screen(question, by=approver())
    services.assign(question, to=answerer(), by=approver(), reason="Người hỏi khó tính")
    assert "khó tính" not in str(api("get", f"questions/mine/{question.key}", device=minh).json())


def test_withdrawing_unpublishes_it_and_a_repeat_is_the_same(api):
    minh = a_device()
    question = an_answered_question(minh.reader)
    for _again in range(2):
        assert api("delete", f"questions/mine/{question.key}", device=minh).status_code == 204
    assert keys(api) == []
    assert Change.objects.filter(event_type="question.withdrawn").count() == 1
    assert api("get", f"questions/mine/{question.key}", device=minh).json()["title"] == ""


def test_the_url_of_a_merged_or_withdrawn_question_says_so(api):
    merged, into = an_answered_question(), an_answered_question()
    services.merge(merged, into=into, by=approver(), reason="Trùng")
    gone = api("get", f"questions/{merged.key}")
    assert (gone.status_code, gone.json()["code"], into.key in gone.json()["detail"]) == (410, "merged", True)
    services.take_down(into, by=approver(), reason="Sai luật")
    for key in (merged.key, into.key):
        assert api("get", f"questions/{key}").json()["code"] == "withdrawn"
    assert api("get", f"questions/{a_question().key}").status_code == 404


def test_one_opinion_of_each_reader_and_none_of_ones_own(api):
    minh, hoa = a_device("minh"), a_device("hoa")
    question = an_answered_question(minh.reader)
    path = f"questions/{question.key}/rating"
    assert api("put", path, {"is_helpful": True}, device=hoa).status_code == 201
    assert api("put", path, {"is_helpful": False}, device=hoa).status_code == 200
    shown = api("get", f"questions/{question.key}").json()
    assert (shown["helpful"], shown["not_helpful"]) == (0, 1)
    assert api("put", path, {"is_helpful": True}, device=minh).json()["code"] == "own_question"
    for _again in range(2):
        assert api("delete", path, device=hoa).status_code == 204
    assert Rating.objects.count() == 0
    unread = a_question(minh.reader)
    assert api("put", f"questions/{unread.key}/rating", {"is_helpful": True}, device=hoa).status_code == 404


def test_a_problem_is_reported_once_while_it_is_open(api):
    hoa = a_device("hoa")
    question = an_answered_question()
    path = f"questions/{question.key}/reports/outdated"
    assert api("put", path, {"text": "Luật mới rồi"}, device=hoa).status_code == 201
    assert api("put", path, {}, device=hoa).status_code == 200
    report = ProblemReport.objects.get()
    services.claim_report(report, by=answerer())
    services.resolve_report(report, by=answerer(), outcome="Đã sửa")
    assert api("put", path, {"text": None}, device=hoa).status_code == 201
    for _number in range(9):
        other = an_answered_question()
        for kind in ("wrong", "personal_data"):
            last = api("put", f"questions/{other.key}/reports/{kind}", {}, device=hoa)
    assert last.status_code == 201
    full = api("put", f"questions/{question.key}/reports/wrong", {}, device=hoa)
    assert (full.status_code, full.json()["code"]) == (429, "too_many_reports")
    assert int(full.headers["Retry-After"]) > 86_000
    assert api("put", f"questions/{question.key}/reports/boring", {}, device=hoa).status_code == 404


def test_a_follower_of_a_withdrawn_question_does_not_read_its_title(api):
    hoa, question = a_device("hoa"), an_answered_question()
    api("put", f"follows/question/{question.key}", {}, device=hoa)
    services.take_down(question, by=approver(), reason="Dữ liệu cá nhân")
    (listed,) = api("get", "follows", device=hoa).json()["results"]
    (exported,) = api("get", "me/export", device=hoa).json()["follows"]
    assert [each["subject"]["name"] for each in (listed, exported)] == ["", ""]


def test_a_question_is_followed_and_unfollowed_even_when_it_is_public_no_more(api):
    hoa = a_device("hoa")
    question = an_answered_question()
    followed = api("put", f"follows/question/{question.key}", {}, device=hoa)
    assert (followed.status_code, followed.json()["subject"]["name"]) == (201, "Sang tên xe")
    assert (
        api("put", f"follows/question/{question.key}", {"kinds": ["new"]}, device=hoa).json()["code"]
        == "kind_not_available"
    )
    services.withdraw(question)
    assert api("get", "follows", device=hoa).json()["results"][0]["subject"]["name"] == ""
    assert api("delete", f"follows/question/{question.key}", device=hoa).status_code == 204
    assert api("get", "follows", device=hoa).json()["results"] == []
