import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from config.local.private_postgres import PrivatePostgres, file_lock
from tests.journeys.browser import chromium
from tests.journeys.installation import Installation, eventually

INDEX_AGE = "from content.search.index.services import is_index_stale; print(is_index_stale())"


@pytest.fixture
def home():
    """An empty folder in which an installation can be started."""
    with a_home() as home:
        yield home


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory, tables):
    """The files of an installation after its first start: tables, staff, samples and their index. One for all workers.

    That start finds the tables made. test_stopping.py has a start that makes them.
    """
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with file_lock(base / "filled_home.lock"):
        if not (base / "filled_home").exists():
            with a_home() as home:
                if tables:
                    make_tables(home, tables)
                with running(Installation(home)) as installation:
                    eventually(lambda: installation.manage("shell", "-v0", "-c", INDEX_AGE).strip() == "False")
                    assert installation.stop() == 0, installation.said()
                half = base / "filled_home.half"
                (half / "home").mkdir(parents=True)
                copy(PrivatePostgres(home).root, half / "postgres")  # it may be outside `home`
                for file in home.iterdir():
                    if file.name not in {"serve.lock", "postgres"}:
                        copy(file, half / "home" / file.name)
                half.rename(base / "filled_home")
    return base / "filled_home"


@pytest.fixture
def installation(filled_home, home):
    """An installation in a copy of `filled_home`: a first start is slow and happens once a run, not each time."""
    with running(a_copy(filled_home, home)) as installation:
        yield installation


@pytest.fixture(scope="module")
def shared_installation(filled_home):
    """One for all tests of a file that stop nothing of it, and each of which has phones and documents of its own."""
    with a_home() as home, running(a_copy(filled_home, home)) as installation:
        yield installation


@pytest.fixture(scope="module")
def started_browser():
    """One for all tests of a file: its start costs as much as a short test."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(started_browser):
    """Without a page. What a test opens in it shares nothing with what another did, and is closed at its end."""
    yield started_browser
    for context in started_browser.contexts:
        context.close()


def a_copy(filled_home, home):
    """An installation in `home`, not yet started, that holds what `filled_home` holds."""
    for file in (filled_home / "home").iterdir():
        copy(file, home / file.name)
    root = PrivatePostgres(home).root
    root.parent.mkdir(parents=True, exist_ok=True)
    copy(filled_home / "postgres", root)
    installation = Installation(home)
    installation.first_said = installation.said()  # of its first start; the next one prints something else
    return installation


def make_tables(home, tables):
    """Run the SQL `tables` in the database of this home."""
    with PrivatePostgres(home).joined() as server:
        run = [
            server.binaries / "psql",
            "-h",
            server.run,
            "-U",
            "postgres",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            tables,
        ]
        subprocess.run([*run, "luatmo"], check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def a_home():
    """Not in pytest's folder, which another run of pytest closes to the account PostgreSQL runs as."""
    home = Path(tempfile.mkdtemp(prefix="luatmo-home-"))
    os.chmod(home, 0o711)
    try:
        yield home
    finally:
        PrivatePostgres(home).destroy()
        shutil.rmtree(home)


def copy(source, target):
    """With its owners, which shutil does not keep."""
    subprocess.run(["cp", "-a", source, target], check=True)


@contextlib.contextmanager
def running(installation):
    try:
        installation.start()
        yield installation
    finally:
        if installation.process.poll() is None:
            installation.stop()
        sys.stdout.write(installation.said()[-20_000:])  # pytest shows it if the test failed
