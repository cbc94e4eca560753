"""The inbox is computed when it is read: notifications about what the reader follows, since they follow it."""

import datetime

import pytest

from content.changes.models import Change
from notifications.deliveries.models import Notification
from notifications.fanout import read_changes
from notifications.follows import services as follows
from notifications.follows.models import Follow
from notifications.inbox.models import ReadMark
from tests.builders import a_device, a_document, a_draft, a_follower, justice, land

pytestmark = pytest.mark.django_db


def publish_and_fan_out(number, *topics, **columns):
    """Publish a law and run the fan-out."""
    law = a_document(number, topics=topics, notify=True, **columns)
    read_changes()
    return law


def inbox(api, device, query=""):
    answer = api("get", f"inbox{query}", device=device)
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def copy_of(row, **columns):
    """An unsaved row with the same columns, but these."""
    same = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields if not each.primary_key}
    return type(row)(**same | columns)


def numbers(entries):
    return [entry["subject"]["key"].split("-")[2] for entry in entries]


def test_it_holds_what_the_push_said_newest_first_and_opens_it(api):
    minh = a_follower("minh", land())
    law = publish_and_fan_out("31/2024/QH15", land(), title="Luật Đất đai")
    publish_and_fan_out("32/2024/QH15", land())
    newest, first = inbox(api, minh)
    assert numbers([newest, first]) == ["32", "31"]
    assert (first["title"], first["body"]) == ("Luật Đất đai", "Văn bản mới: Luật 31/2024/QH15. Chạm để đọc.")
    assert (first["kind"], first["read_at"]) == ("new", None)
    assert api("get", first["subject"]["url"]).json()["key"] == law.key
    assert api("get", first["url"], device=minh).json() == first
    assert first["key"] == str(Notification.objects.order_by("pk").first().pk)


def test_a_key_of_another_log_is_refused_in_words_and_a_key_that_was_deleted_since_is_not(api):
    minh = a_follower("minh", land())
    publish_and_fan_out("31/2024/QH15", land())
    newest = int(inbox(api, minh)[0]["key"])
    answer = api("get", f"inbox?after={newest + 1000}", device=minh)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "cursor_ahead")
    assert "không có `after`" in problem["detail"]
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [("/after", "cursor_ahead")]
    Notification.objects.all().delete()  # as private news after 30 days
    assert inbox(api, minh, f"?after={newest}") == []


def test_it_speaks_the_language_asked_for(api):
    minh = a_follower("minh", land())
    publish_and_fan_out("31/2024/QH15", land())
    assert inbox(api, minh, "?lang=en")[0]["body"] == "New document: Law 31/2024/QH15. Tap to read."


def test_only_what_the_reader_follows_is_there_once_however_often_it_is_followed(api):
    minh, hoa = a_follower("minh", land(), justice()), a_follower("hoa", justice())
    publish_and_fan_out("31/2024/QH15", land(), justice())
    publish_and_fan_out("32/2024/QH15", land())
    assert (numbers(inbox(api, minh)), numbers(inbox(api, hoa))) == (["32", "31"], ["31"])
    assert inbox(api, a_device("stranger")) == []


def test_a_subject_includes_what_is_filed_under_its_headings_and_a_heading_not_its_subject(api):
    heading = land().children.first()
    minh, hoa = a_follower("minh", land()), a_follower("hoa", heading)
    publish_and_fan_out("31/2024/QH15", heading)
    publish_and_fan_out("32/2024/QH15", land())
    assert (numbers(inbox(api, minh)), numbers(inbox(api, hoa))) == (["32", "31"], ["31"])


def test_documents_and_organisations_are_followed_too(api):
    law = a_draft("31/2024/QH15")
    minh, hoa = a_device("minh"), a_device("hoa")
    follows.follow(minh.reader, law)
    follows.follow(hoa.reader, law.issuer, kinds=["new"])
    publish_and_fan_out("31/2024/QH15")
    publish_and_fan_out("32/2024/QH15")
    assert (numbers(inbox(api, minh)), numbers(inbox(api, hoa))) == (["31"], ["32", "31"])


def test_other_kinds_than_those_asked_for_are_not_there(api):
    minh = a_device()
    follows.follow(minh.reader, land(), kinds=["amended"])
    publish_and_fan_out("31/2024/QH15", land())
    assert inbox(api, minh) == []


def test_what_was_told_before_it_was_followed_is_not_there(api):
    minh = a_device()
    publish_and_fan_out("31/2024/QH15", land())
    follows.follow(minh.reader, land())
    publish_and_fan_out("32/2024/QH15", land())
    assert numbers(inbox(api, minh)) == ["32"]


def test_of_two_follows_of_the_same_the_earlier_counts(api):
    minh = a_follower("minh", land())
    Follow.objects.update(created_at=Follow.objects.get().created_at - datetime.timedelta(days=1))
    publish_and_fan_out("31/2024/QH15", land().children.first())
    follows.follow(minh.reader, land().children.first())
    assert numbers(inbox(api, minh)) == ["31"]


def test_what_is_followed_no_longer_leaves_the_inbox(api):
    minh = a_follower("minh", land())
    publish_and_fan_out("31/2024/QH15", land())
    follows.unfollow(minh.reader, land())
    assert inbox(api, minh) == []


def test_reading_one_is_noted_once_and_can_be_undone(api):
    minh = a_follower("minh", land())
    publish_and_fan_out("31/2024/QH15", land())
    (entry,) = inbox(api, minh)
    assert api("get", "inbox/unread", device=minh).json() == {"count": 1}
    assert api("put", f"inbox/{entry['key']}/read", device=minh).status_code == 204
    first = inbox(api, minh)[0]["read_at"]
    assert api("put", f"inbox/{entry['key']}/read", device=minh).status_code == 204
    assert inbox(api, minh)[0]["read_at"] == first
    assert api("get", "inbox/unread", device=minh).json() == {"count": 0}
    for _again in range(2):
        assert api("delete", f"inbox/{entry['key']}/read", device=minh).status_code == 204
    assert api("get", "inbox/unread", device=minh).json() == {"count": 1}


def test_of_many_unread_entries_a_hundred_are_counted(api):
    minh = a_follower("minh", land())
    publish_and_fan_out("31/2024/QH15", land())
    told = Notification.objects.get()
    for change in Change.objects.bulk_create(copy_of(told.change) for _ in range(104)):
        copy_of(told, change_id=change.pk, dedupe_key=f"copy:{change.pk}").save()
    assert len(inbox(api, minh, "?page_size=100")) == 100
    assert api("get", "inbox/unread", device=minh).json() == {"count": 100}


def test_all_up_to_one_is_read_and_what_came_later_is_not(api):
    minh, hoa = a_follower("minh", land()), a_follower("hoa", land())
    for number in (31, 32, 33):
        publish_and_fan_out(f"{number}/2024/QH15", land())
    middle = inbox(api, minh)[1]["key"]
    for _again in range(2):
        assert api("put", "inbox/read", {"up_to": middle}, device=minh).status_code == 204
    assert numbers(inbox(api, minh, "?unread=true")) == ["33"]
    assert numbers(inbox(api, minh, "?unread=false")) == ["32", "31"]
    assert api("get", "inbox/unread", device=hoa).json() == {"count": 3}


def test_a_phone_that_was_away_asks_for_what_came_after_the_last_it_has(api):
    minh = a_follower("minh", land())
    for number in (31, 32, 33):
        publish_and_fan_out(f"{number}/2024/QH15", land())
    oldest = inbox(api, minh)[-1]["key"]
    assert numbers(inbox(api, minh, f"?after={oldest}")) == ["33", "32"]
    page = api("get", "inbox?page_size=2", device=minh).json()
    assert numbers(page["results"]) == ["33", "32"]
    assert numbers(api("get", page["next"], device=minh).json()["results"]) == ["31"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("get", "inbox?unread=maybe", None, 400),
        ("get", "inbox?after=-1", None, 400),
        ("get", "inbox?after=99999999999999999999", None, 400),
        ("get", "inbox?before=1", None, 400),
        ("put", "inbox/read", {"up_to": "0"}, 400),
        ("put", "inbox/read", {"up_to": "x"}, 400),
        ("put", "inbox/read", {}, 400),
        ("put", "inbox/read", {"up_to": "999999"}, 404),
        ("get", "inbox/999999", None, 404),
        ("put", "inbox/999999/read", None, 404),
        ("get", "inbox/0", None, 404),
    ],
)
def test_bad_requests_are_told_and_mark_nothing(api, method, path, body, status):
    minh = a_follower("minh", land())
    publish_and_fan_out("31/2024/QH15", land())
    assert api(method, path, body, device=minh).status_code == status
    assert ReadMark.objects.count() == 0


def test_a_stranger_finds_nothing_of_anothers_inbox_and_marks_nothing(api):
    minh, hoa = a_follower("minh", land()), a_device("hoa")
    publish_and_fan_out("31/2024/QH15", land())
    (entry,) = inbox(api, minh)
    assert inbox(api, hoa) == []
    for method, path in (("get", ""), ("put", "/read"), ("delete", "/read")):
        assert api(method, f"inbox/{entry['key']}{path}", device=hoa).status_code == 404
    assert ReadMark.objects.count() == 0


def test_it_costs_the_same_queries_however_much_is_followed_and_told(api, django_assert_num_queries):
    minh = a_follower("minh", land())
    costs = []
    for count in (1, 4):
        for number in range(count):
            publish_and_fan_out(f"{number + 1}/20{count:02}/QH15", land())
        follows.follow(minh.reader, justice())
        with django_assert_num_queries(6):  # the device, follows, events, contests, the page, its documents
            costs.append(len(inbox(api, minh)))
    assert costs == [1, 5]
