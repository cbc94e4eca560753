"""Official numbers of documents («31/2024/QH15»): how they are written, compared and turned into addresses.

Form: digits, a year where there is one, then the abbreviated type and issuer (Decree 78/2025/NĐ-CP lays it down);
earlier times wrote `101-SL/L.003`. Numbers are not unique: each province and each year counts anew.
"""

import re

from content.text.vietnamese import fold, nfc, slug

SPECIMEN = "00/0000/MAU"  # borne by what we wrote to try the house with, and by nothing real

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_LABEL = re.compile(
    r"^(?:(?:bộ )?luật |nghị định |thông tư |quyết định |nghị quyết |pháp lệnh )?số\s*:?\s*", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_WORD = re.compile(r"[0-9a-z.]+")


def clean(number):
    """As published, but NFC, with plain dashes, Đ for Ð, upper case except TTg, no «Số:» in front, no spaces in it."""
    number = _DASHES.sub("-", nfc(number)).replace("\u00d0", "Đ").replace("\u00f0", "đ").replace("\u00a0", " ")
    number = re.sub(r"\s*([/.\-])\s*", r"\1", _LABEL.sub("", number.strip()))
    return re.sub("TTG", "TTg", " ".join(number.split()).upper())


def key(number):
    """For comparing and typing: no accents, no leading zeros, one dash. «01/2021/NĐ-CP» → "1-2021-nd-cp"."""
    parts = _WORD.findall(fold(clean(number)).replace(".", "-").replace("/", "-"))
    return "-".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def address(number):
    """The number as it stands in an address, zeros kept. «101-SL/L.003» → "101-sl-l-003"."""
    return slug(clean(number))


def year(number):
    """The year a number carries, or None. «15/2024/QĐ-UBND» → 2024; «766/QĐ-TTg» → None."""
    found = [int(text) for text in _YEAR.findall(number.partition("/")[2])]
    return found[0] if found else None
