"""Documents as PDF with a text layer."""

import io

import pypdf

from content.documents.records import DocumentRecord, RecordError, RecordWarning
from content.importing import document_heads, printed_pages
from content.importing.known_names import NO_NAMES, KnownNames

MAX_PDF_SIZE = 32 * 2**20  # bytes
MAX_PAGES = 3_000
MAX_CHARACTERS = 32 * 2**20
MIN_LETTERS_PER_PAGE = 20  # on average; a scan has no letters, or only a stamp


def read_pdf(content: bytes, name: str, names: KnownNames = NO_NAMES) -> DocumentRecord:
    """The record of one file's bytes. Raises RecordError."""
    if len(content) > MAX_PDF_SIZE:
        raise RecordError("the file is larger than %(most)d MiB", most=MAX_PDF_SIZE // 2**20)
    try:
        pages = _page_texts(content)
    except (RecordError, MemoryError):
        raise
    except Exception as error:  # pypdf raises many kinds on what is no PDF
        detail = f"{type(error).__name__}: {str(error)[:200]}"
        raise RecordError("the PDF could not be read", detail=detail) from None
    letters = sum(sign.isalpha() for page in pages for sign in page)
    if letters < MIN_LETTERS_PER_PAGE * max(len(pages), 1):
        raise RecordError("the PDF is a scan without a text layer. Recognise its text first")
    own = printed_pages.without_furniture(pages)
    message = f"Đọc từ lớp chữ của PDF ({len(pages)} trang): dòng ngắt như trên trang."
    notes = [RecordWarning("read_from_pdf", message)]
    if own.dropped:
        message = f"{own.dropped} dòng là số trang hoặc tiêu đề trang, như «{own.example}», không lấy vào văn bản."
        notes.append(RecordWarning("page_furniture", message))
    return document_heads.record_from_text(own.text, names=names, source=name, notes=notes)


def _page_texts(content: bytes) -> list[str]:
    """The text of each page. Raises RecordError, and whatever pypdf raises on what is no PDF."""
    document = pypdf.PdfReader(io.BytesIO(content))
    if document.is_encrypted and not document.decrypt(""):
        raise RecordError("the PDF could not be read: it is locked with a password")
    if len(document.pages) > MAX_PAGES:
        raise RecordError("the PDF could not be read: it has more than %(most)d pages", most=MAX_PAGES)
    pages: list[str] = []
    written = 0
    for page in document.pages:
        pages.append(page.extract_text())
        written += len(pages[-1])
        if written > MAX_CHARACTERS:
            raise RecordError(
                "the PDF could not be read: it has more than %(most)d million letters", most=MAX_CHARACTERS // 2**20
            )
    return pages
