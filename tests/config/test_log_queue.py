"""Lines of requests are written many at once, in their order, and none is lost at the end."""

import contextlib
import io
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config.log_queue import MOST_KEPT, MOST_LINES, QUEUED_LOGGER, QueueingHandler
from tests.journeys.installation import eventually

ROOT = Path(__file__).resolve().parents[2]


class Stream(io.StringIO):
    """Counts what is written at a time."""

    def __init__(self):
        super().__init__()
        self.writes = []

    def write(self, text):
        self.writes.append(text)
        return super().write(text)


class Stuck(Stream):
    """A pipe that nobody reads until the test lets it."""

    def __init__(self):
        super().__init__()
        self.is_full, self.reader = threading.Event(), threading.Event()

    def write(self, text):
        self.is_full.set()
        assert self.reader.wait(30)
        return super().write(text)


class Busy(Stream):
    """While a piece is written, others add a line, fifty times."""

    def write(self, text):
        if len(self.writes) < 50:
            add_lines(self.handler, "later")
        return super().write(text)


def a_handler(stream, *, queueing=True):
    handler = QueueingHandler(stream)
    if queueing:
        handler.begin_queueing()
    return handler


def log(handler, *messages, name=QUEUED_LOGGER, level=logging.INFO):
    for message in messages:
        handler.handle(logging.LogRecord(name, level, __file__, 1, message, None, None))


def add_lines(handler, *lines):
    for line in lines:
        handler.add(line, may_wait=True)


def test_a_line_that_is_composed_already_waits_in_its_order_with_the_others():
    stream = Stream()
    handler = a_handler(stream)
    log(handler, "a")
    add_lines(handler, "b")
    log(handler, "c")
    eventually(lambda: stream.getvalue() == "a\nb\nc\n")
    assert len(stream.writes) < 3


def test_a_line_that_is_composed_when_it_is_written_has_its_place_and_is_composed_once():
    stream, composed = Stream(), []
    handler = a_handler(stream)
    log(handler, "a")
    add_lines(handler, lambda: composed.append("b") or "b")
    log(handler, "c")
    eventually(lambda: stream.getvalue() == "a\nb\nc\n")
    assert composed == ["b"]


def run(program):
    """Run a program that logs, in a process of its own: it changes the handlers of the root logger."""
    program = "import io, logging, sys\nfrom config import log_queue\n" + program
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)


def test_a_composed_line_is_left_to_its_caller_where_there_is_no_queue():
    done = run("""
logging.basicConfig(handlers=[log_queue.QueueingHandler()], level="INFO")
print(log_queue.add_line("a"))
""")
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_a_composed_line_arrives_once_between_the_others_however_often_the_queue_was_begun():
    done = run("""
logging.basicConfig(handlers=[log_queue.QueueingHandler()], level="INFO")
log_queue.begin_queueing()
log_queue.begin_queueing()
log = logging.getLogger(log_queue.QUEUED_LOGGER)
log.info("a")
print(log_queue.add_line("b"))
log.info("c")
""")
    assert done.stdout == "True\n"
    assert done.stderr.splitlines() == ["INFO:luatmo.requests:a", "b", "INFO:luatmo.requests:c"]


def test_composed_lines_go_to_the_handlers_that_logging_has_now():
    done = run("""
for stream, line in ((sys.stdout, "a"), (sys.stderr, "b")):
    logging.basicConfig(handlers=[log_queue.QueueingHandler(stream)], level="INFO", force=True)
    log_queue.begin_queueing()
    log_queue.add_line(line)
    logging.getLogger().handlers[0].flush()
""")
    assert (done.stdout, done.stderr) == ("a\n", "b\n")


def test_a_handler_that_fails_breaks_no_answer_and_loses_no_composed_line():
    done = run("""
class Broken(io.StringIO):  # as no file is
    is_broken = True
    def write(self, text):
        if self.is_broken:
            raise RuntimeError("broken")
        return super().write(text)
stream = Broken()
logging.basicConfig(handlers=[log_queue.QueueingHandler(stream)], level="INFO")
log_queue.begin_queueing()
print(all([log_queue.add_line("a") for _ in range(log_queue.MOST_LINES)]))
stream.is_broken = False
logging.getLogger().handlers[0].flush()
print(stream.getvalue() == "a\\n" * log_queue.MOST_LINES)
""")
    assert done.stdout == "True\nTrue\n"
    assert "RuntimeError: broken" in done.stderr


def test_lines_of_requests_are_written_together_soon():
    stream = Stream()
    log(a_handler(stream), *"abc")
    eventually(lambda: stream.getvalue() == "a\nb\nc\n")
    assert len(stream.writes) < 3


def test_any_other_line_is_written_at_once_after_those_that_wait():
    stream = Stream()
    handler = a_handler(stream)
    log(handler, *"abc")
    log(handler, "other", name="luatmo.server")
    assert stream.getvalue() == "a\nb\nc\nother\n"
    log(handler, "d")
    log(handler, "slow", level=logging.WARNING)
    assert stream.getvalue().endswith("other\nd\nslow\n")


def test_what_waits_is_written_when_the_process_ends():
    done = run("""
logging.basicConfig(handlers=[log_queue.QueueingHandler()], level="INFO")
log_queue.begin_queueing()
for word in "abc":
    logging.getLogger(log_queue.QUEUED_LOGGER).info(word)
raise SystemExit
""")
    assert done.stderr.splitlines() == ["INFO:luatmo.requests:" + word for word in "abc"]


def test_no_write_is_longer_than_a_pipe_keeps_together():
    stream = Stream()
    handler = a_handler(stream)
    log(handler, *(f"{number:0100}" for number in range(200)))
    handler.flush()
    assert [line for line in stream.getvalue().splitlines()] == [f"{number:0100}" for number in range(200)]
    assert max(map(len, stream.writes)) <= 4096
    assert all(piece.endswith("\n") for piece in stream.writes)


@pytest.fixture
def full_disk(tmp_path):
    """(a stream that writes to a full disk, a function that frees space, the file that is written then)."""
    if not os.path.exists("/dev/full"):
        pytest.skip("only Linux has /dev/full")
    with open("/dev/full", "w") as stream, open(tmp_path / "log", "wb") as file:
        yield stream, lambda: os.dup2(file.fileno(), stream.fileno()), tmp_path / "log"


def test_what_a_full_disk_refused_is_written_once_when_there_is_space(full_disk):
    stream, free_space, file = full_disk
    handler = a_handler(stream)
    log(handler, *"abc")
    log(handler, "other", name="luatmo.server")
    free_space()
    eventually(lambda: file.read_text() == "a\nb\nc\nother\n")
    log(handler, "e")
    eventually(lambda: file.read_text() == "a\nb\nc\nother\ne\n")


@pytest.mark.parametrize("say", [log, add_lines])
def test_more_than_memory_should_hold_is_dropped_and_counted(full_disk, say):
    stream, free_space, file = full_disk
    handler = a_handler(stream)
    said = list(map(str, range(MOST_KEPT + 2_000)))
    say(handler, *said)
    free_space()
    handler.flush()
    *kept, last = file.read_text().splitlines()
    assert MOST_KEPT <= len(kept) < len(said)
    assert kept == said[: len(kept)]
    assert last == f"{len(said) - len(kept)} lines of the log were dropped"


def test_no_more_lines_wait_than_fit():
    stream = Stream()
    log(a_handler(stream), *map(str, range(MOST_LINES)))
    assert len(stream.getvalue().splitlines()) == MOST_LINES


def test_whoever_writes_does_not_write_what_others_add_meanwhile():
    stream = Busy()
    stream.handler = a_handler(stream)
    stream.handler.acquire()  # the thread "log" waits
    try:
        add_lines(stream.handler, "a", "b")
        stream.handler.flush()
        assert stream.getvalue() == "a\nb\n"
    finally:
        stream.handler.release()
    eventually(lambda: stream.getvalue() == "a\nb\n" + "later\n" * 50)


def test_without_a_web_server_each_line_is_written_at_once():
    stream = Stream()
    handler = a_handler(stream, queueing=False)
    log(handler, "a")
    assert stream.getvalue() == "a\n"
    log(handler, "b")
    assert stream.getvalue() == "a\nb\n"


@contextlib.contextmanager
def switching_often():
    """Threads take turns after a few instructions; else each would add all its lines in one turn."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@pytest.mark.parametrize("say", [log, add_lines])
def test_many_threads_lose_no_line_and_break_none(say):
    stream = Stream()
    handler = a_handler(stream)
    said = [[f"{thread}-{number}" for number in range(500)] for thread in range(8)]
    begun = threading.Barrier(len(said))

    def say_all(lines):
        begun.wait(30)
        say(handler, *lines)

    threads = [threading.Thread(target=say_all, args=[each]) for each in said]
    with switching_often():
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    handler.flush()
    written = stream.getvalue().splitlines()
    assert sorted(written) == sorted(line for each in said for line in each)
    for each in said:
        assert [line for line in written if line.split("-")[0] == each[0].split("-")[0]] == each


def test_a_reader_of_the_log_who_stops_loses_nothing_when_they_go_on():
    stream = Stuck()
    handler = a_handler(stream)
    log(handler, "a")
    assert stream.is_full.wait(30)  # the thread that writes waits for the reader
    writer = threading.Thread(target=log, args=(handler, *"bcd"))
    writer.start()
    stream.reader.set()
    writer.join()
    handler.flush()
    assert stream.getvalue() == "a\nb\nc\nd\n"
