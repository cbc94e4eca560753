"""The files that an import reads, and their records one after another."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from content.documents.records import DocumentRecord, RecordError
from content.importing import extensions, line_files, reading
from content.limited_process.parent import ReadingStopped

MAX_COUNTED = 2**31  # bytes that are unpacked to count lines for the progress bar


@dataclass(frozen=True)
class SourceFile:
    """a file to read, and the file with its text if it has none itself."""

    path: Path
    text_file: Path | None = None

    @property
    def is_lines(self) -> bool:
        return self.path.name.lower().endswith(extensions.JSON_LINES_EXTENSIONS)


class NoDocuments(Exception):
    """The last MAX_BAD_LINES lines of a file are no documents: it is of another kind."""


@dataclass(frozen=True)
class SourceRecord:
    """A record of a file and its place; or why the file gives no further one; or, with neither, the end of the file."""

    source: SourceFile
    line: int = 0
    record: DocumentRecord | RecordError | None = None
    stopped: OSError | ReadingStopped | NoDocuments | None = None
    is_lost: bool = False  # the process that read its text was killed

    @property
    def where(self) -> str:
        return f"{self.source.path}:{self.line}"


def records_of(found: Iterable[SourceFile]) -> Iterator[SourceRecord]:
    """The records of the files, one after another. A file is opened when the one before is read."""
    for source in found:
        bad = 0
        try:
            for line, record in reading.records_in_path(source.path, source.text_file):
                yield SourceRecord(source, line, record)
                bad = bad + 1 if isinstance(record, RecordError) else 0
                if bad >= line_files.MAX_BAD_LINES:
                    raise NoDocuments
        except (OSError, ReadingStopped, NoDocuments) as error:
            yield SourceRecord(source, stopped=error)
        yield SourceRecord(source)


def source_files(paths: Iterable[str | Path]) -> list[SourceFile]:
    """The files to read, with folders opened.

    Raises RecordError for a path that is missing or of an unknown kind. A text file with the same name as a JSON file
    beside it is read together with that file.
    """
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            found += [file for file in sorted(path.iterdir()) if file.is_file() and _has_known_extension(file)]
        elif not path.is_file():
            raise RecordError("%(path)s: no such file", path=str(path))
        elif _has_known_extension(path):
            found.append(path)
        else:
            known = ", ".join(extensions.EXTENSIONS)
            raise RecordError("%(path)s: unknown kind of file. Known are %(known)s", path=str(path), known=known)
    beside = {path: path.with_suffix(".txt") for path in found if path.suffix.lower() == ".json"}
    texts = {text for text in beside.values() if text.is_file()}
    return [
        SourceFile(path, beside[path] if beside.get(path) in texts else None) for path in found if path not in texts
    ]


def _has_known_extension(path: Path) -> bool:
    return path.name.lower().endswith(extensions.EXTENSIONS)


def count_records(source: SourceFile) -> int:
    """The most records the file can hold, for the progress bar; those of its first 2 GiB."""
    if not source.is_lines:
        return 1
    found = 0
    with contextlib.suppress(*line_files.DAMAGED), source.path.open("rb") as packed:
        file = line_files.plain_or_unpacked(packed, source.path.name)
        for _ in range(MAX_COUNTED >> 20):
            if not (piece := file.read(1 << 20)):
                break
            found += piece.count(b"\n")
    return found
