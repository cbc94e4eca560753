"""Followers of a province: told of its documents and events, moved to the successor when it is redrawn, told once."""

import datetime

import pytest
from django.db import connection

from content.changes.models import Change
from content.organisations import services as organisations
from content.organisations.models import Province
from content.vietnam_time import today
from notifications.deliveries.models import Delivery, Notification
from notifications.fanout import read_changes
from notifications.follows import services as follows
from notifications.follows.models import FcmSubscription, Follow
from notifications.follows.redrawn_provinces import move_followers
from tests.builders import a_device, a_document, a_follower, a_local_document, an_event

pytestmark = pytest.mark.django_db


def province(key):
    return Province.objects.get(key=key)


def topic_of(key, kind="moi"):
    return f"local.tt.{province(key).pk}.{kind}.vi"


def merge(*keys, code="51", on=None):
    return organisations.redraw_provinces(
        [province(key) for key in keys], code=code, name="Tỉnh Mới", short_name="Mới", type="province", on=on or today()
    )


def test_followers_hear_of_documents_of_the_province_and_of_those_merged_into_it():
    a_follower("minh", province("51-quang-ngai-2025"))
    a_local_document(province="62-kon-tum", notify=True)
    a_local_document(province="48-da-nang", notify=True)
    a_document(notify=True)
    while read_changes():
        pass
    assert list(Delivery.objects.values_list("target", flat=True)) == [topic_of("51-quang-ngai-2025")]


def test_followers_hear_of_events_in_the_province():
    a_follower("minh", province("48-da-nang-2025"))
    an_event(province=province("48-da-nang-2025"), notify=True)
    while read_changes():
        pass
    assert list(Delivery.objects.values_list("target", flat=True)) == [topic_of("48-da-nang-2025", "sk")]


def test_who_follows_a_former_province_follows_the_one_that_continues_it(api):
    device = a_device("minh")
    answer = api("put", "follows/province/62-kon-tum", {}, device=device)
    assert (answer.status_code, answer.json()["subject"]["key"]) == (201, "51-quang-ngai-2025")
    assert api("get", "follows/province/62-kon-tum", device=device).json()["key"] == "51-quang-ngai-2025"
    assert api("put", "follows/province/51-quang-ngai-2025", {}, device=device).status_code == 200
    assert api("delete", "follows/province/62-kon-tum", device=device).status_code == 204
    assert api("get", "follows", device=device).json()["results"] == []
    assert api("put", "follows/province/99-khong-co", {}, device=device).status_code == 404


def test_followers_of_redrawn_provinces_are_moved_and_told_once(api):
    both = a_device("minh")
    follows.follow(both.reader, province("51-quang-ngai-2025"), kinds=["new"])
    follows.follow(both.reader, province("48-da-nang-2025"), kinds=["event"])
    one = a_follower("hoa", province("48-da-nang-2025"))
    stranger = a_follower("lan", province("46-hue-2025"))
    new = merge("51-quang-ngai-2025", "48-da-nang-2025")
    assert move_followers() == 2
    assert move_followers() == 0
    assert [(each.target, each.kinds) for each in both.reader.follows.all()] == [(new, ["event", "new"])]
    assert [(each.target, each.kinds) for each in one.reader.follows.all()] == [(new, [])]
    assert [each.target.key for each in stranger.reader.follows.all()] == ["46-hue-2025"]
    wanted = FcmSubscription.objects.filter(device=both, desired=True).values_list("fcm_topic", flat=True)
    assert sorted(wanted) == [f"local.tt.{new.pk}.{kind}.vi" for kind in ("moi", "sk")]
    while read_changes():
        pass
    told = Notification.objects.filter(change__event_type="province.redrawn")
    assert sorted(str(each.reader_id) for each in told) == sorted(str(each.reader_id) for each in (both, one))
    assert Delivery.objects.filter(device__in=[both, one]).count() == 2
    (entry,) = api("get", "inbox", device=both).json()["results"]
    assert (entry["title"], entry["subject"]["key"]) == ("Tỉnh Mới", new.key)
    assert "Tỉnh Mới" not in Delivery.objects.filter(device=both).get().payload["title"]
    assert api("get", "inbox", device=stranger).json()["results"] == []


def test_what_was_told_before_stays_in_the_inbox_of_who_was_moved(api):
    minh = a_follower("minh", province("51-quang-ngai-2025"))
    day = {"issued_on": datetime.date(2025, 8, 1), "effective_on": datetime.date(2025, 8, 15)}
    document = a_local_document("1/2025/QĐ-UBND", province="51-quang-ngai-2025", notify=True, **day)
    while read_changes():
        pass
    merge("51-quang-ngai-2025")
    move_followers()
    while read_changes():
        pass
    subjects = [each["subject"] for each in api("get", "inbox", device=minh).json()["results"]]
    assert document.key in [each["key"] for each in subjects]


def decision(number, place):
    day = {"issued_on": datetime.date(2025, 8, 1), "effective_on": datetime.date(2025, 8, 15)}
    document = a_local_document(f"{number}/2025/QĐ-UBND", province=place, notify=True, **day)
    while read_changes():
        pass
    return document.key


def inbox(api, device):
    found = api("get", "inbox", device=device).json()["results"]
    return [each["subject"]["key"] for each in found if each["subject"]["key"].startswith("vn-")]


def test_who_was_moved_gets_no_earlier_news_of_the_province_that_was_not_followed(api):
    minh, hoa = a_follower("minh", province("48-da-nang-2025")), a_follower("hoa", province("46-hue-2025"))
    of_da_nang, of_hue = decision(1, "48-da-nang-2025"), decision(2, "46-hue-2025")
    new = merge("48-da-nang-2025", "46-hue-2025", code="48")
    while_waiting = decision(3, "46-hue-2025")  # of what is one province by now
    assert inbox(api, minh) == [while_waiting, of_da_nang]
    move_followers()
    later = decision(4, "46-hue-2025")
    assert inbox(api, minh) == [later, while_waiting, of_da_nang]
    assert inbox(api, hoa) == [later, while_waiting, of_hue]
    follows.unfollow(minh.reader, new)
    assert inbox(api, minh) == []


def test_who_followed_both_keeps_what_each_told_and_its_kinds(api):
    both = a_device("minh")
    follows.follow(both.reader, province("48-da-nang-2025"), kinds=["new"])
    follows.follow(both.reader, province("46-hue-2025"), kinds=["event"])
    of_da_nang = decision(1, "48-da-nang-2025")
    decision(2, "46-hue-2025")  # only events were asked for
    new = merge("48-da-nang-2025", "46-hue-2025", code="48", on=today() - datetime.timedelta(days=2))
    move_followers()
    assert inbox(api, both) == [of_da_nang]
    again = organisations.redraw_provinces(
        [new], code="48", name="Tỉnh Sau", short_name="Sau", type="province", on=today()
    )
    move_followers()
    assert [each.target for each in both.reader.follows.all()] == [again]
    assert inbox(api, both) == [of_da_nang]


def test_who_changes_the_kinds_after_the_move_gets_only_those(api):
    minh = a_device("minh")
    follows.follow(minh.reader, province("48-da-nang-2025"), kinds=["new"])
    before = decision(1, "48-da-nang-2025")
    new = merge("48-da-nang-2025", "46-hue-2025", code="48", on=today() - datetime.timedelta(days=2))
    follows.follow(minh.reader, new, kinds=["event"])
    move_followers()
    follows.follow(minh.reader, new, kinds=["event"])
    decision(2, "48-da-nang-2025")
    assert inbox(api, minh) == [before]


def test_the_public_change_names_the_provinces_and_notifies_nobody(api):
    new = merge("51-quang-ngai-2025")
    (change,) = api("get", "changes?after=0").json()["results"]
    assert (change["event_type"], change["object"], change["subject"]) == ("province.redrawn", "province", new.key)
    assert change["facts"] == {"title": "Tỉnh Mới", "on": str(today()), "merged": ["51-quang-ngai-2025"]}
    assert change["url"].endswith(f"/provinces/{new.key}")
    read_changes()
    assert not Notification.objects.exists() and Change.objects.count() == 1


def test_who_is_not_moved_yet_hears_of_the_province_too():
    a_follower("minh", province("51-quang-ngai-2025"))
    merge("51-quang-ngai-2025")
    day = {"issued_on": datetime.date(2025, 8, 1), "effective_on": datetime.date(2025, 8, 15)}
    a_local_document("1/2025/QĐ-UBND", province="51-quang-ngai-2025", notify=True, **day)
    while read_changes():
        pass
    assert list(Delivery.objects.values_list("target", flat=True)) == [topic_of("51-quang-ngai-2025")]


def test_one_reader_who_cannot_be_moved_holds_up_nobody():
    stuck = a_follower("minh", province("51-quang-ngai-2025"))
    a_follower("hoa", province("51-quang-ngai-2025"))
    new = merge("51-quang-ngai-2025")
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'")
        cursor.execute(
            "CREATE TRIGGER refused BEFORE UPDATE ON notifications_follow FOR EACH ROW "
            f"WHEN (OLD.reader_id = '{stuck.reader_id}') EXECUTE FUNCTION refuse()"
        )
    assert move_followers() == 1
    assert [each.reader_id == stuck.reader_id for each in Follow.objects.filter(province=new)] == [False]
