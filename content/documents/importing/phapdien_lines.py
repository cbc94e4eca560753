"""The codification as JSON Lines, one article a line, plain or gzipped; the articles of a document lie far apart.

The lines go into a temporary file once, of each row only what tells its document stays in memory, and then the
documents are read back one by one. The file has no name: a process that is killed leaves nothing.
"""

import itertools
import tempfile
from collections import defaultdict
from dataclasses import replace

from content.documents.importing import fields, phapdien
from content.documents.importing.lines import lines_of, opened
from content.documents.records import Original, Problem
from content.topics import queries as topics


def read(path):
    """Yield (line number, DocumentRecord or Problem): a record for each document, at the line of its first article."""
    with opened(path) as lines, tempfile.TemporaryFile() as spool:
        rows, places = defaultdict(list), []
        for number, line in lines_of(lines):
            try:
                row = _row(line)
            except Problem as problem:
                yield number, problem
                continue
            rows[row.number].append(phapdien.named(len(places), row))
            places.append((number, spool.tell(), len(line)))
            spool.write(line)
        parted = itertools.chain.from_iterable(phapdien.documents(named) for named in rows.values())
        keys = topics.keys_by_number()
        for document in parted:
            yield from _records(spool, [places[place] for place in document], path.name, keys)


def _row(line):
    if isinstance(line, Problem):
        raise line
    return phapdien.row(fields.loaded(line))


def _records(spool, places, name, keys):
    first, lines = places[0][0], []
    for _number, start, length in places:
        spool.seek(start)
        lines.append(spool.read(length))
    try:
        record, problems = phapdien.record([_row(line) for line in lines], keys)
    except Problem as problem:
        record, problems = None, [problem] * len(places)
    if record:
        original = Original(f"{name}:{first}", "application/jsonl", b"".join(lines))
        yield first, replace(record, original=original)
    yield from ((first, problem) for problem in problems)
