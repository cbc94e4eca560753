"""Of the threads that follow other installations few work with the database at once, in the order in which they ask."""

import threading

import pytest

from content.peer_client.seats import Seats
from tests.journeys.installation import eventually

LONG = 30  # seconds; a fault ends a test after them
pytestmark = pytest.mark.django_db


class Followers:
    """Threads that each ask, then work until they may end."""

    def __init__(self, seats, count):
        self.at_work, self.may_end = [], [threading.Event() for _each in range(count)]
        self._seats = seats
        self._threads = [threading.Thread(target=self._follow, args=[number]) for number in range(count)]

    def _follow(self, number):
        with self._seats.turn():
            with self._seats.away():
                pass  # the answer came
            self.at_work.append(number)
            self.may_end[number].wait(LONG)

    def begin(self, number):
        self._threads[number].start()

    def end(self):
        for each in self.may_end:
            each.set()
        for each in self._threads:
            each.join(LONG)


def waiting(seats):
    return len(seats._queue)


def test_no_more_work_at_once_than_there_are_seats_and_who_waited_longest_comes_next():
    seats = Seats(2)
    followers = Followers(seats, 5)
    for number in range(5):
        followers.begin(number)
        eventually(lambda: len(followers.at_work) + waiting(seats) == number + 1)  # noqa: B023 (called at once)
    assert (followers.at_work, waiting(seats)) == ([0, 1], 3)
    followers.may_end[1].set()
    eventually(lambda: followers.at_work == [0, 1, 2])
    followers.end()
    assert followers.at_work == [0, 1, 2, 3, 4]


def test_who_waits_for_an_answer_holds_no_seat_and_an_error_gives_it_back():
    seats = Seats(1)
    with pytest.raises(ZeroDivisionError), seats.turn():
        with seats.away():
            pass
        with seats.away():
            other = Followers(seats, 1)
            other.begin(0)
            eventually(lambda: other.at_work == [0])
            other.end()
        raise ZeroDivisionError
    last = Followers(seats, 1)
    last.begin(0)
    eventually(lambda: last.at_work == [0])
    last.end()


def test_who_follows_nothing_needs_no_seat():
    seats = Seats(1)
    busy = Followers(seats, 1)
    busy.begin(0)
    eventually(lambda: busy.at_work == [0])
    with seats.away():  # a page of the staff site, say
        pass
    busy.end()
