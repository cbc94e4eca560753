"""One delivery, one row or one lost session that makes trouble stops no other, and nothing is sent twice for it."""

import contextlib
import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from notifications.deliveries import services
from notifications.deliveries.models import Channel, Delivery, Gate
from notifications.devices.models import Device
from notifications.sender import Sender
from tests import database_server
from tests.builders import a_delivery, a_device
from tests.journeys.installation import eventually
from tests.notifications.test_lock_order import Other

pytestmark = pytest.mark.usefixtures("committed")
HOUR = datetime.timedelta(hours=1)


class Held:
    """A gateway whose calls return when the test lets them."""

    def __init__(self, *, released=False):
        self.release = threading.Event()
        self.calls = []
        if released:
            self.release.set()

    def send(self, payload, **target):
        self.calls.append(payload["title"])
        self.release.wait(60)
        return "projects/x/messages/1"


class OneIsSlow(Held):
    """A gateway whose first call returns when the test lets it, and every other at once."""

    def __init__(self):
        super().__init__()
        self._first = threading.Lock()

    def send(self, payload, **target):
        if self._first.acquire(blocking=False):
            return super().send(payload, **target)
        return "projects/x/messages/2"


def to_the_device(count, **columns):
    """That many messages to one phone, about one law."""
    to_it = {"target_kind": "device", "target": "", "device": Device.objects.first() or a_device()} | columns
    first = a_delivery(**to_it)
    return [first, *(a_delivery(change=first.notification.change, **to_it) for _ in range(count - 1))]


@contextlib.contextmanager
def a_running(process):
    running = threading.Thread(target=process.run)
    running.start()
    try:
        yield
    finally:
        process.stop()
        running.join()


def statuses():
    return sorted(Delivery.objects.values_list("status", "attempts"))


def all_accepted():
    return not Delivery.objects.exclude(status="accepted").exists()


@contextlib.contextmanager
def refused_by_the_database(delivery):
    """In the block the row of this delivery cannot be settled as accepted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'this row'; END $$;"
            "CREATE TRIGGER refuse BEFORE UPDATE ON notifications_delivery FOR EACH ROW "
            f"WHEN (NEW.id = {delivery.pk} AND NEW.status = 'accepted') EXECUTE FUNCTION refuse()"
        )
        try:
            yield
        finally:
            cursor.execute("DROP TRIGGER refuse ON notifications_delivery; DROP FUNCTION refuse")


def test_a_result_that_cannot_be_settled_stops_no_other():
    bad, *_others = to_the_device(9)
    gateway = Held()
    with a_running(Sender(gateway, threads=8)):
        with refused_by_the_database(bad):
            gateway.release.set()
            eventually(lambda: Delivery.objects.filter(status="accepted").count() == 8)
        eventually(all_accepted)
    assert statuses() == [("accepted", 1)] * 9
    assert len(gateway.calls) == 9


def test_a_sender_that_is_stopped_settles_the_others_and_waits_for_that_one():
    bad, *_others = to_the_device(20)
    gateway = Held()
    process = Sender(gateway, threads=8)
    assert process._start_some() == 3
    with refused_by_the_database(bad), ThreadPoolExecutor(1) as pool:
        process.stop()
        ended = pool.submit(process.run)
        gateway.release.set()
        eventually(lambda: Delivery.objects.filter(status="accepted").count() == 2)
        assert not ended.done()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE notifications_delivery DISABLE TRIGGER refuse")
    assert ended.result() is None
    assert statuses() == [("accepted", 1)] * 3 + [("queued", 0)] * 17


def test_a_delivery_that_cannot_be_prepared_stops_no_other():
    _first, bad, _third = to_the_device(3)
    Delivery.objects.filter(pk=bad.pk).update(payload=[])
    gateway = Held(released=True)
    with a_running(Sender(gateway, threads=8)):
        eventually(lambda: statuses() == [("accepted", 1), ("accepted", 1), ("queued", 1)])
    bad.refresh_from_db()
    assert bad.error == "it cannot be prepared: TypeError"
    assert bad.leased_until is None
    assert len(gateway.calls) == 2


def test_a_delivery_that_cannot_be_prepared_gives_its_call_back_to_the_gate():
    (bad,) = to_the_device(1, payload=[])
    Gate.objects.create(quota="send", closed_until=Now(), step=1, tokens=1)
    with a_running(Sender(Held(), threads=8)):
        eventually(Delivery.objects.filter(pk=bad.pk, status="queued", attempts=1).exists)
        eventually(lambda: Gate.objects.get().tokens == 1)


@contextlib.contextmanager
def session_ends_at(words):
    """The session of this thread ends just before the first statement with these words."""
    ended = []

    def end(execute, sql, parameters, many, context):
        if words in sql and not ended:
            ended.append(sql)
            with contextlib.suppress(psycopg.Error):
                context["connection"].connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(end):
        yield ended


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("lost_words", id="after the claim, before the calls"),
        pytest.param("SET status = 'accepted'", id="at the settling"),
        pytest.param("attempts = attempts + 1", id="at the claim"),
    ],
)
def test_a_session_that_ends_loses_no_lease(words):
    to_the_device(20)
    gateway = Held(released=True)
    process = Sender(gateway, threads=8)
    found = []

    def run():
        with session_ends_at(words) as ended:
            process.run()
            found.extend(ended)

    running = threading.Thread(target=run)
    running.start()
    eventually(all_accepted)
    process.stop()
    running.join()
    assert len(found) == 1
    assert statuses() == [("accepted", 1)] * 20
    assert len(gateway.calls) == 20


def test_what_another_sender_claimed_while_ours_could_not_ask_the_database_is_not_sent_twice():
    to_the_device(1)
    gateway = Held(released=True)
    process = Sender(gateway, threads=8)
    with session_ends_at("lost_words"):
        assert process._in_database(process._start_some) == 0
    Delivery.objects.update(leased_until=Now())
    (claimed,) = services.claim(1)  # by another sender
    process._start_some()
    process.stop()
    process.run()
    assert gateway.calls == []
    assert services.accept(services.Accepted(claimed, "projects/x/messages/1"))


def test_a_row_that_somebody_holds_does_not_hold_up_the_others():
    to_the_device(20)
    gateway = Held()
    process = Sender(gateway, threads=8)
    assert process._start_some() == 3
    held = Delivery.objects.filter(status="sending").first()
    with a_running(process):
        with transaction.atomic():
            Delivery.objects.select_for_update().get(pk=held.pk)
            gateway.release.set()
            eventually(lambda: statuses() == [("accepted", 1)] * 19 + [("sending", 1)])
        eventually(all_accepted)
    assert len(gateway.calls) == 20


def test_a_result_whose_row_was_deleted_by_who_held_it_is_forgotten():
    to_the_device(2)
    gateway = Held()
    process = Sender(gateway, threads=8)
    assert process._start_some() == 1
    with a_running(process), transaction.atomic():
        held = Delivery.objects.select_for_update().get(status="sending")
        gateway.release.set()
        eventually(lambda: statuses() == [("accepted", 1), ("sending", 1)])
        held.delete()
    assert statuses() == [("accepted", 1)]


def test_the_leases_of_the_others_are_renewed_while_somebody_holds_a_row():
    to_the_device(2)
    claimed = services.claim(2)
    Delivery.objects.update(leased_until=Now())
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        Delivery.objects.select_for_update().get(pk=claimed[0].pk)
        assert pool.submit(in_its_own_session, services.renew_leases, claimed).result(20) == 1
    assert [each.pk for each in Delivery.objects.filter(leased_until__gt=Now())] == [claimed[1].pk]


def in_its_own_session(function, *arguments):
    try:
        return function(*arguments)
    finally:
        connection.close()


def test_a_message_to_a_crowd_is_settled_although_nothing_can_be_claimed():
    a_delivery()
    gateway = Held()
    process = Sender(gateway, threads=8)
    assert process._start_some() == 1
    Gate.objects.create(quota="send", closed_until=Now(), is_confirmed=True)
    with a_running(process), transaction.atomic():
        Gate.objects.select_for_update().get()  # every claim waits for it
        gateway.release.set()
        eventually(all_accepted, seconds=20)


def test_a_claim_settles_a_limited_number_of_expired_deliveries_and_sends_none():
    one = a_delivery(expires_at=Now())
    copies = [Delivery.objects.get(pk=one.pk) for _ in range(600)]
    for number, each in enumerate(copies):
        each.pk, each.key = None, f"copy-{number}"
    Delivery.objects.bulk_create(copies)
    counts = []
    for _ in range(3):
        assert services.claim(5) == []
        counts.append(Delivery.objects.filter(status="expired").count())
    assert counts == [500, 601, 601]


def test_expired_deliveries_are_settled_while_the_outbox_is_too_long_to_claim_all():
    to_the_device(40)
    expired = a_delivery(expires_at=Now())
    gateway = Held()
    with a_running(Sender(gateway, threads=2)):
        try:
            eventually(Delivery.objects.filter(pk=expired.pk, status="expired").exists)
            assert Delivery.objects.filter(status="sending").count() == 2
        finally:
            gateway.release.set()


def test_a_slow_call_does_not_hold_up_the_results_of_the_others():
    to_the_device(64)
    gateway = OneIsSlow()
    with a_running(Sender(gateway, threads=8, slow_call_seconds=600, gathering_seconds=600)):
        try:
            eventually(lambda: Delivery.objects.filter(status="accepted").count() > 50)  # the last go one by one
        finally:
            gateway.release.set()
        eventually(all_accepted)


def test_a_claim_takes_what_a_dead_sender_left_before_what_is_queued_and_messages_to_a_crowd_before_others():
    later, queued = to_the_device(2)
    crowds = [a_delivery(), a_delivery()]
    left = to_the_device(2, status="sending", attempts=1, leased_until=datetime.datetime.now(datetime.UTC) - HOUR)
    expired = a_delivery(expires_at=datetime.datetime.now(datetime.UTC) - HOUR)
    held = to_the_device(1, status="sending", attempts=1, leased_until=datetime.datetime.now(datetime.UTC) + HOUR)
    Delivery.objects.filter(pk=later.pk).update(next_try_at=Now() + HOUR)
    assert [each.pk for each in services.claim(3, broadcasts=1)] == [crowds[0].pk, *(each.pk for each in left)]
    assert [each.pk for each in services.claim(9, broadcasts=0)] == [queued.pk]
    expired.refresh_from_db()
    assert (expired.status, services.claim(9)) == ("expired", [crowds[1]])
    assert Delivery.objects.get(pk=held[0].pk).attempts == 1


def test_many_are_claimed_settled_and_looked_up_in_as_few_statements_as_one(django_assert_num_queries):
    gateway = Held(released=True)
    process = Sender(gateway, threads=32)
    to_the_device(1)
    process._start_some()
    eventually(lambda: all(future.done() for future in process._under_way))
    for _law in range(8):
        to_the_device(32)
    with django_assert_num_queries(6):  # BEGIN, settle, look at the outbox, claim, COMMIT; look up
        assert process._start_some() == 32
    with a_running(process):
        eventually(all_accepted)


def test_a_sender_that_settles_while_another_claims_makes_no_deadlock():
    """FCM refused our configuration and its quota, and both end: each sender writes both rows."""
    to_the_device(2)
    gateway = Held(released=True)
    process = Sender(gateway, threads=8)
    services.mark_channel_broken("403")
    Channel.objects.update(next_trial_at=Now() - HOUR)
    assert process._start_some() == 1
    eventually(lambda: all(future.done() for future in process._under_way))
    Channel.objects.update(next_trial_at=Now() - HOUR)
    Gate.objects.create(quota="send", closed_until=Now(), step_started_at=Now(), tokens=1)
    with transaction.atomic():
        Gate.objects.select_for_update().get()  # as the claim of another sender
        settling = Other(process._start_some)
        settling.waits_for_us_or_is_done()
        services.claim(1)
    assert settling.ended() is None
    with a_running(process):
        Delivery.objects.update(leased_until=Now())
        Gate.objects.update(closed_until=None)
        eventually(all_accepted)


def test_a_success_of_before_the_channel_broke_does_not_say_that_it_works():
    to_the_device(1)
    gateway = Held()
    process = Sender(gateway, threads=8)
    assert process._start_some() == 1
    services.mark_channel_broken("403")
    gateway.release.set()
    with a_running(process):
        eventually(all_accepted)
    assert Channel.objects.get().broken_since is not None


@contextlib.contextmanager
def database_that_lets_nobody_in():
    """In the block no session begins, and those of before have ended, all but the test's.

    Behind PgBouncer the test's session ends too. PgBouncer would give it to the sender.
    """
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor, database_server.connect() as server:
        cursor.execute("SELECT pg_backend_pid()")
        kept = 0 if settings.DATABASE_DIRECT else cursor.fetchone()[0]
        server.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        try:
            sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
            server.execute(sessions, [name, kept])
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


def test_a_sender_that_is_stopped_while_the_database_is_away_settles_when_it_is_back(caplog):
    to_the_device(20)
    gateway = Held()
    process = Sender(gateway, threads=8)
    assert process._start_some() == 3
    with ThreadPoolExecutor(1) as pool:
        with database_that_lets_nobody_in():
            process.stop()
            ended = pool.submit(process.run)
            gateway.release.set()
            eventually(lambda: "cannot be settled" in caplog.text)
        assert ended.result() is None
    assert statuses() == [("accepted", 1)] * 3 + [("queued", 0)] * 17
