"""Pack the proof files of closed rounds, in a job of its own: a large one takes minutes, and nobody waits for it."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from content.contest_results import proof
from content.contest_results.models import ProofPart
from content.contest_results.services import counting
from content.contests.models import Attempt, Contest, Round
from content.contests.states import ContestStatus, RoundStatus


def store_next_proof() -> bool:
    """Pack the proof file of a closed round that has none, so that no download derives any. Returns whether one was.

    A round whose file cannot be packed does not hold up the next: ExceptionGroup is raised at the end. Practice has no
    file: its attempts are erased after 30 days.
    """
    failures, is_stored = [], False
    for round in _rounds_without_proof():
        try:
            is_stored = store_proof(round)
        except Exception as failure:
            failures.append(failure)
        if is_stored:
            break
    if failures:
        raise ExceptionGroup("some rounds could not be packed", failures)
    return is_stored


@transaction.atomic
def store_proof(round: Round) -> bool:
    """Pack the file of a round, read with its contest before. Returns whether it is stored.

    The parts are seen once all are there. Only then the lock of the counts is taken, for a moment: the file is thrown
    away if ranks were written, or became stale, since the round was read.
    """
    for number, part in enumerate(proof.packed_parts(round)):
        ProofPart.objects.create(round=round, number=number, content=part)
    counting.hold_counts(round.contest)
    same = Contest.objects.filter(pk=round.contest_id, rank_version=round.contest.rank_version, ranks_stale=False)
    if not same.exists():
        transaction.set_rollback(True)
        return False
    return True


def _rounds_without_proof() -> QuerySet[Round]:
    submitted = Attempt.objects.filter(round=OuterRef("pk"), submitted_at__isnull=False)
    left_open = Attempt.objects.filter(round=OuterRef("pk"), submitted_at=None)  # until the worker has closed them
    is_over = Q(status=RoundStatus.CLOSED) | Q(contest__status=ContestStatus.CANCELLED)
    over = Round.objects.filter(is_over, Exists(submitted), ~Exists(left_open), is_practice=False, proof_parts=None)
    final = over.filter(contest__ranks_stale=False)  # the others are ranked again first
    return final.select_related("contest").order_by("closed_at")
