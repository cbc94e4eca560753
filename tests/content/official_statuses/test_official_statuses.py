"""Official lists: what a line changes, what it contradicts, and what a second run of the same file does."""

import csv
import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from content.changes.models import Change, ChangeCursor
from content.changes.services import READ_CHANGES
from content.documents import queries
from content.documents.effect import effect_of, effect_source_on, provision_effect_of
from content.documents.facets import facets_on
from content.documents.models import EffectDoubt, LegalDocument, OutdatedSpans
from content.editing import services as editing
from content.endings import case_services, consumer
from content.endings.models import EndingCase
from content.endings.services import read_acts
from content.errors import RuleBroken
from content.official_statuses import services
from content.official_statuses.models import OfficialStatus, StatusConflict
from content.people.models import AuditRow, Role
from content.publishing import services as publishing
from tests.builders import a_document, a_member_of_staff

pytestmark = pytest.mark.django_db
DAY = datetime.date
FIRST, LIST_DAY = DAY(2025, 1, 1), DAY(2025, 6, 1)
HEAD = "number,type,issuer,issued_on,status,effective_on,expires_on,cause\n"


@pytest.fixture
def a_list(tmp_path):
    """Imports these lines and returns [outcome of each line]."""

    def import_list(*lines, source="Bộ Tư pháp", as_of="2025-06-01", apply=True, head=HEAD, encoding="utf-8"):
        file = tmp_path / "danh-muc.csv"
        file.write_bytes((head + "\n".join(lines) + "\n").encode(encoding))
        options = ["--apply"] if apply else []
        call_command("import_statuses", str(file), "--source", source, "--as-of", as_of, *options, stdout=io.StringIO())
        return [row["outcome"] for row in report_of(file)]

    return import_list


def report_of(file):
    with open(f"{file}.report.csv", encoding="utf-8-sig", newline="") as report:
        return list(csv.DictReader(report))


def a_law(number="1/2019/QH14", **columns):
    return a_document(number, **({"title": "Luật Mẫu cũ"} | columns))


def an_act_says(*clauses):
    """A law in force from 2025 that says these clauses; what is certain is carried out."""
    lines = "\n".join(f"{place}. {clause}" for place, clause in enumerate(clauses, 1))
    text = f"LUẬT\nMẪU\nĐiều 1. Phạm vi\nLuật này quy định về mẫu.\nĐiều 2. Hiệu lực thi hành\n{lines}\n"
    act = a_document("9/2024/QH15", title="Luật Mẫu mới", text=text, issued_on=DAY(2024, 6, 1), effective_on=FIRST)
    consumer.settle_changes()
    return act


def shown(document, day=LIST_DAY):
    """The status on the day, by the rules and in lists, which must agree."""
    document = queries.public_documents().get(pk=document.pk)
    in_python = str(effect_of(document, day).status)
    assert not OutdatedSpans.objects.exists()
    assert facets_on(day, [document.pk])[document.pk].status == in_python
    return in_python


REPLACES = "Luật này thay thế Luật Mẫu cũ số 1/2019/QH14."
DOUBTFUL = "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ khoản 2 Điều 2."


def test_each_line_is_told_what_it_is(a_list):
    a_law()
    a_law("2/2019/QH14")
    for day in (DAY(2018, 1, 1), DAY(2019, 1, 1)):
        a_document("7/QĐ-TTg", doc_type="decision", issuer="Thủ tướng Chính phủ", issued_on=day)
    outcomes = a_list(
        "1/2019/QH14,Luật,Quốc hội,14/06/2019,Còn hiệu lực,01/01/2020,,",
        "2/2019/QH14,Luật,Quốc hội,2019-06-14,HHLTB,2020-01-01,2024-07-01,bị thay thế",
        "99/2019/QH14,Luật,,,CHL,,,",
        "7/QĐ-TTg,Quyết định,,,CHL,,,",
        "1/2019/QH14,Luật,,,Có lẽ còn,,,",
        "1/2019/QH14,Luật,,,CHL,32/13/2020,,",
        "1/2019/QH14,Nghị định,,,CHL,,,",
    )
    assert outcomes == ["agrees", "news", "no_document", "several", "odd", "odd", "no_document"]


def test_without_apply_only_the_report_is_written(a_list):
    law = a_law()
    changes = Change.objects.count()
    assert a_list("1/2019/QH14,Luật,,,Hết hiệu lực toàn bộ,,2024-07-01,", apply=False) == ["news"]
    assert (OfficialStatus.objects.count(), Change.objects.count(), shown(law)) == (0, changes, "in_force")


def test_news_is_entered_with_its_day_or_from_the_day_of_the_list(a_list):
    dated, undated = a_law(), a_law("2/2019/QH14", title="Luật khác")
    a_list("1/2019/QH14,,,,HHLTB,,2024-07-01,", "2/2019/QH14,,,,HHLTB,,,")
    assert [shown(dated, day) for day in (DAY(2024, 6, 30), DAY(2024, 7, 1))] == ["in_force", "expired"]
    assert [shown(undated, day) for day in (DAY(2025, 5, 31), LIST_DAY)] == ["unknown", "expired"]
    change = Change.objects.filter(event_type="document.status_entered", subject=dated.key).get()
    assert (change.facts["on"], change.facts["events"][0]["cause"], change.notify) == (
        "2024-07-01",
        "Bộ Tư pháp",
        False,
    )
    assert AuditRow.objects.filter(action="document.status_entered", subject=dated.key).count() == 1


@pytest.mark.parametrize(
    ("head", "line", "encoding"),
    [
        (
            "Số hiệu;Loại văn bản;Tình trạng hiệu lực;Ngày hết hiệu lực\n",
            "1/2019/QH14;Luật;HHLTB;01/07/2024",
            "utf-8-sig",
        ),
        ("number,status,expires_on\n", '"1/2019/QH14","Hết hiệu lực","2024-07-01"', "utf-8"),
        ("status\texpires_on\tnumber\n", "het hieu luc toan bo\t2024-07-01\t1/2019/QH14", "utf-8"),
    ],
)
def test_columns_separators_and_encodings_as_institutions_write_them(a_list, head, line, encoding):
    law = a_law()
    assert a_list(line, head=head, encoding=encoding) == ["news"]
    assert shown(law, DAY(2024, 7, 1)) == "expired"


def test_the_same_file_twice_changes_nothing(a_list):
    a_law()
    a_law("2/2019/QH14", title="Luật khác")
    lines = ["1/2019/QH14,,,,HHLTB,,2024-07-01,", "2/2019/QH14,,,,CHL,,,"]
    a_list(*lines)
    before = rows()
    assert a_list(*lines) == ["known", "known"]
    assert a_list(*lines, *lines) == ["known"] * 4
    assert rows() == before


def rows():
    tables = (OfficialStatus, StatusConflict, Change, AuditRow, EndingCase, EffectDoubt)
    return [list(table.objects.order_by("pk").values_list("pk", flat=True)) for table in tables]


def test_an_official_end_settles_an_open_case(a_list):
    law = a_law()
    act = an_act_says(DOUBTFUL)
    assert shown(law) == "unknown"
    assert a_list("1/2019/QH14,Luật,,,Hết hiệu lực toàn bộ,,2025-01-01,") == ["settles"]
    case = EndingCase.objects.get()
    assert (case.state, case.on, case.is_sample) == ("carried_out", FIRST, False)
    assert "Bộ Tư pháp, 01/06/2025: Hết hiệu lực" in case.official_note
    assert (shown(law), EffectDoubt.objects.count()) == ("expired", 0)
    read_acts([act])
    assert (shown(law), EndingCase.objects.get().state) == ("expired", "carried_out")


def test_a_list_gives_the_day_that_the_act_leaves_open(a_list):
    law = a_law()
    act = an_act_says("Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực nếu Quốc hội quyết định.")
    assert a_list("1/2019/QH14,Luật,,,HHLTB,,2025-03-01,") == ["settles"]
    read_acts([act])  # what a list decided is not undone
    assert [shown(law, day) for day in (DAY(2025, 2, 28), DAY(2025, 3, 1))] == ["in_force", "expired"]


def test_an_official_end_on_another_day_than_the_act_says_is_a_conflict(a_list):
    law = a_law()
    an_act_says(DOUBTFUL)
    assert a_list("1/2019/QH14,Luật,,,HHLTB,,2025-03-01,") == ["conflict"]
    assert (shown(law), StatusConflict.objects.get().state, EndingCase.objects.get().state) == (
        "unknown",
        "open",
        "open",
    )


def test_a_list_that_says_in_force_against_a_carried_out_end_shows_unknown_with_both(a_list):
    law = a_law()
    act = an_act_says(REPLACES)
    assert shown(law) == "expired"
    assert a_list("1/2019/QH14,Luật,,,Còn hiệu lực,,,") == ["conflict"]
    conflict, case, doubt = StatusConflict.objects.get(), EndingCase.objects.get(), EffectDoubt.objects.get()
    assert (shown(law), shown(law, DAY(2024, 12, 31))) == ("unknown", "in_force")
    assert (conflict.our_status, conflict.official.status, conflict.case) == ("expired", "in_force", case)
    assert (case.state, case.doubts) == ("contested", ["official"])
    assert "thay thế Luật Mẫu cũ" in doubt.words
    assert "Bộ Tư pháp, 01/06/2025: Còn hiệu lực" in doubt.words
    read_acts([act])  # the machine does not carry it out again
    consumer.settle_changes()
    assert (shown(law), EffectDoubt.objects.get().words) == ("unknown", doubt.words)


def the_worker_reads_the_change_log():
    app.tasks[READ_CHANGES]()


def a_law_that_a_list_says_runs_on(a_list, status="Còn hiệu lực", source="Bộ Tư pháp"):
    law = a_law()
    assert a_list(f"1/2019/QH14,Luật,,,{status},,,", source=source) == ["agrees"]
    return law


@pytest.mark.usefixtures("worker_jobs")
def test_an_act_read_after_a_list_that_says_in_force_is_compared_with_it(a_list):
    law = a_law_that_a_list_says_runs_on(a_list)
    act = an_act_says(REPLACES)
    the_worker_reads_the_change_log()
    conflict, case, doubt = StatusConflict.objects.get(), EndingCase.objects.get(), EffectDoubt.objects.get()
    assert (shown(law), shown(law, DAY(2024, 12, 31))) == ("unknown", "in_force")
    assert (conflict.our_status, conflict.official.status, conflict.case) == ("expired", "in_force", case)
    assert (case.state, case.doubts) == ("contested", ["official"])
    assert "thay thế Luật Mẫu cũ" in doubt.words
    assert "Bộ Tư pháp, 01/06/2025: Còn hiệu lực" in doubt.words
    before = rows()[:-1]
    read_acts([act])  # it makes its doubts anew
    ChangeCursor.objects.update(last_change=0)  # every change comes again
    the_worker_reads_the_change_log()
    assert (shown(law), rows()[:-1], EffectDoubt.objects.count()) == ("unknown", before, 1)


@pytest.mark.usefixtures("worker_jobs")
def test_the_newest_list_of_each_source_is_compared_with_an_act_that_is_read_later(a_list):
    law = a_law_that_a_list_says_runs_on(a_list)
    a_list("1/2019/QH14,Luật,,,CHL,,,", source="Văn phòng Quốc hội", as_of="2024-10-01")  # before the act's first day
    a_list("1/2019/QH14,Luật,,,CHL,,,", as_of="2025-05-01")  # older
    an_act_says(REPLACES)
    the_worker_reads_the_change_log()
    assert [str(each.official) for each in StatusConflict.objects.all()] == ["Bộ Tư pháp 2025-06-01: in_force"]
    assert shown(law) == "unknown"


@pytest.mark.usefixtures("worker_jobs")
def test_a_person_decides_on_an_act_that_was_read_after_the_list(a_list):
    law, hoa = a_law_that_a_list_says_runs_on(a_list), a_member_of_staff("hoa", Role.PUBLISHER)
    an_act_says(REPLACES)
    the_worker_reads_the_change_log()
    decide(StatusConflict.objects.get(), "ours", by=hoa)
    the_worker_reads_the_change_log()  # the end is recorded again, and raises no second conflict
    assert (shown(law), StatusConflict.objects.get().state, EndingCase.objects.get().state) == (
        "expired",
        "ours",
        "carried_out",
    )


@pytest.mark.usefixtures("worker_jobs")
def test_an_act_that_says_what_the_list_says_raises_no_conflict(a_list):
    law = a_law()
    assert a_list("1/2019/QH14,Luật,,,CHL,,,", as_of="2024-10-01") == ["agrees"]
    an_act_says(REPLACES)
    the_worker_reads_the_change_log()
    assert (shown(law), StatusConflict.objects.count(), EndingCase.objects.get().state) == (
        "expired",
        0,
        "carried_out",
    )


@pytest.mark.parametrize(
    ("state", "on", "status", "case_state"),
    [
        ("ours", None, "expired", "carried_out"),
        ("theirs", None, "in_force", "rejected"),
        ("both", DAY(2025, 9, 1), "in_force", "carried_out"),
    ],
)
def test_a_person_decides_a_conflict(a_list, state, on, status, case_state):
    law, hoa = a_law(), a_member_of_staff("hoa", Role.PUBLISHER)
    act = an_act_says(REPLACES)
    a_list("1/2019/QH14,Luật,,,Còn hiệu lực,,,")
    conflict = StatusConflict.objects.get()
    decide(conflict, state, by=hoa, on=on)
    decide(conflict, "ours", by=hoa)  # decided: a second decision is a no-op
    conflict.refresh_from_db()
    read_acts([act])
    assert (shown(law), EndingCase.objects.get().state, conflict.state) == (status, case_state, state)
    assert EffectDoubt.objects.count() == 0
    row = AuditRow.objects.get(action="conflict.decided")
    assert (row.by, row.reason, row.facts["decision"]) == (hoa, "đã đọc", state)
    if on:
        assert [shown(law, day) for day in (DAY(2025, 8, 31), on)] == ["in_force", "expired"]


def decide(conflict, state, *, by, reason="đã đọc", on=None):
    return services.decide_conflict(conflict, StatusConflict.State(state), by=by, reason=reason, on=on)


def test_who_decides_a_conflict_has_the_right_and_a_reason(a_list):
    a_law()
    an_act_says(REPLACES)
    a_list("1/2019/QH14,Luật,,,CHL,,,")
    conflict = StatusConflict.objects.get()
    lan, hoa = a_member_of_staff("lan", Role.EDITOR), a_member_of_staff("hoa", Role.APPROVER)
    for by, reason, state, code in (
        (lan, "x", "ours", "not_allowed"),
        (hoa, " ", "ours", "reason_required"),
        (hoa, "x", "both", "no_day"),
    ):
        with pytest.raises(RuleBroken) as refused, transaction.atomic():
            decide(conflict, state, by=by, reason=reason)
        assert refused.value.code == code
    conflict.refresh_from_db()
    assert conflict.state == "open"


def test_what_a_person_confirmed_is_not_taken_back_by_a_list(a_list):
    law, hoa = a_law(), a_member_of_staff("hoa", Role.PUBLISHER)
    an_act_says(DOUBTFUL)
    case_services.accept(EndingCase.objects.get(), by=hoa)
    assert a_list("1/2019/QH14,Luật,,,CHL,,,") == ["conflict"]
    assert (shown(law), EndingCase.objects.get().state) == ("expired", "carried_out")
    decide(StatusConflict.objects.get(), "theirs", by=hoa)
    assert shown(law) == "in_force"


def test_a_day_entered_by_hand_yields_only_when_a_person_follows_the_list(a_list):
    law, hoa = a_law(), a_member_of_staff("hoa", Role.PUBLISHER)
    publishing.enter_status_event(law, "expires", on=DAY(2025, 2, 1), cause="Sở Tư pháp")
    assert a_list("1/2019/QH14,Luật,,,HHLTB,,2025-01-01,") == ["conflict"]
    assert [shown(law, day) for day in (FIRST, DAY(2025, 2, 1))] == ["in_force", "expired"]
    decide(StatusConflict.objects.get(), "theirs", by=hoa)
    assert [shown(law, day) for day in (DAY(2024, 12, 31), FIRST)] == ["in_force", "expired"]


def test_ended_in_part_without_units_hides_no_unit_that_is_known(a_list):
    law = a_law()
    assert a_list("1/2019/QH14,Luật,,,Hết hiệu lực một phần,,,") == ["news"]
    assert shown(law) == "partly_expired"
    document = queries.public_documents().get(pk=law.pk)
    assert {provision_effect_of(document, eid, LIST_DAY).status for eid in ("art_1", "art_2__clause_1")} == {"in_force"}


def test_a_list_that_does_not_know_contradicts_nothing_but_its_days_may(a_list):
    law, ended = a_law(), a_law("2/2019/QH14", title="Luật khác", expires_on=FIRST)
    a_law("3/2019/QH14", title="Luật ba")
    lines = ["1/2019/QH14,,,,Chưa rõ,,,", "2/2019/QH14,,,,Chưa xác định,,,", "3/2019/QH14,,,,Chưa rõ,01/07/2020,,"]
    assert a_list(*lines) == ["agrees", "agrees", "conflict"]
    assert (shown(law), shown(ended)) == ("in_force", "expired")


def test_a_newer_list_beats_an_older_of_the_same_source_only(a_list):
    law = a_law()
    ended, runs = "1/2019/QH14,Luật,,,HHLTB,,2025-02-01,", "1/2019/QH14,Luật,,,CHL,,,"
    a_list(ended)
    assert a_list(runs, as_of="2025-05-01") == ["older"]
    assert shown(law) == "expired"
    assert a_list(runs, source="Văn phòng Quốc hội", as_of="2025-07-01") == ["conflict"]
    assert shown(law) == "expired"
    assert a_list(runs, as_of="2025-07-01") == ["news"]
    assert shown(law) == "in_force"
    assert AuditRow.objects.filter(facts__taken_back__0__startswith="expires whole 2025-02-01").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD.encode() + b"1/2019/QH14,,,,CHL,,,\n\xff\xfe,,,,CHL,,,\n", "dòng 3: Tệp không phải UTF-8"),
        (b"a,b\n1,2\n", "dòng 1: Dòng đầu"),
        (b"", "line 1: The first line must name the columns"),
        (HEAD.encode() + b'"1/2019/QH14,,,,CHL,,,\n' + b"x" * 200_000, "dòng 2"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_line_in_two_languages(tmp_path, content, said):
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("import_statuses", str(file), "--source", "x", "--as-of", "2025-06-01")
    assert said in str(refused.value)
    assert "dòng" in str(refused.value)
    assert "line" in str(refused.value)


def test_an_odd_line_is_named_in_two_languages_and_the_others_are_imported(a_list, tmp_path, capsys):
    law = a_law()
    assert a_list(",,,,CHL,,,", "1/2019/QH14,,,,HHLTB,,31/02/2024,", "1/2019/QH14,,,,HHLTB,,2024-07-01,") == [
        "odd", "odd", "news",
    ]  # fmt: skip
    assert shown(law) == "expired"
    first, second = report_of(tmp_path / "danh-muc.csv")[:2]
    assert (first["line"], first["message_vi"], first["message_en"]) == (
        "2",
        "Thiếu số hiệu.",
        "The number is missing.",
    )
    assert "«31/02/2024» không phải là ngày" in second["message_vi"]
    assert "dòng 3: «31/02/2024»" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        "1/2019/QH14,,,,CHL,,2024-07-01,",
        "1/2019/QH14,,,,CHL,2026-07-01,,",
        "1/2019/QH14,,,,HHLTB,,2026-07-01,",
        "1/2019/QH14,,,,CCHL,2020-01-01,,",
        "1/2019/QH14,,,,HHLTB,2020-01-01,2019-01-01,",
    ],
)
def test_a_line_that_contradicts_itself_changes_nothing(a_list, line):
    law = a_law()
    assert a_list(line) == ["odd"]
    assert (shown(law), OfficialStatus.objects.count()) == ("in_force", 0)


ENDED, RUNS = "1/2019/QH14,Luật,,,HHLTB,,2025-01-01,", "1/2019/QH14,Luật,,,CHL,,,"


@pytest.mark.parametrize("apply", [False, True])
@pytest.mark.parametrize(
    "lines",
    [
        (ENDED, RUNS),
        (RUNS, ENDED),
        (ENDED, "1/2019/QH14,Luật,,,HHLTB,,2025-02-01,"),
        ("1/2019/QH14,Luật,,,CHL,2020-01-01,,", "1/2019/QH14,Luật,,,CHL,2020-07-01,,"),
    ],
)
def test_lines_of_one_list_that_contradict_each_other_are_odd_and_none_is_entered(a_list, tmp_path, lines, apply):
    law = a_law()
    a_law("2/2019/QH14", title="Luật khác")
    among_others = (lines[0], *["2/2019/QH14,Luật,,,CHL,,,"] * 1_001, lines[1])  # in another batch
    for _ in range(2):
        assert set(a_list(*among_others, apply=apply)[1:-1]) <= {"agrees", "known"}
        first, *_others, last = report_of(tmp_path / "danh-muc.csv")
        assert (first["outcome"], last["outcome"]) == ("odd", "odd")
        assert "2, 1004" in first["message_vi"]
    assert (shown(law), law.official_statuses.count(), StatusConflict.objects.count()) == ("in_force", 0, 0)


def test_a_line_that_leaves_something_out_contradicts_no_other(a_list):
    law = a_law()
    lines = ["HHLTB,,2025-01-01", "HHLTB,2020-01-01,", "Chưa rõ,,"]
    outcomes = a_list(*(f"1/2019/QH14,,,,{line}," for line in lines))
    assert ("odd" in outcomes, shown(law)) == (False, "expired")


def test_a_stored_line_cannot_be_changed(a_list):
    a_law()
    a_list("1/2019/QH14,,,,CHL,,,")
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialStatus.objects.update(status="expired")


def test_a_cell_is_no_formula_in_the_report(a_list, tmp_path):
    a_list('=HYPERLINK("x"),,,,CHL,,,')
    assert report_of(tmp_path / "danh-muc.csv")[0]["number"].startswith("'=")


@pytest.mark.usefixtures("worker_jobs")
@pytest.mark.parametrize(("says", "outcome"), [(REPLACES, "agrees"), (f"{REPLACES[:-1]}, trừ Điều 9.", "settles")])
def test_what_a_list_says_too_stays_when_the_act_is_withdrawn(a_list, says, outcome):
    law, hoa = a_law(), a_member_of_staff("hoa", Role.PUBLISHER)
    act = an_act_says(says)
    assert a_list("1/2019/QH14,Luật,,,HHLTB,,2025-01-01,") == [outcome]
    editing.withdraw_document(act, by=hoa, reason="nhập nhầm văn bản")
    the_worker_reads_the_change_log()
    days = (DAY(2024, 12, 31), DAY(2025, 1, 1))
    assert [shown(law, day) for day in days] == ["in_force", "expired"]
    law.refresh_from_db()
    is_stated = law.effect_stated_on is not None
    assert effect_source_on(law.status_events.all(), days[1], is_stated=is_stated) == "official"
    before = rows()
    ChangeCursor.objects.update(last_change=0)  # every change comes again
    the_worker_reads_the_change_log()
    assert rows() == before


def test_an_act_that_ends_a_law_later_than_the_list_says_is_a_conflict(a_list):
    law = a_law()
    later = DOUBTFUL.replace("ngày Luật này có hiệu lực", "ngày 01 tháng 7 năm 2026")
    an_act_says(later)
    assert a_list("1/2019/QH14,Luật,,,HHLTB,,,") == ["conflict"]  # ended by 01/06/2025, and says no day
    assert shown(law, DAY(2026, 7, 1)) == "unknown"


def test_a_list_never_changes_a_copy_and_what_it_says_otherwise_waits_for_a_person(a_list):
    law = a_law()
    LegalDocument.objects.update(home="phapluat.example.gov.vn")
    before = LegalDocument.objects.values_list("effect_stated_on", "updated_at").get()
    events, lines = list(law.status_events.values_list("pk", "kind", "on")), Change.objects.count()
    assert a_list("1/2019/QH14,Luật,,,HHLTB,,2024-07-01,") == ["conflict"]
    assert list(law.status_events.values_list("pk", "kind", "on")) == events
    assert LegalDocument.objects.values_list("effect_stated_on", "updated_at").get() == before
    assert Change.objects.count() == lines
    assert services.compare_again(law) == 0
    with pytest.raises(RuleBroken) as refused:
        services.decide_conflict(
            StatusConflict.objects.get(),
            StatusConflict.State.THEIRS,
            by=a_member_of_staff("lan", "publisher"),
            reason="Danh mục đúng",
        )
    assert refused.value.code == "not_ours"
