"""Recordings made of bytes: WebM of elements (RFC 8794), Ogg of pages (RFC 3533). They have no sound to hear."""

import struct

UNKNOWN = b"\x01" + b"\xff" * 7  # a size that was not known when the element began
WEBM_HEAD = bytes.fromhex("1a45dfa3") + b"\x87" + bytes.fromhex("4282") + b"\x84webm"
TRACKS = bytes.fromhex("1654ae6b")


def element(name, *parts, size=None):
    """An element: its id in hexadecimal, and what is in it. `size` replaces the bytes of its size."""
    content = b"".join(parts)
    return bytes.fromhex(name) + (size or (len(content) | 1 << 56).to_bytes(8, "big")) + content


def a_block(moment, sound=b"sound"):
    return element("a3", b"\x81" + moment.to_bytes(2, "big", signed=True) + b"\x80" + sound)


def a_cluster(begin, *moments, size=None):
    return element("1f43b675", element("e7", begin.to_bytes(4, "big")), *map(a_block, moments), size=size)


def webm_info(*more, seconds=None):
    """Facts of a WebM. Its length is in milliseconds, as everywhere here."""
    length = element("4489", struct.pack(">d", seconds * 1000)) if seconds is not None else b""
    return element("1549a966", element("2ad7b1", (1_000_000).to_bytes(3, "big")), length, *more)


def webm_track(*more):
    return element("1654ae6b", element("ae", element("d7", b"\x01"), *more))


def a_webm(*parts, size=None):
    """A WebM of these elements; by default of 12 seconds, with a track and a cluster."""
    parts = parts or (webm_info(seconds=12), webm_track(), a_cluster(0, 0, 20))
    return WEBM_HEAD + element("18538067", *parts, size=size)


def crc_of_ogg(content):
    """The checksum of RFC 3533, a bit at a time."""
    value = 0
    for byte in content:
        value ^= byte << 24
        for _bit in range(8):
            value = (value << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if value >> 31 else value << 1
    return value


def a_page(number, flags, granule, lacing, body, serial=7):
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, granule, serial, number, 0) + bytes([len(lacing), *lacing])
    return head[:22] + crc_of_ogg(head + body).to_bytes(4, "little") + head[26:] + body


def ogg_pages(packets, *, granule, serial=7, segments=255):
    """Pages of a stream: the first packet has one of its own, the others fill pages of that many segments."""
    first, *others = packets
    lacing, body = [], b"".join(others)
    for packet in others:
        lacing += [255] * (len(packet) // 255) + [len(packet) % 255]
    pages, flags = [a_page(0, 2, 0, [len(first)], first, serial)], 0
    for at in range(0, len(lacing), segments):
        part = lacing[at : at + segments]
        is_last = at + segments >= len(lacing)
        length = sum(part)
        moment = granule if is_last else 0
        pages.append(a_page(len(pages), flags | 4 * is_last, moment, part, body[:length], serial))
        body, flags = body[length:], 1 if part[-1] == 255 else 0
    return pages


def comments_of(*comments, vendor="Recorder of Lan"):
    texts = [vendor.encode(), *(each.encode() for each in comments)]
    first, *others = [len(each).to_bytes(4, "little") + each for each in texts]
    return first + len(others).to_bytes(4, "little") + b"".join(others)


def vorbis_packets(*comments, seconds=12):
    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 48_000, 0, 64_000, 0, 0xB8, 1)
    return [head, b"\x03vorbis" + comments_of(*comments) + b"\x01", b"\x05vorbis setup", b"sound of Vorbis"]


def opus_packets(*comments):
    return [b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0), b"OpusTags" + comments_of(*comments), b"sound"]


def flac_block(kind, content, *, is_last=False):
    return bytes([kind | 128 * is_last]) + len(content).to_bytes(3, "big") + content


def flac_packets(*comments, picture=b""):
    samples = 12 * 48_000
    facts = struct.pack(">HH6xQ16x", 4096, 4096, 48_000 << 44 | 15 << 36 | samples)
    head = b"\x7fFLAC\x01\x00" + (2).to_bytes(2, "big") + b"fLaC" + flac_block(0, facts)
    return [head, flac_block(4, comments_of(*comments)), flac_block(6, picture, is_last=True), b"\xff\xf8 sound"]


def an_ogg(packets=None, *, seconds=12, **options):
    return b"".join(ogg_pages(packets or opus_packets(), granule=seconds * 48_000, **options))


def packets_of(content):
    """The packets of an Ogg of one stream. Fails where a checksum is wrong."""
    packets, packet, position = [], b"", 0
    while position < len(content):
        count = content[position + 26]
        lacing = content[position + 27 : position + 27 + count]
        end = position + 27 + count + sum(lacing)
        page = content[position:end]
        assert page[:4] == b"OggS"
        assert int.from_bytes(page[22:26], "little") == crc_of_ogg(page[:22] + bytes(4) + page[26:])
        at = 27 + count
        for length in lacing:
            packet, at = packet + page[at : at + length], at + length
            if length < 255:
                packets, packet = [*packets, packet], b""
        position = end
    return packets
