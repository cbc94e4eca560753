"""The local FCM server as a real process, and the real firebase-admin pointed at it by environment only."""

import firebase_admin
import pytest
from firebase_admin import credentials

from config.local.fcm_emulator.client import running_emulator


@pytest.fixture(scope="session")
def own_server(tmp_path_factory):
    with running_emulator(tmp_path_factory.mktemp("fcm-own")) as server:
        yield server


@pytest.fixture
def fcm(own_server, monkeypatch):
    """The control side of an emptied server. No Django, no database."""
    for name, value in own_server.environment.items():
        monkeypatch.setenv(name, value)
    own_server.call("POST", "reset")
    return own_server


@pytest.fixture
def make_app(fcm):
    """Apps with fresh credentials: the first call of each asks for an access token."""
    apps = []

    def make(**options):
        certificate = credentials.Certificate(fcm.environment["FIREBASE_CREDENTIALS_FILE"])
        app = firebase_admin.initialize_app(certificate, {"httpTimeout": 10, **options}, name=f"app{len(apps)}")
        apps.append(app)
        return app

    yield make
    for app in apps:
        firebase_admin.delete_app(app)


@pytest.fixture
def app(make_app):
    return make_app()
