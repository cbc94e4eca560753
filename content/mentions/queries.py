"""Mentions to show: what the words of a provision lead to on a day, and who cites a document."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet

from content import sql, vietnam_time
from content.documents.models import LegalDocument, Provision
from content.mentions.models import Mention
from content.passages.models import Passage
from content.text import lexemes

_SHOWN_OF_TARGET = {"id", "key", "number", "title", "is_sample", "completeness"}  # what a link needs
_TARGET_NAMES = [field.attname for field in LegalDocument._meta.concrete_fields if field.attname in _SHOWN_OF_TARGET]
_TARGET_COLUMNS = [f"target__{name}" for name in _TARGET_NAMES]


@dataclass(frozen=True)
class Link:
    """Words of a text, text[start:end], and what they lead to. `eids`: those that the document has."""

    start: int
    end: int
    document: Any  # a LegalDocument, or what a link needs of it
    eids: tuple[str, ...]


def links_in(versions: Iterable[int]) -> dict[int, list[Link]]:
    """{primary key of a ProvisionVersion: its links, in order}. What is not public, or not one document, has none."""
    found = Mention.objects.filter(version__in=sql.one_of(versions), target__status=LegalDocument.Status.PUBLISHED)
    asked = ("version_id", "start", "end", "eids", "version__provision__document")
    rows: list[Any] = list(found.order_by("version", "start").values_list(*asked, *_TARGET_COLUMNS))
    targets: dict[int, LegalDocument] = {}  # one instance of each, however often it is named
    for _version, _start, _end, _eids, _own, *target in rows:
        if target[0] not in targets:
            targets[target[0]] = LegalDocument.from_db(DEFAULT_DB_ALIAS, _TARGET_NAMES, target)
    named = {eid for row in rows for eid in row[3]}
    existing = set(Provision.objects.filter(document__in=targets, eid__in=named).values_list("document", "eid"))
    links: dict[int, list[Link]] = {}
    for version, start, end, said, own, target_id, *_shown in rows:
        eids = tuple(eid for eid in said if (target_id, eid) in existing)
        leads_nowhere = bool(said) and not eids and target_id == own
        if not leads_nowhere:
            links.setdefault(version, []).append(Link(start, end, targets[target_id], eids))
    return links


def articles_that_say(words: str) -> list[tuple[int, str]]:
    """[(primary key of the document, eid)] of each article, or text without one, that says these words in a row.

    The index compares pairs of neighbours without accents, so a few more may be found. At least two words.
    """
    pairs = lexemes.bigrams(lexemes.words(words))
    asked = " & ".join(f"'{pair}'" for pair in pairs)
    found = Passage.objects.exclude(provision=None).extra(where=["search_words @@ %s::tsquery"], params=[asked])
    return list(found.order_by("document", "provision").values_list("document", "provision__eid").distinct())


def mentions_of(document: LegalDocument, eid: str = "") -> QuerySet[Mention]:
    """Mentions of the document, or of a unit and of what is under it, in public texts that have not ended."""
    found = Mention.objects.filter(target=document, version__provision__document__status=LegalDocument.Status.PUBLISHED)
    found = found.filter(Q(version__valid_until=None) | Q(version__valid_until__gt=vietnam_time.today()))
    if eid:
        under = Provision.objects.filter(document=document, eid__startswith=f"{eid}__").values_list("eid", flat=True)
        found = found.filter(eids__overlap=[eid, *under])
    return found.select_related("version__provision__document")


def citing_documents(document: LegalDocument, eid: str, limit: int) -> list[LegalDocument]:
    """Other public documents that mention the unit, or what is under it, newest first; at most `limit`."""
    citing = mentions_of(document, eid).exclude(version__provision__document=document)
    pks = citing.order_by().values("version__provision__document")
    return list(LegalDocument.objects.filter(pk__in=pks).order_by("-list_order")[:limit])
