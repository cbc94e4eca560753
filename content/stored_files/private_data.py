"""What a recording says besides sound and picture is overwritten: where a phone was, names, covers.

The places stay, filled with zeros, so that nothing else moves. Of Ogg and WebM see `ogg.py` and `webm.py`.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.stored_files import ogg, recordings, webm
from content.stored_files.file_parts import PIECE, Span, read, write_zeros
from content.stored_files.file_types import MediaType
from content.stored_files.storage import ReceivedFile

CONTAINERS = (b"moov", b"trak", b"mdia")
PRIVATE_BOXES = (b"udta", b"meta", b"uuid")  # user data and metadata of a film or a track; extensions, such as XMP
ID3V2_HEADER, ID3V1_LENGTH, APE_FOOTER = 10, 128, 32
MAX_TAGS = 16  # of ID3v2 in one file; programs write one, and each is a few bytes only if it is empty
FOOTER_FLAG = 0x10  # of ID3v2.4: the tag ends with a copy of its header


@dataclass(frozen=True)
class Box:
    """Where a box has its name and its body."""

    name_at: int
    body_at: int
    end: int  # the byte after its last


def without_private_data(given: ReceivedFile) -> ReceivedFile:
    """The same recording without what it says of people and places. Its file is changed, and hashed again.

    Raises RuleBroken("not_playable", field "file") for an MP3 with more than MAX_TAGS tags before its sound, and for an
    Ogg or a WebM of too many parts.
    """
    file = given.file
    is_changed = REMOVERS[given.media_type](file, given.size) if given.media_type in REMOVERS else False
    file.seek(0)
    return replace(given, sha256=_hash_of(file)) if is_changed else given


def _remove_boxes(file: IO[bytes], size: int) -> bool:
    boxes = list(_private_boxes(file, 0, size))
    for box in boxes:
        file.seek(box.name_at)
        file.write(b"free")
        write_zeros(file, box.body_at, box.end)
    return bool(boxes)


def _remove_tags(file: IO[bytes], size: int) -> bool:
    spans = list(_tags(file, size))
    for start, end in spans:
        write_zeros(file, start, end)
    return bool(spans)


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
    start = count = 0
    while (head := read(file, start, ID3V2_HEADER)).startswith(b"ID3") and len(head) == ID3V2_HEADER:
        count += 1
        if count > MAX_TAGS:
            message = _("The recording has more than %d tags before its sound. Export it once more.") % MAX_TAGS
            raise RuleBroken("not_playable", message, field="file")
        length = sum(part << 7 * place for place, part in enumerate(reversed(head[6:10])))  # seven bits a byte
        footer = ID3V2_HEADER if head[5] & FOOTER_FLAG else 0
        after = min(start + ID3V2_HEADER + length + footer, size)
        yield start + 5, start + 6  # no flags
        yield start + ID3V2_HEADER, after
        start = after
    end = size
    if read(file, max(0, end - ID3V1_LENGTH), 3) == b"TAG":
        yield end - ID3V1_LENGTH, end
        end -= ID3V1_LENGTH
    footer_of_ape = read(file, max(0, end - APE_FOOTER), APE_FOOTER)
    if footer_of_ape.startswith(b"APETAGEX"):
        length, _items, flags = struct.unpack("<III", footer_of_ape[12:24])
        head_of_ape = APE_FOOTER if flags >> 31 else 0  # as long as the footer, and not counted
        yield max(start, end - length - head_of_ape), end


def _hash_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


REMOVERS: dict[MediaType, Callable[[IO[bytes], int], bool]] = {
    MediaType.MP4: _remove_boxes,
    MediaType.M4A: _remove_boxes,
    MediaType.MP3: _remove_tags,
    MediaType.OGG: ogg.remove_private_data,
    MediaType.WEBM: webm.remove_private_data,
}
