"""WebM: its length is read, and what it says of people becomes elements without content."""

import hashlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import RuleBroken
from content.stored_files import file_parts, private_data, recordings, storage, webm
from content.stored_files.file_types import MediaType
from tests.builders_recordings import (
    UNKNOWN,
    WEBM_HEAD,
    a_block,
    a_cluster,
    a_webm,
    comments_of,
    element,
    vorbis_packets,
    webm_info,
    webm_track,
)

NAME = "Nguyễn Văn A, +10.7769+106.7009/".encode()
TAGS = element("1254c367", element("7373", element("67c8", element("45a3", b"ARTIST"), element("4487", NAME))))
COVER = element("1941a469", element("61a7", element("466e", NAME), element("465c", NAME * 900)))
CHAPTERS = element("1043a770", element("45b9", element("b6", element("80", element("85", NAME)))))
SEGMENT_AT = len(WEBM_HEAD) + 12  # where the elements of a segment begin


def seconds_of(content):
    return recordings.length_in_seconds(io.BytesIO(content), MediaType.WEBM)


def cleaned(content):
    with storage.received([content]) as received:
        found = private_data.without_private_data(received)
        saved = found.file.read()
    assert len(saved) == len(content) and found.sha256 == hashlib.sha256(saved).hexdigest()
    return saved


def elements_of(content, start=SEGMENT_AT):
    """[(id, body)] from a place on. Fails where an element is not whole."""
    found, at = [], start
    while at < len(content):
        length = 9 - content[at].bit_length()
        name, at = content[at : at + length].hex(), at + length
        width = 9 - content[at].bit_length()
        size, at = int.from_bytes(content[at : at + width], "big") & (1 << 7 * width) - 1, at + width
        assert at + size <= len(content)
        found.append((name, content[at : at + size]))
        at += size
    return found


# -- length


def test_a_webm_tells_the_length_that_it_says():
    assert seconds_of(a_webm()) == 12
    assert seconds_of(a_webm(webm_info(seconds=7.6), size=UNKNOWN)) == 8


def test_a_length_is_counted_in_ticks_of_the_scale_wherever_the_scale_is():
    scale = element("2ad7b1", (500_000).to_bytes(3, "big"))
    ticks = element("4489", struct.pack(">f", 24_000))
    assert seconds_of(a_webm(element("1549a966", scale, ticks))) == 12
    assert seconds_of(a_webm(element("1549a966", ticks, scale))) == 12
    assert seconds_of(a_webm(element("1549a966", ticks))) == 24  # a millisecond is the default


@pytest.mark.parametrize("size", [None, UNKNOWN, b"\xff"])
def test_what_a_browser_recorded_is_as_long_as_its_last_block_says(size):
    clusters = [a_cluster(begin, 0, 20, 1000, size=size) for begin in (0, 5000, 11_000)]
    assert seconds_of(a_webm(webm_info(), webm_track(), *clusters, size=UNKNOWN)) == 12
    assert seconds_of(a_webm(webm_info(seconds=0), *clusters, TAGS)) == 12


def test_a_last_block_in_a_group_ends_when_it_says():
    block = element("a1", b"\x81" + (500).to_bytes(2, "big") + b"\x80sound")
    group = element("a0", block, element("9b", (1500).to_bytes(2, "big")))
    cluster = element("1f43b675", element("e7", (10_000).to_bytes(2, "big")), a_block(0), group)
    assert seconds_of(a_webm(webm_info(), cluster)) == 12


def test_a_recording_that_was_cut_off_tells_the_length_of_what_is_there():
    whole = a_webm(webm_info(), a_cluster(0, 0), a_cluster(12_000, 0, 9000))
    assert seconds_of(whole[:-5]) == 12 + 9  # the head of the last block is there
    assert seconds_of(whole[:-30]) == 12


@pytest.mark.parametrize("length", [b"", bytes(3), struct.pack(">d", float("nan")), struct.pack(">d", -1)])
def test_a_length_that_is_none_counts_as_missing(length):
    info = element("1549a966", element("4489", length))
    assert seconds_of(a_webm(info)) is None
    assert seconds_of(a_webm(info, a_cluster(3000, 0))) == 3


def test_a_length_of_more_than_a_day_is_none():
    assert seconds_of(a_webm(webm_info(seconds=24 * 3600))) == 24 * 3600
    assert seconds_of(a_webm(webm_info(seconds=24 * 3600 + 1))) is None
    assert seconds_of(a_webm(webm_info(seconds=float("inf")))) is None


# -- private data


def test_a_webm_loses_tags_covers_chapters_titles_dates_and_names():
    info = webm_info(
        *(element(name, NAME) for name in ("7ba9", "7384", "3c83ab", "3e83bb")), element("4461", bytes(range(1, 9)))
    )
    sound = a_cluster(0, 0, 20)
    track = webm_track(element("536e", NAME), element("86", b"A_OPUS"))
    whole = a_webm(info, track, CHAPTERS, sound, COVER, TAGS)
    saved = cleaned(whole)
    assert NAME not in saved and bytes(range(1, 9)) not in saved and b"ARTIST" not in saved
    assert saved.index(sound) == whole.index(sound) and b"A_OPUS" in saved
    assert [name for name, _body in elements_of(saved)] == ["1549a966", "1654ae6b", "ec", "1f43b675", "ec", "ec"]
    assert seconds_of(saved) is None or seconds_of(saved) == seconds_of(whole)


def test_a_webm_keeps_its_length_and_the_names_of_programs_become_empty():
    info = webm_info(element("4d80", b"Recorder of Lan"), element("5741", b"Lan"), seconds=7)
    saved = cleaned(a_webm(info, a_cluster(0, 0)))
    assert (seconds_of(saved), b"Lan" in saved) == (7, False)
    assert dict(elements_of(elements_of(saved)[0][1], 0))["4d80"] == bytes(15)  # an empty string, and still there


@pytest.mark.parametrize("length", [0, 1, 115, 116, 117, 121, 122, 123, 200, 20_000])
def test_an_element_of_any_length_becomes_a_void_of_the_same_length(length):
    sizes = [(length | 1 << 56).to_bytes(8, "big"), (length | 1 << 14).to_bytes(2, "big")] if length < 2**14 else [None]
    for size in sizes:
        saved = cleaned(a_webm(element("1254c367", b"\xaa" * length, size=size), a_cluster(0, 0)))
        (void, body), (cluster, _sound) = elements_of(saved)
        assert (void, body.strip(b"\x00"), cluster) == ("ec", b"", "1f43b675")


def test_a_sum_of_what_changed_goes_and_that_of_a_cluster_stays():
    total = element("bf", b"summ")
    cluster = element("1f43b675", total, element("e7", b"\x01"), element("ec", b"kept"), a_block(0), size=UNKNOWN)
    saved = cleaned(a_webm(element("1549a966", total, element("7ba9", NAME)), element("ec", NAME), cluster, TAGS))
    assert saved.count(b"summ") == 1 and cluster in saved and NAME not in saved


def test_what_was_made_void_behind_a_cluster_of_known_size_is_emptied():
    saved = cleaned(a_webm(a_cluster(0, 0), element("ec", NAME), a_cluster(1, 0)))
    assert NAME not in saved and [name for name, _body in elements_of(saved)] == ["1f43b675", "ec", "1f43b675"]


def test_a_webm_that_was_an_ogg_loses_the_comments_in_its_headers():
    first, comments, setup, _sound = vorbis_packets("ARTIST=Nguyen Van A", "x" * 600)
    lengths = bytes([2, len(first), *[255] * (len(comments) // 255), len(comments) % 255])
    saved = cleaned(a_webm(webm_track(element("63a2", lengths, first, comments, setup)), a_cluster(0, 0)))
    empty = b"\x03vorbis" + (len(comments) - 16).to_bytes(4, "little") + bytes(len(comments) - 12) + b"\x01"
    assert lengths + first + empty + setup in saved


def test_headers_that_are_none_of_vorbis_stay():
    for private in (b"", b"\x02", b"\x02\xff", b"\x02\x01\x10" + comments_of("A=b"), b"OpusHead\x01"):
        whole = a_webm(webm_track(element("63a2", private)), a_cluster(0, 0))
        assert cleaned(whole) == whole


def test_two_recordings_one_after_another_are_both_cleaned():
    saved = cleaned(a_webm(a_cluster(0, 0), size=UNKNOWN) + a_webm(webm_info(element("7ba9", NAME)), TAGS))
    assert NAME not in saved


def test_a_segment_that_is_longer_than_it_says_is_read_to_its_end():
    saved = cleaned(a_webm(webm_info(), a_cluster(12_000, 0), TAGS, size=b"\x81"))
    assert (seconds_of(saved), NAME in saved) == (12, False)


def test_tags_of_an_unknown_size_take_no_sound_along():
    whole = a_webm(element("1254c367", b"words", size=UNKNOWN), a_cluster(0, 0))
    assert cleaned(whole) == whole


def test_a_webm_without_private_data_stays_as_it_is():
    assert cleaned(a_webm()) == a_webm()


def test_a_webm_of_too_many_parts_is_refused():
    whole = a_webm(b"\xe7\x80" * file_parts.MAX_PARTS)
    for read in (webm.duration, lambda file: webm.remove_private_data(file, len(whole))):
        with pytest.raises(RuleBroken) as refusal:
            read(io.BytesIO(whole))
        assert refusal.value.code == "not_playable"


IN_A_SEGMENT = ["1549a966", "2ad7b1", "4489", "7ba9", "1654ae6b", "ae", "63a2", "1254c367", "ec", "bf"]
IDS = st.sampled_from(["18538067", "1f43b675", "e7", "a3", "a0", "a1", "9b", *IN_A_SEGMENT])
SIZES = st.one_of(st.none(), st.just(UNKNOWN), st.binary(min_size=1, max_size=9))
TREES = st.recursive(
    st.builds(element, IDS, st.binary(max_size=12), size=SIZES),
    lambda parts: st.builds(lambda name, inner, size: element(name, *inner, size=size), IDS, st.lists(parts), SIZES),
    max_leaves=20,
)


@given(st.one_of(st.binary(max_size=400), st.lists(TREES, max_size=6).map(b"".join)))
def test_any_bytes_are_read_and_cleaned_without_growing(content):
    whole = WEBM_HEAD + bytes.fromhex("18538067ff") + content
    seconds = seconds_of(whole)
    assert seconds is None or 0 <= seconds <= recordings.MAX_SECONDS
    cleaned(whole)
    cleaned(WEBM_HEAD + content)


@given(st.lists(st.sampled_from([TAGS, COVER, CHAPTERS, webm_info(element("7ba9", NAME)), webm_track()])), st.binary())
def test_clusters_stay_byte_for_byte_between_any_other_elements(others, sound):
    cluster = element("1f43b675", element("e7", b"\x01"), a_block(3, sound), a_block(4, TAGS), size=None)
    whole = a_webm(*(part for other in others for part in (cluster, other)), cluster)
    saved = cleaned(whole)
    assert [at for at in range(len(whole)) if whole.startswith(cluster, at)] == [
        at for at in range(len(saved)) if saved.startswith(cluster, at)
    ]
    assert NAME not in saved.replace(cluster, b"")
