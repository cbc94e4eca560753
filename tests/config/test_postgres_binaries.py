"""Which pg_dump reads which server."""

import os

import pytest

from config.postgres_binaries import client_programs

OF_THE_WHEEL = 18


@pytest.fixture
def later_programs(tmp_path, monkeypatch):
    """Programs of PostgreSQL 99, first on PATH."""
    folder = tmp_path / "later"
    folder.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        (folder / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1'\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_programs_of_the_servers_own_version_come_before_later_ones_on_path(later_programs):
    assert client_programs(OF_THE_WHEEL) != later_programs
    assert (client_programs(OF_THE_WHEEL) / "pg_dump").is_file()


def test_later_programs_are_taken_where_the_servers_own_are_missing(later_programs):
    assert client_programs(98) == later_programs


def test_a_server_later_than_all_programs_has_none(later_programs):
    assert client_programs(100) is None


def test_a_folder_that_lacks_one_of_the_three_is_passed_over(later_programs):
    (later_programs / "pg_restore").unlink()
    assert client_programs(99) is None
