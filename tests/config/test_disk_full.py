"""A server whose database has no room says so, and is well again by itself. On a small disk of its own."""

import contextlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from config.local.private_postgres import PrivatePostgres
from tests.config.test_web_server import HOST, a_server, status

DISK = "size=160m,mode=0755"  # a fresh PostgreSQL takes 60 MB


@pytest.fixture
def small_disk():
    folder = Path(tempfile.mkdtemp(prefix="luatmo-disk-"))
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        folder.rmdir()
        pytest.skip("a small disk can only be mounted by root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


@contextlib.contextmanager
def filled(disk):
    filler = disk / "filler"
    try:
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1 << 20))
        yield
    finally:
        filler.unlink()


def test_readiness_says_that_the_disk_is_full_and_recovers(small_disk, tmp_path):
    database = PrivatePostgres(small_disk, throwaway=True)
    with database.joined(), a_server(tmp_path, DATABASE_URL=database.url("postgres")) as server:

        def ready():
            answer = server.send("GET /health/ready HTTP/1.1", HOST, "Connection: close")
            return status(answer), json.loads(answer.partition("\r\n\r\n")[2])

        assert ready()[0] == 200
        with filled(small_disk):
            assert (ready()[0], ready()[1]["code"]) == (503, "storage_full")
        assert ready()[0] == 200
    assert not os.path.exists(database.data / "postmaster.pid")
