"""The tables of results: what is counted, who was disqualified, who won."""

from content.contest_results.models.counts import GroupCount, ScoreCount, Standing
from content.contest_results.models.disqualifications import Disqualification
from content.contest_results.models.proofs import ProofPart
from content.contest_results.models.winners import Winner, WinnerIdentity

__all__ = ["Disqualification", "GroupCount", "ProofPart", "ScoreCount", "Standing", "Winner", "WinnerIdentity"]
