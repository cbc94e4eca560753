"""Contests of the ministry in the installation of a province, over real HTTP: announced, frozen, cancelled."""

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.contests.models import Contest, Round
from tests.sync import a_peer, catch_up, data_by_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(db, ministry):
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def test_a_contest_arrives_and_follows_its_home(ministry, following, api):
    ministry.run("contest = contests.announce(a_planned_contest(title='Thi tìm hiểu'), notify=False); None")
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
