"""Reads files and texts that people give, in a process with limits, and hands back records."""

import contextlib
import tempfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from content.documents.records import DocumentRecord, RecordError
from content.importing import record_json
from content.importing.known_names import KnownNames
from content.importing.line_files import NumberedRecord
from content.limited_process import parent
from content.limited_process.parent import IMPORT, ONE_FILE, ONE_TEXT, Limits
from content.organisations.models import Organisation
from content.organisations.names import comparable_name
from content.text.vietnamese import fold
from content.topics import queries as topics

READER = "content.importing.reader_process"


def known_names() -> KnownNames:
    """The names that are stored now. Two queries."""
    bodies_by_name: dict[str, str] = {}
    bodies_by_code: dict[str, str] = {}
    for body in Organisation.objects.all():
        bodies_by_name.setdefault(comparable_name(body.name), body.name)
        bodies_by_code.setdefault(fold(body.code), body.name)
    return KnownNames(bodies_by_name, bodies_by_code, topics.keys_by_number())


def records_in_path(path: Path, text_file: Path | None = None, *, limits: Limits = IMPORT) -> Iterator[NumberedRecord]:
    """Yield (line or place, DocumentRecord or RecordError) of a file. Raises OSError, ReadingStopped.

    `text_file`: the file with the text if the file itself has only the properties (see national_portal).
    """
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(each.open("rb")) for each in (path, text_file) if each]
        yield from _records(files, path.name, known_names(), limits)


def records_in_bytes(
    content: bytes,
    name: str,
    text_file: bytes | None = None,
    *,
    names: KnownNames | None = None,
    limits: Limits = ONE_FILE,
) -> Generator[NumberedRecord, None, None]:
    """As `records_in_path`, for bytes. `names`: those that are stored, if not given. Raises ReadingStopped."""
    with contextlib.ExitStack() as stack:
        given = [content] if text_file is None else [content, text_file]
        files = [stack.enter_context(_file_of(each)) for each in given]
        yield from _records(files, name, known_names() if names is None else names, limits)


def record_of_text(text: str, *, limits: Limits = ONE_TEXT) -> DocumentRecord:
    """The record of a pasted text. Raises RecordError if it does not describe itself, ReadingStopped."""
    with _file_of(text.encode(errors="surrogatepass")) as file:
        options = {"names": asdict(known_names())}
        (row,) = parent.results_of_reader(READER, "text", [file.fileno()], limits, **options)
    record = record_json.record_of_json(row)
    if isinstance(record, RecordError):
        raise record
    return record


def check_text(text: str, *, limits: Limits = ONE_TEXT) -> None:
    """Raise ReadingStopped if a text cannot be taken apart within the limits."""
    with _file_of(text.encode(errors="surrogatepass")) as file:
        list(parent.results_of_reader(READER, "units", [file.fileno()], limits))


def _records(files: Sequence[IO[bytes]], name: str, names: KnownNames, limits: Limits) -> Iterator[NumberedRecord]:
    options: dict[str, Any] = {"name": name, "names": asdict(names)}
    contents: list[bytes] = []
    for place, row in parent.results_of_reader(READER, "records", [file.fileno() for file in files], limits, **options):
        if not contents and row.get("original") and row["original"]["file"] is not None:
            contents = [_content_of(file) for file in files]
        yield place, record_json.record_of_json(row, contents)


def _content_of(file: IO[bytes]) -> bytes:
    """The whole file. The reader's process shares its place in it, which does not matter any more."""
    file.seek(0)
    return file.read()


@contextlib.contextmanager
def _file_of(content: bytes) -> Iterator[IO[bytes]]:
    """An open file without a name that holds these bytes, at its beginning."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file
