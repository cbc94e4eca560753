"""What the XML of documents is made of, read for many at once: the queries for one took longer than to write it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content import sql
from content.akn.metadata import Described
from content.akn.shown import ShownText
from content.akn.units import Period
from content.documents.models import Amendment, LegalDocument, ProvisionVersion
from content.permanent_addresses.paths import Scheme, described_path
from content.permanent_addresses.queries import current_paths


@dataclass(frozen=True)
class TextFacts:
    """The text of a document and what is told of it. `periods`: the days of each version, by its primary key."""

    shown: ShownText
    periods: Mapping[int, Period]
    described: Described


def text_facts(shown: Mapping[LegalDocument, ShownText], day: datetime.date) -> list[TextFacts]:
    """The facts of each document and its text on `day`. Five queries, however many there are."""
    ids = [document.pk for document in shown]
    units = [unit for text in shown.values() for unit in text.provisions]
    periods = _periods([each.version_pk for each in units if each.version_pk])
    amendments: dict[int, list[Amendment]] = defaultdict(list)
    applied = Amendment.objects.filter(document__in=ids, withdrawn_at=None).select_related("act")
    for each in applied.order_by("on", "pk"):
        amendments[each.document_id].append(each)
    targets = [link.document for text in shown.values() for links in text.links.values() for link in links]
    acts = [each.act for of_one in amendments.values() for each in of_one]
    paths = _paths({each.pk: each for each in [*acts, *targets, *shown]})
    eli, firsts = current_paths(ids, Scheme.ELI), _first_days(ids, day)
    return [
        TextFacts(
            text, {each.version_pk: periods[each.version_pk] for each in text.provisions if each.version_pk},
            Described(
                document, paths[document.pk], eli.get(document.pk), firsts.get(document.pk), amendments[document.pk],
                paths,
            ),
        )
        for document, text in shown.items()
    ]  # fmt: skip


def _periods(versions: Sequence[int]) -> dict[int, Period]:
    """{primary key of a version: its first day and the first day after it}."""
    found = ProvisionVersion.objects.filter(pk__in=sql.one_of(versions))
    rows: Any = found.values_list("pk", "valid_from", "valid_until")
    return {pk: (first, last) for pk, first, last in rows}


def _first_days(documents: Iterable[int], day: datetime.date) -> dict[int, datetime.date]:
    """{primary key of a document: the last day until `day` on which its text changed}; of the original texts none."""
    versions = ProvisionVersion.objects.filter(provision__document__in=documents)
    changed = versions.exclude(valid_from=None, valid_until=None).order_by()
    firsts: dict[int, datetime.date] = {}
    for document, *days in changed.values_list("provision__document", "valid_from", "valid_until").distinct():
        past = [each for each in (firsts.get(document), *days) if each and each <= day]
        if past:
            firsts[document] = max(past)
    return firsts


def _paths(documents: Mapping[int, LegalDocument]) -> dict[int, str]:
    stored = current_paths(documents)
    return {pk: stored.get(pk) or described_path(each) for pk, each in documents.items()}
