"""The first page: queues, the status of the channel, what was published lately and how far it came, and two charts."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from config.staff import charts
from content.editing import revisions
from content.people.models import Role
from content.publishing import services as documents
from content.relations.models import Relation
from notifications.deliveries import gate, services
from notifications.deliveries.models import Delivery, Gate
from notifications.follows.reach import notification_reach
from tests.builders import (
    a_delivery,
    a_device,
    a_document,
    a_draft,
    a_follower,
    a_record,
    fcm_knows_follows,
    land,
    staff,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now


@pytest.fixture
def hoa(person):
    hoa = person("hoa", Role.APPROVER)
    hoa.sign_in()
    return hoa


def queues(person):
    return {queue.name: queue.count for queue in person.get("").context["queues"]}


def test_it_counts_what_waits_and_leads_there(hoa):
    a_draft()
    a_delivery()
    a_delivery("refused", settled_at=NOW())
    a_delivery("expired", settled_at=NOW() - datetime.timedelta(days=40))  # of long ago
    counts = queues(hoa)
    assert (counts["Bản nháp"], counts["Đang chờ gửi"], counts["Gửi hỏng trong 30 ngày"]) == (1, 1, 1)
    for queue in hoa.get("").context["queues"]:
        if queue.url and "delivery" in queue.url:
            assert hoa.browser.get(queue.url).status_code == 200


def test_it_counts_what_waits_for_a_decision_and_leads_to_just_these(hoa):
    law = a_document("1/2019/QH14", text="LUẬT\nMẪU\nĐiều 1. Một\nBãi bỏ Luật Cũ số 5/2010/QH12.\n")
    decree = a_document(doc_type="decree", issuer="Chính phủ")
    Relation.objects.create(
        actor=decree, target=law, kind="based_on", scope="whole", target_text="x", target_key="x",
        status="confirmed", decided_at=NOW(),
    )  # fmt: skip
    documents.enter_status_event(law, "amended", on=timezone.localdate(), scope="part", eids=["art_1"])
    lan = staff("lan", Role.EDITOR)
    written = revisions.start_revision(a_record("1/2019/QH14", signer="Ai"), by=lan, document=law)
    law.refresh_from_db()
    written.seen_at = law.updated_at
    written.save()
    revisions.propose_correction(written, by=lan, reason="thiếu")

    waiting = {queue.name: queue for queue in hoa.get("").context["queues"]}
    names = ["Bản sửa chờ xác nhận", "Quan hệ chờ xác nhận", "Văn bản có căn cứ pháp lý đã thay đổi"]
    assert [waiting[name].count for name in names] == [1, 1, 1]
    corrections, relations, reviews = (hoa.browser.get(waiting[name].url) for name in names)
    assert [each.pk for each in corrections.context["cl"].result_list] == [law.pk]
    assert [each.kind for each in relations.context["cl"].result_list] == ["repeals"]
    assert [each.document for each in reviews.context["pending"]] == [decree]


def test_it_says_whether_pushes_go_out(hoa):
    page = hoa.get("").content.decode()
    assert ("Kênh thông báo đẩy hoạt động" in page, "Không có tiến trình gửi" in page) == (True, True)
    services.mark_channel_broken("SENDER_ID_MISMATCH")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    page = hoa.get("").content.decode()
    assert ("SENDER_ID_MISMATCH" in page, "Tiến trình gửi đang chạy" in page) == (True, True)


def test_it_says_until_when_sending_waits_for_fcms_quota(hoa):
    waits = "Đã dùng hết hạn mức của FCM. Sẽ tiếp tục lúc"
    assert waits not in hoa.get("").content.decode()
    gate.close(Gate.Quota.SEND, 600)
    until = timezone.localtime(Gate.objects.get().closed_until)
    page = hoa.get("").content.decode()
    assert ("Gửi thông báo đẩy" in page, f"{waits} {until:%H:%M:%S %d/%m/%Y}." in page) == (True, True)
    Gate.objects.update(closed_until=timezone.now())
    assert waits not in hoa.get("").content.decode()


def test_phones_in_reach_are_those_on_topics_that_fcm_took(hoa):
    minh, _lan = a_follower("minh", land()), a_follower("lan", land())
    fcm_knows_follows()
    topic = Delivery.TargetKind.TOPIC
    name = minh.subscriptions.first().fcm_topic
    accepted = a_delivery("accepted", to=name, target_kind=topic)
    assert notification_reach(accepted.notification).devices == 2
    waiting = a_delivery("queued", to=name, target_kind=topic)
    assert notification_reach(waiting.notification).devices == 0  # FCM did not take it
    both = a_delivery("accepted", target_kind="condition", target=f"'{name}' in topics || 'other' in topics")
    assert notification_reach(both.notification).devices == 2
    direct = a_delivery("accepted", target_kind="device", target="", device=a_device("hoa"))
    assert (notification_reach(direct.notification).devices, notification_reach(direct.notification).accepted) == (1, 1)


def test_a_device_that_is_on_two_topics_counts_once(hoa):
    minh = a_follower("minh", land())
    fcm_knows_follows()
    names = list(minh.subscriptions.values_list("fcm_topic", flat=True))
    words = " || ".join(f"'{name}' in topics" for name in names)
    assert len(names) > 1
    assert notification_reach(a_delivery("accepted", target_kind="condition", target=words).notification).devices == 1


def test_the_latest_publications_say_how_far_they_came(hoa):
    a_document(title="Luật Im lặng")
    a_delivery("accepted", title="Luật Được gửi")
    page = hoa.get("").content.decode()
    assert page.index("Luật Được gửi") < page.index("Luật Im lặng")
    assert "1 được nhận, 0 hỏng, 0 chờ" in page
    assert "Công bố không kèm thông báo" in page


def test_the_charts_count_days_of_viet_nam_and_say_the_same_as_a_table(hoa):
    for status in ("accepted", "accepted", "refused", "cancelled"):
        a_delivery(status, settled_at=NOW())
    published, sent = hoa.get("").context["charts"]
    assert published.rows[-1] == (timezone.localdate(), [4])
    assert sent.rows[-1] == (timezone.localdate(), [2, 1])  # what somebody cancelled did not fail
    assert (len(sent.rows), sent.highest) == (30, 3)
    page = hoa.get("").content.decode()
    assert '<title id="deliveries-title">Tin gửi mỗi ngày</title>' in page
    assert "FCM đã nhận 2, hỏng 1" in page


def test_bars_are_stacked_and_the_highest_day_fills_the_height():
    days = [datetime.date(2026, 1, day) for day in (1, 2)]
    chart = charts.daily_chart("x", "X", "…", days, {"a": {days[0]: 1, days[1]: 3}, "b": {days[1]: 1}})
    assert [(bar.x, bar.y, bar.height, bar.series) for bar in chart.bars] == [
        (0, 90, 30, 0),
        (300, 30, 90, 0),
        (300, 0, 30, 1),
    ]


def test_without_a_role_nothing_is_told(person):
    hoa = person("hoa")
    hoa.sign_in()
    a_delivery(title="Luật Mật")
    page = hoa.get("")
    assert (page.status_code, page.context["queues"], "Luật Mật" in page.content.decode()) == (200, [], False)


def test_it_costs_the_same_whatever_the_number_of_publications(hoa, django_assert_max_num_queries):
    for _ in range(9):
        a_delivery("accepted")
    with django_assert_max_num_queries(57):
        hoa.get("")
