"""Followers of a topic are told of its materials, in their language."""

import pytest

from content.media import services as media
from notifications import fanout
from notifications.deliveries.models import Delivery
from notifications.follows import services as follows
from tests.builders import a_device, a_follower, land
from tests.builders_media import a_material, a_publisher

pytestmark = pytest.mark.django_db


def told():
    while fanout.read_changes():
        pass
    return [(each.target, each.payload["title"], each.payload["body"]) for each in Delivery.objects.order_by("pk")]


def test_a_new_material_is_told_in_both_languages():
    a_follower("minh", land())
    a_follower("hoa", land(), language="en")
    a_material(notify=True)
    assert [(title, body) for _target, title, body in told()] == [
        ("Vườn chung của xóm", "Mới: Âm thanh. Chạm để xem."),
        ("Vườn chung của xóm", "New: Audio. Tap to see it."),
    ]


def test_who_wants_other_news_of_the_topic_is_not_told():
    device = a_device("minh")
    follows.follow(device.reader, land(), kinds=["new"])
    a_material(notify=True)
    assert told() == []


def test_who_wants_materials_only_is_on_their_topic():
    device = a_device("minh")
    follows.follow(device.reader, land(), kinds=["material"])
    assert [
        each.fcm_topic.split(".")[-2] for each in device.subscriptions.filter(fcm_topic__contains=f".lv.{land().pk}.")
    ] == ["tl"]


def test_a_correction_is_told_and_a_withdrawal_stops_what_was_not_sent():
    a_follower("minh", land())
    material = a_material(notify=True)
    media.correct_material(material, by=a_publisher(), reason="Sai tên", title="Vườn của xóm")
    assert [title for _target, title, _body in told()] == ["Vườn của xóm", "Vườn của xóm"]
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    told()
    assert set(Delivery.objects.values_list("status", flat=True)) == {"cancelled"}
