"""Lookup of provisions: from what a person types, «điều 6 nghị định 168», to units that can be cited, on a day."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from content.documents import citations, effect, provision_queries, queries
from content.documents.models import LegalDocument
from content.law.eids import eid_lineage
from content.law.units import CITED_UNIT_WORDS, UnitKind
from content.named_documents.numbers import documents_matching_number
from content.text.vietnamese import nfc
from content.typed_citations.documents import typed_document
from content.typed_citations.units import split_typed_unit

MAX_DOCUMENTS = 10
MAX_LETTERS = 200  # that are read of what was typed


@dataclass(frozen=True)
class CitableUnit:
    """A unit that can be cited, with its own text and that of units under it that have no citation of their own."""

    eid: str
    words: str  # «khoản 1 Điều 2 Luật …»
    text: str
    status: effect.EffectStatus | None
    depth: int  # below the unit that was looked up

    @property
    def is_binding(self) -> bool:
        return self.status in (None, effect.EffectStatus.IN_FORCE, effect.EffectStatus.PARTLY_EXPIRED)


@dataclass
class LookupResult:
    """The `documents` that may be meant; of the chosen one, its `articles` and the units that can be cited (`rows`)."""

    documents: list[LegalDocument] = field(default_factory=list)
    document: LegalDocument | None = None
    articles: list[tuple[str, str]] = field(default_factory=list)  # (eid, «Điều 5. Heading»)
    eid: str = ""
    rows: list[CitableUnit] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.documents

    @property
    def is_no_unit(self) -> bool:
        """Whether a unit was named that the document does not have on that day."""
        return bool(self.document and self.eid and not self.rows)


def look_up(typed: str, day: datetime.date, *, document_key: str = "", eid: str = "") -> LookupResult:
    """The documents and units that `typed` means, with their text on `day`.

    `document_key` and `eid` choose one of several. Accents are optional. A number that several documents share is not
    guessed at: all of them are found.
    """
    rest, own_eid = split_typed_unit(nfc(typed).lower().replace("\0", "")[:MAX_LETTERS])
    found = LookupResult(list(_documents_named(rest)), eid=eid.replace("\0", "") or own_eid)
    chosen = [document for document in found.documents if document.key == document_key]
    found.document = next(iter(chosen or found.documents[: len(found.documents) == 1]), None)
    if found.document:
        found.articles = _article_choices(found.document, day)
        found.rows = citable_units(found.document, found.eid, day) if found.eid else []
    return found


def citable_units(document: LegalDocument, eid: str, day: datetime.date) -> list[CitableUnit]:
    """The provision and all citable units under it; [] if the document does not have it on that day."""
    near = provision_queries.provisions_on(document, day).filter(
        Q(eid__in=eid_lineage(eid)) | Q(eid__startswith=f"{eid}__")
    )
    units = {unit.eid: unit for unit in near}
    if eid not in units:
        return []
    events = effect.prepared_events(document.status_events.all())
    rows: list[CitableUnit] = []
    for unit in units.values():
        if unit.eid != eid and not unit.eid.startswith(f"{eid}__"):
            continue
        if rows and unit.kind not in CITED_UNIT_WORDS:
            last = rows.pop()
            rows.append(CitableUnit(last.eid, last.words, last.text + unit.text, last.status, last.depth))
            continue
        line = [units[above] for above in eid_lineage(unit.eid) if above in units]
        status = effect.provision_effect_of(document, unit.eid, day, events).status
        depth = unit.eid.count("__") - eid.count("__")
        rows.append(CitableUnit(unit.eid, citations.cite_provision(document, line), unit.text, status, depth))
    return rows


def _documents_named(words: str) -> QuerySet[LegalDocument]:
    """Public documents that these words may name; if the words are a number, only those that have it."""
    if not words:
        return LegalDocument.objects.none()
    public = queries.public_documents()
    numbered = documents_matching_number(public, words)[:MAX_DOCUMENTS]
    if numbered:
        return numbered
    typed = typed_document(words)
    if typed.doc_type:
        public = public.filter(doc_type=typed.doc_type)
    if typed.serial:
        first_part = f"{typed.serial.lstrip('0')}-"
        exact = queries.documents_matching_words(public.filter(number_key__startswith=first_part), typed.words)
        if exact[:1]:
            return exact[:MAX_DOCUMENTS]
    return queries.documents_matching_words(public, typed.words)[:MAX_DOCUMENTS]


def _article_choices(document: LegalDocument, day: datetime.date) -> list[tuple[str, str]]:
    articles = provision_queries.provisions_on(document, day).filter(kind=UnitKind.ARTICLE)
    return [(each.eid, f"Điều {each.number}. {each.heading}".strip(". ")) for each in articles]
