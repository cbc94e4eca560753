"""Runs an import: files in, a report out. Each document is one transaction, so a bad one does not affect others."""

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from content.documents import identity
from content.documents.models import LegalDocument
from content.documents.records import AmendmentRecord, DocumentRecord, RecordError
from content.endings import services as endings
from content.endings.services import Outcome
from content.errors import RuleBroken
from content.importing import formats, line_files, reading
from content.limited_process.messages import words_of_stop
from content.limited_process.parent import ReadingStopped
from content.publishing import effect_statements, heavy_notices, original_files, origins, services
from content.publishing.heavy_notices import HeavyNotice, HeavyNoticesRefused, NamedAcceptance
from content.publishing.table_statistics import refresh_statistics
from content.relations import services as relations
from content.topics.models import Topic

MAX_COUNTED = 2**31  # bytes that are unpacked to count lines for the progress bar


@dataclass(frozen=True)
class SourceFile:
    """a file to read, and the file with its text if it has none itself."""

    path: Path
    text_file: Path | None = None

    @property
    def is_lines(self) -> bool:
        return self.path.name.lower().endswith(formats.JSON_LINES_EXTENSIONS)


@dataclass(frozen=True)
class LeftDocument:
    """A document that was to be published, or to replace its published text, and was not for heavy notices."""

    where: str
    name: str  # its number, or its key
    notices: tuple[HeavyNotice, ...]  # those that nobody accepted
    is_published: bool = False  # its published text stays as it was

    @property
    def codes(self) -> Counter[str]:
        return Counter(notice.code for notice in self.notices)


@dataclass(frozen=True)
class ImportedDocument:
    """What was stored for one record."""

    where: str
    key: str
    outcome: str
    units: dict[str, int]  # {kind: how many}
    warnings: list[dict[str, Any]]  # as LegalDocument.warnings
    left: LeftDocument | None = None
    accepted: frozenset[NamedAcceptance] = frozenset()  # those that it needed
    outdated_files: tuple[str, ...] = ()  # public files that still have the words that the correction took out


@dataclass
class ImportReport:
    """What became of the records of a run."""

    outcomes: Counter[str] = field(default_factory=Counter)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # (where, reason)
    imported: list[ImportedDocument] = field(default_factory=list)  # only from files with one or few documents
    empty: list[str] = field(default_factory=list)  # files without a document and without an error
    left: list[LeftDocument] = field(default_factory=list)  # not published, although that was asked for
    outdated_files: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of each corrected document, by key
    without_first_day: list[str] = field(default_factory=list)  # numbers of public documents: readers see no effect
    accepted: set[NamedAcceptance] = field(default_factory=set)  # those that a document of the run needed
    is_stopped: bool = False  # somebody asked for it: the rest was not read
    articles: int = 0  # of partial documents
    effects: Outcome = field(default_factory=Outcome)  # what the published documents ended and amended

    @property
    def record_count(self) -> int:
        return self.outcomes.total() + len(self.skipped)


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
            known = ", ".join(formats.EXTENSIONS)
            raise RecordError("%(path)s: unknown kind of file. Known are %(known)s", path=str(path), known=known)
    beside = {path: path.with_suffix(".txt") for path in found if path.suffix.lower() == ".json"}
    texts = {text for text in beside.values() if text.is_file()}
    return [
        SourceFile(path, beside[path] if beside.get(path) in texts else None) for path in found if path not in texts
    ]


def _has_known_extension(path: Path) -> bool:
    return path.name.lower().endswith(formats.EXTENSIONS)


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


def run_import(
    found: Iterable[SourceFile],
    *,
    topics: Collection[Topic],
    publish: bool,
    notify: bool,
    progress: Callable[[int], object],
    accepted: Collection[NamedAcceptance] = (),
    stop_requested: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Import every record of the files; `progress(n)` is called with the number of further lines. Returns the report.

    `stop_requested` is asked before each record: the run then ends, and the report tells of what was imported. What the
    imported acts end and amend is then read by the worker, which follows the change log.

    With `publish` a document with heavy notices stays a draft, and a published text stays as it is where the record
    would bring new ones, unless all of them are `accepted`; see `content.publishing.heavy_notices`.

    The same document twice in one run is skipped, because a person must decide which is right. Partial records complete
    one another; nobody is notified about them, because they are old law. The amendments that the codification states
    become relations at the end, when all documents of the run are stored. Then what the published documents end and
    amend is carried out in the order of their days; see `content.endings`.
    """
    run = _Run(topics, publish, notify, accepted)
    report = run.report
    for source in found:
        if report.is_stopped:
            break
        before = report.record_count
        try:
            _read_source(run, source, progress, stop_requested)
        except (OSError, ReadingStopped) as error:
            report.is_stopped = stop_requested()  # Ctrl-C reaches the process that reads too
            if not report.is_stopped:
                report.skipped.append((str(source.path), _reason_in_words(error)))
        if report.record_count == before and not report.is_stopped:
            report.empty.append(str(source.path))
    for (key, stated_by), changes in run.amended.items():
        relations.record_stated_amendments(LegalDocument.objects.get(key=key), changes, stated_by=stated_by)
    refresh_statistics(len(run.stored))
    if publish and not report.is_stopped:
        report.effects = endings.read_acts(LegalDocument.objects.filter(key__in=run.stored), notify=notify)
        report.without_first_day = list(effect_statements.numbers_without_first_day(run.named))
    return report


@dataclass
class _Run:
    """What was asked for, and what is known of the records so far."""

    topics: Collection[Topic]
    publish: bool
    notify: bool
    accepted: Collection[NamedAcceptance]
    report: ImportReport = field(default_factory=ImportReport)
    seen: dict[origins.RecordIdentity, str] = field(default_factory=dict)
    amended: dict[tuple[str, str], list[AmendmentRecord]] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)  # keys of documents that are new or changed
    named: set[str] = field(default_factory=set)  # keys of all of them


def _read_source(
    run: _Run, source: SourceFile, progress: Callable[[int], object], stop_requested: Callable[[], bool]
) -> None:
    """Import the records of one file, as far as nobody asks to stop and it goes on being one of documents."""
    bad = 0
    for line, record in reading.records_in_path(source.path, source.text_file):
        if stop_requested():
            run.report.is_stopped = True
            return
        bad = bad + 1 if isinstance(record, RecordError) else 0
        _read_record(run, record, f"{source.path}:{line}", in_lines=source.is_lines)
        progress(_article_count(record))
        if bad >= line_files.MAX_BAD_LINES:
            message = _("the last %(count)d lines are no documents. The rest was not read")
            run.report.skipped.append((str(source.path), message % {"count": bad}))
            return


def _read_record(run: _Run, record: DocumentRecord | RecordError, where: str, *, in_lines: bool) -> None:
    """Import one record; what goes wrong with it is said in the report and stops nothing."""
    report = run.report
    try:
        if isinstance(record, RecordError):
            raise record
        imported = _import_record(record, where, run.seen, run.topics, run.publish, run.notify, run.accepted)
    except HeavyNoticesRefused as refusal:
        if isinstance(record, DocumentRecord):
            report.left.append(_left_as_published(record, where, refusal))
        report.skipped.append((where, _("the published text stays, because of the heavy faults below")))
        return
    except (RecordError, RuleBroken, DataError, IntegrityError) as reason:
        report.skipped.append((where, _reason_in_words(reason)))
        return
    report.outcomes[imported.outcome] += 1
    report.left += [imported.left] if imported.left else []
    report.accepted |= imported.accepted
    if imported.outdated_files:
        report.outdated_files[imported.key] = imported.outdated_files
    report.articles += len(record.articles)
    run.named.add(imported.key)
    if imported.outcome != services.ImportOutcome.UNCHANGED:
        run.stored.add(imported.key)
    if record.amended:
        run.amended.setdefault((imported.key, record.source), []).extend(record.amended)
    if not in_lines:
        report.imported.append(imported)


def _reason_in_words(problem: Exception) -> str:
    """Why something was not imported, in the active language."""
    if isinstance(problem, ReadingStopped):
        return words_of_stop(problem)
    if not isinstance(problem, RecordError):
        return str(problem).partition("\n")[0]
    if problem.lines == 1:
        return problem.in_active_language()
    words = _("%(problem)s (%(count)d articles of this document)")
    return words % {"problem": problem.in_active_language(), "count": problem.lines}


def _article_count(record: DocumentRecord | RecordError) -> int:
    return record.lines if isinstance(record, RecordError) else max(len(record.articles), 1)


@transaction.atomic
def _import_record(
    record: DocumentRecord,
    where: str,
    seen: dict[origins.RecordIdentity, str],
    topics: Collection[Topic],
    publish: bool,
    notify: bool,
    accepted: Collection[NamedAcceptance],
) -> ImportedDocument:
    same_key = origins.identity_of_record(record)
    if same_key in seen and not record.is_partial:
        raise RecordError("the same document was read from %(place)s", place=seen[same_key])
    about = _acceptances_of(record, accepted)
    document, outcome = services.import_document(
        record, topics=topics, correct=publish, accepted={each.code for each in about}, reason=_reason_of(about)
    )
    if not record.is_partial:
        seen[same_key] = where
    left = None
    outdated: tuple[str, ...] = ()
    if document.is_published and outcome == services.ImportOutcome.UPDATED:
        outdated = tuple(original_files.files_with_removed_words(document, record.original))
    if publish and not document.is_published:
        about = [each for each in accepted if each.is_about(document.number, document.key)]
        left = _publish_or_leave(document, where, about, notify=notify and not record.is_partial)
        if left is None and outcome == services.ImportOutcome.UNCHANGED:
            outcome = services.ImportOutcome.UPDATED
    units = Counter({"article": len(record.articles)})
    if not record.is_partial:
        units = Counter(document.provisions.order_by("position").values_list("kind", flat=True))
    needed = {each.code for each in heavy_notices.heavy_notices(document)}
    used = frozenset(each for each in about if each.code in needed)
    return ImportedDocument(where, document.key, outcome, dict(units), document.warnings, left, used, outdated)


def _acceptances_of(record: DocumentRecord, accepted: Collection[NamedAcceptance]) -> list[NamedAcceptance]:
    """Those that name the record, or the stored document that it describes."""
    if not accepted:
        return []
    stored = identity.matching_document(record, origins.origin_of_record(record))
    return [each for each in accepted if each.is_about(record.number, stored.key if stored else "")]


def _publish_or_leave(
    document: LegalDocument, where: str, about: Collection[NamedAcceptance], *, notify: bool
) -> LeftDocument | None:
    """Publish a draft, unless it has heavy notices that are not accepted; then say so."""
    codes = {each.code for each in about}
    refused = tuple(each for each in heavy_notices.heavy_notices(document) if each.code not in codes)
    if refused:
        return LeftDocument(where, document.number or document.key, refused)
    services.publish(document, notify=notify, accepted=codes, reason=_reason_of(about))
    return None


def _left_as_published(record: DocumentRecord, where: str, refusal: HeavyNoticesRefused) -> LeftDocument:
    document = identity.matching_document(record, origins.origin_of_record(record))
    name = record.number or (document.key if document else record.title)
    return LeftDocument(where, name, refusal.notices, is_published=True)


def _reason_of(about: Collection[NamedAcceptance]) -> str:
    """What the audit shows as the reason: the options that somebody gave, none for a document that needed none."""
    return " ".join(f"--accept {each}" for each in about)
