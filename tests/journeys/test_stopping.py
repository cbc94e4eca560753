"""SIGTERM at any moment leaves nothing running."""

import os
import signal
import sys
import time

import pytest

from config.local.private_postgres import PrivatePostgres
from tests.journeys.installation import Installation, printed_accounts

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.mark.parametrize("seconds", [0.3, 1, 2, 4])
def test_a_stop_while_it_starts_leaves_no_process(home, seconds):
    installation = Installation(home)
    installation.begin()
    time.sleep(seconds)
    code = installation.stop()
    assert code == 0 or (code == -signal.SIGTERM and installation.said() == ""), installation.said()
    assert "Traceback" not in installation.said()
    assert not PrivatePostgres(home).is_alive()
    assert installation.processes() == []


@pytest.mark.rehearsal
def test_what_a_stop_interrupted_is_done_at_the_next_start(home):
    installation = Installation(home)
    installation.begin()
    while "Preparing the database" not in installation.said():
        time.sleep(0.01)
    time.sleep(0.3)
    assert installation.stop() == 0, installation.said()
    before = installation.said()
    installation.start()
    assert printed_accounts(before + installation.said()).keys() == {"editor", "answerer", "approver"}
    assert installation.api("GET", "documents")[1]["results"]
    assert installation.stop() == 0
    assert not os.path.exists(PrivatePostgres(home).data / "postmaster.pid")
