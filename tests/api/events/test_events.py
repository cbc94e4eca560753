"""Events over the API: reading, registering, calendars, questions ahead."""

import datetime

import pytest
from django.utils import timezone
from django.utils.http import http_date
from icalendar import Calendar

from content.events import services
from content.events.programme import SessionLine
from content.organisations.models import Organisation, Province
from content.qa.models import Question
from notifications.follows import services as follows
from tests.builders import a_device, a_document, a_planned_event, an_event, end_event, justice, land, move_event

pytestmark = pytest.mark.django_db
PURPOSE = "Làm thẻ vào cửa"
BASE = "http://127.0.0.1:8000/api/v1"


def keys(api, query=""):
    answer = api("get", f"events{query}")
    assert answer.status_code == 200, answer.json()
    return [event["key"] for event in answer.json()["results"]]


def put(api, event, device, body=None):
    answer = api("put", f"events/{event.key}/registration", {} if body is None else body, device=device)
    shown = answer.json()
    return answer.status_code, shown.get("status"), shown.get("position")


def test_lists_are_of_what_was_announced_soonest_first_and_end_a_year_ahead(api):
    a_planned_event()
    later, sooner, past = an_event(in_days=9), an_event(in_days=3), end_event(an_event())
    far = an_event(in_days=500)
    assert keys(api, f"?from={timezone.localdate() + datetime.timedelta(days=1)}") == [sooner.key, later.key]
    assert past.key in keys(api, f"?from={timezone.localdate() - datetime.timedelta(days=2)}")
    assert far.key in keys(api, f"?to={timezone.localdate() + datetime.timedelta(days=600)}")
    page = api("get", "events?page_size=1&from=2020-01-01").json()
    assert [page["results"][0]["key"], api("get", page["next"]).json()["results"][0]["key"]] == [past.key, sooner.key]


def test_each_filter_narrows(api):
    body, place = Organisation.objects.get(code="BTP"), Province.objects.get(key="25-phu-tho-2025")
    one = an_event(
        topics=[justice()], organisation=body, province=place, kind="dialogue", audiences=["students"],
        online_url="https://x.vn/phong",
    )  # fmt: skip
    other = an_event()
    for query in (
        "topic=15-hanh-chinh-tu-phap", f"organisation={body.key}", "province=25-phu-tho-2025", "kind=dialogue",
        "audience=students", "online=true",
    ):  # fmt: skip
        assert keys(api, f"?{query}") == [one.key], query
    assert (keys(api, "?online=false"), keys(api, "?status=cancelled")) == ([other.key], [])


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("province=atlantis", "province"),
        ("kind=party", "kind"),
        ("audience=all", "audience"),
        ("online=yes", "online"),
        ("from=2026-13-01", "from"),
        ("from=2026-12-31&to=2026-01-01", "from"),
        ("format=jsonld", "format"),
        ("topc=x", "topc"),
        ("status=draft", "status"),
    ],
)
def test_what_a_list_does_not_take_is_400_and_named(api, query, pointer):
    answer = api("get", f"events?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"/{pointer}")


def test_one_event_has_all_that_is_said_of_it_and_a_draft_is_nowhere(api):
    event = a_planned_event(seats=2, materials=[("Tờ gấp", "https://x.vn/to-gap")], speakers=[("Lan", "Sở Tư pháp")])
    assert api("get", f"events/{event.key}").status_code == 404
    assert api("get", f"events/{event.key}.ics").status_code == 404
    services.revise(event, sessions=[SessionLine("Khai mạc", event.starts_at, event.ends_at, [("Hoa", "")])])
    services.announce(event)
    event = move_event(event, days=1)
    shown = api("get", f"events/{event.key}")
    body = shown.json()
    assert (body["status"], body["status_name"], body["kind_name"]) == ("moved", "Đã dời", "Toạ đàm")
    assert body["starts_at"] == f"{timezone.localtime(event.starts_at):%FT%T}+07:00"
    assert body["speakers"] == [{"name": "Lan", "about": "Sở Tư pháp"}]
    assert [each["speakers"] for each in body["sessions"]] == [[{"name": "Hoa", "about": ""}]]
    assert body["materials"] == [{"title": "Tờ gấp", "url": "https://x.vn/to-gap"}]
    assert (body["free_seats"], body["sequence"], body["moves"][0]["reason"]) == (2, 1, "Hội trường sửa chữa")
    assert (body["calendar_url"], body["url"]) == (f"{BASE}/events/{event.key}.ics", f"{BASE}/events/{event.key}")
    again = api("get", f"events/{event.key}", HTTP_IF_NONE_MATCH=shown["ETag"])
    assert (again.status_code, shown["ETag"].startswith('"')) == (304, True)
    assert api("get", f"events/{event.key}?fields=title").json() == {"title": "Toạ đàm về đất đai"}
    assert [body["online_url"], body["recording_url"], body["moves"][0]["online_url"]] == [None, None, None]


def test_the_same_in_the_words_of_schema_org(api):
    event = an_event(online_url="https://x.vn/phong", organisation=Organisation.objects.get(code="BTP"))
    old = f"{timezone.localtime(event.starts_at):%FT%T}+07:00"
    move_event(event, days=1)
    for answer in (
        api("get", f"events/{event.key}?format=jsonld"),
        api("get", f"events/{event.key}", HTTP_ACCEPT="application/ld+json"),
    ):
        linked = answer.json()
        assert answer["Content-Type"].startswith("application/ld+json")
        assert (linked["@context"], linked["@type"]) == ("https://schema.org", "Event")
        assert linked["eventStatus"] == "https://schema.org/EventRescheduled"
        assert (linked["previousStartDate"], linked["startDate"] > old) == ([old], True)
        assert linked["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
        assert [place["@type"] for place in linked["location"]] == ["Place", "VirtualLocation"]
        assert linked["organizer"]["name"] == "Bộ Tư pháp"
    assert api("get", f"events/{event.key}?format=xml").status_code == 406
    assert api("get", f"events/{event.key}?format=jsonld&fields=title").status_code == 400


def test_two_seats_and_the_third_waits(api):
    event = an_event(seats=2)
    a, b, c = (a_device(name) for name in "abc")
    path = f"events/{event.key}/registration"
    assert api("get", path, device=a).status_code == 404
    assert [put(api, event, each) for each in (a, b, c)] == [
        (201, "seated", None), (201, "seated", None), (201, "waiting", 1),
    ]  # fmt: skip
    assert put(api, event, c) == (200, "waiting", 1)
    shown = api("get", path, device=a).json()
    assert (shown["status"], shown["status_name"], shown["event"]) == ("seated", "Đã có chỗ", event.key)
    picture = api("get", shown["code_url"], device=a)
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert shown["code"] in picture.content.decode() and b"<svg" in picture.content
    assert [api("delete", path, device=a).status_code for _ in range(2)] == [204, 204]
    assert api("get", path, device=a).status_code == 404
    assert api("get", path, device=c).json()["status"] == "seated"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "Minh"}, 409, "consent_required"),
        ({"name": "Minh", "consent": "yes"}, 400, "invalid"),
        ({"name": "\x00", "consent": True}, 400, "invalid_character"),
        ({"name": "a" * 121, "consent": True}, 400, "max_length"),
        ({"nickname": "M"}, 400, "unknown_field"),
        ({"status": "seated"}, 400, "unknown_field"),
        ({"name": "Minh", "contact": "minh@x.vn", "consent": True}, 201, None),
        ({"name": None, "contact": None, "consent": None}, 201, None),  # as the client generated for Dart sends it
        ({}, 201, None),
    ],
)
def test_what_a_registration_says_of_a_person(api, body, status, code):
    event, minh = an_event(data_purpose=PURPOSE), a_device()
    answer = api("put", f"events/{event.key}/registration", body, device=minh)
    shown = answer.json()
    assert (answer.status_code, shown["errors"][0]["code"] if shown.get("errors") else shown.get("code")) == (
        status, code if code else shown["code"],
    )  # fmt: skip
    assert event.registrations.count() == (status == 201)


def test_who_asks_by_the_moment_alone_is_told_of_seats_that_went_since(api):
    event = an_event(seats=2)
    before = api("get", f"events/{event.key}")
    put(api, event, a_device())
    since = before.get("Last-Modified") or http_date(timezone.now().timestamp() + 60)
    after = api("get", f"events/{event.key}", HTTP_IF_MODIFIED_SINCE=since)
    assert (after.status_code, after.json()["free_seats"]) == (200, 1)


def test_outside_its_time_registration_is_409(api):
    answer = api("put", f"events/{end_event(an_event()).key}/registration", {}, device=a_device())
    assert (answer.status_code, answer.json()["code"]) == (409, "registration_closed")
    answer = api("put", "events/sk-aaaaaaaaaa/registration", {}, device=a_device("x"))
    assert answer.status_code == 404


def test_mine_are_mine_and_exported_and_erased_with_me(api):
    minh, hoa, event = a_device("minh"), a_device("hoa"), an_event(seats=1, data_purpose=PURPOSE)
    put(api, event, minh, {"name": "Trần Minh", "consent": True})
    put(api, event, hoa)
    api("post", "events/mine/calendar", device=minh)
    (mine,) = api("get", "events/mine", device=minh).json()["results"]
    assert (mine["event"]["key"], mine["registration"]["status"]) == (event.key, "seated")
    exported = api("get", "me/export", device=minh).json()
    assert [row["name"] for row in exported["registrations"]] == ["Trần Minh"]
    assert len(exported["calendars"]) == 1
    assert api("delete", "me", device=minh).status_code == 204
    assert [row.reader for row in event.registrations.all()] == [hoa.reader]
    assert api("get", f"events/{event.key}/registration", device=hoa).json()["status"] == "seated"


def names_of(answer):
    return [str(each["summary"]) for each in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_calendars_of_a_topic_and_an_organisation_have_what_was_cancelled_too(api):
    body = Organisation.objects.get(code="BTP")
    an_event(title="Một", organisation=body)
    services.cancel(an_event(title="Hai", in_days=11), reason="Bão")
    an_event(title="Ba", topics=[justice()])
    answer = api("get", f"calendars/topic/{land().key}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert names_of(answer) == ["Một", "ĐÃ HUỶ: Hai"]
    assert (answer["ETag"][0], api("get", answer.request["PATH_INFO"].removeprefix("/api/v1/"),
                                   HTTP_IF_NONE_MATCH=answer["ETag"]).status_code) == ('"', 304)  # fmt: skip
    assert names_of(api("get", f"calendars/organisation/{body.key}.ics")) == ["Một"]
    assert api("get", "calendars/topic/nothing.ics").status_code == 404
    assert api("get", f"calendars/topic/{land().key}.ics?x=1").status_code == 400


def test_a_readers_own_calendar_has_a_secret_address_that_can_be_renewed(api):
    minh, registered, followed = a_device(), an_event(title="Đến"), an_event(title="Theo dõi", in_days=12)
    an_event(title="Khác")
    put(api, registered, minh)
    follows.follow(minh.reader, followed)
    first = api("post", "events/mine/calendar", device=minh)
    assert (first.status_code, names_of(api("get", first.json()["url"]))) == (201, ["Đến", "Theo dõi"])
    assert "no-store" in api("get", first.json()["url"])["Cache-Control"]
    second = api("post", "events/mine/calendar", device=minh).json()["url"]
    assert [api("get", url).status_code for url in (first.json()["url"], second)] == [404, 200]
    assert [api("delete", "events/mine/calendar", device=minh).status_code for _ in range(2)] == [204, 204]
    assert api("get", second).status_code == 404


def test_a_question_ahead_is_a_question_of_the_event(api):
    minh, event = a_device(), an_event()
    body = {"title": "Sang tên đất", "text": "Bao lâu?", "consent_to_publish": True}
    ask = lambda event, key="k": api(  # noqa: E731
        "post", f"events/{event.key}/questions", body, device=minh, HTTP_IDEMPOTENCY_KEY=key
    )
    first, again = ask(event), ask(event)
    assert (first.status_code, again.json()["key"]) == (201, first.json()["key"])
    question = Question.objects.get()
    assert (question.asked_ahead.event, question.topic) == (event, land())
    assert api("get", f"questions?event={event.key}").json()["results"] == []
    assert api("get", "questions?event=sk-aaaaaaaaaa").status_code == 400
    services.correct(event, topics=[justice()], reason="Chủ đề khác")
    late = ask(services.cancel(event, reason="Bão"), "other")
    assert (late.status_code, late.json()["code"]) == (409, "event_not_ahead")
    assert (ask(event).status_code, ask(event).json()["key"]) == (201, first.json()["key"])
    bad = api("post", f"events/{event.key}/questions", body | {"text": ""}, device=minh, HTTP_IDEMPOTENCY_KEY="k")
    assert bad.status_code == 422
    assert api("post", f"events/{event.key}/questions", body, device=minh).status_code == 400


def test_query_count_of_a_list_does_not_grow_with_rows(api, django_assert_num_queries):
    a_document()
    for count in (1, 3):
        for _ in range(count):
            an_event(organisation=Organisation.objects.get(code="BTP"), in_days=count)
        with django_assert_num_queries(2):
            keys(api)


def test_query_count_of_ones_own_events_does_not_grow_with_rows(api, django_assert_num_queries):
    first, minh = a_device("first"), a_device("minh")
    for count in (1, 3):
        for _ in range(count):
            event = an_event(seats=1)
            put(api, event, first), put(api, event, minh)
        with django_assert_num_queries(3):
            mine = api("get", "events/mine", device=minh).json()["results"]
    assert [each["registration"]["position"] for each in mine] == [1] * 4
