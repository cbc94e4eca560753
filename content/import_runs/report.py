"""What became of the records of an import."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from content.endings.services import Outcome
from content.publishing.heavy_notices import HeavyNotice, NamedAcceptance


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
    failed: list[tuple[str, str]] = field(default_factory=list)  # the same, for no fault of the record: try again
    imported: list[ImportedDocument] = field(default_factory=list)  # only from files with one or few documents
    empty: list[str] = field(default_factory=list)  # files without a document and without an error
    left: list[LeftDocument] = field(default_factory=list)  # not published, although that was asked for
    outdated_files: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of each corrected document, by key
    without_first_day: list[str] = field(default_factory=list)  # numbers of public documents: readers see no effect
    accepted: set[NamedAcceptance] = field(default_factory=set)  # those that a document of the run needed
    is_stopped: bool = False  # somebody asked for it: the rest was not read
    articles: int = 0  # of partial documents
    effects: Outcome = field(default_factory=Outcome)  # ends and amendments that the published documents state

    @property
    def record_count(self) -> int:
        return self.outcomes.total() + len(self.skipped) + len(self.failed)
