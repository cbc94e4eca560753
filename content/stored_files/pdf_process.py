"""What the process with limits reads of a PDF: whether it has a text layer and scripts. Nothing imports it."""

import io
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from content.limited_process import child
from content.limited_process.child import Job, Reader

MAX_PAGES, MAX_OBJECTS = 1_000, 200_000
MAX_DEPTH = 50  # of dictionaries and arrays written inside each other
MAX_AUTHOR = 100  # letters
MIN_LETTERS_PER_PAGE = 20  # on average; a scan has no letters, or only a stamp
ACTIVE_KEYS = ("/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia", "/AA", "/XFA")
ACTIVE_ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMedia")


def inspect(job: Job) -> Iterator[Any]:
    """{"pages": n, "has_text": …, "is_active": …, "is_readable": …, "author": …}."""
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
            "author": _author(document) if is_readable else "",
        }
    except MemoryError:
        raise
    except Exception:  # pypdf raises many kinds on what is no PDF
        yield {"pages": 0, "is_readable": False, "is_active": False, "has_text": False, "author": ""}


def _has_text(document: pypdf.PdfReader, pages: int) -> bool:
    letters = 0
    for page in document.pages:
        letters += sum(sign.isalpha() for sign in page.extract_text())
        if letters >= MIN_LETTERS_PER_PAGE * pages:
            return True
    return False


def _author(document: pypdf.PdfReader) -> str:
    """Who the PDF says wrote it: the name of an account, most often."""
    told = document.metadata and document.metadata.author
    return " ".join(str(told or "").split())[:MAX_AUTHOR]


def _is_active(document: pypdf.PdfReader) -> bool:
    """Whether any object runs a script, starts a program or carries a file."""
    places = {(number, generation) for generation, numbers in document.xref.items() for number in numbers}
    places |= {(number, 0) for number in document.xref_objStm}
    found = (document.get_object(IndirectObject(*place, document)) for place in sorted(places)[:MAX_OBJECTS])
    return len(places) > MAX_OBJECTS or any(_runs_something(each) for each in found)


def _runs_something(found: object, depth: int = 0) -> bool:
    """Whether an object, or one written inside it, is active. What nests too deep counts as active."""
    if isinstance(found, DictionaryObject):
        if any(key in found for key in ACTIVE_KEYS) or found.get("/S") in ACTIVE_ACTIONS:
            return True
        nested = list(found.values())
    else:
        nested = list(found) if isinstance(found, ArrayObject) else []
    return depth > MAX_DEPTH or any(_runs_something(each, depth + 1) for each in nested)


READERS: dict[str, Reader] = {"pdf": inspect}


def main() -> None:
    child.serve(READERS)
