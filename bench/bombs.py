"""What each bomb of tests/bombs.py costs the process that serves requests, and the limited process that reads it.

    .venv/bin/python bench/bombs.py [NAME …]

Each is read as an upload is, by a process of its own that plays the web process. It passes if

- it is refused in the words that tests/bombs.py expects (a costly file may also be accepted, or stopped by a limit),
- the web process spends at most 0.5 s of CPU time and 3 times the file (and 60 MiB) of memory on it,
- the reader stays within the limits of an upload; one that must be refused spends at most 6 s of CPU time.

The last line is `bombs: … failed=0`; exit code 1 otherwise. Needs no database. `run()` is for bench/attack.py.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.bombs import BOMBS

WEB_SECONDS, REFUSAL_SECONDS = 0.5, 6
READ = """
import itertools, json, pathlib, resource, sys, time
import django
django.setup()
from content.importing import reading
from content.importing.known_names import NO_NAMES
from content.limited_process.parent import ReadingStopped

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 1024

content = pathlib.Path(sys.argv[1]).read_bytes()
before, memory = time.process_time(), peak()
try:
    found = list(itertools.islice(reading.records_in_bytes(content, sys.argv[2], names=NO_NAMES), 2))
    said = [f"{type(record).__name__}: {record}"[:300] for place, record in found]
except ReadingStopped as stopped:
    said = [f"ReadingStopped: {stopped}"]
seconds = time.process_time() - before
children = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "said": said, "seconds": seconds, "memory": peak() - memory,
    "reader_seconds": children.ru_utime + children.ru_stime, "reader_memory": children.ru_maxrss // 1024,
}))
"""


def measure(bomb):
    """What the process that plays the web process tells: JSON of READ's last line."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    with tempfile.NamedTemporaryFile() as file:
        content = bomb.make()
        file.write(content)
        file.flush()
        command = [sys.executable, "-c", READ, file.name, bomb.name]
        done = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        return {"size": len(content), "said": ["crashed: " + done.stderr.decode()[-300:]]}
    return json.loads(done.stdout) | {"size": len(content)}


def faults(bomb, told):
    """What is wrong with the cost of a bomb, in words; empty: nothing."""
    said = told["said"]
    if "seconds" not in told:
        return said
    found = []
    if bomb.refusal and not (said and re.search(bomb.refusal, said[0]) and not said[0].startswith("DocumentRecord")):
        found.append(f"said {said}")
    if told["seconds"] > WEB_SECONDS:
        found.append(f"{told['seconds']:.2f} s in the web process")
    if told["memory"] > 60 + 3 * told["size"] // 2**20:
        found.append(f"{told['memory']} MiB in the web process")
    if bomb.refusal and told["reader_seconds"] > REFUSAL_SECONDS:
        found.append(f"{told['reader_seconds']:.1f} s to refuse it")
    return found


def run(names=tuple(BOMBS), report=print):
    """Read these bombs; returns the failures, one string each. `report` is given a line for each bomb."""
    failures = []
    for name in names:
        bomb = BOMBS[name]
        told = measure(bomb)
        found = faults(bomb, told)
        failures += [f"{name}: {fault}" for fault in found]
        cost = (
            f"web {told['seconds']:.2f} s +{told['memory']} MiB, "
            f"reader {told['reader_seconds']:.1f} s {told['reader_memory']} MiB"
            if "seconds" in told
            else "?"
        )
        outcome = told["said"][0].partition("(")[0][:80] if told["said"] else "nothing"
        report(f"{'FAIL' if found else 'ok  '} {name}: {told['size'] // 1024} kB, {cost}; {outcome}")
    return failures


def main():
    names = sys.argv[1:] or tuple(BOMBS)
    failures = run(names, report=lambda line: print(line, flush=True))
    for failure in failures:
        print(failure)
    print(f"bombs: {len(names)} read as uploads, failed={len({failure.partition(': ')[0] for failure in failures})}")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
