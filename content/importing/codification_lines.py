"""The codification as JSON Lines, one article a line, plain or gzipped; the articles of a document lie far apart.

The lines go into a temporary file once, of each row only what tells its document stays in memory, and then the
documents are read back one by one. The file has no name: a process that is killed leaves nothing.
"""

import itertools
import tempfile
from collections import defaultdict
from dataclasses import replace

from content.documents.records import OriginalBytes, RecordError
from content.importing import codification, json_fields
from content.importing.line_files import numbered_lines, open_plain_or_gzip
from content.topics import queries as topics


def read_codification_lines(path):
    """Yield (line number, DocumentRecord or Problem): a record for each document, at the line of its first article."""
    with open_plain_or_gzip(path) as lines, tempfile.TemporaryFile() as spool:
        rows, places = defaultdict(list), []
        for number, line in numbered_lines(lines):
            try:
                row = _codified_article(line)
            except RecordError as problem:
                yield number, problem
                continue
            rows[row.number].append(codification.article_identity(len(places), row))
            places.append((number, spool.tell(), len(line)))
            spool.write(line)
        parted = itertools.chain.from_iterable(codification.group_by_document(named) for named in rows.values())
        keys = topics.keys_by_number()
        for document in parted:
            yield from _records_of_document(spool, [places[place] for place in document], path.name, keys)


def _codified_article(line):
    if isinstance(line, RecordError):
        raise line
    return codification.codified_article(json_fields.load_json(line))


def _records_of_document(spool, places, name, keys):
    first, lines = places[0][0], []
    for _number, start, length in places:
        spool.seek(start)
        lines.append(spool.read(length))
    try:
        record, problems = codification.record_of_document([_codified_article(line) for line in lines], keys)
    except RecordError as problem:
        record, problems = None, [problem] * len(places)
    if record:
        original = OriginalBytes(f"{name}:{first}", "application/jsonl", b"".join(lines))
        yield first, replace(record, original=original)
    yield from ((first, problem) for problem in problems)
