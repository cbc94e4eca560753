"""Files made to break their reader are refused in words, by a process that may use 600 MiB of addresses.

How long each takes and how much memory, `bench/bombs.py` measures.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.bombs import BOMBS

ROOT = Path(__file__).resolve().parents[3]
ADDRESSES = 600 * 2**20  # Python with Django and lxml has mapped 300 MiB before it reads anything
READ = f"""
import json, pathlib, resource, sys
import django
django.setup()
resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))
from content.importing import formats
for file in sys.argv[1:]:
    found = list(formats.records_in_bytes(pathlib.Path(file).read_bytes(), "bomb"))
    print(json.dumps([[type(record).__name__, str(record)] for place, record in found]))
"""


def test_bombs_are_refused_in_words_one_after_another(tmp_path):
    bombs = [tmp_path / str(number) for number in range(len(BOMBS))]
    for file, (make, _reason) in zip(bombs, BOMBS.values(), strict=True):
        file.write_bytes(make())
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT), "LUATMO_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", READ, *bombs], capture_output=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    said = dict(zip(BOMBS, map(json.loads, done.stdout.splitlines()), strict=True))
    wrong = {
        name: found
        for name, found in said.items()
        if [kind for kind, _ in found] != ["RecordError"]
        or not any(each in found[0][1] for each in BOMBS[name][1].split("|"))
    }
    assert wrong == {}
