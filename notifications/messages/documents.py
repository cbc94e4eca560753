"""What is said about legal documents, in Vietnamese and English. A law's title stays Vietnamese: it is its name."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import event_types
from content.law.doc_types import DocType
from content.law.unit_numbers import number_order
from notifications.follows.models import FollowKind
from notifications.messages.message_text import MessageText

FOLLOW_KINDS = {  # which changes are told, and to followers of what
    event_types.DOCUMENT_PUBLISHED: FollowKind.NEW,
    event_types.DOCUMENT_CORRECTED: FollowKind.AMENDED,  # these two only when an editor asks for it
    event_types.DOCUMENT_WITHDRAWN: FollowKind.AMENDED,
    event_types.DOCUMENT_AMENDED: FollowKind.AMENDED,
    event_types.AMENDMENT_WITHDRAWN: FollowKind.AMENDED,
    event_types.STATUS_ENTERED: FollowKind.EFFECT,
    event_types.STATUS_AHEAD: FollowKind.EFFECT,
    event_types.STATUS_CHANGED: FollowKind.EFFECT,
}
MAX_ARTICLES_NAMED = 5  # named in a push; the rest is counted
EFFECT_EVENTS_BY_WEIGHT = [
    "expires",
    "suspended",
    "resumed",
    "takes_effect",
    "no_longer_suitable",
    "amended",
]  # told first


def full_text(change, language, title=None):
    """The words for a `document.*` change, whose line has the title. Raises KeyError for a change that is not told."""
    with override(language):
        return MessageText(change.facts["title"], _BODY_BUILDERS[change.event_type](change))


def link_path(change):
    """What a push leads to, under PUBLIC_URL: what an amendment changes, else the document."""
    address = f"/api/v1/documents/{change.subject}"
    if change.event_type == event_types.DOCUMENT_AMENDED:
        day = datetime.date.fromisoformat(change.facts["on"])
        return f"{address}/diff?from={day - datetime.timedelta(days=1)}&to={day}"
    return address


def _document_name(change):
    return " ".join(filter(None, [str(DocType(change.facts["doc_type"]).label), change.facts["number"]]))


def _published_body(change):
    return _("New document: %s. Tap to read.") % _document_name(change)


def _amended_body(change):
    values = {
        "articles": article_names(change.eids) or _("Parts of it"),
        "act": change.facts["act"]["citation"],
        "day": _formatted_date(change.facts["on"]),
    }
    return _("%(articles)s: amended by %(act)s from %(day)s.") % values


def _corrected_body(change):
    return _("Our copy was corrected: %s. Tap to read.") % _document_name(change)


def _document_withdrawn_body(change):
    return _("Withdrawn by us: %s. Tap to see why.") % _document_name(change)


def _amendment_withdrawn_body(change):
    values = {"act": change.facts["act"]["citation"], "articles": article_names(change.eids) or _("Parts of it")}
    return _("Corrected: %(articles)s not amended by %(act)s, as we had told.") % values


def _status_body(change):
    """A sentence for each of the two weightiest events."""
    facts = change.facts
    events = sorted(
        facts["events"], key=lambda event: (event["scope"] == "part", EFFECT_EVENTS_BY_WEIGHT.index(event["kind"]))
    )
    return " ".join(_effect_sentence(event, facts["when"], facts["on"]) for event in events[:2])


def _effect_sentence(event, when, on):
    what = _("The whole document") if event["scope"] == "whole" else article_names(event["eids"]) or _("Parts of it")
    return _("%(what)s: %(verb)s %(day)s.") % {
        "what": what,
        "verb": _effect_verb(event["kind"]),
        "day": _date_phrase(when, on),
    }


def _effect_verb(kind):
    return {
        "takes_effect": _("in force"),
        "expires": _("no longer in force"),
        "amended": _("in a new wording"),
        "suspended": _("suspended"),
        "resumed": _("in force again"),
        "no_longer_suitable": _("no longer suitable"),
    }[kind]


def _date_phrase(when, on):
    if when == "today":
        return _("from today")
    if when == "tomorrow":
        return _("from tomorrow, %s") % _formatted_date(on)
    return _("from %s") % _formatted_date(on) if on else _("from a day not fixed yet")


def _formatted_date(text):
    return datetime.date.fromisoformat(text).strftime("%d/%m/%Y")


def article_names(eids):
    """«Điều 1, Điều 28» for what the eids name; beyond MOST_ARTICLES the rest is counted."""
    numbers = {eid.split("__")[0].removeprefix("art_") for eid in eids if eid.startswith("art_")}
    named = [
        f"Điều {number.replace('dd', 'đ')}"
        for number in sorted(numbers, key=lambda n: number_order(n.replace("dd", "đ")))
    ]
    if len(named) > MAX_ARTICLES_NAMED:
        rest = len(named) - MAX_ARTICLES_NAMED
        return _("%(named)s and %(rest)d more") % {"named": ", ".join(named[:MAX_ARTICLES_NAMED]), "rest": rest}
    return ", ".join(named)


_BODY_BUILDERS = {
    event_types.DOCUMENT_PUBLISHED: _published_body,
    event_types.DOCUMENT_CORRECTED: _corrected_body,
    event_types.DOCUMENT_WITHDRAWN: _document_withdrawn_body,
    event_types.DOCUMENT_AMENDED: _amended_body,
    event_types.AMENDMENT_WITHDRAWN: _amendment_withdrawn_body,
    event_types.STATUS_ENTERED: _status_body,
    event_types.STATUS_AHEAD: _status_body,
    event_types.STATUS_CHANGED: _status_body,
}
