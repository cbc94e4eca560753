"""Who deletes themselves after a contest leaves a code and a result, and changes nothing that was published."""

import pytest

from content.contest_results import services as results
from content.contest_results.services import counting
from content.contests import papers
from content.contests import services as contests
from content.contests.models import Attempt, Entry
from tests.api.account.test_me import columns_that_hold
from tests.builders import a_bank, a_device, a_quiz_question
from tests.builders_contests import a_result, a_running_contest, an_entry, close, judge, round_of, started

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Trần Văn Được", "contact": "0912 555 777",
    "guardian_name": "Trần Thị Cả", "guardian_contact": "0912 555 778",
}  # fmt: skip


def a_named_winner(contest, entry):
    """The winner of published results said who they are and is named."""
    results.propose_results(contest, winners=[(entry.code, "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    winner = contest.winners.get()
    results.ask_identity(winner, by=judge())
    results.give_identity(
        winner, entry.reader, **SAID, document_number="001204000001", consent=True, naming_consent=True,
        guardian_consent=True,
    )  # fmt: skip
    results.verify_winner(winner, by=judge())
    results.publish_winner(winner, by=judge("lan-publishes"))


def test_nothing_of_an_erased_winner_is_left_and_ranks_and_proof_are_as_they_were(api):
    contest = a_running_contest()
    devices = {name: a_device(name) for name in ("minh", "hoa", "lan")}
    attempts = {
        name: a_result(contest, right, reader=an_entry(contest, devices[name].reader).reader)
        for name, right in (("minh", 4), ("hoa", 3), ("lan", 1))
    }
    close(contest)
    minh, lan = devices["minh"], devices["lan"]
    results.disqualify(attempts["lan"].entry, by=judge(), reason="Hai máy")
    body = {"text": "Tôi chỉ có một máy, hỏi 0912 555 779"}
    assert api("put", f"contests/{contest.key}/entry/objection", body, device=lan).status_code < 300
    results.decide_objection(attempts["lan"].entry, by=judge("lan-publishes"), lift=True, reason="Đúng vậy")
    results.run_schedule()
    contest.refresh_from_db()
    a_named_winner(contest, attempts["minh"].entry)
    assert (
        api("post", f"attempts/{attempts['minh'].key}/certificate", {"name": SAID["name"]}, device=minh).status_code
        == 200
    )
    results.run_schedule()
    results.store_next_proof()

    here = f"contests/{contest.key}"
    paths = (f"{here}/leaderboard", f"{here}/rounds/1/proof", f"{here}/rounds/1/proof.jsonl.gz")

    def published():
        answers = [api("get", path) for path in paths]
        return [b"".join(each.streaming_content) if each.streaming else each.content for each in answers]

    before = published()
    secrets = [str(minh.reader.pk), str(lan.reader.pk), *SAID.values(), "0912 555 779"]
    assert all(columns_that_hold(each) for each in secrets)
    for device in (minh, lan):
        assert api("delete", "me", device=device).status_code == 204
    results.run_schedule()
    results.store_next_proof()
    assert {each: columns_that_hold(each) for each in secrets} == {each: [] for each in secrets}
    assert published() == before
    assert SAID["name"] not in str(api("get", here).json())
    assert api("get", f"{here}/standing", device=devices["hoa"]).json() == {"rank": 2, "of": 3, "is_final": True}


def a_bank_to_fill_in():
    bank = a_bank()
    for _ in range(2):
        a_quiz_question(bank, kind="fill_in", accepted=["Mười lăm", "15"])
    a_quiz_question(bank)
    return bank


def typed(attempt, *texts):
    """Answers that fill in these texts, in the order of the paper, and choose the first choice."""
    left = list(texts)
    shown = papers.shown_paper(Attempt.objects.select_related("entry", "round__contest").get(pk=attempt.pk))
    return {str(each.number): "a" if each.choices else left.pop(0) for each in shown}


def test_what_an_erased_contestant_typed_into_answers_is_gone_and_counts_as_it_did(api):
    contest, device, other = a_running_contest(a_bank_to_fill_in(), size=3), a_device("minh"), a_device("hoa")
    reader = an_entry(contest, device.reader).reader
    attempt = started(round_of(contest), reader)
    contests.submit(attempt, seq=1, answers=typed(attempt, "  MƯỜI lăm", "Trần Minh 0912 555 780"))
    attempt.refresh_from_db()
    score, answered = attempt.correct, len(attempt.answers)
    left_open = started(round_of(contest), an_entry(contest, other.reader).reader)
    contests.save(left_open, seq=1, answers=typed(left_open, "Hoa 0912 555 781", "15"))
    for secret, leaving in (("0912 555 780", device), ("0912 555 781", other)):
        assert columns_that_hold(secret)
        assert api("delete", "me", device=leaving).status_code == 204
        assert columns_that_hold(secret) == []
    attempt.refresh_from_db()
    assert (attempt.correct, len(attempt.answers), "Mười lăm" in attempt.answers.values()) == (
        score,
        answered - 1,
        True,
    )
    voided = round_of(contest).questions.exclude(question__kind="fill_in").get()
    results.propose_void(voided, by=judge(), reason="Luật đã sửa")
    results.confirm_void(voided, by=judge("lan-publishes"))
    close(contest)
    attempt.refresh_from_db()
    left_open.refresh_from_db()
    assert (attempt.correct, left_open.correct, left_open.is_closed_by_system) == (1, 1, True)  # scored again
    state = list(contest.standings.order_by("entry").values("entry", "correct", "rank"))
    counting.rebuild(contest)
    assert list(contest.standings.order_by("entry").values("entry", "correct", "rank")) == state


@pytest.mark.parametrize("send", [contests.save, contests.submit])
@pytest.mark.parametrize("was_saved", [True, False])
def test_what_a_phone_sends_while_its_reader_is_erased_is_not_stored(send, was_saved):
    contest, device = a_running_contest(a_bank_to_fill_in(), size=3), a_device("minh")
    attempt = started(round_of(contest), an_entry(contest, device.reader).reader)
    if was_saved:
        contests.save(attempt, seq=1, answers=typed(attempt, "Một", "Hai"))
    results.erase_contest_data_of(device.reader)
    send(attempt, seq=2, answers=typed(attempt, "0912 555 782", "Hai"))
    assert columns_that_hold("0912 555 782") == []


def test_reasons_that_staff_wrote_of_a_disqualified_contestant_leave_with_them(api):
    contest, device = a_running_contest(), a_device("minh")
    attempt = a_result(contest, 3, reader=an_entry(contest, device.reader).reader)
    results.disqualify(attempt.entry, by=judge(), reason="Thi hộ bạn")
    api("put", f"contests/{contest.key}/entry/objection", {"text": "Không phải"}, device=device)
    results.decide_objection(attempt.entry, by=judge("lan-publishes"), lift=False, reason="Vẫn vậy")
    assert api("delete", "me", device=device).status_code == 204
    (decision,) = attempt.entry.disqualifications.all()
    assert (decision.reason, decision.objection, decision.decision, decision.is_lifted) == ("", "", "", False)
    assert decision.decided_at


def test_what_was_typed_by_people_erased_before_words_were_is_erased_by_the_daily_job():
    contest, device = a_running_contest(a_bank_to_fill_in(), size=3), a_device("minh")
    attempt = started(round_of(contest), an_entry(contest, device.reader).reader)
    contests.submit(attempt, seq=1, answers=typed(attempt, "15", "Trần Minh 0912 555 783"))
    attempt.refresh_from_db()
    score = attempt.correct
    Entry.objects.update(reader=None)  # as 0.1.0 left them
    assert results.erase_words_left_behind() == 1
    assert columns_that_hold("0912 555 783") == []
    results.rebuild(contest)
    attempt.refresh_from_db()
    assert attempt.correct == score
    assert results.erase_words_left_behind() == 0
