"""The PostgreSQL server of this run, for the connections, programs and other processes that tests start."""

import os
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from config.postgres_binaries import client_programs


def addresses(database=None):
    """Variables that tell another process of this database, by default that of the tests: of the pooler too, if any."""
    name = database or connection.settings_dict["NAME"]
    given = [variable for variable in ("DATABASE_URL", "DATABASE_DIRECT_URL") if variable in os.environ]
    return {variable: f"{os.environ[variable].rpartition('/')[0]}/{name}" for variable in given}


def parameters():
    """How libpq reaches the server itself, past a pooler: host, port, user and password. Nothing is connected."""
    described = settings.DATABASE_DIRECT or connection.settings_dict
    return {name: described.get(name.upper()) or None for name in ("host", "port", "user", "password")}


def connect(database="postgres"):
    """A connection past the pooler and past Django. Each statement is committed at once."""
    return psycopg.connect(**parameters(), dbname=database, autocommit=True)


def program(name):
    """The command that begins with pg_dump, pg_restore or psql of the server's version, or later, and where it is."""
    with connect() as server:
        folder = client_programs(server.info.server_version // 10_000)
    assert folder, f"{name} of the server's version is missing"
    found = {option: value for option, value in parameters().items() if value and option != "password"}
    return [str(Path(folder) / name), *(f"--{_OPTIONS[option]}={value}" for option, value in found.items())]


_OPTIONS = {"host": "host", "port": "port", "user": "username"}
