"""Stores what the texts of documents mention. Every service that changes the text of a document refreshes it."""

import datetime
import operator
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr

from content import sql
from content.documents.effect import effect_of
from content.documents.models import LegalDocument, ProvisionVersion
from content.law import official_numbers
from content.law.doc_types import TYPE_NAMES, TYPES_CITED_BY_NAME
from content.law.document_names import NamedDocument, named_documents
from content.law.document_references import DocumentReference, plain_text
from content.law.eids import SEPARATOR, eid_lineage, eid_of_path
from content.law.known_names import KnownNames
from content.law.mentions import Mention as ReadMention
from content.mentions import keys, queries, resolver
from content.mentions.amended_words import mentions_of_the_act
from content.mentions.models import Mention, MentionCorrection
from content.mentions.names import LawNames, law_name, law_names
from content.mentions.readings import mentions_in
from content.named_documents import territory
from content.passages import services as passages
from content.passages.services import VersionText
from content.relations import queries as relations

WRITTEN_AT_ONCE = 1_000
FACTS = ("end", "target_id", "target_key", "read_on", "eids", "is_corrected")  # what a reading says of a mention

# What an act says inside such an article is about the law that it amends (`amended_words`).
_MAY_AMEND = ("ửa đổi", "ổ sung", "ãi bỏ", "hay ", "ỏ ")  # one of them is in what `_AMENDS` finds
_AMENDS = re.compile(r"(?:[Ss]ửa đổi|[Bb]ổ sung|[Bb]ãi bỏ|[Tt]hay (?:thế )?(?:cụm )?từ|[Bb]ỏ (?:cụm )?từ)(?!\w)")


def refresh_texts(document: LegalDocument) -> None:
    """Store again what is derived from the text: passages for search, and mentions. Call it as `refresh_mentions`."""
    versions = passages.stored_versions(document) if document.is_published else []
    passages.refresh_passages(document, versions)
    _refresh_mentions_in(document, versions)


def refresh_mentions(document: LegalDocument, articles: Collection[str] | None = None) -> int:
    """Make the mentions those of the current text, on all days; none for a document that is not published.

    `articles`: eids; then only those of these units, and of what is under them. Call it in the transaction that changes
    the document. Unchanged mentions are not written. Returns how many were.
    """
    versions = ProvisionVersion.objects.filter(provision__document=document)
    if articles is not None:
        versions = versions.filter(_at_or_under("provision__eid", articles))
    return _refresh_mentions_in(document, passages.versions_in(versions) if document.is_published else [])


def _refresh_mentions_in(document: LegalDocument, versions: Sequence[VersionText]) -> int:
    """As `refresh_mentions`, in these versions of the document."""
    if not document.is_published:
        return Mention.objects.filter(version__provision__document=document).delete()[0]
    found = {(each.version_id, each.start): each for each in _mentions_in(document, versions, law_names())}
    of_versions = Mention.objects.filter(version__in=sql.one_of(each.pk for each in versions))
    stored = {(each.version_id, each.start): each for each in of_versions}
    Mention.objects.filter(pk__in=[each.pk for place, each in stored.items() if place not in found]).delete()
    new, changed = [], []
    for place, each in found.items():
        if place not in stored:
            new.append(each)
        elif _facts(each) != _facts(stored[place]):
            each.pk = stored[place].pk  # its row stays, and with it the address of its page
            changed.append(each)
    Mention.objects.bulk_create(new, batch_size=WRITTEN_AT_ONCE, ignore_conflicts=True)  # who else reads it finds them
    Mention.objects.bulk_update(changed, FACTS, batch_size=WRITTEN_AT_ONCE)
    return len(new) + len(changed)


def write_first_mentions(texts: Mapping[LegalDocument, Sequence[ProvisionVersion]]) -> int:
    """Write the mentions of published documents that the caller's transaction made, from their versions.

    `texts`: the stored versions of each, with their provisions, in order. Their status events and doubts are fetched.
    As `refresh_mentions` for one after the other: one that comes later is no target yet, `fill_mentions_of_all` points
    to it. Returns how many were written.
    """
    names = law_names()
    read = {
        document: _read_all(list(map(passages.version_of, versions)), names) for document, versions in texts.items()
    }
    numbered = _documents_of_numbers({key for found in read.values() for key in _keys_of_numbers(found)})
    later = {document.pk for document in texts}
    new: dict[tuple[int, int], Mention] = {}
    for document, found in read.items():
        later.discard(document.pk)
        here = {key: [each for each in rows if each.pk not in later] for key, rows in numbered.items()}
        finder = _TargetFinder(document, names, here)
        stored = (finder.stored(version, each) for version, each in found)
        new |= {(each.version_id, each.start): each for each in stored if each}
    sql.copy_rows(list(new.values()))
    return len(new)


def _at_or_under(column: str, eids: Collection[str]) -> Q:
    under = [Q(**{f"{column}__startswith": f"{eid}{SEPARATOR}"}) for eid in eids]
    return reduce(operator.or_, under, Q(**{f"{column}__in": eids}))


def read_name_again(document: LegalDocument) -> int:
    """Read again the articles that say the name of a law: where the name ends is known only since the law is public.

    Before, «Luật Đầu tư công» may have been read as «Luật Đầu tư», or not at all. Call it outside a transaction: each
    document has its own. Returns how many mentions changed.
    """
    if document.doc_type not in TYPES_CITED_BY_NAME or not (name := law_name(document)):
        return 0
    articles: dict[int, list[str]] = {}
    for pk, eid in queries.articles_that_say(f"{TYPE_NAMES[document.doc_type]} {name}"):
        articles.setdefault(pk, []).append(eid)
    return sum(_refresh_articles(pk, articles[pk]) for pk in sorted(articles))


@transaction.atomic
def _refresh_articles(pk: int, articles: Collection[str]) -> int:
    """Refresh these articles of a document. It is locked: an import or a correction of a mention waits, or is read."""
    document = LegalDocument.objects.select_for_update(no_key=True).filter(pk=pk).first()
    return refresh_mentions(document, articles) if document else 0


def fill_mentions_of(document: LegalDocument) -> int:
    """Point mentions that may mean this document to the one that fits, or to none. Returns how many changed.

    Call it when a document is published or withdrawn, and when its number, name, days of issue or effect change.
    """
    return sum(_fill_mentions_with(key, document) for key in sorted(keys.keys_of(document)))


def _fill_mentions_with(key: str, document: LegalDocument) -> int:
    named = Mention.objects.filter(target_key=key)
    if keys.is_name_alone(key):
        return _point_names(named, document)
    year = keys.year_of_name(key)
    return _point_years(named, document, year) if year else _point_numbers(named, document)


def fill_mentions_of_all(documents: Sequence[LegalDocument]) -> int:
    """As `fill_mentions_of`, for several. One query where no text names any of them. Returns how many changed.

    Key after key, as for one: two that run at the same moment lock the rows in the same order.
    """
    of_keys = {document: keys.keys_of(document) for document in documents}
    named = Mention.objects.filter(target_key__in=set().union(*of_keys.values())).order_by()
    found: dict[str, set[int]] = {}
    for key, pk in named.values_list("target_key", "version__provision__document").distinct():
        found.setdefault(key, set()).add(pk)
    return sum(
        _fill_mentions_with(key, document)
        for key in sorted(found)
        for document, own in of_keys.items()
        if key in own and (keys.is_name(key) or found[key] - {document.pk})
    )


def _point_years(named: QuerySet[Mention], document: LegalDocument, year: int) -> int:
    """Point mentions of a name and its year, without a target, to the one document that has them."""
    waiting = named.exclude(target__status=LegalDocument.Status.PUBLISHED)  # none, or one that was withdrawn
    target = _only_one_of_name(document, year) if waiting.exists() else None
    return waiting.update(target=target) if target else 0


def _point_numbers(named: QuerySet[Mention], document: LegalDocument) -> int:
    """Point mentions of a number to the one document that their words fit, or to none: «Nghị quyết 26/2008/QH12»."""
    fitting = _documents_of_numbers({document.number_key}).get(document.number_key, [])
    elsewhere = named.exclude(version__provision__document=document).annotate(
        words=Substr("version__text", F("start") + 1, F("end") - F("start"))
    )
    changed: dict[int | None, list[int]] = {}
    for mention in elsewhere.select_related("version__provision__document").defer("version__text"):
        reference = _reference_in(mention.words, document)
        target = _only_fitting(reference, fitting, mention.version.provision.document)
        if mention.target_id != target:
            changed.setdefault(target, []).append(mention.pk)
    # one that a person sets right meanwhile has no key any more, and stays as it is
    return sum(named.filter(pk__in=pks).update(target=target) for target, pks in changed.items())


def _reference_in(words: str, document: LegalDocument) -> DocumentReference:
    """The number of the document as the words of a mention say it. In a list they may hold a part of it."""
    for found in named_documents(plain_text(words), KnownNames()):
        if official_numbers.number_key(found.number) == document.number_key:
            return keys.reference_of(found)
    return DocumentReference("", "", document.number, None, document.issued_on, 0, len(words))


def _only_fitting(reference: DocumentReference, found: Iterable[LegalDocument], actor: LegalDocument) -> int | None:
    fitting = [each.pk for each in relations.documents_fitting(reference, found, actor)]
    return fitting[0] if len(fitting) == 1 else None


def _documents_of_numbers(number_keys: Collection[str]) -> dict[str, list[LegalDocument]]:
    """{key of a number: public documents that have it}."""
    found: dict[str, list[LegalDocument]] = {}
    public = LegalDocument.Status.PUBLISHED
    documents = LegalDocument.objects.select_related(*territory.PLACES)
    for each in documents.filter(number_key__in=number_keys, status=public):
        found.setdefault(each.number_key, []).append(each)
    return found


def _point_names(named: QuerySet[Mention], document: LegalDocument) -> int:
    """Point mentions of a name alone to the one law of that name in force on their day."""
    days = list(named.order_by().values_list("read_on", flat=True).distinct())
    if not days:  # no text says the name: most laws
        return 0
    names, name = law_names(), law_name(document)
    changed = 0
    for day in days:
        target = names.law_in_force(document.doc_type, name, day) if day else None
        of_day = named.filter(read_on=day)
        differ = of_day.exclude(target=target) | of_day.filter(target=None) if target else of_day.exclude(target=None)
        changed += differ.update(target=target)
    return changed


def _only_one_of_name(document: LegalDocument, year: int) -> int | None:
    """The primary key of the one public law of the document's name and that year."""
    laws = [law for law in law_names().laws_named(document.doc_type, law_name(document)) if law.year == year]
    return laws[0].pk if len(laws) == 1 else None


def _facts(mention: Mention) -> list[Any]:
    return [getattr(mention, name) for name in FACTS]


def _mentions_in(document: LegalDocument, versions: Sequence[VersionText], names: LawNames) -> Iterator[Mention]:
    read = _read_all(versions, names)
    finder = _TargetFinder(document, names, _documents_of_numbers(_keys_of_numbers(read)))
    corrections = {(each.eid, each.words): each for each in MentionCorrection.objects.filter(document=document)}
    for version, each in read:
        mention = finder.stored(version, each)
        correction = corrections.get((version.eid, version.text[each.start : each.end]))
        if mention and correction:
            mention.target_key, mention.is_corrected = "", True  # no document that arrives later changes it
            mention.target_id, mention.eids = correction.target_id, correction.eids
        if mention:
            yield mention


def _read_all(versions: Sequence[VersionText], names: LawNames) -> list[tuple[VersionText, ReadMention]]:
    """What the texts of one document mention, in order."""
    amending = _amending_articles(versions)
    return [
        (version, each)
        for version in versions
        for each in _read_in(version, names, amends=eid_lineage(version.eid)[0] in amending)
        if not _is_own_name(version, each)
    ]


def _keys_of_numbers(read: Iterable[tuple[VersionText, ReadMention]]) -> set[str]:
    return {keys.reference_of(each.document).key for _, each in read if each.document and each.document.number}


class _TargetFinder:
    """Makes rows of the mentions in one document."""

    def __init__(
        self, document: LegalDocument, names: LawNames, numbered: Mapping[str, Sequence[LegalDocument]]
    ) -> None:
        self._document = document
        self._names = names
        self._numbered = numbered
        self._own_keys = {key for key in keys.keys_of(document) if not keys.is_name_alone(key)}
        self._first_day = effect_of(document, datetime.date.max).effective_on or document.issued_on

    def stored(self, version: VersionText, read: ReadMention) -> Mention | None:
        """The row for a mention; None where there is nothing that a reader could follow: «Luật này»."""
        named = read.document
        mention = Mention(
            version_id=version.pk, start=read.start, end=read.end, read_on=version.valid_from or self._first_day
        )
        if named is None or named.is_this:
            if named and named.doc_type and named.doc_type != self._document.doc_type:
                return None  # «Quyết định này» in a law is the decision of a court
            mention.target_id = self._document.pk
            mention.eids = resolver.eids_of(read, resolver.Context(self._document, version.eid))
            return mention if mention.eids else None
        mention.target_key = keys.key_of(named)
        if not mention.target_key or not (named.is_known or named.year):
            return None  # of a name that no law here bears, the end is not certain: see `read_name_again`
        mention.eids = resolver.eids_of(read, None)
        mention.target_id = self._target(named, mention)
        return mention if mention.eids or mention.target_id != self._document.pk else None

    def _target(self, named: NamedDocument, mention: Mention) -> int | None:
        if mention.target_key in self._own_keys:
            return self._document.pk
        if keys.is_name_alone(mention.target_key) and named.is_known:
            day = mention.read_on
            return self._names.law_in_force(named.doc_type, named.name, day) if day else None
        if not named.number:
            laws = [law for law in self._names.laws_named(named.doc_type, named.name) if law.year == named.year]
            return laws[0].pk if len(laws) == 1 else None
        reference = keys.reference_of(named)
        return _only_fitting(reference, self._numbered.get(reference.key, ()), self._document)


def _read_in(version: VersionText, names: LawNames, *, amends: bool) -> list[ReadMention]:
    found = mentions_in(version.text, names.known)
    return mentions_of_the_act(version.text, found) if amends else found


def _is_own_name(version: VersionText, read: ReadMention) -> bool:
    """Whether the words are the mark with which the unit begins, «Điều 5.», or a title in capitals."""
    if read.document is None and read.start == 0 and len(read.units) == 1:
        own = eid_of_path(read.units[0])  # «Mục 4.» of chapter IV does not name the chapter
        if f"{SEPARATOR}{version.eid}".endswith(f"{SEPARATOR}{own}"):
            return True
    return version.text[read.start : read.end].isupper()


def _amending_articles(versions: Iterable[VersionText]) -> set[str]:
    """The eids of articles that amend other documents."""
    opened: dict[str, str] = {}
    for version in versions:
        article = eid_lineage(version.eid)[0]
        opened[article] = opened.get(article, "") + f"{version.heading} {version.text[:200]} "
    return {eid for eid, words in opened.items() if eid.startswith("art_") and _says_that_it_amends(words)}


def _says_that_it_amends(words: str) -> bool:
    return any(each in words for each in _MAY_AMEND) and _AMENDS.search(words) is not None
