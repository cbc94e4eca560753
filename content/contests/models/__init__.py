"""The tables of contests."""

from content.contests.models.attempts import Attempt, Disqualification, Entry
from content.contests.models.contests import Contest, Round, RoundQuestion
from content.contests.models.counts import GroupCount, ScoreCount, Standing

__all__ = [
    "Attempt",
    "Contest",
    "Disqualification",
    "Entry",
    "GroupCount",
    "Round",
    "RoundQuestion",
    "ScoreCount",
    "Standing",
]
