"""Fuzz the parser with atheris: no crash, nothing lost, eIds unique, no input above 1 s per 100 kB.

    PYTHONPATH=<where atheris is> .venv/bin/python bench/fuzz_structure.py -max_total_time=600 [libFuzzer options]

atheris is no requirement of the product: script/check-more fetches it. The bytes it makes choose pieces of laws and
free text in turn, since random bytes alone seldom make a mark.
"""

import sys
import time

import atheris

with atheris.instrument_imports(include=["content.parsing", "content.text"]):
    from fidelity import ROOT  # noqa: F401 (sets Django up)

    from content import parsing
    from content.text.vietnamese import nfc

PIECES = [
    "\n", "Điều ", "Điêu ", "Ðiều ", "Chương I", "CHƯƠNG ", "Mục 1. ", "Phần thứ nhất", "1", "2", "l. ", ". ", " .",
    ") ", " )", "a) ", "đ) ", "d) ", "a.1) ", "(i) ", "- ", "+ ", "“", "”", '"', "như sau:", "Sửa đổi ", "khoản ",
    "điều ", "Nơi nhận:", "PHỤ LỤC ", "Mẫu số 01", "QUY CHẾ", "(Kèm theo ", "[1] ", "\t", "\xa0", "\xad", "  ",
    "Trang 1", "- 2 -", "CÔNG BÁO/Số 1", "này", "tại", ";", ":", ",", "Luật này được Quốc hội thông qua",
    "TM. CHÍNH PHỦ", "vườn chung của xóm ", "III", "12a",
]  # fmt: skip
SECONDS = 1.0  # per 100 kB
GRACE = 0.2  # seconds any text may take: other work runs on the machine


def text_of(data):
    """A text out of bytes: below 200 a piece of law, above a few free characters."""
    bytes_left, parts = atheris.FuzzedDataProvider(data), []
    while bytes_left.remaining_bytes():
        choice = bytes_left.ConsumeIntInRange(0, 255)
        parts.append(PIECES[choice % len(PIECES)] if choice < 200 else bytes_left.ConsumeUnicodeNoSurrogates(8))
    return nfc("".join(parts))


def check(data):
    text = text_of(data)
    before = time.process_time()
    units = parsing.parse_text(text).units
    taken = time.process_time() - before
    assert "".join(text[unit.start : unit.end] for unit in units) == text
    assert len({unit.eid for unit in units}) == len(units)
    assert all(unit.start <= unit.body <= unit.end for unit in units)
    assert all(unit.parent is None or unit.parent < at for at, unit in enumerate(units))
    assert taken <= GRACE + SECONDS * len(text.encode()) / 1e5, f"{taken:.1f} s for {len(text)} characters"


if __name__ == "__main__":
    atheris.Setup([*sys.argv, "-max_len=4096", "-timeout=30"], check)
    atheris.Fuzz()
