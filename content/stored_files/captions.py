"""Captions in WebVTT: read by webvtt-py, and checked by our own rules, for it takes cues that end before they begin."""

import re
from dataclasses import dataclass

import webvtt
from django.utils.translation import gettext as _
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp

from content.errors import RuleBroken
from content.people.text_input import FORBIDDEN_CHARACTERS
from content.text.vietnamese import nfc

MAX_LINES, MAX_LETTERS = 2, 42  # of a cue, that a phone shows without covering the picture
MAX_CUES = 20_000
LENGTH_TOLERANCE = 2_000  # milliseconds: the length of a file is told in whole seconds
KNOWN_TAGS = re.compile(r"</?(?:[cibu]|v|lang|ruby|rt)(?:[.\s][^<>]*)?>|<(?:\d+:)?\d{2}:\d{2}\.\d{3}>")
TAG = re.compile(r"<[^>]*>?")
BREAK = re.compile(r"[\n\r]\s*[\n\r]")


@dataclass(frozen=True)
class Cue:
    """What is shown from one moment to another, in milliseconds."""

    start: int
    end: int
    text: str  # without tags

    @property
    def is_long(self) -> bool:
        """Whether it has more than two lines or a line of more than 42 letters: a warning, no error."""
        lines = self.text.split("\n")
        return len(lines) > MAX_LINES or any(len(line) > MAX_LETTERS for line in lines)


def parse_captions(content: bytes, *, seconds: int | None = None) -> list[Cue]:
    """The cues of a WebVTT file, in order. `seconds`: the length of what they belong to, None if it is unknown.

    Raises RuleBroken with the field "file": "captions_not_readable" (not UTF-8, or no WebVTT), "caption_not_readable"
    (it names the line), "caption_ends_before_start", "captions_out_of_order",
    "caption_after_the_end", "caption_with_markup" (tags other than those of WebVTT, or styles), "no_captions".
    """
    text = _decoded(content)
    try:
        captions: list[webvtt.Caption] = webvtt.from_string(text).captions
        cues = [_cue(each) for each in captions]
    except (MalformedFileError, MalformedCaptionError, ValueError):
        raise _not_readable() from None
    timings = [line for line in text.splitlines() if "-->" in line]
    if len(timings) != len(cues):
        known = {_plain_timing(f"{each.start} --> {each.end}") for each in captions}
        wrong = next((line for line in timings if _plain_timing(line) not in known), timings[0])
        message = _("The times of this line cannot be read: «%s». Write 00:00:01.000 --> 00:00:04.000.")
        raise RuleBroken("caption_not_readable", message % wrong.strip()[:80], field="file")
    _refuse_markup(text, captions)
    _refuse_bad_times(cues, seconds)
    return cues


def draft_transcript(cues: list[Cue]) -> str:
    """What is said, as paragraphs: cues with a pause of less than three seconds between them stand in one."""
    paragraphs: list[list[str]] = []
    end = None
    for cue in cues:
        if end is None or cue.start - end >= 3_000:
            paragraphs.append([])
        paragraphs[-1].append(" ".join(cue.text.split()))
        end = cue.end
    return "\n\n".join(" ".join(each) for each in paragraphs)


def _decoded(content: bytes) -> str:
    try:
        text = nfc(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _not_readable() from None
    if FORBIDDEN_CHARACTERS.search(text):
        raise _not_readable()
    return text


def _not_readable() -> RuleBroken:
    message = _("This is not a WebVTT file in UTF-8. Export the captions as WebVTT.")
    return RuleBroken("captions_not_readable", message, field="file")


def _cue(caption: webvtt.Caption) -> Cue:
    start, end = (Timestamp.from_string(each).in_milliseconds() for each in (caption.start, caption.end))
    return Cue(start, end, caption.text.strip())


def _plain_timing(line: str) -> str:
    """«00:01.000 --> 00:02.000 align:left» → its two times, hours written out."""
    times = [part.split()[0] if part.split() else "" for part in line.split("-->")]
    return " ".join(each if each.count(":") == 2 else f"00:{each}" for each in times)


def _refuse_markup(text: str, captions: list[webvtt.Caption]) -> None:
    has_style = any(block.strip().startswith(("STYLE", "REGION")) for block in BREAK.split(text))
    unknown = next(
        (tag for each in captions for tag in TAG.findall(each.raw_text) if not KNOWN_TAGS.fullmatch(tag)), None
    )
    if has_style or unknown:
        message = _("Captions have text and the tags of WebVTT only, no styles and no HTML: «%s».")
        raise RuleBroken("caption_with_markup", message % (unknown or "STYLE")[:40], field="file")


def _refuse_bad_times(cues: list[Cue], seconds: int | None) -> None:
    if not cues or len(cues) > MAX_CUES or not any(each.text for each in cues):
        raise RuleBroken("no_captions", _("The file has no captions."), field="file")
    before = 0
    for number, cue in enumerate(cues, 1):
        if cue.end <= cue.start:
            message = _("Caption %d ends before it begins. Correct its times.") % number
            raise RuleBroken("caption_ends_before_start", message, field="file")
        if cue.start < before:
            message = _("Caption %d begins before the one above it. Put them in order.") % number
            raise RuleBroken("captions_out_of_order", message, field="file")
        if seconds is not None and cue.end > seconds * 1000 + LENGTH_TOLERANCE:
            message = _("Caption %(number)d ends after the end of the recording (%(seconds)d seconds).")
            values = {"number": number, "seconds": seconds}
            raise RuleBroken("caption_after_the_end", message % values, field="file")
        before = cue.start
