"""A reader that takes too long, too much, or does what it should not is stopped, and the reason is known."""

import os
import tempfile

import pytest
from django.utils import translation

from content.limited_process.messages import words_of_stop
from content.limited_process.parent import ONE_FILE, Limits, ReadingStopped, StopReason, results_of_reader

READERS = "tests.limited_readers"
LIMITS = Limits(cpu_seconds=60, wall_seconds=300)


def results(reader, *, limits=LIMITS, files=(), **options):
    return results_of_reader(READERS, reader, files, limits, **options)


def reason_of(reader, **given):
    with pytest.raises(ReadingStopped) as stopped:
        list(results(reader, **given))
    return stopped.value.reason


def test_a_reader_that_counts_for_ever_is_stopped():
    assert reason_of("count_for_ever", limits=Limits(cpu_seconds=1, wall_seconds=300)) is StopReason.TIME


def test_a_reader_that_waits_for_ever_is_stopped():
    assert reason_of("wait_for_ever", limits=Limits(cpu_seconds=60, wall_seconds=1)) is StopReason.TIME


def test_a_reader_that_takes_all_memory_is_stopped():
    assert reason_of("hoard", limits=Limits(cpu_seconds=60, wall_seconds=300, memory=2**28)) is StopReason.MEMORY


def test_a_result_that_is_too_long_is_not_taken():
    limits = Limits(cpu_seconds=60, wall_seconds=300, result=2**20)
    assert reason_of("say_much", limits=limits, letters=2**21) is StopReason.SIZE
    assert [len(each) for each in results("say_much", limits=limits, letters=2**19)] == [2**19]


def test_a_file_that_is_too_large_is_not_written():
    limits = Limits(cpu_seconds=60, wall_seconds=300, written=2**20)
    assert reason_of("write_much", limits=limits) is StopReason.DAMAGED
    assert list(results("write_much")) == ["written"]


@pytest.mark.parametrize("reader", ["connect", "start_another"])
def test_a_reader_reaches_no_network_and_starts_nothing(reader):
    assert reason_of(reader) is StopReason.ERROR


def test_a_reader_knows_its_files_and_options_and_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    with tempfile.TemporaryFile() as file:
        file.write(b"Lan")
        file.seek(0)
        told, contents = results("say_who_and_what", files=[file.fileno()], name="Minh")
    assert (told["options"], contents) == ({"name": "Minh"}, ["Lan"])
    assert "SECRET_KEY" not in told["environment"]


def test_whoever_wants_no_more_results_ends_the_process():
    found = results("say_who_and_what")
    pid = next(found)["pid"]
    assert os.kill(pid, 0) is None
    found.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_failure_is_told_with_its_place_and_without_a_word_of_the_text():
    found = results("fail")
    assert next(found) == "one"
    with pytest.raises(ReadingStopped, match=r"^the reader failed: RuntimeError in limited_readers.py:\d+$"):
        next(found)


def test_a_reader_that_was_stopped_leaves_room_for_the_next():
    for _ in range(3):
        found = results("talk_for_ever")
        assert next(found) == "x" * 10_000
        found.close()
    assert [len(each) for each in results("say_much", letters=3)] == [3]


@pytest.mark.parametrize("reason", StopReason)
def test_a_person_reads_why_in_vietnamese_and_what_to_do(reason):
    stopped = ReadingStopped(reason, ONE_FILE, "bad zip header")
    with translation.override("vi"):
        words = words_of_stop(stopped)
    with translation.override("en"):
        english = words_of_stop(stopped)
    assert words != english
    assert "bad zip header" not in words + english
    assert words.count(".") >= 2  # what is wrong, and what to do
