"""`import_documents --workers`: what several processes store is what one stores, also when one of them is killed."""

import gzip
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, models, transaction

from content import computed_ahead
from content.changes.models import Change
from content.computed_ahead import Reading
from content.documents import identity
from content.documents.models import LegalDocument
from content.import_runs import jobs, runs, sources
from content.import_runs.processes import CallFailed, ProcessDied, Processes
from content.law.known_names import KnownNames
from content.law.mentions import read_mentions
from content.mentions import readings
from content.publishing import services as publishing
from tests.builders import A_LAW, a_record

DATA = Path(__file__).resolve().parents[4] / "shared/data/documents.jsonl.gz"
CHOSEN = (120, 93, 67, 92, 21, 2, 23, 40)  # taxes and petroleum: what amends comes before what is amended
RANDOM = {"chain", "facts_salt", "traceparent"}  # of a line of the change log

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


def stored_rows():
    """{table: its rows in the order of their ids}, without instants; an id is its place in its table."""
    found = {}
    tables = [each for each in apps.get_app_config("content").get_models(include_auto_created=True)]
    for model in tables:
        fields = model._meta.concrete_fields
        names = ", ".join(f'"{each.column}"' for each in fields)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')
            found[model] = [dict(zip([each.column for each in fields], row, strict=True)) for row in cursor.fetchall()]
    places = {
        model: {row[model._meta.pk.column]: place for place, row in enumerate(rows)} for model, rows in found.items()
    }
    for row in found[LegalDocument]:
        row["list_order"] -= row["id"]
    for model, rows in found.items():
        for field in model._meta.concrete_fields:
            target = field.related_model if field.remote_field else model if field.primary_key else None
            for row in rows:
                value = row[field.column]
                if isinstance(field, models.DateTimeField) or field.column in RANDOM:
                    del row[field.column]
                elif isinstance(target and target._meta.pk, models.AutoField) and value is not None:
                    row[field.column] = places.get(target, {}).get(value, value)
                elif isinstance(value, memoryview):
                    row[field.column] = bytes(value)
    return {model._meta.db_table: rows for model, rows in found.items()}


def one_and_three(*arguments):
    """[(rows, printed, why)] of the command with one and with three processes, each on the same tables."""
    ends = []
    for workers in (1, 3):
        with transaction.atomic():
            printed, why = import_documents(*arguments, "--workers", workers)
            ends.append((stored_rows(), printed, why))
            transaction.set_rollback(True)
    return ends


def differences(one, other):
    """{table: [(column, its value with one process, with three)]}, or how many rows the table has."""
    found = {table: (len(rows), len(other[table])) for table, rows in one.items() if len(rows) != len(other[table])}
    for table in one.keys() - found.keys():
        pairs = zip(one[table], other[table], strict=True)
        if of_table := [(name, a[name], b[name]) for a, b in pairs for name in a if a[name] != b[name]]:
            found[table] = of_table[:5]
    return found


def test_three_processes_store_every_row_that_one_stores(tmp_path):
    with gzip.open(DATA, "rt") as file:
        all_lines = file.readlines()
    chosen = tmp_path / "laws.jsonl"
    chosen.write_text("".join(all_lines[at] for at in CHOSEN))
    (one, printed, why), (three, printed_by_three, why_three) = one_and_three(chosen, "--publish")
    assert differences(one, three) == {}
    assert (printed_by_three, why_three) == (printed, why)
    public = [row for row in one["content_legaldocument"] if row["status"] == "published"]
    linked = [row for row in one["content_mention"] if row["target_id"] is not None]
    assert len(public) == len(CHOSEN) and one["content_amendment"] and one["content_endingcase"]
    elsewhere = {row["target_id"] for row in linked if row["target_key"]}  # laws that others cite
    assert len(linked) > 50 and len(elsewhere) > 2


def test_a_folder_of_odd_files_gives_the_same_rows_and_the_same_report(tmp_path, lines):
    again = law("1/2024/QH15", "Luật Rừng", text="Khác.")
    old = law("9/2020/QH14", "Luật Biển", text="Luật này theo Luật Rừng và Luật Đất đai số 1/2024/QH15.")
    lines(law("10/2024/QH15", "Luật Cá"), b"{not json", old, law("1/2024/QH15", "Luật Rừng"), again, name="a.jsonl")
    lines(law("2/2024/QH15", "Luật Biển", text="Theo Luật Rừng."), law("3/2024/QH15", issuer="X"), name="b.jsonl")
    (tmp_path / "c.txt").write_text(A_LAW.format(number="5/2019/QH14"))
    (tmp_path / "d.txt").write_text("không phải văn bản")
    (tmp_path / "e.jsonl").write_text("")
    (tmp_path / "f.pdf").write_bytes(b"%PDF-1.4 broken")
    (one, printed, why), (three, printed_by_three, why_three) = one_and_three(tmp_path, "--publish")
    assert differences(one, three) == {}
    assert (printed_by_three, why_three) == (printed, why)
    (of_twin,) = [line for line in printed.splitlines() if line.startswith(f"bỏ qua {tmp_path / 'a.jsonl'}:5")]
    assert f"{tmp_path / 'a.jsonl'}:4" in of_twin
    numbers = [row["number"] for row in one["content_legaldocument"]]
    assert numbers == ["10/2024/QH15", "9/2020/QH14", "1/2024/QH15", "2/2024/QH15", "5/2019/QH14"]


def test_acts_of_one_day_are_carried_out_in_the_order_of_one_process(lines):
    base = law("9/2020/QH14", "Luật Cá", text="Cá là cá.", issued="2020-01-01", effective="2020-07-01")
    amending = [
        law(
            f"{number}/2024/QH15",
            f"Luật sửa đổi, bổ sung một số điều của Luật Cá {number}",
            text=f"Sửa đổi, bổ sung Điều 1 của Luật Cá số 9/2020/QH14 như sau:\n“Điều 1. Một\nCá là cá {number}.”",
        )
        for number in (100, 9, 20, 3)
    ]
    (one, printed, _), (three, printed_by_three, _) = one_and_three(lines(*amending, base), "--publish")
    assert differences(one, three) == {}
    assert printed_by_three == printed
    assert one["content_endingcase"]


def test_a_second_run_changes_nothing_and_has_nothing_read(lines):
    file = lines(*[law(f"{number}/2024/QH15") for number in range(5)])
    import_documents(file, "--publish", "--workers", 2)
    threads = threading.active_count()
    printed, why = import_documents(file, "--publish", "--workers", 2)
    assert (printed, why) == ("Văn bản: 5 (0 mới, 0 sửa, 5 không đổi, 0 bỏ qua)\n", "")
    assert Change.objects.count() == 5
    assert multiprocessing.active_children() == [] and threading.active_count() == threads


@pytest.fixture
def first_child_killed():
    """Kills the first process that is started meanwhile, as kill -9 and the kernel without memory do."""
    done = threading.Event()

    def kill_first():
        while not done.is_set():
            for child in multiprocessing.active_children():
                os.kill(child.pid, signal.SIGKILL)
                return

    killer = threading.Thread(target=kill_first)
    killer.start()
    yield
    done.set()
    killer.join()


@pytest.mark.usefixtures("first_child_killed")
def test_the_record_of_a_killed_process_failed_with_its_line_and_all_others_are_imported(lines):
    numbers = [f"{number}/2024/QH15" for number in range(6)]
    file = lines(*map(law, numbers))
    printed, why = import_documents(file, "--publish", "--workers", 2)
    assert "Văn bản: 6 (5 mới, 0 sửa, 0 không đổi, 0 bỏ qua)" in printed
    (failed,) = [line for line in printed.splitlines() if line.startswith("không nhập được ")]
    missing = set(numbers) - set(LegalDocument.objects.values_list("number", flat=True))
    assert failed.startswith(f"không nhập được {file}:{numbers.index(missing.pop()) + 1}: tiến trình đọc nó")
    assert "1" in why and f"{file}:" in why
    printed, why = import_documents(file, "--publish", "--workers", 2)
    assert ("(1 mới, 0 sửa, 5 không đổi" in printed, why) == (True, "")


def test_a_killed_process_takes_only_its_call_with_it():
    with Processes(1) as pool:
        first = pool.submit(os.getpid).result()
        killed = pool.submit(signal.raise_signal, signal.SIGKILL)
        after = [pool.submit(os.getpid) for _ in range(3)]
        with pytest.raises(ProcessDied):
            killed.result()
        (second,) = {each.result() for each in after}
        assert second != first
        os.kill(second, signal.SIGKILL)  # between two calls: it harms none
        os.waitid(os.P_PID, second, os.WEXITED | os.WNOWAIT)
        assert pool.submit(os.getpid).result() not in (first, second)
        with pytest.raises(CallFailed, match="ValueError"):
            pool.submit(int, "x").result()
        last = pool.submit(os.getpid).result()
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


def test_a_job_too_large_for_the_pipe_is_lost_alone_when_its_process_is_killed():
    with Processes(1) as pool:
        (pid,) = {pool.submit(os.getpid).result()}
        os.kill(pid, signal.SIGSTOP)
        waiting = pool.submit(len, "x" * 5_000_000)  # the pipe is full, and what is in it is never read
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ProcessDied):
            waiting.result()
        assert pool.submit(len, "xy").result() == 2


def test_the_processes_end_when_somebody_stops_the_run_or_it_fails(lines):
    found = sources.source_files([lines(*[law(f"{number}/2024/QH15") for number in range(9)])])
    options = {"topics": [], "publish": True, "notify": False, "workers": 2}
    count = iter(range(9))
    report = runs.run_import(found, progress=lambda n: None, stop_requested=lambda: next(count) == 3, **options)
    assert report.is_stopped and LegalDocument.objects.count() == 3
    assert multiprocessing.active_children() == []

    def interrupt(lines):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.run_import(found, progress=interrupt, **options)
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("committed")
def test_ctrl_c_ends_the_run_with_its_report_and_leaves_no_process(lines):
    file = lines(*[law(f"{number}/2024/QH15") for number in range(40)])
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    command = [sys.executable, "manage.py", "import_documents", file, "--publish", "--workers", "2"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with transaction.atomic():
        identity.lock_identity(a_record(number="20/2024/QH15"))  # there it has to wait for us
        heeds = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)  # noqa: E731 (a shell ignores it for what runs in the background)
        run = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": url},
            preexec_fn=heeds,
            start_new_session=True,
            **pipes,
        )
        while run.poll() is None and LegalDocument.objects.count() < 20:
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)  # as the terminal does: to all processes of the command
    printed, complaint = run.communicate(timeout=120)
    stored = LegalDocument.objects.count()
    assert (run.returncode, 20 <= stored < 40) == (130, True), complaint
    assert f"({stored} mới, 0 sửa, 0 không đổi, 0 bỏ qua)" in printed
    assert "Traceback" not in complaint and "không nhập được" not in printed
    with pytest.raises(ProcessLookupError):
        while True:
            os.killpg(run.pid, 0)


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


@pytest.mark.parametrize(("sqlstate", "workers"), [("40001", 1), ("40P01", 1), ("23505", 1), ("40P01", 2)])
def test_a_record_that_meets_somebody_else_is_tried_again(lines, meeting_somebody, sqlstate, workers):
    meeting_somebody(2, sqlstate)
    file = lines(law("1/2024/QH15"), law("2/2024/QH15"))
    printed, why = import_documents(file, "--publish", "--workers", workers)
    assert (printed, why) == ("Văn bản: 2 (2 mới, 0 sửa, 0 không đổi, 0 bỏ qua)\n", "")


def test_one_that_always_meets_somebody_failed_and_one_that_breaks_a_rule_is_skipped(lines, meeting_somebody):
    meeting_somebody(3, "40P01")
    file = lines(law("1/2024/QH15"), law("2/2024/QH15"))
    printed, why = import_documents(file, "--publish")
    assert "Văn bản: 2 (1 mới, 0 sửa, 0 không đổi, 0 bỏ qua)" in printed
    assert f"không nhập được {file}:1: met" in printed and f"{file}:1" in why
    assert LegalDocument.objects.get().number == "2/2024/QH15"
    connection.cursor().execute("DROP TRIGGER meet ON content_legaldocument; DROP FUNCTION meet; DROP SEQUENCE met")
    meeting_somebody(1, "23514")
    printed, _ = import_documents(lines(law("3/2024/QH15")))
    assert "1 bỏ qua" in printed and "không nhập được" not in printed.splitlines()[0]


def test_no_process_is_no_number_of_workers(lines):
    for wrong in ("0", "-1", "hai"):
        assert "--workers" in import_documents(lines(law("1/2024/QH15")), "--workers", wrong)[1]
