"""Contests over HTTP: lists, rules, entries, attempts, ranks, proof, and what is refused."""

import contextlib
import datetime
import gzip
import json
import os
import unicodedata

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from api.v1.contests import saving_turns
from content.changes.models import Change
from content.contest_papers import verifying
from content.contest_results import services as results
from content.contests import services as contests
from content.contests.models import Attempt, Entry
from content.organisations.models import Organisation, Province
from content.seals import services as seals
from tests.builders import a_bank, a_device, a_quiz_question, justice, land
from tests.builders_contests import (
    DAY,
    HOUR,
    MINUTE,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    an_entry,
    answers_for,
    close,
    frozen,
    judge,
    round_of,
    shift,
)

pytestmark = pytest.mark.django_db
ENTRY = {"age_band": "adult", "consent": True}


def nonce():
    return os.urandom(16).hex()


@pytest.fixture
def minh():
    return a_device("minh")


@pytest.fixture
def take(api):
    """Enter a contest and start its first round as a device: the attempt as the answer shows it."""

    def start(contest, device, number=1, **body):
        assert api("put", f"contests/{contest.key}/entry", ENTRY, device=device).status_code in (200, 201)
        answer = api(
            "post", f"contests/{contest.key}/rounds/{number}/attempts", {"nonce": nonce()} | body, device=device
        )
        assert answer.status_code == 201, answer.json()
        return answer.json()

    return start


def problem(answer):
    """(status, code, [(pointer, code)]) of a problem."""
    assert answer["Content-Type"] == "application/problem+json; charset=utf-8"
    body = answer.json()
    return answer.status_code, body["code"], [(each["pointer"], each["code"]) for each in body["errors"]]


def titles(api, query=""):
    answer = api("get", f"contests{query}")
    assert answer.status_code == 200, answer.json()
    return [row["title"] for row in answer.json()["results"]]


def test_the_list_has_announced_contests_the_newest_first_and_each_filter_narrows_it(api):
    bank, province = a_quiz_bank(), Province.objects.filter(valid_until=None).first()
    a_planned_contest(bank, title="Bản nháp")
    running = a_running_contest(
        bank,
        title="Tìm hiểu Luật Mẫu",
        organisation=Organisation.objects.get(key="bo-tu-phap"),
        audiences=["students"],
        province=province,
    )
    contests.announce(a_planned_contest(bank, title="Thi an toàn giao thông", prizes="Xe đạp"), notify=False)
    assert titles(api) == ["Thi an toàn giao thông", "Tìm hiểu Luật Mẫu"]
    for query in (
        "?open=true", "?status=announced&q=luat%20mau", "?organisation=bo-tu-phap", f"?province={province.key}",
        "?audience=students", "?q=TÌM%20HIỂU",
    ):  # fmt: skip
        assert titles(api, query) == ["Tìm hiểu Luật Mẫu"], query
    assert titles(api, "?q=xe%20dap") == ["Thi an toàn giao thông"]
    assert titles(api, f"?topic={land().key}&open=false") == titles(api)
    for query in ("?status=cancelled", "?q=khong-co", "?q=!!!", "?audience=prisoners"):
        assert titles(api, query) == [], query
    for query, code in (
        ("?status=draft", "invalid_choice"),
        ("?open=1", "invalid_choice"),
        ("?topc=1", "unknown_parameter"),
    ):
        assert problem(api("get", f"contests{query}"))[2][0][1] == code
    page = api("get", "contests?page_size=1&count=true").json()
    assert page["count"] == 2
    following = page["next"].partition("/api/v1/")[2]
    assert [row["key"] for row in api("get", following).json()["results"]] == [running.key]


def test_the_list_costs_the_same_for_one_and_for_many(api):
    bank = a_quiz_bank()
    counts = []
    for _ in range(3):
        a_running_contest(bank, rounds=2)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            api("get", "contests")
        counts.append(len(captured))
    assert counts[0] == counts[2] <= 6


def test_a_contest_says_its_rules_as_data_and_in_words(api):
    contest = a_running_contest(
        max_attempts=2, score_policy="last", prediction_of="contestants", brackets=["A", "B"],
        ranking=["correct", "prediction", "submitted_at"],
    )  # fmt: skip
    shown = api("get", f"contests/{contest.key}", HTTP_ACCEPT_LANGUAGE="en").json()
    assert shown["rules"]["ranking"] == ["correct", "prediction", "submitted_at"]
    assert (shown["rules"]["max_attempts"], shown["rules"]["prediction_of"]) == (2, "contestants")
    assert "Everybody has 2 attempts in each round." in shown["rules_in_words"]
    assert [(each["number"], each["status"]) for each in shown["rounds"]] == [(1, "open")]
    assert shown["page_url"].endswith(f"/cuoc-thi/{contest.key}")
    assert problem(api("get", "contests/ct-aaaaaaaaaa"))[:2] == (404, "not_found")
    assert problem(api("get", f"contests/{a_planned_contest(round_of(contest).bank).key}"))[:2] == (404, "not_found")


def test_a_round_shows_its_hashes_and_its_status_follows_the_clock(api):
    contest = a_planned_contest()
    contests.announce(contest, notify=False)
    address = f"contests/{contest.key}/rounds/1"
    planned = api("get", address).json()
    assert (planned["status"], planned["seed_hash"], planned["pool_size"]) == ("planned", None, None)
    frozen(round_of(contest))
    shown = api("get", address).json()
    assert (shown["status"], shown["pool_size"], shown["paper_size"]) == ("frozen", 6, 4)
    assert shown["sections"] == [{"topic": land().key, "topic_name": land().name, "count": 4}]
    assert shown["seed_hash"] == round_of(contest).seed_hash
    assert (shown["proof_url"], shown["contest"]["key"]) == (None, contest.key)
    seed = bytes(round_of(contest).seed).hex()
    for moved, status in ((-DAY - HOUR / 2, "open"), (-HOUR, "ended")):
        shift(contest, moved)
        answer = api("get", address)
        assert answer.json()["status"] == status
        assert seed not in answer.content.decode()
    results.run_schedule()
    assert api("get", address).json()["status"] == "closed"
    for number in ("2", "0", "x"):
        assert api("get", f"contests/{contest.key}/rounds/{number}").status_code == 404


def test_an_entry_is_made_changed_locked_and_withdrawn(api, minh):
    province = Province.objects.filter(valid_until=None).first()
    contest = a_running_contest(brackets=["A", "B"], units=["Trường 1"])
    address = f"contests/{contest.key}/entry"
    assert problem(api("get", address, device=minh))[:2] == (404, "not_found")
    body = ENTRY | {"bracket": "A", "province": province.key, "unit": "Trường 1"}
    first = api("put", address, body, device=minh)
    assert (first.status_code, first.json()["is_locked"], first.json()["disqualification"]) == (201, False, None)
    assert api("put", address, body | {"bracket": "B"}, device=minh).status_code == 200
    shown = api("get", address, device=minh).json()
    assert (shown["bracket"], shown["code"], shown["province"]["key"]) == ("B", first.json()["code"], province.key)
    assert api("delete", address, device=minh).status_code == 204
    assert api("delete", address, device=minh).status_code == 204
    api("put", address, body, device=minh)
    api("post", f"contests/{contest.key}/rounds/1/attempts", {"nonce": nonce()}, device=minh)
    assert problem(api("put", address, body | {"bracket": "B"}, device=minh))[:2] == (409, "entry_locked")
    assert problem(api("delete", address, device=minh))[:2] == (409, "entry_locked")
    assert api("put", address, body, device=minh).json()["is_locked"] is True


def test_an_entry_that_is_not_valid_is_refused(api, minh):
    contest = a_running_contest(units=["Trường 1"], min_age=16)
    for wrong, expected in WRONG_ENTRIES:
        assert problem(api("put", f"contests/{contest.key}/entry", ENTRY | wrong, device=minh)) == expected, wrong
        assert not Entry.objects.exists(), wrong


WRONG_ENTRIES = [
    ({"consent": False}, (409, "consent_required", [])),
    ({"consent": "yes"}, (400, "invalid", [("/consent", "invalid")])),
    ({"age_band": "17"}, (400, "invalid", [("/age_band", "invalid_choice")])),
    ({"age_band": "under_16"}, (409, "age_not_allowed", [])),
    ({"bracket": "C"}, (409, "unknown_bracket", [])),
    ({"bracket": 1}, (400, "invalid", [("/bracket", "invalid")])),
    ({"unit": "x" * 500}, (400, "invalid", [("/unit", "max_length")])),
    ({"unit": "Trường 9"}, (409, "unknown_unit", [])),
    ({"province": "khong-co"}, (400, "invalid", [("/province", "does_not_exist")])),
    ({"name": "Minh"}, (400, "invalid", [("/name", "unknown_field")])),
]


def test_an_attempt_is_started_saved_submitted_and_read(api, minh, take):
    contest = a_running_contest()
    before = timezone.now()
    attempt = take(contest, minh)
    assert (attempt["state"], attempt["number"], attempt["saved_seq"], attempt["receipt"]) == ("open", 1, 0, None)
    assert [(each["n"], [choice["id"] for choice in each["choices"]]) for each in attempt["questions"]] == [
        (n, list("abcd")) for n in range(1, 5)
    ]
    assert before <= datetime.datetime.fromisoformat(attempt["now"])
    assert 15 <= attempt["save_seconds"] <= 80  # the longest: an earlier test may have refused a save
    again = api("post", f"contests/{contest.key}/rounds/1/attempts", {"nonce": attempt["nonce"]}, device=minh)
    other = api("post", f"contests/{contest.key}/rounds/1/attempts", {"nonce": nonce()}, device=minh)
    assert [again.status_code, other.status_code] == [200, 200]
    assert again.json()["questions"] == other.json()["questions"] == attempt["questions"]
    address = f"attempts/{attempt['key']}"
    saved = api("put", f"{address}/answers", {"seq": 2, "answers": {"1": "b"}}, device=minh).json()
    assert saved["saved_seq"] == 2
    assert api("put", f"{address}/answers", {"seq": 1, "answers": {}}, device=minh).json()["saved_seq"] == 2
    assert api("get", address, device=minh).json()["answers"] == {"1": "b"}
    given = answers_for(Attempt.objects.get(), 3)
    outcome = api("post", f"{address}/submission", {"seq": 3, "answers": given}, device=minh)
    assert (outcome.status_code, outcome.json()["state"], outcome.json()["result"]) == (200, "submitted", None)
    assert outcome.json()["saved_seq"] == 3
    claims = seals.verify(outcome.json()["receipt"])
    assert (claims["contest"], claims["round"], claims["saved_seq"]) == (contest.key, 1, 3)
    repeat = api("post", f"{address}/submission", {"seq": 9, "answers": {}}, device=minh)
    assert repeat.json() == outcome.json()
    assert problem(api("put", f"{address}/answers", {"seq": 4, "answers": {}}, device=minh))[:2] == (
        409, "already_submitted",
    )  # fmt: skip
    read = api("get", address, device=minh).json()
    assert (read["answers"], read["solutions"], read["result"]) == (given, None, None)
    close(contest)
    read = api("get", address, device=minh).json()
    assert (read["result"]["correct"], read["result"]["questions"]) == (3, 4)
    assert [each["is_right"] for each in read["solutions"]] == [True, True, True, False]
    assert read["solutions"][0]["citations"][0]["eid"] == "art_2"


def test_a_whole_number_may_be_written_as_a_decimal(api, minh, take):
    attempt = take(a_running_contest(), minh)
    saved = api("put", f"attempts/{attempt['key']}/answers", {"seq": 2.0, "answers": {}}, device=minh)
    assert (saved.status_code, saved.json()["saved_seq"]) == (200, 2)


def test_results_at_once_show_the_score_and_not_the_key(api, minh, take):
    contest = a_running_contest(results_shown="at_once")
    attempt = take(contest, minh)
    body = {"seq": 1, "answers": answers_for(Attempt.objects.get(), 2)}
    outcome = api("post", f"attempts/{attempt['key']}/submission", body, device=minh).json()
    assert outcome["result"]["correct"] == 2
    assert api("get", f"attempts/{attempt['key']}", device=minh).json()["solutions"] is None


@pytest.mark.parametrize("results_shown", ["at_once", "at_close", "when_published"])
def test_who_took_part_in_a_contest_that_was_cancelled_sees_result_and_solutions(api, minh, take, results_shown):
    contest = a_running_contest(results_shown=results_shown)
    mine = a_result(contest, 3, reader=an_entry(contest, minh.reader).reader)
    hoa = a_device("hoa")
    left_open = take(contest, hoa)
    contests.cancel(contest, reason="Bão")
    read = api("get", f"attempts/{mine.key}", device=minh).json()
    assert (read["result"]["correct"], [each["is_right"] for each in read["solutions"]]) == (3, [True] * 3 + [False])
    exported = api("get", "me/export", device=minh).json()
    assert exported["contest_entries"][0]["attempts"][0]["result"] == read["result"]
    read = api("get", f"attempts/{left_open['key']}", device=hoa).json()
    assert (read["result"], read["solutions"]) == (None, None)


def test_practice_shows_the_key_after_each_attempt(api, minh, take):
    contest = a_running_contest(is_practice=True)
    for _ in range(2):
        attempt = take(contest, minh)
        assert attempt["solutions"] is None
        api("post", f"attempts/{attempt['key']}/submission", {"seq": 1, "answers": {}}, device=minh)
        assert len(api("get", f"attempts/{attempt['key']}", device=minh).json()["solutions"]) == 4


def test_a_start_that_is_not_valid_is_refused(api, minh):
    contest = a_running_contest()
    api("put", f"contests/{contest.key}/entry", ENTRY, device=minh)
    for body, expected in WRONG_STARTS:
        assert problem(api("post", f"contests/{contest.key}/rounds/1/attempts", body, device=minh)) == expected, body
        assert not Attempt.objects.exists(), body


WRONG_STARTS = [
    ({"nonce": "0a0b0c"}, (400, "invalid", [("/nonce", "invalid_nonce")])),
    ({"nonce": "A" * 32}, (400, "invalid", [("/nonce", "invalid_nonce")])),
    ({"nonce": "a" * 33}, (400, "invalid", [("/nonce", "invalid_nonce")])),
    ({"nonce": "a" * 66}, (400, "invalid", [("/nonce", "invalid_nonce")])),
    ({"nonce": "１" * 32}, (400, "invalid", [("/nonce", "invalid_nonce")])),
    ({"nonce": 7}, (400, "invalid", [("/nonce", "invalid_nonce")])),
    ({}, (400, "invalid", [("/nonce", "required")])),
    ({"nonce": "a" * 32, "prediction": -1}, (400, "invalid", [("/prediction", "min_value")])),
    ({"nonce": "a" * 32, "prediction": 10**30}, (400, "invalid", [("/prediction", "max_value")])),
    ({"nonce": "a" * 32, "prediction": "5"}, (400, "invalid", [("/prediction", "invalid")])),
    ({"nonce": "a" * 32, "prediction": 5}, (409, "prediction_not_asked", [])),
    ({"nonce": "a" * 32, "seed": "x"}, (400, "invalid", [("/seed", "unknown_field")])),
]


def test_a_start_outside_the_round_without_an_entry_or_beyond_the_last_attempt_is_refused(api, minh, take):
    contest = a_running_contest()
    address = f"contests/{contest.key}/rounds/1/attempts"
    assert problem(api("post", address, {"nonce": nonce()}, device=minh))[:2] == (409, "no_entry")
    attempt = take(contest, minh)
    api("post", f"attempts/{attempt['key']}/submission", {"seq": 1, "answers": {}}, device=minh)
    assert problem(api("post", address, {"nonce": nonce()}, device=minh))[:2] == (409, "no_attempts_left")
    hoa = a_device("hoa")
    api("put", f"contests/{contest.key}/entry", ENTRY, device=hoa)
    for moved in (HOUR, -2 * HOUR):
        shift(contest, moved)
        assert problem(api("post", address, {"nonce": nonce()}, device=hoa))[:2] == (409, "round_not_open")
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("method_and_path", ["put answers", "post submission"])
def test_answers_that_are_not_valid_are_refused_and_nothing_changes(api, minh, take, method_and_path):
    attempt = take(a_running_contest(), minh)
    method, _, path = method_and_path.partition(" ")
    for body, expected in WRONG_ANSWERS:
        assert problem(api(method, f"attempts/{attempt['key']}/{path}", body, device=minh)) == expected, body
        stored = Attempt.objects.get()
        assert (stored.answers, stored.saved_seq, stored.submitted_at) == ({}, 0, None), body


WRONG_ANSWERS = [
    ({"seq": 1, "answers": {"9": "a"}}, (409, "unknown_question", [])),
    ({"seq": 1, "answers": {"1": "e"}}, (409, "unknown_choice", [])),
    ({"seq": 1, "answers": {"1": "ｂ"}}, (409, "unknown_choice", [])),
    ({"seq": 1, "answers": {"１": "a"}}, (409, "unknown_question", [])),
    ({"seq": 1, "answers": {"1": 2}}, (400, "invalid", [("/answers/1", "invalid")])),
    ({"seq": 1, "answers": {"1": None}}, (400, "invalid", [("/answers/1", "null")])),
    ({"seq": 1, "answers": {str(n): "a" for n in range(201)}}, (400, "invalid", [("/answers", "invalid")])),
    ({"seq": 1, "answers": ["a"]}, (400, "invalid", [("/answers", "not_a_dict")])),
    ({"seq": 0, "answers": {}}, (400, "invalid", [("/seq", "min_value")])),
    ({"seq": -3, "answers": {}}, (400, "invalid", [("/seq", "min_value")])),
    ({"seq": 10**30, "answers": {}}, (400, "invalid", [("/seq", "max_value")])),
    ({"seq": True, "answers": {}}, (400, "invalid", [("/seq", "invalid")])),
    ({"seq": "1", "answers": {}}, (400, "invalid", [("/seq", "invalid")])),
    ({"seq": 1.5, "answers": {}}, (400, "invalid", [("/seq", "invalid")])),
    ({"answers": {}}, (400, "invalid", [("/seq", "required")])),
]


def test_a_body_of_a_megabyte_is_refused_wherever_one_is_sent_and_nothing_changes(api, minh, take):
    contest = a_running_contest()
    attempt, hoa = take(contest, minh), a_device("hoa")
    entries, huge = Entry.objects.count(), "a" * 2**20
    for method, path, body, device in (
        ("put", f"contests/{contest.key}/entry", ENTRY | {"unit": huge}, hoa),
        ("post", f"contests/{contest.key}/rounds/1/attempts", {"nonce": huge}, minh),
        ("put", f"attempts/{attempt['key']}/answers", {"seq": 1, "answers": {"1": huge}}, minh),
        ("post", f"attempts/{attempt['key']}/submission", {"seq": 1, "answers": {"1": huge}}, minh),
    ):
        assert problem(api(method, path, body, device=device))[:2] == (413, "request_too_large"), path
    stored = Attempt.objects.get()
    assert (stored.answers, stored.saved_seq, stored.submitted_at, Entry.objects.count()) == ({}, 0, None, entries)


def test_texts_to_fill_in_are_stored_composed(api, minh, take):
    bank = a_bank()
    a_quiz_question(bank, kind="fill_in", accepted=["Mười lăm"])
    attempt = take(a_running_contest(bank, size=1), minh)
    assert attempt["questions"][0]["choices"] == []
    body = {"seq": 1, "answers": {"1": unicodedata.normalize("NFD", "mười lăm")}}
    api("post", f"attempts/{attempt['key']}/submission", body, device=minh)
    assert (Attempt.objects.get().answers, Attempt.objects.get().correct) == ({"1": "mười lăm"}, 1)


def test_five_seconds_after_the_deadline_it_is_too_late_and_what_was_saved_counts(api, minh, take):
    attempt = take(a_running_contest(), minh)
    given = answers_for(Attempt.objects.get(), 2)
    api("put", f"attempts/{attempt['key']}/answers", {"seq": 1, "answers": given}, device=minh)
    now = timezone.now()
    Attempt.objects.update(started_at=now - HOUR, deadline_at=now - MINUTE)
    body = {"seq": 2, "answers": {}}
    assert problem(api("post", f"attempts/{attempt['key']}/submission", body, device=minh))[:2] == (409, "too_late")
    assert problem(api("put", f"attempts/{attempt['key']}/answers", body, device=minh))[:2] == (409, "too_late")
    contests.close_left_open()
    shown = api("get", f"attempts/{attempt['key']}", device=minh).json()
    assert (shown["state"], shown["answers"]) == ("closed", given)
    assert seals.verify(shown["receipt"])["saved_seq"] == 1


def test_a_save_without_a_free_turn_is_503_and_a_submission_is_taken(api, minh, take):
    attempt = take(a_running_contest(), minh)
    body = {"seq": 1, "answers": {"1": "a"}}
    with contextlib.ExitStack() as others:
        for _ in range(settings.CONTEST_SAVES_AT_ONCE):
            others.enter_context(saving_turns.TURNS.turn())
        answer = api("put", f"attempts/{attempt['key']}/answers", body, device=minh)
        assert problem(answer)[:2] == (503, "too_many_saves")
        assert 60 <= int(answer["Retry-After"]) <= 80
        assert Attempt.objects.get().saved_seq == 0
        assert api("post", f"attempts/{attempt['key']}/submission", body, device=minh).status_code == 200


def test_a_body_is_read_before_a_turn_is_taken(api, minh, take):
    attempt = take(a_running_contest(), minh)
    with contextlib.ExitStack() as taken:
        for _ in range(settings.CONTEST_SAVES_AT_ONCE):
            taken.enter_context(saving_turns.TURNS.turn())
        answer = APIClient().put(
            f"/api/v1/attempts/{attempt['key']}/answers", "{", content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {minh.secret}",
        )  # fmt: skip
    assert answer.status_code == 400  # a phone that sends slowly holds no turn: its body comes first


@pytest.mark.parametrize(("method", "path"), [("put", "answers"), ("post", "submission")])
def test_a_save_and_a_submission_read_their_attempt_once_and_nothing_that_they_do_not_need(
    api, minh, take, method, path
):
    attempt = take(a_running_contest(units=["Trường A"], text="Thể lệ"), minh)
    body = {"seq": 1, "answers": answers_for(Attempt.objects.get(), 2)}
    with CaptureQueriesContext(connection) as queries:
        assert api(method, f"attempts/{attempt['key']}/{path}", body, device=minh).status_code == 200
    said = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
    assert [each.split()[0] for each in said] == ["SELECT", "SELECT", "UPDATE"]  # the device, the attempt, the attempt
    assert "FOR NO KEY UPDATE" not in said[1]
    assert 'c."results_shown"' in said[1]
    for long in ("units", "brackets", "text", "prizes", "search_words"):
        assert f'"{long}"' not in said[1]


@pytest.mark.parametrize(("method", "path"), [("put", "answers"), ("post", "submission")])
def test_in_the_grace_the_attempt_is_locked_before_it_is_written(api, minh, take, method, path):
    attempt = take(a_running_contest(), minh)
    body = {"seq": 1, "answers": answers_for(Attempt.objects.get(), 2)}
    now = timezone.now()
    Attempt.objects.update(started_at=now - HOUR, deadline_at=now)
    with CaptureQueriesContext(connection) as queries:
        assert api(method, f"attempts/{attempt['key']}/{path}", body, device=minh).status_code == 200
    said = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
    assert [each.split()[0] for each in said] == ["SELECT", "SELECT", "SELECT", "UPDATE"]
    assert ["FOR NO KEY UPDATE" in each for each in said] == [False, False, True, False]


def test_a_start_costs_the_same_however_many_rounds_and_topics_the_contest_has(api, minh):
    costs = []
    for rounds, topics in ((1, [land()]), (3, [land(), justice()])):
        contest = a_running_contest(rounds=rounds, topics=topics)
        assert api("put", f"contests/{contest.key}/entry", ENTRY, device=minh).status_code == 201
        with CaptureQueriesContext(connection) as queries:
            path = f"contests/{contest.key}/rounds/1/attempts"
            assert api("post", path, {"nonce": nonce()}, device=minh).status_code == 201
        costs.append([each["sql"].split()[0] for each in queries if "SAVEPOINT" not in each["sql"]])
    assert costs[0] == costs[1]
    # the device, the round, the lock against a cancel, the entry, this nonce, one left open, the last number; the
    # attempt as it is shown, and its questions, which each process reads once a round
    assert costs[0] == [*["SELECT"] * 7, "INSERT", *["SELECT"] * 2]


def test_solutions_and_rules_cost_the_same_for_few_and_for_many(api, minh):
    costs = []
    for size in (2, 5):
        contest = a_running_contest(a_quiz_bank(size), size=size, is_practice=True)
        attempt = a_result(contest, 1, reader=an_entry(contest, minh.reader).reader)
        for address, device in ((f"attempts/{attempt.key}", minh), (f"contests/{contest.key}", None)):
            with CaptureQueriesContext(connection) as queries:
                assert api("get", address, device=device).status_code == 200
            costs.append(len(queries))
    assert costs[:2] == costs[2:]


def test_for_a_minute_after_a_refusal_phones_save_less_often():
    moment = [0.0]
    turns = saving_turns.SavingTurns(1, clock=lambda: moment[0])
    with turns.turn(), pytest.raises(saving_turns.TooManySaves), turns.turn():
        pass
    assert 60 <= turns.save_seconds() <= 80
    moment[0] = 61.0
    assert 15 <= turns.save_seconds() <= 20
    with turns.turn():  # the turn came back
        pass


def ranks_of(answer):
    return [(row["rank"], row["person"]["code"]) for row in answer.json()["results"]]


def test_ranks_are_listed_by_person_province_and_unit_when_the_rules_show_them(api, minh, take):
    provinces = list(Province.objects.filter(valid_until=None)[:2])
    contest = a_running_contest(units=["Trường 1", "Trường 2"])
    places = [(provinces[0], "Trường 1")] * 5 + [(provinces[1], "Trường 2")]
    codes = [
        a_result(contest, 4 - n % 4, seconds=100 + n, province=province, unit=unit).entry.code
        for n, (province, unit) in enumerate(places)
    ]
    child = a_result(contest, 4, seconds=1, age_band="under_16").entry
    address = f"contests/{contest.key}/leaderboard"
    for query in ("", "?by=province", "?round=1"):
        assert problem(api("get", f"{address}{query}"))[:2] == (409, "results_not_shown")
    close(contest)
    people = api("get", address)
    assert (people.json()["is_final"], people.json()["next"]) == (True, None)
    by_hand = sorted(range(6), key=lambda n: (n % 4, n))
    assert ranks_of(people) == [(place + 2, codes[n]) for place, n in enumerate(by_hand)]  # the child has rank 1
    assert child.code not in people.content.decode()
    first = api("get", f"{address}?page_size=4")
    second = api("get", first.json()["next"].partition("/api/v1/")[2])
    assert ranks_of(first) + ranks_of(second) == ranks_of(people)
    rows = api("get", f"{address}?by=province").json()["results"]
    assert [(row["group"]["key"], row["group"]["contestants"]) for row in rows] == [
        (provinces[0].key, 5), (provinces[1].key, 1),
    ]  # fmt: skip
    units = api("get", f"{address}?by=unit&page_size=1").json()
    assert [row["group"]["name"] for row in units["results"]] == ["Trường 1"]
    assert units["next"] is None  # one person of another unit is in no row


def test_the_list_of_people_costs_the_same_for_one_and_for_many(api):
    province = Province.objects.filter(valid_until=None).first()
    contest = a_running_contest(results_shown="at_once")
    counts = []
    for _ in range(3):
        a_result(contest, 2, province=province)
        results.settle_all()
        with CaptureQueriesContext(connection) as captured:
            api("get", f"contests/{contest.key}/leaderboard")
        counts.append(len(captured))
    assert counts[0] == counts[2]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("?by=school", "/by", "invalid_choice"),
        ("", "/bracket", "required"),
        ("?bracket=C", "/bracket", "invalid_choice"),
        ("?bracket=A&round=0", "/round", "invalid"),
        ("?bracket=A&cursor=x", "/cursor", "invalid"),
        ("?bracket=A&cursor=cD0x", "/cursor", "invalid"),
        ("?bracket=A&cursor=az0mcD0x", "/cursor", "invalid"),
        ("?by=unit&cursor=bz0tMQ==", "/cursor", "invalid"),
        ("?bracket=A&page_size=0", "/page_size", "invalid"),
    ],
)
def test_a_wrong_parameter_of_the_ranks_is_named(api, query, pointer, code):
    contest = a_running_contest(brackets=["A", "B"], results_shown="at_once", units=["x"])
    assert problem(api("get", f"contests/{contest.key}/leaderboard{query}")) == (400, "invalid", [(pointer, code)])


def test_the_own_rank_is_shown_when_results_are(api, minh, take):
    contest = a_running_contest()
    address = f"contests/{contest.key}/standing"
    assert problem(api("get", address, device=minh))[:2] == (404, "not_found")
    attempt = take(contest, minh)
    assert problem(api("get", address, device=minh))[:2] == (409, "results_not_shown")
    api(
        "post", f"attempts/{attempt['key']}/submission",
        {"seq": 1, "answers": answers_for(Attempt.objects.get(), 1)}, device=minh,
    )  # fmt: skip
    a_result(contest, 4)
    close(contest)
    assert api("get", address, device=minh).json() == {"rank": 2, "of": 2, "is_final": True}
    hoa = a_device("hoa")
    an_entry(a_running_contest(results_shown="at_once"), hoa.reader)
    other = Entry.objects.get(reader=hoa.reader).contest
    shown = api("get", f"contests/{other.key}/standing", device=hoa).json()
    assert shown == {"rank": None, "of": None, "is_final": False}


def proof_of(api, contest):
    lines = b"".join(api("get", f"contests/{contest.key}/rounds/1/proof.jsonl.gz").streaming_content)
    return (
        api("get", f"contests/{contest.key}/rounds/1/proof").json(),
        [json.loads(line) for line in gzip.decompress(lines).splitlines()],
    )


def test_the_proof_follows_the_end_and_verifies(api):
    contest = a_running_contest()
    for right in (1, 3, 2):
        a_result(contest, right)
    for path in ("proof", "proof.jsonl.gz"):
        assert problem(api("get", f"contests/{contest.key}/rounds/1/{path}"))[:2] == (409, "round_not_closed")
    round = close(contest)
    assert verifying.verify(*proof_of(api, contest)) == (3, 3, [])
    assert proof_of(api, contest)[0]["seed"] == bytes(round.seed).hex()


def test_no_key_is_published_before_the_results_are(api, minh, take):
    contest = a_running_contest(results_shown="when_published")
    attempt = take(contest, minh)
    api("post", f"attempts/{attempt['key']}/submission", {"seq": 1, "answers": {}}, device=minh)
    close(contest)
    for path in ("rounds/1/proof", "rounds/1/proof.jsonl.gz", "leaderboard"):
        assert problem(api("get", f"contests/{contest.key}/{path}"))[:2] == (409, "results_not_shown"), path
    assert problem(api("get", f"contests/{contest.key}/standing", device=minh))[:2] == (409, "results_not_shown")
    shown = api("get", f"attempts/{attempt['key']}", device=minh).json()
    assert (shown["result"], shown["solutions"]) == (None, None)
    assert api("get", f"contests/{contest.key}/rounds/1").json()["proof_url"] is None
    results.propose_results(contest, winners=[], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    assert len(api("get", f"attempts/{attempt['key']}", device=minh).json()["solutions"]) == 4
    assert verifying.verify(*proof_of(api, contest)) == (1, 1, [])


def test_while_another_round_asks_the_same_questions_no_answer_has_a_solution_or_the_address_of_a_proof(
    api, minh, take, client
):
    contest = a_running_contest(rounds=2)
    attempt = take(contest, minh)
    api("post", f"attempts/{attempt['key']}/submission", {"seq": 1, "answers": {}}, device=minh)

    def shown():
        """What has the way to answers: at the attempt, the round and the page, each None or empty, and of the proof."""
        of_attempt = api("get", f"attempts/{attempt['key']}", device=minh).json()
        of_round = api("get", f"contests/{contest.key}/rounds/1").json()
        page = client.get(f"/cuoc-thi/{contest.key}", headers={"Accept": "text/html"}).content.decode()
        addresses = [of_round["proof_url"], of_round["proof_file_url"], of_attempt["solutions"]]
        proof = [api("get", f"contests/{contest.key}/rounds/1/{name}") for name in ("proof", "proof.jsonl.gz")]
        return [bool(each) for each in addresses], "rounds/1/proof" in page, [each.status_code for each in proof]

    close(contest)
    assert api("get", f"contests/{contest.key}/rounds/1").json()["status"] == "closed"
    assert shown() == ([False] * 3, False, [409, 409])
    close(contest, 2)
    assert shown() == ([True] * 3, True, [200, 200])


def test_no_answer_before_the_end_has_a_right_choice_its_explanation_the_seed_or_a_salt(api, minh, take):
    bank = a_bank()
    for n in range(4):
        a_quiz_question(bank, choices=[f"sai {n}", f"đúng {n}"], explanation=f"LOI-GIAI-{n}")
    contest = a_running_contest(bank, results_shown="at_once")
    attempt = take(contest, minh)
    given = answers_for(Attempt.objects.get(), 2)
    key, address = contest.key, f"attempts/{attempt['key']}"
    answers = [
        api("get", "contests"), api("get", f"contests/{key}"), api("get", f"contests/{key}/rounds/1"),
        api("get", address, device=minh),
        api("put", f"{address}/answers", {"seq": 1, "answers": given}, device=minh),
        api("put", f"{address}/answers", {"seq": 2, "answers": {"1": "x"}}, device=minh),
        api("post", f"{address}/submission", {"seq": 3, "answers": given}, device=minh),
        api("get", address, device=minh), api("get", "me/export", device=minh), api("get", "changes"),
        api("get", f"contests/{key}/rounds/1/proof"), api("get", f"contests/{key}/leaderboard"),
        api("get", f"contests/{key}/standing", device=minh), api("get", "inbox", device=minh),
    ]  # fmt: skip
    secrets = [
        bytes(round_of(contest).seed).hex(),
        *(bytes(each.salt).hex() for each in round_of(contest).questions.all()),
    ]
    for answer in answers:
        text = answer.content.decode()
        assert "LOI-GIAI" not in text and '"right"' not in text
        assert not [secret for secret in secrets if secret in text]


def test_a_voided_question_is_named_at_its_round_and_in_the_change_log(api):
    contest = a_running_contest()
    question = round_of(contest).questions.first()
    results.propose_void(question, by=judge(), reason="Luật đã sửa đổi.")
    results.confirm_void(question, by=judge("minh-judges"))
    (voided,) = api("get", f"contests/{contest.key}/rounds/1").json()["voided"]
    assert (voided["hash"], voided["reason"]) == (question.hash, "Luật đã sửa đổi.")
    (change,) = [
        row for row in api("get", "changes").json()["results"] if row["event_type"] == "contest.question_voided"
    ]
    assert change["facts"]["reason"] == "Luật đã sửa đổi."
    assert (change["object"], change["url"].endswith(f"/contests/{contest.key}")) == ("contest", True)


def test_a_disqualified_contestant_reads_why_at_the_entry(api, minh):
    contest = a_running_contest()
    entry = an_entry(contest, minh.reader)
    results.disqualify(entry, by=judge(), reason="Hai người làm một bài.")
    shown = api("get", f"contests/{contest.key}/entry", device=minh).json()["disqualification"]
    assert (shown["reason"], shown["objection"], shown["is_lifted"]) == ("Hai người làm một bài.", None, False)
    body = {"nonce": nonce()}
    refusal = api("post", f"contests/{contest.key}/rounds/1/attempts", body, device=minh)
    assert problem(refusal)[:2] == (409, "disqualified")


def test_a_disqualified_contestant_objects_and_only_they(api, minh):
    contest = a_running_contest()
    address = f"contests/{contest.key}/entry/objection"
    assert problem(api("put", address, {"text": "Tôi làm một mình."}, device=minh))[:2] == (404, "not_found")
    entry = an_entry(contest, minh.reader)
    assert problem(api("put", address, {"text": "Tôi làm một mình."}, device=minh))[:2] == (409, "not_disqualified")
    results.disqualify(entry, by=judge(), reason="Hai người làm một bài.")
    assert problem(api("put", address, {"text": " "}, device=minh))[2] == [("/text", "blank")]
    shown = api("put", address, {"text": "Tôi làm một mình."}, device=minh).json()
    assert shown["disqualification"]["objection"] == "Tôi làm một mình."


def test_a_winner_says_who_they_are_only_when_asked(api, minh):
    contest = a_running_contest()
    attempt = a_result(contest, 4, reader=an_entry(contest, minh.reader, age_band="under_16").reader)
    other = a_result(contest, 3)
    close(contest)
    address = f"contests/{contest.key}/entry/identity"
    body = {"name": "Trần Văn Minh", "contact": "0912", "document_number": "CCCD-của-Minh", "consent": True}
    assert problem(api("put", address, body, device=minh))[:2] == (404, "not_found")
    results.propose_results(contest, winners=[(attempt.entry.code, "Nhất"), (other.entry.code, "Nhì")], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    assert problem(api("put", address, body, device=minh))[:2] == (404, "not_found")  # nobody learns it this way
    results.ask_identity(contest.winners.get(entry=attempt.entry), by=judge())
    assert api("get", f"contests/{contest.key}/entry", device=minh).json()["is_identity_asked"] is True
    assert problem(api("put", address, body, device=minh))[:2] == (409, "guardian_required")
    guardian = {"guardian_name": "Trần Thị Lan", "guardian_contact": "0913", "guardian_consent": True}
    said = api("put", address, body | guardian, device=minh).json()
    assert (said["name"], said["guardian_name"], "CCCD" in json.dumps(said)) == ("Trần Văn Minh", "Trần Thị Lan", False)
    assert problem(api("put", address, body | {"name": "x" * 500}, device=minh))[2] == [("/name", "max_length")]
    exported = api("get", "me/export", device=minh).json()["contest_entries"][0]["identity"]
    assert (exported["name"], exported["naming_consented_at"]) == ("Trần Văn Minh", None)
    assert exported["guardian_consented_at"] is not None and exported["guardian_naming_consented_at"] is None
    said = api("put", address, body | guardian | {"guardian_naming_consent": True}, device=minh).json()
    assert (said["naming_consented_at"], said["guardian_naming_consented_at"] is None) == (None, False)


def test_published_winners_are_named_only_as_they_agreed(api):
    contest = a_running_contest()
    attempt = a_result(contest, 4)
    close(contest)
    results.propose_results(contest, winners=[(attempt.entry.code, "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    assert api("get", f"contests/{contest.key}").json()["winners"] == []
    winner = contest.winners.get()
    results.ask_identity(winner, by=judge())
    results.give_identity(
        winner, attempt.entry.reader, name="Nguyễn Thị Minh", contact="0900", document_number="001", consent=True
    )
    results.verify_winner(winner, by=judge())
    results.publish_winner(winner, by=judge("lan-publishes"))
    assert api("get", f"contests/{contest.key}").json()["winners"] == [
        {"position": 1, "code": attempt.entry.code, "prize": "Giải Nhất", "name": None}
    ]


def test_a_named_winner_takes_the_consent_back_and_is_shown_by_code(api, minh):
    contest = a_running_contest()
    attempt = a_result(contest, 4, reader=an_entry(contest, minh.reader).reader)
    close(contest)
    results.propose_results(contest, winners=[(attempt.entry.code, "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    address = f"contests/{contest.key}/entry/identity/naming"
    assert problem(api("delete", address, device=minh))[:2] == (404, "not_found")  # nobody learns of a prize this way
    winner = results.ask_identity(contest.winners.get(), by=judge())
    said = {"name": "Trần Minh", "contact": "0900", "document_number": "001", "consent": True}
    results.give_identity(winner, minh.reader, **said, naming_consent=True)
    results.verify_winner(winner, by=judge())
    results.publish_winner(winner, by=judge("lan-publishes"))
    assert api("get", f"contests/{contest.key}").json()["winners"][0]["name"] == "Trần Minh"
    for _ in range(2):
        assert api("delete", address, device=minh).status_code == 204
    assert api("get", f"contests/{contest.key}").json()["winners"] == [
        {"position": 1, "code": attempt.entry.code, "prize": "Giải Nhất", "name": None}
    ]
    removals = [
        change.facts["removes_words"] for change in Change.objects.filter(event_type="contest.corrected").order_by("pk")
    ]
    assert removals == [False, True]  # named, and once no longer
    assert contest.winners.get().identity.naming_consented_at is None
    assert problem(api("delete", address, device=a_device("hoa")))[:2] == (404, "not_found")


def test_who_takes_the_consent_back_before_publication_is_never_named():
    contest = a_running_contest()
    attempt = a_result(contest, 4)
    close(contest)
    results.propose_results(contest, winners=[(attempt.entry.code, "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    winner = results.ask_identity(contest.winners.get(), by=judge())
    said = {"name": "Trần Minh", "contact": "0900", "document_number": "001", "consent": True}
    results.give_identity(winner, attempt.entry.reader, **said, naming_consent=True)
    results.withdraw_naming(winner)
    results.verify_winner(winner, by=judge())
    assert results.publish_winner(winner, by=judge("lan-publishes")).name == ""


def test_an_attempt_of_another_is_not_found(api, minh, take):
    attempt = take(a_running_contest(), minh)
    hoa = a_device("hoa")
    body = {"seq": 1, "answers": {"1": "a"}}
    assert problem(api("get", f"attempts/{attempt['key']}", device=hoa))[:2] == (404, "not_found")
    assert problem(api("put", f"attempts/{attempt['key']}/answers", body, device=hoa))[:2] == (404, "not_found")
    assert problem(api("post", f"attempts/{attempt['key']}/submission", body, device=hoa))[:2] == (404, "not_found")
    assert (Attempt.objects.get().answers, Attempt.objects.get().submitted_at) == ({}, None)
