import os

import pytest

from config.database import PrivatePostgres
from tests.journeys.house import House


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    for folder in [home, *list(home.parents)[:3]]:
        os.chmod(folder, 0o711 if folder == home else folder.stat().st_mode | 0o011)
    yield home
    PrivatePostgres(home).destroy()  # it may stand outside `home`


@pytest.fixture
def house(home):
    house = House(home)
    house.start()
    yield house
    if house.process.poll() is None:
        house.stop()
