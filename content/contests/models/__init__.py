"""The tables of contests."""

from content.contests.models.attempts import Attempt, Entry
from content.contests.models.contests import Contest, Round, RoundQuestion

__all__ = ["Attempt", "Contest", "Entry", "Round", "RoundQuestion"]
