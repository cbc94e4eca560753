"""Contests on the staff site: 24h00 ends, rounds frozen and results published by two people, audited identities."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from content import vietnam_time
from content.contest_results import services as results
from content.contest_results.models import Disqualification, Winner, WinnerIdentity
from content.contest_results.queries import identity_fingerprint
from content.contests import queries, services
from content.contests.models import Contest, Round
from content.people.models import AuditRow, Role
from tests.builders import a_member_of_staff, land
from tests.builders_contests import (
    a_planned_contest,
    a_quiz_bank,
    a_result,
    a_result_with,
    a_running_contest,
    close,
    frozen,
    judge,
    proposer,
    round_of,
)

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ALL = set(Role.values)
WRITES, DECIDES, PUBLISHES = {"editor", "publisher"}, {"approver", "publisher"}, {"publisher"}
HERE = "/staff/content/"


def signed_in(*roles, name="somebody"):
    browser = Client()
    browser.force_login(a_member_of_staff(name, *roles), BACKEND)
    return browser


def contest_form(**columns):
    return {
        "title": "Tìm hiểu Luật Đất đai",
        "prizes": "Giải Nhất: 5.000.000 đồng",
        "topics": [land().pk],
        "max_attempts": "2",
        "score_policy": "best",
        "ranking_2": "duration",
        "ranking_3": "submitted_at",
        "results_shown": "at_close",
        "identity": "device",
        "brackets": "Học sinh\nNgười lớn",
        "units": "Trường Một\nTrường Hai",
    } | columns


def round_form(bank, **columns):
    day = f"{vietnam_time.today() + datetime.timedelta(days=3):%d/%m/%Y}"
    return {
        "bank": bank.pk,
        "start_day": day,
        "start_time": "7h30",
        "end_day": day,
        "end_time": "24h00",
        "minutes": "15",
        "sections-TOTAL_FORMS": "2",
        "sections-INITIAL_FORMS": "0",
        "sections-0-topic": land().key,
        "sections-0-count": "4",
        "sections-1-topic": "",
        "sections-1-count": "",
    } | columns


def seen_on(browser, address):
    """What the form of the page carries of what the person read."""
    context = browser.get(address).context
    return context["form"].fields["seen"].initial if "seen" in context["form"].fields else context["seen"]


def a_disqualified(contest, *, objection=""):
    attempt = a_result(contest)
    decision = results.disqualify(attempt.entry, by=judge(), reason="Hai máy một lúc")
    if objection:
        results.object_to_disqualification(attempt.entry, text=objection)
    return decision


def a_winner(*, identity=True):
    """Asked who they are, and has said it."""
    contest = a_running_contest()
    attempt = a_result(contest, 4)
    close(contest)
    results.propose_results(contest, winners=[(attempt.entry.code, "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("minh-judges"))
    winner = results.ask_identity(contest.winners.get(), by=judge())
    if identity:
        said = {"name": "Nguyễn Thị Hạnh", "contact": "hanh@example.com", "document_number": "001000000001"}
        results.give_identity(winner, attempt.entry.reader, consent=True, naming_consent=True, **said)
    return winner


@pytest.mark.parametrize("role", Role.values)
def test_what_a_role_may_open(role):
    browser = signed_in(role)
    draft, running, winner = a_planned_contest(), a_running_contest(), a_winner()
    planned, opened_round = round_of(draft), round_of(running)
    asked, decision = opened_round.questions.first(), a_disqualified(running, objection="Không phải tôi")
    proposed = round_of(a_planned_contest())
    contest, round, question = f"{HERE}contest/", f"{HERE}round/", f"{HERE}roundquestion/"
    out, prize = f"{HERE}disqualification/", f"{HERE}winner/"
    may = {
        contest: ALL,
        f"{contest}add/": WRITES,
        f"{contest}{draft.pk}/change/": ALL,
        f"{contest}{draft.pk}/write/": WRITES,
        f"{contest}{running.pk}/write/": DECIDES,
        f"{contest}{draft.pk}/transition/announce/": DECIDES,
        f"{contest}{running.pk}/transition/cancel/": DECIDES,
        f"{contest}{draft.pk}/rounds/add/": WRITES,
        f"{contest}rounds/{planned.pk}/write/": WRITES,
        f"{contest}rounds/{planned.pk}/remove/": WRITES,
        f"{contest}rounds/{opened_round.pk}/write/": set(),
        f"{contest}{draft.pk}/delete/": set(),
        round: ALL,
        f"{round}{planned.pk}/change/": ALL,
        f"{round}{proposed.pk}/transition/propose_freeze/": WRITES,
        f"{round}{opened_round.pk}/live/": ALL,
        f"{round}{opened_round.pk}/signals/": DECIDES,
        question: DECIDES,
        f"{question}{asked.pk}/change/": DECIDES,
        f"{question}{asked.pk}/transition/propose_void/": DECIDES,
        f"{question}{asked.pk}/transition/confirm_void/": set(),  # nobody has proposed it
        out: DECIDES,
        f"{out}add/?contest={running.pk}": DECIDES,
        f"{out}{decision.pk}/change/": DECIDES,
        f"{out}{decision.pk}/transition/decide/": DECIDES,
        prize: DECIDES,
        f"{prize}{winner.pk}/change/": DECIDES,
        f"{prize}{winner.pk}/identity/": DECIDES,
        f"{prize}{winner.pk}/transition/verify/?seen=x": DECIDES,
        f"{prize}contest/{running.pk}/": DECIDES,
    }
    opened = {address for address in may if browser.get(address).status_code == 200}
    assert opened == {address for address, roles in may.items() if role in roles}


def test_a_stranger_is_asked_who_they_are():
    winner = a_winner()
    for address in ("contest/", "round/", "roundquestion/", "disqualification/", f"winner/{winner.pk}/identity/"):
        assert Client().get(HERE + address).url.startswith("/staff/login/")
        assert Client().post(HERE + address).url.startswith("/staff/login/")


def test_a_contest_is_planned_frozen_by_two_and_announced_by_another():
    lan, hoa, bank = signed_in("publisher", name="lan"), signed_in("approver", name="hoa"), a_quiz_bank()
    lan.post(f"{HERE}contest/add/", contest_form())
    contest = Contest.objects.get()
    assert (contest.ranking, contest.brackets) == (["correct", "duration", "submitted_at"], ["Học sinh", "Người lớn"])
    lan.post(f"{HERE}contest/{contest.pk}/rounds/add/", round_form(bank))
    round = Round.objects.get()
    day = vietnam_time.today() + datetime.timedelta(days=3)
    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), vietnam_time.VIETNAM_TIME)
    assert (round.ends_at, round.seconds) == (midnight, 900)
    assert round.sections == [{"topic": land().key, "count": 4}]
    page = lan.get(f"{HERE}contest/{contest.pk}/change/").content.decode()
    assert f"Vòng 1: từ 07h30 {day:%d/%m/%Y} đến 24h00 {day:%d/%m/%Y}" in page
    assert "Xếp hạng lần lượt theo: số câu đúng, thời gian làm bài, nộp bài sớm hơn" in page
    form = lan.get(f"{HERE}contest/rounds/{round.pk}/write/").content.decode()
    assert 'value="24h00"' in form and f'value="{day:%d/%m/%Y}"' in form

    here = f"{HERE}round/{round.pk}/"
    propose, freeze = f"{here}transition/propose_freeze/", f"{here}transition/freeze/"
    lan.post(propose, {"seen": seen_on(lan, propose)})
    assert lan.get(freeze).status_code == 403  # she proposed it
    hoa.post(freeze, {"seen": seen_on(hoa, freeze)})
    round.refresh_from_db()
    page = lan.get(f"{here}change/").content.decode()
    assert round.status == "frozen" and round.seed_hash in page and round.pool_hash in page
    assert bytes(round.seed).hex() not in page

    announce = f"{HERE}contest/{contest.pk}/transition/announce/"
    assert lan.get(announce).status_code == 403  # she wrote it
    hoa.post(announce, {"seen": seen_on(hoa, announce)})
    contest.refresh_from_db()
    assert contest.status == "announced"
    rows = AuditRow.objects.filter(subject__startswith=contest.key).order_by("pk")
    assert list(rows.values_list("action", "by__username")) == [
        ("contest.planned", "lan"), ("round.added", "lan"), ("round.propose_freeze", "lan"), ("round.freeze", "hoa"),
        ("contest.announce", "hoa"),
    ]  # fmt: skip


def test_an_announced_contest_is_corrected_without_its_rules_and_cancelled_with_a_reason():
    contest, hoa = a_running_contest(), signed_in("approver", name="hoa")
    write, cancel = f"{HERE}contest/{contest.pk}/write/", f"{HERE}contest/{contest.pk}/transition/cancel/"
    form = hoa.get(write)
    assert "max_attempts" not in form.context["form"].fields
    sent = contest_form(title="Tên đúng", seen=form.context["form"]["seen"].value(), max_attempts="9")
    assert "errorlist" in hoa.post(write, sent).content.decode()  # without a reason
    hoa.post(write, sent | {"reason": "Sai tên"})
    contest.refresh_from_db()
    assert (contest.title, contest.max_attempts) == ("Tên đúng", 1)
    hoa.post(cancel, {"reason": "Bão số 9", "seen": seen_on(hoa, cancel)})
    contest.refresh_from_db()
    assert contest.status == "cancelled"
    assert "Bão số 9" in hoa.get(f"{HERE}contest/{contest.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"start_time": "25:00"}, "Nhập giờ từ 00:00 đến 24:00."),
        ({"end_time": "7h00"}, "sau"),
        ({"end_day": "31/02/2027"}, "errorlist"),
        ({"minutes": "0"}, "giây"),
        ({"minutes": "-1"}, "errorlist"),
        ({"sections-0-count": ""}, "chủ đề"),
        ({"sections-0-count": "0"}, "errorlist"),
        ({"sections-0-topic": "no-such-topic"}, "errorlist"),
        ({"sections-0-count": "201"}, "200"),
        ({"sections-TOTAL_FORMS": ""}, "errorlist"),
    ],
)
def test_a_round_that_cannot_be_is_refused_in_words_and_what_was_typed_stays(columns, said):
    contest, lan = a_planned_contest(rounds=0), signed_in("editor", name="lan")
    sent = round_form(a_quiz_bank(), title="Vòng chung kết") | columns
    page = lan.post(f"{HERE}contest/{contest.pk}/rounds/add/", sent).content.decode()
    assert "errorlist" in page and said in page and 'value="Vòng chung kết"' in page
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    "columns",
    [
        {"ranking_2": "prediction", "ranking_3": "draw"},
        {"ranking_2": "duration", "ranking_3": "duration"},
        {"ranking_3": "", "ranking_2": "duration"},
        {"identity": "signed_in"},
        {"max_attempts": "0"},
        {"min_age": "30", "max_age": "10"},
        {"brackets": "A\na"},
        {"title": " "},
    ],
)
def test_rules_that_cannot_be_are_refused_and_what_was_typed_stays(columns):
    lan = signed_in("editor", name="lan")
    page = lan.post(f"{HERE}contest/add/", contest_form() | columns).content.decode()
    assert "errorlist" in page and "Giải Nhất: 5.000.000 đồng" in page
    assert not Contest.objects.exists()


def test_what_changed_meanwhile_is_neither_overwritten_frozen_nor_announced_unread():
    contest, lan, hoa = a_planned_contest(), signed_in("editor", name="lan"), signed_in("approver", name="hoa")
    round = round_of(contest)
    write, announce = f"{HERE}contest/{contest.pk}/write/", f"{HERE}contest/{contest.pk}/transition/announce/"
    propose = f"{HERE}round/{round.pk}/transition/propose_freeze/"
    opened, read = lan.get(write).context["form"]["seen"].value(), seen_on(hoa, announce)
    read_round = seen_on(lan, propose)
    Contest.objects.filter(pk=contest.pk).update(title="Tên khác")
    Round.objects.filter(pk=round.pk).update(seconds=60)
    shown = lan.post(write, contest_form(title="Tên của Lan", seen=opened)).content.decode()
    assert "Tên khác" in shown and "Tên của Lan" in shown
    assert "đã thay đổi" in hoa.post(announce, {"seen": read}).content.decode()
    assert "đã thay đổi" in lan.post(propose, {"seen": read_round}).content.decode()
    assert (Contest.objects.get().title, Contest.objects.get().status) == ("Tên khác", "draft")
    assert Round.objects.get().status == "draft"


def test_a_round_is_removed_before_it_is_proposed():
    contest, lan = a_planned_contest(rounds=2), signed_in("editor", name="lan")
    lan.post(f"{HERE}contest/rounds/{round_of(contest, 2).pk}/remove/")
    assert [each.number for each in contest.rounds.all()] == [1]
    frozen(round_of(contest))
    assert lan.post(f"{HERE}contest/rounds/{round_of(contest).pk}/remove/").status_code == 403
    assert contest.rounds.count() == 1


def test_the_live_round_counts_attempts_by_the_minute_and_shows_no_name():
    contest, tam = a_running_contest(), signed_in("answerer", name="tam")
    attempts = [a_result(contest, right) for right in (1, 2, 3)]
    results.settle_all()
    answer = tam.get(f"{HERE}round/{round_of(contest).pk}/live/")
    counts = answer.context["counts"]
    assert (counts.open, counts.waiting, counts.contestants, counts.attempts) == (0, 0, 3, 3)
    started, submitted = answer.context["charts"]
    assert sum(sum(row) for _minute, row in started.rows) == sum(sum(row) for _minute, row in submitted.rows) == 3
    assert len(started.rows) == 60
    assert "<svg" in answer.content.decode()
    assert str(attempts[0].entry.reader_id) not in answer.content.decode()


def test_a_question_is_voided_by_two_people():
    contest = a_running_contest()
    asked = round_of(contest).questions.first()
    hoa, minh = signed_in("approver", name="hoa"), signed_in("publisher", name="minh")
    propose, confirm = (f"{HERE}roundquestion/{asked.pk}/transition/{name}_void/" for name in ("propose", "confirm"))
    assert "errorlist" in hoa.post(propose, {"reason": ""}).content.decode()
    hoa.post(propose, {"reason": "Luật đã sửa"})
    assert hoa.post(confirm).status_code == 403
    asked.refresh_from_db()
    assert asked.voided_at is None
    assert "Luật đã sửa" in minh.get(confirm).content.decode()
    seen = queries.void_fingerprint(asked)
    assert f'value="{seen}"' in minh.get(confirm).content.decode()
    hoa.post(propose, {"reason": "Câu hỏi khó quá"})
    assert "errorlist" in minh.post(confirm, {"seen": seen}).content.decode()
    asked.refresh_from_db()
    assert asked.voided_at is None
    minh.post(confirm, {"seen": queries.void_fingerprint(asked)})
    asked.refresh_from_db()
    assert (asked.voided_at is None, asked.voided_by.username, asked.round.void_count) == (False, "minh", 1)
    assert minh.get(propose).status_code == 403  # it counts for nobody already


def test_who_freezes_is_warned_where_scores_of_several_attempts_tell_the_answers():
    warning = "ai làm lại sẽ biết câu trả lời nào đúng"
    hoa = signed_in("approver", name="hoa")
    for columns, is_warned in (
        ({"max_attempts": None, "results_shown": "at_once"}, True),
        ({"max_attempts": None, "results_shown": "at_close"}, False),
        ({"max_attempts": None, "results_shown": "at_once", "is_practice": True}, False),
    ):
        round = round_of(a_planned_contest(**columns))
        services.propose_freeze(round, by=proposer())
        page = hoa.get(f"{HERE}round/{round.pk}/transition/freeze/").content.decode()
        assert (warning in page) is is_warned, columns


def test_signals_name_codes_and_decide_nothing():
    contest, hoa = a_running_contest(a_quiz_bank(4), units=["Trường Một"]), signed_in("approver", name="hoa")
    minute = timezone.now().replace(second=0, microsecond=0)
    same = {"unit": "Trường Một", "minute": minute, "duration_ms": 1500}
    fast = [a_result_with(contest, (1, 1, 1, 0), **same) for _ in range(3)]
    page = hoa.get(f"{HERE}round/{round_of(contest).pk}/signals/").content.decode()
    assert all(page.count(attempt.entry.code) >= 2 for attempt in fast)
    assert "Trường Một" in page
    assert not Disqualification.objects.exists()


def test_a_contestant_is_disqualified_and_another_person_decides_on_the_objection():
    contest = a_running_contest()
    entry = a_result(contest).entry
    hoa, minh = signed_in("approver", name="hoa"), signed_in("publisher", name="minh")
    add = f"{HERE}disqualification/add/?contest={contest.pk}"
    assert "Không người dự thi nào" in hoa.post(add, {"code": "zzz", "reason": "x"}).content.decode()
    assert hoa.get(f"{HERE}disqualification/add/").status_code == 404
    hoa.post(add, {"code": entry.code.upper(), "reason": "Dùng hai máy"})
    decision = Disqualification.objects.get()
    here, decide = (f"{HERE}disqualification/{decision.pk}/{page}/" for page in ("change", "transition/decide"))
    assert (decision.entry, decision.reason) == (entry, "Dùng hai máy")
    assert minh.get(decide).status_code == 403  # nobody has objected
    results.object_to_disqualification(entry, text="Chỉ một máy")
    assert hoa.get(decide).status_code == 403  # she disqualified
    assert "Chỉ một máy" in minh.get(here).content.decode()
    assert 'data-kept="no"' in minh.get(decide).content.decode()
    assert "errorlist" in minh.post(decide, {"lift": "", "reason": "Đúng"}).content.decode()
    minh.post(decide, {"lift": "yes", "reason": "Đúng là một máy"})
    decision.refresh_from_db()
    assert (decision.is_lifted, decision.decided_by.username) == (True, "minh")
    assert "Đúng là một máy" in hoa.get(here).content.decode()


def test_results_are_proposed_by_one_and_published_by_another():
    contest = a_running_contest()
    first, second = a_result(contest, 4), a_result(contest, 2)
    close(contest)
    hoa, minh = signed_in("approver", name="hoa"), signed_in("publisher", name="minh")
    here = f"{HERE}winner/contest/{contest.pk}/"
    page = hoa.get(here).content.decode()
    assert page.index(first.entry.code) < page.index(second.entry.code)
    propose = f"{here}propose_results/"
    wrong = {"seen": seen_on(hoa, propose), "winners": first.entry.code}
    assert "mã số | giải" in hoa.post(propose, wrong).content.decode()
    unknown = hoa.post(propose, wrong | {"winners": "zzz | Giải Nhất"}).content.decode()
    assert "zzz" in unknown and "errorlist" in unknown and not Winner.objects.exists()
    sent = {"seen": seen_on(hoa, propose), "winners": f"{first.entry.code} | Giải Nhất\n{second.entry.code}|Giải Nhì"}
    hoa.post(propose, sent)
    assert list(Winner.objects.values_list("entry__code", "prize", "position")) == [
        (first.entry.code, "Giải Nhất", 1), (second.entry.code, "Giải Nhì", 2),
    ]  # fmt: skip
    publish = f"{here}publish_results/"
    assert hoa.get(publish).status_code == 403  # she proposed them
    assert hoa.get(f"{HERE}disqualification/add/?contest={contest.pk}").status_code == 403
    minh.post(publish, {"seen": seen_on(minh, publish)})
    contest.refresh_from_db()
    assert (contest.status, contest.results_published_by.username) == ("published", "minh")
    assert hoa.get(propose).url == here  # not possible any more: it says so on the page of the results


def test_results_are_returned_with_a_reason():
    contest, hoa = a_running_contest(), signed_in("approver", name="hoa")
    attempt = a_result(contest)
    close(contest)
    results.propose_results(contest, winners=[(attempt.entry.code, "Giải Nhất")], by=judge())
    back = f"{HERE}winner/contest/{contest.pk}/return_results/"
    assert "errorlist" in hoa.post(back, {"reason": ""}).content.decode()
    hoa.post(back, {"reason": "Thiếu giải Nhì"})
    contest.refresh_from_db()
    assert (contest.status, Winner.objects.count()) == ("closed", 0)


def test_a_drawing_of_lots_is_recorded_where_the_rules_have_one():
    contest, hoa = a_running_contest(ranking=["correct", "draw"]), signed_in("approver", name="hoa")
    codes = [a_result(contest, 2).entry.code for _ in range(2)]
    close(contest)
    draw = f"{HERE}winner/contest/{contest.pk}/draw/"
    hoa.post(draw, {"codes": "\n".join(reversed(codes)), "reason": "Trước hội đồng, 9h00"})
    results.run_schedule()
    ranks = dict(contest.standings.values_list("entry__code", "rank"))
    assert ranks == {codes[1]: 1, codes[0]: 2}
    other = a_running_contest()
    assert hoa.get(f"{HERE}winner/contest/{other.pk}/draw/").status_code == 403


def test_who_a_winner_is_is_shown_after_a_click_and_each_time_audited():
    winner, hoa = a_winner(), signed_in("approver", name="hoa")
    here, page = f"{HERE}winner/{winner.pk}/change/", f"{HERE}winner/{winner.pk}/identity/"
    reads = AuditRow.objects.filter(action="winner.identity_read", subject=winner.key)
    for address in (here, page, f"{HERE}winner/", f"{HERE}winner/contest/{winner.contest_id}/"):
        assert "Hạnh" not in hoa.get(address).content.decode()
    assert reads.count() == 0
    for count in (1, 2):
        shown = hoa.post(page).content.decode()
        assert "Nguyễn Thị Hạnh" in shown and "001000000001" not in shown
        assert list(reads.values_list("by__username", flat=True)) == ["hoa"] * count
    assert signed_in("editor", name="lan").post(page).status_code == 403


def test_a_winner_is_verified_by_one_and_published_by_another():
    winner, hoa, minh = a_winner(), signed_in("approver", name="hoa"), signed_in("publisher", name="minh")
    verify, publish = (f"{HERE}winner/{winner.pk}/transition/{name}/" for name in ("verify", "publish"))
    read = f"{HERE}winner/{winner.pk}/identity/"
    assert hoa.get(verify)["Location"] == read  # first read who the winner is
    assert "errorlist" in hoa.post(verify).content.decode()
    seen = identity_fingerprint(winner.identity)
    assert f"verify/?seen={seen}" in hoa.post(read).content.decode()
    assert seen in hoa.get(f"{verify}?seen={seen}").content.decode()
    hoa.post(verify, {"seen": seen})
    assert hoa.get(publish).status_code == 403
    minh.post(publish)
    winner.refresh_from_db()
    assert (winner.status, winner.name, winner.published_by.username) == ("published", "Nguyễn Thị Hạnh", "minh")


def test_a_winner_who_may_not_win_is_passed_over_and_who_they_are_is_erased():
    winner, hoa = a_winner(), signed_in("approver", name="hoa")
    pass_over = f"{HERE}winner/{winner.pk}/transition/pass_over/"
    assert "errorlist" in hoa.post(pass_over, {"reason": " "}).content.decode()
    hoa.post(pass_over, {"reason": "Không trả lời"})
    winner.refresh_from_db()
    assert (winner.status, winner.pass_over_reason) == ("passed_over", "Không trả lời")
    assert not WinnerIdentity.objects.exists()


def test_the_lists_cost_the_same_however_many_rows(django_assert_max_num_queries):
    hoa = signed_in("publisher", name="hoa")
    for _round in range(2):
        for _ in range(2):
            a_planned_contest()
            a_disqualified(a_running_contest())
            a_winner(identity=False)
        for name in ("contest", "round", "roundquestion", "disqualification", "winner"):
            with django_assert_max_num_queries(14):
                assert hoa.get(f"{HERE}{name}/").status_code == 200
