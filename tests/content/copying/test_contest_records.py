"""Records of contests: announcement, rules, rounds and published results travel; questions and people do not."""

import hashlib
import json

import pytest
from django.db import connection, transaction
from django.utils import timezone

from content.changes.models import Change
from content.contest_results import services as results
from content.contest_results.models import Winner
from content.contests import services as contests
from content.contests.models import Attempt, Contest, Entry, Round
from content.copying import records
from content.copying.models import CopiedRound
from content.copying.objects import OBJECTS
from content.errors import RuleBroken
from content.people.models import Reader
from content.question_banks.models import QuizQuestion
from content.record_fields.fields import RecordRefused, RecordWaits
from tests.builders import approver
from tests.builders_contests import (
    DAY,
    HOUR,
    a_closed_contest,
    a_planned_contest,
    a_result,
    a_running_contest,
    an_entry,
    close,
    frozen,
    judge,
    round_of,
    shift,
)

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"
CONTEST = OBJECTS["contest"]
PERSON = {"name": "Trần Minh", "contact": "minh@example.com", "document_number": "001 204", "consent": True}


def contest_records():
    return {each["key"]: each for each in records.public_records() if each["object"] == "contest"}


def record_of(contest):
    return contest_records()[contest.key]


def empty_of_contests():
    """As if nobody here had ever heard of a contest."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE content_contest CASCADE")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@transaction.atomic
def put(record):
    row = CONTEST.locked(record["key"]) or Contest(key=record["key"])
    row.home = HOME
    return CONTEST.put(row, json.loads(json.dumps(record["data"])))


def planned():
    contest = a_planned_contest(rounds=2, brackets=["Học sinh", "Cán bộ 🏆"], units=["Trường A"], max_age=30)
    return contests.announce(contest, notify=False)


def with_a_frozen_round():
    contest = planned()
    frozen(round_of(contest))
    return contest


def cancelled():
    return contests.cancel(planned(), by=approver(), reason="Bão lớn")


def with_a_voided_question():
    contest = a_running_contest()
    question = results.propose_void(round_of(contest).questions.first(), by=judge("lan-judges"), reason="Sai đáp án")
    results.confirm_void(question, by=judge())
    return contest


def with_winners(*, naming_consent=True):
    contest = a_running_contest()
    entry = a_result(contest, 4).entry
    close(contest)
    results.propose_results(contest, winners=[(entry.code, "Giải nhất")], by=judge("lan-judges"))
    contest = results.publish_results(contest, by=judge(), notify=False)
    winner = results.ask_identity(Winner.objects.get(), by=judge("lan-judges"))
    results.give_identity(winner, entry.reader, **PERSON, naming_consent=naming_consent)
    results.verify_winner(winner, by=judge("lan-judges"))
    results.publish_winner(winner, by=judge())
    return contest


STAGES = (
    planned, with_a_frozen_round, a_running_contest, with_a_voided_question, a_closed_contest, with_winners, cancelled,
)  # fmt: skip


@pytest.mark.parametrize("stage", STAGES)
def test_a_contest_put_into_an_empty_installation_has_the_same_record(stage):
    before = record_of(stage())
    empty_of_contests()
    assert contest_records() == {}
    for _once_and_again in range(2):
        put(before)
        assert record_of(Contest.objects.get())["data"] == before["data"]
    assert Contest.objects.get().home == HOME


def test_a_copy_follows_its_home_from_the_announcement_to_the_winners():
    contest = a_planned_contest()
    stages = [record_of(contests.announce(contest, notify=False))]
    frozen(round_of(contest))
    stages.append(record_of(contest))
    shift(contest, -DAY - HOUR / 2)
    contest.refresh_from_db()
    entry = a_result(contest, 4).entry
    stages.append(record_of(contest))
    close(contest)
    stages.append(record_of(contest))
    results.propose_results(contest, winners=[(entry.code, "Giải nhất")], by=judge("lan-judges"))
    results.publish_results(contest, by=judge(), notify=False)
    stages.append(record_of(contest))
    empty_of_contests()
    put(stages[0])
    put(stages[1])
    assert record_of(contest)["data"] == stages[1]["data"]
    empty_of_contests()  # the test moved the frozen round in time, which no home does
    for record in stages[2:]:
        put(record)
        assert record_of(contest)["data"] == record["data"]


def test_the_seed_is_in_the_record_only_after_the_close():
    contest = a_running_contest()
    seed = bytes(round_of(contest).seed).hex()
    assert seed not in json.dumps(list(records.public_records()))
    a_result(contest, 2)
    close(contest)
    data = record_of(contest)["data"]["rounds"][0]
    assert data["seed"] == seed
    assert hashlib.sha256(bytes.fromhex(seed)).hexdigest() == data["seed_hash"]


def test_a_copy_reads_as_at_home_and_names_its_home_for_the_rest(api):
    contest = with_winners()
    paths = [f"contests/{contest.key}", f"contests/{contest.key}/rounds/1"]
    at_home, record = [api("get", path).json() for path in paths], record_of(contest)
    assert at_home[0]["home"] is None
    empty_of_contests()
    put(record)
    shown, round = (api("get", path).json() for path in paths)
    changing = ("updated_at", "home", "home_url", "leaderboard_url")
    assert without(shown, changing) == without(at_home[0], changing)
    assert shown["winners"][0]["name"] == "Trần Minh"
    assert (shown["home"], shown["home_url"]) == (HOME, f"https://{HOME}/api/v1/contests/{contest.key}")
    assert shown["leaderboard_url"] == f"{shown['home_url']}/leaderboard"
    assert without(round, ("proof_url", "proof_file_url")) == without(at_home[1], ("proof_url", "proof_file_url"))
    assert round["proof_url"] == f"{shown['home_url']}/rounds/1/proof"
    for path in ("leaderboard", "rounds/1/proof", "rounds/1/proof.jsonl.gz"):
        refused = api("get", f"contests/{contest.key}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "results_not_shown")
    for path in ("contests?", "search?q=tìm hiểu luật mẫu&"):
        assert contest.key in api("get", f"{path}home={HOME}").content.decode()
        assert contest.key not in api("get", f"{path}home=khac.example").content.decode()
    assert "Trần Minh" in api("get", f"/cuoc-thi/{contest.key}").content.decode()


def without(values, names):
    return {name: value for name, value in values.items() if name not in names}


def test_nobody_takes_part_here_in_a_contest_of_another_installation():
    record = record_of(a_running_contest())
    empty_of_contests()
    contest = put(record)
    round, reader = Round.objects.select_related("contest").get(), Reader.objects.create()
    for refused_verb in (
        lambda: an_entry(contest, reader),
        lambda: contests.withdraw_entry(contest, reader),
        lambda: contests.start(round, reader, nonce=bytes(16)),
    ):
        with pytest.raises(RuleBroken) as refused:
            refused_verb()
        assert refused.value.code == "not_ours"
    assert not Entry.objects.exists() and not Attempt.objects.exists()


def test_our_clock_leaves_copies_to_their_homes():
    record = record_of(a_running_contest())
    empty_of_contests()
    put(record)
    shift(Contest.objects.get(), -DAY)  # its round is over, as far as our clock knows
    lines = Change.objects.count()
    results.run_schedule()
    assert Round.objects.get().status == record["data"]["rounds"][0]["status"]
    assert (Change.objects.count(), Contest.objects.get().status) == (lines, "announced")


def test_a_contest_of_which_its_home_knows_nothing_any_more_is_shown_as_cancelled():
    record = record_of(with_winners())
    empty_of_contests()
    contest = put(record)
    CONTEST.withdraw(contest, "Không còn ở cổng gốc")
    data = record_of(contest)["data"]
    assert (data["status"], data["cancel_reason"], data["winners"]) == ("cancelled", "Không còn ở cổng gốc", [])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(title=" "),
        lambda data: data.update(status="draft"),
        lambda data: data.update(announced_at=None),
        lambda data: data.update(ranking=[]),
        lambda data: data.update(ranking=["luck"]),
        lambda data: data.update(identity="passport"),
        lambda data: data.update(units="Trường A"),
        lambda data: data.update(audiences=["bots"]),
        lambda data: data.update(winners=[{"position": 1, "code": "<b>", "prize": "", "name": ""}]),
        lambda data: data["rounds"][0].update(number=0),
        lambda data: data["rounds"][0].update(status="won"),
        lambda data: data["rounds"][0].update(seconds=None),
        lambda data: data["rounds"][0].update(starts_at="mai"),
        lambda data: data["rounds"][0].update(seed_hash="z"),
        lambda data: data["rounds"][0].update(seed="0" * 64),
        lambda data: data["rounds"][0].update(sections=[{"topic": "", "count": 0}]),
    ],
)
def test_data_that_no_contest_can_have_are_refused_and_leave_no_row(spoil):
    record = record_of(a_closed_contest())
    empty_of_contests()
    spoil(record["data"])
    with pytest.raises(RecordRefused) as refused:
        put(record)
    assert str(refused.value)
    assert not Contest.objects.exists() and not CopiedRound.objects.exists()


@pytest.mark.parametrize("unknown", [{"topics": ["99-la"]}, {"organisation": "la"}, {"province": "la"}])
def test_what_is_unknown_here_waits(unknown):
    record = record_of(planned())
    empty_of_contests()
    record["data"].update(unknown)
    with pytest.raises(RecordWaits):
        put(record)
    assert not Contest.objects.exists()


def test_nothing_private_is_in_a_record_of_a_contest():
    contest = with_winners(naming_consent=False)
    winner, other = Entry.objects.get(), a_result(a_running_contest(title="Cuộc thi khác"), 1).entry
    draft = a_planned_contest(title="Chưa công bố")
    said = json.dumps(list(records.public_records()), ensure_ascii=False)
    assert contest.key in said and winner.code in said
    private = [
        "Trần Minh", "minh@example.com", other.code, str(other.reader_id), str(winner.reader_id), draft.title,
        draft.key, "Ngân hàng mẫu", "lan-judges", "hoa-judges", *Attempt.objects.values_list("key", flat=True),
        *QuizQuestion.objects.values_list("key", flat=True), "nonce", "salt", "receipt",
    ]  # fmt: skip
    assert [words for words in private if words in said] == []


def test_the_record_of_a_contest_that_was_never_public_is_not_there(api):
    contest = a_planned_contest()
    assert api("get", f"contests/{contest.key}/record").status_code == 404
    contests.announce(contest, notify=False)
    assert api("get", f"contests/{contest.key}/record").json()["data"]["title"] == contest.title
    assert timezone.now() > Contest.objects.get().announced_at
