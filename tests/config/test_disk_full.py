"""A server whose database has a full disk says so, and recovers by itself. On a small disk of its own."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from django.test import Client

from config.local.private_postgres import PrivatePostgres
from content.exports import services
from tests.config.test_web_server import HOST, a_server, status
from tests.full_disk import filled
from tests.journeys.installation import eventually

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


def test_readiness_says_that_the_disk_is_full_and_recovers(small_disk, tmp_path):
    database = PrivatePostgres(small_disk, throwaway=True)
    with database.joined(), a_server(tmp_path, DATABASE_URL=database.url("postgres")) as server:

        def ready():
            answer = server.send("GET /health/ready HTTP/1.1", HOST, "Connection: close")
            return status(answer), json.loads(answer.partition("\r\n\r\n")[2])

        assert ready()[0] == 200
        with filled(small_disk):
            eventually(lambda: ready()[0] == 503)
            assert ready()[1]["code"] == "storage_full"
        eventually(lambda: ready()[0] == 200)
    assert not os.path.exists(database.data / "postmaster.pid")


def test_a_body_that_the_server_cannot_store_is_503_and_the_next_one_is_read(small_disk, tmp_path):
    head = ("PUT /api/v1/devices/a-phone HTTP/1.1", HOST, "Content-Length: 900000", "Connection: close", "")
    with a_server(tmp_path, TMPDIR=str(small_disk)) as server:
        with filled(small_disk):
            refused = server.send(*head, "a" * 900_000, end=())
            assert (status(refused), "Retry-After: 60" in refused, '"storage_full"' in refused) == (503, True, True)
        assert status(server.send(*head, "a" * 900_000, end=())) == 415  # read, and no JSON


@pytest.mark.rehearsal
def test_a_response_that_the_server_cannot_store_is_cut_and_logged_and_readiness_says_why(small_disk, tmp_path):
    database = PrivatePostgres(tmp_path, throwaway=True)
    (tmp_path / "web").mkdir()
    own = {"TMPDIR": str(small_disk), "DATABASE_URL": database.url("postgres")}
    with database.joined(), a_server(tmp_path / "web", **own) as server:
        with filled(small_disk):
            ready = server.send("GET /health/ready HTTP/1.1", HOST, "Connection: close").partition("\r\n\r\n")[2]
            assert (json.loads(ready)["status"], json.loads(ready)["uploads"]) == ("degraded", "full")
            server.send("GET /api/v1/openapi.json HTTP/1.1", HOST, "Connection: close")  # half a MB
        lines = [json.loads(line) for line in server.log.read_text().splitlines()]
        assert "A response was cut: ENOSPC" in [line["message"] for line in lines]


@pytest.mark.django_db
def test_an_export_that_finds_no_space_leaves_nothing_and_is_written_when_there_is(small_disk, settings):
    settings.EXPORTS_FOLDER = str(small_disk / "exports")
    lines = [os.urandom(100_000).hex().encode()] * 5

    def write():
        return services.write_export("2026-11-29-1", [services.ExportFile("a.jsonl.gz", "", {}, lines)], cursor="1")

    with filled(small_disk), pytest.raises(OSError, match="No space left"):
        write()
    assert list((small_disk / "exports").iterdir()) == []
    assert write()["files"][0]["lines"] == 5


@pytest.mark.django_db
def test_readiness_names_a_full_folder_of_exports_and_readers_go_on(small_disk, settings):
    settings.EXPORTS_FOLDER = str(small_disk / "exports")
    with filled(small_disk):
        ready = Client().get("/health/ready")
        assert (ready.status_code, ready.json()["status"], ready.json()["exports"]) == (200, "degraded", "full")
    assert "exports" not in Client().get("/health/ready").json()
