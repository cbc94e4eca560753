"""Events on the staff site: drafts, transitions with a preview, and check-in."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.events import programme, services
from content.events.admin.transition_pages import TRANSITION_PAGES
from content.events.models import Event, Speaker
from content.organisations.models import Organisation
from content.people.models import AuditRow, Reader, Role
from tests.builders import a_follower, a_member_of_staff, a_planned_event, an_event, end_event, land, move_event

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
READS = set(Role.values)
WRITES, ANNOUNCES = {"editor", "publisher"}, {"approver", "publisher"}


def signed_in(*roles, name="somebody"):
    browser = Client()
    browser.force_login(a_member_of_staff(name, *roles), BACKEND)
    return browser


def page(name, event=None):
    if name in TRANSITION_PAGES:
        return reverse("admin:content_event_transition", args=[event.pk, name])
    return reverse(f"admin:content_event_{name}", args=[event.pk] if event else [])


def data(**columns):
    starts_at = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0) + datetime.timedelta(days=5)
    return {
        "kind": "talk",
        "title": "Toạ đàm về đất đai",
        "place": "Hội trường A",
        "topics": [land().pk],
        "audiences": ["students", "workers"],
        "languages": ["vi", "sgn"],
        "starts_at": f"{starts_at:%H:%M %d/%m/%Y}",
        "ends_at": f"{starts_at + datetime.timedelta(hours=2):%H:%M %d/%m/%Y}",
        "sessions": "08:00–09:00 | Khai mạc | Trần Thị Lan (Sở Tư pháp); Minh",
        "speakers": "Hoa | Luật sư",
        "materials": "Tờ gấp | https://x.vn/to-gap",
    } | columns


@pytest.mark.parametrize("role", Role.values)
def test_what_a_role_may_open(role):
    browser, draft, public, over = signed_in(role), a_planned_event(), an_event(), end_event(an_event())
    may = {
        page("changelist"): READS,
        page("week"): READS,
        page("change", draft): READS,
        page("change", public): READS,
        page("add"): WRITES,
        page("write", draft): WRITES,
        page("write", public): ANNOUNCES,
        page("announce", draft): ANNOUNCES,
        page("move", public): ANNOUNCES,
        page("cancel", public): ANNOUNCES,
        page("add_recording", over): ANNOUNCES,
        page("registrations", public): WRITES | ANNOUNCES,
        page("registrations", draft): set(),
        page("cancel", draft): set(),
        page("delete", draft): set(),
    }
    opened = {address for address in may if browser.get(address).status_code == 200}
    assert opened == {address for address, roles in may.items() if role in roles}


def test_a_stranger_is_asked_who_they_are():
    event = an_event()
    for name in ("changelist", "week", "add"):
        assert Client().get(page(name)).url.startswith("/staff/login/")
    for name in ("change", "write", "announce", "move", "cancel", "add_recording", "registrations"):
        assert Client().get(page(name, event)).url.startswith("/staff/login/")


def test_an_event_is_planned_announced_by_another_moved_and_cancelled_after_a_look():
    a_follower("follower", land())
    lan, hoa = signed_in("editor", name="lan"), signed_in("approver", name="hoa")
    assert lan.post(page("add"), data()).status_code == 302
    event = Event.objects.get()
    assert (event.audiences, event.languages, event.written_by.username) == (
        ["students", "workers"],
        ["sgn", "vi"],
        "lan",
    )
    assert [(each.name, each.about) for each in event.sessions.get().speakers.all()] == [
        ("Trần Thị Lan", "Sở Tư pháp"), ("Minh", ""),
    ]  # fmt: skip
    shown = lan.get(page("write", event)).content.decode()
    assert "08:00–09:00 | Khai mạc | Trần Thị Lan (Sở Tư pháp); Minh" in shown
    assert lan.post(page("write", event), data(title="Toạ đàm mới")).status_code == 302

    looked = hoa.post(page("announce", event), {"preview": "1"}).content.decode()
    assert "<strong>1</strong> thiết bị sẽ được báo" in looked
    assert Event.objects.get().status == "draft"
    hoa.post(page("announce", event), {"confirm": "1"})
    event = Event.objects.get()
    assert (event.status, event.title) == ("announced", "Toạ đàm mới")

    later = event.starts_at + datetime.timedelta(days=1)
    given = {
        "starts_at": f"{timezone.localtime(later):%H:%M %d/%m/%Y}",
        "ends_at": f"{timezone.localtime(later + datetime.timedelta(hours=2)):%H:%M %d/%m/%Y}",
        "place": "Hội trường B",
        "reason": "Hội trường A sửa chữa",
    }
    looked = hoa.post(page("move", event), given).content.decode()
    on_the_phones = f"Đã dời: {given['starts_at']}, Hội trường B"
    assert on_the_phones in looked and "Thêm bản ghi" not in looked and Event.objects.get().status == "announced"
    hoa.post(page("move", event), given | {"confirm": "1"})
    event = Event.objects.get()
    assert (event.status, event.starts_at, event.place) == ("moved", later, "Hội trường B")

    assert "errorlist" in hoa.post(page("cancel", event), {"reason": " ", "confirm": "1"}).content.decode()
    assert Event.objects.get().status == "moved"
    hoa.post(page("cancel", event), {"reason": "Bão số 9", "confirm": "1"})
    assert "Bão số 9" in hoa.get(page("change", event)).content.decode()
    rows = list(AuditRow.objects.filter(subject=event.key).values_list("action", "by__username"))
    assert rows == [
        ("event.planned", "lan"), ("event.revise", "lan"), ("event.announce", "hoa"), ("event.move", "hoa"),
        ("event.cancel", "hoa"),
    ]  # fmt: skip


def test_what_somebody_else_changed_meanwhile_is_neither_announced_unread_nor_overwritten():
    draft, lan, hoa = a_planned_event(), signed_in("editor", name="lan"), signed_in("approver", name="hoa")
    read = {"seen": hoa.post(page("announce", draft), {"preview": "1"}).context["seen"], "confirm": "1"}
    opened = lan.get(page("write", draft)).context["seen"]
    Speaker.objects.create(event=draft, name="Người khác")
    assert "đã thay đổi" in hoa.post(page("announce", draft), read).content.decode()
    assert "đã thay đổi" in lan.post(page("write", draft), data(title="Cũ", seen=opened)).content.decode()
    assert Event.objects.get().status == "draft" and Event.objects.get().title == draft.title
    again = hoa.post(page("announce", draft), {"preview": "1"}).context["seen"]
    assert hoa.post(page("announce", draft), read | {"seen": again}).status_code == 302

    public = Event.objects.get()
    opened = hoa.get(page("write", public)).context["seen"]
    services.correct(public, capacity=80, reason="Thêm chỗ")
    stale = data(title="Cũ", seen=opened, reason="Lỗi chính tả")
    assert "đã thay đổi" in hoa.post(page("write", public), stale).content.decode()
    assert (Event.objects.get().capacity, Event.objects.get().title) == (80, draft.title)


@pytest.mark.parametrize("public", [False, True])
def test_a_refused_text_is_shown_beside_the_saved_one_and_who_has_seen_both_may_save(public):
    event, hoa = an_event() if public else a_planned_event(), signed_in("approver", "publisher", name="hoa")
    opened = hoa.get(page("write", event)).context["seen"]
    change = services.correct if public else services.revise
    change(event, title="Toạ đàm của Lan", **({"reason": "Tên"} if public else {}))
    same = data(reason="Tên khác")
    stale = hoa.post(page("write", event), same | {"title": "Toạ đàm của Minh", "seen": opened})
    assert Event.objects.get().title == "Toạ đàm của Lan"
    assert stale.context["form"]["title"].value() == "Toạ đàm của Minh"
    assert {field.name: field.value() for field in stale.context["saved_meanwhile"]}["title"] == "Toạ đàm của Lan"
    assert "kind" not in {field.name for field in stale.context["saved_meanwhile"]}
    assert "Có người khác đã lưu một bản khác" in stale.content.decode()
    again = hoa.post(page("write", event), same | {"title": "Toạ đàm của Minh", "seen": stale.context["seen"]})
    assert (again.status_code, Event.objects.get().title) == (302, "Toạ đàm của Minh")


def test_a_correction_keeps_the_body_that_is_no_more():
    body = Organisation.objects.get(code="BTP")
    event, hoa = an_event(organisation=body), signed_in("approver")
    Organisation.objects.filter(pk=body.pk).update(valid_until=timezone.localdate())
    form = hoa.get(page("write", event)).context["form"]
    given = {name: value for name, value in form.initial.items() if value} | {
        "topics": [land().pk], "organisation": form["organisation"].value(), "title": "Khác", "reason": "x",
        "registration_opens_at": "", "registration_closes_at": "",
    }  # fmt: skip
    assert hoa.post(page("write", event), given).status_code == 302
    assert (Event.objects.get().title, Event.objects.get().organisation) == ("Khác", body)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"starts_at": "08:00 05/12/2926", "ends_at": "10:00 05/12/2926"}, "Năm từ 1945"),
        ({"starts_at": "00:00 01/01/0001"}, "Năm từ 1945"),
        ({"sessions": "31/12/9999 23:00–01:00 | Muộn"}, "Không hiểu dòng này"),
        ({"ends_at": "08:00 01/01/2020"}, "phải kết thúc sau khi bắt đầu"),
        ({"capacity": "-1"}, "Từ 1 đến"),
        ({"capacity": "nhiều"}, "errorlist"),
        ({"starts_at": "mai"}, "ngày, tháng, năm"),
        ({"starts_at": "08:00 12/31/2026"}, "ngày, tháng, năm"),
        ({"province": "999999"}, "errorlist"),
        ({"sessions": "sáng | Khai mạc"}, "Không hiểu dòng này"),
        ({"sessions": "25:00–26:00 | Khai mạc"}, "Không hiểu dòng này"),
        ({"sessions": "22:00–23:00 | Muộn"}, "nằm trong thời gian"),
        ({"materials": "Tờ gấp"}, "Không hiểu dòng này"),
        ({"title": "\x00"}, "errorlist"),
        (
            {"registration_opens_at": "2026-01-02T08:00", "registration_closes_at": "2026-01-01T08:00"},
            "đóng sau khi mở",
        ),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(given, said):
    answer = signed_in("editor").post(page("add"), data(**given))
    assert (answer.status_code, said in answer.content.decode()) == (200, True)
    assert Event.objects.count() == 0


def test_who_comes_is_seen_and_checked_in_by_the_code():
    event = an_event(seats=1, data_purpose="Làm thẻ")
    minh, hoa = (Reader.objects.create() for _ in range(2))
    code = services.register(event, minh, name="Trần Minh", consent=True)[0].code
    waiting = services.register(event, hoa)[0].code
    lan = signed_in("editor")
    shown = lan.get(page("registrations", event)).content.decode()
    assert ("Trần Minh" in shown, code in shown, str(minh.pk) in shown) == (True, False, False)
    said = [
        lan.post(page("registrations", event), {"code": each}, follow=True).content.decode()
        for each in (code, code, waiting, "xyz")
    ]
    assert ["Đã vào: Trần Minh" in said[0], "Đã vào từ trước" in said[1], "Số 1" in said[2], "Không ai" in said[3]] == [
        True, True, True, True,
    ]  # fmt: skip
    assert event.registrations.exclude(checked_in_at=None).count() == 1


def test_the_week_has_each_event_on_its_day_and_any_day_has_a_week():
    event, lan = move_event(an_event(), days=1), signed_in("answerer")
    day = timezone.localtime(event.starts_at).date()
    assert event.title in lan.get(page("week"), {"day": day.isoformat()}).content.decode()
    for odd in ("", "hôm nay", "0001-01-01", "9999-12-31"):
        assert lan.get(page("week"), {"day": odd}).status_code == 200


def test_a_programme_reads_back_as_it_was_typed():
    event = a_planned_event()
    text = f"{timezone.localtime(event.starts_at):%d/%m/%Y} 08:00–09:30 | Khai mạc | Lan (Sở); Minh"
    services.revise(event, sessions=programme.parse_sessions(text, None))
    assert programme.session_lines(event.sessions.all()) == text


def test_registration_moves_along_unless_somebody_says_when_it_closes():
    event, hoa = an_event(), signed_in("approver")
    form = hoa.get(page("move", event)).context["form"]
    assert form["registration_closes_at"].value() is None
    later = timezone.localtime(event.starts_at) + datetime.timedelta(days=1)
    given = {
        "starts_at": f"{later:%H:%M %d/%m/%Y}",
        "ends_at": f"{later + datetime.timedelta(hours=2):%H:%M %d/%m/%Y}",
        "place": event.place,
        "reason": "Mưa",
        "confirm": "1",
    }
    hoa.post(page("move", event), given)
    moved = Event.objects.get()
    assert moved.registration_closes_at == event.registration_closes_at + datetime.timedelta(days=1)


ACTIONS = {  # what is posted, and who may
    "write": ({"title": "Khác"}, WRITES),
    "announce": ({"confirm": "1"}, ANNOUNCES),
    "move": ({"confirm": "1", "reason": "Mưa", "place": "Hội trường B"}, ANNOUNCES),
    "cancel": ({"confirm": "1", "reason": "Bão"}, ANNOUNCES),
    "registrations": ({"code": "aaaa"}, WRITES | ANNOUNCES),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_for_its_roles_only(action):
    given, roles = ACTIONS[action]
    event = a_planned_event() if action in ("write", "announce") else an_event()
    day = timezone.localtime(event.starts_at)
    times = {"starts_at": f"{day:%H:%M %d/%m/%Y}", "ends_at": f"{day + datetime.timedelta(hours=2):%H:%M %d/%m/%Y}"}
    base = data(**times, sessions="") if action == "write" else times
    for role in Role.values:
        if role not in roles:
            assert signed_in(role, name=role).post(page(action, event), base | given).status_code == 403
    assert Client().post(page(action, event), base | given).url.startswith("/staff/login/")
    unchanged = Event.objects.get()
    assert (unchanged.status, unchanged.title) == (event.status, event.title)
    assert signed_in(min(roles), name="x").post(page(action, event), base | given).status_code == 302
