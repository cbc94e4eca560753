"""Parts of a file: read, counted, and overwritten with zeros."""

from typing import IO

from django.utils.translation import gettext as _

from content.errors import RuleBroken

MAX_PARTS = 1_000_000  # elements of WebM, pages of Ogg: some hours with a part for each frame, and seconds to read
PIECE = 2**20
Span = tuple[int, int]  # first byte, and the one after the last


def read(file: IO[bytes], position: int, length: int) -> bytes:
    """At most `length` bytes; fewer at the end of the file."""
    file.seek(position)
    return file.read(length)


def write_zeros(file: IO[bytes], start: int, end: int) -> None:
    """Write zeros from `start` to before `end`."""
    file.seek(start)
    for place in range(start, end, PIECE):
        file.write(bytes(min(PIECE, end - place)))


def require_few_parts(count: int, most: int = MAX_PARTS) -> None:
    """Raise RuleBroken("not_playable", field "file") for more than the `most`."""
    if count > most:
        message = _("The recording has more than %d parts. Export it once more.") % most
        raise RuleBroken("not_playable", message, field="file")
