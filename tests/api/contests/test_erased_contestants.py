"""Who deletes themselves after a contest leaves a code and a result, and changes nothing that was published."""

import pytest

from content.contest_results import services as results
from tests.api.account.test_me import columns_that_hold
from tests.builders import a_device
from tests.builders_contests import a_result, a_running_contest, an_entry, close, judge

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
