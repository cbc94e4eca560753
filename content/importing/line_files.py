"""Lines of a file that may be gzipped, none of them longer than memory should hold."""

import gzip

from content.documents.records import RecordError

LONGEST_LINE = 32 * 1024 * 1024  # bytes; the longest law we know is 2 MiB


def open_plain_or_gzip(path):
    return (gzip.open if path.name.lower().endswith(".gz") else open)(path, "rb")


def numbered_lines(file):
    """Yield (line number, its bytes or a Problem) of the lines that hold anything."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            _skip_rest(file)
            yield number, RecordError(f"the line is longer than {LONGEST_LINE // 2**20} MiB")
        elif line.strip():
            yield number, line


def _skip_rest(file):
    """Read to the end of a line that is too long, a piece at a time."""
    while (piece := file.readline(1 << 20)) and not piece.endswith(b"\n"):
        pass
