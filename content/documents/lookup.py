"""From what somebody types, «điều 6 nghị định 168», to the provisions they mean, with the words of a day."""

import re
from dataclasses import dataclass, field

from django.db.models import Q

from content.documents import citations, effect, queries
from content.documents.models import LegalDocument
from content.law.unit_numbers import eid_token
from content.text.vietnamese import fold, nfc

MAX_DOCUMENTS = 10
MAX_LETTERS = 200  # of what is typed
TYPED_UNITS = {  # outermost first: how an eid begins, how the unit is typed
    "art": re.compile(r"(?<!\w)(?:điều|đieu|dieu)\s+(\d{1,4}[a-zđ]?)(?!\w)"),
    "clause": re.compile(r"(?<!\w)(?:khoản|khoan)\s+(\d{1,3}[a-zđ]?)(?!\w)"),
    "point": re.compile(r"(?<!\w)(?:điểm|điem|diem)\s+([a-zđ]{1,2}\d{0,2})(?!\w)"),
}
TYPES_BY_TYPED_NAME = {
    fold(name): kind for kind, name in (citations.NUMBERED_TYPE_NAMES | citations.LAW_TYPE_NAMES).items()
}
TYPED_TYPE = re.compile(rf"^({'|'.join(sorted(TYPES_BY_TYPED_NAME, key=len, reverse=True))})(?!\w)")
FILLER_WORDS = re.compile(r"(?<!\w)(?:số|so|của|cua|năm|nam(?=\s+\d))(?!\w)")


@dataclass(frozen=True)
class CitableUnit:
    """A unit that may be cited, with its own words and those of units under it that cannot be named."""

    eid: str
    words: str  # «khoản 1 Điều 2 Luật …»
    text: str
    status: effect.EffectStatus | None
    depth: int

    @property
    def is_binding(self):
        return self.status in (None, effect.EffectStatus.IN_FORCE, effect.EffectStatus.PARTLY_EXPIRED)


@dataclass
class LookupResult:
    """`documents` may be meant; of the one that is, `articles` ([(eid, name and heading)]) and the `rows` of a unit."""

    documents: list = field(default_factory=list)
    document: LegalDocument | None = None
    articles: list = field(default_factory=list)
    eid: str = ""
    rows: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not self.documents

    @property
    def is_no_unit(self):
        """Was a unit named that the document does not have that day?"""
        return bool(self.document and self.eid and not self.rows)


def look_up(typed, day, *, document_key="", eid=""):
    """The Found for what was typed, as it stands on `day`. `document_key` and `eid` choose where several are meant.

    Accents are optional. A number that several documents share is not guessed at: all of them are found.
    """
    rest, own_eid = _split_typed(nfc(typed).lower().replace("\0", "")[:MAX_LETTERS])
    found = LookupResult(list(_documents_named(rest)), eid=eid.replace("\0", "") or own_eid)
    chosen = [document for document in found.documents if document.key == document_key]
    found.document = next(iter(chosen or found.documents[: len(found.documents) == 1]), None)
    if found.document:
        found.articles = _article_choices(found.document, day)
        found.rows = citable_units(found.document, found.eid, day) if found.eid else []
    return found


def citable_units(document, eid, day):
    """The Rows of a provision and of all under it that have a name of their own; [] where it does not stand."""
    near = queries.provisions_on(document, day).filter(
        Q(eid__in=effect.eid_lineage(eid)) | Q(eid__startswith=f"{eid}__")
    )
    units = {unit.eid: unit for unit in near}
    if eid not in units:
        return []
    events = effect.prepared_events(document.status_events.all())
    rows = []
    for unit in units.values():
        if unit.eid != eid and not unit.eid.startswith(f"{eid}__"):
            continue
        if rows and unit.kind not in citations.UNIT_WORDS:
            last = rows.pop()
            rows.append(CitableUnit(last.eid, last.words, last.text + unit.text, last.status, last.depth))
            continue
        line = [units[above] for above in effect.eid_lineage(unit.eid) if above in units]
        status = effect.provision_effect_of(document, unit.eid, day, events).status
        depth = unit.eid.count("__") - eid.count("__")
        rows.append(CitableUnit(unit.eid, citations.cite_provision(document, line), unit.text, status, depth))
    return rows


def _split_typed(typed):
    """(what names the document, eid of the unit) of what was typed."""
    steps = []
    for prefix, pattern in TYPED_UNITS.items():
        if match := pattern.search(typed):
            steps.append(f"{prefix}_{eid_token(match[1])}")
            typed = typed[: match.start()] + " " + typed[match.end() :]
    placed = steps and steps[0].startswith("art_")
    return " ".join(re.sub(r"[,;]", " ", typed).split()), "__".join(steps) if placed else ""


def _documents_named(words):
    """Public documents that these words may name, those of just that number before all others."""
    if not words:
        return LegalDocument.objects.none()
    public = queries.public_documents()
    numbered = queries.documents_with_number(public, words)[:MAX_DOCUMENTS]
    if numbered:
        return numbered
    folded = " ".join(FILLER_WORDS.sub(" ", words).split())
    if of_type := TYPED_TYPE.match(fold(folded)):
        public = public.filter(doc_type=TYPES_BY_TYPED_NAME[of_type[1]])
        folded = " ".join(folded.split()[len(of_type[1].split()) :])
    serial = next((word for word in folded.split() if word.isdigit()), "")
    if serial:
        exact = queries.documents_matching_words(public.filter(number_key__startswith=f"{serial.lstrip('0')}-"), folded)
        if exact[:1]:
            return exact[:MAX_DOCUMENTS]
    return queries.documents_matching_words(public, folded)[:MAX_DOCUMENTS]


def _article_choices(document, day):
    articles = queries.provisions_on(document, day).filter(kind="article")
    return [(each.eid, f"Điều {each.number}. {each.heading}".strip(". ")) for each in articles]
