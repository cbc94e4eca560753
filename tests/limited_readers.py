"""Readers that misbehave, for tests/content/test_limited_process.py; the process with limits runs them."""

import os
import signal
import socket
import tempfile

from content.limited_process import child


def count_for_ever(job):
    while True:
        pass
    yield


def wait_for_ever(job):
    signal.pause()
    yield


def hoard(job):
    kept = []
    while True:
        kept.append(b"x" * 2**24)
    yield


def talk_for_ever(job):
    while True:
        yield "x" * 10_000


def say_much(job):
    yield "x" * job.options["letters"]


def say_who_and_what(job):
    yield {"pid": os.getpid(), "environment": sorted(os.environ), "options": job.options}
    yield [file.read().decode() for file in job.files]


def write_much(job):
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 2**22)
    yield "written"


def connect(job):
    yield socket.create_connection(("127.0.0.1", 9)).fileno()


def start_another(job):
    yield os.system("true")


def fail(job):
    yield "one"
    raise RuntimeError("a secret of the text")


READERS = {
    reader.__name__: reader
    for reader in (
        count_for_ever, wait_for_ever, hoard, talk_for_ever, say_much, say_who_and_what, write_much, connect,
        start_another, fail,
    )
}  # fmt: skip


def main():
    child.serve(READERS)
