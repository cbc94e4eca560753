"""The page of a contest: what it says first, its rules, and the data for search engines."""

import pytest

from content.contest_results import services as results
from content.contests import services as contests
from tests.builders_contests import (
    DAY,
    a_planned_contest,
    a_result,
    a_running_contest,
    close,
    frozen,
    judge,
    round_of,
    shift,
)
from tests.web_pages import alternates_of, data_of, links, page, words

pytestmark = pytest.mark.django_db
HOME = "http://127.0.0.1:8000"


def test_it_says_first_whether_it_is_open_then_rounds_rules_and_prizes(client):
    contest = a_running_contest(text="Cuộc thi <mẫu>.", prizes="Một bộ sách.")
    answer = page(client, f"/cuoc-thi/{contest.key}")
    assert answer.status_code == 200
    shown = words(answer)
    for told in ("Đang mở: hãy dự thi trong ứng dụng", "Cuộc thi <mẫu>.", "Một bộ sách.", round_of(contest).seed_hash):
        assert told in shown
    assert "Mỗi người có 1 lượt trong mỗi vòng." in shown
    assert alternates_of(answer)["application/json"] == f"{HOME}/api/v1/contests/{contest.key}"
    assert "Thứ hạng, theo mã" not in links(answer)  # the rules show ranks after the end
    english = words(client.get(f"/cuoc-thi/{contest.key}?lang=en", headers={"Accept": "text/html"}))
    assert "Open now: take part in the app" in english


def test_its_banner_follows_the_contest_and_the_proof_its_end(client):
    contest = a_running_contest()
    attempt = a_result(contest, 4)
    close(contest)
    answer = page(client, f"/cuoc-thi/{contest.key}")
    assert "Đã kết thúc; kết quả sẽ có sau" in words(answer)
    assert links(answer)["Thứ hạng, theo mã"] == f"{HOME}/api/v1/contests/{contest.key}/leaderboard"
    assert links(answer)["Bằng chứng"].endswith(f"/contests/{contest.key}/rounds/1/proof")
    results.propose_results(contest, winners=[(attempt.entry.code, "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    assert "Đã công bố kết quả" in words(page(client, f"/cuoc-thi/{contest.key}"))
    cancelled = contests.announce(a_planned_contest(round_of(contest).bank), notify=False)
    contests.cancel(cancelled, reason="Bão số 9")
    shown = words(page(client, f"/cuoc-thi/{cancelled.key}"))
    assert "Bão số 9" in shown and "Đã hủy: cuộc thi không diễn ra" in shown


def test_its_banner_says_when_a_round_begins_later_and_that_it_is_over_before_the_worker_has_closed_it(client):
    contest = contests.announce(a_planned_contest(), notify=False)
    frozen(round_of(contest))
    assert "Đã công bố: vòng thi bắt đầu sau" in words(page(client, f"/cuoc-thi/{contest.key}"))
    shift(contest, -2 * DAY)
    assert "Đã kết thúc; kết quả sẽ có sau" in words(page(client, f"/cuoc-thi/{contest.key}"))


def test_search_engines_read_it_as_an_online_event(client):
    contest = a_running_contest()
    described = data_of(page(client, f"/cuoc-thi/{contest.key}"))
    assert (described["@type"], described["name"]) == ("Event", contest.title)
    assert described["url"] == f"{HOME}/cuoc-thi/{contest.key}"
    assert described["eventAttendanceMode"].endswith("OnlineEventAttendanceMode")
    assert described["startDate"] < described["endDate"]
    assert f"{HOME}/cuoc-thi/{contest.key}" in client.get("/sitemap-contests-1.xml").content.decode()


@pytest.mark.parametrize("path", ["/cuoc-thi/ct-2222222222", "/cuoc-thi/x"])
def test_what_is_no_public_contest_has_no_page(client, path):
    assert page(client, path).status_code == 404
    assert page(client, f"/cuoc-thi/{a_planned_contest().key}").status_code == 404
