"""Notifications about amendments and changes of effect: who gets them once, in which words."""

import datetime

import pytest
from django.utils.translation import override

from content.amendments import services as amendments
from content.amendments.queries import recognised_instructions
from content.changes.models import Change
from content.documents.citations import cite_document
from content.documents.models import StatusEvent
from content.editing import services as editing
from content.publishing import services as documents
from content.transitions.services import record_due_transitions
from content.vietnam_time import today
from notifications.deliveries.models import Delivery, Notification
from notifications.fanout import read_changes
from notifications.follows import services as follows
from notifications.messages.documents import NOTIFICATION_TYPES, full_text, link_path, page_path, unit_names
from notifications.push.payload import MAX_BYTES, compose_payload, payload_bytes
from tests.builders import a_device, a_document, a_draft, a_follower, a_record, amend, an_amending_law, land

pytestmark = pytest.mark.django_db
DAY = datetime.date


def queued_pushes():
    """(targets, body) of what was queued since the last call, in order."""
    while read_changes():
        pass
    rows = list(Delivery.objects.order_by("pk"))
    Delivery.objects.all().delete()
    return [(row.target, row.payload["body"]) for row in rows]


def a_follower_of(law, eid, name):
    device = a_device(name)
    follows.follow(device.reader, law.provisions.get(eid=eid))
    return device


def topic_name(law, eid, kind):
    return f"local.dk.{law.provisions.get(eid=eid).pk}.{kind}.vi"


def test_the_follower_of_an_article_hears_of_it_and_the_follower_of_another_does_not():
    law = a_document("1/2019/QH14")
    a_follower_of(law, "art_2", "minh")
    a_follower_of(law, "art_3", "hoa")
    act = an_amending_law(law)
    amend(act)
    ((target, body),) = queued_pushes()
    assert target == topic_name(law, "art_2", "sd")
    assert "Điều 2: được sửa đổi" in body
    assert body.endswith("từ 01/01/2025.")


def test_the_push_of_an_amendment_names_each_unit_and_says_what_becomes_of_it(api):
    law = a_document("1/2019/QH14")
    minh = a_follower_of(law, "art_2", "minh")
    act = an_amending_law(law)
    amend(act)
    ((_target, body),) = queued_pushes()
    told = (
        "Điểm b khoản 1 Điều 2: {}; điểm đ khoản 1 Điều 2: {}; Điều 1a, khoản 3 Điều 2: {} "
        f"{{}} {cite_document(act)} {{}} 01/01/2025."
    )
    vi, en = ("bị bãi bỏ", "được sửa đổi", "được bổ sung", "theo", "từ"), ("repealed", "amended", "added", "by", "from")
    assert body == told.format(*vi)
    assert [row["body"] for row in heard(api, minh, "vi")] == [told.format(*vi)]
    assert [row["body"] for row in heard(api, minh, "en")] == [told.format(*en)]


def test_an_amendment_of_one_article_says_how_many_of_its_units_are_repealed():
    """As Article 74 of a law: 25 of its points amended, 22 of these repealed. Its push still fits into one message."""
    points = [f"art_74__clause_2__point_{letter}" for letter in "abcdeghiklmnopqrstuvxy"]
    units = {"repealed": points, "amended": [f"art_74__clause_{number}" for number in (3, 5, 4)], "added": []}
    act = {"key": "luat", "number": "2/2024/QH15", "title": "Luật", "citation": "Luật Mẫu " + "rất dài " * 70}
    facts = {"title": "Luật Mẫu " + "dài " * 400, "act": act, "on": "2025-01-01", "events": [], "units": units}
    change = Change(event_type="document.amended", subject="luat-mau", facts=facts, eids=points)
    payload = compose_payload(
        full_text(change, "vi"), nid=1, kind="sd", link=link_path(change), page_url=page_path(change), key="k",
        ttl_seconds=9,
    )  # fmt: skip
    assert payload_bytes(payload) <= MAX_BYTES
    assert payload["body"].startswith(
        "Điểm a khoản 2 Điều 74, điểm b khoản 2 Điều 74, điểm c khoản 2 Điều 74 và 19 chỗ khác: bị bãi bỏ; "
        "khoản 3 Điều 74, khoản 4 Điều 74, khoản 5 Điều 74: được sửa đổi theo Luật Mẫu"
    )
    assert payload["body"].endswith("từ 01/01/2025.")
    assert " and 19 other places: repealed; " in full_text(change, "en").body


def test_an_amendment_tells_what_begins_on_another_day_with_that_day():
    event = {"kind": "takes_effect", "scope": "part", "eids": ["art_9"], "on": "2026-01-01", "cause": ""}
    facts = {"title": "Luật", "on": "2025-01-01", "when": "entered", "act": {"citation": "Luật Khác"}}
    change = Change(
        event_type="document.amended", eids=["art_7"], facts=facts | {"events": [event, event | {"on": None}]}
    )
    assert full_text(change, "vi").body == (
        "Điều 7: được sửa đổi theo Luật Khác từ 01/01/2025. Điều 9: có hiệu lực từ 01/01/2026. "
        "Điều 9: có hiệu lực từ ngày chưa xác định."
    )


def test_an_amendment_in_the_log_from_before_its_units_were_told_apart_is_told_by_its_events():
    repeal = {"kind": "expires", "scope": "part", "eids": ["art_7__clause_1"], "on": "2025-01-01", "cause": ""}
    facts = {"title": "Luật", "on": "2025-01-01", "when": "entered", "act": {"citation": "Luật Khác"}}
    change = Change(event_type="document.amended", eids=["art_7__clause_1"], facts=facts | {"events": [repeal]})
    assert full_text(change, "vi").body == "Khoản 1 Điều 7: bị bãi bỏ theo Luật Khác từ 01/01/2025."


def test_the_push_of_an_amendment_leads_to_what_it_changes(api):
    law = a_document("1/2019/QH14")
    a_follower_of(law, "art_2", "minh")
    amend(an_amending_law(law))
    read_changes()
    diff = api("get", Delivery.objects.get().payload["data"]["link"]).json()
    assert "art_2__clause_1__point_dd" in [change["eid"] for change in diff["changes"]]


@pytest.mark.parametrize(
    ("units", "page"),
    [
        ({"amended": ["art_5__clause_1"]}, "/dieu-5/khoan-1"),
        ({"amended": ["art_5__clause_1", "art_5__clause_3__point_dd"]}, "/dieu-5"),
        ({"amended": ["art_5"], "added": ["art_5__clause_9"]}, "/dieu-5"),
        ({"amended": ["art_5", "art_6"]}, ""),
        ({"repealed": ["art_5__clause_1__point_a"]}, "/dieu-5/khoan-1"),
        ({"added": ["art_5a"]}, ""),
    ],
)
def test_a_push_of_an_amendment_names_the_page_of_what_is_there_before_and_after(units, page):
    facts = {"title": "Luật", "on": "2025-01-01", "units": units, "events": []}
    change = Change(
        event_type="document.amended",
        subject="luat",
        facts=facts,
        eids=[eid for eids in units.values() for eid in eids],
    )
    assert page_path(change) == f"/van-ban/luat{page}"


def test_news_of_the_whole_document_leads_to_its_page_and_of_one_article_to_that_of_the_article():
    ends = {"kind": "expires", "scope": "part", "eids": ["art_7"], "on": "2025-01-01"}
    change = Change(event_type="document.status_entered", subject="luat", eids=["art_7"], facts={"events": [ends]})
    assert page_path(change) == "/van-ban/luat/dieu-7"
    change.facts = {"events": [ends, ends | {"scope": "whole", "eids": []}]}
    assert page_path(change) == "/van-ban/luat"


@pytest.mark.parametrize("event_type", ["document.corrected", "document.amendment_withdrawn", "document.withdrawn"])
def test_news_of_what_may_have_no_page_leads_to_the_document(event_type):
    eids = [] if event_type == "document.withdrawn" else ["art_5a"]
    assert page_path(Change(event_type=event_type, subject="luat", eids=eids, facts={})) == "/van-ban/luat"


def test_a_follower_of_article_and_topic_is_one_push():
    law = a_document("1/2019/QH14", topics=[land()])
    device = a_follower("minh", land())
    follows.follow(device.reader, law.provisions.get(eid="art_2"))
    amend(an_amending_law(law))
    ((target, _body),) = queued_pushes()
    assert target.count(" || ") == 1


def test_midnight_is_told_to_those_who_follow_effect():
    law = a_document("1/2019/QH14", topics=[land()], effective_on=DAY(2025, 1, 1), expires_on=DAY(2025, 6, 1))
    follows.follow(a_device("minh").reader, law, kinds=["effect"])
    follows.follow(a_device("hoa").reader, law, kinds=["new", "amended"])
    bodies = []
    for day in (DAY(2024, 12, 31), DAY(2025, 1, 1), DAY(2025, 5, 31), DAY(2025, 6, 1)):
        record_due_transitions(day)
        record_due_transitions(day)
        bodies += queued_pushes()
    assert bodies == [
        (f"local.vb.{law.pk}.hl.vi", "Toàn bộ văn bản: có hiệu lực từ ngày mai, 01/01/2025."),
        (f"local.vb.{law.pk}.hl.vi", "Toàn bộ văn bản: có hiệu lực từ hôm nay."),
        (f"local.vb.{law.pk}.hl.vi", "Toàn bộ văn bản: hết hiệu lực từ ngày mai, 01/06/2025."),
        (f"local.vb.{law.pk}.hl.vi", "Toàn bộ văn bản: hết hiệu lực từ hôm nay."),
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [("expires", "hết hiệu lực"), ("suspended", "ngưng hiệu lực"), ("resumed", "có hiệu lực trở lại")],
)
def test_repeal_and_suspension_are_told_when_they_become_known_also_to_who_follows_an_article(kind, words):
    law = a_document("1/2019/QH14")
    a_follower_of(law, "art_2", "minh")
    documents.enter_status_event(law, StatusEvent.Kind(kind), on=DAY(2030, 1, 1))
    assert queued_pushes() == [(topic_name(law, "art_2", "hl"), f"Toàn bộ văn bản: {words} từ 01/01/2030.")]


def test_a_part_that_is_suspended_is_named():
    law = a_document("1/2019/QH14")
    a_follower_of(law, "art_2", "minh")
    a_follower_of(law, "art_3", "hoa")
    documents.enter_status_event(
        law, StatusEvent.Kind.SUSPENDED, on=DAY(2030, 1, 1), scope="part", eids=["art_2__clause_1"]
    )
    assert queued_pushes() == [(topic_name(law, "art_2", "hl"), "Khoản 1 Điều 2: ngưng hiệu lực từ 01/01/2030.")]


def test_each_unit_is_told_with_its_own_day_or_none():
    """As Decree 168/2024 says it: three points begin a year later, and one on a day that is not fixed."""
    later, events = "2026-01-01", []
    for eid, on in (
        ("art_27__clause_1__point_b", later),
        ("art_6__clause_3__point_m", later),
        ("art_26__clause_4__point_e", later),
        ("art_32__clause_1__point_b", None),
    ):
        events.append({"kind": "takes_effect", "scope": "part", "eids": [eid], "on": on, "cause": ""})
    facts = {"when": "entered", "on": "2025-01-01", "events": events}
    change = Change(event_type="document.status_entered", facts={"title": "Nghị định"} | facts)
    assert full_text(change, "vi").body == (
        "Điểm m khoản 3 Điều 6, điểm e khoản 4 Điều 26, điểm b khoản 1 Điều 27: có hiệu lực từ 01/01/2026. "
        "Điểm b khoản 1 Điều 32: có hiệu lực từ ngày chưa xác định."
    )
    change.facts["events"].append({"kind": "expires", "scope": "part", "eids": ["art_7"], "on": "2025-02-01"})
    assert full_text(change, "vi").body.startswith("Điều 7: hết hiệu lực từ 01/02/2025. Điểm m khoản 3")
    assert full_text(change, "vi").body.endswith("Và 1 thay đổi khác về hiệu lực.")
    assert full_text(change, "en").body.endswith("1 more change of effect.")


def test_a_unit_within_another_is_not_named_twice():
    assert unit_names(["art_2", "art_2__clause_1", "art_10__clause_2"]) == "Điều 2, khoản 2 Điều 10"
    assert unit_names([f"art_{number}" for number in range(1, 9)]).endswith("Điều 5 và 3 chỗ khác")
    assert unit_names([]) == ""


def test_withdrawing_an_amendment_is_told_to_those_who_were_told_of_it():
    law = a_document("1/2019/QH14")
    a_follower_of(law, "art_2", "minh")
    (amendment,) = amend(an_amending_law(law))
    queued_pushes()
    amendments.withdraw_amendment(amendment)
    ((target, body),) = queued_pushes()
    assert target == topic_name(law, "art_2", "sd")
    assert body.startswith("Đính chính: Điều 1a, điểm b khoản 1 Điều 2, điểm đ khoản 1 Điều 2, khoản 3 Điều 2 không bị")


def test_withdrawing_a_document_is_told_to_those_who_follow_one_of_its_articles(api):
    law = a_document("1/2019/QH14")
    a_follower_of(law, "art_2", "minh")
    editing.withdraw_document(law, reason="Đăng nhầm bản nháp", notify=True)
    read_changes()
    payload = Delivery.objects.get().payload
    assert "thu hồi" in payload["body"]
    answer = api("get", payload["data"]["link"])
    assert (answer.status_code, "Đăng nhầm bản nháp" in answer.json()["detail"]) == (410, True)


def test_every_kind_that_is_told_has_its_words_in_both_languages_and_opens_something(api):
    minh, day = a_device("minh"), today() + datetime.timedelta(days=1)
    law = a_draft("1/2019/QH14", topics=[land()])
    follows.follow(minh.reader, land())
    documents.publish(law)
    documents.correct_document(
        law, a_record("1/2019/QH14", title="Luật Khác"), topics=[land()], reason="tên sai", notify=True
    )
    (amendment,) = amendments.apply_amendments(act := an_amending_law(law, on=day), recognised_instructions(act))
    while read_changes():
        pass
    documents.enter_status_event(law, StatusEvent.Kind.SUSPENDED, on=DAY(2040, 1, 1))
    record_due_transitions(today())
    record_due_transitions(day)
    amendments.withdraw_amendment(amendment)
    while read_changes():
        pass
    opened = {row["subject"]["url"]: api("get", row["subject"]["url"]).status_code for row in heard(api, minh, "vi")}
    assert set(opened.values()) == {200}
    editing.withdraw_document(law, reason="nhầm", notify=True)
    read_changes()
    assert set(Notification.objects.values_list("change__event_type", flat=True)) == set(NOTIFICATION_TYPES)
    vi, en = ([row["body"] for row in heard(api, minh, language)] for language in ("vi", "en"))
    assert all(one != other for one, other in zip(vi, en, strict=True))
    assert {api("get", url).status_code for url in opened} == {410}


def heard(api, device, language):
    return api("get", "inbox", device=device, HTTP_ACCEPT_LANGUAGE=language).json()["results"]


def test_units_are_named_in_order():
    named = unit_names(["art_12__clause_1", "art_2", "art_12a", "art_2__clause_3", "art_12__clause_1__point_a"])
    assert named == "Điều 2, khoản 1 Điều 12, Điều 12a"
    with override("en"):
        assert unit_names([f"art_{number}" for number in range(1, 7)]).endswith("Điều 5 and 1 other place")


def test_what_is_entered_in_silence_is_not_told():
    law = a_document("1/2019/QH14")
    a_follower_of(law, "art_2", "minh")
    amend(an_amending_law(law), notify=False)
    assert queued_pushes() == []
    assert Change.objects.filter(event_type="document.amended").exists()


def test_following_an_article_through_the_api(api):
    law = a_document("1/2019/QH14")
    minh = a_device("minh")
    path = f"follows/article/{law.key}~art_2"
    assert api("put", path, {"kinds": ["amended"]}, device=minh).status_code == 201
    shown = api("get", path, device=minh).json()
    assert (shown["target"], shown["key"]) == ("article", f"{law.key}~art_2")
    assert shown["subject"]["name"] == f"Điều 2 {law.title} năm 2019"
    assert api("get", shown["subject"]["url"]).json()["eid"] == "art_2"
    assert api("get", shown["url"], device=minh).json() == shown
    assert [each["key"] for each in api("get", "follows", device=minh).json()["results"]] == [f"{law.key}~art_2"]
    assert api("delete", path, device=minh).status_code == 204
    assert api("get", path, device=minh).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["article/{key}", "article/{key}~art_99", "article/{key}~art_2__clause_1", "document/{key}~art_2", "article/x/y/z"],
)  # fmt: skip
def test_what_is_no_article_cannot_be_followed(api, path):
    law = a_document("1/2019/QH14")
    answer = api("put", f"follows/{path.format(key=law.key)}", {}, device=a_device("minh"))
    assert answer.status_code == 404
