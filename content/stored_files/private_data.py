"""What a recording says besides sound and picture is overwritten: where a phone was, names, covers.

Of MP4, M4A and MP3. The places stay, filled with zeros, so that nothing else moves. Ogg and WebM are left as they are.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO

from content.stored_files import recordings
from content.stored_files.file_types import MediaType
from content.stored_files.storage import ReceivedFile

CONTAINERS = (b"moov", b"trak", b"mdia")
PRIVATE_BOXES = (b"udta", b"meta", b"uuid")  # user data and metadata of a film or a track; extensions, such as XMP
ID3V2_HEADER, ID3V1_LENGTH, APE_FOOTER = 10, 128, 32
FOOTER_FLAG = 0x10  # of ID3v2.4: the tag ends with a copy of its header
PIECE = 2**20
Span = tuple[int, int]  # first byte, and the one after the last


@dataclass(frozen=True)
class Box:
    """Where a box has its name and its body."""

    name_at: int
    body_at: int
    end: int  # the byte after its last


def without_private_data(given: ReceivedFile) -> ReceivedFile:
    """The same recording without what it says of people and places. Its file is changed, and hashed again."""
    file = given.file
    if given.media_type in (MediaType.MP4, MediaType.M4A):
        boxes = list(_private_boxes(file, 0, given.size))
        for box in boxes:
            file.seek(box.name_at)
            file.write(b"free")
        spans = [(box.body_at, box.end) for box in boxes]
    else:
        spans = list(_tags(file, given.size)) if given.media_type == MediaType.MP3 else []
    for start, end in spans:
        _empty(file, start, end)
    file.seek(0)
    return replace(given, sha256=_hash_of(file)) if spans else given


def _private_boxes(file: IO[bytes], position: int, end: int) -> Iterator[Box]:
    """The boxes (ISO/IEC 14496-12) to be emptied. What has more than MAX_BOXES is read no further."""
    spans, count = [(position, end)], 0
    while spans:
        position, end = spans.pop()
        while position + 8 <= end and count < recordings.MAX_BOXES:
            count += 1
            size, name, body = recordings.box(file, position, end)
            if size < 8:
                break
            after = min(position + size, end)
            if name in PRIVATE_BOXES:
                yield Box(position + 4, body, after)
            elif name in CONTAINERS:
                spans.append((body, after))
            position += size


def _tags(file: IO[bytes], size: int) -> Iterator[Span]:
    """Spans of ID3v2 at the beginning, behind its head, and of ID3v1 and APE at the end."""
    start = 0
    while (head := _read(file, start, ID3V2_HEADER)).startswith(b"ID3") and len(head) == ID3V2_HEADER:
        length = sum(part << 7 * place for place, part in enumerate(reversed(head[6:10])))  # seven bits a byte
        footer = ID3V2_HEADER if head[5] & FOOTER_FLAG else 0
        after = min(start + ID3V2_HEADER + length + footer, size)
        yield start + 5, start + 6  # no flags
        yield start + ID3V2_HEADER, after
        start = after
    end = size
    if _read(file, max(0, end - ID3V1_LENGTH), 3) == b"TAG":
        yield end - ID3V1_LENGTH, end
        end -= ID3V1_LENGTH
    footer_of_ape = _read(file, max(0, end - APE_FOOTER), APE_FOOTER)
    if footer_of_ape.startswith(b"APETAGEX"):
        length, _items, flags = struct.unpack("<III", footer_of_ape[12:24])
        head_of_ape = APE_FOOTER if flags >> 31 else 0  # as long as the footer, and not counted
        yield max(start, end - length - head_of_ape), end


def _read(file: IO[bytes], position: int, length: int) -> bytes:
    file.seek(position)
    return file.read(length)


def _empty(file: IO[bytes], start: int, end: int) -> None:
    """Write zeros from `start` to before `end`."""
    file.seek(start)
    for place in range(start, end, PIECE):
        file.write(bytes(min(PIECE, end - place)))


def _hash_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
