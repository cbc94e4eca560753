"""What a closed round publishes, so that anyone derives its papers and ranks again: see `verifying.py`."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from content.contest_papers import paper
from content.contest_results.models import ProofPart, Standing
from content.contests import papers, queries
from content.contests.models import Attempt, Round
from content.contests.services.freezing import hashed_content
from content.contests.states import RoundStatus
from content.errors import RuleBroken
from content.seals import services as seals
from content.vietnam_time import local_iso

CHUNK = 2_000


def round_proof(round: Round) -> dict[str, Any]:
    """The seed, the questions with their salts, and the rules of a closed round, or one cancelled after its beginning.

    Before that only `round_commitment` is public. Raises RuleBroken: "round_not_closed", "results_not_shown" (the rules
    show results later), "answers_still_secret" (a ranked round that is not closed asks a question of this one).
    """
    refuse_early(round)
    rows = round.questions.select_related("question").order_by("position")
    return round_commitment(round) | {
        "seed": bytes(round.seed).hex(),
        "ranking": list(round.contest.ranking),
        "score_policy": round.contest.score_policy,
        "is_ranked": round.status == RoundStatus.CLOSED and not round.is_practice,
        "turnout": round.turnout,
        "voided": sorted(papers.voided_positions(round)),
        "pool": [
            {
                "position": row.position,
                "section": row.section,
                "salt": bytes(row.salt).hex(),
                "hash": row.hash,
                "question": hashed_content(row.question),
            }
            for row in rows
        ],
    }


def refuse_early(round: Round) -> None:
    """Raise RuleBroken, as `round_proof` does, while the answers to the questions of the round are secret.

    Of a copy the proof is at its home: "results_not_shown".
    """
    if home := round.contest.home:
        raise RuleBroken("results_not_shown", _("The proof of this round is at %s.") % home)
    is_cancelled = queries.is_cancelled_with_attempts(round)
    if round.status != RoundStatus.CLOSED and not is_cancelled:
        raise RuleBroken("round_not_closed", _("The seed is published after the end of the round."))
    if not (round.shows_results or is_cancelled):
        raise RuleBroken("results_not_shown", _("The proof is published with the results."))
    if queries.keeps_answers_secret(round):
        message = _("Another round still asks some of these questions. The proof is published after its end.")
        raise RuleBroken("answers_still_secret", message)


def round_commitment(round: Round) -> dict[str, Any]:
    """What is published when a round is frozen: hashes, sizes, and the name of the algorithm."""
    return {
        "algorithm": paper.ALGORITHM,
        "contest": round.contest.key,
        "round": round.number,
        "seed_hash": round.seed_hash,
        "pool_hash": round.pool_hash,
        "pool_size": round.questions.count(),
        "sizes": [section["count"] for section in round.sections],
    }


def proof_lines(round: Round) -> Iterator[dict[str, Any]]:
    """A line for each submitted attempt of a closed round, by id. No reader, no answer. Raises as `round_proof`."""
    refuse_early(round)
    for chunk in _chunks(round):
        yield from chunk


def proof_file(round: Round) -> Iterator[bytes]:
    """proof.jsonl.gz in parts: those that the worker has stored, else packed now. Raises as `round_proof`, at once.

    Raises RuleBroken("proof_not_packed") for a large one that is not stored yet: a few that ask for it, each packed for
    minutes, would take all threads of the web server. Reading the parts raises ProofPart.DoesNotExist where the ranks
    are written again meanwhile.
    """
    refuse_early(round)
    stored = list(ProofPart.objects.filter(round=round).order_by("number").values_list("pk", flat=True))
    if stored:
        return (bytes(ProofPart.objects.get(pk=pk).content) for pk in stored)
    if not round.is_practice and round.attempts.filter(submitted_at__isnull=False)[CHUNK : CHUNK + 1].exists():
        raise RuleBroken("proof_not_packed", _("This file is being packed. Ask again in some minutes."))
    return packed_parts(round)


def packed_parts(round: Round) -> Iterator[bytes]:
    """The lines as gzipped JSON Lines, each part a gzip file of its own. The same lines give the same bytes."""
    empty = True
    for chunk in _chunks(round):
        empty = False
        yield gzip.compress(b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in chunk), mtime=0)
    if empty:
        yield gzip.compress(b"", mtime=0)


def _chunks(round: Round) -> Iterator[list[dict[str, Any]]]:
    attempts = round.attempts.filter(submitted_at__isnull=False).select_related("entry").defer("answers")
    last = 0
    while chunk := list(attempts.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        standings = Standing.objects.filter(round=round, attempt__in=chunk).values_list("attempt_id", "rank", "draw")
        ranked = {pk: (rank, draw) for pk, rank, draw in standings}
        yield [_line(attempt, *ranked.get(attempt.pk, (None, 0))) for attempt in chunk]
        last = chunk[-1].pk


def _line(attempt: Attempt, rank: int | None, draw: int) -> dict[str, Any]:
    return {
        "code": attempt.entry.code,
        "bracket": attempt.entry.bracket,
        "number": attempt.number,
        "nonce": bytes(attempt.nonce).hex(),
        "paper_hash": seals.read_claims(attempt.receipt)["paper_hash"],
        "correct": attempt.correct,
        "duration_ms": attempt.duration_ms,
        "prediction": attempt.prediction,
        "submitted_at": attempt.submitted_at and local_iso(attempt.submitted_at),
        "draw": draw,
        "rank": rank,
        "disqualified": attempt.entry.disqualified_at is not None,
        "receipt_hash": hashlib.sha256(attempt.receipt.encode()).hexdigest(),
    }
