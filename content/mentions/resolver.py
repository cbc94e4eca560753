"""Which stored documents and provisions a mention means: candidates with how certain they are, never the first match.

Source: design/citations.md 2. A number without a year is used again every year, one of a local body in every province;
a name alone may be that of several laws. What is left out in the words is said by the certainty.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from content.documents import citations, effect, identity, queries
from content.documents.models import LegalDocument, Provision, ProvisionVersion
from content.law.document_names import NamedDocument
from content.law.eids import SEPARATOR, UnitPath, eid_lineage, eid_of_path
from content.law.lexer.unit_names import THIS
from content.law.mentions import Mention, read_mentions
from content.law.official_numbers import number_key, year_of_number
from content.law.units import EID_PREFIXES, UnitKind
from content.mentions.names import LawNames, law_names
from content.named_documents import territory
from content.named_documents.numbers import documents_matching_number
from content.organisations.models import Province
from content.typed_citations.documents import typed_number

MAX_CANDIDATES = 5  # of one mention
MAX_UNITS = 50  # of one mention: of «Điều 1 đến Điều 900» the first


class Certainty(StrEnum):
    """How certain it is which document is meant."""

    EXACT = "exact"  # one fits and the words leave nothing out
    LIKELY = "likely"  # one fits best, but the words leave something out
    AMBIGUOUS = "ambiguous"  # several fit
    UNKNOWN = "unknown"  # none is here


@dataclass(frozen=True)
class Context:
    """The place of a text: what «Luật này», «Điều này» and units without a document mean."""

    document: LegalDocument
    eid: str = ""


@dataclass(frozen=True)
class ResolvedUnit:
    """A unit of a candidate on the day; `provision` is None where the document never had it."""

    eid: str
    provision: Provision | None
    exists: bool  # whether the document has it on the day
    citation: str
    effect: effect.Effect | None


@dataclass(frozen=True)
class Candidate:
    """A document that may be meant, with the units that are named."""

    document: LegalDocument
    units: Sequence[ResolvedUnit] = ()


@dataclass(frozen=True)
class Resolution:
    """A mention and what it may mean; `candidates` in the order of likelihood, at most MAX_CANDIDATES."""

    mention: Mention
    certainty: Certainty
    candidates: Sequence[Candidate] = ()

    @property
    def is_cut(self) -> bool:
        """Whether the words name more units than the candidates list."""
        return self.mention.is_cut or len(self.mention.units) > MAX_UNITS


@dataclass(frozen=True)
class NamedCandidates:
    """The documents that one reference may mean."""

    certainty: Certainty
    candidates: Sequence[Candidate] = ()


@dataclass
class _Match:
    certainty: Certainty
    documents: list[int] = field(default_factory=list)  # primary keys


def resolve_text(text: str, day: datetime.date, context: Context | None = None, limit: int = 200) -> list[Resolution]:
    """What the first `limit` mentions in `text` mean on `day`. Nothing is stored; the number of queries is fixed."""
    names = law_names()
    return resolve(read_mentions(text, names.known)[:limit], names, day, context)


def resolve(
    mentions: Sequence[Mention], names: LawNames, day: datetime.date, context: Context | None = None
) -> list[Resolution]:
    """What the mentions mean on `day`, in their order."""
    matches = _matches([each.document for each in mentions], names, day, context)
    wanted = {pk for match in matches for pk in match.documents[:MAX_CANDIDATES]}
    documents = {each.pk: each for each in queries.public_documents().filter(pk__in=wanted)}
    if context is not None:
        documents.setdefault(context.document.pk, context.document)
    paths = [eids_of(mention, context) for mention in mentions]
    units = _Units(
        {(pk, eid) for match, eids in zip(matches, paths, strict=True) for pk in match.documents for eid in eids}, day
    )
    resolved = []
    for mention, match, eids in zip(mentions, matches, paths, strict=True):
        found = [documents[pk] for pk in match.documents[:MAX_CANDIDATES] if pk in documents]
        candidates = [Candidate(each, [units.of(each, eid) for eid in eids]) for each in found]
        certainty = match.certainty if found else Certainty.UNKNOWN
        if certainty is Certainty.EXACT and _leaves_document_out(mention):
            certainty = Certainty.LIKELY
        resolved.append(Resolution(mention, certainty, candidates))
    return resolved


def _leaves_document_out(mention: Mention) -> bool:
    """Whether the words neither name a document nor say «này»: «Điều 5» may be of another law of the sentence."""
    return mention.document is None and not any(number == THIS for path in mention.units for _, number in path)


def documents_of_references(references: Sequence[str], day: datetime.date) -> list[NamedCandidates]:
    """What each reference means: the key of a document, a number whole or in part, or a name, as people type them.

    Every document that fits the first one that is named is a candidate. It is `likely` at best where the words name
    another one too.
    """
    names = law_names()
    by_key = {each.key: each for each in queries.public_documents().filter(key__in=references)}
    mentions = [_first_documents(reference, names) for reference in references]
    resolved = iter(resolve([each for of_one in mentions for each in of_one], names, day))
    found = [[next(resolved) for _ in of_one] for of_one in mentions]
    return [
        NamedCandidates(Certainty.EXACT, [Candidate(by_key[reference])])
        if reference in by_key
        else _meant_first(of_one)
        for reference, of_one in zip(references, found, strict=True)
    ]


def _meant_first(found: Sequence[Resolution]) -> NamedCandidates:
    """What the first of the documents that one reference names may be."""
    if not found:
        return NamedCandidates(Certainty.UNKNOWN)
    first, *others = [[each.document.pk for each in one.candidates] for one in found]
    certainty = found[0].certainty
    if certainty is Certainty.EXACT and any(other != first for other in others):
        certainty = Certainty.LIKELY
    return NamedCandidates(certainty, found[0].candidates)


def documents_of_number(number: str, day: datetime.date, province: Province | None = None) -> NamedCandidates:
    """The documents with this official number, whole or in part, its parts in any order.

    With a `province` only those that a body of it, or of one merged into it, issued: its own certainly, where the
    number has its year.
    """
    typed = typed_number(number)
    if typed is None:
        return NamedCandidates(Certainty.UNKNOWN)
    if province:
        return _documents_of_province(number, province)
    named = documents_of_references([number], day)[0]
    if named.candidates:
        return named
    return _named_or_part(documents_matching_number(queries.public_documents(), number))


def _documents_of_province(number: str, province: Province) -> NamedCandidates:
    own = queries.public_documents().filter(province=province, commune_code="")
    whole = list(queries.documents_with_number(own, number)[: MAX_CANDIDATES + 1])
    if len(whole) == 1 and year_of_number(whole[0].number) is not None:
        return NamedCandidates(Certainty.EXACT, [Candidate(whole[0])])
    return _named_or_part(
        documents_matching_number(queries.documents_applying_in(queries.public_documents(), province), number)
    )


def _named_or_part(documents: QuerySet[LegalDocument]) -> NamedCandidates:
    found = list(documents[: MAX_CANDIDATES + 1])
    certainty = Certainty.AMBIGUOUS if len(found) > 1 else Certainty.LIKELY if found else Certainty.UNKNOWN
    return NamedCandidates(certainty, [Candidate(each) for each in found[:MAX_CANDIDATES]])


def documents_of_name(name: str, day: datetime.date) -> NamedCandidates:
    """The documents with this type and name, of its year where one is said."""
    return documents_of_references([name], day)[0]


def _first_documents(reference: str, names: LawNames) -> list[Mention]:
    """The first two documents that a reference names, without their units."""
    mentions = read_mentions(reference[:1_000], names.known)
    named = (replace(each, units=()) for each in mentions if each.document and not each.document.is_this)
    return list(islice(named, 2))


# -- documents ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    pk: int
    doc_type: str
    number: str
    number_key: str
    other_keys: Sequence[str]
    issued_on: datetime.date | None
    issuer: int | None
    province: int | None


def _matches(
    named: Sequence[NamedDocument | None], names: LawNames, day: datetime.date, context: Context | None
) -> list[_Match]:
    rows = _rows_of(each for each in named if each is not None and not each.is_this)
    own = None if context is None else context.document
    matches: dict[NamedDocument | None, _Match] = {}
    for each in dict.fromkeys(named):
        if each is None or each.is_this:
            is_own = own and (each is None or each.doc_type in ("", own.doc_type))  # «Thông tư này» is not of a law
            matches[each] = _Match(Certainty.EXACT, [own.pk]) if own and is_own else _Match(Certainty.UNKNOWN)
        elif each.number:
            matches[each] = _by_number(each, rows, own)
        elif each.serial:
            matches[each] = _by_serial(each, rows)
        else:
            matches[each] = _by_name(each, names)
    in_force = _pks_in_force(
        {pk for match in matches.values() if len(match.documents) > 1 for pk in match.documents}, day
    )
    for each, match in matches.items():
        if len(match.documents) > 1:
            match.documents.sort(key=lambda pk: pk not in in_force)  # stable: newest first among those alike
            by_name_alone = each is not None and not each.number and not each.serial and each.year is None
            if by_name_alone and sum(pk in in_force for pk in match.documents) == 1:
                match.certainty = Certainty.LIKELY
    return [matches[each] for each in named]


def _rows_of(named: Iterable[NamedDocument]) -> list[_Row]:
    """Public documents that may have one of these numbers, newest first."""
    keys: set[str] = set()
    starts = Q(pk=None)
    for each in named:
        if each.number:
            keys.add(number_key(each.number))
        elif each.serial:
            first = number_key(each.serial)
            starts |= Q(
                number_key__startswith=f"{first}-{each.year}-" if each.year else f"{first}-", doc_type=each.doc_type
            )
    if not keys and starts == Q(pk=None):
        return []
    wanted = Q(number_key__in=keys) | Q(other_number_keys__overlap=sorted(keys)) | starts
    public = LegalDocument.objects.filter(wanted, status=LegalDocument.Status.PUBLISHED, is_sample=False)
    columns = ("pk", "doc_type", "number", "number_key", "other_number_keys", "issued_on", "issuer_id", "province_id")
    return [_Row(*row) for row in public.order_by("-list_order").values_list(*columns)]


def _by_number(named: NamedDocument, rows: Iterable[_Row], own: LegalDocument | None) -> _Match:
    """A whole number: exact where one document has it, and type and day agree where they are said.

    In a local act a number that every province uses means the document of its own territory.
    """
    key = number_key(named.number)
    alike = [row for row in rows if row.number_key == key or key in row.other_keys]
    of_day = [row for row in alike if _is_of_day(row, named)]
    fitting = [row for row in of_day if not named.doc_type or row.doc_type == named.doc_type]
    if not fitting:  # the number is here, but not with that type or that day
        return _Match(Certainty.AMBIGUOUS if len(alike) > 1 else Certainty.LIKELY, [row.pk for row in alike])
    is_dated = fitting[0].issued_on is not None and named.year is not None  # «904/QĐ-TTg năm 2024»
    is_whole = year_of_number(named.number) is not None or named.issued_on is not None or is_dated
    if identity.is_local_number(named.number):
        fitting, is_certain = _of_its_place(fitting, named, own)
        is_whole = is_whole and is_certain
    if not fitting:
        return _Match(Certainty.UNKNOWN)
    if len(fitting) > 1:
        return _Match(Certainty.AMBIGUOUS, [row.pk for row in fitting])
    return _Match(Certainty.EXACT if is_whole else Certainty.LIKELY, [fitting[0].pk])


def _of_its_place(rows: list[_Row], named: NamedDocument, own: LegalDocument | None) -> tuple[list[_Row], bool]:
    """Those that may be meant in the act `own` by a number of every province, and whether it is certain."""
    origin = identity.Origin() if own is None else identity.origin_of(own)
    if named.body is None and origin.province is None:
        return rows, False
    documents = LegalDocument.objects.filter(pk__in=[row.pk for row in rows]).select_related(*territory.PLACES)
    meant = territory.documents_meant(list(documents), named.body, named.issued_on, origin)
    wanted = {each.pk for each in meant.documents}
    return [row for row in rows if row.pk in wanted], meant.is_certain


def _is_of_day(row: _Row, named: NamedDocument) -> bool:
    """Whether the document may be of the day, or else of the year, that the words say."""
    if row.issued_on is None:
        return True
    if named.issued_on:
        return row.issued_on == named.issued_on
    says_it_twice = named.year is None or year_of_number(named.number) is not None
    return says_it_twice or row.issued_on.year == named.year


def _by_serial(named: NamedDocument, rows: Iterable[_Row]) -> _Match:
    """A part of a number: «Nghị định 168», «Nghị định 168/2024». Issuers count apart, and every year."""
    start = number_key(named.serial) + (f"-{named.year}-" if named.year else "-")
    fitting = [row for row in rows if row.doc_type == named.doc_type and row.number_key.startswith(start)]
    return _Match(Certainty.LIKELY if len(fitting) == 1 else Certainty.AMBIGUOUS, [row.pk for row in fitting])


def _by_name(named: NamedDocument, names: LawNames) -> _Match:
    """A name with its year is exact where one law has both, and the day where it is said; without a year likely."""
    laws = sorted(names.laws_named(named.doc_type, named.name), key=lambda law: -(law.year or 0))
    certainty = Certainty.LIKELY
    if named.year is not None:
        laws = [law for law in laws if law.year == named.year]
        of_day = [law for law in laws if named.issued_on in (None, law.issued_on)]
        if of_day:
            laws, certainty = of_day, Certainty.EXACT
    return _Match(certainty if len(laws) == 1 else Certainty.AMBIGUOUS, [law.pk for law in laws])


def _pks_in_force(pks: Collection[int], day: datetime.date) -> set[int]:
    if not pks:
        return set()
    documents = queries.public_documents().filter(pk__in=pks)
    binding = (effect.EffectStatus.IN_FORCE, effect.EffectStatus.PARTLY_EXPIRED)
    return {each.pk for each in documents if effect.effect_of(each, day).status in binding}


# -- units --------------------------------------------------------------------------------


def eids_of(mention: Mention, context: Context | None) -> list[str]:
    """The eids of its units, at most MAX_UNITS; a unit whose article is not said and not known has none."""
    own = "" if context is None or (mention.document and not mention.document.is_this) else context.eid
    eids = (_eid_of(path, own) for path in mention.units[:MAX_UNITS])
    return [each for each in dict.fromkeys(eids) if each]


def _eid_of(path: UnitPath, own: str) -> str:
    """The eid of a path; «này» and an article that is not said are taken from the eid `own`."""
    kinds = [kind for kind, _ in path]
    here = eid_lineage(own) if own else []
    if any(number == THIS for _, number in path):
        at = max(place for place, (_, number) in enumerate(path) if number == THIS)
        start = f"{EID_PREFIXES[kinds[at]]}_"
        around = next((eid for eid in here if eid.split(SEPARATOR)[-1].startswith(start)), "")
        below = path[at + 1 :]
        return SEPARATOR.join([around, *([eid_of_path(below)] if below else [])]) if around else ""
    if UnitKind.ARTICLE not in kinds and kinds[0] in (UnitKind.CLAUSE, UnitKind.POINT, UnitKind.INDENT):
        above = SEPARATOR.join(step for step in own.split(SEPARATOR) if step.startswith("art_"))
        if kinds[0] is not UnitKind.CLAUSE and above:
            above = next((eid for eid in here if "__clause_" in eid and eid.count(SEPARATOR) == 1), above)
        return SEPARATOR.join([above, eid_of_path(path)]) if above else ""
    return eid_of_path(path)


def units_of(
    documents: Sequence[LegalDocument], eids: Sequence[str], day: datetime.date
) -> dict[int, list[ResolvedUnit]]:
    """{primary key of each document: these units of it on the day}."""
    units = _Units({(each.pk, eid) for each in documents for eid in eids}, day)
    return {each.pk: [units.of(each, eid) for eid in eids] for each in documents}


class _Units:
    """Provisions of several documents, read at once."""

    def __init__(self, wanted: Collection[tuple[int, str]], day: datetime.date) -> None:
        self._day = day
        self._provisions: dict[tuple[int, str], Provision] = {}
        self._on_day: set[int] = set()
        self._events: dict[int, Any] = {}
        if not wanted:
            return
        eids = {above for _, eid in wanted for above in eid_lineage(eid)}
        found = Provision.objects.filter(document__in={pk for pk, _ in wanted}, eid__in=eids)
        self._provisions = {(each.document_id, each.eid): each for each in found}
        asked = [self._provisions[each].pk for each in wanted if each in self._provisions]
        versions = ProvisionVersion.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_until=None) | Q(valid_until__gt=day),
            provision__in=asked,
        )
        self._on_day = set(versions.values_list("provision", flat=True))

    def of(self, document: LegalDocument, eid: str) -> ResolvedUnit:
        """The unit of the document, as the words name it even where it is not there."""
        provision = self._provisions.get((document.pk, eid))
        exists = provision is not None and provision.pk in self._on_day
        line = [
            self._provisions[key] for above in eid_lineage(eid) if (key := (document.pk, above)) in self._provisions
        ]
        citation = citations.cite_provision(document, line) if provision else ""
        events = self._events.setdefault(document.pk, effect.prepared_events(document.status_events.all()))
        of_unit = effect.provision_effect_of(document, eid, self._day, events) if exists else None
        return ResolvedUnit(eid, provision, exists, citation, of_unit)
