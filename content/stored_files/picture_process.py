"""Draws a picture again, in the process with limits, without what else a file may carry. Nothing imports it."""

import base64
import io
import warnings
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageOps

from content.limited_process import child
from content.limited_process.child import Job, Reader

JPEG_QUALITY = 85


def redraw(job: Job) -> Iterator[Any]:
    """{"width", "height", "content": base64} of each width, the widest first; or {"refused": "size" or "damaged"}.

    Options: `format` (of Pillow), `widths` in pixels, rising, and `max_pixels`.
    """
    known, most, widths = job.options["format"], job.options["max_pixels"], job.options["widths"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower, and is next
            picture = Image.open(job.files[0], formats=[known])
        if picture.width * picture.height > most:
            yield {"refused": "size"}
            return
        picture.draft("RGB", (widths[-1], widths[-1]))  # a JPEG is decoded smaller where that is enough
        whole = ImageOps.exif_transpose(_in_plain_mode(picture, known))
    except Image.DecompressionBombError:
        yield {"refused": "size"}
        return
    except (OSError, ValueError, SyntaxError, TypeError, KeyError):  # cut off, or not what its first bytes say
        yield {"refused": "damaged"}
        return
    for width in reversed(_widths_of(whole.width, widths)):
        yield _drawn(whole, width, known)


def _widths_of(width: int, widths: list[int]) -> list[int]:
    """The widths in which a picture of this width is stored; a small one is not made larger."""
    found = [each for each in widths if each < width]
    if width <= widths[-1]:
        found.append(width)
    return found[-len(widths) :]


def _in_plain_mode(picture: Image.Image, known: str) -> Image.Image:
    """The first frame in RGB, with its transparency unless it is a JPEG."""
    has_alpha = picture.has_transparency_data and known != "JPEG"
    return picture.convert("RGBA" if has_alpha else "RGB")


def _drawn(whole: Image.Image, width: int, known: str) -> dict[str, Any]:
    height = max(1, round(whole.height * width / whole.width))
    drawn = whole if width == whole.width else whole.resize((width, height), Image.Resampling.LANCZOS)
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    content = io.BytesIO()
    options: dict[str, Any] = {"optimize": True} if known == "PNG" else {"quality": JPEG_QUALITY}
    clean.save(content, known, **options)
    return {"width": width, "height": height, "content": base64.b64encode(content.getvalue()).decode()}


READERS: dict[str, Reader] = {"picture": redraw}


def main() -> None:
    child.serve(READERS)
