"""Contests: rules as data read back in words, rounds that do not overlap, frozen by two people, entries once."""

import datetime
import time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from content.changes.models import Change
from content.clock_times import end_in_words, moment_of, start_in_words
from content.contest_rules.sentences import rules_in_words
from content.contests import policy, queries, services
from content.contests.models import Contest, Entry, Round, RoundQuestion
from content.errors import RuleBroken
from content.organisations.models import Province
from content.people.models import AuditRow, Reader
from content.qa.services import outdated
from content.question_banks import services as banks
from content.question_banks.models import QuizQuestion
from content.seals import services as seals
from content.vietnam_time import VIETNAM_TIME
from tests.builders import (
    a_bank,
    a_document,
    a_member_of_staff,
    a_quiz_question,
    amend,
    an_amending_law,
    approver,
    correct_law,
    justice,
    land,
)
from tests.builders_contests import (
    DAY,
    HOUR,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    an_entry,
    close,
    frozen,
    proposer,
    round_of,
    shift,
)
from tests.content.contest_results.test_results import verified

pytestmark = pytest.mark.django_db
FIFTEENTH = datetime.date(2026, 7, 15)


def refused(call, *arguments, **columns):
    """(code, field) of the RuleBroken that this raises; no contest and no round is changed by it."""
    before = [list(model.objects.order_by("pk").values()) for model in (Contest, Round, Entry)]
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **columns)
    assert [list(model.objects.order_by("pk").values()) for model in (Contest, Round, Entry)] == before
    return refusal.value.code, refusal.value.field


def kinds(contest):
    return list(Change.objects.filter(subject=contest.key).order_by("pk").values_list("event_type", flat=True))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("24h00", datetime.datetime(2026, 7, 16, 0, 0, tzinfo=VIETNAM_TIME)),
        ("24:00", datetime.datetime(2026, 7, 16, 0, 0, tzinfo=VIETNAM_TIME)),
        ("24 giờ", datetime.datetime(2026, 7, 16, 0, 0, tzinfo=VIETNAM_TIME)),
        ("7h30", datetime.datetime(2026, 7, 15, 7, 30, tzinfo=VIETNAM_TIME)),
        ("７：３０", datetime.datetime(2026, 7, 15, 7, 30, tzinfo=VIETNAM_TIME)),
        ("07 gio\u031b\u0300 05 phút", datetime.datetime(2026, 7, 15, 7, 5, tzinfo=VIETNAM_TIME)),
        ("00:00", datetime.datetime(2026, 7, 15, 0, 0, tzinfo=VIETNAM_TIME)),
    ],
)
def test_times_are_read_as_contests_announce_them(typed, expected):
    assert moment_of(FIFTEENTH, typed) == expected


@pytest.mark.parametrize("typed", ["25:00", "24:01", "7:60", "", "-1:00", "sáng", "7", "٧:٣٠", "7h3", "7:30:00"])
def test_what_is_no_time_of_a_day_is_refused(typed):
    assert refused(moment_of, FIFTEENTH, typed, field="ends_at") == ("invalid_time", "ends_at")


def test_midnight_ends_a_day_and_begins_the_next():
    midnight = moment_of(FIFTEENTH, "24h00")
    assert end_in_words(midnight) == "24h00 15/07/2026"
    assert start_in_words(midnight) == "00h00 16/07/2026"
    assert end_in_words(midnight.astimezone(datetime.UTC)) == "24h00 15/07/2026"


def test_rules_that_contradict_themselves_are_refused_with_their_field():
    cases = [
        ({"ranking": ["duration", "correct", "draw"]}, ("ranking_invalid", "ranking")),
        ({"ranking": ["correct", "duration"]}, ("ranking_invalid", "ranking")),
        ({"ranking": ["correct", "draw", "draw"]}, ("ranking_invalid", "ranking")),
        ({"ranking": ["correct", "luck", "draw"]}, ("ranking_invalid", "ranking")),
        ({"ranking": ["correct"]}, ("ranking_invalid", "ranking")),
        ({"ranking": []}, ("ranking_invalid", "ranking")),
        ({"ranking": ["correct", "prediction", "draw"]}, ("prediction_not_asked", "prediction_of")),
        ({"identity": "signed_in"}, ("sign_in_unavailable", "identity")),
        ({"max_attempts": 0}, ("attempts_out_of_range", "max_attempts")),
        ({"max_attempts": 10**6}, ("attempts_out_of_range", "max_attempts")),
        ({"min_age": 18, "max_age": 16}, ("ages_out_of_range", "max_age")),
        ({"max_age": 10**6}, ("ages_out_of_range", "max_age")),
        ({"brackets": ["Bảng A", "bảng a"]}, ("duplicate_label", "brackets")),
        ({"units": [f"Lớp {n}" for n in range(5_001)]}, ("too_many_labels", "units")),
        ({"title": "a" * 500}, ("too_long", "title")),
        ({"title": "..."}, ("blank", "title")),
    ]
    bank = a_bank()
    for columns, expected in cases:
        assert refused(a_planned_contest, bank, rounds=0, **columns) == expected, columns
    minh = a_member_of_staff("minh", "answerer")
    assert refused(services.plan, title="x", by=minh)[0] == "not_allowed"
    assert a_planned_contest(bank, rounds=0, title="Ti\u0300m hiê\u0309u").title == "Tìm hiểu"


def test_signing_in_may_be_asked_for_where_sign_ins_are_verified(settings):
    settings.ID_TOKENS_VERIFIED = True
    contest = services.announce(a_planned_contest(a_bank(), identity="signed_in"))
    reader = Reader.objects.create()
    assert refused(services.enter, contest, reader, age_band="adult", consent=True) == ("sign_in_required", None)
    an_entry(contest, Reader.objects.create(firebase_uid="minh"))


def test_rounds_that_cannot_be_are_refused_with_their_field():
    contest, bank = a_planned_contest(a_bank(), rounds=1), a_bank("Khác")
    first = round_of(contest)
    good = {
        "bank": bank, "starts_at": first.ends_at, "ends_at": first.ends_at + HOUR, "seconds": 600,
        "sections": [{"topic": "", "count": 3}],
    }  # fmt: skip
    cases = [
        ({"ends_at": good["starts_at"]}, ("ends_before_start", "ends_at")),
        ({"ends_at": good["starts_at"] - HOUR}, ("ends_before_start", "ends_at")),
        ({"starts_at": first.ends_at - HOUR / 2}, ("rounds_overlap", "starts_at")),
        ({"starts_at": datetime.datetime(1, 1, 1, tzinfo=VIETNAM_TIME)}, ("date_out_of_range", "starts_at")),
        ({"ends_at": datetime.datetime(9999, 1, 1, tzinfo=VIETNAM_TIME)}, ("date_out_of_range", "ends_at")),
        ({"seconds": 0}, ("seconds_out_of_range", "seconds")),
        ({"seconds": 10**9}, ("seconds_out_of_range", "seconds")),
    ]
    for sections in (
        [], "x", None, [{"topic": "", "count": 0}], [{"topic": "", "count": True}], [{"topic": "", "count": 201}],
        [{"topic": "no-such", "count": 1}], [{"count": 1}], [{"topic": "", "count": 1}] * 2,
        [{"topic": None, "count": 1}],
        [{"topic": "", "count": 10**30}], [{"topic": "", "count": 1, "more": 2}], [1],
    ):  # fmt: skip
        cases.append(({"sections": sections}, ("sections_invalid", "sections")))
    for columns, expected in cases:
        assert refused(services.add_round, contest, **(good | columns)) == expected, columns
    second = services.add_round(contest, **good)
    practice = services.add_round(contest, **(good | {"is_practice": True}))
    assert (second.number, practice.number) == (2, 3)
    assert refused(services.revise_round, second, starts_at=first.starts_at)[0] == "rounds_overlap"
    with pytest.raises(IntegrityError, match="rounds_do_not_overlap"), transaction.atomic():
        Round.objects.filter(pk=second.pk).update(starts_at=first.starts_at)
    services.remove_round(second)
    assert list(contest.rounds.values_list("number", flat=True)) == [1, 3]


def test_the_database_itself_refuses_rules_that_contradict_themselves():
    contest = a_planned_contest(a_bank())
    for columns in (
        {"ranking": ["duration", "draw"]},
        {"ranking": ["correct", "duration"]},
        {"ranking": []},
        {"ranking": ["correct", "prediction", "draw"]},
        {"max_attempts": 0},
        {"min_age": 18, "max_age": 16},
        {"status": "cancelled"},
        {"status": "announced"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contest.objects.filter(pk=contest.pk).update(**columns)


@pytest.mark.parametrize(
    ("columns", "is_said"),
    [
        ({"max_attempts": None, "score_policy": "best", "results_shown": "at_once"}, True),
        ({"max_attempts": 2, "score_policy": "last", "results_shown": "at_once"}, True),
        ({"max_attempts": 2, "score_policy": "first", "results_shown": "at_once"}, False),
        ({"max_attempts": 1, "score_policy": "best", "results_shown": "at_once"}, False),
        ({"max_attempts": None, "score_policy": "best", "results_shown": "at_close"}, False),
    ],
)
def test_rules_say_where_who_tries_again_finds_out_the_answers_from_the_scores(columns, is_said):
    a_planned_contest(a_bank(), rounds=0, **columns)
    sentence = "Each score is shown at once: contestants who try again can find out which answers are right."
    with translation.override("en"):
        assert (sentence in rules_in_words(Contest.objects.get())) is is_said
    with translation.override("vi"):
        assert sentence not in rules_in_words(Contest.objects.get())
        assert any("câu trả lời nào đúng" in each for each in rules_in_words(Contest.objects.get())) is is_said


def test_rules_are_read_back_in_words_in_both_languages():
    contest = a_planned_contest(
        a_bank(), max_attempts=2, score_policy="best", ranking=["correct", "duration", "prediction", "submitted_at"],
        prediction_of="contestants", results_shown="at_close", brackets=["Bảng A", "Bảng B"], min_age=16, rounds=0,
    )  # fmt: skip
    services.add_round(
        contest, bank=a_bank("Khác"), starts_at=moment_of(FIFTEENTH, "7h30"), ends_at=moment_of(FIFTEENTH, "24h00"),
        seconds=900, sections=[{"topic": land().key, "count": 15}, {"topic": "", "count": 5}],
    )  # fmt: skip
    with translation.override("vi"):
        said = rules_in_words(contest)
    assert said[0] == "Vòng 1: từ 07h30 15/07/2026 đến 24h00 15/07/2026 (giờ Việt Nam)."
    assert "20 câu" in said[1] and "15 phút" in said[1] and land().name in said[1]
    assert "2 lượt" in said[2]
    with translation.override("en"):
        english = rules_in_words(contest)
    assert english[0] == "Round 1: from 07h30 15/07/2026 to 24h00 15/07/2026 (Viet Nam time)."
    assert (
        "Contestants are ranked by, in this order: correct answers, time taken, distance of the prediction, earlier "
        "submission. Equal results share a rank."
    ) in english
    assert len(said) == len(english) == len(set(said))


def test_two_people_freeze_and_the_hashes_are_published_but_nothing_of_the_seed():
    lan, hoa = proposer(), approver()
    contest = services.announce(a_planned_contest(), by=None)
    round = round_of(contest)
    assert refused(services.freeze, round, by=hoa)[0] == "wrong_status"
    services.propose_freeze(round, by=lan)
    assert refused(services.freeze, round, by=lan)[0] == "not_allowed"
    assert policy.available_round_transitions(hoa, round_of(contest)) == ["return", "freeze"]
    assert refused(services.freeze, round, by=hoa, seen="another")[0] == "changed_meanwhile"
    services.freeze(round, by=hoa, seen=queries.round_fingerprint(round_of(contest)))
    round = round_of(contest)
    assert (round.status, len(bytes(round.seed)), round.questions.count()) == ("frozen", 32, 6)
    assert kinds(contest) == ["contest.announced", "contest.round_frozen"]
    change = Change.objects.get(event_type="contest.round_frozen")
    assert change.facts["rounds"][0]["seed_hash"] == round.seed_hash
    assert (change.facts["algorithm"], change.facts["sizes"], change.facts["pool_size"]) == ("luatmo-paper-1", [4], 6)
    assert QuizQuestion.objects.filter(used_at=None).count() == 0
    seed = bytes(round.seed).hex()
    told = repr([list(model.objects.values()) for model in (Change, AuditRow)]) + repr(round)
    assert seed not in told and str(bytes(round.seed)) not in told


def test_what_is_frozen_never_changes_but_by_voiding():
    round = frozen(round_of(a_planned_contest()))
    question = round.questions.first()
    other = a_quiz_question(round.bank)
    for change in (
        lambda: Round.objects.filter(pk=round.pk).update(seed=b"x" * 32),
        lambda: Round.objects.filter(pk=round.pk).update(ends_at=round.ends_at + DAY),
        lambda: Round.objects.filter(pk=round.pk).update(sections=[]),
        lambda: Round.objects.filter(pk=round.pk).delete(),
        lambda: RoundQuestion.objects.filter(pk=question.pk).update(question=other),
        lambda: RoundQuestion.objects.filter(pk=question.pk).update(position=99),
        lambda: RoundQuestion.objects.filter(pk=question.pk).delete(),
        lambda: RoundQuestion.objects.create(round=round, position=6, section=0, question=other, salt=b"", hash="x"),
        lambda: QuizQuestion.objects.filter(pk=question.question_id).update(right=1),
        lambda: Contest.objects.filter(pk=round.contest_id).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert refused(services.revise_round, round, seconds=60)[0] == "wrong_status"
    assert refused(services.revise, round.contest, ranking=["correct", "draw"]) == ("rules_are_fixed", "ranking")
    services.revise(round.contest, title="Tìm hiểu Luật Mẫu 2026")


def test_a_pool_that_is_too_small_or_whose_law_is_not_settled_is_not_frozen():
    law, bank = a_document("1/2019/QH14"), a_quiz_bank(3)
    small = a_planned_contest(bank, size=4)
    assert refused(services.propose_freeze, round_of(small), by=proposer()) == ("pool_too_small", "sections")
    contest = a_planned_contest(bank, size=3)
    services.propose_freeze(round_of(contest), by=proposer())
    outdated.flag_answers_citing(correct_law(law))
    assert refused(services.freeze, round_of(contest), by=approver()) == ("unfit_questions", "sections")
    for question in bank.questions.all():
        banks.confirm_question(question, by=approver())
    tomorrow = (timezone.now() + DAY).astimezone(VIETNAM_TIME).date()
    amend(an_amending_law(law, instructions="1. Bãi bỏ Điều 2.", on=tomorrow))
    for question in bank.questions.all():
        question.basis.changes.update(settled_at=timezone.now())  # as if somebody had confirmed too early
    assert refused(services.freeze, round_of(contest), by=approver()) == ("unfit_questions", "sections")


def test_a_section_draws_from_its_topic_and_a_question_is_in_one_section_only():
    bank = a_quiz_bank(3)
    for _ in range(2):
        a_quiz_question(bank, topic=justice())
    contest = a_planned_contest(bank, rounds=0)
    round = services.add_round(
        contest, bank=bank, starts_at=timezone.now() + DAY, ends_at=timezone.now() + 2 * DAY, seconds=600,
        sections=[{"topic": justice().key, "count": 1}, {"topic": "", "count": 2}],
    )  # fmt: skip
    frozen(round)
    rows = round.questions.order_by("position").values_list("section", "question__topic__key")
    assert list(rows) == [(0, justice().key)] * 2 + [(1, land().key)] * 3


def test_without_a_key_to_sign_receipts_nothing_is_frozen(settings):
    contest = a_planned_contest()
    settings.SEAL_KEYS = settings.SEAL_KEYS_LOCAL_FILE = ""
    assert refused(services.propose_freeze, round_of(contest), by=proposer()) == ("no_seal_key", None)


def test_a_round_that_has_begun_is_not_frozen():
    contest = a_planned_contest()
    Round.objects.update(starts_at=timezone.now() - HOUR)
    assert refused(services.propose_freeze, round_of(contest), by=proposer()) == ("starts_in_past", "starts_at")


def test_announcing_needs_topics_rounds_and_somebody_else():
    lan = proposer()
    contest = a_planned_contest(a_bank(), by=lan, topics=[])
    assert refused(services.announce, contest, by=lan)[0] == "not_allowed"
    assert refused(services.announce, contest, by=approver()) == ("topic_required", "topics")
    empty = a_planned_contest(a_bank("Khác"), rounds=0)
    assert refused(services.announce, empty) == ("round_required", "rounds")
    contest = services.revise(contest, topics=[land()])
    announced = services.announce(contest, by=approver(), seen=queries.contest_fingerprint(contest))
    assert services.announce(announced) == announced
    assert kinds(contest) == ["contest.announced"]
    (change,) = Change.objects.filter(subject=contest.key)
    assert (change.topics, change.reader) == ([land().key], None)
    assert bytes(announced.search_codes) != b""
    late = a_planned_contest(a_bank("Trễ"))
    Round.objects.filter(contest=late).update(starts_at=timezone.now() - HOUR)
    assert refused(services.announce, late) == ("starts_in_past", "starts_at")


def test_an_announced_contest_is_corrected_in_words_and_cancelled_with_a_reason():
    contest = services.announce(a_planned_contest(a_bank()))
    assert refused(services.correct, contest, reason="x", max_attempts=None) == ("rules_are_fixed", "max_attempts")
    assert refused(services.correct, contest, reason=" ", text="y") == ("reason_required", "reason")
    corrected = services.correct(contest, reason="Sai chính tả", text="Dành cho mọi người", ranking=contest.ranking)
    assert corrected.text == "Dành cho mọi người"
    assert refused(services.cancel, contest, reason="") == ("reason_required", "reason")
    cancelled = services.cancel(contest, reason="Bão")
    assert services.cancel(cancelled, reason="Khác").cancel_reason == "Bão"
    assert refused(an_entry, cancelled) == ("contest_not_open", None)
    assert kinds(contest) == ["contest.announced", "contest.corrected", "contest.cancelled"]
    assert list(queries.public_contests()) == [cancelled]


def test_a_reader_enters_once_and_the_first_attempt_locks_the_entry():
    contest = a_running_contest(brackets=["A", "B"], units=["Trường A"], min_age=16)
    reader, province = Reader.objects.create(), Province.objects.filter(valid_until=None).first()
    good = {"age_band": "adult", "consent": True, "bracket": "A", "unit": "Trường A", "province": province}
    for columns, expected in (
        ({"consent": False}, ("consent_required", "consent")),
        ({"bracket": "C"}, ("unknown_bracket", "bracket")),
        ({"bracket": ""}, ("unknown_bracket", "bracket")),
        ({"unit": "Trường B"}, ("unknown_unit", "unit")),
        ({"province": Province.objects.exclude(valid_until=None).first()}, ("province_not_valid", "province")),
        ({"age_band": "40"}, ("unknown_age_band", "age_band")),
        ({"age_band": "under_16"}, ("age_not_allowed", "age_band")),
    ):
        assert refused(services.enter, contest, reader, **(good | columns)) == expected
    entry, created = services.enter(contest, reader, **good)
    assert (created, len(entry.code)) == (True, 10)
    changed, created = services.enter(contest, reader, **(good | {"bracket": "B"}))
    assert (changed.pk, changed.code, changed.bracket, created) == (entry.pk, entry.code, "B", False)
    services.withdraw_entry(contest, reader)
    services.withdraw_entry(contest, reader)
    entry, created = services.enter(contest, reader, **good)
    assert created
    a_result(contest, 1, reader=reader)
    assert refused(services.enter, contest, reader, **(good | {"unit": ""})) == ("entry_locked", None)
    assert refused(services.withdraw_entry, contest, reader) == ("entry_locked", None)
    assert services.enter(contest, reader, **good) == (entry, False)
    assert [each.attempts.all()[0].correct for each in queries.entries_of(reader)] == [1]
    other = a_running_contest(round_of(contest).bank)
    assert an_entry(other, reader).code != entry.code


def test_no_ranked_round_is_added_after_the_first_has_begun():
    contest = a_running_contest()
    columns = {
        "bank": round_of(contest).bank, "starts_at": timezone.now() + DAY, "ends_at": timezone.now() + 2 * DAY,
        "seconds": 60, "sections": [{"topic": "", "count": 1}],
    }  # fmt: skip
    assert refused(services.add_round, contest, **columns) == ("rules_are_fixed", "starts_at")
    assert services.add_round(contest, **columns, is_practice=True).number == 2


@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles"])
def test_the_server_may_be_in_any_time_zone(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    with timezone.override(zone):
        contest = a_running_contest()
        attempt = a_result(contest, 2)
        a_result(contest, 3)
        assert moment_of(FIFTEENTH, "24h00").isoformat() == "2026-07-16T00:00:00+07:00"
        assert end_in_words(moment_of(FIFTEENTH, "24h00")) == "24h00 15/07/2026"
        round = close(contest)
        assert verified(round) == (2, 2, [])
        (closed,) = Change.objects.filter(subject=contest.key, event_type="contest.round_closed")
        assert closed.facts["seed"] == bytes(round.seed).hex()
    monkeypatch.undo()
    time.tzset()
    assert datetime.timedelta() <= timezone.now() - attempt.submitted_at < HOUR
    assert seals.verify(attempt.receipt)["submitted_at"] == attempt.submitted_at.astimezone(VIETNAM_TIME).isoformat()


def test_the_sample_contest_is_open_for_a_day_over_the_sample_act_and_can_be_removed():
    call_command("load_sample")
    contest = Contest.objects.get()
    assert (contest.is_sample, contest.status, "không có thật" in contest.title) == (True, "announced", True)
    round = round_of(contest)
    assert (round.status, round.ends_at - round.starts_at, round.questions.count()) == ("frozen", DAY, 3)
    shift(contest, -HOUR)
    attempt = a_result(contest, 3)
    assert attempt.correct == 3
    call_command("load_sample")
    assert Contest.objects.get() == contest
    assert kinds(contest) == ["contest.announced"]
    call_command("load_sample", remove=True)
    assert (Contest.objects.count(), QuizQuestion.objects.count(), Entry.objects.count()) == (0, 0, 0)
    assert kinds(contest) == ["contest.announced", "contest.cancelled"]
    assert not Change.objects.filter(subject=contest.key, notify=True).exists()
