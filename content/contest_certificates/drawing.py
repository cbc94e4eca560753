"""Draw a certificate as PDF/UA-1 or PNG with Typst, from `certificate.typ` and the fonts that Typst brings along.

The PDF is always made first: a letter that the font does not have is an error there, and a box in a PNG.
"""

import datetime
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import segno
import typst
from django.utils.translation import gettext as _

from content.errors import RuleBroken

TEMPLATE = (Path(__file__).parent / "certificate.typ").read_bytes()
PIXELS_PER_INCH = 150.0  # 1754 × 1240 pixels
LONG_WORD = 24  # letters after which a word may be broken
BREAK = "\u200b"  # without width


class FileType(StrEnum):
    PDF = "pdf"
    PNG = "png"


@dataclass(frozen=True)
class Printed:
    """What is on a certificate. `rank` is None where another attempt counts; then `contestants` is too."""

    name: str
    contest: str
    organisation: str
    round: str
    bracket: str
    correct: int
    questions: int
    rank: int | None
    contestants: int | None
    day: datetime.date
    serial: str
    address: str
    is_sample: bool


def draw_certificate(printed: Printed, file_type: FileType) -> bytes:
    """The file, in Vietnamese. Raises RuleBroken("name_not_printable", field "name") for letters without a picture."""
    inputs = _inputs(printed)
    try:
        pdf = typst.compile(TEMPLATE, sys_inputs=inputs, ignore_system_fonts=True, format="pdf", pdf_standards="ua-1")
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        message = _("The certificate's font does not have every letter of this name. Write it with Latin letters.")
        raise RuleBroken("name_not_printable", message, field="name") from None
    if file_type == FileType.PDF:
        return pdf
    return typst.compile(TEMPLATE, sys_inputs=inputs, ignore_system_fonts=True, format="png", ppi=PIXELS_PER_INCH)


def _inputs(printed: Printed) -> dict[str, str]:
    """What the template reads. Typst takes them as texts: nothing in a name is markup."""
    return {
        "name": _breakable(printed.name),
        "contest": _breakable(printed.contest),
        "organisation": _breakable(printed.organisation),
        "details": _breakable(" · ".join(filter(None, [printed.round, printed.bracket]))),
        "result": _result(printed),
        "day": f"Kết quả được công bố ngày {printed.day:%d/%m/%Y}",
        "serial": printed.serial,
        "address": printed.address,
        "code": _code(printed.address),
        "sample": "BẢN MẪU, KHÔNG CÓ GIÁ TRỊ" if printed.is_sample else "",
    }


def _result(printed: Printed) -> str:
    score = f"Trả lời đúng {printed.correct}/{printed.questions} câu"
    if printed.rank is None or printed.contestants is None:
        return score
    return f"{score}, xếp hạng {_number(printed.rank)} trong {_number(printed.contestants)} người dự thi"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _breakable(text: str) -> str:
    """The text with places where a very long word may be broken."""
    return re.sub(rf"\S{{{LONG_WORD}}}(?=\S)", rf"\g<0>{BREAK}", text)


def _code(address: str) -> str:
    """The QR code of an address as SVG."""
    image = io.BytesIO()
    segno.make(address, error="m", micro=False).save(image, kind="svg", border=0, xmldecl=False)
    return image.getvalue().decode()
