"""Captions: what is WebVTT and what is not, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import RuleBroken
from content.stored_files.captions import draft_transcript, parse_captions


def vtt(*cues):
    return "\n\n".join(["WEBVTT", *cues]).encode()


def refused(content, **options):
    with pytest.raises(RuleBroken) as refusal:
        parse_captions(content, **options)
    return refusal.value.code


def test_cues_have_their_times_in_milliseconds_and_text_without_tags():
    cues = parse_captions(
        vtt("00:01.000 --> 00:02.500 align:start\n<v Lan>Xin <b>chào</b>", "x\n00:03.000 --> 00:04.000\nHết")
    )
    assert [(each.start, each.end, each.text) for each in cues] == [(1000, 2500, "Xin chào"), (3000, 4000, "Hết")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"hello", "captions_not_readable"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nXin chào".encode("utf-16"), "captions_not_readable"),
        (vtt("00:01.000 --> 00:02.000\nch\x00ào"), "captions_not_readable"),
        (b"WEBVTT\n", "no_captions"),
        (vtt("00:02.000 --> 00:01.000\nNgược"), "caption_ends_before_start"),
        (vtt("00:02.000 --> 00:02.000\nKhông lâu"), "caption_ends_before_start"),
        (vtt("00:05.000 --> 00:06.000\nSau", "00:01.000 --> 00:02.000\nTrước"), "captions_out_of_order"),
        (vtt("00:01.000 --> 00:02.000\nĐược", "00:03 --> 00:04\nMất"), "caption_not_readable"),
        (vtt("00:01.000 --> 00:02.000\n<script>alert(1)</script>"), "caption_with_markup"),
        (vtt("00:01.000 --> 00:02.000\n<img src=x onerror=alert(1)>"), "caption_with_markup"),
        (
            vtt("STYLE\n::cue { background: url(https://xa.example/) }", "00:01.000 --> 00:02.000\nXin"),
            "caption_with_markup",
        ),
        (vtt("00:99.000 --> 01:00.000\nXin"), "caption_not_readable"),
    ],
)
def test_what_is_no_caption_is_refused_by_name(content, code):
    assert refused(content) == code


def test_a_line_whose_time_cannot_be_read_is_named():
    with pytest.raises(RuleBroken) as refusal:
        parse_captions(vtt("00:01.000 --> 00:02.000\nĐược", "00:03 --> 00:04\nMất"))
    assert "00:03 --> 00:04" in refusal.value.message


def test_captions_end_with_the_recording():
    content = vtt("00:01.000 --> 00:12.000\nXin chào")
    assert len(parse_captions(content, seconds=10)) == 1  # within two seconds: lengths are whole seconds
    assert refused(content, seconds=9) == "caption_after_the_end"


def test_more_than_two_lines_of_42_letters_are_marked_and_taken():
    assert [each.is_long for each in parse_captions(vtt("00:01.000 --> 00:02.000\n" + "a" * 42))] == [False]
    assert [each.is_long for each in parse_captions(vtt("00:01.000 --> 00:02.000\n" + "a" * 43))] == [True]
    assert [each.is_long for each in parse_captions(vtt("00:01.000 --> 00:02.000\na\nb\nc"))] == [True]


def test_a_draft_transcript_begins_a_paragraph_at_a_pause():
    cues = parse_captions(
        vtt("00:01.000 --> 00:02.000\nMột\nhai", "00:02.500 --> 00:03.000\nba", "00:06.000 --> 00:07.000\nbốn")
    )
    assert draft_transcript(cues) == "Một hai ba\n\nbốn"


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 10**6)), min_size=1, max_size=30))
def test_every_cue_that_is_written_is_read_or_the_file_is_refused(times):
    def stamp(ms):
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"

    cues = [f"{stamp(start)} --> {stamp(start + length)}\nLời {number}" for number, (start, length) in enumerate(times)]
    if [start for start, _ in times] == sorted(start for start, _ in times):
        read = parse_captions(vtt(*cues))
        assert [(each.start, each.end - each.start) for each in read] == times
        assert [each.text for each in read] == [f"Lời {number}" for number in range(len(times))]
    else:
        assert refused(vtt(*cues)) == "captions_out_of_order"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    for whole in (content, b"WEBVTT\n\n" + content, b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + content):
        try:
            parse_captions(whole)
        except RuleBroken as refusal:
            assert refusal.field == "file"
