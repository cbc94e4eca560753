"""Runs an import: files in, a report out. Each document is one transaction, so a bad one does not affect others."""

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from django.db import DataError, IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from content.documents import identity
from content.documents.models import LegalDocument
from content.documents.records import AmendmentRecord, DocumentRecord, RecordError
from content.endings import services as endings
from content.errors import RuleBroken
from content.import_runs import reading_ahead
from content.import_runs.reading_ahead import ReadAhead
from content.import_runs.report import ImportedDocument, ImportReport, LeftDocument
from content.import_runs.sources import NoDocuments, SourceFile, SourceRecord, records_of
from content.importing import line_files
from content.law.doc_types import TYPES_CITED_BY_NAME
from content.law.known_names import KnownNames
from content.limited_process.messages import words_of_stop
from content.limited_process.parent import ReadingStopped
from content.mentions.names import law_names
from content.publishing import effect_statements, heavy_notices, original_files, origins, services
from content.publishing.heavy_notices import HeavyNoticesRefused, NamedAcceptance
from content.publishing.table_statistics import refresh_statistics
from content.relations import services as relations
from content.topics.models import Topic

MAX_TRIES = 3  # of a record that meets somebody who writes the same rows
RACES = ("40001", "40P01", "23503", "23505", "23P01")  # serialization, deadlock; a key that another wrote or deleted


def run_import(
    found: Iterable[SourceFile],
    *,
    topics: Collection[Topic],
    publish: bool,
    notify: bool,
    progress: Callable[[int], object],
    accepted: Collection[NamedAcceptance] = (),
    stop_requested: Callable[[], bool] = lambda: False,
    ahead: ReadAhead = reading_ahead.ALONE,
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

    The processes of `ahead` read the texts, and this one writes: the same as alone, in the same order; see
    `reading_ahead`. A record whose process is killed is not imported and is `failed`.
    """
    run = _Run(topics, publish, notify, accepted)
    report = run.report
    before = 0
    for each in ahead.records(records_of(found), run.names_known):
        if each.stopped:
            report.is_stopped = stop_requested()  # Ctrl-C reaches the process that reads too
            if not report.is_stopped:
                report.skipped.append((str(each.source.path), _reason_in_words(each.stopped)))
        elif each.record is not None:
            report.is_stopped = stop_requested()
            if not report.is_stopped:
                _read_record(run, each, each.record)
                progress(_article_count(each.record))
        elif report.record_count == before:
            report.empty.append(str(each.source.path))
        else:
            before = report.record_count
        if report.is_stopped:
            break
    for (key, stated_by), changes in run.amended.items():
        relations.record_stated_amendments(LegalDocument.objects.get(key=key), changes, stated_by=stated_by)
    refresh_statistics(len(run.stored))
    if publish and not report.is_stopped:
        stored = LegalDocument.objects.filter(key__in=run.stored)
        report.effects = endings.read_acts(stored, notify=notify, in_turn=ahead.acts)
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
    names: KnownNames | None = None  # of public laws; None: they may have changed

    def names_known(self) -> KnownNames | None:
        """The names by which texts cite laws, as they are now; None for drafts, of which no mention is read."""
        if self.publish and self.names is None:
            self.names = law_names().known
        return self.names


def _read_record(run: _Run, each: SourceRecord, record: DocumentRecord | RecordError) -> None:
    """Import one record; what goes wrong with it is said in the report and stops nothing."""
    report, where = run.report, each.where
    if each.is_lost and isinstance(record, DocumentRecord):
        _fail(run, record, where, _("the process that read it was killed; perhaps memory ran out"))
        return
    try:
        if isinstance(record, RecordError):
            raise record
        imported = _import_in_spite_of_races(run, record, where)
    except HeavyNoticesRefused as refusal:
        if isinstance(record, DocumentRecord):
            report.left.append(_left_as_published(record, where, refusal))
        report.skipped.append((where, _("the published text stays, because of the heavy faults below")))
        return
    except (RecordError, RuleBroken, DataError, IntegrityError) as reason:
        report.skipped.append((where, _reason_in_words(reason)))
        return
    except _LostRace as race:
        _fail(run, race.record, where, _reason_in_words(race))
        return
    _note(run, record, imported)
    if not each.source.is_lines:
        report.imported.append(imported)


def _fail(run: _Run, record: DocumentRecord, where: str, reason: str) -> None:
    """Say that the record was not imported. A twin below is skipped all the same: a person decides which is right."""
    run.report.failed.append((where, reason))
    if not record.is_partial:
        with contextlib.suppress(RuleBroken):  # of an unknown place: no twin of it is imported either
            run.seen.setdefault(origins.identity_of_record(record), where)


def _note(run: _Run, record: DocumentRecord, imported: ImportedDocument) -> None:
    """Keep what the rest of the run and its report need of a document that was imported."""
    report = run.report
    report.outcomes[imported.outcome] += 1
    report.left += [imported.left] if imported.left else []
    report.accepted |= imported.accepted
    if imported.outdated_files:
        report.outdated_files[imported.key] = imported.outdated_files
    report.articles += len(record.articles)
    run.named.add(imported.key)
    if imported.outcome != services.ImportOutcome.UNCHANGED:
        run.stored.add(imported.key)
        if record.doc_type in TYPES_CITED_BY_NAME:
            run.names = None
    if record.amended:
        run.amended.setdefault((imported.key, record.source), []).extend(record.amended)


class _LostRace(Exception):
    """Somebody else wrote the same rows at the same time, each time that it was tried."""

    def __init__(self, record: DocumentRecord, reason: str) -> None:
        super().__init__(reason)
        self.record = record


def _import_in_spite_of_races(run: _Run, record: DocumentRecord, where: str) -> ImportedDocument:
    """Import the record; again where it met somebody who writes at the same time: an editor, the worker, another run.

    Raises _LostRace after MAX_TRIES deadlocks, and what `_import_record` raises.
    """
    tries = 1
    while True:
        try:
            return _import_record(record, where, run.seen, run.topics, run.publish, run.notify, run.accepted)
        except (IntegrityError, OperationalError) as error:
            is_race, is_last = getattr(error.__cause__, "sqlstate", None) in RACES, tries == MAX_TRIES
            if not is_race or (is_last and isinstance(error, IntegrityError)):
                raise
            if is_last:
                raise _LostRace(record, str(error)) from error
        tries += 1
        same_key = origins.identity_of_record(record)
        if run.seen.get(same_key) == where:
            del run.seen[same_key]


def _reason_in_words(problem: Exception) -> str:
    """Why something was not imported, in the active language."""
    if isinstance(problem, ReadingStopped):
        return words_of_stop(problem)
    if isinstance(problem, NoDocuments):
        message = _("the last %(count)d lines are no documents. The rest was not read")
        return message % {"count": line_files.MAX_BAD_LINES}
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
