"""pytest plugin: a throw-away PostgreSQL for this run unless DATABASE_URL names one. It loads before the settings."""

import os
import tempfile

import pytest

from config.local.private_postgres import PrivatePostgres


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    for name in (
        "READS_PER_MINUTE",
        "FILE_PARTS_PER_MINUTE",
        "LOGINS_PER_MINUTE",
        "BULK_PER_MINUTE",
        "CITATIONS_PER_MINUTE",
        "SIMILAR_SEARCHES_PER_MINUTE",
        "WRITES_PER_MINUTE",
        "ATTEMPT_WRITES_PER_MINUTE",
        "CERTIFICATES_PER_MINUTE",
        "ADDRESS_QUESTIONS_PER_HOUR",
    ):
        os.environ.setdefault(name, "1000000")  # all tests share one address and one process
    os.environ.setdefault("LONG_POLLING_SLOTS", "0")  # nothing is worth waiting for in a test
    if "DATABASE_URL" not in os.environ:  # parallel workers inherit it
        folder = tempfile.mkdtemp(prefix="luatmo-pg-")
        os.chmod(folder, 0o711)
        server = PrivatePostgres(folder, throwaway=True)
        server.join()
        os.environ["DATABASE_URL"] = server.url("postgres")
        os.environ["DATABASE_URL_OF_TABLES"] = server.url("tables")
        early_config.add_cleanup(lambda: (server.destroy(), os.rmdir(folder)))
    return (yield)
