"""Reading a text unit by unit for what its lines say of other documents. Pure; finder.find is the way in."""

import datetime
import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from content.law import document_references
from content.law.doc_types import TYPE_NAMES
from content.law.document_references import DocumentReference
from content.law.grammar import cited_eids
from content.law.units import UnitKind
from content.relations import verbs
from content.relations.models import RelationKind as Kind
from content.text.vietnamese import fold, slug

WHOLE, PART = "whole", "part"
MAX_KNOWN_NAMES = 300  # of documents remembered by name; the widest act we know amends some forty
MAX_DISTANCE = (
    2000  # characters behind a document in which its exception or its day may stand: a line may name thousands
)
EVIDENCE_LENGTH = 600  # characters of the statement that are kept for whoever decides
_MARK = re.compile(r"\s*(?:Điều\s+\d+[a-zđ]?\s*[.:]\s*|\d{1,3}[a-zđ]?\.\s+|[a-zđ]{1,2}\d{0,2}\)\s*|[-–+]\s+)?")
_HISTORY = re.compile(r"[\s,(]*(?:đã\s+)?được\s+(?:sửa đổi|bổ sung)[^;.]{0,80}?(?:theo|bởi|tại)(?:\s+các)?\s*")
_AND = re.compile(r"(?:[^;.:,“”]{0,80})?\s*(?:,|và|, và)\s*")
_FROM = re.compile(r"từ\s+ngày\s+(\d{1,2})(?:\s+tháng\s+|[/.-])(\d{1,2})(?:\s+năm\s+|[/.-])(\d{4})")
_OWN_START = re.compile(r"từ\s+ngày\s+(?:[^\W\d_]+\s+){1,4}này\s+có\s+hiệu\s+lực")
_EXCEPT = re.compile(r"(?<!\w)trừ(?!\w)")
_IN_PART = re.compile(r"(?<!\w)(?:một số|một phần|[Mm]ục|[Cc]hương|[Pp]hụ lục|quy định|nội dung|cụm từ|trừ)(?!\w)")


@dataclass(frozen=True)
class RelationStatement:
    """One thing a text says of another document."""

    kind: Kind
    reference: DocumentReference
    scope: str
    source_eid: str
    evidence: str
    effective_on: datetime.date | None = None  # None: the statement names no day
    target_eids: tuple[str, ...] = ()

    @property
    def identity(self):
        """What makes two statements one relation. References that change nothing are one for the whole document."""
        place = "" if self.kind in verbs.KINDS_WITHOUT_EFFECT else self.source_eid
        return self.kind, self.reference.key, "" if self.kind in verbs.KINDS_WITHOUT_EFFECT else self.scope, place


@dataclass(frozen=True)
class InheritedStatement:
    """What a unit hands down to the units under it: «Sửa đổi, bổ sung một số điều của Luật X như sau:»."""

    kind: Kind | None = None
    target: DocumentReference | None = None  # what its units amend where they name no document
    place: str = ""  # eid of the unit that named it
    article: str | None = None  # article of the target that is amended clause by clause
    listed: bool = False  # «Các văn bản sau đây hết hiệu lực:»: each line under it names one
    effective_on: datetime.date | None = None


def _ends_at_word_boundary(name, words):
    """Whether the name ends where a word does: «Luật Giá» does not stand in «Luật Giám định»."""
    return re.search(rf"{re.escape(name)}(?!\w)", words) is not None


class StatementScanner:
    """One pass over the units; each knows what the units above it said."""

    def __init__(self, text, structure, doc_type, own_key, effective_on, title, original):
        self.text, self.units, self.doc_type = text, structure.units, doc_type
        self.title, self.original, self.effective_on = title, original, effective_on
        self._references = [each for each in document_references.document_references(text) if each.key != own_key]
        self._starts = [each.start for each in self._references]
        self._known = {}  # folded name → the reference that once gave it with its number
        for each in self._references:
            if each.name and len(self._known) < MAX_KNOWN_NAMES:
                self._known.setdefault(fold(f"{TYPE_NAMES[each.doc_type]} {each.name}"), each)
        self._past = self._histories()
        self._said = []

    def found(self):
        for unit in self.units:
            said = self._said[unit.parent] if unit.parent is not None else InheritedStatement()
            if unit.kind in (UnitKind.PREAMBLE, UnitKind.BODY):
                yield from self._bases(unit)
            self._said.append(said)
            if unit.kind not in (UnitKind.PREAMBLE, UnitKind.CONCLUSIONS):
                yield from self._statements(unit, said)

    def titled(self):
        """What the title alone tells: which of the known names the document details."""
        if self.doc_type in verbs.DETAILING_TYPES and (verb := verbs.DETAILING_WORDS.search(self.title)):
            kind = verbs.detailing_kind(verb[0])
            for reference in self._names_in(self.title[verb.end() :]):
                yield RelationStatement(
                    kind, reference, verbs.scope_of_detail(self.title), "", self.title[:EVIDENCE_LENGTH]
                )

    def _histories(self):
        """Indexes of references that only tell how another document was amended before."""
        past = set()
        for at in range(1, len(self._references)):
            between = self.text[self._references[at - 1].end : self._references[at].start]
            carries_on = at - 1 in past and not self._references[at].name and _AND.fullmatch(between)
            if carries_on or (len(between) < 200 and re.search(_HISTORY.pattern + r"\Z", between)):
                past.add(at)
        return past

    def _between(self, start, end):
        """References that stand in text[start:end], histories left out."""
        first, last = bisect_right(self._starts, start - 1), bisect_right(self._starts, end - 1)
        return [self._references[at] for at in range(first, last) if at not in self._past]

    def _names_in(self, words):
        """Known references whose name stands in these words without its number."""
        words = " ".join(fold(words).split())  # «hàng hoá» is «hàng hóa»
        return [known for name, known in self._known.items() if name in words and _ends_at_word_boundary(name, words)]

    def _lines(self, unit):
        """(start, end) of each line of the unit's own text, its mark left out."""
        start = unit.start
        for line in self.text[unit.start : unit.end].split("\n"):
            end = start + len(line)
            if line.strip():
                yield _MARK.match(self.text, start, end).end(), end
            start = end + 1

    # -- the head: what the document stands on, and what its last line says it amends

    def _bases(self, unit):
        under = False
        for line_start, line_end in self._lines(unit):
            start = line_start
            for part in self.text[line_start:line_end].split(";"):
                end = start + len(part)
                under = bool(verbs.LEGAL_BASIS.match(part)) or (under and bool(verbs.LEGAL_BASIS_CONTINUED.match(part)))
                if under:
                    yield from self._based_on(start, end)
                elif amended := verbs.ENACTS_AMENDMENT.search(part):
                    for reference in self._between(start + amended.end(), end):
                        yield self._make(Kind.AMENDS, reference, PART, unit.eid, (start, end))
                start = end + 1

    def _based_on(self, start, end):
        given = self._between(start, end)
        if not given:  # «Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;»
            based = verbs.LEGAL_BASIS.match(self.text, start, end)
            alone = document_references.reference_by_name(self.text, based.end() if based else start, end)
            given = [alone] if alone else []
        for reference in given:
            yield self._make(Kind.BASED_ON, reference, WHOLE, "preamble", (start, end))

    # -- articles, clauses, points

    def _statements(self, unit, said):
        for place, (start, end) in enumerate(self._lines(unit)):
            line = self.text[start:end]
            given = self._between(start, end)
            if verbs.opening_verb(line, self.doc_type):
                for first, last in verbs.split_by_verb(line, 0):
                    if verb := verbs.opening_verb(line[first:last], self.doc_type):
                        part = (start + first, start + last)
                        yield from self._acts(unit, said, verb, self._between(*part), *part)
            elif given and (passive := self._passive(given, start, end)):
                yield from self._suffers(unit, passive, given, start, end)
            elif said.listed and given and given[0].start - start <= 160:
                yield from self._listed(unit, said, given, start, end)
            elif given:
                yield from self._cites(unit, given, start, end)
            elif said.target and verbs.UNITS_FIRST.match(line):  # «Khoản 2 Điều 4 được sửa đổi, bổ sung như sau:»
                yield self._make(Kind.AMENDS, said.target, PART, said.place, (start, end), article=said.article)
            elif place == 0 and (listing := verbs.list_kind(line)):
                self._said[-1] = InheritedStatement(
                    kind=listing, listed=True, place=unit.eid, effective_on=self._day(line)
                )

    def _acts(self, unit, said, verb, given, start, end):
        """A line that begins with what it does, or says it of «Luật này»: «Bãi bỏ Điều 45 của Luật …»."""
        kind, after = verb
        after += start
        line = self.text[start:end]
        targets = [each for each in given if each.start >= after]
        if not targets and kind in verbs.DETAILING_KINDS:
            targets = self._names_in(self.text[after:end])
        hands_down = InheritedStatement(said.kind, said.target, said.place or unit.eid, said.article)
        if targets:
            at = after
            for target in targets:
                yield self._make(kind, target, self._scope(kind, at, target, end), unit.eid, (start, end), at=at)
                at = target.end
            hands_down = InheritedStatement(kind, targets[0], unit.eid)
        elif kind in (Kind.AMENDS, Kind.REPEALS) and (target := said.target or self._only_known(line, after - start)):
            place = said.place if kind == Kind.AMENDS and said.place else unit.eid
            if kind == Kind.AMENDS or cited_eids(self.text[after:end], article=said.article):
                yield self._make(kind, target, PART, place, (start, end), at=after, article=said.article)
            hands_down = InheritedStatement(kind, target, said.place or unit.eid)
        article = re.search(r"[Đđ]iều\s+(\d+[a-zđ]?)(?!\w)", self.text[after:end])
        if line.rstrip().endswith(":") or unit.kind == UnitKind.ARTICLE:
            listed = not targets and line.rstrip().endswith(":")
            self._said[-1] = replace(
                hands_down, kind=kind, article=article and article[1], listed=listed, effective_on=self._day(line)
            )

    def _only_known(self, line, after):
        """The one document whose name, without a number, these words hold."""
        named = self._names_in(line[after:])
        return named[0] if len(named) == 1 else None

    def _passive(self, given, start, end):
        """The match of «… hết hiệu lực», «… được thay thế» behind the reference that the line begins with; or None."""
        lead = self.text[start : given[0].start]
        if verbs.CONDITION.search(lead) or len(lead) > 160:
            return None
        return verbs.PASSIVE_VERB.search(self.text, given[0].end, end)

    def _suffers(self, unit, passive, given, start, end):
        at = start
        for target in given:
            if target.end > passive.start():
                continue
            kind = verbs.passive_kind(passive[0], self.text[passive.end() : end])
            if kind == Kind.REPEALS and self._is_the_next(target):
                kind = Kind.REPLACES
            yield self._make(kind, target, self._scope(kind, at, target, end), unit.eid, (start, end), at=at)
            at = target.end

    def _is_the_next(self, target):
        """Whether the target bears the same name as this document: a Law on Land after a Law on Land."""
        own = document_references.bare_name(self.doc_type, self.title)
        return bool(target.name) and target.doc_type == self.doc_type and slug(target.name) == slug(own)

    def _listed(self, unit, said, given, start, end):
        """A line of a list whose head says what happens to each of its documents."""
        target = given[0]
        scope = self._scope(said.kind, start, target, end)
        found = self._make(said.kind, target, scope, unit.eid, (start, end), at=start)
        yield replace(found, effective_on=found.effective_on or said.effective_on)
        yield from self._cites(unit, given[1:], target.end, end)

    def _cites(self, unit, given, start, end):
        at = start
        for reference in given:
            eids = cited_eids(self.text[max(at, reference.start - 120) : reference.start])
            yield self._make(
                Kind.CITES,
                reference,
                PART if eids else WHOLE,
                unit.eid,
                (start, end),
                at=max(at, reference.start - 120),
            )
            at = reference.end

    def _scope(self, kind, at, target, end):
        """Whole or part, by the words between the verb (or the document before) and this one, and what is excepted."""
        if kind in verbs.KINDS_ALWAYS_IN_PART:
            return PART
        there = target.start >= at  # else the words only repeat a name that the head gave with its number
        lead = self.text[at : target.start if there else end]
        behind = target.end if there else at
        excepted = _EXCEPT.search(self.text, behind, min(end, behind + MAX_DISTANCE))
        in_part = excepted or _IN_PART.search(lead) or cited_eids(lead, article="0")
        return PART if in_part else WHOLE

    def _make(self, kind, reference, scope, eid, span, *, at=None, article=None):
        start, end = self._around(reference, span)
        if at is None:
            at = start
        lead = self.text[at : reference.start] if reference.start >= at else self.text[at:end]
        eids = verbs.changed_eids(lead, article) if kind in verbs.KINDS_WITH_TARGET_UNITS else ()
        day = None if kind in verbs.KINDS_WITHOUT_EFFECT else self._day(self.text[start:end])
        if reference.end - start > EVIDENCE_LENGTH and start <= reference.start < end:
            start = reference.start - EVIDENCE_LENGTH // 2
        evidence = self.original[start : min(end, start + EVIDENCE_LENGTH)].strip()
        return RelationStatement(kind, reference, scope, eid, evidence, day, tuple(eids))

    def _around(self, reference, span):
        """The statement; of a very long one what is near the reference, or its beginning where that is elsewhere."""
        start, end = span
        if not start <= reference.start < end:
            return start, min(end, start + MAX_DISTANCE)
        return max(start, reference.start - MAX_DISTANCE), min(end, reference.end + MAX_DISTANCE)

    def _day(self, line):
        """The day a statement names; the document's own first day where it says «ngày Luật này có hiệu lực»."""
        if match := _FROM.search(line):
            day, month, year = map(int, match.groups())
            try:
                return datetime.date(year, month, day)
            except ValueError:
                return None
        return self.effective_on if _OWN_START.search(line) else None
