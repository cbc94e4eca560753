"""Documents as PDF with a text layer. Another process reads the file, with limits: a PDF may unpack to anything."""

import subprocess
import sys
from pathlib import Path

from content.documents.importing import heads
from content.documents.records import Note, Problem

LARGEST = 32 * 2**20  # bytes
SECONDS = 30
FEWEST_LETTERS = 20  # of a page, on average; a scan has none, or a stamp
_READER = Path(__file__).with_name("pdf_process.py")


def record(content, name):
    """The record of one file's bytes. Raises Problem."""
    if len(content) > LARGEST:
        raise Problem(f"the file is larger than {LARGEST // 2**20} MiB")
    pages = _pages(content)
    letters = sum(sign.isalpha() for page in pages for sign in page)
    if letters < FEWEST_LETTERS * max(len(pages), 1):
        raise Problem("the PDF has no text layer (a scan): recognise its text first")
    message = f"Đọc từ lớp chữ của PDF ({len(pages)} trang): dòng ngắt như trên trang."
    return heads.record("\n".join(pages), source=name, notes=[Note("read_from_pdf", message)])


def _pages(content):
    """The text of each page. Raises Problem when the reader fails, takes too long or too much memory."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_READER)], input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Problem(f"the PDF could not be read within {SECONDS} seconds") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise Problem(f"the PDF could not be read: {reason[:200] or 'the reader was stopped'}")
    return done.stdout.decode(errors="replace").split("\f")
