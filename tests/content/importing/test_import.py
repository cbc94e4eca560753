"""`import_documents`: what it takes, what it refuses and why, and that a second run changes nothing."""

import gzip
import io
import json
import re
import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from content.changes.models import Change
from content.documents.models import LegalDocument
from content.documents.provision_queries import provisions_on
from content.people.models import AuditRow
from content.publishing import heavy_notices, table_statistics
from tests.builders import A_LAW
from tests.files import a_pdf

pytestmark = pytest.mark.django_db

A_ROW = {
    "number": "31/2024/QH15",
    "type": "Luật",
    "title": "Luật Mẫu",
    "issuer": "Quốc hội",
    "issued": "2024-01-18",
    "effective": "2025-01-01",
    "preamble": ["QUỐC HỘI", "LUẬT", "MẪU"],
    "articles": [
        {"number": "1", "title": "Một", "path": ["Chương I CHUNG"], "text": "1. Một.\na) Một a;\nb) Một b.\n2. Hai."},
        {"number": "2", "title": "", "path": ["Chương I CHUNG", "Mục 1 RIÊNG"], "text": "Hai."},
    ],
    "footer": ["CHỦ TỊCH QUỐC HỘI"],
}


@pytest.fixture
def lines(tmp_path):
    """Write rows (dicts, or bytes as they are) as JSON Lines; returns the file."""

    def write(*rows, name="laws.jsonl"):
        content = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
        file = tmp_path / name
        file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return file

    return write


def import_documents(*arguments):
    """What the command printed."""
    output = io.StringIO()
    call_command("import_documents", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_the_report_names_the_files_that_keep_the_words_a_correction_took_out(tmp_path):
    for name, text in (("signed.txt", "Mẫu lớn"), ("second.txt", "Mẫu lớn hơn"), ("third.txt", "Mẫu")):
        file = tmp_path / name
        file.write_text(A_LAW.format(number="1/2019/QH14").replace("Mẫu lớn", text))
        said = import_documents(file, "--publish")
        named = [each.strip() for each in said.splitlines() if "signed.txt" in each and "second.txt" in each]
        law = LegalDocument.objects.get()
        assert named == ([f"{law.key}: signed.txt, second.txt"] if name == "third.txt" else [])
    assert law.original_files.count() == 3


def test_a_row_becomes_a_draft_with_its_structure(lines):
    assert import_documents(lines(A_ROW)) == "Văn bản: 1 (1 mới, 0 sửa, 0 không đổi, 0 bỏ qua)\n"
    law = LegalDocument.objects.get()
    assert (law.key, law.status, law.issuer.code) == ("luat-2024-31-2024-qh15", "draft", "QH")
    assert list(law.provisions.values_list("eid", flat=True)) == [
        "preamble",
        "chp_1",
        "art_1",
        "art_1__clause_1",
        "art_1__clause_1__point_a",
        "art_1__clause_1__point_b",
        "art_1__clause_2",
        "chp_1__sec_1",
        "art_2",
        "conclusions",
    ]
    assert Change.objects.count() == 0


def test_a_second_run_changes_nothing(lines):
    file = lines(A_ROW, name="laws.jsonl.gz")
    import_documents(file, "--publish")
    assert import_documents(file, "--publish") == "Văn bản: 1 (0 mới, 0 sửa, 1 không đổi, 0 bỏ qua)\n"
    assert Change.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "notified"), [(["--publish"], [False]), (["--publish", "--notify"], [True]), ([], [])]
)
def test_only_notify_tells_followers_and_only_publish_publishes(lines, options, notified):
    import_documents(lines(A_ROW), *options)
    assert list(Change.objects.values_list("notify", flat=True)) == notified


def test_topics_are_added_and_an_unknown_one_stops_the_run_before_it_begins(lines):
    file = lines(A_ROW)
    import_documents(file, "--topic", "11-dat-dai", "--topic", "11-1-dat-dai")
    assert sorted(LegalDocument.objects.get().topics.values_list("key", flat=True)) == ["11-1-dat-dai", "11-dat-dai"]
    with pytest.raises(CommandError, match="12-khong-co"):
        import_documents(file, "--topic", "12-khong-co")


def test_a_bad_row_is_skipped_with_its_line_and_reason_and_harms_no_other(lines):
    bad = [
        b"{not json",
        b"\xff\xfe",
        b"[1]",
        b"[" * 100_000,
        A_ROW | {"type": "Thơ"},
        A_ROW | {"issued": "18/01/2024"},
        A_ROW | {"articles": "none"},
        A_ROW | {"number": 31},
        A_ROW | {"status_official": "Có lẽ"},
        A_ROW | {"title": ""},
        A_ROW | {"issuer": "Bộ Không Có"},
        A_ROW | {"title": "a\0b"},
    ]
    report = import_documents(lines(*bad, A_ROW))
    skipped = [line for line in report.splitlines() if line.startswith("bỏ qua ")]
    assert [line.split(":")[1] for line in skipped] == [str(number) for number in range(1, 13)]
    assert "không có loại văn bản «Thơ»" in report
    assert "trường «issued»: «18/01/2024» không phải ngày" in report
    assert report.endswith("Văn bản: 13 (1 mới, 0 sửa, 0 không đổi, 12 bỏ qua)\n")


def test_one_run_speaks_one_language(lines, tmp_path):
    text = tmp_path / "notice.txt"
    text.write_text("BỘ TƯ PHÁP\nTHÔNG BÁO\nVề việc nghỉ lễ\nCơ quan nghỉ từ thứ Hai.\n")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    empty = lines(name="empty.jsonl")
    report, _code, complaint = import_and_exit_code(
        lines(SWALLOWED, A_ROW | {"type": "Thơ"}, b"{"), text, tmp_path / "broken.docx", empty, "--publish",
        "--accept", "no_article:99/2024/QH15",
    )  # fmt: skip
    names = (
        r"swallowed_units|no_article|created|accept|publish|notify|QH15|DOCX|JSON|jsonl|docx|txt|\S*/\S*|thong-bao\S*"
    )
    said = re.sub(names, "", f"{report}\n{complaint}")
    english = re.findall(
        r"\b(?:the|is|of|to|for|not|no|and|document|documents|articles|skipped|created|body|file)\b", said
    )
    assert english == []
    assert "tệp DOCX bị hỏng" in report


def test_the_same_document_twice_in_one_run_is_skipped_and_says_where_the_other_is(lines):
    report = import_documents(lines(A_ROW, A_ROW | {"title": "Luật Mẫu khác"}))
    assert "laws.jsonl:2: văn bản này đã được đọc từ " in report
    assert LegalDocument.objects.get().title == "Luật Mẫu"


def test_plain_text_names_its_own_type(tmp_path):
    file = tmp_path / "law.txt"
    file.write_text(
        "CHÍNH PHỦ\n-------\nSố: 100/2019/NĐ-CP\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Hà Nội, ngày 30 tháng 12 năm 2019\n\n"
        "NGHỊ ĐỊNH\nQuy định xử phạt\nvề mẫu\n\nCăn cứ Luật Mẫu;\n\nĐiều 1. Phạm vi\nNghị định này quy định về mẫu.\n"
        "Điều 2. Hiệu lực\n1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020.\n"
    )
    import_documents(file)
    decree = LegalDocument.objects.get()
    assert (decree.key, decree.doc_type, decree.number) == ("nghi-dinh-2019-100-2019-nd-cp", "decree", "100/2019/NĐ-CP")
    assert (decree.title, decree.issuer.code) == ("Nghị định quy định xử phạt về mẫu", "CP")
    assert str(decree.issued_on) == "2019-12-30"
    assert str(decree.status_events.get().on) == "2020-01-01"


def test_a_text_without_articles_is_one_body_with_a_warning(tmp_path):
    file = tmp_path / "notice.txt"
    file.write_text("BỘ TƯ PHÁP\nTHÔNG BÁO\nVề việc nghỉ lễ\nCơ quan nghỉ từ thứ Hai.\n")
    import_documents(file)
    notice = LegalDocument.objects.get()
    assert [(provision.eid, provision.text) for provision in provisions_on(notice, notice.created_at.date())] == [
        ("body", file.read_text())
    ]
    assert [warning["code"] for warning in notice.warnings] == ["no_article"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "tệp trống"),
        (b"CH\xcdNH PH\xdd\n", "không phải UTF-8, sai ở byte 2, dòng 1"),
        ("một câu không phải văn bản".encode(), "không dòng nào nêu loại văn bản"),
        (A_LAW.replace("MẪU", "MẪU\0").encode(), r"không được có ký tự U\+0000"),
    ],
)
def test_a_bad_text_is_refused_in_words(tmp_path, content, reason):
    file = tmp_path / "bad.txt"
    file.write_bytes(content)
    output = io.StringIO()
    with pytest.raises(CommandError, match="Không nhập được văn bản nào"):
        call_command("import_documents", str(file), stdout=output)
    assert re.search(reason, output.getvalue())
    assert LegalDocument.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "reason"), [("missing.jsonl", "không có tệp này"), ("law.odt", "không đọc được loại tệp này")]
)
def test_a_file_that_cannot_be_read_stops_the_run(tmp_path, name, reason):
    if name != "missing.jsonl":
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(CommandError, match=reason):
        import_documents(tmp_path / name)


def test_a_broken_gzip_is_reported_and_what_came_before_it_is_imported(tmp_path, lines):
    rows = [A_ROW | {"number": f"{number}/2024/QH15"} for number in range(40)]
    whole = lines(*rows, name="a.jsonl.gz")
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(whole.read_bytes()[:-20])
    report = import_documents(broken)
    assert "broken.jsonl.gz: " in report
    assert LegalDocument.objects.exists()


def test_a_line_of_50_mb_is_skipped_and_the_next_one_is_read(lines):
    report = import_documents(lines(b'{"title": "' + b"x" * 50_000_000 + b'"}', A_ROW, name="long.jsonl.gz"))
    assert "long.jsonl.gz:1: dòng dài hơn 32 MiB" in report
    assert LegalDocument.objects.get().number == "31/2024/QH15"


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.jsonl.gz"])
def test_an_empty_file_holds_no_document(lines, name):
    file = lines(name=name)
    report = f"{file}: không chứa văn bản nào\nVăn bản: 0 (0 mới, 0 sửa, 0 không đổi, 0 bỏ qua)\n"
    assert import_documents(file) == report


def test_a_folder_is_read_file_by_file_and_what_is_no_file_in_it_is_left(tmp_path, lines):
    lines(A_ROW, name="B.JSONL.GZ".lower())
    (tmp_path / "x.jsonl").mkdir()
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    assert "Văn bản: 1 (1 mới, " in import_documents(tmp_path)


@pytest.mark.usefixtures("committed")
def test_two_imports_at_once_import_each_document_once(lines):
    file = lines(*[A_ROW | {"number": f"{number}/2024/QH15"} for number in range(15)])
    reports = []

    def run():
        reports.append(import_documents(file, "--publish"))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert LegalDocument.objects.count() == Change.objects.count() == 15
    assert all(report.endswith(" 0 bỏ qua)\n") for report in reports)


def test_a_heading_in_capitals_is_named_as_the_text_names_it_and_a_quoted_day_is_not_its_own(tmp_path):
    file = tmp_path / "law.txt"
    file.write_text(
        "QUỐC HỘI\nLuật số: 1/2024/QH15\nLUẬT\nCẢNH SÁT BIỂN VIỆT NAM\n"
        "Quốc hội ban hành Luật Cảnh sát biển Việt Nam.\nĐiều 1. Sửa đổi\nSửa đổi Điều 9 như sau:\n"
        "“Điều 9. Hiệu lực\nLuật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020.”.\n"
    )
    import_documents(file)
    law = LegalDocument.objects.get()
    assert (law.title, law.status_events.count()) == ("Luật Cảnh sát biển Việt Nam", 0)


SWALLOWED = A_ROW | {
    "number": "93/2024/QH15",
    "articles": [
        {"number": number, "title": "Một", "path": [], "text": "1. Gồm:\na) Một;\nb) Hai;c) Ba;\nd) Bốn."}
        for number in "12"
    ],
}
NO_ARTICLE = A_ROW | {"number": "94/2024/QH15", "articles": []}


def import_and_exit_code(*arguments):
    output = io.StringIO()
    try:
        call_command("import_documents", *map(str, arguments), stdout=output)
    except CommandError as refusal:
        return output.getvalue(), refusal.returncode, str(refusal)
    return output.getvalue(), 0, ""


def published_numbers():
    return set(LegalDocument.objects.filter(status="published").values_list("number", flat=True))


def test_publication_leaves_documents_with_heavy_notices_as_drafts_and_says_what_to_do(lines):
    file = lines(A_ROW, SWALLOWED, NO_ARTICLE)
    report, code, error = import_and_exit_code(file, "--publish")
    assert (code, error) == (3, "Số văn bản còn là bản nháp: 2.")
    assert published_numbers() == {"31/2024/QH15"}
    assert "Văn bản: 3 (3 mới, 0 sửa, 0 không đổi, 0 bỏ qua)\n" in report
    assert f"{file}:2: 93/2024/QH15: 2 swallowed_units\n  --accept swallowed_units:93/2024/QH15\n" in report
    assert f"{file}:3: 94/2024/QH15: 1 no_article\n  --accept no_article:94/2024/QH15\n" in report


def test_a_heavy_notice_is_accepted_by_its_code_and_the_number_of_the_document(lines):
    file = lines(SWALLOWED, NO_ARTICLE)
    acceptance = "swallowed_units:93/2024/QH15"
    report, code, _error = import_and_exit_code(file, "--publish", "--accept", acceptance)
    assert (published_numbers(), code) == ({"93/2024/QH15"}, 3)  # of the other document nothing is accepted
    audited = AuditRow.objects.get(action="document.published")
    assert audited.reason == "--accept swallowed_units:93/2024/QH15"
    assert [notice["code"] for notice in audited.facts["accepted"]] == ["swallowed_units"] * 2
    report, code, _error = import_and_exit_code(file, "--publish", "--accept", "no_article:luat-2024-94-2024-qh15")
    assert (published_numbers(), code) == ({"93/2024/QH15", "94/2024/QH15"}, 0)
    assert "Văn bản: 2 (0 mới, 1 sửa, 1 không đổi, 0 bỏ qua)\n" in report


def test_an_acceptance_that_no_document_needs_is_told_and_one_of_another_form_stops_the_run(lines):
    file = lines(A_ROW)
    report, code, _error = import_and_exit_code(file, "--publish", "--accept", "no_article:99/2024/QH15")
    assert (code, "--accept no_article:99/2024/QH15: không văn bản nào trong lần chạy này cần đến" in report) == (
        0,
        True,
    )
    for wrong in ("no_article", "odd_blanks:31/2024/QH15"):
        assert import_and_exit_code(file, "--publish", "--accept", wrong)[1] == 1
    assert import_and_exit_code(file, "--accept", "no_article:31/2024/QH15")[1] == 1  # without --publish
    assert AuditRow.objects.filter(action="document.published").count() == 1


@pytest.mark.parametrize("name", ["31/2024/QH15", "luat-2024-31-2024-qh15"])
def test_a_text_with_new_heavy_notices_does_not_replace_the_published_one(lines, name):
    import_documents(lines(A_ROW), "--publish")
    published = LegalDocument.objects.get().content_hash
    worse = lines(A_ROW | {"articles": SWALLOWED["articles"]}, name="worse.jsonl")
    report, code, error = import_and_exit_code(worse, "--publish")
    assert f"{worse}:1: 31/2024/QH15: 2 swallowed_units; bản đã công bố được giữ nguyên\n" in report
    assert "  --accept swallowed_units:31/2024/QH15\n" in report
    assert len(re.findall(r"^  swallowed_units: Điều .*$", report, re.M)) == 2  # each is named
    assert (code, error) == (3, "Bản đã công bố được giữ nguyên: 1.")
    assert LegalDocument.objects.get().content_hash == published
    import_documents(worse, "--publish", "--accept", f"swallowed_units:{name}")
    assert LegalDocument.objects.get().content_hash != published
    corrected = AuditRow.objects.get(action="document.corrected")
    assert len(corrected.facts["accepted"]) == 2


def test_the_report_names_the_public_documents_whose_first_day_is_not_known(lines):
    unknown = A_ROW | {"number": "95/2024/QH15", "title": "Luật Khác", "effective": None}
    file = lines(A_ROW, unknown)
    told = "Văn bản đã công bố mà chưa rõ ngày có hiệu lực: 1."
    assert told not in import_documents(file)  # drafts: the staff site says it
    report = import_documents(file, "--publish")
    assert told in report and report.endswith("  95/2024/QH15\n")
    assert import_documents(file, "--publish").endswith("  95/2024/QH15\n")  # a second run, until somebody enters it


def test_a_badly_recognised_scan_is_not_published(tmp_path):
    file = tmp_path / "scan.pdf"
    lines = ["QUOC HOI", "LUẬT", *["Iuat nay quy dinh ve vuòn chung cua xom vá cac ho gia dinh o xom"] * 70]
    file.write_bytes(a_pdf("\n".join(lines)))
    report, code, _error = import_and_exit_code(file, "--publish")
    (law,) = LegalDocument.objects.all()
    assert (len(law.title) > 3_000, law.status, code) == (True, "draft", 3)
    assert "1 absurd_title, 1 no_article" in report


@pytest.mark.parametrize(
    ("first_day", "left"),
    [("2003-01-01", True), ("2035-01-01", True), ("2023-06-01", False), ("2033-01-01", False)],
)
def test_a_first_day_years_from_the_day_of_issue_is_a_heavy_notice(lines, first_day, left):
    report, code, _error = import_and_exit_code(lines(A_ROW | {"effective": first_day}), "--publish")
    (law,) = LegalDocument.objects.all()
    assert ("1 absurd_first_day" in report, law.status, code) == (
        (True, "draft", 3) if left else (False, "published", 0)
    )


def test_two_heavy_notices_about_the_whole_text_are_two_ticks_and_the_same_one_is_one():
    given = [heavy_notices.HeavyNotice("mixed_encodings", words) for words in ("phần một", "phần hai", "phần hai")]
    found = heavy_notices.heavy_among(
        given, doc_type="law", title="Luật", issued_on=None, effective_on=None, is_partial=False
    )
    assert [(each.id, each.message) for each in found] == [
        ("mixed_encodings:0", "phần một"),
        ("mixed_encodings:0:1", "phần hai"),
    ]


def test_after_many_documents_postgresql_knows_the_size_of_the_tables(lines):
    rows = [
        A_ROW | {"number": f"{n}/2024/QH15", "title": f"Luật Mẫu số {n}"}
        for n in range(1, 1 + table_statistics.MANY_DOCUMENTS)
    ]
    import_documents(lines(*rows), "--publish")
    for table in table_statistics.FILLED_TABLES[:3]:
        assert rows_the_planner_expects(table) == table.objects.count() > 0


def rows_the_planner_expects(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table._meta.db_table])
        return cursor.fetchone()[0]
