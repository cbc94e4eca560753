"""What may be done to questions, one verb each: by their askers, by staff, and by the day-book."""

from content.qa.services.answers import approve, confirm, note_change, revise, send_back, start, submit, write
from content.qa.services.asking import TooManyQuestions, add_detail, ask, forget_reader, rate, report, withdraw
from content.qa.services.handling import (
    assign,
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
from content.qa.services.reports import claim_report, resolve_report

__all__ = [
    "TooManyQuestions",
    "add_detail",
    "approve",
    "ask",
    "assign",
    "claim_report",
    "confirm",
    "erase_original",
    "forget_reader",
    "merge",
    "note_change",
    "rate",
    "read_original",
    "redact",
    "redirect",
    "reject",
    "report",
    "resolve_report",
    "return_for_detail",
    "revise",
    "screen",
    "send_back",
    "start",
    "submit",
    "take_down",
    "withdraw",
    "write",
]
