"""Scans a text unit by unit for what its lines state about other documents. Pure; `finder` is the entry point."""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from content.law import document_references
from content.law.doc_types import TYPE_NAMES
from content.law.document_references import DocumentReference
from content.law.grammar import cited_eids, first_article
from content.law.lexer.document_words import DAY, date_of
from content.law.units import UnitKind
from content.parsing import Structure, Unit
from content.relations import ending_phrases as phrases
from content.relations import verbs
from content.relations.models import Relation, RelationKind
from content.text.vietnamese import fold, slug

WHOLE, PART = Relation.Scope.WHOLE, Relation.Scope.PART
MAX_KNOWN_NAMES = 300  # documents remembered by name; the widest known act amends about forty
MAX_DISTANCE = 2000  # characters after a reference in which its exception or date is looked for
EVIDENCE_LENGTH = 600  # characters of the statement stored for the reviewer
_FROM = re.compile(rf"từ\s+{DAY}")
_OWN_START = re.compile(r"từ\s+ngày\s+(?:[^\W\d_]+\s+){1,4}này\s+có\s+hiệu\s+lực")
_EXCEPT = re.compile(r"(?<!\w)trừ(?!\w)")
_IN_PART = re.compile(r"(?<!\w)(?:một số|một phần|[Mm]ục|[Cc]hương|[Pp]hụ lục|quy định|nội dung|cụm từ|trừ)(?!\w)")


@dataclass(frozen=True)
class RelationStatement:
    """One statement of a text about another document."""

    kind: RelationKind
    reference: DocumentReference
    scope: Relation.Scope
    source_eid: str
    evidence: str
    effective_on: datetime.date | None = None  # None: the statement gives no date
    target_eids: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two statements one relation. Citations and legal bases are one for the whole document."""
        place = "" if self.kind in verbs.KINDS_WITHOUT_EFFECT else self.source_eid
        return self.kind, self.reference.key, "" if self.kind in verbs.KINDS_WITHOUT_EFFECT else self.scope, place


@dataclass(frozen=True)
class InheritedStatement:
    """What a unit passes on to the units under it: «Sửa đổi, bổ sung một số điều của Luật X như sau:»."""

    kind: RelationKind | None = None
    target: DocumentReference | None = None  # what its units amend if they name no document
    place: str = ""  # eid of the unit that named it
    article: str | None = None  # article of the target that is amended clause by clause
    listed: bool = False  # «Các văn bản sau đây hết hiệu lực:»: each line under it names a document
    effective_on: datetime.date | None = None


def _ends_at_word_boundary(name: str, words: str) -> bool:
    """Whether `words` contain the name and it ends where a word does: «Luật Giá» is not in «Luật Giám định»."""
    return re.search(rf"{re.escape(name)}(?!\w)", words) is not None


class StatementScanner:
    """One pass over the units. Each unit knows what the units above it stated."""

    def __init__(
        self,
        text: str,
        structure: Structure,
        *,
        doc_type: str,
        own_key: str,
        effective_on: datetime.date | None,
        title: str,
        original: str,
    ) -> None:
        """`text` has spaces in place of quotations; `original` is the text itself, from which evidence is cut."""
        self.text, self.units, self.doc_type = text, structure.units, doc_type
        self.title, self.original, self.effective_on = title, original, effective_on
        self._references = [each for each in document_references.document_references(text) if each.key != own_key]
        self._starts = [each.start for each in self._references]
        self._known: dict[str, DocumentReference] = {}  # folded name → the reference that has its number
        for each in self._references:
            if each.name and len(self._known) < MAX_KNOWN_NAMES:
                self._known.setdefault(fold(f"{TYPE_NAMES[each.doc_type]} {each.name}"), each)
        self._amendment_history = self._history_references()
        self._inherited: list[InheritedStatement] = []

    def statements(self) -> Iterator[RelationStatement]:
        """The statements of preamble, articles, clauses and points, in the order of the text."""
        for unit in self.units:
            inherited = self._inherited[unit.parent] if unit.parent is not None else InheritedStatement()
            if unit.kind in (UnitKind.PREAMBLE, UnitKind.BODY):
                yield from self._legal_bases(unit)
            self._inherited.append(inherited)
            if unit.kind not in (UnitKind.PREAMBLE, UnitKind.CONCLUSIONS):
                yield from self._statements_of_unit(unit, inherited)

    def statements_in_title(self) -> Iterator[RelationStatement]:
        """What the title alone states: which of the documents named in the text this one details."""
        if self.doc_type in verbs.DETAILING_TYPES and (verb := verbs.DETAILING_WORDS.search(self.title)):
            kind = verbs.detailing_kind(verb[0])
            for reference in self._names_in(self.title[verb.end() :]):
                yield RelationStatement(
                    kind, reference, verbs.scope_of_detail(self.title), "", self.title[:EVIDENCE_LENGTH]
                )

    def _history_references(self) -> set[int]:
        """Indexes of references that only tell how another document was amended before."""
        history: set[int] = set()
        for at in range(1, len(self._references)):
            between = self.text[self._references[at - 1].end : self._references[at].start]
            carries_on = at - 1 in history and phrases.continues_history(
                between, has_name=bool(self._references[at].name)
            )
            if carries_on or phrases.opens_history(between):
                history.add(at)
        return history

    def _references_between(self, start: int, end: int) -> list[DocumentReference]:
        """The references in text[start:end] without those of an amendment history."""
        first, last = bisect_right(self._starts, start - 1), bisect_right(self._starts, end - 1)
        return [self._references[at] for at in range(first, last) if at not in self._amendment_history]

    def _names_in(self, words: str) -> list[DocumentReference]:
        """References of the text whose name these words contain without its number."""
        words = " ".join(fold(words).split())  # «hàng hoá» is «hàng hóa»
        return [known for name, known in self._known.items() if name in words and _ends_at_word_boundary(name, words)]

    def _lines(self, unit: Unit) -> Iterator[tuple[int, int]]:
        """(start, end) of each line of the unit's own text, after its number or dash."""
        start = unit.start
        for line in self.text[unit.start : unit.end].split("\n"):
            end = start + len(line)
            if line.strip():
                mark = phrases.MARK.match(self.text, start, end)  # matches the empty string too
                yield mark.end() if mark else start, end
            start = end + 1

    # Preamble: the legal bases, and what its last line says the document amends

    def _legal_bases(self, unit: Unit) -> Iterator[RelationStatement]:
        under = False
        for line_start, line_end in self._lines(unit):
            start = line_start
            for part in self.text[line_start:line_end].split(";"):
                end = start + len(part)
                under = bool(verbs.LEGAL_BASIS.match(part)) or (under and bool(verbs.LEGAL_BASIS_CONTINUED.match(part)))
                if under:
                    yield from self._legal_bases_of_part(start, end)
                elif amended := verbs.ENACTS_AMENDMENT.search(part):
                    for reference in self._references_between(start + amended.end(), end):
                        yield self._statement(RelationKind.AMENDS, reference, PART, unit.eid, (start, end))
                start = end + 1

    def _legal_bases_of_part(self, start: int, end: int) -> Iterator[RelationStatement]:
        references = self._references_between(start, end)
        if not references:  # «Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;»
            based = verbs.LEGAL_BASIS.match(self.text, start, end)
            alone = document_references.reference_by_name(self.text, based.end() if based else start, end)
            references = [alone] if alone else []
        for reference in references:
            yield self._statement(RelationKind.BASED_ON, reference, WHOLE, "preamble", (start, end))

    # Articles, clauses, points

    def _statements_of_unit(self, unit: Unit, inherited: InheritedStatement) -> Iterator[RelationStatement]:
        for place, (start, end) in enumerate(self._lines(unit)):
            line = self.text[start:end]
            references = self._references_between(start, end)
            if verbs.opening_verb(line, self.doc_type):
                for first, last in verbs.split_by_verb(line, 0):
                    if verb := verbs.opening_verb(line[first:last], self.doc_type):
                        part = (start + first, start + last)
                        yield from self._active_statements(
                            unit, inherited, verb, self._references_between(*part), *part
                        )
            elif references and (passive := self._passive_verb(references, start, end)):
                yield from self._passive_statements(unit, passive, references, start, end)
            elif inherited.listed and references and references[0].start - start <= 160:
                yield from self._listed_statement(unit, inherited, references, start, end)
            elif references:
                yield from self._citing_statements(unit, references, start, end)
            elif inherited.target and verbs.UNITS_FIRST.match(line):  # «Khoản 2 Điều 4 được sửa đổi, bổ sung như sau:»
                yield self._statement(
                    RelationKind.AMENDS,
                    inherited.target,
                    PART,
                    inherited.place,
                    (start, end),
                    article=inherited.article,
                )
            elif place == 0 and (listing := verbs.list_kind(line)):
                self._inherited[-1] = InheritedStatement(
                    kind=listing, listed=True, place=unit.eid, effective_on=self._effective_day(line)
                )

    def _active_statements(
        self,
        unit: Unit,
        inherited: InheritedStatement,
        verb: tuple[RelationKind, int],
        references: list[DocumentReference],
        start: int,
        end: int,
    ) -> Iterator[RelationStatement]:
        """A line that begins with its verb, or has «Luật này» before it: «Bãi bỏ Điều 45 của Luật …»."""
        kind, after = verb
        after += start
        line = self.text[start:end]
        targets = [each for each in references if each.start >= after]
        if not targets and kind in verbs.DETAILING_KINDS:
            targets = self._names_in(self.text[after:end])
        passed_on = InheritedStatement(inherited.kind, inherited.target, inherited.place or unit.eid, inherited.article)
        if targets:
            at = after
            for target in targets:
                yield self._statement(kind, target, self._scope(kind, at, target, end), unit.eid, (start, end), at=at)
                at = target.end
            passed_on = InheritedStatement(kind, targets[0], unit.eid)
        elif kind in (RelationKind.AMENDS, RelationKind.REPEALS) and (
            amended := inherited.target or self._only_document_named(line, after - start)
        ):
            place = inherited.place if kind == RelationKind.AMENDS and inherited.place else unit.eid
            if kind == RelationKind.AMENDS or cited_eids(self.text[after:end], article=inherited.article):
                yield self._statement(kind, amended, PART, place, (start, end), at=after, article=inherited.article)
            passed_on = InheritedStatement(kind, amended, inherited.place or unit.eid)
        article = first_article(self.text[after:end])
        if line.rstrip().endswith(":") or unit.kind == UnitKind.ARTICLE:
            listed = not targets and line.rstrip().endswith(":")
            self._inherited[-1] = replace(
                passed_on,
                kind=kind,
                article=article,
                listed=listed,
                effective_on=self._effective_day(line),
            )

    def _only_document_named(self, line: str, after: int) -> DocumentReference | None:
        """The one document whose name these words contain without a number."""
        named = self._names_in(line[after:])
        return named[0] if len(named) == 1 else None

    def _passive_verb(self, references: list[DocumentReference], start: int, end: int) -> re.Match[str] | None:
        """The match of «… hết hiệu lực», «… được thay thế» after the reference that the line begins with, or None."""
        lead = self.text[start : references[0].start]
        if verbs.CONDITION.search(lead) or len(lead) > 160:
            return None
        return verbs.PASSIVE_VERB.search(self.text, references[0].end, end)

    def _passive_statements(
        self, unit: Unit, passive: re.Match[str], references: list[DocumentReference], start: int, end: int
    ) -> Iterator[RelationStatement]:
        at = start
        for target in references:
            if target.end > passive.start():
                continue
            kind = verbs.passive_kind(passive[0], self.text[passive.end() : min(end, passive.end() + MAX_DISTANCE)])
            if kind == RelationKind.REPEALS and self.has_same_name(target):
                kind = RelationKind.REPLACES
            yield self._statement(kind, target, self._scope(kind, at, target, end), unit.eid, (start, end), at=at)
            at = target.end

    def has_same_name(self, target: DocumentReference) -> bool:
        """Whether the target has the same name as this document: a Law on Land after a Law on Land."""
        own = document_references.bare_name(self.doc_type, self.title)
        return bool(target.name) and target.doc_type == self.doc_type and slug(target.name) == slug(own)

    def _listed_statement(
        self, unit: Unit, inherited: InheritedStatement, references: list[DocumentReference], start: int, end: int
    ) -> Iterator[RelationStatement]:
        """A line of a list whose first line states what happens to each of its documents."""
        target, kind = references[0], inherited.kind or RelationKind.CITES
        scope = self._scope(kind, start, target, end)
        found = self._statement(kind, target, scope, unit.eid, (start, end), at=start)
        yield replace(found, effective_on=found.effective_on or inherited.effective_on)
        yield from self._citing_statements(unit, references[1:], target.end, end)

    def _citing_statements(
        self, unit: Unit, references: list[DocumentReference], start: int, end: int
    ) -> Iterator[RelationStatement]:
        at = start
        for reference in references:
            eids = cited_eids(self.text[max(at, reference.start - 120) : reference.start])
            yield self._statement(
                RelationKind.CITES,
                reference,
                PART if eids else WHOLE,
                unit.eid,
                (start, end),
                at=max(at, reference.start - 120),
            )
            at = reference.end

    def _scope(self, kind: RelationKind, at: int, target: DocumentReference, end: int) -> Relation.Scope:
        """Whole or part, from the words between the verb (or the last reference) and this one, and from exceptions."""
        if kind in verbs.KINDS_ALWAYS_IN_PART:
            return PART
        there = target.start >= at  # else the words only repeat a name that the head gave with its number
        lead = self.text[at : target.start if there else min(end, at + MAX_DISTANCE)]
        behind = target.end if there else at
        excepted = _EXCEPT.search(self.text, behind, min(end, behind + MAX_DISTANCE))
        in_part = excepted or _IN_PART.search(lead) or cited_eids(lead, article="0")
        return PART if in_part else WHOLE

    def _statement(
        self,
        kind: RelationKind,
        reference: DocumentReference,
        scope: Relation.Scope,
        eid: str,
        span: tuple[int, int],
        *,
        at: int | None = None,
        article: str | None = None,
    ) -> RelationStatement:
        start, end = self._evidence_span(reference, span)
        if at is None:
            at = start
        lead = self.text[at : reference.start if reference.start >= at else min(end, at + MAX_DISTANCE)]
        eids = verbs.changed_eids(lead, article) if kind in verbs.KINDS_WITH_TARGET_UNITS else ()
        day = None if kind in verbs.KINDS_WITHOUT_EFFECT else self._effective_day(self.text[start:end])
        if reference.end - start > EVIDENCE_LENGTH and start <= reference.start < end:
            start = reference.start - EVIDENCE_LENGTH // 2
        evidence = self.original[start : min(end, start + EVIDENCE_LENGTH)].strip()
        return RelationStatement(kind, reference, scope, eid, evidence, day, tuple(eids))

    def _evidence_span(self, reference: DocumentReference, span: tuple[int, int]) -> tuple[int, int]:
        """The span. If it is very long: the part near the reference, or its beginning if the reference is elsewhere."""
        start, end = span
        if not start <= reference.start < end:
            return start, min(end, start + MAX_DISTANCE)
        return max(start, reference.start - MAX_DISTANCE), min(end, reference.end + MAX_DISTANCE)

    def _effective_day(self, line: str) -> datetime.date | None:
        """The day a statement names; the document's own first day for «ngày Luật này có hiệu lực»."""
        if match := _FROM.search(line):
            return date_of(match.groups())
        return self.effective_on if _OWN_START.search(line) else None
