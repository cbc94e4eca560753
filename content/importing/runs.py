"""One run of an import: files in, a report out. Each document is its own transaction, so a bad one harms no other."""

import contextlib
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DataError, IntegrityError, transaction

from content.documents import identity
from content.documents.models import LegalDocument
from content.documents.records import RecordError
from content.errors import RuleBroken
from content.importing import formats, line_files
from content.publishing import services
from content.relations import services as relations

UNREADABLE = (OSError, EOFError, zlib.error)  # a missing file, a gzip that breaks off, one that is none
READER_BY_EXTENSION = dict.fromkeys(
    formats.EXTENSIONS, formats.records_in_file
)  # by the ending of a name; what is in a file, its bytes say


@dataclass(frozen=True)
class SourceFile:
    """A file to read, and the file beside it that holds its text where it has none itself."""

    path: Path
    beside: Path | None = None

    @property
    def is_lines(self):
        return self.path.name.lower().endswith(formats.JSON_LINES_EXTENSIONS)


@dataclass(frozen=True)
class ImportedDocument:
    """What was made of one document."""

    where: str
    key: str
    outcome: str
    units: dict  # {kind: how many}
    warnings: list  # of the document


@dataclass
class ImportReport:
    """What became of the documents of a run. `skipped` holds (where, reason); `taken` those of files with few."""

    outcomes: Counter = field(default_factory=Counter)
    skipped: list = field(default_factory=list)
    taken: list = field(default_factory=list)
    empty: list = field(default_factory=list)  # files that hold no document and nothing wrong
    articles: int = 0  # of partial documents

    @property
    def read(self):
        return self.outcomes.total() + len(self.skipped)


def source_files(paths):
    """The Sources to read, folders opened. Raises Problem for a path that is missing or of an unknown kind.

    A text that bears the name of an object of JSON beside it belongs to that one, and is read with it.
    """
    found = []
    for path in map(Path, paths):
        if path.is_dir():
            found += [file for file in sorted(path.iterdir()) if file.is_file() and _has_known_extension(file)]
        elif not path.is_file():
            raise RecordError(f"{path}: no such file")
        elif _has_known_extension(path):
            found.append(path)
        else:
            raise RecordError(f"{path}: unknown kind of file; known are {', '.join(READER_BY_EXTENSION)}")
    beside = {path: path.with_suffix(".txt") for path in found if path.suffix.lower() == ".json"}
    texts = {text for text in beside.values() if text.is_file()}
    return [
        SourceFile(path, beside[path] if beside.get(path) in texts else None) for path in found if path not in texts
    ]


def _has_known_extension(path):
    return path.name.lower().endswith(tuple(READER_BY_EXTENSION))


def count_records(source):
    """How many records a file holds at the most, for the progress bar."""
    if not source.is_lines:
        return 1
    found = 0
    with contextlib.suppress(*UNREADABLE), line_files.open_plain_or_gzip(source.path) as file:
        while chunk := file.read(1 << 20):
            found += chunk.count(b"\n")
    return found


def run_import(found, *, topics, publish, notify, progress):
    """Take in every record of the files; `progress(n)` is told of n more lines. Returns the Report.

    The same document twice in one run is skipped: which of the two is right is for a person to say. Partial records
    complete one another, and nobody is ever told of them: they are stocks of old law. What the codification says of
    amending acts becomes relations at the end, when all documents of the run are here.
    """
    report, seen, amended = ImportReport(), {}, {}
    for source in found:
        before = report.read
        try:
            for line, record in formats.records_in_file(source.path, source.beside):
                where = f"{source.path}:{line}"
                try:
                    taken = _import_record(record, where, seen, topics, publish, notify)
                    report.outcomes[taken.outcome] += 1
                    report.articles += len(record.articles)
                    if record.amended:
                        amended.setdefault((taken.key, record.source), []).extend(record.amended)
                    if not source.is_lines:
                        report.taken.append(taken)
                except (RecordError, RuleBroken, DataError, IntegrityError) as reason:
                    report.skipped.append((where, str(reason).partition("\n")[0]))
                progress(_article_count(record))
        except UNREADABLE as error:
            report.skipped.append((str(source.path), f"the file cannot be read to its end: {error}"))
        if report.read == before:
            report.empty.append(str(source.path))
    for (key, source), changes in amended.items():
        relations.record_stated_amendments(LegalDocument.objects.get(key=key), changes, stated_by=source)
    return report


def _article_count(record):
    return max(len(getattr(record, "articles", ())), 1)


@transaction.atomic
def _import_record(record, where, seen, topics, publish, notify):
    if isinstance(record, RecordError):
        raise record
    same = (record.doc_type, identity.identity_key(record.number, record.title), record.issued_on, record.issuer)
    if same in seen and not record.is_partial:
        raise RecordError(f"the same document stands at {seen[same]}")
    document, outcome = services.import_document(record, topics=topics, correct=publish)
    if not record.is_partial:
        seen[same] = where
    if publish and not document.is_published:
        services.publish(document, notify=notify and not record.is_partial)
        outcome = services.ImportOutcome.UPDATED if outcome == services.ImportOutcome.UNCHANGED else outcome
    if record.is_partial:
        return ImportedDocument(where, document.key, outcome, {"article": len(record.articles)}, document.warnings)
    units = Counter(document.provisions.order_by("position").values_list("kind", flat=True))
    return ImportedDocument(where, document.key, outcome, dict(units), document.warnings)
