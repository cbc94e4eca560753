"""What an Ogg says of people is emptied in place: the comments of Vorbis, Opus, FLAC, Speex and Theora, and pictures.

Pages are those of RFC 3533. Only the headers of a stream change, with the checksums of their pages; sound stays. Files
of several streams, side by side or one after another, are read to their end.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from content.stored_files.file_parts import read, require_few_parts, write_zeros
from content.stored_files.vorbis_comments import empty_comments

CAPTURE, HEAD, MAX_SEGMENTS, FULL = b"OggS", 27, 255, 255  # the first bytes of a page; sizes in bytes
MAX_HEADERS = 20_000  # pages with headers, and packets in them; comments of 200 MiB have 3,200 pages
CONTINUED, FIRST = 1, 2  # flags of a page
SERIAL, CHECKSUM = slice(14, 18), slice(22, 26)
PIECE = 2**12  # read at once in search of a page
FLAC = b"\x7fFLAC"
COMMENTS = {  # first bytes of a stream: those of its comments
    b"\x01vorbis": b"\x03vorbis",
    b"OpusHead": b"OpusTags",
    b"Speex   ": b"",
    b"\x80theora": b"\x81theora",
}
PADDING, APPLICATION, COMMENT, PICTURE = 1, 2, 4, 6  # metadata blocks of FLAC (RFC 9639)
LAST_BLOCK, SOUND = 0x80, 0xFF
BITS_REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


@dataclass(frozen=True)
class Page:
    """A page: where it is, and how its segments divide it."""

    at: int
    flags: int
    serial: bytes  # of its stream
    lacing: bytes
    body_at: int
    end: int


@dataclass(frozen=True)
class Part:
    """What one page has of a packet."""

    start: int
    end: int
    page_at: int


@dataclass
class Headers:
    """The headers of a stream, as they come."""

    first: bytes = b""  # bytes of its first packet
    packet: list[Part] = field(default_factory=list)  # that is not whole yet


def remove_private_data(file: IO[bytes], size: int) -> bool:
    """Empty comments, pictures and data of programs. Returns whether there were any.

    Raises RuleBroken("not_playable", field "file") for more than MAX_PARTS pages, or MAX_HEADERS of headers.
    """
    streams: dict[bytes, Headers] = {}
    count, is_changed = 0, False
    for page in _pages(file, size):
        if page.flags & FIRST:
            streams[page.serial] = Headers()
        headers = streams.get(page.serial)
        if headers is None:
            continue
        count += 1 + sum(length < FULL for length in page.lacing)
        require_few_parts(count, MAX_HEADERS)
        touched: set[int] = set()
        if not _read_headers(file, page, headers, touched):
            del streams[page.serial]
        for page_at in touched:
            _renew_checksum(file, page_at)
            is_changed = True
    return is_changed


def _pages(file: IO[bytes], size: int) -> Iterator[Page]:
    """The whole pages of a file. Between them may be anything: it is searched for the next one, as decoders do."""
    position, count = 0, 0
    while (head := read(file, position, HEAD + MAX_SEGMENTS)) and len(head) >= HEAD:
        if not head.startswith(CAPTURE):
            position = _next_capture(file, position)
            continue
        count += 1
        require_few_parts(count)
        lacing = head[HEAD : HEAD + head[26]]
        body = position + HEAD + len(lacing)
        end = body + sum(lacing)
        if head[4] == 0 and end <= size:
            yield Page(position, head[5], head[SERIAL], lacing, body, end)
            position = end
        else:
            position += len(CAPTURE)


def _next_capture(file: IO[bytes], position: int) -> int:
    """Where the next page may begin; at the end of the file if there is none."""
    while piece := read(file, position, PIECE):
        if (found := piece.find(CAPTURE)) >= 0:
            return position + found
        position += max(1, len(piece) - len(CAPTURE) + 1)
    return position


def _read_headers(file: IO[bytes], page: Page, headers: Headers, touched: set[int]) -> bool:
    """Go on with what a page has of headers, and note the pages that changed. False: no more headers will come."""
    if bool(page.flags & CONTINUED) != bool(headers.packet):  # a page is missing
        return False
    for part, is_whole in _parts(page):
        headers.packet.append(part)
        if not is_whole:
            continue
        packet, headers.packet = headers.packet, []
        if not headers.first:
            headers.first = _read_packet(file, packet, 8)
        elif headers.first.startswith(FLAC):
            if not _empty_block(file, packet, touched):
                return False
        else:
            _empty_comments(file, packet, headers.first, touched)
            return False
        if not headers.first.startswith((FLAC, *COMMENTS)):
            return False
    return True


def _parts(page: Page) -> Iterator[tuple[Part, bool]]:
    """(what the page has of a packet, whether the packet ends in it)."""
    start = position = page.body_at
    for length in page.lacing:
        position += length
        if length < FULL:
            yield Part(start, position, page.at), True
            start = position
    if page.lacing.endswith(b"\xff"):
        yield Part(start, position, page.at), False


def _empty_comments(file: IO[bytes], packet: list[Part], first: bytes, touched: set[int]) -> None:
    magic = next(comments for begin, comments in COMMENTS.items() if first.startswith(begin))
    parts = empty_comments(magic, _length_of(packet), framing=first.startswith(b"\x01vorbis"))
    if parts and _read_packet(file, packet, len(magic)) == magic:
        _overwrite(file, packet, *parts, touched)


def _empty_block(file: IO[bytes], packet: list[Part], touched: set[int]) -> bool:
    """Empty a metadata block of FLAC; one that is no comment becomes padding. False: it is the last one, or sound."""
    head = _read_packet(file, packet, 4)
    if len(head) < 4 or head[0] == SOUND:
        return False
    kind = head[0] & ~LAST_BLOCK
    if kind == COMMENT and (parts := empty_comments(head, _length_of(packet), framing=False)):
        _overwrite(file, packet, *parts, touched)
    elif kind in (PADDING, APPLICATION, PICTURE):
        _overwrite(file, packet, bytes([PADDING | head[0] & LAST_BLOCK]) + head[1:], b"", touched)
    return not head[0] & LAST_BLOCK


def _length_of(packet: list[Part]) -> int:
    return sum(part.end - part.start for part in packet)


def _read_packet(file: IO[bytes], packet: list[Part], length: int) -> bytes:
    """The first bytes of a packet, at most `length`."""
    found = b""
    for part in packet:
        if len(found) == length:
            break
        found += read(file, part.start, min(part.end - part.start, length - len(found)))
    return found


def _overwrite(file: IO[bytes], packet: list[Part], head: bytes, tail: bytes, touched: set[int]) -> None:
    """Write `head`, zeros, and `tail` in the place of a packet."""
    for part in packet:
        write_zeros(file, part.start, part.end)
        touched.add(part.page_at)
    _write_packet(file, packet, 0, head)
    _write_packet(file, packet, _length_of(packet) - len(tail), tail)


def _write_packet(file: IO[bytes], packet: list[Part], offset: int, content: bytes) -> None:
    """Write `content` from the byte `offset` of a packet."""
    for part in packet:
        length = part.end - part.start
        if offset < length and content:
            file.seek(part.start + offset)
            written = file.write(content[: length - offset])
            content, offset = content[written:], length
        offset -= length


def _renew_checksum(file: IO[bytes], page_at: int) -> None:
    """Compute the checksum of a page anew: over all of it, with zeros in the place of the sum."""
    head = read(file, page_at, HEAD + MAX_SEGMENTS)
    length = HEAD + head[26] + sum(head[HEAD : HEAD + head[26]])
    page = bytearray(read(file, page_at, length))
    page[CHECKSUM] = bytes(4)
    file.seek(page_at + CHECKSUM.start)
    file.write(checksum(page).to_bytes(4, "little"))


def checksum(page: bytes | bytearray) -> int:
    """The CRC of RFC 3533: the polynomial of zlib's, from the highest bit on, with no bit turned before or after."""
    turned = zlib.crc32(page.translate(BITS_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(turned.to_bytes(4, "little").translate(BITS_REVERSED), "big")
