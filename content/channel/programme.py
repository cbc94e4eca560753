"""What is on the air at a moment: a pure function of the slots, the filling playlist and time.

No clock runs anywhere: each worker, before and after a restart, gives the same answer for the same moment.
"""

import datetime
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Moment = datetime.datetime
STILL_SECONDS = 20  # for how long a picture is shown


@dataclass(frozen=True)
class Clip:
    """A material that a channel can play, and for how long."""

    key: str
    seconds: int


@dataclass(frozen=True)
class Booking:
    """A slot. Without a clip it is live, or nobody can play its material any more (`is_live` False): a gap.

    A still is shown as long as the slot lasts; a recording that ends before its slot leaves a gap.
    """

    key: str
    starts_at: Moment
    ends_at: Moment
    clip: Clip | None = None
    is_live: bool = False
    is_still: bool = False

    @property
    def covered_until(self) -> Moment:
        """The moment from which the slot has nothing to play."""
        if self.is_live or (self.clip and self.is_still):
            return self.ends_at
        length = datetime.timedelta(seconds=self.clip.seconds if self.clip else 0)
        return min(self.ends_at, self.starts_at + length)


@dataclass(frozen=True)
class Airing:
    """What is on the air from `starts_at` until before `ends_at`: a clip, or what is live in a slot.

    A clip of the filling playlist may have begun before the slot that now is over: phones join it in the middle.
    """

    starts_at: Moment
    ends_at: Moment
    clip: Clip | None
    slot: str = ""  # key; empty: the filling playlist


def on_air(bookings: Sequence[Booking], filler: Sequence[Clip], epoch: Moment, moment: Moment) -> Airing | None:
    """What is on the air at `moment`. None only in a gap that no playlist fills.

    `bookings` do not overlap; those that matter are the one at `moment` and the next after it.
    """
    covering = (each for each in bookings if each.starts_at <= moment < each.covered_until)
    if booking := next(covering, None):
        return Airing(booking.starts_at, booking.covered_until, booking.clip, booking.key)
    limit = min((each.starts_at for each in bookings if _takes_over(each, moment)), default=None)
    return _filled(filler, epoch, moment, limit)


def airings(
    bookings: Sequence[Booking], filler: Sequence[Clip], epoch: Moment, moment: Moment, count: int
) -> list[Airing]:
    """What is on the air at `moment`, and what follows: at most `count`."""
    return list(itertools.islice(_from(bookings, filler, epoch, moment), count))


def _from(bookings: Sequence[Booking], filler: Sequence[Clip], epoch: Moment, moment: Moment) -> Iterator[Airing]:
    while True:
        airing = on_air(bookings, filler, epoch, moment)
        if airing is not None:
            yield airing
            moment = airing.ends_at
            continue
        following = [each.starts_at for each in bookings if _takes_over(each, moment)]
        if not following:
            return
        moment = min(following)


def _takes_over(booking: Booking, moment: Moment) -> bool:
    """Whether the slot begins after `moment` and has something to play."""
    return booking.starts_at > moment and booking.covered_until > booking.starts_at


def _filled(filler: Sequence[Clip], epoch: Moment, moment: Moment, limit: Moment | None) -> Airing | None:
    """The clip of the playlist at `moment`: its place is the time since `epoch`, modulo the length of the playlist."""
    total = sum(clip.seconds for clip in filler)
    if not total:
        return None
    place = (moment - epoch) % datetime.timedelta(seconds=total)
    start = moment - place
    for clip in filler:
        end = start + datetime.timedelta(seconds=clip.seconds)
        if moment < end:
            return Airing(start, end if limit is None else min(end, limit), clip)
        start = end
    raise AssertionError("a place is less than the length")
