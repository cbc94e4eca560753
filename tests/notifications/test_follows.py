"""Which FCM topics the follows of a reader ask for, and that FCM gets them."""

import contextlib
import datetime
import itertools
import threading

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from content.changes.services import defer_job
from content.errors import RuleBroken
from content.people.models import Reader
from content.topics.models import Topic
from notifications.devices.models import Device
from notifications.follows import services
from notifications.follows.models import UNSETTLED, FcmSubscription, Follow
from notifications.follows.reconciliation import (
    BATCH_SIZE,
    CALLS_PER_SECOND,
    THREADS,
    _claim_due,
    pause_seconds,
    reconcile_subscriptions,
)
from tests.builders import a_device, a_follower, justice, land, registration_of

EVERY_KIND = len(Follow.KINDS["topic"])
EVERY_CODE = ("moi", "sd", "hl", "hd", "sk", "ct", "tl")
MINUTE = datetime.timedelta(minutes=1)


def desired(device):
    return set(device.subscriptions.filter(desired=True).values_list("fcm_topic", flat=True))


@pytest.mark.django_db
def test_following_a_subject_is_following_all_under_it_in_every_kind():
    minh = a_follower("minh", land())
    topics = [land(), *land().children.all()]
    assert desired(minh) == {f"local.lv.{t.pk}.{kind}.vi" for t in topics for kind in EVERY_CODE}


@pytest.mark.django_db
def test_the_same_again_asks_the_database_once_and_queues_no_job(django_assert_num_queries):
    topic = land()
    minh = a_follower("minh", topic)
    jobs = "SELECT count(*) FROM procrastinate_jobs"
    with connection.cursor() as cursor:
        before = cursor.execute(jobs).fetchone()
        with django_assert_num_queries(1):
            follow, created = services.follow(minh.reader, topic)
        assert (follow.target, created) == (topic, False)
        assert cursor.execute(jobs).fetchone() == before


@pytest.mark.django_db
def test_other_kinds_of_the_same_target_change_the_follow_and_its_topics():
    minh = a_follower("minh", land())
    follow, created = services.follow(minh.reader, land(), kinds=["new"])
    assert (created, follow.kinds, Follow.objects.count()) == (False, ["new"], 1)
    assert {name.split(".")[-2] for name in desired(minh)} == {"moi"}


def turns(device):
    return dict(device.subscriptions.order_by("turn_at", "fcm_topic").values_list("fcm_topic", "turn_at"))


@pytest.mark.django_db
def test_another_follow_adds_its_topics_and_leaves_those_of_before_in_their_turns():
    heading = land().children.first()
    minh = a_follower("minh", heading)
    before = turns(minh)
    services.follow(minh.reader, land())
    after = turns(minh)
    assert {name: after[name] for name in before} == before
    new = [after[name] for name in after if name not in before]
    assert min(new) == max(before.values()) + services.TURN_INTERVAL
    assert {later - earlier for earlier, later in itertools.pairwise(sorted(new))} == {services.TURN_INTERVAL}
    assert desired(minh) == set(after)


@pytest.mark.django_db
def test_every_phone_of_a_reader_gets_the_topics_of_a_new_follow_in_its_language():
    minh = a_device()
    second = a_device("second", language="en")
    Device.objects.filter(pk=second.pk).update(reader=minh.reader)
    unreachable = a_device("third")
    Device.objects.filter(pk=unreachable.pk).update(reader=minh.reader, registration_id=None)
    heading = land().children.first()
    services.follow(minh.reader, heading, kinds=["new"])
    assert (desired(minh), desired(second), desired(unreachable)) == (
        {f"local.lv.{heading.pk}.moi.vi"}, {f"local.lv.{heading.pk}.moi.en"}, set(),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_new_follow_asks_for_what_all_follows_ask_for_and_for_nothing_twice():
    minh = a_device()
    second = a_device("second", language="en")
    Device.objects.filter(pk=second.pk).update(reader=minh.reader)
    heading = land().children.first()
    for target in (heading, justice(), land()):  # the last asks for the topics of the first again
        services.follow(minh.reader, target)
        assert not services.has_wrong_subscriptions(minh.reader)
    turns = [each.turn_at for each in minh.subscriptions.order_by("turn_at")]
    assert {later - earlier for earlier, later in itertools.pairwise(turns)} == {services.TURN_INTERVAL}
    assert min(turns) == minh.subscriptions.get(fcm_topic=f"local.lv.{heading.pk}.ct.vi").turn_at


@pytest.mark.django_db
def test_the_job_that_a_follow_queues_is_the_one_that_all_others_queue():
    columns = "queue_name, task_name, priority, lock, queueing_lock, args, status, scheduled_at, attempts"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        services.follow(a_device().reader, land())
        defer_job(services.RECONCILE_TASK)
        of_follow, of_all = cursor.execute(f"SELECT {columns} FROM procrastinate_jobs ORDER BY id").fetchall()
    assert of_follow == of_all


@pytest.mark.django_db
def test_who_has_no_phone_that_fcm_can_reach_follows_and_queues_no_job():
    minh = a_device()
    Device.objects.filter(pk=minh.pk).update(registration_id=None)
    with connection.cursor() as cursor:
        jobs = "SELECT count(*) FROM procrastinate_jobs"
        before = cursor.execute(jobs).fetchone()
        _follow, created = services.follow(minh.reader, land())
        assert cursor.execute(jobs).fetchone() == before
    assert (created, minh.reader.follows.count(), FcmSubscription.objects.count()) == (True, 1, 0)


@pytest.mark.django_db
def test_topics_that_nothing_asks_for_any_more_take_nobodys_place():
    minh = a_device()
    FcmSubscription.objects.create(device=minh, fcm_topic="local.sk.1.sk.vi", desired=True, next_try_at=Now())
    services.MAX_SUBSCRIPTIONS, most = EVERY_KIND, services.MAX_SUBSCRIPTIONS
    try:
        heading = land().children.first()
        services.follow(minh.reader, heading)
    finally:
        services.MAX_SUBSCRIPTIONS = most
    assert desired(minh) == {f"local.lv.{heading.pk}.{kind}.vi" for kind in EVERY_CODE}


@pytest.mark.usefixtures("committed")
def test_two_follows_of_one_thing_at_once_are_one_with_the_kinds_of_either():
    for round_ in range(6):
        minh = a_device(f"minh-{round_}")
        at_once(
            lambda minh=minh: services.follow(minh.reader, land(), kinds=["new"]),
            lambda minh=minh: services.follow(minh.reader, land(), kinds=["amended"]),
        )
        (follow,) = minh.reader.follows.all()
        assert follow.kinds in (["new"], ["amended"])
        code = {"new": "moi", "amended": "sd"}[follow.kinds[0]]
        assert {name.split(".")[-2] for name in desired(minh)} == {code}


@pytest.mark.django_db
def test_only_the_kinds_asked_for_and_only_the_heading():
    minh = a_device()
    heading = land().children.first()
    services.follow(minh.reader, heading, kinds=["new"])
    assert desired(minh) == {f"local.lv.{heading.pk}.moi.vi"}


@pytest.mark.django_db
def test_what_two_follows_share_stays_when_one_ends():
    minh = a_device()
    heading = land().children.first()
    services.follow(minh.reader, land())
    services.follow(minh.reader, heading)
    services.unfollow(minh.reader, land())
    assert desired(minh) == {f"local.lv.{heading.pk}.{kind}.vi" for kind in EVERY_CODE}


@pytest.mark.django_db
def test_300_follows_and_1900_subscriptions_are_the_most():
    minh, hoa = a_device(), a_device("hoa")
    headings = Topic.objects.filter(parent__isnull=False)
    subjects = Topic.objects.filter(parent=None)[: 299 - headings.count()]
    Follow.objects.bulk_create(
        Follow(reader=minh.reader, topic=topic, kinds=["new"]) for topic in [*headings, *subjects]
    )
    services.follow(minh.reader, Topic.objects.get(number="44", parent=None), kinds=["new"])
    with pytest.raises(RuleBroken) as refusal:
        services.follow(minh.reader, Topic.objects.get(number="45"), kinds=["new"])
    assert refusal.value.code == "too_many_follows"
    assert minh.reader.follows.count() == 300
    services.MAX_SUBSCRIPTIONS, most = 5, services.MAX_SUBSCRIPTIONS
    try:
        with pytest.raises(RuleBroken) as refusal:
            services.follow(hoa.reader, land())
    finally:
        services.MAX_SUBSCRIPTIONS = most
    assert (refusal.value.code, hoa.reader.follows.count(), desired(hoa)) == ("too_many_subscriptions", 0, set())


@pytest.mark.usefixtures("committed")
def test_fcm_is_told_who_follows_what_and_who_no_longer_does(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_follower("minh", land())
    assert reconcile_subscriptions(gateway) == len(desired(minh))
    assert set(fcm.phone(registration_of("minh"))["topics"]) == desired(minh)
    assert reconcile_subscriptions(gateway) == 0
    services.unfollow(minh.reader, land())
    reconcile_subscriptions(gateway)
    assert fcm.phone(registration_of("minh"))["topics"] == []


@pytest.mark.usefixtures("committed")
def test_another_language_is_other_topics(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_follower("minh", land().children.first())
    reconcile_subscriptions(gateway)
    services.register_device(
        minh.installation_key,
        caller=minh,
        registration_id=registration_of("minh"),
        id_kind="token",
        platform="android",
        app_version="1.1",
        language="en",
    )
    reconcile_subscriptions(gateway)
    topics = fcm.phone(registration_of("minh"))["topics"]
    assert (len(topics), {topic.rpartition(".")[2] for topic in topics}) == (EVERY_KIND, {"en"})


@pytest.mark.usefixtures("committed")
def test_a_registration_that_appears_under_another_reader_moves_and_leaves_the_old_topics(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_follower("minh", land())
    reconcile_subscriptions(gateway)
    hoa = a_follower("hoa", justice(), registration_id=registration_of("minh"))
    reconcile_subscriptions(gateway)
    minh.refresh_from_db()
    assert minh.registration_id is None
    assert set(fcm.phone(registration_of("minh"))["topics"]) == desired(hoa)
    assert not minh.subscriptions.filter(actual=True).exists()


@pytest.mark.usefixtures("committed")
def test_a_new_registration_of_the_same_device_is_subscribed_anew(fcm, gateway):
    fcm.call("POST", "devices", [{"token": registration_of("minh")}, {"token": "registration-two"}])
    minh = a_follower("minh", land())
    reconcile_subscriptions(gateway)
    services.register_device(
        minh.installation_key,
        caller=minh,
        registration_id="registration-two",
        id_kind="token",
        platform="android",
        app_version="1.0",
        language="vi",
    )
    reconcile_subscriptions(gateway)
    assert set(fcm.phone("registration-two")["topics"]) == desired(minh)


@pytest.mark.usefixtures("committed")
def test_a_registration_that_fcm_does_not_know_is_marked_dead(gateway):
    minh = a_follower("minh", land())
    reconcile_subscriptions(gateway)
    minh.refresh_from_db()
    assert (minh.registration_id, minh.dead_at is not None) == (None, True)


@pytest.mark.usefixtures("committed")
def test_an_outage_puts_it_off_and_forgets_nothing(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_follower("minh", land().children.first())
    fcm.call("POST", "faults", {"op": "topic", "kind": "NOT_FOUND_PLAIN", "times": EVERY_KIND})
    assert reconcile_subscriptions(gateway) == 0
    minh.refresh_from_db()
    assert minh.dead_at is None  # a bare 404 is a fault on the way, not a dead device
    assert {row.attempts for row in minh.subscriptions.all()} == {1}
    FcmSubscription.objects.update(next_try_at=minh.registered_at)
    assert reconcile_subscriptions(gateway) == EVERY_KIND


@pytest.mark.usefixtures("committed")
def test_a_forgotten_device_is_taken_off_its_topics_and_then_deleted(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh, hoa = a_follower("minh", land()), a_device("hoa")
    reconcile_subscriptions(gateway)
    services.forget_device(minh)
    assert services.delete_forgotten_devices() == 0  # FCM has not unsubscribed it yet
    reconcile_subscriptions(gateway)
    assert fcm.phone(registration_of("minh"))["topics"] == []
    assert services.delete_forgotten_devices() == 1
    assert list(Device.objects.all()) == [hoa]
    assert list(Reader.objects.all()) == [hoa.reader]


def slowly(fcm, **fault):
    """FCM answers the next topic call late, so that something else happens meanwhile."""
    fcm.call("POST", "faults", {"op": "topic", "kind": "slow", "times": 3, "delay": 1} | fault)


def reconciling(gateway):
    thread = threading.Thread(target=lambda: (reconcile_subscriptions(gateway), connection.close()))
    thread.start()
    while not FcmSubscription.objects.filter(claimed_until__isnull=False).exists():
        pass
    return thread


@pytest.mark.usefixtures("committed")
def test_a_registration_replaced_while_fcm_is_told_is_subscribed_anew(fcm, gateway):
    fcm.call("POST", "devices", [{"token": registration_of("minh")}, {"token": "registration-two"}])
    minh = a_follower("minh", land().children.first())
    slowly(fcm)
    thread = reconciling(gateway)
    columns = {"id_kind": "token", "platform": "android", "app_version": "1.0", "language": "vi"}
    services.register_device(minh.installation_key, caller=minh, registration_id="registration-two", **columns)
    thread.join()
    reconcile_subscriptions(gateway)
    assert set(fcm.phone("registration-two")["topics"]) == desired(minh)


@pytest.mark.usefixtures("committed")
def test_a_registration_taken_while_fcm_is_told_leaves_the_former_readers_topics(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    a_follower("minh", land().children.first())
    slowly(fcm)
    thread = reconciling(gateway)
    a_device("hoa", registration_id=registration_of("minh"))
    thread.join()
    reconcile_subscriptions(gateway)
    assert fcm.phone(registration_of("minh"))["topics"] == []


@pytest.mark.usefixtures("committed")
def test_what_a_killed_worker_left_half_told_is_told_again(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_follower("minh", land().children.first())
    assert len(_claim_due()) == EVERY_KIND  # and then the worker is gone; FCM heard it or not
    for topic in desired(minh):
        gateway.subscribe(registration_of("minh"), topic)
    services.unfollow(minh.reader, land().children.first())
    FcmSubscription.objects.update(claimed_until=minh.registered_at)
    reconcile_subscriptions(gateway)
    assert fcm.phone(registration_of("minh"))["topics"] == []


@pytest.mark.usefixtures("committed")
def test_following_and_changing_the_language_at_once_end_in_step():
    columns = {"id_kind": "token", "platform": "android", "app_version": "1.0"}
    for round_ in range(6):
        minh = a_device(f"minh-{round_}")
        at_once(
            lambda minh=minh: services.follow(minh.reader, land().children.first()),
            lambda minh=minh, registration=minh.registration_id: services.register_device(
                minh.installation_key, caller=minh, registration_id=registration, language="en", **columns
            ),
        )
        assert {name.rpartition(".")[2] for name in desired(minh)} == {"en"}


@pytest.mark.usefixtures("committed")
def test_devices_that_swap_or_share_a_registration_neither_wait_in_a_circle_nor_keep_it_twice():
    columns = {"id_kind": "token", "platform": "android", "app_version": "1.0", "language": "vi"}
    minh, hoa = a_follower("minh", land()), a_follower("hoa", justice())

    def come_as(device, registration):
        services.register_device(device.installation_key, caller=device, registration_id=registration, **columns)

    for _ in range(5):
        at_once(
            lambda: come_as(minh, "one"),
            lambda: come_as(hoa, "two"),
            lambda: come_as(minh, "two"),
            lambda: come_as(hoa, "one"),
            lambda: a_device(f"new-{next(numbers)}", registration_id="one"),
        )
    held = list(Device.objects.exclude(registration_id=None).values_list("registration_id", flat=True))
    assert held  # the last to come has one or two, and nobody has what another has
    assert set(held) <= {"one", "two"}


numbers = itertools.count()


def at_once(*calls):
    """Run the calls in threads of their own; whatever one raises is raised here."""
    failures = []

    def run(call):
        try:
            call()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_batch_is_paused_after_for_as_long_as_the_rate_asks():
    assert pause_seconds(BATCH_SIZE, 0) == BATCH_SIZE / CALLS_PER_SECOND
    assert pause_seconds(BATCH_SIZE, BATCH_SIZE / CALLS_PER_SECOND / 2) == BATCH_SIZE / CALLS_PER_SECOND / 2
    assert pause_seconds(BATCH_SIZE, 1) == 0
    assert (BATCH_SIZE, CALLS_PER_SECOND) == (THREADS, 280)


class Crowd:
    """A gateway that notes whether more calls are under way at once than one batch has."""

    def __init__(self):
        self.more_than_a_batch = False
        self._all_of_two_batches = threading.Barrier(2 * BATCH_SIZE)

    def subscribe(self, registration_id, fcm_topic):
        with contextlib.suppress(threading.BrokenBarrierError):
            self._all_of_two_batches.wait(0.5)  # the first batch waits in vain; then nobody waits any more
            self.more_than_a_batch = True


@pytest.mark.usefixtures("committed")
def test_two_reconciling_jobs_of_a_process_share_its_rate():
    for name in ("minh", "hoa", "lan", "mai"):
        a_follower(name, land())
    due, crowd = FcmSubscription.objects.count(), Crowd()
    assert due >= 2 * BATCH_SIZE
    at_once(lambda: reconcile_subscriptions(crowd), lambda: reconcile_subscriptions(crowd))
    assert not crowd.more_than_a_batch
    assert FcmSubscription.objects.filter(actual=True).count() == due


class Notebook:
    """A gateway that confirms every call and notes whose it was."""

    def __init__(self):
        self.called = []

    def subscribe(self, registration_id, fcm_topic):
        self.called.append(registration_id)

    unsubscribe = subscribe


def come_as(device, **columns):
    same = {"id_kind": "token", "platform": "android", "app_version": "1.0", "language": "vi"}
    registration = {"registration_id": registration_of(device.installation_key.removeprefix("phone-of-"))}
    services.register_device(device.installation_key, caller=device, **(same | registration | columns))


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("upheaval", ["language", "registration", "another phone"])
def test_a_strangers_follow_is_called_before_the_hundreds_that_another_phone_asked_for_earlier(upheaval):
    minh = a_follower("minh", *Topic.objects.filter(parent=None)[:6])
    reconcile_subscriptions(Notebook())
    if upheaval == "language":
        for language in ("en", "vi", "en"):
            come_as(minh, language=language)
    elif upheaval == "registration":
        come_as(minh, registration_id="another")
    else:
        a_device("of-minh-too", registration_id=registration_of("minh"))
    assert FcmSubscription.objects.filter(UNSETTLED).count() > 10 * BATCH_SIZE
    hoa, notebook = a_follower("hoa", land().children.first()), Notebook()
    reconcile_subscriptions(notebook)
    of_hoa = [at for at, registration in enumerate(notebook.called) if registration == hoa.registration_id]
    assert len(of_hoa) == EVERY_KIND
    assert max(of_hoa) < 2 * BATCH_SIZE


@pytest.mark.usefixtures("committed")
def test_two_phones_that_ask_for_much_take_turns():
    minh, hoa = (a_follower(name, land(), justice()) for name in ("minh", "hoa"))
    notebook = Notebook()
    reconcile_subscriptions(notebook)
    begun = notebook.called[: 6 * BATCH_SIZE]
    assert min(begun.count(minh.registration_id), begun.count(hoa.registration_id)) >= 2 * BATCH_SIZE


@pytest.mark.usefixtures("committed")
def test_a_language_that_is_changed_and_changed_back_needs_no_call():
    minh = a_follower("minh", land())
    reconcile_subscriptions(Notebook())
    for language in ("en", "vi", "en", "vi"):
        come_as(minh, language=language)
    notebook = Notebook()
    assert (reconcile_subscriptions(notebook), notebook.called) == (0, [])


@pytest.mark.usefixtures("committed")
def test_a_worker_whose_clock_is_an_hour_ahead_takes_over_no_claim_in_flight(monkeypatch):
    a_follower("minh", land().children.first())
    assert len(_claim_due()) == EVERY_KIND
    ahead = timezone.now() + datetime.timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: ahead)
    assert _claim_due() == []


@pytest.mark.usefixtures("committed")
def test_what_a_server_whose_clock_is_an_hour_ahead_writes_is_due_at_once(monkeypatch):
    ahead = timezone.now() + datetime.timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: ahead)
    a_follower("minh", land().children.first())
    assert FcmSubscription.objects.filter(next_try_at__lte=Now(), turn_at__lte=Now() + MINUTE).count() == EVERY_KIND


@pytest.mark.usefixtures("committed")
def test_whoever_knows_a_registration_can_take_it_and_its_phone_has_it_back_at_its_next_start(fcm, gateway):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh, hoa = a_follower("minh", land()), a_follower("hoa", justice(), registration_id="of-a-phone-that-is-gone")
    wanted = desired(minh)
    come_as(hoa, registration_id=registration_of("minh"))
    reconcile_subscriptions(gateway)
    assert set(fcm.phone(registration_of("minh"))["topics"]) == desired(hoa)
    come_as(minh)
    reconcile_subscriptions(gateway)
    assert set(fcm.phone(registration_of("minh"))["topics"]) == desired(minh) == wanted
    hoa.refresh_from_db()
    assert (hoa.registration_id, desired(hoa)) == (None, set())
