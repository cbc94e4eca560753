"""SIGTERM at any moment leaves nothing running."""

import os
import signal
import sys
import time

import pytest

from config.local.private_postgres import PrivatePostgres
from tests.journeys.installation import Installation

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.mark.parametrize("seconds", [0.3, 1, 2, 4])
def test_a_stop_while_it_starts_leaves_no_process(home, seconds):
    house = Installation(home)
    house.begin()
    time.sleep(seconds)
    code = house.stop()
    assert code == 0 or (code == -signal.SIGTERM and house.said() == ""), house.said()
    assert "Traceback" not in house.said()
    assert not PrivatePostgres(home).is_alive()
    assert house.processes() == []


def test_what_a_stop_interrupted_is_done_at_the_next_start(home):
    house = Installation(home)
    house.begin()
    while "Preparing the database" not in house.said():
        time.sleep(0.01)
    time.sleep(0.3)
    assert house.stop() == 0, house.said()
    house.start()
    assert house.stop() == 0
    assert not os.path.exists(PrivatePostgres(home).data / "postmaster.pid")
