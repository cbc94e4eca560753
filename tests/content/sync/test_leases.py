"""Workers follow installations: none is read twice at once, and none is left when a worker is killed."""

import datetime
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from content.sync import services
from content.sync.leases import LeaseKeeper, LeaseLost, claim, claim_due, renew
from content.sync.loop import FollowingLoop
from content.sync.models import Peer
from tests.sync import two_of_staff

AGO = datetime.timedelta(minutes=1)
LONG = 30  # seconds; a fault ends a test after them


def some_peers(count, **columns):
    names = [f"so-{number}.vn" for number in range(count)]
    keys = {"keys": {"a": {}}, "state": "following", "loaded_at": timezone.now()} | columns
    return [Peer.objects.create(key=name, url=f"https://{name}", name=name, **keys) for name in names]


def test_two_workers_never_get_the_same_installation(committed):
    some_peers(12)
    got, begin = [], threading.Barrier(4)

    def work():
        begin.wait(LONG)
        try:
            while (peer := claim_due()) is not None:
                got.append(peer.key)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(LONG)
    assert len(got) == len(set(got))
    while (peer := claim_due()) is not None:  # a row that another worker held for a moment was skipped
        got.append(peer.key)
    assert sorted(got) == sorted(f"so-{number}.vn" for number in range(12))


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["new", "forked", "refused", "paused"])
def test_what_waits_for_a_person_is_claimed_by_no_worker(state):
    some_peers(1, state=state)
    assert claim_due() is None


@pytest.mark.django_db
def test_what_was_asked_to_wait_is_claimed_when_it_is_due_the_longest_due_first():
    one, two, _later = some_peers(3)
    for peer, minutes in ((one, -1), (two, -2), (_later, 5)):
        Peer.objects.filter(pk=peer.pk).update(next_try_at=timezone.now() + datetime.timedelta(minutes=minutes))
    assert [claim_due().key, claim_due().key, claim_due()] == [two.key, one.key, None]


@pytest.mark.django_db
def test_after_a_worker_was_killed_another_reads_on_and_the_first_learns_of_it():
    some_peers(1)
    killed = claim_due()
    assert claim_due() is None and claim(killed) is None
    passed = timezone.now() - AGO
    Peer.objects.update(leased_until=passed)
    killed.leased_until = passed
    other = claim_due()
    assert other is not None
    with pytest.raises(LeaseLost):
        renew(killed)
    renew(other)
    assert Peer.objects.get().lease == other.lease != killed.lease


@pytest.mark.django_db
def test_whoever_pauses_an_installation_takes_it_from_its_worker():
    some_peers(1)
    reading = claim_due()
    services.pause_peer(reading, by=two_of_staff()[0], reason="Nâng cấp")
    reading.leased_until -= datetime.timedelta(seconds=60)
    with pytest.raises(LeaseLost):
        renew(reading)


def test_a_lease_is_prolonged_while_an_answer_is_awaited_and_no_longer(committed):
    some_peers(1)
    read, seen, may_end = threading.Event(), threading.Event(), threading.Event()

    def work(peer):
        Peer.objects.filter(pk=peer.pk).update(leased_until=timezone.now() - AGO)  # the answer takes long
        read.set()
        may_end.wait(LONG)

    loop = FollowingLoop(work=work, leases=LeaseKeeper(each=datetime.timedelta(milliseconds=10)))
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        assert read.wait(LONG)
        give_up_at = time.monotonic() + LONG
        while not Peer.objects.filter(leased_until__gt=timezone.now()).exists() and time.monotonic() < give_up_at:
            seen.wait(0.01)
        assert claim_due() is None
    finally:
        loop.stop()
        may_end.set()
        thread.join(LONG)
    Peer.objects.update(leased_until=timezone.now() - AGO)
    assert claim_due() is not None


def test_the_loop_gives_each_due_installation_to_a_thread_and_survives_what_goes_wrong(committed):
    some_peers(5)
    seen, all_seen, together = [], threading.Event(), threading.Barrier(5)

    def work(peer):
        together.wait(LONG)  # all five at once: one that is slow holds back no other
        seen.append(peer.key)
        if len(seen) == 5:
            all_seen.set()
        raise ValueError("whatever it answered")

    loop = FollowingLoop(work=work)
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        assert all_seen.wait(LONG)
    finally:
        loop.stop()
        thread.join(LONG)
    assert not thread.is_alive()
    assert len(set(seen)) == 5
