import json
import os

import pytest
from django.db import connection
from rest_framework.test import APIClient

from notifications.push.emulator.client import running
from notifications.push.firebase import FirebaseGateway


@pytest.fixture
def api():
    """Ask the API as anybody, or as a device: `api("get", path, device=…)`; paths are under /api/v1."""

    def ask(method, path, body=None, *, device=None, **headers):
        if device:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {device.secret}"
        arguments = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        path = path if path.startswith("http") else f"/api/v1/{path}"
        return getattr(APIClient(), method)(path, **arguments, **headers)

    return ask


@pytest.fixture(scope="session")
def fcm_server(tmp_path_factory):
    """One local FCM server for the run; environment variables point this process at it."""
    with running(tmp_path_factory.mktemp("fcm")) as server:
        before = dict(os.environ)
        os.environ.update(server.environment)
        yield server
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def fcm(fcm_server):
    """The local FCM server, emptied."""
    fcm_server.call("POST", "reset")
    fcm_server.call("DELETE", "log")
    return fcm_server


@pytest.fixture
def gateway(fcm):
    gateway = FirebaseGateway(fcm.environment["FIREBASE_CREDENTIALS_FILE"])
    yield gateway
    gateway.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit empty all tables afterwards; the audit refuses that, so here its trigger rests."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE content_auditrow DISABLE TRIGGER audit_is_not_emptied")


@pytest.fixture
def committed(django_db_serialized_rollback, transactional_db):
    """For tests that really commit. Each begins with what migrations entered, and ends with the tables emptied."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")  # unmanaged tables are not emptied by Django
