"""Whether a picture file has nothing but its picture: no place, no names, no bytes behind its end.

That is so for each picture that `pictures.redraw` made. The file is walked along, and not decoded.
"""

import re
import struct
from collections.abc import Callable

from content.stored_files.file_types import MediaType

Size = tuple[int, int]  # width and height in pixels
PNG_CHUNKS = (b"IHDR", b"IDAT", b"IEND")
JFIF, FRAMES, SCAN, END = 0xE0, (0xC0, 0xC2), 0xDA, 0xD9
JPEG_SEGMENTS = (JFIF, *FRAMES, SCAN, 0xC4, 0xDB, 0xDD)  # with tables of Huffman, of quantisation, restart interval
JFIF_LENGTH = 16  # without a small picture of its own
END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7]")
WEBP_CHUNKS = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH")


def plain_size(content: bytes, media_type: MediaType) -> Size | None:
    """The size that the head of the picture says; None where the file has more than the picture, or is none."""
    try:
        return _READERS[media_type](content)
    except struct.error:  # cut off
        return None


def _of_png(content: bytes) -> Size | None:
    size: Size | None = None
    at = 8
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name not in PNG_CHUNKS:
            return None
        if name == b"IHDR":
            width, height = struct.unpack_from(">II", content, at + 8)
            size = (width, height)
        at += 12 + length
        if name == b"IEND":
            return size if length == 0 and at == len(content) else None
    return None


def _of_jpeg(content: bytes) -> Size | None:
    size: Size | None = None
    at = 2
    while content[at : at + 2] != bytes((0xFF, END)):
        start, marker, length = struct.unpack_from(">BBH", content, at)
        if start != 0xFF or marker not in JPEG_SEGMENTS or (marker == JFIF and length != JFIF_LENGTH):
            return None
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            size = (width, height)
        at += 2 + length
        if marker == SCAN:
            found = END_OF_SCAN.search(content, at)
            at = found.start() if found else len(content)
    return size if at + 2 == len(content) else None


def _of_webp(content: bytes) -> Size | None:
    (length,) = struct.unpack_from("<I", content, 4)
    if length + 8 != len(content):
        return None
    size: Size | None = None
    at = 12
    while at < len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        if name not in WEBP_CHUNKS:
            return None
        size = size or _size_in(name, content, at + 8)
        at += 8 + length + length % 2
    return size if at == len(content) else None


def _size_in(name: bytes, content: bytes, at: int) -> Size | None:
    """The size in a chunk of WebP, whose body begins there; None for one that says none."""
    if name == b"VP8X":
        low_width, high_width, low_height, high_height = struct.unpack_from("<HBHB", content, at + 4)
        return low_width + (high_width << 16) + 1, low_height + (high_height << 16) + 1
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, at + 1)
        return bits % 2**14 + 1, (bits >> 14) % 2**14 + 1
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, at + 6)
        return width % 2**14, height % 2**14
    return None


_READERS: dict[MediaType, Callable[[bytes], Size | None]] = {
    MediaType.PNG: _of_png,
    MediaType.JPEG: _of_jpeg,
    MediaType.WEBP: _of_webp,
}
