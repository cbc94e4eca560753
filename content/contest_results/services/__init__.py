"""The services of results: counting and closing for the worker, decisions of staff, winners, erasure."""

from content.contest_results.services.closing import (
    close_ended_rounds,
    erase_old_practice,
    finalise,
    open_begun_rounds,
    run_schedule,
    tell_contestants,
)
from content.contest_results.services.counting import rebuild, recount_marked, refresh_stale_ranks, settle, settle_all
from content.contest_results.services.erasure import (
    erase_contest_data_of,
    erase_words_left_behind,
    record_erased_winners,
)
from content.contest_results.services.fairness import (
    OBJECTION_TIME,
    confirm_void,
    decide_objection,
    disqualify,
    object_to_disqualification,
    propose_void,
    record_draw,
)
from content.contest_results.services.proofs import store_next_proof
from content.contest_results.services.results import propose_results, publish_results, return_results, turnout_of
from content.contest_results.services.winners import (
    ask_identity,
    erase_old_identities,
    give_identity,
    pass_over,
    publish_winner,
    read_identity,
    verify_winner,
    withdraw_naming,
)

__all__ = [
    "OBJECTION_TIME",
    "ask_identity",
    "close_ended_rounds",
    "confirm_void",
    "decide_objection",
    "disqualify",
    "erase_contest_data_of",
    "erase_old_identities",
    "erase_old_practice",
    "erase_words_left_behind",
    "finalise",
    "give_identity",
    "object_to_disqualification",
    "open_begun_rounds",
    "pass_over",
    "propose_results",
    "propose_void",
    "publish_results",
    "publish_winner",
    "read_identity",
    "rebuild",
    "record_draw",
    "record_erased_winners",
    "recount_marked",
    "refresh_stale_ranks",
    "return_results",
    "run_schedule",
    "settle",
    "settle_all",
    "store_next_proof",
    "tell_contestants",
    "turnout_of",
    "verify_winner",
    "withdraw_naming",
]
