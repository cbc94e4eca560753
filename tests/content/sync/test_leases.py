"""Workers follow installations: none is read twice at once, and none is left when a worker is killed."""

import datetime
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from content.peer_loop.loop import FollowingLoop
from content.sync import services
from content.sync.leases import LeaseKeeper, LeaseLost, claim, claim_due, renew
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


def run_out(peer, **columns):
    """The lease of the peer ended a minute ago."""
    Peer.objects.filter(pk=peer.pk).update(leased_until=timezone.now() - AGO, **columns)


def is_leased_before_long(peer):
    """Whether somebody prolongs its lease."""
    leased, give_up_at = Peer.objects.filter(pk=peer.pk, leased_until__gt=timezone.now()), time.monotonic() + LONG
    while not leased.exists() and time.monotonic() < give_up_at:
        threading.Event().wait(0.01)
    return leased.exists()


def test_a_lease_is_prolonged_while_an_answer_is_awaited(committed):
    (peer,) = some_peers(1)
    read, may_end = threading.Event(), threading.Event()

    def work(peer):
        """The answer takes long. Not due any more, the loop itself does not claim it a second time."""
        run_out(peer, next_try_at=timezone.now() + datetime.timedelta(days=1))
        read.set()
        may_end.wait(LONG)

    loop = FollowingLoop(work=work, leases=LeaseKeeper(each=datetime.timedelta(milliseconds=10)))
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        assert read.wait(LONG)
        assert is_leased_before_long(peer)
        assert claim(peer) is None
    finally:
        loop.stop()
        may_end.set()
        thread.join(LONG)
    run_out(peer)
    assert claim(peer) is not None


def test_a_lease_is_prolonged_only_until_its_installation_was_read(committed):
    some_peers(2)
    read, awaited = claim_due(), claim_due()
    with LeaseKeeper(each=datetime.timedelta(milliseconds=10)) as leases, leases.keeping(awaited):
        with leases.keeping(read):
            run_out(read)
            assert is_leased_before_long(read)
        for _each in range(2):  # the first round may have begun before the other was read
            run_out(read)
            run_out(awaited)
            assert is_leased_before_long(awaited)
        assert claim(read) is not None
        assert claim(awaited) is None


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
