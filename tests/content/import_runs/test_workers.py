"""`import_documents --workers`: what several processes store is what one stores, also when one of them is killed."""

import io
import json
import multiprocessing
import os
import resource
import signal
import threading
from concurrent.futures import Future

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import translation

from content import computed_ahead
from content.changes.models import Change
from content.computed_ahead import Reading
from content.documents.models import LegalDocument
from content.import_runs import jobs, runs, sources
from content.import_runs.processes import CallFailed, ProcessDied, Processes
from content.import_runs.reading_ahead import ReadAhead, of_workers
from content.law.known_names import KnownNames
from content.law.mentions import read_mentions
from content.mentions import readings
from content.publishing import services as publishing
from tests.builders import A_LAW, a_record
from tests.stored_rows import differences, stored_rows

pytestmark = pytest.mark.django_db


def import_documents(*arguments):
    """(what the command printed, why it failed or "")"""
    output, why = io.StringIO(), ""
    try:
        call_command("import_documents", *map(str, arguments), stdout=output)
    except CommandError as error:
        why = str(error)
    return output.getvalue(), why


def law(number, title="Luật Mẫu", text="Hai.", **columns):
    articles = [{"number": "1", "title": "Một", "path": [], "text": text}]
    columns = {"issued": "2024-01-18", "effective": "2025-01-01", "footer": ["CHỦ TỊCH QUỐC HỘI"]} | columns
    head = {"number": number, "type": "Luật", "title": title, "issuer": "Quốc hội", "preamble": ["QUỐC HỘI", "LUẬT"]}
    return head | {"articles": articles} | columns


@pytest.fixture
def lines(tmp_path):
    def write(*rows, name="laws.jsonl"):
        file = tmp_path / name
        file.write_bytes(b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows))
        return file

    return write


AMENDING = "Sửa đổi, bổ sung Điều 1 của Luật Cá số 9/2018/QH14 như sau:\n“Điều 1. Một\nCá là cá {}.”"


def write_odd_files(folder, lines):
    """Laws that cite and amend one another, on one day, before what they amend; among them what cannot be imported."""
    again = law("1/2024/QH15", "Luật Rừng", text="Khác.")
    old = law("9/2020/QH14", "Luật Biển", text="Luật này theo Luật Rừng và Luật Đất đai số 1/2024/QH15.")
    unusable = law("6/2024/QH15", text="a\ud800b")
    rows = [law("10/2024/QH15", "Luật Sông"), b"{not json", old, law("1/2024/QH15", "Luật Rừng"), again, unusable]
    lines(*rows, name="a.jsonl")
    lines(law("2/2024/QH15", "Luật Biển", text="Theo Luật Rừng."), law("3/2024/QH15", issuer="X"), name="b.jsonl")
    (folder / "c.txt").write_text(A_LAW.format(number="5/2019/QH14"))
    (folder / "d.txt").write_text("không phải văn bản")
    (folder / "e.jsonl").write_text("")
    (folder / "f.pdf").write_bytes(b"%PDF-1.4 broken")
    lines(*amending_laws(100, 19, 20), name="g.jsonl")


def amending_laws(*numbers):
    """Laws of one day that amend the last one."""
    base = law("9/2018/QH14", "Luật Cá", text="Cá là cá.", issued="2018-01-01", effective="2018-07-01")
    title = "Luật sửa đổi, bổ sung một số điều của Luật Cá {}"
    return [*(law(f"{each}/2024/QH15", title.format(each), text=AMENDING.format(each)) for each in numbers), base]


def test_a_folder_of_odd_files_gives_the_same_rows_and_the_same_report(tmp_path, lines):
    write_odd_files(tmp_path, lines)
    ends = []
    for workers in (1, 2):
        with transaction.atomic():
            printed, why = import_documents(tmp_path, "--publish", "--workers", workers)
            ends.append((stored_rows(), printed, why))
            transaction.set_rollback(True)
    (alone, printed, why), (rows, printed_by_two, why_two) = ends
    assert differences(alone, rows) == {}
    assert (printed_by_two, why_two) == (printed, why)
    skipped = {line.split(": ")[0]: line for line in printed.splitlines() if line.startswith("bỏ qua ")}
    assert f"{tmp_path / 'a.jsonl'}:4" in skipped[f"bỏ qua {tmp_path / 'a.jsonl'}:5"]
    assert "U+D800" in skipped[f"bỏ qua {tmp_path / 'a.jsonl'}:6"]
    found = " ".join(row["number"].partition("/")[0] for row in rows["content_legaldocument"])
    assert found == "10 9 1 2 5 100 19 20 9"
    assert rows["content_endingcase"] and rows["content_amendment"]


def test_a_second_run_changes_nothing_and_has_nothing_read(lines):
    file = lines(*[law(f"{number}/2024/QH15") for number in range(5)])
    import_documents(file, "--publish", "--workers", 2)
    threads = threading.active_count()
    printed, why = import_documents(file, "--publish", "--workers", 2)
    assert (printed, why) == ("Văn bản: 5 (0 mới, 0 sửa, 5 không đổi, 0 bỏ qua)\n", "")
    assert Change.objects.count() == 5
    assert multiprocessing.active_children() == [] and threading.active_count() == threads


class KillsOnTheWay:
    """An argument that kills the process when it is packed, so after it was asked whether it lives."""

    def __init__(self, pid):
        self.pid = pid

    def __reduce__(self):
        os.kill(self.pid, signal.SIGKILL)
        return str, ("x" * 5_000_000,)  # more than a pipe holds


def test_calls_that_fail_leave_their_process_and_a_killed_one_takes_only_its_call():
    with Processes(1) as pool:
        first = pool.submit(os.getpid).result()
        for call in [(int, "x"), (len, threading.Lock()), (threading.Lock,)]:  # an error; what cannot be sent
            with pytest.raises(CallFailed):
                pool.submit(*call).result()
        os.kill(first, signal.SIGTERM)  # as one that reaches the whole group does
        os.kill(first, signal.SIGINT)
        assert pool.submit(os.getpid).result() == first
        killed = pool.submit(len, KillsOnTheWay(first))
        after = [pool.submit(os.getpid) for _ in range(3)]
        with pytest.raises(ProcessDied):
            killed.result()
        (second,) = {each.result() for each in after}
        assert second != first
        os.kill(second, signal.SIGKILL)  # between two calls: it harms none
        os.waitid(os.P_PID, second, os.WEXITED | os.WNOWAIT)
        last = pool.submit(os.getpid).result()
        assert last not in (first, second)
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


def test_a_process_that_does_not_start_has_lost_no_call(monkeypatch):
    with Processes(1) as pool, monkeypatch.context() as patch:
        patch.setenv("DJANGO_SETTINGS_MODULE", "nowhere")
        with pytest.raises(CallFailed):
            pool.submit(len, "x").result()
    of_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    next_file = os.dup(0)
    os.close(next_file)
    with Processes(1) as pool:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (next_file, of_files[1]))
            failed = pool.submit(len, "x").exception()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, of_files)
    assert isinstance(failed, CallFailed)


class KilledAtFirst(Processes):
    """Its process is killed in the first call."""

    is_killed = False

    def submit(self, function, *arguments):
        call = (function, *arguments) if self.is_killed else (signal.raise_signal, signal.SIGKILL)
        self.is_killed = True
        return super().submit(*call)


def run(file, ahead, **options):
    options = {"topics": [], "publish": True, "notify": False, "progress": lambda lines: None} | options
    return runs.run_import(sources.source_files([file]), ahead=ahead, **options)


def test_the_record_of_a_killed_process_failed_with_its_twin_and_all_others_are_imported(lines):
    numbers = ["1/2024/QH15", "2/2024/QH15", "1/2024/QH15", "3/2024/QH15"]
    file = lines(*map(law, numbers))
    with KilledAtFirst(1) as pool:
        report = run(file, ReadAhead(pool, 2))
    ((where, why),), ((of_twin, same),) = report.failed, report.skipped
    assert (where, of_twin) == (f"{file}:1", f"{file}:3")
    assert "tiến trình đọc nó" in why and where in same
    assert list(LegalDocument.objects.values_list("number", flat=True).order_by("pk")) == [numbers[1], numbers[3]]


def test_the_processes_end_when_a_run_is_stopped_or_fails(lines):
    file = lines(*[law(f"{number}/2024/QH15") for number in range(9)])

    def interrupt(lines):
        raise KeyboardInterrupt

    count = iter(range(9))
    with pytest.raises(KeyboardInterrupt), of_workers(2) as ahead:
        report = run(file, ahead, stop_requested=lambda: next(count) == 3)
        assert report.is_stopped and LegalDocument.objects.count() == 3
        run(file, ahead, progress=interrupt)
    assert multiprocessing.active_children() == []


class ReadHere:
    """Computes at once, and gives something else for one kind of reading."""

    def __init__(self, kind=None, result=None):
        self.kind, self.result = kind, result

    def submit(self, function, *arguments):
        done = Future()
        results = function(*arguments).items()
        done.set_result({key: self.result if key[0] is self.kind else value for key, value in results})
        return done


@pytest.mark.parametrize("kind", [None, Reading.ORDERS])
def test_what_was_read_ahead_of_an_act_is_taken(lines, kind):
    report = run(lines(*amending_laws(19)), ReadAhead(ReadHere(kind, []), 2))
    assert report.outcomes["created"] == 2
    assert report.effects.carried_out == (0 if kind else 1)


def test_what_was_read_ahead_is_taken():
    record = a_record()
    known = KnownNames()
    results = dict(jobs.read_record(record, known))
    kinds = {key[0] for key in results}
    assert kinds == {Reading.STRUCTURE, Reading.STATEMENTS, Reading.MENTIONS}
    (key,) = [key for key in results if key[0] is Reading.STRUCTURE]
    (statements,) = [key for key in results if key[0] is Reading.STATEMENTS]
    results[key] = type(results[key])(results[key].units[:3], (), ())
    results[statements] = []
    for each in results:
        if each[0] is Reading.MENTIONS:
            results[each] = readings.MentionReading([], {})
    with computed_ahead.given(results):
        document, _ = publishing.import_document(record)
    assert document.provisions.count() == 3
    assert not document.relations.exists()


def test_mentions_read_ahead_count_only_while_the_names_they_asked_for_are_the_same():
    text = "Theo Luật Rừng già nua và Bộ luật Biển, Luật Đất đai năm 2013 và khoản 2 Điều 5 Luật Cá."
    some = [("law", "Rừng"), ("law", "Rừng già"), ("code", "Biển"), ("law", "Cá"), ("law", "Đất đai"), ("law", "Đất")]
    sets = [KnownNames.of([each for at, each in enumerate(some) if mask >> at & 1]) for mask in range(1 << len(some))]
    distinct, taken = set(), 0
    for before in sets[::5]:
        ahead = readings.read_ahead(text, before)
        for now in sets:
            with computed_ahead.given({(Reading.MENTIONS, text): ahead}):
                assert readings.mentions_in(text, now) == read_mentions(text, now)
            taken += ahead.holds_with(now)
        distinct.add(tuple(ahead.mentions))
    assert len(distinct) > 3 and taken >= len(sets[::5])
    other = KnownNames.of([("law", "Núi")])
    assert readings.read_ahead(text, KnownNames()).holds_with(other)  # no text that says nothing of it is read again


@pytest.fixture
def meeting_somebody():
    """Make the first inserts of documents fail with an error of PostgreSQL, as those do that meet somebody else's."""

    def fail(times, sqlstate):
        with connection.cursor() as cursor:
            cursor.execute(f"""
                CREATE SEQUENCE met;
                CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('met') <= {times} THEN RAISE EXCEPTION 'met' USING ERRCODE = '{sqlstate}'; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER meet BEFORE INSERT ON content_legaldocument FOR EACH ROW EXECUTE FUNCTION meet();
            """)

    return fail


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "23505"])
def test_a_record_that_meets_somebody_else_is_tried_again(lines, meeting_somebody, sqlstate):
    meeting_somebody(2, sqlstate)
    file = lines(law("1/2024/QH15"), law("2/2024/QH15"))
    printed, why = import_documents(file, "--publish")
    assert (printed, why) == ("Văn bản: 2 (2 mới, 0 sửa, 0 không đổi, 0 bỏ qua)\n", "")


def test_one_that_always_meets_somebody_failed_and_one_that_breaks_a_rule_is_skipped(lines, meeting_somebody):
    meeting_somebody(3, "40P01")
    file = lines(law("1/2024/QH15"), law("2/2024/QH15"), law("1/2024/QH15"))
    printed, why = import_documents(file, "--publish")
    assert "Văn bản: 3 (1 mới, 0 sửa, 0 không đổi, 1 bỏ qua)" in printed  # a twin of what failed waits for a person
    assert f"không nhập được {file}:1: met" in printed and f"{file}:1" in why
    assert LegalDocument.objects.get().number == "2/2024/QH15"
    connection.cursor().execute("DROP TRIGGER meet ON content_legaldocument; DROP FUNCTION meet; DROP SEQUENCE met")
    meeting_somebody(1, "23514")
    printed, _ = import_documents(lines(law("3/2024/QH15")))
    assert "1 bỏ qua" in printed and "không nhập được" not in printed.splitlines()[0]


@pytest.mark.parametrize("wrong", ["0", "-1", "hai", "33"])
def test_a_wrong_number_of_workers_is_refused_in_both_languages(wrong):
    assert f"«{wrong}» không phải là số từ 1 đến 32" in import_documents("x", f"--workers={wrong}")[1]
    with translation.override("en"):
        assert f"«{wrong}» is no number from 1 to 32" in import_documents("x", f"--workers={wrong}")[1]
