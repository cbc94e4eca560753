"""Rounds of an announced contest: what may still be changed of them, and that everybody learns of it."""

import datetime
import importlib

import pytest
from django.db import connection
from django.utils import timezone

from content.changes.models import Change
from content.contests import queries, services
from content.contests.models import Contest, Round
from content.errors import RuleBroken
from content.question_banks import services as banks
from tests.builders import a_member_of_staff, approver
from tests.builders_contests import (
    DAY,
    HOUR,
    a_planned_contest,
    a_quiz_bank,
    a_running_contest,
    close,
    frozen,
    round_of,
    shift,
)

pytestmark = pytest.mark.django_db


def refused(call, *arguments, **columns):
    """(code, field) of the RuleBroken that this raises; no contest, round or change differs after it."""
    models = (Contest, Round, Change)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **columns)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    return refusal.value.code, refusal.value.field


def partly_frozen(**columns):
    """An announced contest of two rounds of an hour; the first is frozen and has begun, nobody froze the second."""
    contest = a_planned_contest(rounds=2, **columns)
    frozen(round_of(contest))
    services.announce(contest, notify=False)
    shift(contest, -DAY - HOUR / 2)
    contest.refresh_from_db()
    return contest


def a_practice_round(contest, **columns):
    day = timezone.now() + 3 * DAY
    defaults = {
        "bank": a_quiz_bank(2), "starts_at": day, "ends_at": day + HOUR, "seconds": 60,
        "sections": [{"topic": "", "count": 1}], "is_practice": True,
    }  # fmt: skip
    return services.add_round(contest, **(defaults | columns))


def corrections(contest):
    """[(whether people are notified, whether words were removed)] of each correction."""
    found = Change.objects.filter(subject=contest.key, event_type="contest.corrected").order_by("pk")
    return [(each.notify, each.facts["removes_words"]) for each in found]


def test_no_ranked_round_is_changed_or_removed_after_the_first_has_begun():
    contest = partly_frozen()
    second, practice = round_of(contest, 2), a_practice_round(contest)
    fixed = ("rules_are_fixed", "starts_at")
    assert refused(services.revise_round, second, seconds=60) == fixed
    assert refused(services.remove_round, second) == fixed
    assert refused(services.revise_round, practice, is_practice=False) == fixed
    assert services.revise_round(practice, seconds=90).seconds == 90
    services.remove_round(practice)
    shift(contest, -HOUR)  # the second would have begun
    assert refused(services.revise_round, second, starts_at=timezone.now() + DAY)[0] == "rules_are_fixed"
    services.remove_round(second)
    assert [each.number for each in contest.rounds.all()] == [1]


@pytest.mark.parametrize("ending", ["cancelled", "closed"])
def test_a_round_of_a_contest_that_is_over_is_neither_changed_nor_removed(ending):
    contest = a_running_contest()
    practice = a_practice_round(contest)
    if ending == "cancelled":
        services.cancel(contest, reason="Bão")
    else:
        close(contest)
    contest.refresh_from_db()
    assert contest.status == ending
    for call in (services.revise_round, services.remove_round):
        assert refused(call, practice) == ("wrong_status", "status")


def test_everybody_learns_of_other_rounds_and_is_notified_where_the_times_of_ranked_ones_move():
    contest = services.announce(a_planned_contest(a_quiz_bank(), rounds=2), notify=False)
    before = contest.changed_at
    round = round_of(contest, 2)
    services.revise_round(round, starts_at=round.starts_at + DAY, ends_at=round.ends_at + DAY, title="Chung kết")
    contest.refresh_from_db()
    assert contest.changed_at > before
    told = Change.objects.get(event_type="contest.corrected").facts["rounds"][1]["starts_at"]
    assert datetime.datetime.fromisoformat(told) == round.starts_at + DAY
    services.revise_round(round, title="Vòng cuối")
    practice = a_practice_round(contest)
    services.remove_round(practice)
    assert corrections(contest) == [(True, False), (False, True), (False, False), (False, False)]


def test_of_a_draft_nothing_is_recorded_and_an_announced_contest_keeps_a_round():
    draft = a_planned_contest(a_quiz_bank(2))
    services.revise_round(round_of(draft), seconds=60)
    assert not Change.objects.filter(subject=draft.key).exists()
    announced = services.announce(draft, notify=False)
    assert refused(services.remove_round, round_of(announced)) == ("round_required", "rounds")


def test_who_wrote_or_revised_a_contest_does_not_announce_it():
    lan, minh = (a_member_of_staff(name, "publisher") for name in ("lan", "minh"))
    contest = a_planned_contest(a_quiz_bank(2), by=lan)
    services.revise(contest, by=minh, text="Dành cho mọi người")
    for author in (lan, minh):
        assert refused(services.announce, contest, by=author)[0] == "not_allowed"
    hoa = a_member_of_staff("hoa", "publisher")
    assert services.announce(contest, by=hoa).written_by == lan


def test_who_wrote_or_revised_a_draft_of_an_earlier_version_does_not_announce_it():
    lan, minh = (a_member_of_staff(name, "publisher") for name in ("lan", "minh"))
    contest, untouched = (a_planned_contest(a_quiz_bank(2), by=lan) for _ in range(2))
    Contest.objects.filter(pk=contest.pk).update(written_by=minh)  # as a revision did then
    migration = importlib.import_module("content.migrations.0206_drafts_name_author_and_reviser")
    with connection.cursor() as cursor:
        cursor.execute(migration.SQL)
    contest.refresh_from_db()
    assert (contest.written_by, contest.revised_by) == (lan, minh)
    for author in (lan, minh):
        assert refused(services.announce, contest, by=author)[0] == "not_allowed"
    untouched.refresh_from_db()
    assert (untouched.written_by, untouched.revised_by) == (lan, None)


def test_what_is_public_of_an_ended_contest_can_still_be_corrected():
    contest = a_running_contest()
    close(contest)
    corrected = services.correct(contest, reason="Sai chính tả", text="Dành cho mọi người")
    assert (corrected.status, corrected.text) == ("closed", "Dành cho mọi người")
    assert refused(services.correct, contest, reason="x", results_shown="at_once")[0] == "rules_are_fixed"


def test_a_round_is_another_once_it_is_practice_or_a_question_was_approved_again():
    bank = a_quiz_bank(2)
    round = round_of(a_planned_contest(bank, size=2))
    seen = queries.round_fingerprint(round)
    question = banks.revise_question(bank.questions.first())
    banks.approve_question(question, by=approver())
    again = queries.round_fingerprint(round)
    services.revise_round(round, is_practice=True)
    assert len({seen, again, queries.round_fingerprint(round_of(round.contest))}) == 3


def test_the_clock_of_the_database_decides_whatever_that_of_a_web_server_says(monkeypatch):
    contest = a_planned_contest(a_quiz_bank(2), size=2)
    late = timezone.now() + 2 * DAY
    monkeypatch.setattr(timezone, "now", lambda: late)  # a machine two days fast
    assert frozen(round_of(contest)).frozen_at < late - DAY
    assert services.announce(contest, notify=False).announced_at < late - DAY
    practice = {"is_practice": False, "starts_at": late + DAY, "ends_at": late + 2 * DAY}
    assert a_practice_round(contest, **practice).number == 2  # the first has not begun
