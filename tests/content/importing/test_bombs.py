"""Files made to cost much are refused in words, and never by the process that serves requests.

How much time and memory each takes, `bench/bombs.py` measures.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from content.errors import RuleBroken
from content.importing import reading, uploads
from content.importing.known_names import NO_NAMES
from content.limited_process.parent import Limits, ReadingStopped, StopReason
from tests.bombs import BOMBS, a_law

ROOT = Path(__file__).resolve().parents[3]
ADDRESSES = 2**30  # as the process with limits; Python with Django and lxml has mapped 300 MiB before it reads anything
SLOW = {"a PDF of 3,100 pages", "an archive of 65,535 entries", "gzip of 200 MB in a line"}
REFUSED = {name: bomb for name, bomb in BOMBS.items() if bomb.refusal and name not in SLOW}
READ = f"""
import io, json, pathlib, resource, sys
import django
django.setup()
resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))
resource.setrlimit(resource.RLIMIT_CPU, (90, 90))
from content.importing import formats
for file, name in zip(sys.argv[1::2], sys.argv[2::2]):
    content = pathlib.Path(file).read_bytes()
    if ".jsonl" in name:
        found = [next(formats.records_in_lines(io.BytesIO(content), name, most=2**26))]
    else:
        found = list(formats.records_in_bytes(content, name))
    print(json.dumps([[type(record).__name__, str(record)[:300]] for place, record in found]))
"""


def test_bombs_are_refused_in_words_one_after_another(tmp_path):
    given = []
    for number, bomb in enumerate(REFUSED.values()):
        (tmp_path / str(number)).write_bytes(bomb.make())
        given += [tmp_path / str(number), bomb.name]
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT), "LUATMO_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", READ, *given], capture_output=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    said = dict(zip(REFUSED, map(json.loads, done.stdout.splitlines()), strict=True))
    wrong = {
        name: found
        for name, found in said.items()
        if [kind for kind, _ in found] != ["RecordError"]
        or not any(each in found[0][1] for each in REFUSED[name].refusal.split("|"))
    }
    assert wrong == {}


def test_a_text_that_takes_too_long_is_stopped_and_not_read_here():
    """Two million numbered lines take the parser about ten seconds of CPU time; one is allowed."""
    limits = Limits(cpu_seconds=1, wall_seconds=300)
    content = a_law("1\n2\n3\n", size=4_000_000)
    with pytest.raises(ReadingStopped) as stopped:
        list(reading.records_in_bytes(content, "luat.txt", names=NO_NAMES, limits=limits))
    assert (stopped.value.reason, stopped.value.seconds) == (StopReason.TIME, 1)
    with pytest.raises(ReadingStopped):
        reading.check_text(content.decode(), limits=limits)


def test_json_that_takes_too_much_memory_is_stopped():
    limits = Limits(cpu_seconds=60, wall_seconds=300, memory=250 * 2**20)
    (small,) = reading.records_in_bytes(b'{"a": 1}', "luat.json", names=NO_NAMES, limits=limits)
    assert "not a document of the national portal" in str(small[1])
    content = BOMBS["JSON of a million keys"].make()
    with pytest.raises(ReadingStopped) as stopped:
        list(reading.records_in_bytes(content, "luat.json", names=NO_NAMES, limits=limits))
    assert stopped.value.reason is StopReason.MEMORY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bomb", "name", "words"),
    [
        ("eight million blank lines", "luat.jsonl.gz", "dòng trống liên tiếp"),
        ("gzip in gzip", "luat.jsonl.gz", "không phải JSON"),
        ("an archive whose entries overlap", "luat.docx", "khi giải nén lớn hơn 50 MiB"),
        ("one letter", "luat.txt", "dài hơn 4 triệu ký tự"),
    ],
)
def test_an_upload_that_costs_much_is_refused_in_words(bomb, name, words, settings):
    settings.LANGUAGE_CODE = "vi"
    with pytest.raises(RuleBroken) as refusal:
        uploads.record_from_upload(name, BOMBS[bomb].make())
    assert refusal.value.field == "file"
    assert words in str(refusal.value)


@pytest.mark.django_db
def test_a_damaged_archive_is_refused_in_words(settings):
    settings.LANGUAGE_CODE = "vi"
    with pytest.raises(RuleBroken, match="Tệp bị hỏng"):
        uploads.record_from_upload("luat.jsonl.gz", b"\x1f\x8b no gzip at all")
