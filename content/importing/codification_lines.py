"""The codification as JSON Lines, one article a line, plain or gzipped. The articles of a document are far apart.

The lines are copied once into a temporary file, and only what identifies each article's document stays in memory; then
the documents are read back one by one. The file has no name, so a process that is killed leaves nothing behind.
"""

import itertools
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO

from content.documents.records import OriginalBytes, RecordError
from content.importing import codification, json_fields
from content.importing.known_names import KnownNames
from content.importing.line_files import NumberedLine, NumberedRecord


@dataclass(frozen=True)
class SpooledLine:
    """Where a line is in the temporary file; `number` is its number in the original file."""

    number: int
    start: int
    length: int


def read_codification_lines(lines: Iterator[NumberedLine], name: str, names: KnownNames) -> Iterator[NumberedRecord]:
    """Yield (line number, DocumentRecord or RecordError): one for each document, at the line of its first article."""
    with tempfile.TemporaryFile() as spool:
        rows: dict[str, list[codification.ArticleIdentity]] = defaultdict(list)
        places: list[SpooledLine] = []
        for number, line in lines:
            try:
                if isinstance(line, RecordError):
                    raise line
                row = _codified_article(line)
            except RecordError as problem:
                yield number, problem
                continue
            rows[row.number].append(codification.article_identity(len(places), row))
            places.append(SpooledLine(number, spool.tell(), len(line)))
            spool.write(line)
        parted = itertools.chain.from_iterable(codification.group_by_document(named) for named in rows.values())
        for document in parted:
            yield from _records_of_document(spool, [places[place] for place in document], name, names)


def _codified_article(line: bytes) -> codification.CodifiedArticle:
    return codification.codified_article(json_fields.load_json(line))


def _records_of_document(
    spool: IO[bytes], places: Sequence[SpooledLine], name: str, names: KnownNames
) -> Iterator[NumberedRecord]:
    first, lines = places[0].number, []
    for place in places:
        spool.seek(place.start)
        lines.append(spool.read(place.length))
    try:
        record, problems = codification.record_of_document([_codified_article(line) for line in lines], names)
    except RecordError as problem:
        problem.lines = len(places)
        record, problems = None, [problem]
    if record:
        original = OriginalBytes(f"{name}:{first}", "application/jsonl", b"".join(lines))
        yield first, replace(record, original=original)
    yield from ((first, problem) for problem in problems)
