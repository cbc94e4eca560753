"""WebM: its length, and what it says of people. A reader of EBML (RFC 8794) for the elements of Matroska (RFC 9559).

The tree is read as one flat list, since no two levels share an id: an element is entered, or skipped by its size. So
segments and clusters of unknown size need no rule of their own. What is in a block is never read.
"""

import struct
from collections.abc import Collection, Iterator
from typing import IO, NamedTuple

from content.stored_files.file_parts import PIECE, read, require_few_parts, write_zeros
from content.stored_files.vorbis_comments import empty_comments

SEGMENT, CLUSTER, INFO, TRACKS, TRACK = 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B, 0xAE
TAGS, ATTACHMENTS, CHAPTERS = 0x1254C367, 0x1941A469, 0x1043A770
EBML, SEEK_HEAD, CUES = 0x1A45DFA3, 0x114D9B74, 0x1C53BB6B
TIMESTAMP_SCALE, DURATION = 0x2AD7B1, 0x4489
TIMESTAMP, SIMPLE_BLOCK, BLOCK_GROUP, BLOCK, BLOCK_DURATION = 0xE7, 0xA3, 0xA0, 0xA1, 0x9B
TITLE, DATE, FILE_NAMES, TRACK_NAME, CODEC_PRIVATE = 0x7BA9, 0x4461, (0x7384, 0x3C83AB, 0x3E83BB), 0x536E, 0x63A2
PROGRAMS = (0x4D80, 0x5741)  # that wrote the file
VOID, CRC = 0xEC, 0xBF

ENTERED = (SEGMENT, INFO, TRACKS, TRACK)
TOP_LEVEL = (EBML, SEGMENT, CLUSTER, INFO, TRACKS, TAGS, ATTACHMENTS, CHAPTERS, SEEK_HEAD, CUES)
REPLACED = (
    TAGS,
    ATTACHMENTS,
    CHAPTERS,
    TITLE,
    DATE,
    *FILE_NAMES,
    TRACK_NAME,
    CRC,
)  # the sums of what changes are wrong
EMPTIED = (*PROGRAMS, VOID)  # no file may lack the programs; zeros are an empty string. A Void may keep old words
OPEN = (SEGMENT, CLUSTER)  # may have an unknown size
DEFAULT_SCALE, NANOSECONDS = 1_000_000, 1_000_000_000
LONGEST_HEAD, LONGEST_ID, LONGEST_SIZE = 12, 4, 8  # bytes
VORBIS = b"\x03vorbis"


class Element(NamedTuple):
    """Where an element has its head and its body."""

    id: int  # with its marker, as the RFCs write it
    head_at: int
    body_at: int
    end: int  # the byte after its last, at most the end of what holds it
    is_open: bool  # of unknown size


def duration(file: IO[bytes]) -> float:
    """Seconds as the file says, or up to its last block, where a browser recorded it; 0 if it tells neither.

    Raises RuleBroken("not_playable", field "file") for more than MAX_PARTS elements.
    """
    file.seek(0, 2)
    scale, ticks, last = DEFAULT_SCALE, 0.0, None
    for element in _elements(file, 0, file.tell(), (SEGMENT, INFO)):
        if element.id == TIMESTAMP_SCALE:
            scale = _number(file, element) or DEFAULT_SCALE
        elif element.id == DURATION:
            ticks = _real(file, element)
        elif element.id == CLUSTER:
            last = element
            if ticks > 0:
                break
    if last and not ticks > 0:
        ticks = _last_moment(file, last)
    return ticks * scale / NANOSECONDS


def remove_private_data(file: IO[bytes], size: int) -> bool:
    """Make tags, covers, chapters, titles, dates and names elements without content. Returns whether there were any.

    Nothing moves and clusters stay as they are, so the index of the file stays right. What SeekHead says of an element
    that went leads to a Void, which every reader skips.
    Raises RuleBroken("not_playable", field "file") for more than MAX_PARTS elements.
    """
    parent, is_changed = 0, False
    for element in _elements(file, 0, size, ENTERED):
        if element.id in TOP_LEVEL or element.id in ENTERED:
            # a cluster that says its size is passed over whole: what comes next is beside it
            parent = SEGMENT if element.id == CLUSTER and not element.is_open else element.id
        if parent != CLUSTER:
            is_changed |= _clean(file, element)
    return is_changed


def _elements(file: IO[bytes], position: int, end: int, entered: Collection[int]) -> Iterator[Element]:
    """The elements from `position`, in order, with what is in the entered ones and in a cluster of unknown size.

    Where a part cannot be read, the list goes on behind what holds it.
    """
    ends, count = [end], 0
    while ends:
        element = _element(file, position, ends[-1])
        if element is None:
            position = ends.pop()
            continue
        count += 1
        require_few_parts(count)
        yield element
        if element.id in entered or element.is_open:
            position = element.body_at
            if element.end < ends[-1]:
                ends.append(element.end)
        else:
            position = element.end


def _element(file: IO[bytes], position: int, end: int) -> Element | None:
    """The element whose head is at `position`; None if there is none before `end`.

    A segment reaches to the end: what follows one is another one, and recorders write sizes that are too small.
    """
    head = read(file, position, min(LONGEST_HEAD, max(0, end - position)))
    id_length = _length_of_number(head[:1])
    size_length = _length_of_number(head[id_length : id_length + 1])
    if id_length > LONGEST_ID or size_length > LONGEST_SIZE or len(head) < id_length + size_length:
        return None
    found, body = int.from_bytes(head[:id_length], "big"), position + id_length + size_length
    largest = (1 << 7 * size_length) - 1
    size = int.from_bytes(head[id_length : id_length + size_length], "big") & largest
    is_open = size == largest
    if is_open and found not in OPEN:
        return None
    after = end if is_open or found == SEGMENT else min(body + size, end)
    return Element(found, position, body, after, is_open)


def _length_of_number(first: bytes) -> int:
    """How many bytes a number has that begins with this one (RFC 8794, 4); 9, which none has, for zero and for none."""
    return 9 - int.from_bytes(first, "big").bit_length()


def _number(file: IO[bytes], element: Element) -> int:
    return int.from_bytes(read(file, element.body_at, min(element.end - element.body_at, 8)), "big")


def _real(file: IO[bytes], element: Element) -> float:
    content = read(file, element.body_at, min(element.end - element.body_at, 8))
    form = {4: ">f", 8: ">d"}.get(len(content))
    return float(struct.unpack(form, content)[0]) if form else 0.0


def _last_moment(file: IO[bytes], cluster: Element) -> int:
    """When the last block of a cluster begins, or ends if it says so: ticks since the beginning of the recording."""
    begin = block = last = 0
    for element in _elements(file, cluster.body_at, cluster.end, (BLOCK_GROUP,)):
        if element.id == TIMESTAMP:
            begin = block = _number(file, element)
        elif element.id in (SIMPLE_BLOCK, BLOCK):
            block = begin + _offset(file, element)
        elif element.id == BLOCK_DURATION:
            block += _number(file, element)
        last = max(last, block)
    return last


def _offset(file: IO[bytes], block: Element) -> int:
    """Ticks since the beginning of the cluster: behind the number of the track."""
    head = read(file, block.body_at, min(block.end - block.body_at, 10))
    at = _length_of_number(head[:1])
    return int.from_bytes(head[at : at + 2], "big", signed=True)


def _clean(file: IO[bytes], element: Element) -> bool:
    if element.id in REPLACED:
        _replace(file, element)
    elif element.id in EMPTIED:
        write_zeros(file, element.body_at, element.end)
    else:
        return element.id == CODEC_PRIVATE and _empty_comments_of_vorbis(file, element)
    return True


def _replace(file: IO[bytes], element: Element) -> None:
    """Make an element a Void of the same length."""
    length = element.end - element.head_at
    size_length = 1 if length <= 128 else LONGEST_SIZE
    size = length - 1 - size_length | 1 << 7 * size_length
    write_zeros(file, element.head_at, element.end)
    file.seek(element.head_at)
    file.write(bytes([VOID]) + size.to_bytes(size_length, "big"))


def _empty_comments_of_vorbis(file: IO[bytes], element: Element) -> bool:
    """Empty the comments between the two other headers of Vorbis, which a file that was an Ogg before still has.

    They are the second of three parts, behind the lengths of the first two (RFC 9559, 22.5; lacing as in Ogg).
    """
    content = read(file, element.body_at, min(element.end - element.body_at, PIECE))
    if content[:1] != b"\x02":
        return False
    position, lengths = 1, [0, 0]
    for number in range(2):
        while content[position : position + 1] == b"\xff":
            lengths[number] += 255
            position += 1
        lengths[number] += int.from_bytes(content[position : position + 1], "big")
        position += 1
    start = element.body_at + position + lengths[0]
    end = start + lengths[1]
    parts = empty_comments(VORBIS, lengths[1], framing=True)
    if parts is None or end > element.end or read(file, start, len(VORBIS)) != VORBIS:
        return False
    for place, part in ((start, parts[0]), (end - len(parts[1]), parts[1])):
        file.seek(place)
        file.write(part)
    write_zeros(file, start + len(parts[0]), end - len(parts[1]))
    return True
