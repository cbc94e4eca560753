"""What the process with limits reads of a PDF: whether it has a text layer and scripts. Nothing imports it."""

import io
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import DictionaryObject, IndirectObject

from content.limited_process import child
from content.limited_process.child import Job, Reader

MAX_PAGES, MAX_OBJECTS = 1_000, 200_000
MIN_LETTERS_PER_PAGE = 20  # on average; a scan has no letters, or only a stamp
ACTIVE_KEYS = ("/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia", "/AA")
ACTIVE_ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMedia")


def inspect(job: Job) -> Iterator[Any]:
    """{"pages": n, "has_text": …, "is_active": …, "is_readable": …}."""
    try:
        document = pypdf.PdfReader(io.BytesIO(job.files[0].read()))
        is_locked = document.is_encrypted and not document.decrypt("")
        pages = 0 if is_locked else len(document.pages)
        is_readable = 0 < pages <= MAX_PAGES
        yield {
            "pages": pages,
            "is_readable": is_readable,
            "is_active": is_readable and _is_active(document),
            "has_text": is_readable and _has_text(document, pages),
        }
    except MemoryError:
        raise
    except Exception:  # pypdf raises many kinds on what is no PDF
        yield {"pages": 0, "is_readable": False, "is_active": False, "has_text": False}


def _has_text(document: pypdf.PdfReader, pages: int) -> bool:
    letters = 0
    for page in document.pages:
        letters += sum(sign.isalpha() for sign in page.extract_text())
        if letters >= MIN_LETTERS_PER_PAGE * pages:
            return True
    return False


def _is_active(document: pypdf.PdfReader) -> bool:
    """Whether any object runs a script, starts a program or carries a file."""
    numbers = {number for generation in document.xref.values() for number in generation}
    numbers |= set(document.xref_objStm)
    for number in sorted(numbers)[:MAX_OBJECTS]:
        found = document.get_object(IndirectObject(number, 0, document))
        if isinstance(found, DictionaryObject) and _runs_something(found):
            return True
    return len(numbers) > MAX_OBJECTS


def _runs_something(found: DictionaryObject, depth: int = 0) -> bool:
    if any(key in found for key in ACTIVE_KEYS) or found.get("/S") in ACTIVE_ACTIONS:
        return True
    nested = (each for each in found.values() if isinstance(each, DictionaryObject))
    return depth < 20 and any(_runs_something(each, depth + 1) for each in nested)


READERS: dict[str, Reader] = {"pdf": inspect}


def main() -> None:
    child.serve(READERS)
