"""A law on any day, through the API."""

import datetime
import hashlib
from email.utils import parsedate_to_datetime

import pytest
from icalendar import Calendar

from content.documents.models import Amendment, StatusEvent
from content.publishing import services as documents
from content.vietnam_time import today
from tests.builders import a_document, amend, an_amending_law, land

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def law():
    """Amended from 2025-01-01 on: điểm b repealed, điểm đ reworded, khoản 3 and Điều 1a added."""
    law = a_document("1/2019/QH14", topics=[land()])
    amend(an_amending_law(law))
    return law


def get(api, path, status=200):
    answer = api("get", path)
    assert answer.status_code == status, answer.json()
    return answer.json()


def test_lists_and_details_show_the_effect_of_the_day_asked_for(api, law):
    for day, status in (
        ("2019-12-31", "not_yet_effective"),
        ("2024-12-31", "in_force"),
        ("2025-01-01", "partly_expired"),
    ):
        listed = get(api, f"documents?number=1/2019/QH14&as_of={day}")["results"]
        detail = get(api, f"documents/{law.key}?as_of={day}")
        assert [listed[0]["effect_status"], detail["effect_status"], detail["as_of"]] == [status, status, day]
        assert len(get(api, f"documents?number=1/2019/QH14&status={status}&as_of={day}")["results"]) == 1
    assert get(api, f"documents/{law.key}")["as_of"] == str(today())


def test_what_is_partly_expired_is_found_among_what_is_in_force(api, law):
    keys = [each["key"] for each in get(api, "documents?status=in_force&as_of=2025-01-01&q=luat mau 1/2019")["results"]]
    assert keys == [law.key]
    assert get(api, "documents?status=in_force&as_of=2019-12-31&number=1/2019/QH14")["results"] == []


def test_text_and_outline_before_and_after(api, law):
    texts = {}
    for day in ("2024-12-31", "2025-01-01"):
        texts[day] = {
            unit["eid"]: unit["text"] for unit in get(api, f"documents/{law.key}/text?as_of={day}")["provisions"]
        }
        outline = get(api, f"documents/{law.key}?as_of={day}")["outline"]
        articles = [unit["eid"] for chapter in outline for unit in chapter["children"]]
        assert articles == ["art_1", *(["art_1a"] if day == "2025-01-01" else []), "art_2", "art_3"]
    before, after = texts.values()
    changed = {eid for eid in before.keys() & after.keys() if before[eid] != after[eid]}
    assert changed == {"art_2__clause_1__point_b", "art_2__clause_1__point_dd"}
    assert after["art_2__clause_1__point_b"] == ""  # repealed: its place stays
    assert get(api, f"documents/{law.key}/text?as_of=2024-12-31")["sha256"] == law.content_hash


def test_a_repealed_unit_stays_as_a_line_that_says_by_what_and_since_when(api, law):
    shown = get(api, f"documents/{law.key}/text?as_of=2025-01-01")
    units = {unit["eid"]: unit for unit in shown["provisions"]}
    eids = [unit["eid"] for unit in shown["provisions"]]
    point = units["art_2__clause_1__point_b"]
    act = Amendment.objects.get().act
    assert eids.index(point["eid"]) == eids.index("art_2__clause_1__point_a") + 1
    assert (point["number"], point["text"], point["effect_status"], point["amended"]) == ("b", "", "expired", None)
    removed = point["removed"]
    assert (removed["on"], removed["act"]["key"], removed["is_repealed"]) == ("2025-01-01", act.key, True)
    assert get(api, point["url"])["text"].startswith("b) ")  # its last text
    changed = units["art_2__clause_1__point_dd"]
    assert (changed["amended"]["on"], changed["amended"]["act"]["key"], changed["removed"]) == (
        "2025-01-01",
        act.key,
        None,
    )
    assert units["art_2__clause_1__point_a"]["amended"] is None
    assert hashlib.sha256("".join(unit["text"] for unit in shown["provisions"]).encode()).hexdigest() == shown["sha256"]
    before = {unit["eid"]: unit for unit in get(api, f"documents/{law.key}/text?as_of=2024-12-31")["provisions"]}
    assert before["art_2__clause_1__point_b"]["removed"] is None

    page = api("get", f"documents/{law.key}/text?format=html&as_of=2025-01-01").content.decode()
    place = page.partition('id="art_2__clause_1__point_b"')[2].partition("</div>")[0]
    assert "Điểm b" in place
    assert "Bị bãi bỏ từ 01/01/2025 bởi" in place
    assert "as_of=2024-12-31#art_2__clause_1__point_b" in place
    assert '<a href="#art_2__clause_1__point_b">điểm b khoản 1 Điều 2</a>' in page  # which part is «một phần»
    assert "Sửa đổi, bổ sung từ 01/01/2025 bởi" in page.partition('id="art_2__clause_1__point_dd"')[2]


def test_a_repealed_article_stays_in_the_outline(api):
    law = a_document("1/2019/QH14", topics=[land()])
    amend(an_amending_law(law, instructions="1. Bãi bỏ Điều 3.\n"))
    outline = get(api, f"documents/{law.key}?as_of=2025-01-01")["outline"]
    articles = {unit["eid"]: unit for chapter in outline for unit in chapter["children"]}
    assert articles["art_3"]["removed"]["on"] == "2025-01-01"
    assert articles["art_3"]["heading"]
    page = api("get", f"documents/{law.key}/text?format=html&as_of=2025-01-01").content.decode()
    assert '<a href="#art_3">Điều 3. ' in page


def test_a_repealed_point_stays_among_the_children_of_its_clause(api, law):
    """In the shape in which an outline has what is no longer there."""
    clause = f"documents/{law.key}/provisions/art_2__clause_1"
    act = Amendment.objects.get().act
    children = {each["eid"].rpartition("_")[2]: each for each in get(api, f"{clause}?as_of=2025-01-01")["children"]}
    assert list(children) == ["a", "b", "c", "d", "dd"]
    removed = children["b"]["removed"]
    assert (removed["on"], removed["act"]["key"], removed["is_repealed"]) == ("2025-01-01", act.key, True)
    assert get(api, children["b"]["url"])["text"].startswith("b) ")  # its last text
    assert (children["dd"]["amended"]["on"], children["dd"]["removed"]) == ("2025-01-01", None)
    assert (children["a"]["amended"], children["a"]["removed"]) == (None, None)
    before = get(api, f"{clause}?as_of=2024-12-31")["children"]
    assert [(each["number"], each["removed"]) for each in before] == [
        (each, None) for each in ("a", "b", "c", "d", "đ")
    ]


def test_a_repealed_article_stays_among_the_children_of_its_chapter_with_the_same_facts_as_in_the_outline(api):
    law = a_document("1/2019/QH14")
    amend(an_amending_law(law, instructions="1. Bãi bỏ Điều 3.\n"))
    outline = get(api, f"documents/{law.key}?as_of=2025-01-01")["outline"]
    ((chapter, article),) = [(above, each) for above in outline for each in above["children"] if each["removed"]]
    shown = get(api, f"documents/{law.key}/provisions/{chapter['eid']}?as_of=2025-01-01")["children"]
    assert shown == [{name: value for name, value in article.items() if name != "children"}]
    assert get(api, f"documents/{law.key}/provisions/art_2?as_of=2025-01-01")["next"] is None


@pytest.mark.parametrize("path", ["", "/text", "/text?format=html", "/text?format=txt", "/provisions/art_1"])
def test_a_document_is_not_there_on_a_day_before_its_issue(api, path):
    law = a_document(issued_on=datetime.date(2019, 6, 14))
    sign = "&" if "?" in path else "?"
    answer = api("get", f"documents/{law.key}{path}{sign}as_of=2019-06-13")
    assert answer.status_code == 404
    if "html" not in path:
        assert answer.json()["code"] == "not_yet_issued"
        assert "ban hành ngày 14/06/2019" in answer.json()["detail"]
    assert api("get", f"documents/{law.key}{path}{sign}as_of=2019-06-14").status_code == 200


def test_a_document_without_a_day_of_issue_is_there_on_every_day(api):
    law = a_document(issued_on=None)
    assert get(api, f"documents/{law.key}/text?as_of=1990-01-01")["as_of"] == "1990-01-01"


def test_what_takes_effect_before_its_issue_has_versions_with_addresses_that_open(api):
    law = a_document(issued_on=datetime.date(2020, 6, 14), effective_on=datetime.date(2020, 1, 1))
    (version,) = get(api, f"documents/{law.key}/versions")["results"]
    assert get(api, version["url"])["as_of"] == "2020-06-14"


def test_a_provision_on_its_days(api, law):
    address = f"documents/{law.key}/provisions/art_2__clause_1__point_dd"
    assert get(api, f"{address}?as_of=2024-12-31")["text"] == "đ) Mẫu không đặt tên.\n"
    point = get(api, f"{address}?as_of=2025-01-01")
    assert (point["text"], point["effect_status"]) == ("đ) Mẫu có tên mới.\n", "in_force")
    versions = [(each["valid_from"], each["valid_until"], each["act"] is None) for each in point["versions"]]
    assert versions == [(None, "2025-01-01", True), ("2025-01-01", None, False)]
    assert get(api, point["versions"][1]["url"])["text"] == point["text"]


def test_an_address_that_says_nothing_on_the_day_tells_on_which_it_does(api, law):
    gone = get(api, f"documents/{law.key}/provisions/art_2__clause_1__point_b?as_of=2025-01-01", 410)
    assert gone["code"] == "provision_removed"
    assert gone["detail"].startswith("Điểm b khoản 1 Điều 2 có trong văn bản này đến hết 31/12/2024.")
    coming = get(api, f"documents/{law.key}/provisions/art_1a?as_of=2024-12-31", 404)
    assert coming["code"] == "provision_not_yet_added"
    assert coming["detail"].startswith("Điều 1a có trong văn bản này từ 01/01/2025.")
    never = get(api, f"documents/{law.key}/provisions/art_99?as_of=2024-12-31", 404)
    assert never["code"] == "not_found"
    assert never["detail"].startswith(f"{law.number} không có Điều 99, vào bất cứ ngày nào.")


@pytest.mark.parametrize("path", ["", "/text", "/provisions/art_1"])
@pytest.mark.parametrize("day", ["1944-12-31", "2090-01-01", "2024-02-30", "01/01/2024", "hôm nay"])
def test_days_that_are_none_or_out_of_range_are_400(api, path, day):
    law = a_document()
    problem = get(api, f"documents/{law.key}{path}?as_of={day}", 400)
    assert [error["pointer"] for error in problem["errors"]] == ["/as_of"]


def test_the_range_of_days_is_whole(api):
    a_document()
    last = today().replace(year=today().year + 10, day=min(today().day, 28))
    for day in ("1945-01-01", str(last)):
        get(api, f"documents?as_of={day}")
    get(api, "documents?as_of=1944-12-31", 400)


def test_points_in_time(api, law):
    first, second = get(api, f"documents/{law.key}/versions")["results"]
    assert (first["valid_from"], first["valid_until"], first["amendments"]) == (None, "2025-01-01", [])
    assert (second["valid_from"], second["valid_until"], second["effect_status"]) == (
        "2025-01-01",
        None,
        "partly_expired",
    )
    assert "art_1a" in second["amendments"][0]["eids"]
    assert get(api, second["url"])["as_of"] == "2025-01-01"


def test_the_diff_names_each_unit_and_its_words(api, law):
    diff = get(api, f"documents/{law.key}/diff?from=2024-12-31&to=2025-01-01")
    changes = {each["eid"]: each for each in diff["changes"]}
    assert {eid: each["change"] for eid, each in changes.items()} == {
        "art_1a": "added",
        "art_2__clause_1__point_b": "removed",
        "art_2__clause_1__point_dd": "changed",
        "art_2__clause_3": "added",
        "art_2__clause_3__point_a": "added",
        "art_2__clause_3__point_b": "added",
    }
    words = [(span["op"], span["text"]) for span in changes["art_2__clause_1__point_dd"]["words"]]
    assert "".join(text for op, text in words if op != "insert") == "đ) Mẫu không đặt tên.\n"
    assert "".join(text for op, text in words if op != "delete") == "đ) Mẫu có tên mới.\n"
    assert get(api, changes["art_1a"]["url_after"])["eid"] == "art_1a"
    assert get(api, f"documents/{law.key}/diff?from=2025-01-01&to=2026-01-01")["changes"] == []
    get(api, f"documents/{law.key}/diff?from=2025-01-02&to=2025-01-01", 400)
    get(api, f"documents/{law.key}/diff?from=x", 400)


def test_the_timeline_tells_everything_in_order(api, law):
    told = [
        (each["on"], each["event_type"], each["scope"]) for each in get(api, f"documents/{law.key}/timeline")["results"]
    ]
    assert told == [
        ("2019-06-14", "issued", "whole"),
        ("2020-01-01", "takes_effect", "whole"),
        ("2025-01-01", "expires", "part"),
        ("2025-01-01", "amended", "part"),
    ]


def test_the_calendar_of_effect_between_two_days_with_pages_and_topics(api, law):
    events = get(api, "effects?from=2020-01-01&to=2025-01-01&page_size=2")
    assert [(each["on"], each["kind"]) for each in events["results"]] == [
        ("2020-01-01", "takes_effect"),
        ("2025-01-01", "takes_effect"),
    ]
    rest = get(api, events["next"])["results"]
    assert sorted(each["kind"] for each in rest) == ["amended", "expires"]
    assert [each["kind"] for each in get(api, "effects?from=2020-01-01&to=2024-12-31&topic=11-dat-dai")["results"]] == [
        "takes_effect"
    ]
    assert get(api, "effects?from=2025-01-02&to=2025-06-01")["results"] == []
    get(api, "effects?from=2025-01-02&to=2025-01-01", 400)
    get(api, "effects?from=2025-1-2", 400)
    get(api, "effects?form=2025-01-02", 400)


def test_without_days_the_calendar_goes_from_a_month_ago_to_a_year_ahead(api):
    now = today()
    for number, days in enumerate((-31, -30, 365, 366)):
        a_document(f"{number}/2019/QH14", effective_on=now + datetime.timedelta(days=days))
    found = [each["document"]["number"] for each in get(api, "effects")["results"]]
    assert found == ["1/2019/QH14", "2/2019/QH14"]


def test_the_calendar_can_be_subscribed_to(api, law):
    answer = api("get", "effects.ics?from=2025-01-01&to=2025-01-01", HTTP_ACCEPT="text/calendar")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/calendar")
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in answer.content
    lines = answer.content.split(b"\r\n")  # RFC 5545 3.1
    assert (max(map(len, lines)) <= 75, b"\n" in b"".join(lines)) == (True, False)
    entries = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {entry.decoded("dtstart") for entry in entries} == {DAY(2025, 1, 1)}
    assert len({entry["uid"] for entry in entries}) == len(entries) == 3
    assert any("Sửa đổi" in entry["summary"] for entry in entries)
    assert api("get", "effects.ics?from=x", HTTP_ACCEPT="text/calendar")["Content-Type"] == "application/problem+json"


def test_an_entry_is_read_back_whole_whatever_its_letters(api):
    title = "Luật; về \\ «dấu, phẩy» " + "và chữ Việt dài ợ " * 12 + "\\\\;"
    law = a_document("1/2019/QH14", title=title, effective_on=DAY(2025, 1, 1))
    answer = api("get", "effects.ics?from=2025-01-01&to=2025-01-01", HTTP_ACCEPT="text/calendar")
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
    law.refresh_from_db()
    assert str(entry["description"]) == law.title
    assert str(entry["url"]).endswith(f"/documents/{law.key}")
    assert (entry.decoded("dtend") - entry.decoded("dtstart")).days == 1


def test_a_title_of_backslashes_ends(api):
    a_document("1/2019/QH14", title="Luật " + "\\" * 400, effective_on=DAY(2025, 1, 1))
    answer = api("get", "effects.ics?from=2025-01-01&to=2025-01-01")
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(entry["description"]).count("\\") == 400


def test_a_calendar_file_has_bounds_and_says_where_it_is_cut(api):
    law = a_document("1/2019/QH14", effective_on=DAY(2019, 1, 1))
    event = StatusEvent.objects.filter(document=law).latest("pk")
    days = [DAY(2025, 1, 1 + number % 3) for number in range(2_100)]
    kept = {"document": law, "kind": "amended", "scope": "part", "stated_on": DAY(2024, 1, 1)}
    StatusEvent.objects.bulk_create(
        [StatusEvent(**kept, on=day, eids=[f"art_{number}"], cause=event.cause) for number, day in enumerate(days)]
    )
    file = Calendar.from_ical(api("get", "effects.ics?from=2025-01-01&to=2025-12-31").content)
    assert {entry.decoded("dtstart") for entry in file.walk("VEVENT")} == {DAY(2025, 1, 1), DAY(2025, 1, 2)}
    assert len(file.walk("VEVENT")) == 1_400
    assert "02/01/2025" in file["x-wr-caldesc"]
    whole = Calendar.from_ical(api("get", "effects.ics?from=2025-01-02&to=2025-01-03").content)
    assert "x-wr-caldesc" not in whole
    assert api("get", "effects.ics?from=2024-01-01&to=2025-02-03").status_code == 200
    answer = api("get", "effects.ics?from=2024-01-01&to=2025-02-04")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/to")


def test_drafts_have_no_time(api):
    for path in ("versions", "timeline", "diff"):
        get(api, f"documents/khong-co/{path}", 404)


def test_the_query_count_of_the_calendar_does_not_grow_with_its_rows(api, django_assert_num_queries):
    for _ in (1, 3):
        law = a_document()
        documents.enter_status_event(law, StatusEvent.Kind.SUSPENDED, on=today())
        with django_assert_num_queries(1):
            get(api, "effects")


def test_what_is_to_come_was_not_modified_then(api):
    law = a_document(effective_on=today() + datetime.timedelta(days=30))
    later = today() + datetime.timedelta(days=60)
    answer = api("get", f"documents/{law.key}?as_of={later}")
    modified_at = parsedate_to_datetime(answer["Last-Modified"])
    assert (answer.json()["effect_status"], modified_at <= datetime.datetime.now(datetime.UTC)) == ("in_force", True)
