"""Messages about legal documents, in Vietnamese and English. A law's title is its name and stays Vietnamese."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import event_types
from content.changes.models import Change
from content.documents.models import StatusEvent
from content.law.doc_types import DocType
from content.law.unit_numbers import number_order
from notifications.follows.models import NotificationType
from notifications.messages.message_text import MessageText

NOTIFICATION_TYPES: Mapping[str, NotificationType] = {  # event type → which followers are notified
    event_types.DOCUMENT_PUBLISHED: NotificationType.NEW,
    event_types.DOCUMENT_CORRECTED: NotificationType.AMENDED,  # this and the next only if an editor asks for it
    event_types.DOCUMENT_WITHDRAWN: NotificationType.AMENDED,
    event_types.DOCUMENT_AMENDED: NotificationType.AMENDED,
    event_types.AMENDMENT_WITHDRAWN: NotificationType.AMENDED,
    event_types.STATUS_ENTERED: NotificationType.EFFECT,
    event_types.STATUS_AHEAD: NotificationType.EFFECT,
    event_types.STATUS_CHANGED: NotificationType.EFFECT,
}
MAX_ARTICLES_NAMED = 5  # named in a push; the rest is counted
EFFECT_EVENTS_BY_WEIGHT: list[str] = [  # mentioned first to last
    StatusEvent.Kind.EXPIRES,
    StatusEvent.Kind.SUSPENDED,
    StatusEvent.Kind.RESUMED,
    StatusEvent.Kind.TAKES_EFFECT,
    StatusEvent.Kind.NO_LONGER_SUITABLE,
    StatusEvent.Kind.AMENDED,
]

EffectEventFacts = Mapping[str, Any]  # one of a change's facts["events"]: kind, scope, eids


def full_text(change: Change, language: str, title: str | None = None) -> MessageText:
    """The text for a `document.*` change. The title is that of the change. Raises KeyError for other changes."""
    with override(language):
        return MessageText(change.facts["title"], _BODY_BUILDERS[change.event_type](change))


def lock_screen_text(change: Change, language: str) -> MessageText:
    """The full text: no change of a document is private."""
    return full_text(change, language)


def link_path(change: Change) -> str:
    """The path of the document; for an amendment, that of the comparison of the text before and after it."""
    address = f"/api/v1/documents/{change.subject}"
    if change.event_type == event_types.DOCUMENT_AMENDED:
        day = datetime.date.fromisoformat(change.facts["on"])
        return f"{address}/diff?from={day - datetime.timedelta(days=1)}&to={day}"
    return address


def relevant_until(_change: Change) -> datetime.datetime | None:
    """None: news about a document has no fixed end."""
    return None


def _document_name(change: Change) -> str:
    return " ".join(filter(None, [str(DocType(change.facts["doc_type"]).label), change.facts["number"]]))


def _published_body(change: Change) -> str:
    return _("New document: %s. Tap to read.") % _document_name(change)


def _amended_body(change: Change) -> str:
    values = {
        "articles": article_names(change.eids) or _("Parts of it"),
        "act": change.facts["act"]["citation"],
        "day": _formatted_date(change.facts["on"]),
    }
    return _("%(articles)s: amended by %(act)s from %(day)s.") % values


def _corrected_body(change: Change) -> str:
    return _("Our copy was corrected: %s. Tap to read.") % _document_name(change)


def _document_withdrawn_body(change: Change) -> str:
    return _("Withdrawn by us: %s. Tap to see why.") % _document_name(change)


def _amendment_withdrawn_body(change: Change) -> str:
    values = {"act": change.facts["act"]["citation"], "articles": article_names(change.eids) or _("Parts of it")}
    return _("Correction: %(articles)s not amended by %(act)s. Our earlier message was wrong.") % values


def _status_body(change: Change) -> str:
    """One sentence for each of the two weightiest events. Those of the whole document come first."""
    facts = change.facts
    events = sorted(facts["events"], key=_weight)
    return " ".join(_effect_sentence(event, facts["when"], facts["on"]) for event in events[:2])


def _weight(event: EffectEventFacts) -> tuple[bool, int]:
    return event["scope"] == StatusEvent.Scope.PART, EFFECT_EVENTS_BY_WEIGHT.index(event["kind"])


def _effect_sentence(event: EffectEventFacts, when: str, on: str | None) -> str:
    whole = event["scope"] == StatusEvent.Scope.WHOLE
    what = _("The whole document") if whole else article_names(event["eids"]) or _("Parts of it")
    values = {"what": what, "verb": _effect_verb(event["kind"]), "day": _date_phrase(when, on)}
    return _("%(what)s: %(verb)s %(day)s.") % values


def _effect_verb(kind: str) -> str:
    verbs: dict[str, str] = {
        StatusEvent.Kind.TAKES_EFFECT: _("in force"),
        StatusEvent.Kind.EXPIRES: _("no longer in force"),
        StatusEvent.Kind.AMENDED: _("in a new wording"),
        StatusEvent.Kind.SUSPENDED: _("suspended"),
        StatusEvent.Kind.RESUMED: _("in force again"),
        StatusEvent.Kind.NO_LONGER_SUITABLE: _("no longer suitable"),
    }
    return verbs[kind]


def _date_phrase(when: str, on: str | None) -> str:
    """`when` is "today", "tomorrow" or something else; `on` the date, None if it is not known."""
    if when == "today":
        return _("from today")
    if on is None:
        return _("from a day not fixed yet")
    if when == "tomorrow":
        return _("from tomorrow, %s") % _formatted_date(on)
    return _("from %s") % _formatted_date(on)


def _formatted_date(text: str) -> str:
    """ "2026-12-05" → "05/12/2026"."""
    return datetime.date.fromisoformat(text).strftime("%d/%m/%Y")


def article_names(eids: Iterable[str]) -> str:
    """«Điều 1, Điều 28» for the articles of these eids, in order. Beyond MAX_ARTICLES_NAMED the rest is counted."""
    numbers = {eid.split("__")[0].removeprefix("art_").replace("dd", "đ") for eid in eids if eid.startswith("art_")}
    named = [f"Điều {number}" for number in sorted(numbers, key=number_order)]
    if len(named) > MAX_ARTICLES_NAMED:
        rest = len(named) - MAX_ARTICLES_NAMED
        return _("%(named)s and %(rest)d more") % {"named": ", ".join(named[:MAX_ARTICLES_NAMED]), "rest": rest}
    return ", ".join(named)


_BODY_BUILDERS: dict[str, Callable[[Change], str]] = {
    event_types.DOCUMENT_PUBLISHED: _published_body,
    event_types.DOCUMENT_CORRECTED: _corrected_body,
    event_types.DOCUMENT_WITHDRAWN: _document_withdrawn_body,
    event_types.DOCUMENT_AMENDED: _amended_body,
    event_types.AMENDMENT_WITHDRAWN: _amendment_withdrawn_body,
    event_types.STATUS_ENTERED: _status_body,
    event_types.STATUS_AHEAD: _status_body,
    event_types.STATUS_CHANGED: _status_body,
}
