import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from config.local.private_postgres import PrivatePostgres, file_lock
from tests.journeys.installation import Installation


@pytest.fixture
def home():
    """An empty folder a house can be started in."""
    with a_home() as home:
        yield home


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """What a house that was once started and stopped leaves: tables, staff and samples. One for all workers."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with file_lock(base / "furnished.lock"):
        if not (base / "furnished").exists():
            with a_home() as home, running(Installation(home)) as house:
                assert house.stop() == 0, house.said()
                half = base / "furnished.half"
                (half / "home").mkdir(parents=True)
                copy(PrivatePostgres(home).root, half / "postgres")  # it may stand outside `home`
                for file in home.iterdir():
                    if file.name not in {"serve.lock", "postgres"}:
                        copy(file, half / "home" / file.name)
                half.rename(base / "furnished")
    return base / "furnished"


@pytest.fixture
def house(furnished, home):
    """A house in a copy of the furnished home: what a first start costs is paid once a run, not by every journey."""
    for file in (furnished / "home").iterdir():
        copy(file, home / file.name)
    root = PrivatePostgres(home).root
    root.parent.mkdir(parents=True, exist_ok=True)
    copy(furnished / "postgres", root)
    house = Installation(home)
    house.first_said = house.said()  # until it starts, and so says other things
    with running(house):
        yield house


@contextlib.contextmanager
def a_home():
    """Not in pytest's folder, which another run of pytest closes to the account PostgreSQL runs as."""
    home = Path(tempfile.mkdtemp(prefix="luatmo-house-"))
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
def running(house):
    try:
        house.start()
        yield house
    finally:
        if house.process.poll() is None:
            house.stop()
