"""What several web servers over one database let through together."""

import http.client
import itertools
import json
import os
import re
import secrets
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from content.request_counts.services import key_of
from tests import database_server
from tests.config import test_granian_server, test_web_server
from tests.journeys.installation import eventually
from tests.other_installations import OtherInstallation, dump_of_tables

pytestmark = pytest.mark.django_db
MOST_DEVICES, MOST_READS = 30, 50
PHONE = {"id_kind": "token", "platform": "android", "language": "vi"}


@pytest.fixture(scope="module")
def servers(django_db_setup, django_db_blocker, tmp_path_factory):
    """Three processes with HTTP of their own and the limits above, over one database."""
    with django_db_blocker.unblock():
        connection.close()
    folder = tmp_path_factory.mktemp("servers")
    tables = dump_of_tables(folder / "tables.sql")
    started = [OtherInstallation(f"limits{number}", folder, tables) for number in range(3)]
    started[0].create_database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_KEY", secrets.token_urlsafe(50))  # one installation has one
        patch.setenv("NEW_DEVICES_PER_HOUR", str(MOST_DEVICES))
        patch.setenv("READS_PER_MINUTE", str(MOST_READS))
        try:
            for each in started:
                each.database = started[0].database
                each.begin()
            yield [each.ready() for each in started]
        finally:
            for each in reversed(started):
                each.stop()


@pytest.fixture
def counted(servers, settings):
    """`counted(limit, address)`: what the servers have stored of it together in the present window."""
    settings.SECRET_KEY = os.environ["SECRET_KEY"]
    statement = "SELECT count FROM content_requestcount WHERE key = %s AND ends_at > now()"
    with database_server.connect(servers[0].database) as session:
        yield lambda limit, address: (session.execute(statement, [key_of(limit, address)]).fetchone() or (0,))[0]


ADDRESSES = (f"127.0.0.{number}" for number in range(2, 255))  # of this machine: each has its own counts


def ask(server, address, method, path, body=None):
    """(status, seconds until the next minute that the answer names) of a request from that address."""
    way = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(address, 0))
    try:
        way.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
        answer = way.getresponse()
        answer.read()
        return answer.status, int(re.search(r"t=(\d+)", answer.headers["RateLimit"])[1])
    finally:
        way.close()


def test_of_many_phones_at_once_exactly_as_many_register_as_an_hour_allows(servers, counted):
    def statuses_within_an_hour():
        """Statuses of all phones; None: the hour ended meanwhile."""
        address = next(ADDRESSES)

        def register(number):
            name = f"{address.replace('.', '-')}-{number:03}"
            phone = PHONE | {"registration_id": f"registration-of-phone-{name}-0123456789"}
            return ask(servers[number % 3], address, "PUT", f"/api/v1/devices/phone-of-counts-{name}", phone)[0]

        with ThreadPoolExecutor(12) as pool:
            statuses = Counter(pool.map(register, range(4 * MOST_DEVICES)))
        return statuses if counted("new devices", address) == 4 * MOST_DEVICES else None

    assert eventually(statuses_within_an_hour) == {201: MOST_DEVICES, 429: 3 * MOST_DEVICES}


def test_no_read_is_refused_before_the_limit_and_then_all_servers_refuse(servers, counted):
    def statuses_within_a_minute():
        """Statuses of as many reads as are allowed, in turn, and how many more pass then; None: the minute ended."""
        address, seconds = next(ADDRESSES), [61]

        def status_at(server):
            status, left = ask(server, address, "GET", "/api/v1/topics")
            seconds.append(left)
            return status

        def goes_on():
            return seconds == sorted(seconds, reverse=True)

        allowed = [status_at(server) for server in itertools.islice(itertools.cycle(servers), MOST_READS)]
        more = []
        for _round in range(2):  # a server hears the others when it tells; of those that told late, at the second
            more += [status_at(server) for server in servers]
            is_told_by = time.monotonic() + seconds[-1]
            while counted("reads", address) < MOST_READS + more.count(200):
                if not goes_on() or time.monotonic() > is_told_by:
                    return None
        for server in servers:
            while (status := status_at(server)) == 200:
                more.append(status)
        return (allowed, more.count(200)) if goes_on() else None

    allowed, more = eventually(statuses_within_a_minute, seconds=150)
    assert allowed == [200] * MOST_READS
    assert more < MOST_READS / 3, "servers that hear nothing of each other answer twice as many again"


@pytest.mark.parametrize(
    "server",
    [pytest.param(test_granian_server.a_server, id="granian"), pytest.param(test_web_server.a_server, id="gunicorn")],
)
def test_each_process_of_a_web_server_tells_what_it_counts(server, servers, counted, tmp_path):
    address = next(ADDRESSES)
    with server(tmp_path, **database_server.addresses(servers[0].database)) as started:
        eventually(lambda: ask(started, address, "GET", "/api/v1/topics") and counted("reads", address))
