"""From the change log to the outbox: how many calls, to whom, once."""

import pytest

from content.changes.models import Change, ChangeCursor
from content.editing import services as editing
from content.publishing import services as documents
from content.topics.models import Topic
from notifications.deliveries.models import Delivery, Notification
from notifications.devices.models import Device
from notifications.fanout import read_changes
from notifications.follows import services as follows
from tests.builders import a_device, a_document, a_draft, a_follower, a_record, justice, land

pytestmark = pytest.mark.django_db


def targets():
    return list(Delivery.objects.order_by("pk").values_list("target_kind", "target"))


def topic_name(topic, language="vi"):
    return f"local.lv.{topic.pk}.moi.{language}"


def test_a_publication_is_one_call_per_language_with_a_follower():
    a_follower("minh", land())
    a_follower("hoa", land())
    a_follower("john", land(), language="en")
    a_document(topics=[land()], notify=True)
    assert read_changes() == 1
    assert targets() == [("topic", topic_name(land())), ("topic", topic_name(land(), "en"))]
    assert Notification.objects.get().fcm_topics == [topic_name(land()), topic_name(land(), "en")]


def test_two_topics_are_one_condition_with_the_most_followed_first():
    a_follower("minh", justice())
    a_follower("hoa", land(), justice())
    a_document(topics=[land(), justice()], notify=True)
    read_changes()
    assert targets() == [("condition", f"'{topic_name(justice())}' in topics || '{topic_name(land())}' in topics")]


def test_who_follows_the_subject_hears_of_what_is_under_a_heading():
    heading = land().children.first()
    a_follower("minh", land())
    a_document(topics=[heading], notify=True)
    read_changes()
    assert targets() == [("topic", topic_name(heading))]


def test_nobody_follows_nothing_is_sent_and_it_stays_in_the_change_log():
    a_document(topics=[land()], notify=True)
    read_changes()
    assert (targets(), Change.objects.count(), Notification.objects.count()) == ([], 1, 1)


def test_a_publication_without_notify_tells_nobody():
    a_follower("minh", land())
    a_document(topics=[land()], notify=False)
    assert read_changes() == 1
    assert Notification.objects.count() == 0


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("correct", "Đã sửa bản đăng: Luật 1/2019/QH14. Chạm để đọc."),
        ("withdraw", "Đã thu hồi bản đăng: Luật 1/2019/QH14. Chạm để xem lý do."),
    ],
)
def test_a_correction_and_a_withdrawal_are_told_when_the_editor_asks(act, words):
    a_follower("minh", land())
    law = a_document("1/2019/QH14", topics=[land()])
    if act == "correct":
        record = a_record("1/2019/QH14", signer="Chủ tịch Quốc hội")
        documents.correct_document(law, record, topics=[land()], reason="thiếu người ký", notify=True)
    else:
        editing.withdraw_document(law, reason="nhầm", notify=True)
    read_changes()
    assert targets() == [("topic", f"local.lv.{land().pk}.sd.vi")]
    assert Delivery.objects.get().payload["body"] == words


def test_reading_twice_is_harmless_even_when_the_cursor_was_lost():
    a_follower("minh", land())
    a_document(topics=[land()], notify=True)
    assert (read_changes(), read_changes()) == (1, 0)
    ChangeCursor.objects.update(last_change=0)
    read_changes()
    assert (Notification.objects.count(), Delivery.objects.count()) == (1, 1)


def test_beyond_five_topics_each_device_is_reached_exactly_once():
    topics = list(Topic.objects.filter(parent=None)[:7])
    seven = a_device("seven")
    for topic in topics:
        follows.follow(seven.reader, topic, kinds=["new"])
    sixth = [a_device(f"sixth-{n}") for n in range(2)]
    for number, device in enumerate(sixth):
        follows.follow(device.reader, topics[5 + number], kinds=["new"])
    for number, topic in enumerate(topics[:5]):
        for extra in range(2):
            follows.follow(a_device(f"f{number}-{extra}").reader, topic, kinds=["new"])
    a_document(topics=topics, notify=True)
    read_changes()
    condition = " || ".join(f"'{topic_name(topic)}' in topics" for topic in topics[:5])
    assert targets()[0] == ("condition", condition)
    direct = Delivery.objects.filter(target_kind="device").values_list("device", flat=True)
    assert sorted(direct) == sorted(device.pk for device in sixth)


def test_the_payload_says_what_it_is_and_opens_it():
    a_follower("minh", land())
    a_follower("john", land(), language="en")
    law = a_document("31/2024/QH15", topics=[land()], notify=True, title="Luật Đất đai")
    read_changes()
    vietnamese, english = (delivery.payload for delivery in Delivery.objects.order_by("pk"))
    assert (vietnamese["title"], vietnamese["body"]) == ("Luật Đất đai", "Văn bản mới: Luật 31/2024/QH15. Chạm để đọc.")
    assert (english["title"], english["body"]) == ("Luật Đất đai", "New document: Law 31/2024/QH15. Tap to read.")
    nid = str(Notification.objects.get().pk)
    assert vietnamese["data"] == {
        "nid": nid,
        "kind": "new",
        "link": f"http://127.0.0.1:8000/api/v1/documents/{law.key}",
        "page_url": f"http://127.0.0.1:8000/van-ban/{law.key}",
        "key": law.key,
    }
    assert vietnamese["tag"] == nid


def test_a_publication_costs_the_same_queries_however_many_follow(django_assert_max_num_queries):
    a_document(topics=[land()], notify=True)
    read_changes()  # the cursor exists
    costs = []
    for count in (1, 4):
        for number in range(count):
            a_follower(f"{count}-{number}", land())
        a_document(topics=[land()], notify=True)
        with django_assert_max_num_queries(
            28
        ) as queries:  # two readings, the second finds nothing; each asks how far lists were compared
            read_changes()
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_change_without_a_text_does_not_hold_back_the_next():
    a_follower("minh", land())
    a_document(topics=[land()], notify=True)
    Change.objects.bulk_create(
        [Change(event_type="document.published", nature="legal", subject="x", topics=["11-dat-dai"], facts={})]
    )
    a_document("9/2024/QH15", topics=[land()], notify=True)
    assert read_changes() == 3
    assert [delivery.payload["data"]["key"] for delivery in Delivery.objects.order_by("pk")][
        -1
    ] == "luat-2019-9-2024-qh15"
    assert Delivery.objects.count() == 2


def test_a_phone_that_is_gone_is_no_follower():
    a_follower("minh", land())
    Device.objects.update(registration_id=None)
    a_document(topics=[land()], notify=True)
    read_changes()
    assert targets() == []


def test_who_follows_the_issuer_the_topic_and_the_document_hears_once():
    law = a_draft(topics=[land()])
    minh = a_device()
    for target in (land(), law.issuer, law):
        follows.follow(minh.reader, target, kinds=["new"])
    documents.publish(law)
    read_changes()
    names = [f"local.lv.{land().pk}.moi.vi", f"local.cq.{law.issuer.pk}.moi.vi", f"local.vb.{law.pk}.moi.vi"]
    assert targets() == [("condition", " || ".join(f"'{name}' in topics" for name in sorted(names)))]


def test_whoever_waits_for_deliveries_is_told_after_each_commit():
    a_follower("minh", land())
    for number in (1, 2):
        a_document(f"{number}/2024/QH15", topics=[land()], notify=True)
    counts = []
    read_changes(after_commit=lambda: counts.append(Delivery.objects.count()))
    assert (counts[0], counts[-1]) == (1, 2)
