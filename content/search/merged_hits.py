"""One order for the ranked results of all kinds: what is in force on the day first."""

import datetime
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from content.documents.effect import EffectStatus
from content.documents.facets import DocumentFacets, facets_on
from content.search.match.candidates import PassageKeys
from content.search.models import PASSAGE_KINDS, ResultKind
from content.search.rank.bm25 import WordCounts
from content.search.rank.result_order import (
    CandidatePool,
    RankedCandidate,
    put_first_in_group,
    rank_candidates,
    same_article_groups,
)
from content.search.results import Hit
from content.search.unit_statuses import statuses_of_parts

BINDING_STATUSES = (EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED)
Statuses = Mapping[PassageKeys, EffectStatus | None]  # of what passages belong to; None: no effect of its own


def merged_hits(
    pools: Mapping[ResultKind, CandidatePool], named: Sequence[Hit], day: datetime.date, *, in_force_first: bool
) -> list[Hit]:
    """The ranked hits of all kinds in one order, without those that are named."""
    passages = {keys for pool in pools.values() for keys in pool.candidates.passages}
    facts = facets_on(day, {keys.document for keys in passages})
    statuses = _statuses(passages, facts, day) if in_force_first else {}
    merged: list[tuple[float, bool, Hit]] = []  # (score to merge by, whether it is law that does not bind, hit)
    for kind, pool in pools.items():
        ranked = rank_candidates(pool, use_trees=kind == ResultKind.PROVISION)
        if kind not in PASSAGE_KINDS:
            merged += [(each.score, False, Hit(kind, each.score, pk=each.pk)) for each in ranked]
            continue
        keys_of = dict(zip(pool.candidates.ids, pool.candidates.passages, strict=True))
        ranked = [each for each in ranked if keys_of[each.pk].document in facts]
        if kind == ResultKind.PROVISION and in_force_first:
            ranked = _put_in_force_first(ranked, pool.counts, keys_of, statuses)
        scored = _passage_hits(kind, ranked, keys_of, facts)
        are_behind = [_is_not_in_force(statuses.get(keys_of[each.pk])) for each in ranked]
        merged += [(score, behind, hit) for behind, (score, hit) in zip(are_behind, scored, strict=True)]
    taken = {(hit.facts.pk, hit.pk) for hit in named if hit.facts}
    merged.sort(key=lambda row: (row[1], -row[0]))  # stable: equal scores keep their order
    return [hit for *_, hit in merged if not hit.facts or (hit.facts.pk, hit.pk) not in taken]


def _statuses(passages: set[PassageKeys], facts: Mapping[int, DocumentFacets], day: datetime.date) -> Statuses:
    """The status of each provision on the day, and of each document whose name is a passage."""
    parts = statuses_of_parts(passages, day)
    of_documents = {keys: facts[keys.document].status for keys in passages if keys.document in facts}
    return {
        keys: parts.get(keys.provision, status) if keys.provision else status for keys, status in of_documents.items()
    }


def _is_not_in_force(status: EffectStatus | None) -> bool:
    """Whether law of that status is not in force, or nobody knows it to be. None: it has no effect of its own."""
    return status is not None and status not in BINDING_STATUSES


def _passage_hits(
    kind: ResultKind,
    ranked: Sequence[RankedCandidate],
    keys_of: Mapping[int, PassageKeys],
    facts: Mapping[int, DocumentFacets],
) -> Iterator[tuple[float, Hit]]:
    """(score to merge by, hit) in order. That score never rises, so that an act in force stays first."""
    hits: dict[int, Hit] = {}
    least = np.inf
    for each in ranked:
        least = min(least, each.score)
        keys = keys_of[each.pk]
        hits[each.pk] = Hit(kind, each.score, facts[keys.document], keys.provision)
        yield least, hits[each.pk]
    for each in ranked:
        hits[each.pk].same_as = hits.get(each.preferred_pk) if each.preferred_pk is not None else None


def _put_in_force_first(
    ranked: list[RankedCandidate],
    counts: WordCounts,
    keys_of: Mapping[int, PassageKeys],
    statuses: Statuses,
) -> list[RankedCandidate]:
    """Of one article in several acts, list those in force first."""
    document_of = {pk: keys.document for pk, keys in keys_of.items()}
    for group in list(same_article_groups(ranked, counts, document_of)):
        binding = {each.pk for each in group if statuses[keys_of[each.pk]] in BINDING_STATUSES}
        ranked = put_first_in_group(ranked, group, binding)
    return ranked
