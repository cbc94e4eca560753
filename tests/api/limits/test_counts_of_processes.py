"""What several web servers over one database let through together."""

import http.client
import itertools
import json
import re
import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.journeys.installation import eventually
from tests.other_installations import OtherInstallation, dump_of_tables

pytestmark = pytest.mark.django_db
MOST_DEVICES, MOST_READS = 30, 50
PHONE = {"id_kind": "token", "platform": "android", "language": "vi"}


@pytest.fixture(scope="module")
def servers(django_db_setup, django_db_blocker, tmp_path_factory):
    """Three processes with HTTP of their own and the limits above, over one database."""
    with django_db_blocker.unblock():
        named = connection.settings_dict
        server, database = (named["HOST"], named["USER"]), named["NAME"]
        connection.close()
    folder = tmp_path_factory.mktemp("servers")
    tables = dump_of_tables(server, database, folder / "tables.sql")
    started = [OtherInstallation(f"limits{number}", folder, server, tables) for number in range(3)]
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


def ask(server, method, path, body=None):
    """(status, seconds until the next window that the answer names) of a request on a connection of its own."""
    address = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        address.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
        answer = address.getresponse()
        answer.read()
        return answer.status, int(re.search(r"t=(\d+)", answer.headers["RateLimit"])[1])
    finally:
        address.close()


def test_of_many_phones_at_once_exactly_as_many_register_as_an_hour_allows(servers):
    def register(number):
        phone = PHONE | {"registration_id": f"registration-of-phone-{number:03}-0123456789"}
        return ask(servers[number % 3], "PUT", f"/api/v1/devices/phone-of-counts-{number:03}", phone)[0]

    with ThreadPoolExecutor(12) as pool:
        statuses = Counter(pool.map(register, range(4 * MOST_DEVICES)))
    assert statuses == {201: MOST_DEVICES, 429: 3 * MOST_DEVICES}
    assert [register(number) for number in range(200, 203)] == [429] * 3


def test_no_read_is_refused_before_the_limit_and_then_all_servers_refuse(servers):
    def statuses_within_a_minute():
        """Statuses of as many reads as are allowed, in turn, and how many more each server answers; None: too late."""
        turns = itertools.islice(itertools.cycle(servers), MOST_READS)
        told = [ask(server, "GET", "/api/v1/topics") for server in turns]
        more = [how_many_more(server) for server in servers]
        seconds = [left for _status, left in told] + [left for _count, left in more]
        if seconds != sorted(seconds, reverse=True):
            return None  # a minute was over: all began anew
        return [status for status, _left in told], [count for count, _left in more]

    def how_many_more(server):
        count, (status, left) = 0, ask(server, "GET", "/api/v1/topics")
        while status == 200:
            count, (status, left) = count + 1, ask(server, "GET", "/api/v1/topics")
        return count, left

    allowed, more = eventually(statuses_within_a_minute)
    assert allowed == [200] * MOST_READS
    assert max(more) < 2 * MOST_READS / 3, "a server that hears nothing of the others answers two thirds more"
