"""What a line of an official list means for one document: nothing, news, or a contradiction. Pure."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from content.documents.effect import (
    Effect,
    EffectStatus,
    StatusEventKind,
    StatusEventScope,
    effect_on,
)
from content.documents.models import LegalDocument, StatusEvent
from content.endings.models import EndingCase
from content.official_statuses.lines import StatusLine
from content.publishing.effect_statements import EVENT_OF_STATED_STATUS

_RUNNING = (EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED, EffectStatus.PARTLY_SUSPENDED, EffectStatus.UNKNOWN)
_MAY_HAVE_ENDED = (*_RUNNING, EffectStatus.SUSPENDED, EffectStatus.NO_LONGER_SUITABLE)


class LineOutcome(StrEnum):
    AGREES = "agrees"
    NEWS = "news"
    SETTLES = "settles"  # an open case: an act says so too
    CONFLICT = "conflict"
    OLDER = "older"  # a newer list of the same source is stored
    KNOWN = "known"  # this line was imported before
    NO_DOCUMENT = "no_document"
    SEVERAL = "several"  # more than one document fits
    ODD = "odd"  # the line cannot be read, or contradicts itself


@dataclass(frozen=True)
class StoredEffect:
    """What is stored about a document's effect when the line is compared with it."""

    events: Sequence[StatusEvent]
    cases: Sequence[EndingCase]  # about the end of the whole document: open and carried out
    newest_list: datetime.date | None = None  # `as_of` of the newest list of the same source


@dataclass
class Comparison:
    """What to do with a line. `ours` is the effect on the day of the list."""

    outcome: LineOutcome
    ours: Effect
    new_events: list[tuple[StatusEventKind, StatusEventScope, datetime.date | None]] = field(default_factory=list)
    superseded: list[StatusEvent] = field(default_factory=list)  # of an older list of the same source
    case: EndingCase | None = None  # to settle, or in conflict
    ends_on: datetime.date | None = None  # day on which the case to settle ends the document


def compare(line: StatusLine, stored: StoredEffect, *, source: str, as_of: datetime.date) -> Comparison:
    """Compare a line with what is stored. An event without a day in the list counts from `as_of`."""
    ours = effect_on(stored.events, as_of)
    if contradicts_itself(line, as_of):
        return Comparison(LineOutcome.ODD, ours)
    if stored.newest_list and as_of < stored.newest_list:
        return Comparison(LineOutcome.OLDER, ours)
    compared = _compare_days(line, stored, ours, as_of)
    if compared.outcome is not LineOutcome.CONFLICT:
        return compared
    own = [event for event in stored.events if event.cause == source and event.amendment_id is None]
    if not own or stored.newest_list is None or stored.newest_list == as_of:
        return compared
    others = [event for event in stored.events if event not in own]
    without = _compare_days(line, StoredEffect(others, stored.cases), effect_on(others, as_of), as_of)
    if without.outcome is LineOutcome.CONFLICT:
        return compared
    without.superseded, without.ours = own, ours
    without.outcome = LineOutcome.NEWS if without.outcome is LineOutcome.AGREES else without.outcome
    return without


def compare_document(
    document: LegalDocument, line: StatusLine, stored: StoredEffect, *, source: str, as_of: datetime.date
) -> Comparison:
    """As `compare`. Only its home changes a copy: what a list says otherwise is a conflict, and undoes nothing."""
    compared = compare(line, stored, source=source, as_of=as_of)
    if document.home and compared.outcome in (LineOutcome.NEWS, LineOutcome.SETTLES, LineOutcome.CONFLICT):
        return Comparison(LineOutcome.CONFLICT, compared.ours)
    return compared


def contradicts_itself(line: StatusLine, as_of: datetime.date) -> bool:
    """Whether status and days of the line cannot both be right on the day of the list."""
    if line.status == EffectStatus.NOT_YET_EFFECTIVE:
        return bool(line.effective_on and line.effective_on <= as_of)
    if line.effective_on and line.effective_on > as_of:
        return True
    if line.status == EffectStatus.EXPIRED:
        return bool(line.expires_on and line.expires_on > as_of)
    return bool(line.expires_on and line.expires_on <= as_of and line.status in _RUNNING)


def _compare_days(line: StatusLine, stored: StoredEffect, ours: Effect, as_of: datetime.date) -> Comparison:
    compared = _compare_status(line, stored, ours, as_of)
    if compared.outcome is LineOutcome.CONFLICT:
        return compared
    takes_effect, expires, whole = StatusEventKind.TAKES_EFFECT, StatusEventKind.EXPIRES, StatusEventScope.WHOLE
    if line.effective_on and ours.effective_on is None:
        compared.new_events.append((takes_effect, whole, line.effective_on))
    elif line.effective_on and line.effective_on != ours.effective_on:
        return Comparison(LineOutcome.CONFLICT, ours)
    if line.expires_on and ours.expires_on and line.expires_on != ours.expires_on:
        return Comparison(LineOutcome.CONFLICT, ours, case=_carried_out(stored, ours))
    is_new_end = line.expires_on and not ours.expires_on and line.status in (*_RUNNING, EffectStatus.EXPIRED)
    if is_new_end and compared.outcome is not LineOutcome.SETTLES:
        end = (expires, whole, line.expires_on)
        compared.new_events += [] if end in compared.new_events else [end]
    if compared.new_events and compared.outcome is LineOutcome.AGREES:
        compared.outcome = LineOutcome.NEWS
    return compared


def _compare_status(line: StatusLine, stored: StoredEffect, ours: Effect, as_of: datetime.date) -> Comparison:
    theirs = EffectStatus(line.status)
    if ours.status == theirs or (theirs, ours.status) == (EffectStatus.IN_FORCE, EffectStatus.PARTLY_EXPIRED):
        return Comparison(LineOutcome.AGREES, ours)  # a list without units hides no unit that we know
    if theirs == EffectStatus.UNKNOWN:
        return Comparison(LineOutcome.AGREES, ours)  # who does not know contradicts nothing; its days may
    if theirs == EffectStatus.EXPIRED and ours.status in _MAY_HAVE_ENDED:
        return _compare_end(line, stored, ours, as_of)
    if theirs == EffectStatus.IN_FORCE and ours.status == EffectStatus.UNKNOWN:
        return Comparison(LineOutcome.NEWS, ours)
    if theirs in EVENT_OF_STATED_STATUS and ours.status in _RUNNING:
        kind, scope = EVENT_OF_STATED_STATUS[theirs]
        return Comparison(LineOutcome.NEWS, ours, [(kind, scope, None)])
    if theirs == EffectStatus.NOT_YET_EFFECTIVE and ours.status == EffectStatus.UNKNOWN:
        return Comparison(LineOutcome.NEWS, ours)
    return Comparison(LineOutcome.CONFLICT, ours, case=_carried_out(stored, ours))


def _compare_end(line: StatusLine, stored: StoredEffect, ours: Effect, as_of: datetime.date) -> Comparison:
    """The list says that the document has ended by `as_of`; here it runs. An act that was read may say so too."""
    undecided = [case for case in stored.cases if not case.is_decided]
    fitting = [case for case in undecided if case.on is None or case.on == (line.expires_on or min(case.on, as_of))]
    if undecided and not fitting:
        return Comparison(LineOutcome.CONFLICT, ours, case=undecided[0])
    for case in fitting:
        if day := line.expires_on or case.on:
            return Comparison(LineOutcome.SETTLES, ours, case=case, ends_on=day)
    end = (StatusEventKind.EXPIRES, StatusEventScope.WHOLE, line.expires_on)
    return Comparison(LineOutcome.NEWS, ours, [end])


def _carried_out(stored: StoredEffect, ours: Effect) -> EndingCase | None:
    """The case that ended the document on the day that we show, if a case did."""
    carried_out = [case for case in stored.cases if case.state == EndingCase.State.CARRIED_OUT]
    return next((case for case in carried_out if case.on == ours.expires_on), None)
