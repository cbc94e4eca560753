"""Records of contests: announcement, rules, rounds and published results travel; questions and people do not."""

import copy
import functools
import hashlib
import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from content.changes.models import Change
from content.contest_results import services as results
from content.contest_results.models import Winner
from content.contests import services as contests
from content.contests.models import Attempt, Contest, Entry, Round
from content.contests.queries import publishes_proof
from content.copying import records
from content.copying.models import CopiedContest, CopiedRound
from content.copying.objects import OBJECTS
from content.errors import RuleBroken
from content.peer_lines.lines import stored_line
from content.people.models import Reader
from content.question_banks.models import QuizQuestion
from content.record_fields.fields import RecordRefused, RecordWaits
from content.sync.models import Peer
from content.sync.own_lines import lines_of
from notifications.devices import services as devices
from notifications.messages import contests as messages
from tests.builders import approver, land
from tests.builders_contests import (
    DAY,
    HOUR,
    MINUTE,
    PERSON,
    a_closed_contest,
    a_contest_with_a_winner,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    an_entry,
    close,
    frozen,
    judge,
    proposer,
    round_of,
    shift,
)

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"
CONTEST = OBJECTS["contest"]


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


def cancelled_while_open(**columns):
    contest = a_running_contest(**columns)
    a_result(contest, 2)
    return contests.cancel(contest, by=approver(), reason="Bão lớn")


def with_a_voided_question():
    contest = a_running_contest()
    question = results.propose_void(round_of(contest).questions.first(), by=judge("lan-judges"), reason="Sai đáp án")
    results.confirm_void(question, by=judge())
    return contest


STAGES = (
    planned, with_a_frozen_round, a_running_contest, with_a_voided_question, a_closed_contest,
    a_contest_with_a_winner, cancelled, cancelled_while_open,
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
    for record in stages:
        put(record)
        assert record_of(contest)["data"] == record["data"]


def watched(contest):
    """(do, seen): `do` runs a verb, which must write a line where it changes the record; `seen` says whether it did."""
    seen = []

    def told():
        lines = Change.objects.filter(subject=contest.key, reader=None)
        return record_of(contest)["record_hash"], lines.latest("pk").pk

    def do(verb, *arguments, **named):
        before = told()
        done = verb(*arguments, **named)
        after = told()
        assert before[0] == after[0] or before[1] < after[1], verb.__name__
        seen.append(before[0] != after[0])
        return done

    return do, seen


def test_whatever_changes_a_record_writes_a_line():
    contest = contests.announce(a_planned_contest(results_shown="when_published"), notify=False)
    do, seen = watched(contest)
    do(contests.correct, contest, by=approver(), reason="Tên đúng", title="Tên đúng")
    do(contests.propose_freeze, round_of(contest), by=proposer())
    do(contests.return_round, round_of(contest), by=proposer())
    do(contests.propose_freeze, round_of(contest), by=proposer())
    do(contests.freeze, round_of(contest), by=approver())
    shift(contest, -DAY - HOUR / 2)  # the clock; what follows is what the worker and people do
    do(results.run_schedule)
    entry = do(a_result, contest, 4).entry
    question = do(results.propose_void, round_of(contest).questions.first(), by=judge("lan-judges"), reason="Sai")
    do(results.confirm_void, question, by=judge())
    shift(contest, timezone.now() - round_of(contest).ends_at - MINUTE)
    do(results.run_schedule)
    named = [(entry.code, "Giải nhất")]
    do(results.propose_results, contest, winners=named, by=judge("lan-judges"))
    do(results.return_results, contest, by=judge(), reason="Xem lại")
    do(results.propose_results, contest, winners=named, by=judge("lan-judges"))
    do(results.publish_results, contest, by=judge(), notify=False)
    winner = do(results.ask_identity, Winner.objects.get(), by=judge("lan-judges"))
    do(results.give_identity, winner, entry.reader, **PERSON, naming_consent=True)
    do(results.verify_winner, winner, by=judge("lan-judges"))
    do(results.publish_winner, winner, by=judge())
    do(results.withdraw_naming, winner)
    do(devices.erase_reader, entry.reader)
    assert sum(seen) == 7  # of what was done so many steps are told elsewhere


def test_other_rounds_and_a_cancel_while_open_write_a_line_too():
    contest = contests.announce(a_planned_contest(), notify=False)
    do, seen = watched(contest)
    columns = {
        name: getattr(round_of(contest), name) for name in ("bank", "starts_at", "ends_at", "seconds", "sections")
    }
    practice = do(contests.add_round, contest, **columns, is_practice=True)
    do(contests.revise_round, practice, title="Thi thử")
    do(contests.revise_round, round_of(contest), seconds=600)
    do(contests.remove_round, practice)
    frozen(round_of(contest))
    shift(contest, -DAY - HOUR / 2)
    reader = do(a_result, contest, 4).entry.reader
    do(contests.start, round_of(contest), an_entry(contest).reader, nonce=bytes(16))  # and leaves it open
    do(contests.cancel, contest, by=approver(), reason="Bão lớn")
    do(results.run_schedule)
    do(results.erase_old_practice, timezone.now() + 31 * DAY)
    do(devices.erase_reader, reader)
    assert seen == [True, True, True, True, False, False, True, False, False, False]


def test_the_seed_is_in_the_record_only_after_the_close():
    contest = a_running_contest()
    seed = bytes(round_of(contest).seed).hex()
    assert seed not in json.dumps(list(records.public_records()))
    a_result(contest, 2)
    close(contest)
    data = record_of(contest)["data"]["rounds"][0]
    assert data["seed"] == seed
    assert hashlib.sha256(bytes.fromhex(seed)).hexdigest() == data["seed_hash"]


def test_a_copy_of_a_contest_that_was_cancelled_while_open_has_its_seed_and_leads_to_its_proof(api):
    contest = cancelled_while_open(rounds=2, results_shown="when_published")
    record, seed = record_of(contest), bytes(round_of(contest).seed).hex()
    assert [each["seed"] for each in record["data"]["rounds"]] == [seed, ""]  # nobody began the second
    empty_of_contests()
    copy = put(record)
    shown = [api("get", f"contests/{contest.key}/rounds/{number}").json()["proof_url"] for number in (1, 2)]
    assert shown == [f"https://{HOME}/api/v1/contests/{contest.key}/rounds/1/proof", None]
    for reads in (HOME, "tinh.example.gov.vn"):  # the home itself, and who hands its copy on
        peer, line = Peer(key=reads, name=reads), a_line(contest, "contest.cancelled", reason="Bão lớn")
        (ours,) = lines_of(peer, copy, HOME, [line], 7, is_load=False)
        assert [each.get("seed") for each in ours.facts["rounds"]] == [seed, None]
        assert [each["number"] for each in ours.facts["rounds"]] == [1, 2]


def test_practice_of_a_cancelled_contest_is_erased_without_changing_the_record():
    before = record_of(contest := cancelled_while_open(is_practice=True))
    assert results.erase_old_practice(timezone.now() + 31 * DAY) == 1
    assert record_of(contest)["record_hash"] == before["record_hash"]
    assert before["data"]["rounds"][0]["seed"] == ""


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(status="announced", cancel_reason=""),
        lambda data: data["rounds"][0].update(is_practice=True),
        lambda data: data["rounds"][0].update(status="planned", seed_hash="", pool_hash="", frozen_at=None),
        lambda data: data["rounds"][0].update(seed="0" * 64),
    ],
)
def test_a_seed_that_no_home_has_published_at_a_cancel_is_refused(spoil):
    record = record_of(cancelled_while_open())
    empty_of_contests()
    spoil(record["data"])
    with pytest.raises(RecordRefused):
        put(record)
    assert not Contest.objects.exists()


def test_the_seed_of_a_closed_round_waits_for_no_other_contest():
    bank = a_quiz_bank()
    first, second = a_running_contest(bank), a_running_contest(bank, title="Cuộc thi khác")
    close(first)
    assert not publishes_proof(round_of(first))  # the second asks the same questions
    before = record_of(first)
    assert before["data"]["rounds"][0]["seed"]
    close(second)
    assert publishes_proof(round_of(first))
    assert record_of(first)["record_hash"] == before["record_hash"]  # no line tells that it changed


def test_proposed_results_are_no_part_of_a_record():
    contest = a_running_contest()
    entry = a_result(contest, 3).entry
    close(contest)
    before = record_of(contest)
    results.propose_results(contest, winners=[(entry.code, "Giải nhất")], by=judge("lan-judges"))
    assert Contest.objects.get().status == "proposed"
    assert record_of(contest)["record_hash"] == before["record_hash"]
    assert entry.code not in json.dumps(record_of(contest))


@pytest.mark.parametrize("naming_consent", [True, False])
def test_a_winner_under_16_is_named_at_home_only(api, naming_consent):
    contest = a_contest_with_a_winner(age_band="under_16", naming_consent=naming_consent)
    code = Entry.objects.get().code
    (winner,) = api("get", f"contests/{contest.key}").json()["winners"]
    assert (winner["code"], winner["name"]) == (code, "Trần Minh" if naming_consent else None)
    record = record_of(contest)
    assert record["data"]["winners"] == []
    assert [words for words in (code, "Trần Minh", "Trần Hoa") if words in json.dumps(record, ensure_ascii=False)] == []


@pytest.mark.parametrize("title", ["Thi he\u0300 của xã", "Thi \u202etrở\u202c lại"])
def test_texts_that_their_home_has_in_another_form_are_told_in_one_that_followers_take(title):
    contest = planned()
    Contest.objects.filter(pk=contest.pk).update(title=title, units=[title], prizes=title)
    Round.objects.filter(contest=contest).update(title=title)
    record = record_of(contest)
    empty_of_contests()
    assert record_of(put(record))["data"] == record["data"]


def test_a_round_that_its_home_froze_again_is_replaced():
    record = record_of(with_a_frozen_round())
    empty_of_contests()
    put(record)
    again = record["data"]["rounds"][0]
    again.update(seed_hash="a" * 64, pool_hash="b" * 64, pool_size=7)  # after it restored a backup
    assert record_of(put(record))["data"] == record["data"]
    planned_again = {"status": "planned", "seed_hash": "", "pool_hash": "", "pool_size": None, "frozen_at": None}
    again.update(planned_again)
    assert record_of(put(record))["data"] == record["data"]
    assert Round.objects.filter(is_copied=True).count() == Round.objects.count() == 2


def test_a_frozen_round_of_ours_never_becomes_a_copy():
    round = round_of(with_a_frozen_round())
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=round.pk).update(is_copied=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=round.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(number=2).update(bank=None)


def test_voided_questions_read_as_at_home(api):
    contest = with_a_voided_question()
    at_home, record = api("get", f"contests/{contest.key}/rounds/1").json()["voided"], record_of(contest)
    empty_of_contests()
    put(record)
    assert api("get", f"contests/{contest.key}/rounds/1").json()["voided"] == at_home != []


def test_the_page_of_a_copy_leads_to_its_original(client):
    contest = planned()
    path = f"/cuoc-thi/{contest.key}"
    ours = client.get(path).content.decode()
    assert (contest.title in ours, "Bản gốc" in ours) == (True, False)
    assert path in client.get("/sitemap-contests-1.xml").content.decode()
    record = record_of(contest)
    empty_of_contests()
    put(record)
    shown = client.get(path).content.decode()
    assert f'<a href="https://{HOME}{path}" rel="noreferrer">Bản gốc ở {HOME}</a>' in shown
    assert f'<link rel="canonical" href="https://{HOME}{path}">' in shown
    assert path not in client.get("/sitemap-contests-1.xml").content.decode()


def test_staff_read_a_copy_and_its_round_without_a_bank(client):
    record = record_of(with_a_frozen_round())
    empty_of_contests()
    put(record)
    client.force_login(judge("lan-reads"), "django.contrib.auth.backends.ModelBackend")
    contest, round = Contest.objects.get(), Round.objects.first()
    for path in (f"contest/{contest.pk}/change/", f"round/{round.pk}/change/", "contest/", "round/"):
        page = client.get(f"/staff/content/{path}")
        assert page.status_code == 200
        assert [words for words in ("/None/", ">None<") if words in page.content.decode()] == []


def a_line(contest, event_type, **facts):
    """A line of the home as its feed shows it."""
    return stored_line(
        {
            "key": "7", "event_type": event_type, "nature": "editorial", "subject": contest.key, "is_tombstone": False,
            "changed_at": timezone.now().isoformat(), "facts": facts, "notify": True, "topics": [land().key],
        }
    )  # fmt: skip


def lines_about(contest, event_type, **facts):
    peer = Peer(key=HOME, name=HOME, notifies=True)
    return lines_of(peer, contest, HOME, [a_line(contest, event_type, **facts)], 7, is_load=False)


@pytest.mark.parametrize("said", [{}, {"round": 9}, {"round": "1"}, {"round": [1]}, {"round": True}, {"round": 10**30}])
@pytest.mark.parametrize("event_type", ["contest.round_opened", "contest.round_ends_soon", "contest.question_voided"])
def test_of_a_round_that_the_copy_does_not_have_nobody_is_told(event_type, said):
    record = record_of(a_running_contest())
    empty_of_contests()
    (line,) = lines_about(put(record), event_type, **said)
    assert (line.notify, "round" in line.facts) == (False, False)


@pytest.mark.parametrize(
    "event_type", ["contest.announced", "contest.corrected", "contest.cancelled", "contest.round_opened",
                   "contest.round_ends_soon", "contest.question_voided", "contest.results_published"]
)  # fmt: skip
def test_a_message_about_a_copy_is_made_of_what_the_copy_says(event_type):
    record = record_of(a_running_contest())
    empty_of_contests()
    contest = put(record)
    wrong = {"round": 1, "rounds": [{"number": "x"}], "title": ["x"], "province": 3, "reason": {"x": 1}}
    (line,) = lines_about(contest, event_type, **wrong)
    assert line.notify
    assert [each["number"] for each in line.facts["rounds"]] == [1]
    for language in ("vi", "en"):
        said = messages.full_text(line, language)
        assert said.title == contest.title and said.body
    messages.relevant_until(line)


def test_a_copy_reads_as_at_home_and_names_its_home_for_the_rest(api, client):
    contest = a_contest_with_a_winner()
    paths = [f"contests/{contest.key}", f"contests/{contest.key}/rounds/1"]
    at_home, record = [api("get", path).json() for path in paths], record_of(contest)
    assert at_home[0]["home"] is None
    empty_of_contests()
    put(record)
    shown, round = (api("get", path).json() for path in paths)
    changing = ("updated_at", "home", "home_url", "leaderboard_url", "winners")
    assert without(shown, changing) == without(at_home[0], changing)
    assert [each["name"] for each in at_home[0]["winners"]] == ["Trần Minh"]
    assert shown["winners"] == [each | {"name": None} for each in at_home[0]["winners"]]
    assert (shown["home"], shown["home_url"]) == (HOME, f"https://{HOME}/api/v1/contests/{contest.key}")
    assert shown["leaderboard_url"] == f"{shown['home_url']}/leaderboard"
    assert without(round, ("proof_url", "proof_file_url")) == without(at_home[1], ("proof_url", "proof_file_url"))
    assert round["proof_url"] == f"{shown['home_url']}/rounds/1/proof"
    for path in ("leaderboard", "rounds/1/proof", "rounds/1/proof.jsonl.gz"):
        refused = api("get", f"contests/{contest.key}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "results_not_shown")
    for path in ("contests?", "search?q=tìm hiểu luật mẫu&"):
        assert contest.key in str(without(api("get", f"{path}home={HOME}").json(), ["without_filters"]))
        assert contest.key not in str(without(api("get", f"{path}home=khac.example").json(), ["without_filters"]))
    page = client.get(f"/cuoc-thi/{contest.key}").content.decode()
    assert (shown["winners"][0]["code"] in page, "Trần Minh" in page) == (True, False)


def test_a_name_that_a_home_tells_of_a_winner_is_not_stored():
    record = record_of(a_contest_with_a_winner())
    empty_of_contests()
    told = record["data"]["winners"]
    record["data"]["winners"] = [each | {"name": "Trần Minh"} for each in told]
    assert record_of(put(record))["data"]["winners"] == told != []
    assert "Trần Minh" not in str(CopiedContest.objects.values())


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
        assert (refused.value.code, HOME in refused.value.message) == ("not_ours", True)
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
    record = record_of(a_contest_with_a_winner())
    empty_of_contests()
    contest = put(record)
    CONTEST.withdraw(contest, "Không còn ở cổng gốc")
    data = record_of(contest)["data"]
    assert (data["status"], data["cancel_reason"], data["winners"]) == ("cancelled", "Không còn ở cổng gốc", [])


@functools.cache
def record_of_a_closed_contest():
    """Made once for the many tests that spoil a copy of it. The contest itself is rolled back."""
    with transaction.atomic():
        record = record_of(a_closed_contest())
        transaction.set_rollback(True)
    return record


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
        lambda data: data["rounds"][0].update(sections=[{"topic": "", "count": 1}] * 201),
        lambda data: data["rounds"][0].update(status="open", closed_at=None),  # and still tells the seed
        lambda data: data["rounds"][0].update(ends_at=data["rounds"][0]["starts_at"]),
        lambda data: data["rounds"][0].update(turnout=-1),
        lambda data: data["rounds"][0].update(frozen_at=None),
        lambda data: data["rounds"][0].update(voided=[{"hash": "", "reason": "", "voided_at": None}]),
        lambda data: data["rounds"][0].update(voided=[{"hash": "a" * 64, "voided_at": "2026-01-01T00:00:00Z"}] * 2_001),
        lambda data: data.update(rounds=[]),
        lambda data: data.update(rounds=data["rounds"] * 2),
        lambda data: data.update(rounds=data["rounds"] * 1_001),
        lambda data: data.update(status="proposed"),
        lambda data: data.update(status="cancelled"),
        lambda data: data.update(cancel_reason="Bão lớn"),
        lambda data: data.update(ranking=["correct", "correct", "draw"]),
        lambda data: data.update(ranking=["correct", "prediction", "draw"]),
        lambda data: data.update(ranking=["correct", ["draw"]]),
        lambda data: data.update(max_attempts=0),
        lambda data: data.update(max_attempts=10**9),
        lambda data: data.update(min_age=40, max_age=20),
        lambda data: data.update(units=["Trường A"] * 5_001),
        lambda data: data.update(brackets=["a" * 201]),
        lambda data: data.update(winners=[{"position": 1, "code": "ab", "prize": "", "name": ""}] * 1_001),
        lambda data: data.update(winners=[{"position": 0, "code": "ab", "prize": "", "name": ""}]),
        lambda data: data.update(winners=[{"position": 1, "code": "ab", "prize": "x" * 201, "name": ""}]),
    ],
)
def test_data_that_no_contest_can_have_are_refused_and_leave_no_row(spoil):
    record = copy.deepcopy(record_of_a_closed_contest())
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


@pytest.mark.parametrize("naming_consent", [True, False])
def test_nothing_private_is_in_a_record_of_a_contest_or_in_its_lines(naming_consent):
    contest = a_contest_with_a_winner(naming_consent=naming_consent)
    winner, other = Entry.objects.get(), a_result(a_running_contest(title="Cuộc thi khác"), 1).entry
    results.disqualify(other, by=judge(), reason="Không trung thực")
    results.propose_void(round_of(other.contest).questions.first(), by=judge(), reason="Chưa chắc đã sai")
    draft = a_planned_contest(title="Chưa công bố")
    said = json.dumps(list(records.public_records()), ensure_ascii=False)
    assert contest.key in said and winner.code in said
    said += json.dumps(list(Change.objects.filter(reader=None).values("facts")), ensure_ascii=False)
    private = [
        "Trần Minh", "minh@example.com", other.code, str(other.reader_id), str(winner.reader_id), draft.title,
        draft.key, "Ngân hàng mẫu", "Không trung thực", "Chưa chắc đã sai", "lan-judges", "hoa-judges",
        *Attempt.objects.values_list("key", flat=True),
        *QuizQuestion.objects.values_list("key", flat=True),
        *QuizQuestion.objects.values_list("text", flat=True), "nonce", "salt", "receipt",
    ]  # fmt: skip
    assert [words for words in private if words in said] == []


def test_the_record_of_a_contest_that_was_never_public_is_not_there(api):
    contest = a_planned_contest()
    assert api("get", f"contests/{contest.key}/record").status_code == 404
    contests.announce(contest, notify=False)
    assert api("get", f"contests/{contest.key}/record").json()["data"]["title"] == contest.title
    assert timezone.now() > Contest.objects.get().announced_at
