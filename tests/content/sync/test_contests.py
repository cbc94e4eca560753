"""Contests of the ministry in the installation of a province, over real HTTP: announced, frozen, closed, cancelled."""

import importlib

import pytest
from django.apps import apps
from django.utils import timezone

from content.changes.models import Change
from content.changes.queries import removals
from content.contest_rules.attendance import are_contestants_expected
from content.contests.models import Contest, Entry, Round
from content.errors import RuleBroken
from content.sync import services
from content.sync.applying import apply_record
from content.sync.models import Conflict, Origin, Peer, Waiting
from notifications import fanout
from tests.builders import a_follower, land
from tests.builders_contests import a_planned_contest
from tests.sync import a_peer, catch_up, data_by_key, two_of_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(db, ministry):
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def test_a_contest_arrives_and_follows_its_home(ministry, following, api):
    ministry.run("bank = a_quiz_bank()")
    assert catch_up(following) == {"written": 1}  # the law that its questions cite
    ministry.run("contest = contests.announce(a_planned_contest(bank, title='Thi tìm hiểu'), notify=False); None")
    assert catch_up(following) == {"written": 1}
    key = ministry.run("contest.key")
    assert Round.objects.get().bank is None
    ministry.run("frozen(round_of(contest)); None")
    assert catch_up(following) == {"written": 1}
    assert api("get", f"contests/{key}/rounds/1").json()["seed_hash"]
    assert data_by_key(ministry.key)[f"contest/{key}"] == ministry.run("data_by_key()")[f"contest/{key}"]
    ministry.run("contests.cancel(contest, by=approver(), reason='Bão lớn'); None")
    assert catch_up(following) == {"written": 1}
    assert (Contest.objects.get().status, Contest.objects.get().cancel_reason) == ("cancelled", "Bão lớn")
    lines = Change.objects.filter(subject=key).order_by("pk")
    assert [line.event_type for line in lines] == ["contest.announced", "contest.round_frozen", "contest.cancelled"]
    assert all(line.facts["origin"]["home"] == ministry.key and not line.notify for line in lines)


def test_a_copy_keeps_seed_and_proof_of_a_contest_that_its_home_cancels_while_people_are_in_it(
    ministry, following, api
):
    ministry.run("contest = a_running_contest(title='Thi bị hủy')")
    catch_up(following)
    ministry.run("a_result(contest, 2); contests.cancel(contest, by=approver(), reason='Bão lớn'); None")
    catch_up(following)
    key, seed = ministry.run("[contest.key, bytes(round_of(contest).seed).hex()]")
    assert same_at_both(ministry, key)
    (round,) = Change.objects.get(subject=key, event_type="contest.cancelled").facts["rounds"]
    assert round["seed"] == seed
    path = f"contests/{key}/rounds/1/proof"
    assert api("get", f"contests/{key}/rounds/1").json()["proof_url"] == f"http://{ministry.key}/api/v1/{path}"
    assert ministry.run(f"get('{path}')['seed']") == seed


def test_an_open_round_of_a_copy_leads_people_to_its_home(ministry, following, client):
    ministry.run("contest = a_running_contest(title='Thi ở bộ')")
    catch_up(following)
    shown = client.get(f"/cuoc-thi/{ministry.run('contest.key')}").content.decode()
    assert f"Đang mở: dự thi tại {ministry.key}" in shown
    assert "hãy dự thi trong ứng dụng" not in shown
    assert not are_contestants_expected()


def same_at_both(ministry, key):
    """The copy says what its home says."""
    return data_by_key(ministry.key)[f"contest/{key}"] == ministry.run("data_by_key()")[f"contest/{key}"]


def test_each_step_of_a_contest_to_its_winner_arrives_and_nobody_is_counted_here(ministry, following, api):
    ministry.run("contest = a_running_contest(title='Thi cả năm')")
    catch_up(following)
    key = ministry.run("contest.key")
    assert same_at_both(ministry, key)
    ministry.run("entry = a_result(contest, 4).entry; close(contest); None")
    catch_up(following)
    assert same_at_both(ministry, key)
    assert Contest.objects.get(key=key).status == "closed"
    ministry.run("results.propose_results(contest, winners=[(entry.code, 'Giải nhất')], by=judge('lan-judges')); None")
    assert catch_up(following) == {}  # no line, and nothing of it is public
    assert same_at_both(ministry, key)
    ministry.run("results.publish_results(contest, by=judge(), notify=False); None")
    catch_up(following)
    assert same_at_both(ministry, key)
    assert api("get", f"contests/{key}").json()["status"] == "published"
    assert not Entry.objects.exists()
    assert ministry.run("entry.code") not in api("get", f"contests/{key}").content.decode()


def test_a_winner_is_named_at_home_only_and_after_an_erasure_nowhere(ministry, following, api, client):
    ministry.run("contest = a_contest_with_a_winner(title='Thi có giải')")
    catch_up(following)
    key = ministry.run("contest.key")
    (winner,) = api("get", f"contests/{key}").json()["winners"]
    assert (winner["code"], winner["name"]) == (ministry.run("contest.winners.get().entry.code"), None)
    page = client.get(f"/cuoc-thi/{key}").content.decode()
    assert (winner["code"] in page, "Trần Minh" in page) == (True, False)
    before = removals().count()
    ministry.run(
        "from content.contest_results.models import Winner; from notifications.devices import services as devices;"
        "devices.erase_reader(Winner.objects.get(contest=contest).entry.reader); None"
    )
    catch_up(following)
    assert same_at_both(ministry, key)
    assert Change.objects.filter(subject=key).latest("pk").facts["removes_words"] is True
    assert removals().count() == before + 1


def test_a_title_that_is_corrected_takes_its_words_out_here_too(ministry, following, api):
    ministry.run("contest = contests.announce(a_planned_contest(title='Thi của Lê Thị Kín'), notify=False); None")
    catch_up(following)
    ministry.run("contest = contests.correct(contest, by=approver(), reason='Tên riêng', title='Thi hè'); None")
    catch_up(following)
    assert "Lê Thị Kín" not in api("get", "contests").content.decode()
    assert "Lê Thị Kín" not in api("get", "changes").content.decode()


def test_followers_hear_of_a_copy_what_its_home_tells_and_nothing_of_our_clock(ministry, following, api):
    minh = a_follower("minh", land())
    Peer.objects.update(notifies=True)

    def titles():
        while fanout.read_changes():
            pass
        return [each["title"] for each in api("get", "inbox?page_size=100", device=minh).json()["results"]]

    before = len(titles())
    ministry.run("contest = contests.announce(a_planned_contest(title='Thi được báo')); None")
    catch_up(following)
    assert len(titles()) == before + 1
    catch_up(following)
    assert len(titles()) == before + 1


def test_a_record_older_than_what_we_hold_is_dropped(ministry, following):
    ministry.run("contest = contests.announce(a_planned_contest(title='Tên mới'), notify=False); None")
    catch_up(following)
    record = ministry.run("records.public_record('contest', contest.key)")
    older = record | {"record_hash": "0" * 64, "data": record["data"] | {"title": "Tên cũ"}}
    Origin.objects.filter(subject=record["key"]).update(of_change=10**9)
    assert apply_record(following, older, []).outcome == "old"
    assert Contest.objects.get().title == "Tên mới"


def test_a_contest_of_ours_with_the_same_key_stays_ours_whatever_a_person_decides(ministry, following):
    ours = a_planned_contest(title="Bản nháp của ta")
    ministry.run("contest = contests.announce(a_planned_contest(title='Thi của Bộ'), notify=False); None")
    key = ministry.run("contest.key")
    Contest.objects.filter(pk=ours.pk).update(key=key)
    assert catch_up(following) == {"conflict": 1}
    conflict = Conflict.objects.get()
    assert (conflict.kind, conflict.subject) == ("key", key)
    with pytest.raises(RuleBroken):
        services.decide_conflict(conflict, "theirs", by=two_of_staff("publisher")[0], reason="Bản của Bộ đúng")
    ours.refresh_from_db()
    assert (ours.title, ours.home, ours.status, ours.rounds.get().is_copied) == ("Bản nháp của ta", "", "draft", False)


def test_a_contest_outside_the_scope_is_never_shown(ministry, following):
    following.scope = ["bo-tu-phap"]
    following.save()
    ministry.run("contest = contests.announce(a_planned_contest(title='Thi ngoài'), notify=False); None")
    assert catch_up(following) == {"conflict": 1}
    assert Conflict.objects.get().kind == "scope" and not Contest.objects.exists()


def test_a_sample_contest_that_its_home_removes_is_shown_as_cancelled(ministry, following):
    ministry.run("contest = a_running_contest(title='Cuộc thi mẫu', is_sample=True)")
    catch_up(following)
    key = ministry.run("contest.key")
    ministry.run("contests.remove_sample_contests(reason='Chỉ để thử'); None")
    assert catch_up(following) == {"gone": 1}
    contest = Contest.objects.get(key=key)
    said = "Đã bị rút ở nơi công bố."  # of what is no longer public its home tells no words
    assert (contest.status, contest.cancel_reason, contest.home) == ("cancelled", said, ministry.key)
    assert not Waiting.objects.exists()


def test_contests_that_nobody_asked_for_are_loaded_when_somebody_does(ministry, following):
    wishes = ["document", "question", "event", "material", "plan"]
    following.objects_wanted = wishes
    following.save()
    ministry.run("contest = contests.announce(a_planned_contest(title='Thi sớm'), notify=False); None")
    catch_up(following)
    assert not Contest.objects.exists()
    ministry.export()
    services.set_peer(following, by=two_of_staff()[0], objects_wanted=[*wishes, "contest"])
    catch_up(following)
    assert Contest.objects.get(key=ministry.run("contest.key")).home == ministry.key
    assert not Change.objects.filter(notify=True).exists()


def test_who_was_followed_before_contests_came_brings_what_it_brought():
    everything = Peer.objects.create(key="a.example", url="https://a.example", name="A")
    laws = Peer.objects.create(key="b.example", url="https://b.example", name="B", objects_wanted=["document"])
    migration = importlib.import_module("content.migrations.0268_wishes_name_what_came_before_contests")
    for _once_and_again in range(2):
        migration.name_what_was_copied(apps, None)
        everything.refresh_from_db()
        laws.refresh_from_db()
        assert everything.objects_wanted == ["document", "question", "event", "material", "plan"]
        assert laws.objects_wanted == ["document"]
