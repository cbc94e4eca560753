"""How public changes are heard when the server of the database fails."""

import contextlib
import socket
import threading

import pytest
from django.db import connection

from api.reads.listener import ChangeListener
from tests import database_server
from tests.journeys.installation import eventually

pytestmark = pytest.mark.django_db


def test_a_server_that_takes_connections_and_says_nothing_is_given_up_and_asked_again(settings):
    """As one that is frozen, or a proxy before it. By itself libpq waits 130 seconds."""
    place = {name.upper(): value for name, value in database_server.parameters().items()}
    place |= {"NAME": connection.settings_dict["NAME"]}
    connected = threading.Event()
    listener = ChangeListener(changed=lambda: None, connected=connected.set)
    with socket.create_server(("127.0.0.1", 0)) as silent, contextlib.ExitStack() as stack:
        silent.settimeout(60)
        settings.DATABASE_DIRECT = place | {"HOST": "127.0.0.1", "PORT": silent.getsockname()[1]}
        listener.start()
        for _ in range(2):
            stack.enter_context(silent.accept()[0])
        assert not listener.is_listening()
        settings.DATABASE_DIRECT = place
    eventually(connected.is_set)
    eventually(listener.is_listening)
    listener.stop()
