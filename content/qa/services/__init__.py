"""What may be done to questions, one verb each: by their askers, by staff, and by the day-book."""

from content.qa.services.answers import approve, confirm, keep, note_change, revise, send_back, start, submit, write
from content.qa.services.asking import add_detail, ask, forget_reader, refuse_reused, withdraw
from content.qa.services.calendar import remove_day, remove_rule, set_day, set_rule
from content.qa.services.handling import (
    assign,
    classify,
    erase_original,
    merge,
    read_original,
    redact,
    redirect,
    reject,
    return_for_detail,
    screen,
    take_down,
)
from content.qa.services.importing import take_in
from content.qa.services.moves import NotAllowed
from content.qa.services.opinions import claim_report, rate, report, resolve_report, unclaim_report, unrate

__all__ = [
    "NotAllowed",
    "add_detail",
    "approve",
    "ask",
    "assign",
    "claim_report",
    "classify",
    "confirm",
    "erase_original",
    "forget_reader",
    "keep",
    "merge",
    "note_change",
    "rate",
    "read_original",
    "redact",
    "redirect",
    "refuse_reused",
    "reject",
    "remove_day",
    "remove_rule",
    "report",
    "resolve_report",
    "return_for_detail",
    "revise",
    "screen",
    "send_back",
    "set_day",
    "set_rule",
    "start",
    "submit",
    "take_down",
    "take_in",
    "unclaim_report",
    "unrate",
    "withdraw",
    "write",
]
