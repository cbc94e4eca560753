"""The services of events: for staff, for readers who register, and for the scheduler."""

from content.events.services.advance_questions import ask_advance_question
from content.events.services.calendars import delete_calendar, renew_calendar
from content.events.services.drafts import plan, revise
from content.events.services.lifecycle import add_recording, announce, cancel, correct, move
from content.events.services.samples import publish_sample_event, remove_sample_events
from content.events.services.scheduled import (
    REMINDER_HOURS,
    conclude_ended_events,
    erase_old_registrations,
    events_with_old_registrations,
    record_reminders,
)
from content.events.services.seats import (
    assign_all_free_seats,
    check_in,
    erase_registrations_of,
    read_registrations,
    register,
    unregister,
)
from content.events.services.transitions import facts_of_event, time_and_place

__all__ = [
    "REMINDER_HOURS",
    "add_recording",
    "announce",
    "ask_advance_question",
    "assign_all_free_seats",
    "cancel",
    "check_in",
    "conclude_ended_events",
    "correct",
    "delete_calendar",
    "erase_old_registrations",
    "erase_registrations_of",
    "events_with_old_registrations",
    "facts_of_event",
    "move",
    "plan",
    "publish_sample_event",
    "read_registrations",
    "record_reminders",
    "register",
    "remove_sample_events",
    "renew_calendar",
    "revise",
    "time_and_place",
    "unregister",
]
