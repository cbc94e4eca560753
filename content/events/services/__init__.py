"""What may be done to events, one verb each: by staff, by readers who come, and by the clock."""

from content.events.services.announcing import add_recording, announce, cancel, correct, move
from content.events.services.asking import ask_ahead
from content.events.services.calendars import drop_calendar, renew_calendar
from content.events.services.clock import HOURS, conclude, forget_who_came, remind
from content.events.services.planning import plan, revise
from content.events.services.seats import check_in, fill_all, forget_reader, read_registrations, register, unregister
from content.events.services.specimens import enter_specimen, remove_specimens
from content.events.services.steps import NotAllowed, facts_of, when_and_where

__all__ = [
    "HOURS",
    "NotAllowed",
    "add_recording",
    "announce",
    "ask_ahead",
    "cancel",
    "check_in",
    "conclude",
    "correct",
    "drop_calendar",
    "enter_specimen",
    "facts_of",
    "fill_all",
    "forget_reader",
    "forget_who_came",
    "move",
    "plan",
    "read_registrations",
    "register",
    "remind",
    "remove_specimens",
    "renew_calendar",
    "revise",
    "unregister",
    "when_and_where",
]
