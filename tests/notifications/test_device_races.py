"""Phones that register at the same moment: who waits for whom, and that each registration has one phone at most."""

import pytest
from django.db import connection, transaction

from content import locks
from content.locks import Lock
from content.people.models import Reader
from notifications.devices import services as devices
from notifications.devices.models import Device
from notifications.devices.services import WrongSecret
from notifications.follows import services
from tests.builders import a_device, a_follower, justice, land, registration_of
from tests.notifications.test_follows import at_once
from tests.notifications.test_lock_order import Other

pytestmark = pytest.mark.usefixtures("committed")
COLUMNS = {"id_kind": "token", "platform": "android", "app_version": "1.0", "language": "vi"}
ROUNDS = 20


def come_as(device, registration):
    services.register_device(device.installation_key, caller=device, registration_id=registration, **COLUMNS)


def start_again(device, found, **changes):
    columns = COLUMNS | {"registration_id": device.registration_id} | changes
    found.append(devices.seen_again(device.secret, device.installation_key, **columns))


def holders():
    """{installation key: the registration it has}"""
    return dict(Device.objects.exclude(registration_id=None).values_list("installation_key", "registration_id"))


def test_a_phone_does_not_wait_for_the_registration_of_another():
    with transaction.atomic():
        a_device("minh")
        other = Other(lambda: a_device("hoa"))
        assert other.is_done()
    assert other.ended() is None
    assert holders() == {f"phone-of-{name}": registration_of(name) for name in ("minh", "hoa")}


def test_a_phone_waits_for_another_that_takes_the_same_registration_and_then_has_it():
    with transaction.atomic():
        a_device("minh", registration_id="one")
        other = Other(lambda: a_device("hoa", registration_id="one"))
        assert not other.is_done()
    assert other.ended() is None
    assert holders() == {"phone-of-hoa": "one"}


def test_a_phone_that_gives_up_a_registration_is_waited_for_by_who_takes_it():
    minh = a_device("minh", registration_id="one")
    with transaction.atomic():
        come_as(minh, "two")
        other = Other(lambda: a_device("hoa", registration_id="one"))
        assert not other.is_done()
    assert other.ended() is None
    assert holders() == {"phone-of-minh": "two", "phone-of-hoa": "one"}


def test_nobody_registers_while_the_release_before_does():
    """In a rolling upgrade: it holds this lock from before it looks at any device until its commit."""
    with transaction.atomic():
        locks.hold(Lock.DEVICE_REGISTRATIONS)
        other = Other(lambda: a_device("hoa"))
        assert not other.is_done()
        assert holders() == {}
    assert other.ended() is None
    assert holders() == {"phone-of-hoa": registration_of("hoa")}


def test_the_release_before_registers_nobody_while_we_do():
    def hold():
        with transaction.atomic():
            locks.hold(Lock.DEVICE_REGISTRATIONS)

    with transaction.atomic():
        a_device("minh")
        other = Other(hold)
        assert not other.is_done()
    assert other.ended() is None


def test_a_phone_that_comes_again_with_what_it_has_waits_for_no_registration():
    minh = a_device("minh")
    with transaction.atomic():
        locks.hold(Lock.DEVICE_REGISTRATIONS)
        other = Other(lambda: come_as(minh, registration_of("minh")))
        assert other.is_done()
    assert other.ended() is None


def test_a_start_that_says_nothing_new_waits_for_nothing_that_its_reader_does():
    minh, found = a_device("minh"), []
    with transaction.atomic():
        devices.lock_reader(minh.reader)
        other = Other(lambda: start_again(minh, found))
        assert other.is_done()
    assert (other.ended(), found) == (None, [minh])


def test_a_start_that_says_nothing_new_sees_who_took_its_registration_meanwhile():
    minh, found = a_device("minh"), []
    with transaction.atomic():
        a_device("hoa", registration_id=minh.registration_id)
        other = Other(lambda: start_again(minh, found))
        assert not other.is_done()
    assert (other.ended(), found) == (None, [None])
    assert holders() == {"phone-of-hoa": minh.registration_id}


def test_a_start_that_says_nothing_new_does_not_wake_a_phone_that_was_forgotten_meanwhile():
    minh, found = a_device("minh"), []
    with transaction.atomic():
        services.forget_device(minh)
        other = Other(lambda: start_again(minh, found))
        assert not other.is_done()
    assert (other.ended(), found) == (None, [None])
    assert not Device.objects.filter(installation_key="phone-of-minh").exists()


@pytest.mark.parametrize("changes", [{"language": "en"}, {"registration_id": "another"}])
def test_what_fcm_must_be_told_of_is_registered(changes):
    minh, found = a_device("minh"), []
    start_again(minh, found, **changes)
    assert found == [None]


def test_two_readers_with_two_phones_each_take_registrations_crosswise():
    minh, hoa = (a_follower("minh", land()), a_device("minh-2")), (a_follower("hoa", justice()), a_device("hoa-2"))
    for first, second in (minh, hoa):
        Device.objects.filter(pk=second.pk).update(reader=first.reader)
    for round_ in range(ROUNDS):
        mine, theirs = f"mine-{round_}", f"theirs-{round_}"
        come_as(minh[1], mine)
        come_as(hoa[0], theirs)
        at_once(lambda theirs=theirs: come_as(minh[0], theirs), lambda mine=mine: come_as(hoa[1], mine))
        held = holders()
        assert (held[minh[0].installation_key], held[hoa[1].installation_key]) == (theirs, mine)


def test_registrations_that_move_in_a_ring_end_with_one_phone_each_at_most():
    phones = [a_device(f"phone-{number}") for number in range(3)]
    names = [phone.registration_id for phone in phones]
    for turn in range(1, ROUNDS):
        wanted = [names[(number + turn) % 3] for number in range(3)]
        at_once(*[lambda each=each: come_as(*each) for each in zip(phones, wanted, strict=True)])
        held = list(holders().values())
        assert held and set(held) <= set(names)


def test_two_first_calls_with_one_key_make_one_phone_and_the_second_has_no_secret():
    for round_ in range(ROUNDS):
        refused = []

        def come(registration, key=f"new-{round_}", refused=refused):
            try:
                services.register_device(key, caller=None, registration_id=registration, **COLUMNS)
            except WrongSecret:
                refused.append(registration)

        at_once(lambda come=come: come("one"), lambda come=come: come("two"))
        assert len(refused) == 1
        assert Device.objects.filter(installation_key=f"new-{round_}").count() == 1
    assert Reader.objects.count() == Device.objects.count()  # none is left of the calls that were refused


def test_a_phone_whose_reader_is_erased_meanwhile_is_new():
    minh = a_device("minh")
    with transaction.atomic():
        services.erase_reader(minh.reader)
        other = Other(lambda: come_as(minh, "another"))
        assert not other.is_done()
    assert other.ended() is None
    assert holders()["phone-of-minh"] == "another"
    assert Device.objects.get(installation_key="phone-of-minh").pk != minh.pk


def test_many_names_are_held_in_one_order_whatever_order_they_come_in():
    names = [f"name-{number}" for number in range(60)]

    def hold(order):
        for _ in range(ROUNDS):
            with transaction.atomic():
                locks.hold_names(Lock.DEVICE_REGISTRATIONS, order)

    at_once(*[lambda order=order: hold(order) for order in (names, names[::-1], names[30:] + names[:30])])


def test_names_are_held_until_the_end_of_the_transaction_and_only_they():
    free = "SELECT pg_try_advisory_xact_lock(%s::int, hashtext(%s))"

    def is_free(name):
        found = []

        def look():
            with transaction.atomic(), connection.cursor() as cursor:
                found.extend(cursor.execute(free, [int(Lock.DEVICE_REGISTRATIONS), name]).fetchone())

        at_once(look)
        return found == [True]

    with transaction.atomic():
        locks.hold_names(Lock.DEVICE_REGISTRATIONS, {"one", "two"})
        assert [is_free(name) for name in ("one", "two", "three")] == [False, False, True]
    assert all(map(is_free, ("one", "two")))


def test_names_are_held_in_a_transaction_only():
    for take in (lambda: locks.hold_names(Lock.DEVICE_REGISTRATIONS, {"one"}), lambda: locks.share(Lock.CHANGE_LOG)):
        with pytest.raises(RuntimeError):
            take()
