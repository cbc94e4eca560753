"""The services of contests: for staff, for contestants, and for the worker."""

from content.contests.services.attempts import close_left_open, save, save_own, save_seconds, start, submit, submit_own
from content.contests.services.drafts import add_round, plan, remove_round, revise, revise_round
from content.contests.services.entries import anonymise_entries, enter, withdraw_entry
from content.contests.services.freezing import freeze, propose_freeze, return_round
from content.contests.services.lifecycle import announce, cancel, correct
from content.contests.services.reminders import remind_of_ends
from content.contests.services.samples import publish_sample_contest, remove_sample_contests
from content.contests.services.transitions import facts_of_contest, facts_of_round

__all__ = [
    "add_round", "announce", "anonymise_entries", "cancel", "close_left_open", "correct", "enter", "facts_of_contest",
    "facts_of_round", "freeze", "plan", "propose_freeze", "publish_sample_contest", "remind_of_ends", "remove_round",
    "remove_sample_contests", "return_round", "revise", "revise_round", "save", "save_own", "save_seconds", "start",
    "submit", "submit_own", "withdraw_entry",
]  # fmt: skip
