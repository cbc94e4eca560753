"""The wait for connections: who can do what it would does it, and who rests is not asked."""

import copy
import fcntl
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waitress import trigger, wasyncore

from config.event_loop.loop import EventLoop


class Channel(wasyncore.dispatcher):
    """One end of a connection; `peer` is the other. It says what it would, and notes what it was let do."""

    def __init__(self, loop, pair=None):
        ours, self.peer = pair or socket.socketpair()
        self.reads, self.writes, self.rests = True, False, False
        self.has_news = self.is_left = False
        self.asked, self.done = 0, []
        super().__init__(ours, map=loop)
        self.connected = True

    def is_at_rest(self):
        return self.rests

    def readable(self):
        self.asked += 1
        return self.reads

    def writable(self):
        return self.writes

    def handle_read(self):
        self.done.append("read")
        self.rests = self.has_news = False
        if self.recv(1_000) and self.is_left:
            self.recv(1_000)  # the end, after the bytes

    def handle_write(self):
        self.done.append("write")

    def handle_close(self):
        self.done.append("close")
        self.close()


@pytest.fixture
def loop():
    loop = EventLoop()
    yield loop
    for channel in list(loop.values()):
        channel.close()


@pytest.fixture
def channel(loop):
    channel = Channel(loop)
    with channel.peer:
        yield channel


def what_was_done(loop, channel):
    channel.done.clear()
    loop.turn(seconds=0)
    return list(channel.done)


def test_a_channel_that_rests_is_asked_again_only_after_it_read(loop, channel):
    channel.rests = True
    for _ in range(3):
        assert what_was_done(loop, channel) == []
    assert channel.asked == 1
    channel.peer.send(b"x")
    assert what_was_done(loop, channel) == ["read"]
    assert channel.asked == 1
    assert what_was_done(loop, channel) == what_was_done(loop, channel) == []
    assert channel.asked == 3  # it rests no more


def test_what_a_thread_changes_is_seen_when_it_wakes_the_loop(loop, channel):
    waker = trigger.trigger(loop)
    loop.turn(seconds=0)

    def change():
        channel.writes = True
        waker.pull_trigger()

    thread = threading.Thread(target=change)
    thread.start()
    loop.turn(seconds=30)
    thread.join()
    assert what_was_done(loop, channel) == ["write"]
    waker.close()


def test_a_channel_that_would_do_nothing_is_not_woken_by_who_hangs_up_until_it_would_read(loop, channel):
    channel.reads = False
    loop.turn(seconds=0)
    channel.peer.close()
    assert what_was_done(loop, channel) == []
    channel.reads = True
    assert what_was_done(loop, channel) == ["read", "close"]
    assert len(loop) == 0


def test_who_is_removed_during_a_turn_is_let_do_nothing_nor_is_who_gets_its_number(loop):
    both = [Channel(loop), Channel(loop)]
    came = []

    def remove_the_other():
        (other,) = (each for each in both if not each.done)
        number, (ours, peer) = other.socket.fileno(), socket.socketpair()
        other.close()
        same_number = socket.socket(fileno=fcntl.fcntl(ours, fcntl.F_DUPFD, number))
        assert same_number.fileno() == number
        came.append(Channel(loop, (same_number, peer)))
        ours.close()

    for each in both:
        each.handle_read = lambda each=each: (each.done.append("read"), remove_the_other())
        each.peer.send(b"x")
    loop.turn(seconds=0)
    assert sorted(each.done for each in both) == [[], ["read"]]
    assert came[0].done == []
    for each in (*both, *came):
        each.peer.close()


def test_who_takes_the_place_of_another_is_let_do_what_it_would(loop, channel):
    loop.turn(seconds=0)
    successor = loop[channel.socket.fileno()] = copy.copy(channel)
    successor.done = []
    channel.peer.send(b"x")
    assert what_was_done(loop, successor) == ["read"]
    assert channel.done == []


def test_a_thread_may_remove_channels_while_the_loop_turns(loop):
    channels = [Channel(loop) for _ in range(200)]
    ends = threading.Event()

    def turn():
        while not ends.is_set():
            loop.turn(seconds=0.001)

    thread = threading.Thread(target=turn)
    thread.start()
    for each in channels:
        each.peer.send(b"x")
        each.close()
        each.peer.close()
    last = Channel(loop)
    last.handle_read = ends.set
    last.peer.send(b"x")
    thread.join(30)
    assert ends.is_set() and list(loop.values()) == [last]
    last.peer.close()


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["reads", "writes", "rests", "send", "hang up", "remove"])),
    max_size=30,
)


def do(step, channel):
    if channel.socket is None:
        return
    if step == "send" and not channel.is_left:
        channel.peer.send(b"x")
        channel.has_news = True
    elif step == "hang up":
        channel.peer.close()
        channel.has_news = channel.is_left = True
    elif step == "remove":
        channel.close()
    elif step == "rests":
        channel.rests, channel.reads, channel.writes = True, True, False
    elif step in ("reads", "writes") and not channel.rests:
        setattr(channel, step, not getattr(channel, step))


def what_it_would_and_can(channel):
    if channel.socket is None:
        return set()
    reads = channel.reads and channel.has_news
    return {
        name for name, can in (("read", reads), ("write", channel.writes), ("close", reads and channel.is_left)) if can
    }


@given(STEPS)
def test_after_any_steps_a_turn_lets_each_channel_do_what_it_would_and_can(steps):
    loop = EventLoop()
    channels = [Channel(loop) for _ in range(3)]
    for place, step in steps:
        do(step, channels[place])
        expected = [what_it_would_and_can(each) for each in channels]
        for each in channels:
            each.done.clear()
        loop.turn(seconds=0)
        assert [set(each.done) for each in channels] == expected
    for each in channels:
        each.peer.close()
        each.close()
