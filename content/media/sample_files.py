"""The files of the sample materials, made when they are loaded: a drawn infographic, a silent recording, captions."""

from pathlib import Path

import typst

TEMPLATE = (Path(__file__).parent / "infographic.typ").read_bytes()
PIXELS_PER_INCH = 108.0  # 1620 × 2025 pixels
SECONDS = 24
MP3_HEADER = b"\xff\xf3\x18\xc4"  # MPEG-2, layer III, 8 kbit/s, 22,050 Hz, mono
FRAME_BYTES, SAMPLES_PER_FRAME, SAMPLES_PER_SECOND = 26, 576, 22_050
CUE_SECONDS = 6


def draw_infographic(title: str, lines: list[str], source: str) -> bytes:
    """A PNG with a title, one box for each line, and the source below."""
    inputs = {"title": title, "lines": "\n".join(lines), "source": source}
    return typst.compile(TEMPLATE, sys_inputs=inputs, ignore_system_fonts=True, format="png", ppi=PIXELS_PER_INCH)


def silent_mp3(seconds: int = SECONDS) -> bytes:
    """Silence as MP3: frames whose side information says that nothing is coded."""
    frames = seconds * SAMPLES_PER_SECOND // SAMPLES_PER_FRAME + 1
    return (MP3_HEADER + bytes(FRAME_BYTES - len(MP3_HEADER))) * frames


def captions_of(lines: list[str]) -> bytes:
    """WebVTT with one cue of six seconds for each line."""
    cues = [
        f"00:00:{number * CUE_SECONDS:02}.000 --> 00:00:{(number + 1) * CUE_SECONDS:02}.000\n{line}\n"
        for number, line in enumerate(lines)
    ]
    return "\n".join(["WEBVTT\n", *cues]).encode()
