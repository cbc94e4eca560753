"""What `statements` found, as the objects that the rules of effect, citation and text dates take.

They have the names and properties of the models, and cost a tenth of a model instance.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from content.document_reads.contexts import ProvisionContext
from content.documents.history import HistoryEntry, entries_of
from content.documents.models import LegalDocument
from content.documents.provision_queries import ShownUnit, Unit
from content.law.doc_types import DocType
from content.law.eids import eid_lineage
from content.law.units import KINDS_BELOW_ARTICLE
from content.mentions.queries import Link
from content.organisations.models import shown_name

Row = dict[str, Any]  # of `statements`, as JSON gives it


@dataclass(slots=True)
class LinkedDocument:
    """A document that is named beside the one that is shown: what a link and a citation need."""

    pk: int
    key: str
    number: str
    title: str
    doc_type: str
    issued_on: datetime.date | None
    is_sample: bool
    completeness: str


@dataclass(slots=True)
class ShownTopic:
    """A topic as documents show it."""

    pk: int
    key: str
    number: str
    name: str


@dataclass(slots=True)
class ShownEvent:
    """A status event, as the rules of effect and of text dates take it."""

    pk: int
    kind: str
    scope: str
    on: datetime.date | None
    stated_on: datetime.date
    eids: list[str]
    cause: str
    amendment_id: int | None


@dataclass(slots=True)
class ShownDoubt:
    """An effect doubt with its act."""

    pk: int
    source_eid: str
    kind: str
    scope: str
    eids: list[str]
    from_on: datetime.date
    on: datetime.date | None
    until_on: datetime.date | None
    words: str
    since: datetime.datetime
    act: LinkedDocument


@dataclass(slots=True)
class ShownIssuer:
    """The issuing body, as documents show it."""

    pk: int
    key: str
    code: str
    name: str
    name_en: str

    @property
    def shown_name(self) -> str:
        """As Organisation.shown_name."""
        return shown_name(self.name, self.name_en)


@dataclass(slots=True)
class ShownProvince:
    """The province whose body issued a document, as documents show it."""

    pk: int
    key: str
    code: str
    name: str
    short_name: str


class Fetched(list[Any]):
    """Rows that hang on a document, where a LegalDocument has a related manager."""

    def all(self) -> "Fetched":
        """The rows: they were fetched with the document."""
        return self


class Description:
    """What is shown of a document, under the names of LegalDocument. Cheaper than an instance, and makes no query."""

    def __init__(self, row: Row) -> None:
        vars(self).update(row)
        self.doc_type: str = row["doc_type"]
        self.completeness: str = row["completeness"]
        self.pk: int = row["id"]
        for name in ("issued_on", "effect_stated_on", "gazette_on"):
            setattr(self, name, day_of(row[name]))
        for name in ("verified_at", "published_at", "corrected_at", "created_at", "updated_at"):
            setattr(self, name, moment_of(row[name]))
        self.issuer = ShownIssuer(*row["issuer"]) if row["issuer"] else None
        self.province = ShownProvince(*row["province"]) if row["province"] else None
        self.topics = Fetched(ShownTopic(*each) for each in row["topics"] or ())
        self.status_events = Fetched(_event_of(*each) for each in row["status_events"] or ())
        self.effect_doubts = Fetched(_doubt_of(*each) for each in row["effect_doubts"] or ())

    @property
    def has_effect(self) -> bool:
        """As LegalDocument.has_effect."""
        return self.doc_type != DocType.CONSOLIDATED_TEXT

    @property
    def is_partial(self) -> bool:
        """As LegalDocument.is_partial."""
        return self.completeness == LegalDocument.Completeness.PARTIAL


@dataclass(frozen=True)
class AppliedAmendment:
    """An amendment without its instructions."""

    pk: int
    on: datetime.date
    eids: list[str]
    is_withdrawn: bool
    repealed: frozenset[str]  # eids that it repeals by name
    act: LinkedDocument


@dataclass(frozen=True)
class FileFacts:
    """What is told of the file that a document was last imported from."""

    imported_at: datetime.datetime | None
    sha256: str
    size: int


def day_of(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def moment_of(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text).astimezone(datetime.UTC) if text else None


class PageRow:
    """A row of a list: its place in the order, and its document, which is made when somebody wants it."""

    def __init__(self, row: Row, unknown_day: datetime.date) -> None:
        self.row = row
        self._unknown_day = unknown_day

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def list_order(self) -> int:
        return int(self.row["list_order"])

    @property
    def updated_at(self) -> datetime.datetime:
        return datetime.datetime.fromisoformat(self.row["updated_at"])

    @property
    def effect_order(self) -> datetime.date:
        """`effective_on`, or the day that takes its place."""
        return day_of(self.row["effective_on"]) or self._unknown_day

    @property
    def document(self) -> Any:
        """A Description."""
        return Description(self.row)


class ShownDocument:
    """A document of a state, and what hangs on it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.document: Any = Description(row)  # passed where the rules take a LegalDocument

    @property
    def applied(self) -> list[tuple[datetime.date, list[str]]]:
        """(first day, eids) of the amendments that are not withdrawn."""
        return [(each.on, each.eids) for each in self.amendments.values() if not each.is_withdrawn]

    @property
    def amendments(self) -> Mapping[int, AppliedAmendment]:
        """{primary key: amendment}, withdrawn ones too."""
        if not hasattr(self, "_amendments"):
            rows = self.row.get("amendments") or ()
            self._amendments = {row[0]: _amendment_of(row) for row in rows}
        return self._amendments

    @property
    def original_file(self) -> FileFacts | None:
        found = self.row["original_file"]
        return FileFacts(moment_of(found[0]), *found[1:]) if found else None

    @property
    def consolidated(self) -> list[LinkedDocument]:
        """The documents that a consolidated text merges."""
        return [linked_document(row) for row in self.row["consolidates"] or ()]

    def outline(self) -> list[ShownUnit]:
        """The units above and of articles, in order: those with text, and those that acts removed."""
        return self._shown([Unit(*row) for row in self.row["units"] or ()])

    def _shown(self, with_text: Iterable[Unit]) -> list[ShownUnit]:
        current = {pk: each for pk, each in self.amendments.items() if not each.is_withdrawn}
        shown = [ShownUnit(each, current.get(each.made_by_id or 0)) for each in with_text]
        removed = [self._removed(Unit(*row)) for row in self.row["removed"] or ()]
        shown += [each for each in removed if each.is_repealed or each.provision.kind not in KINDS_BELOW_ARTICLE]
        return sorted(shown, key=lambda each: each.provision.position) if removed else shown

    def _removed(self, unit: Unit) -> ShownUnit:
        amendment = self.amendments[unit.made_by_id or 0]  # that ended its last text
        is_repealed = not amendment.repealed.isdisjoint(eid_lineage(unit.eid))
        return ShownUnit(unit, amendment, is_removed=True, is_repealed=is_repealed)


class ShownProvision(ShownDocument):
    """A provision of a state, with its document and what is around it."""

    def context(self) -> ProvisionContext | None:
        """None if the document has no such provision on the day."""
        units: list[Any] = [Unit(*row) for row in self.row["units"] or ()]
        if not units:
            return None
        own = units[0]
        around = {name: Unit(*row) if (row := self.row[name]) else None for name in ("previous", "next")}
        return ProvisionContext(
            provision=own,
            text="".join(unit.text for unit in units),
            units=units,
            ancestors=[Unit(*row) for row in self.row["ancestors"] or ()],
            children=[unit for unit in units if unit.parent_id == own.pk],
            **around,
        )

    def children(self, context: ProvisionContext) -> list[ShownUnit]:
        """The units directly under it, and those of them that acts removed."""
        return self._shown(context.children)

    def history(self, eid: str) -> list[HistoryEntry]:
        """The days on which its text is the same, oldest first."""
        acts = {pk: each.act for pk, each in self.amendments.items()}
        return entries_of(
            eid,
            [
                (name, day_of(first), day_of(last), acts.get(made_by), acts.get(ended_by))
                for name, first, last, made_by, ended_by in self.row["versions"] or ()
            ],
        )

    def links(self) -> dict[int, list[Link]]:
        """{primary key of a version: what its words lead to}, as `mentions.queries.links_in`."""
        links: dict[int, list[Link]] = {}
        for version, start, end, names_units, is_own, eids, target in self.row["mentions"] or ():
            if not (names_units and not eids and is_own):
                links.setdefault(version, []).append(Link(start, end, linked_document(target), tuple(eids or ())))
        return links


def linked_document(row: list[Any]) -> LinkedDocument:
    """The document of a LINKED row."""
    pk, key, number, title, doc_type, issued_on, is_sample, completeness = row
    return LinkedDocument(pk, key, number, title, doc_type, day_of(issued_on), is_sample, completeness)


def _event_of(pk: int, kind: str, scope: str, on: str | None, stated_on: str, *more: Any) -> ShownEvent:
    return ShownEvent(pk, kind, scope, day_of(on), datetime.date.fromisoformat(stated_on), *more)


def _doubt_of(
    pk: int, source_eid: str, kind: str, scope: str, eids: list[str],
    from_on: str, on: str | None, until_on: str | None, words: str, since: str, act: list[Any],
) -> ShownDoubt:  # fmt: skip
    first = datetime.date.fromisoformat(from_on)
    moment = datetime.datetime.fromisoformat(since).astimezone(datetime.UTC)
    return ShownDoubt(
        pk, source_eid, kind, scope, eids, first, day_of(on), day_of(until_on), words, moment, linked_document(act)
    )


def _amendment_of(row: list[Any]) -> AppliedAmendment:
    pk, on, eids, is_withdrawn, repealed, act = row
    return AppliedAmendment(
        pk, datetime.date.fromisoformat(on), eids, is_withdrawn, frozenset(repealed), linked_document(act)
    )
