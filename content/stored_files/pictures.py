"""Pictures, drawn again: without EXIF and what else a file may carry, and in three widths."""

import io
import warnings
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from content.errors import RuleBroken
from content.stored_files.file_types import MediaType

WIDTHS = (480, 1080, 1920)  # pixels: a list, a phone, a screen
MAX_PIXELS = 40_000_000  # of a picture that is uploaded; it takes 120 MB for a moment
FORMATS = {MediaType.PNG: "PNG", MediaType.JPEG: "JPEG", MediaType.WEBP: "WEBP"}
JPEG_QUALITY = 85


@dataclass(frozen=True)
class Picture:
    """The bytes of a picture and its size in pixels."""

    content: bytes
    width: int
    height: int


def redraw(file: IO[bytes], media_type: MediaType) -> list[Picture]:
    """The picture in up to three widths, the widest first; a small one is not made larger.

    Raises RuleBroken with the field "file": "picture_not_readable", "picture_too_large" (more than 40 megapixels).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower, and is next
            picture = Image.open(file, formats=[FORMATS[media_type]])
        if picture.width * picture.height > MAX_PIXELS:
            raise _too_large()
        whole = ImageOps.exif_transpose(_in_plain_mode(picture, media_type))
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (OSError, ValueError, SyntaxError):  # cut off, or not what its first bytes say
        message = _("The picture cannot be read to its end. Save it again and upload it.")
        raise RuleBroken("picture_not_readable", message, field="file") from None
    widths = [width for width in WIDTHS if width < whole.width] or [whole.width]
    if whole.width <= WIDTHS[-1] and whole.width not in widths:
        widths.append(whole.width)
    return [_written(whole, width, media_type) for width in reversed(widths[-len(WIDTHS) :])]


def _too_large() -> RuleBroken:
    message = _("The picture has more than %d megapixels. Make it smaller.") % (MAX_PIXELS // 1_000_000)
    return RuleBroken("picture_too_large", message, field="file")


def _in_plain_mode(picture: Image.Image, media_type: MediaType) -> Image.Image:
    """The first frame in RGB, with its transparency unless it is a JPEG."""
    has_alpha = picture.has_transparency_data and media_type != MediaType.JPEG
    return picture.convert("RGBA" if has_alpha else "RGB")


def _written(whole: Image.Image, width: int, media_type: MediaType) -> Picture:
    height = max(1, round(whole.height * width / whole.width))
    drawn = whole if width == whole.width else whole.resize((width, height), Image.Resampling.LANCZOS)
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    content = io.BytesIO()
    options = {"quality": JPEG_QUALITY} if media_type != MediaType.PNG else {"optimize": True}
    clean.save(content, FORMATS[media_type], **options)
    return Picture(content.getvalue(), width, height)
