"""Stores the passages that search reads. Every service that changes the text of a document refreshes them."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from content import sql
from content.documents import citations
from content.documents.models import LegalDocument, ProvisionVersion
from content.passages.models import SEARCH_INDEX, Passage
from content.text import lexemes

FOLDING_VERSION = b"1"  # another value makes every passage stale, see the command rebuild_search_index
HEADING_KINDS = ("part", "chapter", "section", "subsection")
KINDS_WITHOUT_PASSAGE = ("preamble", "conclusions", *HEADING_KINDS)
FIRST_DAY, LAST_DAY = datetime.date.min, datetime.date.max


@dataclass(frozen=True)
class PassageText:
    """The texts that a passage is made from."""

    provision: int | None
    valid_from: datetime.date | None
    valid_until: datetime.date | None
    fields: tuple[str, str, str, str]  # in the order of lexemes.FIELDS

    @property
    def digest(self) -> bytes:
        written = hashlib.blake2b(FOLDING_VERSION, digest_size=16)
        for part in (str(self.valid_until), *self.fields):
            written.update(part.encode() + b"\0")
        return written.digest()

    def passage(self, document: LegalDocument) -> Passage:
        name, heads, title, body = self.fields
        names, words = map(lexemes.words_of_name, (name, heads)), map(lexemes.words, (title, body))
        fields = _within_bounds([*names, *words])
        return Passage(
            document=document,
            provision_id=self.provision,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            search_words=lexemes.tsvector_text(*fields),
            search_codes=lexemes.word_codes(*fields),
            digest=self.digest,
        )


class VersionText(NamedTuple):
    """A version of a provision, and what is asked of the provision. Cheaper than two instances: a law has thousands."""

    pk: int
    eid: str
    provision: int
    parent: int | None
    kind: str
    heading: str
    text: str
    valid_from: datetime.date | None
    valid_until: datetime.date | None

    def is_valid_on(self, day: datetime.date | None) -> bool:
        """Whether it is; None: on the first day of all."""
        return (self.valid_from or FIRST_DAY) <= (day or FIRST_DAY) < (self.valid_until or LAST_DAY)


def refresh_passages(document: LegalDocument, versions: Sequence[VersionText] | None = None) -> int:
    """Make the passages those of the current text, on all days; none for a document that is not published.

    Call it in the transaction that changes the document. Unchanged passages are not written. Returns how many were.
    `versions`: those of the document, where the caller has read them (`stored_versions`).
    """
    if not document.is_published:
        return document.passages.all().delete()[0]
    texts = {(text.provision, text.valid_from): text for text in passage_texts(document, versions)}
    stored = {
        (provision, valid_from): (pk, bytes(digest))
        for pk, provision, valid_from, digest in document.passages.values_list(
            "pk", "provision", "valid_from", "digest"
        )
    }
    same = {key for key, (_pk, digest) in stored.items() if key in texts and texts[key].digest == digest}
    document.passages.filter(pk__in=[pk for key, (pk, _digest) in stored.items() if key not in same]).delete()
    new = [text.passage(document) for key, text in texts.items() if key not in same]
    sql.copy_rows(new)
    if new:
        sql.sort_in_waiting_words(SEARCH_INDEX)
    return len(new)


def write_first_passages(texts: Mapping[LegalDocument, Sequence[ProvisionVersion]]) -> int:
    """Write the passages of published documents that the caller's transaction made, from their versions.

    `texts`: the stored versions of each, with their provisions. Returns how many were written. As `refresh_passages`.
    """
    new = [
        text.passage(document)
        for document, versions in texts.items()
        for text in passage_texts(document, map(version_of, in_order(versions)))
    ]
    sql.copy_rows(new)
    if new:
        sql.sort_in_waiting_words(SEARCH_INDEX)
    return len(new)


def in_order(versions: Iterable[ProvisionVersion]) -> list[ProvisionVersion]:
    """As the database orders them by position and first day: the one that was there from the beginning comes last."""
    return sorted(versions, key=lambda each: (each.provision.position, each.valid_from or LAST_DAY))


def _within_bounds(fields: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The fields without the words beyond MAX_WORDS: no article is so long, and its title comes before its body."""
    left = lexemes.MAX_WORDS
    cut: list[Sequence[str]] = []
    for field in fields:
        cut.append(field[:left])
        left -= len(cut[-1])
    return cut


_COLUMNS = (
    "pk", "provision__eid", "provision", "provision__parent", "provision__kind", "heading", "text", "valid_from",
    "valid_until",
)  # fmt: skip


def version_of(row: ProvisionVersion) -> VersionText:
    unit = row.provision
    own = (row.pk, unit.eid, unit.pk, unit.parent_id, unit.kind)
    return VersionText(*own, row.heading, row.text, row.valid_from, row.valid_until)


def passage_texts(document: LegalDocument, versions: Iterable[VersionText] | None = None) -> Iterator[PassageText]:
    """The texts of the document's passages, of all days. Its versions are read unless they are given, in order."""
    name = f"{citations.cite_by_number(document.doc_type, document.number)} {document.title}".strip()
    yield PassageText(None, None, None, ("", "", name, ""))
    for units, above in _articles_with_headings(stored_versions(document) if versions is None else versions):
        own = units[0].provision
        for start, end in _unchanged_spans(units):
            valid = [version for version in units if version.is_valid_on(start)]
            if not valid or valid[0].provision != own:
                continue
            heads = " ".join(version.heading for version in above if version.is_valid_on(start))
            body = "".join(version.text for version in valid)
            yield PassageText(own, start, end, (name, heads, valid[0].heading, body))


def stored_versions(document: LegalDocument) -> list[VersionText]:
    """The versions of the document's units, of all days, in order."""
    return versions_in(ProvisionVersion.objects.filter(provision__document=document))


def versions_in(rows: QuerySet[ProvisionVersion]) -> list[VersionText]:
    """These versions in the order of the document, without model instances."""
    return [VersionText(*each) for each in rows.order_by("provision__position", "valid_from").values_list(*_COLUMNS)]


def _articles_with_headings(versions: Iterable[VersionText]) -> Iterator[tuple[list[VersionText], list[VersionText]]]:
    """The versions of each article and the units under it, with the versions of the headings above it.

    An annex, a form or a text without articles counts as an article.
    """
    rows: dict[int, list[VersionText]] = {}  # by provision, in order
    for version in versions:
        rows.setdefault(version.provision, []).append(version)
    top: dict[int | None, int] = {}  # by provision: the unit it belongs to
    above: dict[int | None, list[VersionText]] = {}  # by provision: the headings above it
    units: dict[int, list[VersionText]] = {}
    for pk, own in rows.items():
        parent, kind = own[0].parent, own[0].kind
        if kind in HEADING_KINDS:
            above[pk] = [*above.get(parent, []), *own]
            continue
        top[pk] = pk if kind == "article" or parent not in top else top[parent]
        units.setdefault(top[pk], []).extend(own)
    for unit in units.values():
        if unit[0].kind not in KINDS_WITHOUT_PASSAGE:
            yield unit, above.get(unit[0].parent, [])


def _unchanged_spans(units: Iterable[VersionText]) -> Iterator[tuple[datetime.date | None, datetime.date | None]]:
    """Spans of days [start, end) on which none of these versions changes; the first starts with None."""
    change_days = {day for version in units for day in (version.valid_from, version.valid_until)}
    starts: list[datetime.date | None] = [None, *sorted(day for day in change_days if day)]
    return zip(starts, [*starts[1:], None], strict=True)
