import os
import subprocess
from pathlib import Path

import pytest

from config.database import PrivatePostgres, locked
from tests.journeys.house import House

LEFT_BEHIND = {"serve.lock", "up.log"}


@pytest.fixture
def home(tmp_path):
    """An empty folder a house can be started in."""
    yield a_home(tmp_path)
    PrivatePostgres(tmp_path / "home").destroy()  # it may stand outside `home`


@pytest.fixture
def new_house(home):
    """A house at its very first start."""
    yield from running(House(home))


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    """A home in which a house was once started and stopped: tables made, staff and specimens in. One for all."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with locked(base / "furnished.lock"):
        if not (base / "furnished" / "done").exists():
            for house in running(House(a_home(base / "furnished"))):
                assert house.stop() == 0, house.said()
            (base / "furnished" / "done").touch()
    return base / "furnished" / "home"


@pytest.fixture
def house(furnished, home):
    """A house in a copy of the furnished home: what a first start costs is paid once a run, not by every journey."""
    for file in furnished.iterdir():
        if file.name not in LEFT_BEHIND:
            copy(file, home / file.name)
    theirs, ours = PrivatePostgres(furnished), PrivatePostgres(home)
    if not ours.data.exists():  # the database had to go elsewhere
        ours.root.parent.mkdir(parents=True, exist_ok=True)
        copy(theirs.root, ours.root)
    house = House(home)
    house.first_said = (furnished / "up.log").read_text()
    yield from running(house)


def a_home(folder):
    """`folder`/home, where the account PostgreSQL runs as gets in."""
    home = folder / "home"
    home.mkdir(parents=True)
    for above in [home, *list(home.parents)[:3]]:
        os.chmod(above, 0o711 if above == home else above.stat().st_mode | 0o011)
    return home


def copy(source: Path, target: Path):
    """With its owners, which shutil does not keep."""
    subprocess.run(["cp", "-a", source, target], check=True)


def running(house):
    try:
        house.start()
        yield house
    finally:
        if house.process.poll() is None:
            house.stop()
