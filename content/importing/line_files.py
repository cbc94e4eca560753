"""Lines of a file that may be gzipped. No line longer than LONGEST_LINE is held in memory."""

import gzip
import zlib
from collections.abc import Iterator
from typing import IO, cast

from content.documents.records import DocumentRecord, RecordError

LONGEST_LINE = 32 * 1024 * 1024  # bytes; the longest known law has 2 MiB
MAX_BLANK_LINES = 100_000  # in a row; 8 kB of gzip can hold eight million
MAX_BAD_LINES = 1_000  # in a row: a file of another kind
NumberedRecord = tuple[int, DocumentRecord | RecordError]  # (line or place in the file, what it holds)
NumberedLine = tuple[int, bytes | RecordError]
DAMAGED = (OSError, EOFError, zlib.error)  # a truncated gzip, a file that is not gzip


def plain_or_unpacked(file: IO[bytes], name: str) -> IO[bytes]:
    """The file itself, or what it unpacks to where its name ends in .gz."""
    if not name.lower().endswith(".gz"):
        return file
    return cast(IO[bytes], gzip.GzipFile(fileobj=file))


def numbered_lines(file: IO[bytes], *, most: int | None = None) -> Iterator[NumberedLine]:
    """Yield (line number, its bytes or a RecordError) for each line that is not blank.

    `most`: bytes that are read. The last item is a RecordError if the file has more, or goes on with MAX_BLANK_LINES
    blank lines. Raises DAMAGED.
    """
    number = read = blank = 0
    is_rest = False  # of a line that is too long
    while line := file.readline(LONGEST_LINE + 1):
        read += len(line)
        if most is not None and read > most:
            yield number + 1, RecordError("the file unpacks to more than %(most)d MiB", most=most // 2**20)
            return
        was_rest, is_rest = is_rest, not line.endswith(b"\n") and len(line) > LONGEST_LINE
        if was_rest:
            continue
        number += 1
        blank = 0 if line.strip() else blank + 1
        if blank > MAX_BLANK_LINES:
            yield number, RecordError("the file has more than %(most)d blank lines in a row", most=MAX_BLANK_LINES)
            return
        if is_rest:
            yield number, RecordError("the line is longer than %(most)d MiB", most=LONGEST_LINE // 2**20)
        elif not blank:
            yield number, line
