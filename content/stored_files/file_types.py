"""What a file is, told by its first bytes. Names and what a browser claims do not count."""

import enum

HEAD_BYTES = 64  # read to tell the type
MIB = 2**20


class MediaType(enum.StrEnum):
    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    MP3 = "audio/mpeg"
    M4A = "audio/mp4"
    OGG = "audio/ogg"
    MP4 = "video/mp4"
    WEBM = "video/webm"
    VTT = "text/vtt"


PICTURES = (MediaType.PNG, MediaType.JPEG, MediaType.WEBP)
AUDIO = (MediaType.MP3, MediaType.M4A, MediaType.OGG)
VIDEO = (MediaType.MP4, MediaType.WEBM)
EXTENSIONS = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
    MediaType.WEBP: "webp",
    MediaType.MP3: "mp3",
    MediaType.M4A: "m4a",
    MediaType.OGG: "ogg",
    MediaType.MP4: "mp4",
    MediaType.WEBM: "webm",
    MediaType.VTT: "vtt",
}
M4A_BRANDS = (b"M4A ", b"M4B ")
MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV", b"M4V ", b"dash")


def media_type_of(head: bytes) -> MediaType | None:
    """The type of a file that begins with these bytes, at most HEAD_BYTES of them. None: it is none that we take."""
    for signature, found in _SIGNATURES.items():
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[4:8] == b"ftyp":
        return _type_of_brand(head[8:12])
    if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head:
        return MediaType.WEBM
    is_frame = len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] >> 4 not in (0, 15)
    return MediaType.MP3 if is_frame else None  # layer III, a bit rate that exists


def _type_of_brand(brand: bytes) -> MediaType | None:
    if brand in M4A_BRANDS:
        return MediaType.M4A
    return MediaType.MP4 if brand in MP4_BRANDS else None


LARGEST_FILE = 500 * MIB  # of all types: a video


def max_bytes(media_type: MediaType) -> int:
    """The largest file of that type."""
    if media_type in PICTURES:
        return 10 * MIB
    if media_type in AUDIO:
        return 200 * MIB
    if media_type in VIDEO:
        return LARGEST_FILE
    return 50 * MIB if media_type == MediaType.PDF else MIB


_SIGNATURES = {
    b"%PDF-": MediaType.PDF,
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,
    b"\xff\xd8\xff": MediaType.JPEG,
    b"ID3": MediaType.MP3,
    b"OggS": MediaType.OGG,
    b"WEBVTT\n": MediaType.VTT,
    b"WEBVTT\r": MediaType.VTT,
    b"WEBVTT ": MediaType.VTT,
    b"WEBVTT\t": MediaType.VTT,
    b"\xef\xbb\xbfWEBVTT": MediaType.VTT,
}
