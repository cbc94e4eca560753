"""Documents as PDF with a text layer. A process with limits reads the file, because a PDF can unpack to any size."""

import subprocess
import sys
from pathlib import Path

from content.documents.records import DocumentRecord, RecordError, RecordWarning
from content.importing import document_heads

MAX_PDF_SIZE = 32 * 2**20  # bytes
TIMEOUT_SECONDS = 30
MIN_LETTERS_PER_PAGE = 20  # on average; a scan has no letters, or only a stamp
_READER = Path(__file__).with_name("pdf_process.py")


def read_pdf(content: bytes, name: str) -> DocumentRecord:
    """The record of one file's bytes. Raises RecordError."""
    if len(content) > MAX_PDF_SIZE:
        raise RecordError(f"the file is larger than {MAX_PDF_SIZE // 2**20} MiB")
    pages = _page_texts(content)
    letters = sum(sign.isalpha() for page in pages for sign in page)
    if letters < MIN_LETTERS_PER_PAGE * max(len(pages), 1):
        raise RecordError("the PDF is a scan without a text layer. Recognise its text first")
    message = f"Đọc từ lớp chữ của PDF ({len(pages)} trang): dòng ngắt như trên trang."
    return document_heads.record_from_text(
        "\n".join(pages), source=name, notes=[RecordWarning("read_from_pdf", message)]
    )


def _page_texts(content: bytes) -> list[str]:
    """The text of each page. Raises RecordError if the process fails, takes too long or too much memory."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_READER)],
            input=content,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RecordError(f"the PDF could not be read within {TIMEOUT_SECONDS} seconds") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise RecordError(f"the PDF could not be read: {reason[:200] or 'the reader was stopped'}")
    return done.stdout.decode(errors="replace").split("\f")
