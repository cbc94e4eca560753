"""Lines of a file that may be gzipped. No line longer than LONGEST_LINE is held in memory."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from content.documents.records import DocumentRecord, RecordError

LONGEST_LINE = 32 * 1024 * 1024  # bytes; the longest known law has 2 MiB
NumberedRecord = tuple[int, DocumentRecord | RecordError]  # (line or place in the file, what it holds)


def open_plain_or_gzip(path: Path) -> IO[bytes]:
    opener = gzip.open if path.name.lower().endswith(".gz") else open
    return cast(IO[bytes], opener(path, "rb"))


def numbered_lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | RecordError]]:
    """Yield (line number, its bytes or a RecordError) for each line that is not blank."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            _skip_rest(file)
            yield number, RecordError(f"the line is longer than {LONGEST_LINE // 2**20} MiB")
        elif line.strip():
            yield number, line


def _skip_rest(file: IO[bytes]) -> None:
    """Read to the end of a line that is too long, a piece at a time."""
    while (piece := file.readline(1 << 20)) and not piece.endswith(b"\n"):
        pass
