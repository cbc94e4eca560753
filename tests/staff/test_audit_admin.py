"""The audit on the staff site: searched by person, action, subject and day, and exported, which is audited too."""

import csv
import io
import json

import pytest

from content.people import request_context, services
from content.people.models import AuditRow, Role
from tests.builders import a_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan_acted(lan):
    with request_context.bound_context("some-request", "192.0.2.7"):
        services.audit("document.withdrawn", "luat-1", by=lan.user, reason='=HYPERLINK("x")', note="một")
    services.audit("document.published", "luat-2", by=None, reason="@SUM(1)")


def listed(minh, query):
    rows = minh.get(f"content/auditrow/?{query}").context["cl"].queryset
    return sorted(rows.values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("q=lan", ["luat-1", "user:lan"]),
        ("q=192.0.2.7", ["luat-1"]),
        ("q=HYPERLINK", ["luat-1"]),
        ("action=document.published", ["luat-2"]),
        ("q=luat&at__year=1999", []),
    ],
)
def test_rows_are_found(minh, lan_acted, query, subjects):
    assert listed(minh, query) == subjects


def test_a_row_says_who_what_when_from_where_and_why(minh, lan_acted):
    row = AuditRow.objects.get(subject="luat-1")
    page = minh.get(f"content/auditrow/{row.pk}/change/").content.decode()
    for shown in ("lan", "Thu hồi văn bản", "Đối tượng:", "luat-1", "192.0.2.7", "=HYPERLINK(&quot;x&quot;)", "một"):
        assert shown in page


def test_the_page_of_an_account_leads_to_what_was_done_to_it(minh, lan):
    page = minh.get(f"content/user/{lan.user.pk}/change/").content.decode()
    assert "/staff/content/auditrow/?q=user%3Alan" in page
    assert listed(minh, "q=user%3Alan") == ["user:lan"]


def test_a_row_is_changed_by_nobody(minh, lan_acted):
    row = AuditRow.objects.get(subject="luat-1")
    assert minh.post(f"content/auditrow/{row.pk}/change/", {"reason": "x"}).status_code == 403


def exported(minh, form, query=""):
    answer = minh.post(f"content/auditrow/export/?{query}", {"format": form, "reason": "inspection 7"})
    assert answer.streaming
    return answer, b"".join(answer.streaming_content).decode()


def test_the_csv_holds_each_row_and_runs_nothing_when_it_is_opened(minh, lan_acted):
    answer, text = exported(minh, "csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.csv"')
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [int(row["id"]) for row in rows] == list(AuditRow.objects.order_by("pk").values_list("pk", flat=True))
    assert [row["reason"] for row in rows if row["subject"].startswith("luat")] == ['\'=HYPERLINK("x")', "'@SUM(1)"]
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@"))]


def test_the_json_lines_say_the_same_unguarded(minh, lan_acted):
    _answer, text = exported(minh, "jsonl", "q=luat-1")
    (row,) = [json.loads(line) for line in text.splitlines()]
    at = AuditRow.objects.get(subject="luat-1").at
    assert (row["who"], row["address"], row["facts"]) == ("lan", "192.0.2.7", {"note": "một"})
    assert (row["reason"], row["at"][-6:], row["at"][:4]) == ('=HYPERLINK("x")', "+07:00", str(at.year))


def test_the_export_is_audited_too(minh, lan_acted):
    exported(minh, "csv", "q=luat-1")
    row = AuditRow.objects.get(action="audit.exported")
    assert (row.by, row.reason, row.facts) == (minh.user, "inspection 7", {"format": "csv", "narrowed": ["q"]})


@pytest.mark.parametrize("data", [{"format": "csv", "reason": ""}, {"format": "exe", "reason": "x"}, {}])
def test_an_export_without_a_reason_or_in_no_format_is_none(minh, data):
    assert minh.post("content/auditrow/export/", data).status_code == 200
    assert not AuditRow.objects.filter(action="audit.exported").exists()


@pytest.mark.parametrize(
    ("query", "shown", "exported"),
    [
        ("at__gte=yesterday", 302, 302),  # a value that the filter does not have: back to the list
        ("by__id__exact=x", 200, 200),  # the filter offers no choice here, so its value is ignored
        ("nothing=1", 400, 400),  # no filter of this list
        ("p=x", 200, 200),
        ("o=x", 200, 200),
    ],
)
def test_what_narrows_by_nonsense_is_no_500(minh, query, shown, exported):
    assert minh.get(f"content/auditrow/?{query}").status_code == shown
    data = {"format": "csv", "reason": "x"}
    assert minh.post(f"content/auditrow/export/?{query}", data).status_code == exported


def test_the_lists_cost_the_same_whatever_their_length(minh, lan, django_assert_max_num_queries):
    for number in range(12):
        a_draft(f"{number + 1}/2018/QH14")
        services.audit("document.published", f"x{number}", by=lan.user)
        services.create_account(f"clerk{number}", roles=[Role.EDITOR])
    for path in ("content/auditrow/", "content/user/"):
        with django_assert_max_num_queries(16):
            minh.get(path)
