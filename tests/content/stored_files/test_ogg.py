"""Ogg: comments and covers are emptied in their packets; sound and the places of everything stay."""

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import RuleBroken
from content.stored_files import file_parts, ogg, private_data, recordings, storage
from content.stored_files.file_types import MediaType
from tests.builders_recordings import (
    a_page,
    an_ogg,
    comments_of,
    flac_packets,
    ogg_pages,
    opus_packets,
    packets_of,
    vorbis_packets,
)

NAME = "ARTIST=Nguyễn Văn A"
COVER = "METADATA_BLOCK_PICTURE=" + "Nguyen" * 30_000  # three pages long


def cleaned(content):
    with storage.received([content]) as received:
        found = private_data.without_private_data(received)
        saved = found.file.read()
    assert len(saved) == len(content) and found.sha256 == hashlib.sha256(saved).hexdigest()
    return saved


def without_comments(packet, magic, end=b""):
    """The same packet, whose only word is a name of zeros, as long as it was."""
    zeros = len(packet) - len(magic) - 8 - len(end)
    return magic + zeros.to_bytes(4, "little") + bytes(zeros) + bytes(4) + end


@pytest.mark.parametrize("comments", [(), (NAME,), (NAME, COVER, NAME)])
@pytest.mark.parametrize("segments", [1, 2, 100, 255])
def test_comments_of_vorbis_go_and_their_framing_bit_stays(comments, segments):
    packets = vorbis_packets(*comments[: 1 if segments < 100 else 3])
    head, given_comments, setup, sound = packets
    saved = cleaned(an_ogg(packets, segments=segments))
    assert packets_of(saved) == [head, without_comments(given_comments, b"\x03vorbis", b"\x01"), setup, sound]


@pytest.mark.parametrize("comments", [(), (NAME,), (NAME, COVER, NAME)])
def test_comments_of_opus_go_with_what_is_behind_them(comments):
    head, given_comments, sound = opus_packets(*comments)
    given_comments += b"\x01 kept by programs: Lan"
    saved = cleaned(an_ogg([head, given_comments, sound]))
    assert packets_of(saved) == [head, without_comments(given_comments, b"OpusTags"), sound]


@pytest.mark.parametrize("picture", [b"", b"Nguyen", b"Nguyen" * 30_000])
def test_comments_of_flac_go_and_its_picture_becomes_padding(picture):
    head, given_comments, given_picture, sound = packets = flac_packets(NAME, picture=picture)
    saved = cleaned(an_ogg(packets))
    padding = b"\x81" + given_picture[1:4] + bytes(len(picture))
    assert packets_of(saved) == [head, without_comments(given_comments, given_comments[:4]), padding, sound]


def test_comments_of_speex_and_theora_go():
    for first, magic in ((b"Speex   1.2", b""), (b"\x80theora\x03", b"\x81theora")):
        whole = [first, magic + comments_of(NAME), b"sound"]
        assert packets_of(cleaned(an_ogg(whole))) == [first, without_comments(whole[1], magic), b"sound"]


@pytest.mark.parametrize("packets", [vorbis_packets, opus_packets, flac_packets])
def test_an_ogg_tells_the_same_length_before_and_after(packets):
    whole = an_ogg(packets(NAME, COVER))
    for content in (whole, cleaned(whole)):
        assert recordings.length_in_seconds(io.BytesIO(content), MediaType.OGG) == 12


def test_streams_side_by_side_and_one_after_another_are_all_cleaned():
    first = ogg_pages(vorbis_packets(NAME), granule=48_000, serial=1)
    second = ogg_pages(opus_packets(NAME), granule=48_000, serial=2)
    mixed = [page for pair in zip(first, second, strict=True) for page in pair]
    later = ogg_pages(opus_packets(NAME), granule=48_000, serial=1)
    saved = cleaned(b"".join([*mixed, b"bytes of no page", *later]))
    assert "Nguyễn".encode() not in saved and b"Recorder" not in saved
    assert saved.count(b"sound") == 3 and b"bytes of no page" in saved


def test_what_is_no_header_stays():
    for packets in (
        [b"fishead\x00", b"OpusTags" + comments_of(NAME), b"sound"],  # a stream of an unknown kind
        [b"OpusHead", b"no comments at all", b"OpusTags" + comments_of(NAME)],
        [b"\x01vorbis", b"\x03vorbis", b"\x03vorbis" + comments_of(NAME)],
        [b"\x7fFLAC", b"\xff\xf8 sound", b"\x04\x00\x00\x40" + comments_of(NAME)],
        [b"\x7fFLAC", b"\x83\x00\x00\x00", b"\x04\x00\x00\x40" + comments_of(NAME)],
    ):
        whole = an_ogg(packets)
        assert cleaned(whole) == whole


def test_headers_of_which_a_page_is_missing_are_left_and_the_next_stream_is_cleaned():
    pages = ogg_pages(opus_packets(NAME, COVER), granule=0)
    saved = cleaned(b"".join([pages[0], *pages[2:], an_ogg(opus_packets("LATER=" + NAME))]))
    assert saved.startswith(b"".join([pages[0], *pages[2:]])) and b"LATER" not in saved


def test_sound_stays_where_the_end_of_the_comments_is_missing():
    head, comments, *_others = ogg_pages(opus_packets(NAME, COVER), granule=0)
    whole = head + comments + a_page(9, 0, 48_000, [5], b"sound")
    assert cleaned(whole) == whole


def test_an_ogg_of_too_many_parts_is_refused():
    page = a_page(0, 0, 0, [], b"")
    blocks = [b"\x7fFLAC", *[b"\x06\x00\x00\x00"] * ogg.MAX_HEADERS]
    for whole in (page * (file_parts.MAX_PARTS + 1), an_ogg(blocks), a_page(0, 2, 0, [1], b"x") * ogg.MAX_HEADERS):
        with pytest.raises(RuleBroken) as refusal:
            ogg.remove_private_data(io.BytesIO(whole), len(whole))
        assert refusal.value.code == "not_playable"


STARTS = st.sampled_from(
    [b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ", b"\x03vorbis", b"OpusTags", b"\x04", b"\x86"]
)
PACKETS = st.lists(st.builds(bytes.__add__, STARTS, st.binary(max_size=300)), min_size=2, max_size=6)
PAGES = st.builds(
    lambda flags, lacing, body: a_page(0, flags, 0, lacing, body),
    st.integers(0, 7),
    st.lists(st.sampled_from([0, 1, 8, 30, 254, 255]), max_size=8),
    st.builds(bytes.__add__, STARTS, st.binary(max_size=300)),
)


@given(st.one_of(st.binary(max_size=400), st.lists(st.one_of(PAGES, st.binary(max_size=9)), max_size=8).map(b"".join)))
def test_any_bytes_are_read_and_cleaned_without_growing(content):
    seconds = recordings.length_in_seconds(io.BytesIO(b"OggS" + content), MediaType.OGG)
    assert seconds is None or 0 <= seconds <= recordings.MAX_SECONDS
    cleaned(b"OggS" + content)


@given(PACKETS, st.integers(1, 255))
def test_any_packets_keep_their_lengths_their_sums_and_the_first_one(packets, segments):
    saved = packets_of(cleaned(an_ogg([packets[0][:200], *packets[1:]], segments=segments)))
    assert [len(each) for each in saved[1:]] == [len(each) for each in packets[1:]]
    assert saved[0] == packets[0][:200]


@given(st.sampled_from([vorbis_packets, opus_packets]), st.lists(st.binary(max_size=700)), st.integers(1, 255))
def test_sound_stays_byte_for_byte(kind, sound, segments):
    packets = [*kind(NAME), *sound]
    saved = packets_of(cleaned(an_ogg(packets, segments=segments)))
    assert saved[2:] == packets[2:] and "Nguyễn".encode() not in saved[1]
