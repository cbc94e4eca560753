"""Sums of the counts, and fingerprints of what staff read before they decide."""

import hashlib
from typing import Any

from django.db.models import Sum

from content.contest_results.models import GroupCount, ScoreCount, WinnerIdentity
from content.contests.choices import GroupKind
from content.contests.models import Contest, Round


def contestant_count(contest: Contest | int, round: Round | int | None, **narrowed: Any) -> int:
    """How many contestants have a counted result: of a round, or with None of the whole contest; from the counts.

    `narrowed`: further conditions on `ScoreCount`, as `bracket=`.
    """
    counts = ScoreCount.objects.filter(contest=contest, round=round, **narrowed)
    return counts.aggregate(all=Sum("contestants"))["all"] or 0


def attempt_count(contest: Contest, round: Round | None) -> int:
    """How many attempts are counted, as `contestant_count`."""
    counts = GroupCount.objects.filter(contest=contest, round=round, kind=GroupKind.PROVINCE)
    return counts.aggregate(all=Sum("attempts"))["all"] or 0


def identity_fingerprint(identity: WinnerIdentity) -> str:
    """A fingerprint of what a person reads of a winner: what is said again has another."""
    return hashlib.sha256(f"{identity.pk}|{identity.given_at.isoformat()}".encode()).hexdigest()
