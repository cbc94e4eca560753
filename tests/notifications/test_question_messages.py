"""Askers get news of their own questions on each device, without the title; followers get the answers."""

import datetime
import importlib

import pytest
from django.apps import apps
from django.db import connection

from content.changes import services as changes
from content.changes.models import Change, ChangeCursor
from content.errors import RuleBroken
from content.qa import services as questions
from content.qa.models import Question
from content.qa.services import outdated
from notifications.deliveries import services as deliveries
from notifications.deliveries.models import Delivery, Notification
from notifications.fanout import read_changes
from notifications.follows import services as follows
from notifications.follows.models import FcmSubscription
from tests.builders import (
    a_device,
    a_document,
    a_follower,
    a_question,
    a_question_in_review,
    an_answered_question,
    answerer,
    approver,
    correct_law,
    fcm_knows_follows,
    former_subscription_table,
    justice,
    land,
    staff,
)

pytestmark = pytest.mark.django_db
CITED = "art_2__clause_1"


def second_device_of(device):
    other = a_device(f"second-{device.pk}", language="en")
    type(other).objects.filter(pk=other.pk).update(reader=device.reader)
    return other


def inbox(api, device, query=""):
    return api("get", f"inbox{query}", device=device).json()["results"]


def test_the_asker_hears_on_each_device_in_words_that_tell_nothing(api):
    minh = a_device()
    second_device_of(minh)
    question = an_answered_question(minh.reader, consent_to_publish=False)
    read_changes()
    vietnamese, english = Delivery.objects.order_by("pk")
    assert (vietnamese.target_kind, vietnamese.device_id) == ("device", minh.pk)
    assert vietnamese.payload["title"] == "Câu hỏi của bạn"
    assert vietnamese.payload["body"] == "Câu hỏi của bạn đã được trả lời. Chạm để đọc."
    assert english.payload["body"] == "Your question was answered. Tap to read."
    nid = Notification.objects.get().pk
    assert vietnamese.payload["data"] == {
        "nid": str(nid), "kind": "question", "link": f"http://127.0.0.1:8000/api/v1/inbox/{nid}",
        "page_url": "http://127.0.0.1:8000/", "key": str(nid),
    }  # fmt: skip
    for secret in (question.key, "ang tên", str(minh.reader.pk)):
        assert secret not in str(Delivery.objects.values_list("payload"))


def test_the_inbox_has_the_full_words_for_its_reader_alone(api):
    minh, hoa = a_device("minh"), a_device("hoa")
    question = an_answered_question(minh.reader, consent_to_publish=False, title="Sang tên xe máy")
    read_changes()
    (entry,) = inbox(api, minh)
    assert (entry["title"], entry["body"]) == ("Sang tên xe máy", "Câu hỏi của bạn đã được trả lời. Chạm để đọc.")
    assert (entry["kind"], entry["subject"]["key"]) == ("question", question.key)
    assert entry["subject"]["url"] == f"http://127.0.0.1:8000/api/v1/questions/mine/{question.key}"
    assert inbox(api, hoa) == []
    assert api("get", f"inbox/{entry['key']}", device=hoa).status_code == 404
    assert api("get", "inbox/unread", device=minh).json() == {"count": 1}


def test_followers_of_its_topic_its_body_and_itself_hear_once(api):
    john, topical, unconcerned = a_device("john"), a_follower("topical", land()), a_follower("x", justice())
    question = an_answered_question()
    read_changes()
    assert [entry["body"] for entry in inbox(api, topical)] == ["Một câu hỏi đã được trả lời. Chạm để đọc."]
    assert list(Delivery.objects.values_list("target", flat=True)) == [f"local.lv.{land().pk}.hd.vi"]
    follows.follow(john.reader, question)
    follows.follow(topical.reader, question)
    law = a_document("1/2019/QH14")
    questions.revise(question, by=answerer(), reason="Thêm căn cứ")
    questions.save_draft(question, text="Trong 30 ngày.", citations=[(law, CITED)], by=answerer())
    questions.submit_for_review(question, by=answerer())
    questions.approve(question, by=approver())
    correct_law(law)
    while outdated.flag_outdated_answers():
        pass
    read_changes()
    names = [f"local.hd.{question.pk}.hd.vi", f"local.lv.{land().pk}.hd.vi"]
    assert Delivery.objects.latest("pk").target == " || ".join(f"'{name}' in topics" for name in names)
    (entry,) = inbox(api, john)
    assert entry["body"] == "Luật mà câu trả lời này viện dẫn đã thay đổi. Chạm để xem thay đổi."
    assert (entry["title"], inbox(api, unconcerned)) == ("Sang tên xe", [])


def test_a_question_can_only_be_followed_for_what_happens_to_questions():
    minh, question = a_device(), an_answered_question()
    with pytest.raises(RuleBroken):
        follows.follow(minh.reader, question, kinds=["new"])
    follows.follow(minh.reader, question)
    assert [row.fcm_topic for row in FcmSubscription.objects.all()] == [f"local.hd.{question.pk}.hd.vi"]
    follows.follow(minh.reader, a_document())
    assert FcmSubscription.objects.filter(fcm_topic__startswith="local.vb.").count() == 3


def test_a_change_of_law_is_read_by_two_consumers_each_with_its_cursor(api):
    minh, law = a_device(), a_document("1/2019/QH14")
    question = an_answered_question(minh.reader, citations=[(law, CITED)])
    change = correct_law(law)
    read_changes()
    assert ChangeCursor.objects.get(consumer="push").last_change == change.pk
    assert Question.objects.get(pk=question.pk).answers.get().basis.changes.count() == 0
    while outdated.flag_outdated_answers():
        pass
    assert question.answers.get().basis.changes.get().change == change
    ChangeCursor.objects.filter(consumer="outdated_answers").update(last_change=0)
    while outdated.flag_outdated_answers():
        pass
    assert question.answers.get().basis.changes.count() == 1
    while read_changes():
        pass
    assert next(entry["body"] for entry in inbox(api, minh)) == (
        "Luật làm căn cứ cho câu trả lời gửi bạn đã thay đổi. Chạm để xem thay đổi."
    )


def test_what_was_withdrawn_since_is_named_nowhere_in_an_inbox(api):
    topical = a_follower("topical", land())
    question = an_answered_question()
    read_changes()
    questions.withdraw(question)
    assert [entry["title"] for entry in inbox(api, topical)] == ["Câu hỏi pháp luật"]


def test_what_was_withdrawn_before_it_was_sent_is_not_sent_now_nor_again():
    a_follower("topical", land())
    question = an_answered_question()
    read_changes()
    questions.withdraw(question)
    read_changes()
    (news,) = Delivery.objects.all()
    assert (news.status, news.error) == ("cancelled", "superseded")
    with pytest.raises(RuleBroken) as refusal:
        deliveries.resend(news, by=staff("lan", "approver"), reason="x")
    assert refusal.value.code == "superseded"


def test_private_news_is_forgotten_after_thirty_days_and_public_news_is_not():
    minh = a_device()
    an_answered_question(minh.reader)
    read_changes()
    assert changes.delete_old_private_changes() == 0
    moment = Change.objects.get(reader=minh.reader).changed_at - datetime.timedelta(days=30, seconds=1)
    Change.objects.filter(reader=minh.reader).update(changed_at=moment)
    assert changes.delete_old_private_changes() == 1
    assert Notification.objects.filter(reader=minh.reader).count() == 0
    assert Change.objects.filter(event_type="question.answered", reader=None).count() == 1


def test_a_device_that_is_forgotten_gets_nothing_of_what_waits_for_its_reader():
    minh = a_device()
    other = second_device_of(minh)
    an_answered_question(minh.reader, consent_to_publish=False)
    read_changes()
    other.refresh_from_db()
    follows.forget_device(other)
    assert [delivery.device_id for delivery in Delivery.objects.all()] == [minh.pk]


def test_who_was_merged_hears_that_and_the_answer():
    minh, hoa = a_device("minh"), a_device("hoa")
    first = a_question_in_review(minh.reader)
    questions.merge(a_question(hoa.reader), into=first, by=approver())
    questions.approve(first, by=approver())
    read_changes()
    bodies = [delivery.payload["body"] for delivery in Delivery.objects.filter(device=hoa).order_by("pk")]
    assert bodies == ["Có tin mới về câu hỏi của bạn. Chạm để đọc.", "Câu hỏi của bạn đã được trả lời. Chạm để đọc."]
    assert Delivery.objects.filter(device=minh).count() == 1


def test_an_asker_who_follows_the_topic_is_told_once_of_the_answer_and_once_of_the_change(api):
    minh, law = a_follower("minh", land()), a_document("1/2019/QH14")
    second, hoa = second_device_of(minh), a_device("hoa")  # the second phone is on no topic
    fcm_knows_follows()
    first = a_question_in_review(minh.reader, citations=[(law, CITED)])
    questions.merge(a_question(hoa.reader), into=first, by=approver())
    questions.approve(first, by=approver())
    while read_changes():
        pass
    targets = {delivery.device_id or delivery.target for delivery in Delivery.objects.all()}
    assert targets == {f"local.lv.{land().pk}.hd.vi", second.pk, hoa.pk}
    assert Delivery.objects.filter(target_kind="device", device=second).count() == 1
    assert [entry["title"] for entry in inbox(api, minh)] == ["Sang tên xe"]
    assert api("get", "inbox/unread", device=minh).json() == {"count": 1}
    correct_law(law)
    while outdated.flag_outdated_answers() or read_changes():
        pass
    assert Delivery.objects.filter(device=minh).count() == 0
    assert Delivery.objects.filter(device=second).count() == 2
    assert len(inbox(api, minh)) == 2


def test_while_fcm_does_not_yet_have_the_follow_the_asker_is_told_directly():
    minh = a_follower("minh", land())
    an_answered_question(minh.reader)
    read_changes()
    assert Delivery.objects.filter(device=minh).count() == 1


def test_followers_of_every_kind_from_before_are_put_on_the_topics_of_questions():
    minh, hoa = a_follower("minh", land()), a_device("hoa")
    follows.follow(hoa.reader, land(), kinds=["new"])
    wanted = set(FcmSubscription.objects.filter(fcm_topic__contains=".hd.").values_list("device", "fcm_topic"))
    FcmSubscription.objects.filter(fcm_topic__contains=".hd.").delete()
    migration = importlib.import_module("notifications.migrations.0031_every_kind_includes_questions")
    with former_subscription_table(), connection.schema_editor() as editor:
        migration.subscribe(apps, editor)
    made = set(FcmSubscription.objects.filter(fcm_topic__contains=".hd.").values_list("device", "fcm_topic"))
    assert made == wanted and {device for device, _name in made} == {minh.pk}
