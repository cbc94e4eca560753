"""One run of an import: files in, a report out. Each document is its own transaction, so a bad one harms no other."""

import contextlib
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DataError, IntegrityError, transaction

from content.documents import identity, services
from content.documents.importing import jsonl, plain
from content.documents.records import Problem
from content.errors import RuleBroken

UNREADABLE = (OSError, EOFError, zlib.error)  # a missing file, a gzip that breaks off, one that is none
READERS = {".jsonl": jsonl.read, ".jsonl.gz": jsonl.read, ".txt": plain.read}


@dataclass
class Report:
    """What became of the documents of a run. `skipped` holds (where, reason)."""

    outcomes: Counter = field(default_factory=Counter)
    skipped: list = field(default_factory=list)

    @property
    def read(self):
        return self.outcomes.total() + len(self.skipped)


def files(paths):
    """The files to read, folders opened, each with its reader. Raises Problem for one that is missing or unknown."""
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            found += [(file, _reader(file)) for file in sorted(path.iterdir()) if file.is_file() and _reader(file)]
        elif not path.is_file():
            raise Problem(f"{path}: no such file")
        elif reader := _reader(path):
            found.append((path, reader))
        else:
            raise Problem(f"{path}: unknown kind of file; known are {', '.join(READERS)}")
    return found


def _reader(path):
    return next((reader for ending, reader in READERS.items() if path.name.lower().endswith(ending)), None)


def count(path):
    """How many records a file holds at the most, for the progress bar."""
    if _reader(path) is plain.read:
        return 1
    lines = 0
    with contextlib.suppress(*UNREADABLE), jsonl.opened(path) as file:
        while chunk := file.read(1 << 20):
            lines += chunk.count(b"\n")
    return lines


def run(found, *, topics, publish, notify, progress):
    """Take in every record of the files; `progress()` is called after each. Returns the Report.

    The same document twice in one run is skipped: which of the two is right is for a person to say.
    """
    report, seen = Report(), {}
    for path, reader in found:
        try:
            for line, record in reader(path):
                where = f"{path}:{line}"
                try:
                    report.outcomes[_take(record, where, seen, topics, publish, notify)] += 1
                except (Problem, RuleBroken, DataError, IntegrityError) as reason:
                    report.skipped.append((where, str(reason).partition("\n")[0]))
                progress()
        except UNREADABLE as error:
            report.skipped.append((str(path), f"the file cannot be read to its end: {error}"))
    return report


@transaction.atomic
def _take(record, where, seen, topics, publish, notify):
    if isinstance(record, Problem):
        raise record
    same = (record.doc_type, identity.number_key(record.number, record.title), record.issued_on, record.issuer)
    if same in seen:
        raise Problem(f"the same document stands at {seen[same]}")
    document, outcome = services.take_in(record, topics=topics, correct=publish)
    seen[same] = where
    if publish and not document.is_published:
        services.publish(document, notify=notify)
        outcome = services.Outcome.UPDATED if outcome == services.Outcome.UNCHANGED else outcome
    return outcome
