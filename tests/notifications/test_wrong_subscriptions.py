"""Subscriptions that are not those which the follows ask for are corrected within a day."""

import uuid

import pytest
from django.db.models.functions import Now

from content.people.models import Reader
from notifications.devices.models import Device
from notifications.follows import services
from notifications.follows.models import FcmSubscription, Follow
from notifications.follows.wrong_subscriptions import SHARES, correct_subscriptions
from tests.builders import a_device, a_document, a_follower, land
from tests.notifications.test_follows import at_once, desired, turns

EVERY_ID = 2**128


def a_day():
    """Correct every share. Returns how many readers were wrong."""
    return sum(correct_subscriptions(number) for number in range(SHARES))


def as_an_earlier_release_wrote_it(device):
    """Its follow of every kind has no topic of the newest notification type."""
    assert device.subscriptions.filter(fcm_topic__contains=".tl.").delete()[0]


@pytest.mark.django_db
def test_a_follow_of_every_kind_gets_the_types_of_this_release_whichever_release_wrote_it():
    minh, hoa = a_follower("minh", land()), a_follower("hoa", land())
    right, of_hoa = desired(minh), turns(hoa)
    as_an_earlier_release_wrote_it(minh)
    assert desired(minh) < right
    assert (a_day(), a_day()) == (1, 0)
    assert desired(minh) == right
    assert turns(hoa) == of_hoa


@pytest.mark.django_db
def test_topics_of_a_follow_that_was_deleted_with_its_document_end():
    document = a_document("1/2019/QH14")
    minh = a_follower("minh", document, land().children.first())
    right = {name for name in desired(minh) if name.startswith("local.lv.")}
    Follow.objects.exclude(document=None).delete()
    assert desired(minh) > right
    assert a_day() == 1
    assert desired(minh) == right


@pytest.mark.django_db
def test_every_reader_whom_fcm_can_reach_has_a_turn_once_a_day():
    borders = [EVERY_ID * number // SHARES for number in range(1, SHARES)]
    for number, id_ in enumerate([0, *borders, *(each - 1 for each in borders), EVERY_ID - 1]):
        reader = Reader.objects.create(pk=uuid.UUID(int=id_))
        for device in (a_device(f"minh-{number}"), a_device(f"hoa-{number}")):
            Device.objects.filter(pk=device.pk).update(reader=reader)
            device.subscriptions.create(fcm_topic="local.sk.1.sk.vi", desired=True, next_try_at=Now())
    unreachable = a_follower("lan", land())
    as_an_earlier_release_wrote_it(unreachable)
    Device.objects.filter(pk=unreachable.pk).update(registration_id=None)
    assert a_day() == 2 * SHARES
    assert FcmSubscription.objects.filter(fcm_topic="local.sk.1.sk.vi", desired=True).count() == 0
    assert correct_subscriptions(SHARES) == 0


@pytest.mark.django_db
def test_a_reader_at_the_limit_of_fcm_holds_up_nobody():
    minh, hoa = a_follower("minh", land()), a_follower("hoa", land().children.first())
    right = desired(hoa)
    for each in (minh, hoa):
        as_an_earlier_release_wrote_it(each)
    of_minh = desired(minh)
    services.MAX_SUBSCRIPTIONS, most = len(right), services.MAX_SUBSCRIPTIONS
    try:
        assert a_day() == 1
    finally:
        services.MAX_SUBSCRIPTIONS = most
    assert (desired(minh), desired(hoa)) == (of_minh, right)


@pytest.mark.usefixtures("committed")
def test_an_unfollow_at_the_same_time_ends_in_step():
    heading = land().children.first()
    for round_ in range(6):
        minh = a_follower(f"minh-{round_}", heading)
        as_an_earlier_release_wrote_it(minh)
        at_once(a_day, lambda minh=minh: services.unfollow(minh.reader, heading))
        assert desired(minh) == set()
