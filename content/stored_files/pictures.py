"""Pictures, drawn again in three widths, in a process with limits: a small file may hold a huge picture."""

import base64
import shutil
import tempfile
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.limited_process.messages import words_of_stop
from content.limited_process.parent import Limits, ReadingStopped, results_of_reader
from content.stored_files.file_types import MediaType

WIDTHS = (480, 1080, 1920)  # pixels: a list, a phone, a screen
MAX_PIXELS = 40_000_000  # of a picture that is uploaded; drawing it takes some 500 MB for a moment
FORMATS = {MediaType.PNG: "PNG", MediaType.JPEG: "JPEG", MediaType.WEBP: "WEBP"}
LIMITS = Limits(cpu_seconds=30, wall_seconds=60)


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
    options = {"format": FORMATS[media_type], "widths": WIDTHS, "max_pixels": MAX_PIXELS}
    found = []
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as given:
        shutil.copyfileobj(file, given)
        given.seek(0)
        try:
            for each in results_of_reader(
                "content.stored_files.picture_process", "picture", [given.fileno()], LIMITS, **options
            ):
                if refused := each.get("refused"):
                    raise _too_large() if refused == "size" else _not_readable()
                found.append(Picture(base64.b64decode(each["content"]), each["width"], each["height"]))
        except ReadingStopped as stopped:
            raise RuleBroken("picture_not_readable", words_of_stop(stopped), field="file") from None
    return found


def _not_readable() -> RuleBroken:
    message = _("The picture cannot be read to its end. Save it again and upload it.")
    return RuleBroken("picture_not_readable", message, field="file")


def _too_large() -> RuleBroken:
    message = _("The picture has more than %d megapixels. Make it smaller.") % (MAX_PIXELS // 1_000_000)
    return RuleBroken("picture_too_large", message, field="file")
