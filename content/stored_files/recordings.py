"""Audio and video: their length, and whether phones can play them. Nothing is transcoded."""

import struct
from typing import IO, BinaryIO, cast

from django.utils.translation import gettext as _
from tinytag import TinyTag, TinyTagException

from content.errors import RuleBroken
from content.stored_files import webm
from content.stored_files.file_parts import read
from content.stored_files.file_types import MediaType

CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")  # boxes of an MP4 that hold the one we look for
SAMPLE_FORMATS = {b"vide": (b"avc1", b"avc3"), b"soun": (b"mp4a",)}  # H.264 and AAC: every phone plays them
MAX_BOXES = 10_000
WEBM_TRACKS, WEBM_HEAD = b"\x16\x54\xae\x6b", 2**20  # the id of the list of tracks (RFC 9559), near the beginning
MAX_SECONDS = 24 * 3600


def length_in_seconds(file: IO[bytes], media_type: MediaType) -> int | None:
    """How long the recording is, None where the file does not tell.

    Raises RuleBroken("not_playable", field "file") for a WebM of too many parts.
    """
    duration = webm.duration(file) if media_type == MediaType.WEBM else _duration_by_tinytag(file, media_type)
    return round(duration) if duration and 0 < duration <= MAX_SECONDS else None


def _duration_by_tinytag(file: IO[bytes], media_type: MediaType) -> float | None:
    try:
        file.seek(0)
        return TinyTag.get(filename=f"x{_EXTENSIONS[media_type]}", file_obj=cast(BinaryIO, file)).duration
    except (TinyTagException, OSError, ValueError, struct.error, KeyError, IndexError):
        return None


def refuse_unplayable(file: IO[bytes]) -> None:
    """Refuse an MP4 or M4A whose boxes name another format than H.264 and AAC, or none at all.

    Raises RuleBroken("not_playable", field "file").
    """
    found = dict(_sample_formats(file))
    wrong = [name for handler, name in found.items() if name not in SAMPLE_FORMATS.get(handler, (name,))]
    if wrong or not found.keys() & SAMPLE_FORMATS.keys():
        message = _("Phones cannot play this recording (%s). Export it as H.264 with AAC.")
        named = ", ".join(each.decode("ascii", "replace") for each in wrong) or _("no known format")
        raise RuleBroken("not_playable", message % named, field="file")


def refuse_without_frames(file: IO[bytes], media_type: MediaType, seconds: int | None) -> None:
    """Refuse what begins like a recording and is none: MP3 and Ogg without a length, WebM without tracks.

    Raises RuleBroken("not_playable", field "file").
    """
    has_tracks = media_type != MediaType.WEBM or WEBM_TRACKS in read(file, 0, WEBM_HEAD)
    if has_tracks and (seconds is not None or media_type not in (MediaType.MP3, MediaType.OGG)):
        return
    message = _("Phones cannot play this recording (%s). Export it as H.264 with AAC.") % _("no known format")
    raise RuleBroken("not_playable", message, field="file")


def _sample_formats(file: IO[bytes]) -> list[tuple[bytes, bytes]]:
    """[(handler of a track, its sample format)], as the boxes of the file say (ISO/IEC 14496-12)."""
    file.seek(0, 2)
    spans = [(0, file.tell())]
    handler, found, count = b"", [], 0
    while spans:
        position, end = spans.pop()
        while position + 8 <= end and count < MAX_BOXES:
            count += 1
            size, name, body = box(file, position, end)
            if size < 8:
                break
            if name == b"hdlr":
                handler = read(file, body + 8, 4)
            elif name == b"stsd":
                found.append((handler, read(file, body + 12, 4)))
            elif name in CONTAINERS:
                spans.append((position + size, end))
                position, end = body, position + size
                continue
            position += size
    return found


def box(file: IO[bytes], position: int, end: int) -> tuple[int, bytes, int]:
    """(size of the box at `position`, its name, where its body begins). A size of 0 means: to the end."""
    head = read(file, position, 16)
    size, name = struct.unpack(">I4s", head[:8])
    if size == 1 and len(head) == 16:
        return struct.unpack(">Q", head[8:])[0], name, position + 16
    return size or end - position, name, position + 8


_EXTENSIONS = {MediaType.MP3: ".mp3", MediaType.M4A: ".m4a", MediaType.OGG: ".ogg", MediaType.MP4: ".mp4"}
