"""How long each bomb of tests/bombs.py takes to be refused, and how much memory above a process that reads nothing.

    .venv/bin/python bench/bombs.py

Each is read by a process of its own; what starting it costs is taken off. The reader of PDFs is another process; its
memory counts too. Exit code 1 where one takes 2 s or 200 MB, or is not refused.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.bombs import BOMBS

SECONDS, MEGABYTES = 2, 200
READ = """
import sys, time, resource, pathlib, django
django.setup()
from content.importing import formats
content = pathlib.Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else b"x"
before = time.perf_counter()
found = [type(record).__name__ for place, record in formats.records_in_bytes(content, "bomb")]
seconds = time.perf_counter() - before
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))  # of Linux
peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(seconds, peak // 1024, *found)
"""


def measure(content=None):
    """(seconds, MiB at the peak, what came of it)."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    with tempfile.NamedTemporaryFile() as file:
        file.write(content or b"")
        file.flush()
        command = [sys.executable, "-c", READ, *([file.name] if content else [])]
        said = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=False).stdout.split()
    return (float(said[0]), int(said[1]), said[2:]) if said else (0, 0, [])


def main():
    _, nothing, _ = measure()
    failed = 0
    for name, (make, _reason) in BOMBS.items():
        content = make()
        seconds, peak, found = measure(content)
        used = peak - nothing
        well = found == [b"Problem"] and seconds < SECONDS and used < MEGABYTES
        failed += not well
        print(f"{'ok  ' if well else 'FAIL'} {name}: {len(content) // 1024} kB, {seconds:.2f} s, +{used} MiB")
    print(f"bombs: {len(BOMBS) - failed} of {len(BOMBS)} refused within {SECONDS} s and {MEGABYTES} MB")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
