"""Mentions to show: what the words of a provision lead to on a day, and who cites a document."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from content import vietnam_time
from content.documents.models import LegalDocument, Provision
from content.mentions.models import Mention
from content.passages.models import Passage
from content.text import lexemes

TARGET_COLUMNS = [f"target__{name}" for name in ("key", "number", "title", "is_sample", "completeness")]  # of a link


@dataclass(frozen=True)
class Link:
    """Words of a text, text[start:end], and what they lead to. `eids`: those that the document has."""

    start: int
    end: int
    document: Any  # a LegalDocument, or what a link needs of it
    eids: tuple[str, ...]


def links_in(versions: Iterable[int]) -> dict[int, list[Link]]:
    """{primary key of a ProvisionVersion: its links, in order}. What is not public, or not one document, has none."""
    public = LegalDocument.Status.PUBLISHED
    mentions = Mention.objects.filter(version__in=versions, target__status=public).select_related("target")
    mentions = mentions.only("start", "end", "eids", "version_id", "target_id", *TARGET_COLUMNS)
    rows = list(mentions.annotate(own=F("version__provision__document")).order_by("version", "start"))
    asked = {eid for each in rows for eid in each.eids}
    targets = {each.target_id for each in rows}
    existing = set(Provision.objects.filter(document__in=targets, eid__in=asked).values_list("document", "eid"))
    links: dict[int, list[Link]] = {}
    for each in rows:
        eids = tuple(eid for eid in each.eids if (each.target_id, eid) in existing)
        leads_nowhere = bool(each.eids) and not eids and each.target_id == each.own
        if each.target and not leads_nowhere:
            links.setdefault(each.version_id, []).append(Link(each.start, each.end, each.target, eids))
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
