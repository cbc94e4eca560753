"""Keeping the passages of a document as its text stands. Every verb that changes a document's text ends here."""

import datetime
import hashlib
from dataclasses import dataclass

from content.documents import citations
from content.documents.models import ProvisionVersion
from content.documents.passages.models import Passage
from content.text import lexemes

FOLDING_VERSION = b"1"  # of another value every passage is made anew, see refold_search
HEADING_KINDS = ("part", "chapter", "section", "subsection")
KINDS_WITHOUT_PASSAGE = ("preamble", "conclusions", *HEADING_KINDS)
FIRST_DAY, LAST_DAY = datetime.date.min, datetime.date.max


@dataclass(frozen=True)
class PassageText:
    """What a passage is made from."""

    provision: int | None
    valid_from: datetime.date | None
    valid_until: datetime.date | None
    fields: tuple  # texts, as lexemes.FIELDS names them

    @property
    def digest(self):
        written = hashlib.blake2b(FOLDING_VERSION, digest_size=16)
        for part in (str(self.valid_until), *self.fields):
            written.update(part.encode() + b"\0")
        return written.digest()

    def passage(self, document):
        fields = _within_bounds([lexemes.words(text) for text in self.fields])
        return Passage(
            document=document,
            provision_id=self.provision,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            search_words=lexemes.tsvector_text(*fields),
            search_codes=lexemes.word_codes(*fields),
            digest=self.digest,
        )


def refresh_passages(document):
    """Make the passages those of the text as it now stands, on all its days; none where it is not published.

    Call it in the transaction that changes the document. What did not change is not written. Returns how many were.
    """
    if not document.is_published:
        return document.passages.all().delete()[0]
    texts = {(text.provision, text.valid_from): text for text in passage_texts(document)}
    standing = {
        (provision, valid_from): (pk, bytes(digest))
        for pk, provision, valid_from, digest in document.passages.values_list(
            "pk", "provision", "valid_from", "digest"
        )
    }
    same = {key for key, (_pk, digest) in standing.items() if key in texts and texts[key].digest == digest}
    document.passages.filter(pk__in=[pk for key, (pk, _digest) in standing.items() if key not in same]).delete()
    new = [text.passage(document) for key, text in texts.items() if key not in same]
    Passage.objects.bulk_create(new, batch_size=500)
    return len(new)


def _within_bounds(fields):
    """The words of a text far longer than any article are cut off at its end; its title comes before its body."""
    left, cut = lexemes.MAX_WORDS, []
    for field in fields:
        cut.append(field[:left])
        left -= len(cut[-1])
    return cut


def passage_texts(document):
    """The Texts its passages are made from, of all its days."""
    name = f"{citations.cite_by_number(document.doc_type, document.number)} {document.title}".strip()
    yield PassageText(None, None, None, ("", "", name, ""))
    for units, above in _articles_with_headings(document):
        own = units[0]
        for start, end in _unchanged_spans(units):
            standing = [version for _, version in units if _is_valid_on(version, start)]
            if not standing or standing[0].provision_id != own[0].pk:
                continue
            heads = " ".join(version.heading for version in above if _is_valid_on(version, start))
            body = "".join(version.text for version in standing)
            yield PassageText(own[0].pk, start, end, (name, heads, standing[0].heading, body))


def _articles_with_headings(document):
    """([(Provision, ProvisionVersion)] of each article and all under it, versions of the headings above it).

    An annex, a form or a text without articles stands in the place of an article.
    """
    rows = {}
    versions = ProvisionVersion.objects.filter(provision__document=document).select_related("provision")
    for version in versions.order_by("provision__position", "valid_from"):
        rows.setdefault(version.provision_id, (version.provision, []))[1].append(version)
    top, above = {}, {}  # of each provision: the unit it belongs to; the headings over it
    units = {}
    for pk, (provision, own) in rows.items():
        parent = provision.parent_id
        if provision.kind in HEADING_KINDS:
            above[pk] = [*above.get(parent, []), *own]
            continue
        top[pk] = pk if provision.kind == "article" or parent not in top else top[parent]
        units.setdefault(top[pk], []).extend((provision, version) for version in own)
    for pk, unit in units.items():
        if rows[pk][0].kind not in KINDS_WITHOUT_PASSAGE:
            yield unit, above.get(rows[pk][0].parent_id, [])


def _unchanged_spans(units):
    """The spans of days on which nothing in them changes, the first from None on; [start, end)."""
    turns = {day for _, version in units for day in (version.valid_from, version.valid_until)} - {None}
    starts = [None, *sorted(turns)]
    return zip(starts, [*starts[1:], None], strict=True)


def _is_valid_on(version, day):
    return (version.valid_from or FIRST_DAY) <= (day or FIRST_DAY) < (version.valid_until or LAST_DAY)
