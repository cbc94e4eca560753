"""Messages about contests, in Vietnamese and English. Titles stay Vietnamese; times are Vietnam time."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes.event_types import EventType
from content.changes.models import Change
from content.clock_times import end_in_words, start_in_words
from content.contests import queries
from content.law.page_paths import contest_path
from notifications.follows.models import NotificationType
from notifications.messages.message_text import MessageText

NOTIFICATION_TYPES: Mapping[str, NotificationType] = {  # event type → which followers are notified
    EventType.CONTEST_ANNOUNCED: NotificationType.CONTEST,
    EventType.CONTEST_CORRECTED: NotificationType.CONTEST,  # only of other times
    EventType.CONTEST_CANCELLED: NotificationType.CONTEST,
    EventType.CONTEST_ROUND_OPENED: NotificationType.REMINDER,
    EventType.CONTEST_ROUND_ENDS_SOON: NotificationType.REMINDER,
    EventType.CONTEST_QUESTION_VOIDED: NotificationType.CONTEST,
    EventType.CONTEST_RESULTS_PUBLISHED: NotificationType.CONTEST,
    EventType.CONTEST_RESULT_GIVEN: NotificationType.CONTEST,  # this and the next two: only the contestant
    EventType.CONTEST_IDENTITY_ASKED: NotificationType.CONTEST,
    EventType.CONTEST_DISQUALIFIED: NotificationType.CONTEST,
}
OWN_PATHS = {EventType.CONTEST_RESULT_GIVEN: "standing"}  # other private news: the entry
STALE_AFTER_END = {EventType.CONTEST_ROUND_OPENED, EventType.CONTEST_ROUND_ENDS_SOON}  # of the round
TELLING_TIMES = {EventType.CONTEST_ANNOUNCED, EventType.CONTEST_CORRECTED}  # of all rounds

Facts = Mapping[str, Any]  # Change.facts of a contest: title, rounds, round …


def full_text(change: Change, language: str, title: str | None = None) -> MessageText:
    """The text for a `contest.*` change. A public change contains the title; for a private one it is looked up."""
    with override(language):
        if change.reader_id:
            title = title or queries.public_titles_by_key([change.subject]).get(change.subject)
            return MessageText(title or _("A contest"), _own_body(change))
        return MessageText(change.facts.get("title") or _("A contest"), _BODY_BUILDERS[change.event_type](change.facts))


def lock_screen_text(change: Change, language: str) -> MessageText:
    """The text for a lock screen: it says neither which contest it is nor what became of the contestant."""
    with override(language):
        return MessageText(_("Your contest"), _("There is news for you. Tap to read."))


def link_path(change: Change) -> str:
    """The path of the contest; for a contestant, that of their rank or entry."""
    address = f"/api/v1/contests/{change.subject}"
    return f"{address}/{OWN_PATHS.get(EventType(change.event_type), 'entry')}" if change.reader_id else address


def page_path(change: Change) -> str:
    """The path of the contest's page."""
    return contest_path(change.subject)


def relevant_until(change: Change) -> datetime.datetime | None:
    """The end of the round that is told about; of a contest, the end of its last ranked round; else None."""
    rounds = _competing_rounds(change.facts)
    if change.event_type in STALE_AFTER_END:
        rounds = [_told_round(change.facts)]
    elif change.event_type not in TELLING_TIMES:
        return None
    return max((datetime.datetime.fromisoformat(each["ends_at"]) for each in rounds), default=None)


def _own_body(change: Change) -> str:
    return {
        EventType.CONTEST_RESULT_GIVEN: _("Your result is there. Tap to see it."),
        EventType.CONTEST_IDENTITY_ASKED: _("You may get a prize. Tap to say who you are."),
        EventType.CONTEST_DISQUALIFIED: _("You were taken out of the ranking. Tap for the reason; you may object."),
    }[EventType(change.event_type)]


def _announced_body(facts: Facts) -> str:
    if not facts.get("rounds"):
        return _("A new contest. Tap for more.")
    return _("A new contest: from %(start)s to %(end)s. Tap for more.") % _times_of_all(facts)


def _corrected_body(facts: Facts) -> str:
    return _("The rounds have other times: from %(start)s to %(end)s. Tap for more.") % _times_of_all(facts)


def _cancelled_body(facts: Facts) -> str:
    reason: str = facts.get("reason", "")
    return _("Cancelled: %s") % reason


def _opened_body(facts: Facts) -> str:
    values = {"number": facts["round"], "end": _end(_told_round(facts))}
    if "origin" in facts:  # of a copy: contestants take part at its home
        return _("Round %(number)d is open until %(end)s. Tap to see where to take part.") % values
    return _("Round %(number)d is open until %(end)s. Tap to take part.") % values


def _ends_soon_body(facts: Facts) -> str:
    values = {"number": facts["round"], "end": _end(_told_round(facts))}
    return _("Round %(number)d ends within a day: %(end)s.") % values


def _voided_body(facts: Facts) -> str:
    values = {"number": facts["round"], "reason": facts.get("reason", "")}
    return _("A question of round %(number)d counts for nobody: %(reason)s All results are counted again.") % values


def _results_body(_facts: Facts) -> str:
    return _("The results are published. Tap to see them.")


def _told_round(facts: Facts) -> dict[str, Any]:
    return next(each for each in facts["rounds"] if each["number"] == facts["round"])


def _competing_rounds(facts: Facts) -> list[dict[str, Any]]:
    """The ranked rounds; of a contest that has only practice, all."""
    rounds: list[dict[str, Any]] = facts.get("rounds", [])
    return [each for each in rounds if not each["is_practice"]] or rounds


def _times_of_all(facts: Facts) -> dict[str, str]:
    """The first start and the last end: rounds are numbered in the order in which they were added."""
    rounds = _competing_rounds(facts)
    first = min(rounds, key=lambda each: datetime.datetime.fromisoformat(each["starts_at"]))
    last = max(rounds, key=lambda each: datetime.datetime.fromisoformat(each["ends_at"]))
    return {"start": _start(first), "end": _end(last)}


def _start(round: Mapping[str, Any]) -> str:
    return start_in_words(datetime.datetime.fromisoformat(round["starts_at"]))


def _end(round: Mapping[str, Any]) -> str:
    return end_in_words(datetime.datetime.fromisoformat(round["ends_at"]))


_BODY_BUILDERS: dict[str, Callable[[Facts], str]] = {
    EventType.CONTEST_ANNOUNCED: _announced_body,
    EventType.CONTEST_CORRECTED: _corrected_body,
    EventType.CONTEST_CANCELLED: _cancelled_body,
    EventType.CONTEST_ROUND_OPENED: _opened_body,
    EventType.CONTEST_ROUND_ENDS_SOON: _ends_soon_body,
    EventType.CONTEST_QUESTION_VOIDED: _voided_body,
    EventType.CONTEST_RESULTS_PUBLISHED: _results_body,
}
