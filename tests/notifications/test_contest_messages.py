"""What followers and contestants are told of contests, in both languages, once each, and not after it is stale."""

import datetime
import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from content.changes.models import Change
from content.contest_results import services as results
from content.contests import services as contests
from notifications.deliveries.models import Delivery, Notification
from notifications.fanout import read_changes
from notifications.follows import contest_entries, services
from notifications.follows.models import FcmSubscription
from notifications.inbox import queries as inbox
from notifications.messages import push_wording
from tests.builders import a_device, a_follower, land
from tests.builders_contests import (
    DAY,
    HOUR,
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_running_contest,
    close,
    frozen,
    judge,
    round_of,
    shift,
)

pytestmark = pytest.mark.django_db
ENTRY = {"age_band": "adult", "consent": True}


def told():
    """[(event type, audience: FCM topics without the environment)] of the notifications that were made now."""
    before = set(Notification.objects.values_list("pk", flat=True))
    while read_changes():
        pass
    new = Notification.objects.exclude(pk__in=before).order_by("pk").select_related("change")
    return [(each.change.event_type, sorted(each.audience)) for each in new]


def texts(event_type):
    """{language: (title, body)} of the newest change of that type, as a push says it."""
    change = Change.objects.filter(event_type=event_type).latest("pk")
    found = {language: push_wording.push_text(change, language) for language in ("vi", "en")}
    return {language: (text.title, text.body) for language, text in found.items()}


def test_a_follower_of_the_contest_of_its_topic_and_a_contestant_are_told_what_concerns_them():
    contest = contests.announce(frozen(round_of(a_planned_contest())).contest)
    own = [f"ct.{contest.pk}", f"ct.{contest.pk}.ct"]
    ((event_type, audience),) = told()
    assert event_type == "contest.announced"
    assert set(own) < set(audience) and f"lv.{land().pk}.ct" in audience
    shift(contest, -DAY - HOUR / 2)
    results.open_begun_rounds()
    assert told() == [("contest.round_opened", [f"ct.{contest.pk}", f"ct.{contest.pk}.nh"])]
    contests.cancel(contest, reason="Bão số 9")
    assert [event_type for event_type, _audience in told()] == ["contest.cancelled"]


def test_an_open_round_of_a_copy_invites_nobody_to_take_part_here():
    contest = a_running_contest()
    results.open_begun_rounds()
    change = Change.objects.filter(event_type="contest.round_opened", subject=contest.key).get()
    change.facts = change.facts | {"origin": {"home": "boyte.example.vn", "key": "7"}}
    bodies = {language: push_wording.push_text(change, language).body for language in ("vi", "en")}
    assert "Chạm để xem nơi dự thi." in bodies["vi"]
    assert "Tap to see where to take part." in bodies["en"]


def test_who_enters_is_on_the_topics_of_the_contest_until_they_withdraw():
    contest = a_running_contest()
    minh = a_device("minh")

    def wanted():
        return sorted(FcmSubscription.objects.filter(device=minh, desired=True).values_list("fcm_topic", flat=True))

    contest_entries.enter(contest, minh.reader, **ENTRY)
    contest_entries.enter(contest, minh.reader, **ENTRY)
    assert [name.split(".", 1)[1] for name in wanted()] == [f"ct.{contest.pk}.ct.vi", f"ct.{contest.pk}.nh.vi"]
    contest_entries.withdraw(contest, minh.reader)
    assert wanted() == []
    services.follow(minh.reader, contest, kinds=["reminder"])
    assert [name.split(".", 1)[1] for name in wanted()] == [f"ct.{contest.pk}.nh.vi"]


def test_a_long_round_is_reminded_of_once_in_its_last_day_also_after_an_outage():
    contest = a_planned_contest()
    round = round_of(contest)
    contests.revise_round(round, ends_at=round.starts_at + 3 * DAY)
    contests.announce(frozen(round_of(contest)).contest, notify=False)
    starts_at = round_of(contest).starts_at
    ends_at = round_of(contest).ends_at
    moments = [starts_at, ends_at - DAY - HOUR, ends_at - 5 * HOUR, ends_at - HOUR, ends_at + HOUR]
    assert [contests.remind_of_ends(now) for now in moments] == [0, 0, 1, 0, 0]  # the worker was away until 5 hours
    told()
    assert texts("contest.round_ends_soon")["vi"][1].startswith("Vòng 1 kết thúc trong vòng một ngày: ")


def test_a_round_of_an_hour_is_not_reminded_of():
    contest = a_running_contest()
    assert contests.remind_of_ends(round_of(contest).ends_at - datetime.timedelta(minutes=5)) == 0


def test_news_of_a_round_is_not_sent_after_its_end():
    contest = a_running_contest()
    results.open_begun_rounds()
    change = Change.objects.get(event_type="contest.round_opened")
    assert push_wording.relevant_until(change) == round_of(contest).ends_at
    announced = Change.objects.get(event_type="contest.announced")
    assert push_wording.relevant_until(announced) < round_of(contest).ends_at + DAY + HOUR


def test_each_message_is_in_both_languages_with_times_of_viet_nam():
    contest = contests.announce(frozen(round_of(a_planned_contest(title="Tìm hiểu Luật Mẫu"))).contest)
    starts_at = timezone.localtime(round_of(contest).starts_at)
    said = texts("contest.announced")
    assert said["vi"][0] == said["en"][0] == "Tìm hiểu Luật Mẫu"
    assert f"{starts_at:%Hh%M %d/%m/%Y}" in said["vi"][1] and said["en"][1].startswith("A new contest: from ")
    shift(contest, -DAY - HOUR / 2)
    results.open_begun_rounds()
    assert texts("contest.round_opened")["en"][1].startswith("Round 1 is open until ")
    question = round_of(contest).questions.first()
    results.propose_void(question, by=judge(), reason="Luật đã sửa đổi.")
    results.confirm_void(question, by=judge("minh-judges"))
    assert "Luật đã sửa đổi." in texts("contest.question_voided")["vi"][1]
    a_result(contest)
    close(contest)
    results.propose_results(contest, winners=[], by=judge())
    results.publish_results(contest, by=judge("minh-judges"))
    assert texts("contest.results_published") == {
        "vi": ("Tìm hiểu Luật Mẫu", "Đã công bố kết quả. Chạm để xem."),
        "en": ("Tìm hiểu Luật Mẫu", "The results are published. Tap to see them."),
    }


def test_who_follows_a_contest_is_told_that_its_rounds_have_other_times():
    contest = contests.announce(a_planned_contest(title="Tìm hiểu Luật Mẫu"), notify=False)
    round = round_of(contest)
    told()
    contests.correct(contest, reason="Sai chính tả", text="Dành cho mọi người")
    assert told() == []
    round = contests.revise_round(round, starts_at=round.starts_at + DAY, ends_at=round.ends_at + DAY)
    ((event_type, audience),) = told()
    assert (event_type, audience) == ("contest.corrected", [f"ct.{contest.pk}", f"ct.{contest.pk}.ct"])
    said, starts_at = texts("contest.corrected"), timezone.localtime(round.starts_at)
    assert said["en"][1].startswith(f"The rounds have other times: from {starts_at:%Hh%M %d/%m/%Y} to ")
    assert said["vi"] == (contest.title, said["vi"][1]) and said["vi"][1].startswith("Các vòng thi có giờ khác: từ ")
    assert push_wording.relevant_until(Change.objects.latest("pk")) == round.ends_at


def test_nobody_is_notified_of_practice_and_its_times_are_not_those_of_the_contest():
    contest = contests.announce(a_planned_contest(rounds=2), notify=False)
    first, second = round_of(contest), round_of(contest, 2)
    told()
    day = second.ends_at + 5 * DAY
    practice = {"seconds": 60, "sections": first.sections, "is_practice": True}
    added = contests.add_round(contest, bank=a_quiz_bank(), starts_at=day, ends_at=day + HOUR, **practice)
    contests.remove_round(added)
    contests.add_round(contest, bank=a_quiz_bank(), starts_at=day, ends_at=day + HOUR, **practice)
    assert told() == []
    contests.revise_round(first, starts_at=second.ends_at + DAY, ends_at=second.ends_at + 2 * DAY)  # now the later one
    assert len(told()) == 1
    starts_at, ends_at = timezone.localtime(second.starts_at), timezone.localtime(second.ends_at + 2 * DAY)
    said = texts("contest.corrected")["en"][1]
    assert f"from {starts_at:%Hh%M %d/%m/%Y} to {ends_at:%Hh%M %d/%m/%Y}" in said
    assert push_wording.relevant_until(Change.objects.latest("pk")) == second.ends_at + 2 * DAY


def test_private_news_say_on_the_lock_screen_neither_which_contest_nor_what():
    contest = a_running_contest()
    minh = a_follower("minh")
    contest_entries.enter(contest, minh.reader, **ENTRY)
    attempt = a_result(contest, 4, reader=minh.reader)
    close(contest)
    results.propose_results(contest, winners=[(attempt.entry.code, "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("minh-judges"))
    results.ask_identity(contest.winners.get(), by=judge())
    other = a_running_contest()
    contest_entries.enter(other, minh.reader, **ENTRY)
    results.disqualify(other.entries.get(), by=judge(), reason="Hai người làm một bài.")
    told()
    own = Delivery.objects.filter(notification__reader=minh.reader)
    assert {(each.payload["title"], each.payload["body"]) for each in own} == {
        ("Cuộc thi của bạn", "Có tin dành cho bạn. Chạm để đọc.")
    }
    assert own.count() == 3
    entries = inbox.inbox_of(minh.reader).filter(reader=minh.reader).order_by("pk")
    bodies = [push_wording.inbox_text(each.change, "vi", each.title) for each in entries]
    assert {text.title for text in bodies} == {contest.title}
    assert [text.body for text in bodies] == [
        "Đã có kết quả của bạn. Chạm để xem.",
        "Bạn có thể được trao giải. Chạm để cho biết bạn là ai.",
        "Bạn đã bị loại khỏi bảng xếp hạng. Chạm để xem lý do; bạn có quyền khiếu nại.",
    ]
    paths = [push_wording.link_path(each.change) for each in entries]
    assert paths == [f"/api/v1/contests/{contest.key}/{name}" for name in ("standing", "entry")] + [
        f"/api/v1/contests/{other.key}/entry"
    ]


def test_who_followed_every_kind_before_gets_contests_and_others_do_not():
    minh = a_follower("minh", land())
    hoa = a_device("hoa")
    services.follow(hoa.reader, land(), kinds=["new"])
    FcmSubscription.objects.filter(fcm_topic__contains=".ct.").delete()  # as before this release
    migration = importlib.import_module("notifications.migrations.0051_every_kind_includes_contests")
    for _ in range(2):  # it may run again
        with connection.schema_editor() as editor:
            migration.subscribe(apps, editor)
    found = FcmSubscription.objects.filter(fcm_topic__contains=".ct.", desired=True)
    assert {each.device_id for each in found} == {minh.pk}
    assert found.filter(fcm_topic=f"local.lv.{land().pk}.ct.vi").exists()
