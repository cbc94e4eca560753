"""Bulk files: the API's own answers, whole or not at all, with checksums, in parts and by turns."""

import datetime
import gzip
import hashlib
import io
import json
import zipfile

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from api.v1.sync import bulk_export
from config import jobs as config_jobs
from content.amendments import services as amendments
from content.changes.models import Change
from content.changes.services import READ_CHANGES, record_changes
from content.contest_results import services as results
from content.documents import queries as documents
from content.editing import services as editing
from content.endings import services as endings
from content.events import services as events
from content.exports import queries, services
from content.plans import services as plans
from content.qa import services as questions
from content.vietnam_time import today
from tests.builders import (
    a_document,
    a_draft,
    a_question,
    amend,
    an_amending_law,
    an_answered_question,
    an_event,
    answerer,
    approver,
    correct_law,
    end_event,
    land,
    move_event,
)
from tests.builders_contests import a_result, a_running_contest, close, judge
from tests.builders_plans import A_FILE, a_plan_form, a_public_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    return settings.EXPORTS_FOLDER


def get(path, status=200, **headers):
    answer = Client().get(f"/api/v1/{path}", **headers)
    assert answer.status_code == status, answer.content
    return answer


def content(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def downloaded(manifest, name):
    """The lines of a file as somebody who downloads it has them, its checksum compared."""
    (file,) = (each for each in manifest["files"] if each["name"] == f"{name}.jsonl.gz")
    packed = content(get(file["url"].partition("/api/v1/")[2]))
    assert (len(packed), hashlib.sha256(packed).hexdigest()) == (file["size"], file["sha256"])
    lines = gzip.decompress(packed).splitlines()
    assert len(lines) == file["lines"]
    return lines


def newest():
    return get("exports").json()["results"][0]


def test_a_line_is_what_the_api_answers_byte_for_byte_and_nothing_else_is_in_it():
    law, question, event = a_document("1/2019/QH14", topics=[land()]), an_answered_question(), an_event()
    a_draft("2/2019/QH14"), a_question()
    editing.withdraw_document(a_document("3/2019/QH14"), reason="Nhập hai lần")
    bulk_export.write_bulk_export()
    manifest = newest()
    assert downloaded(manifest, "documents") == [get(f"documents/{law.key}?include=text").content]
    assert downloaded(manifest, "questions") == [get(f"questions/{question.key}").content]
    assert downloaded(manifest, "events") == [get(f"events/{event.key}").content]
    lines = [json.loads(line) for line in downloaded(manifest, "changes")]
    assert lines == get("changes").json()["results"]
    assert manifest["cursor"] == lines[-1]["key"]
    assert get(manifest["changes_url"].partition("/api/v1/")[2]).json()["results"] == []
    assert manifest["files"][0]["licence"]["metadata"] == "CC0-1.0"
    licences = {file["name"]: file["licence"]["texts"] for file in manifest["files"]}
    assert "Article 15" in licences["documents.jsonl.gz"]
    assert "Answers: CC-BY-4.0." in licences["questions.jsonl.gz"]
    assert licences["events.jsonl.gz"] == "CC-BY-4.0"


def test_contests_are_exported_and_results_once_they_are_published():
    contest = a_running_contest()
    a_result(contest, 4), a_result(contest, 2, age_band="under_16")
    close(contest)
    bulk_export.write_bulk_export()
    assert downloaded(newest(), "contests") == [get(f"contests/{contest.key}").content]
    assert downloaded(newest(), "contest_results") == []
    results.propose_results(contest, winners=[], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    bulk_export.write_bulk_export()
    (line,) = map(json.loads, downloaded(newest(), "contest_results"))  # the child is not in it
    assert (line["contest"], line["rank"], line["correct"]) == (contest.key, 1, 4)
    assert line["code"] == get(f"contests/{contest.key}/leaderboard").json()["results"][0]["person"]["code"]
    assert [json.loads(each)["status"] for each in downloaded(newest(), "contests_changed")] == ["published"]


def test_the_archive_has_each_public_document_as_the_api_answers_it():
    laws = [a_document("1/2019/QH14"), a_document("2/2019/QH14")]
    a_draft("3/2019/QH14")
    bulk_export.write_bulk_export()
    (file,) = (each for each in newest()["files"] if each["name"] == "akn.zip")
    assert (file["lines"], file["media_type"]) == (2, "application/zip")
    answer = get(file["url"].partition("/api/v1/")[2])
    packed = content(answer)
    assert (hashlib.sha256(packed).hexdigest(), answer["Content-Type"]) == (file["sha256"], "application/zip")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        unpacked = {name: archive.read(name) for name in archive.namelist()}
    assert unpacked == {f"{law.key}.xml": get(f"documents/{law.key}/text?format=akn").content for law in laws}


def test_texts_are_read_for_many_documents_at_once(django_assert_num_queries):
    for count in (2, 9):
        for number in range(count):
            a_document(f"{number}{count}/2019/QH14", text="Điều 1. Mẫu\nTheo Điều 1 và Điều 2.\nĐiều 2. Mẫu\n")
        with django_assert_num_queries(9):
            list(bulk_export.document_lines(documents.public_documents(), today()))
        with django_assert_num_queries(12):
            list(bulk_export.akn_entries(documents.public_documents(), today(), bool))


def test_what_is_doubtful_is_doubtful_in_the_files_too():
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ")
    clause = "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành, trừ khoản 2 Điều 9."
    act = a_document(
        "9/2024/QH15",
        text=f"Điều 1. Hiệu lực thi hành\n1. {clause}\n",
        issued_on=datetime.date(2024, 6, 1),
        effective_on=datetime.date(2025, 1, 1),
    )
    endings.read_acts([act])
    bulk_export.write_bulk_export()
    lines = {each["key"]: each for each in map(json.loads, downloaded(newest(), "documents"))}
    assert lines[law.key]["effect_status"] == "unknown"
    assert clause in lines[law.key]["effect_doubt"]["words"]
    assert lines[act.key]["effect_doubt"] is None


def test_the_next_one_has_what_changed_since_in_files_of_their_own():
    first, second = a_document("1/2019/QH14"), a_document("2/2019/QH14")
    bulk_export.write_bulk_export()
    older = newest()
    correct_law(first)
    editing.withdraw_document(second, reason="Nhập hai lần")
    bulk_export.write_bulk_export()
    (newer,) = get("exports").json()["results"]
    assert (newer["since"], older["since"]) == (older["cursor"], "0")
    assert [json.loads(line)["key"] for line in downloaded(newer, "documents_changed")] == [first.key]
    kinds = [json.loads(line)["event_type"] for line in downloaded(newer, "changes")]
    assert kinds == ["document.corrected", "document.withdrawn"]


def test_an_export_that_contains_what_was_withdrawn_is_gone_at_once_with_all_its_files(folder):
    kept, law = a_document("1/2019/QH14"), a_document("2/2019/QH14")
    bulk_export.write_bulk_export()
    older = newest()
    path = older["files"][0]["url"].partition("/api/v1/")[2]
    etag = get(path)["ETag"]
    editing.withdraw_document(law, reason="Có dữ liệu cá nhân")
    assert get("exports").json()["results"] == []
    for gone in (path, f"exports/{older['key']}", f"exports/{older['key']}/changes.jsonl.gz"):
        problem = get(gone, 410, HTTP_IF_NONE_MATCH=etag, HTTP_ACCEPT_LANGUAGE="vi")
        assert (problem.json()["code"], problem["Cache-Control"]) == ("export_gone", "no-store")
        assert "bản xuất mới nhất" in problem.json()["detail"]
    bulk_export.write_bulk_export()
    assert [json.loads(line)["key"] for line in downloaded(newest(), "documents")] == [kept.key]
    assert [each.name for each in (folder / older["key"]).iterdir()] == ["manifest.json"]  # the text left the disk too
    get(path, 410)


def test_a_correction_that_takes_words_out_ends_the_exports_before_it_and_one_that_adds_does_not():
    law = a_document("1/2019/QH14")
    bulk_export.write_bulk_export()
    older = newest()
    correct_law(law, "Mẫu lớn", "Mẫu lớn hơn")
    assert get("exports").json()["results"] == [older]
    correct_law(law, "Mẫu lớn", "Mẫu")
    assert get("exports").json()["results"] == []


def test_an_export_with_the_text_of_an_amendment_ends_when_that_is_withdrawn():
    law = a_document("1/2019/QH14")
    (amendment,) = amend(an_amending_law(law))
    bulk_export.write_bulk_export()
    amendments.withdraw_amendment(amendment)
    assert get("exports").json()["results"] == []
    bulk_export.write_bulk_export()
    assert len(get("exports").json()["results"]) == 1


def test_an_export_made_before_a_document_was_published_outlives_its_withdrawal():
    a_document("1/2019/QH14")
    bulk_export.write_bulk_export()
    older = newest()
    editing.withdraw_document(a_document("2/2019/QH14"), reason="Nhập hai lần")
    assert get("exports").json()["results"] == [older]


def test_a_question_that_was_withdrawn_or_redacted_again_ends_the_exports_that_contain_it():
    first = an_answered_question()
    bulk_export.write_bulk_export()
    questions.redact(first, title="Sang tên xe", text="Bao lâu?", by=approver())
    assert get("exports").json()["results"] == []
    bulk_export.write_bulk_export()
    assert len(get("exports").json()["results"]) == 1
    questions.withdraw(first)
    assert get("exports").json()["results"] == []


@pytest.mark.usefixtures("worker_jobs")
def test_an_export_that_is_gone_is_replaced_by_one_job_and_not_within_ten_minutes_of_it(folder):
    law = a_document("1/2019/QH14")
    bulk_export.write_bulk_export()
    key = newest()["key"]
    config_jobs.queue_replacement_export()
    editing.withdraw_document(law, reason="Có dữ liệu cá nhân")
    config_jobs.queue_replacement_export()
    assert waiting_exports() == 0  # it was made just now
    manifest = json.loads((folder / key / queries.MANIFEST).read_text())
    earlier = (datetime.datetime.fromisoformat(manifest["created_at"]) - datetime.timedelta(minutes=11)).isoformat()
    (folder / key / queries.MANIFEST).write_text(json.dumps(manifest | {"created_at": earlier}))
    config_jobs.queue_replacement_export()
    assert waiting_exports() == 0  # it took long to write, and was complete just now
    (folder / key / queries.MANIFEST).write_text(json.dumps(manifest | {"finished_at": earlier}))
    config_jobs.queue_replacement_export()
    config_jobs.queue_replacement_export()
    assert waiting_exports() == 1
    bulk_export.write_bulk_export()
    assert queries.is_replacement_due() is False


@pytest.mark.usefixtures("worker_jobs")
def test_a_folder_that_cannot_be_read_does_not_stop_the_reading_of_the_change_log(folder):
    law = a_document("1/2019/QH14")
    (folder / "2026-01-01-1").mkdir(parents=True)
    (folder / "2026-01-01-1" / queries.MANIFEST).write_text("{")
    app.tasks[READ_CHANGES]()
    assert get(f"documents/{law.key}").json()["key"] == law.key


def test_an_export_ahead_of_the_log_is_of_before_a_restore_and_not_public():
    a_document("1/2019/QH14")
    older = bulk_export.write_bulk_export()
    ahead = older | {"cursor": str(int(older["cursor"]) + 1)}
    key = f"2099-01-01-{ahead['cursor']}"
    services.write_export(key, [], **{name: ahead[name] for name in ("created_at", "cursor", "last_change_at")})
    assert [each["key"] for each in get("exports").json()["results"]] == [older["key"]]
    assert get(f"exports/{key}", 410).json()["code"] == "export_gone"


def restore(to):
    """As after a restore of a backup that was made after the change `to`: later ids are given again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the log refuses to delete a public change
        cursor.execute("DELETE FROM content_change WHERE id > %s", [to.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SELECT setval(pg_get_serial_sequence('content_change', 'id'), %s)", [to.pk])


@pytest.mark.parametrize("later", [1, 3])
def test_after_a_restore_an_export_made_after_the_backup_stays_gone_when_the_log_has_grown_past_it(later):
    kept = Change.objects.get(subject=a_document("1/2019/QH14").key)
    before_backup = bulk_export.write_bulk_export()
    a_document("2/2019/QH14")
    after_backup = bulk_export.write_bulk_export()
    restore(to=kept)
    others = [a_document(f"{number}/2020/QH14").key for number in range(later)]
    assert int(after_backup["cursor"]) <= Change.objects.latest("pk").pk
    assert [each["key"] for each in get("exports").json()["results"]] == [before_backup["key"]]
    for path in ("", "/documents.jsonl.gz"):
        assert get(f"exports/{after_backup['key']}{path}", 410).json()["code"] == "export_gone"
    bulk_export.write_bulk_export()  # where the last change has the same id: in place of the one that is gone
    assert newest()["since"] == before_backup["cursor"]
    assert [json.loads(line)["subject"] for line in downloaded(newest(), "changes")] == others


def test_another_topic_of_a_question_ends_no_export_and_another_answer_only_if_it_takes_words_out():
    question = an_answered_question()
    bulk_export.write_bulk_export()
    older = newest()
    questions.classify(question, topic=None, province=None, organisation=None, by=approver())
    answers_again(question, "Trong 30 ngày, trừ ngày lễ.")
    assert get("exports").json()["results"] == [older]
    answers_again(question, "Trong 30 ngày.")
    assert get("exports").json()["results"] == []


def answers_again(question, text):
    questions.revise(question, by=answerer(), reason="Xem lại")
    questions.save_draft(question, text=text, citations=[], by=answerer())
    questions.submit_for_review(question, by=answerer())
    questions.approve(question, by=approver())


def test_an_event_ends_exports_only_where_a_word_or_a_link_of_it_goes():
    event, held = an_event(title="Nói về đất"), end_event(an_event())
    events.add_recording(held, url="https://example.com/mot")
    bulk_export.write_bulk_export()
    older = newest()
    events.correct(event, reason="thiếu", title="Nói về đất đai")
    move_event(event, days=1)
    events.cancel(event, reason="Bão")
    assert get("exports").json()["results"] == [older]
    events.add_recording(held, url="https://example.com/hai")
    assert get("exports").json()["results"] == []


def test_a_corrected_event_that_loses_a_name_ends_the_exports_before_it():
    event = an_event(title="Nói với ông Minh")
    bulk_export.write_bulk_export()
    events.correct(event, reason="có tên người", title="Nói với nhau")
    assert get("exports").json()["results"] == []


def test_a_withdrawn_plan_ends_the_exports_that_contain_it_and_a_correction_only_where_words_go():
    plan = a_public_plan(file=A_FILE, title="Kế hoạch của Lê Thị Kín")
    for title, remain in (("Kế hoạch của Lê Thị Kín năm 2025", 1), ("Kế hoạch năm 2025", 0)):
        bulk_export.write_bulk_export()
        plans.correct_plan(plan, a_plan_form(title=title), reason="Sửa tên")
        assert len(queries.manifests()) == remain
    bulk_export.write_bulk_export()
    plans.withdraw_plan(plan, reason="Có dữ liệu cá nhân")
    assert queries.manifests() == []


def test_what_the_changes_since_took_out_is_read_from_an_index():
    first = Change.objects.get(subject=a_document().key)
    record_changes(
        Change(event_type="document.status_changed", nature="legal", subject=first.subject) for _ in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE content_change")
    with CaptureQueriesContext(connection) as asked:
        assert queries.is_public({"cursor": str(first.pk), "last_change_at": queries.changed_at_of(first.pk)})
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        assert "changes_that_took_words_out" in str(cursor.fetchall())


def test_the_list_has_an_etag_and_no_time_that_could_go_back():
    a_document()
    bulk_export.write_bulk_export()
    answer = get("exports")
    assert (answer.has_header("ETag"), answer.has_header("Last-Modified")) == (True, False)


def waiting_exports():
    return ProcrastinateJob.objects.filter(task_name="export_bulk", status="todo").count()


def test_the_same_again_writes_nothing(folder):
    a_document()
    assert bulk_export.write_bulk_export() == bulk_export.write_bulk_export()
    assert [each.name for each in folder.iterdir()] == [newest()["key"]]


def test_the_same_rows_are_the_same_bytes(folder, settings):
    a_document()
    one = bulk_export.write_bulk_export()["files"]
    settings.EXPORTS_FOLDER = folder.parent / "others"
    assert bulk_export.write_bulk_export()["files"] == one


def test_one_that_breaks_off_leaves_nothing_that_is_taken_for_one(folder):
    def broken():
        yield b"{}"
        raise OSError("the disk is full")

    parts = [services.ExportFile("documents.jsonl.gz", "…", services.DOCUMENTS_LICENCE, broken())]
    with pytest.raises(OSError, match="full"):
        services.write_export("2026-01-01-1", parts, cursor="1")
    assert (list(folder.iterdir()), get("exports").json()["results"]) == ([], [])


def test_a_week_of_them_is_kept():
    for day in range(1, 11):
        services.write_export(f"2026-01-{day:02}-{day}", [], created_at="2026-01-01T00:00:00+07:00", cursor="0")
    assert [each["key"] for each in queries.manifests()] == [f"2026-01-{day:02}-{day}" for day in range(10, 3, -1)]


def test_a_download_that_broke_off_goes_on_where_it_was():
    a_document()
    bulk_export.write_bulk_export()
    file = newest()["files"][0]
    path = file["url"].partition("/api/v1/")[2]
    whole = get(path)
    assert (whole["Content-Type"], whole["ETag"]) == ("application/gzip", f'"{file["sha256"]}"')
    all_of_it = content(whole)
    rest = get(path, 206, HTTP_RANGE="bytes=100-", HTTP_IF_RANGE=whole["ETag"])
    assert all_of_it[:100] + content(rest) == all_of_it
    assert rest["Content-Range"] == f"bytes 100-{file['size'] - 1}/{file['size']}"
    assert content(get(path, 200, HTTP_RANGE="bytes=100-", HTTP_IF_RANGE='"another"')) == all_of_it
    assert get(path, 416, HTTP_RANGE="bytes=99999999-")["Content-Range"] == f"bytes */{file['size']}"
    head = Client().head(f"/api/v1/{path}")
    assert (head["Content-Length"], content(head)) == (str(file["size"]), b"")
    assert get(path, 304, HTTP_IF_NONE_MATCH=whole["ETag"]).content == b""


@pytest.mark.parametrize("path", ["2026-01-01-1", "2026-01-01-1/documents.jsonl.gz", "2026-01-01-1/manifest.json",
                                  "../secret_key", "2026-01-01-1/..%2f..%2fsecret_key"])  # fmt: skip
def test_what_is_not_there_is_404(path):
    get(f"exports/{path}", 404)


def test_past_the_limit_is_429_with_when_to_come_back_and_a_forged_address_does_not_help(settings):
    settings.BULK_PER_MINUTE = 3
    client = Client(REMOTE_ADDR="192.0.2.9")
    answers = [client.get("/api/v1/exports", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}") for n in range(7)]
    # the minute may turn between two of them, but not twice
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= len(refused) <= 4
    assert refused[0].json()["code"] == "throttled"
    assert 1 <= int(refused[0]["Retry-After"]) <= 61


def test_the_command_says_what_it_wrote(capsys):
    a_document()
    call_command("export_bulk")
    said = capsys.readouterr().out
    assert f"export {newest()['key']}" in said
    assert newest()["files"][0]["sha256"] in said


def test_an_export_of_a_release_that_did_not_say_its_last_change_is_gone_and_replaced(folder):
    """It quotes in `changes` what corrections took out."""
    cursor = Change.objects.get(subject=a_document().key).pk
    key = f"{today()}-{cursor}"
    former = {"key": key, "made_at": "2026-01-01T00:00:00+07:00", "as_of": "2026-01-01", "language": "vi"}
    former |= {"bookmark": str(cursor), "since": "0", "files": []}
    (folder / key).mkdir(parents=True)
    (folder / key / queries.MANIFEST).write_text(json.dumps(former))
    assert get(f"exports/{key}", 410).json()["code"] == "export_gone"
    assert queries.is_replacement_due()
    bulk_export.write_bulk_export()
    assert (newest()["key"], newest()["since"]) == (key, "0")
    assert len(downloaded(newest(), "changes")) == 1
