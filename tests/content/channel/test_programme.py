"""What is on the air is a pure function of time: slots first, the playlist in the gaps, never dark."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from content.channel import programme
from content.channel.programme import Airing, Booking, Clip

EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
ONE, TWO = Clip("tl-one", 60), Clip("tl-two", 30)


def at(seconds):
    return EPOCH + datetime.timedelta(seconds=seconds)


def booked(start, end, clip=ONE, **facts):
    return Booking("gio-a", at(start), at(end), clip, **facts)


def on_air(seconds, *bookings, filler=(ONE, TWO)):
    return programme.on_air(bookings, filler, EPOCH, at(seconds))


def test_a_gap_runs_the_playlist_round_and_round():
    assert on_air(0) == Airing(at(0), at(60), ONE)
    assert on_air(59) == Airing(at(0), at(60), ONE)
    assert on_air(60) == Airing(at(60), at(90), TWO)
    assert on_air(90 * 1000 + 61) == Airing(at(90 * 1000 + 60), at(90 * 1000 + 90), TWO)


def test_before_the_epoch_the_playlist_runs_too():
    assert on_air(-1) == Airing(at(-30), at(0), TWO)


def test_a_slot_takes_over_and_cuts_the_playlist():
    slot = booked(10, 50, TWO)
    assert on_air(9, slot) == Airing(at(0), at(10), ONE)
    assert on_air(10, slot) == Airing(at(10), at(40), TWO, "gio-a")


def test_a_recording_that_ends_before_its_slot_leaves_a_gap():
    assert on_air(45, booked(10, 50, TWO)) == Airing(at(0), at(60), ONE)


def test_a_recording_longer_than_its_slot_is_cut():
    assert on_air(30, booked(10, 40, ONE)) == Airing(at(10), at(40), ONE, "gio-a")


def test_a_picture_and_what_is_live_last_as_long_as_their_slot():
    assert on_air(500, booked(10, 600, TWO, is_still=True)) == Airing(at(10), at(600), TWO, "gio-a")
    assert on_air(500, booked(10, 600, None, is_live=True)) == Airing(at(10), at(600), None, "gio-a")


def test_a_slot_whose_material_is_withdrawn_is_skipped():
    assert on_air(20, booked(10, 50, None)) == Airing(at(0), at(60), ONE)


def test_an_empty_playlist_leaves_only_the_slots():
    assert on_air(0, filler=()) is None
    assert on_air(12, booked(10, 50, TWO), filler=()) == Airing(at(10), at(40), TWO, "gio-a")
    assert programme.airings([booked(10, 50, TWO)], (), EPOCH, at(0), 2) == [Airing(at(10), at(40), TWO, "gio-a")]


@st.composite
def programmes(draw):
    """Slots that do not overlap, some of them gaps, and a playlist with something to play."""
    clips = st.builds(Clip, st.sampled_from(["tl-a", "tl-b"]), st.integers(1, 90))
    edges = sorted(draw(st.sets(st.integers(0, 2000), max_size=8)))
    bookings = [
        Booking(f"gio-{start}", at(start), at(end), draw(st.none() | clips), draw(st.booleans()), draw(st.booleans()))
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    return bookings, draw(st.lists(clips, min_size=1, max_size=4))


@given(programmes(), st.integers(-500, 2500))
def test_the_channel_is_never_dark_and_every_moment_until_the_end_says_the_same(programme_of, seconds):
    bookings, filler = programme_of
    first = programme.on_air(bookings, filler, EPOCH, at(seconds))
    assert first is not None and first.starts_at <= at(seconds) < first.ends_at
    last = first.ends_at - datetime.timedelta(microseconds=1)
    assert programme.on_air(bookings, filler, EPOCH, last) == first


@given(programmes(), st.integers(0, 2000))
def test_what_comes_next_is_what_is_on_the_air_then(programme_of, seconds):
    bookings, filler = programme_of
    first, second = programme.airings(bookings, filler, EPOCH, at(seconds), 2)
    assert second.starts_at <= first.ends_at < second.ends_at
    for airing, second_of_it in ((first, seconds), (second, round((first.ends_at - EPOCH).total_seconds()))):
        assert (airing.slot, airing.clip) == played_in(bookings, filler, second_of_it)


def played_in(bookings, filler, second):
    """(slot, clip) in a second, from what was written down second by second."""
    written = {}
    for each in bookings:
        start, end = (round((moment - EPOCH).total_seconds()) for moment in (each.starts_at, each.ends_at))
        length = end - start if each.is_live or (each.clip and each.is_still) else each.clip.seconds if each.clip else 0
        written |= dict.fromkeys(range(start, min(end, start + length)), (each.key, each.clip))
    round_of_playlist = [("", clip) for clip in filler for _ in range(clip.seconds)]
    return written.get(second, round_of_playlist[second % len(round_of_playlist)])
