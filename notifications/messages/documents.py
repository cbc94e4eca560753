"""What is said about legal documents, in Vietnamese and English. A law's title stays Vietnamese: it is its name."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from content.changes import kinds
from content.documents.models import DocType
from content.documents.structure.numbers import order
from notifications.follows.models import Kind
from notifications.messages.words import Words

KINDS = {  # which changes are told, and to followers of what
    kinds.DOCUMENT_PUBLISHED: Kind.NEW,
    kinds.DOCUMENT_CORRECTED: Kind.AMENDED,  # these two only when an editor asks for it
    kinds.DOCUMENT_WITHDRAWN: Kind.AMENDED,
    kinds.DOCUMENT_AMENDED: Kind.AMENDED,
    kinds.AMENDMENT_WITHDRAWN: Kind.AMENDED,
    kinds.STATUS_ENTERED: Kind.EFFECT,
    kinds.STATUS_AHEAD: Kind.EFFECT,
    kinds.STATUS_CHANGED: Kind.EFFECT,
}
MOST_ARTICLES = 5  # named in a push; the rest is counted
WEIGHTS = ["expires", "suspended", "resumed", "takes_effect", "no_longer_suitable", "amended"]  # told first


def words(change, language, title=None):
    """The words for a `document.*` change, whose line has the title. Raises KeyError for a change that is not told."""
    with override(language):
        return Words(change.facts["title"], _BODIES[change.kind](change))


def path(change):
    """What a push leads to, under PUBLIC_URL: what an amendment changes, else the document."""
    address = f"/api/v1/documents/{change.subject}"
    if change.kind == kinds.DOCUMENT_AMENDED:
        day = datetime.date.fromisoformat(change.facts["on"])
        return f"{address}/diff?from={day - datetime.timedelta(days=1)}&to={day}"
    return address


def _name(change):
    return " ".join(filter(None, [str(DocType(change.facts["doc_type"]).label), change.facts["number"]]))


def _published(change):
    return _("New document: %s. Tap to read.") % _name(change)


def _amended(change):
    values = {
        "articles": articles(change.eids) or _("Parts of it"),
        "act": change.facts["act"]["citation"],
        "day": _day(change.facts["on"]),
    }
    return _("%(articles)s: amended by %(act)s from %(day)s.") % values


def _corrected(change):
    return _("Our copy was corrected: %s. Tap to read.") % _name(change)


def _taken_back(change):
    return _("Withdrawn by us: %s. Tap to see why.") % _name(change)


def _withdrawn(change):
    values = {"act": change.facts["act"]["citation"], "articles": articles(change.eids) or _("Parts of it")}
    return _("Corrected: %(articles)s not amended by %(act)s, as we had told.") % values


def _status(change):
    """A sentence for each of the two weightiest events."""
    facts = change.facts
    events = sorted(facts["events"], key=lambda event: (event["scope"] == "part", WEIGHTS.index(event["kind"])))
    return " ".join(_sentence(event, facts["when"], facts["on"]) for event in events[:2])


def _sentence(event, when, on):
    what = _("The whole document") if event["scope"] == "whole" else articles(event["eids"]) or _("Parts of it")
    return _("%(what)s: %(verb)s %(day)s.") % {"what": what, "verb": _verb(event["kind"]), "day": _when(when, on)}


def _verb(kind):
    return {
        "takes_effect": _("in force"),
        "expires": _("no longer in force"),
        "amended": _("in a new wording"),
        "suspended": _("suspended"),
        "resumed": _("in force again"),
        "no_longer_suitable": _("no longer suitable"),
    }[kind]


def _when(when, on):
    if when == "today":
        return _("from today")
    if when == "tomorrow":
        return _("from tomorrow, %s") % _day(on)
    return _("from %s") % _day(on) if on else _("from a day not fixed yet")


def _day(text):
    return datetime.date.fromisoformat(text).strftime("%d/%m/%Y")


def articles(eids):
    """«Điều 1, Điều 28» for what the eids name; beyond MOST_ARTICLES the rest is counted."""
    numbers = {eid.split("__")[0].removeprefix("art_") for eid in eids if eid.startswith("art_")}
    named = [
        f"Điều {number.replace('dd', 'đ')}" for number in sorted(numbers, key=lambda n: order(n.replace("dd", "đ")))
    ]
    if len(named) > MOST_ARTICLES:
        rest = len(named) - MOST_ARTICLES
        return _("%(named)s and %(rest)d more") % {"named": ", ".join(named[:MOST_ARTICLES]), "rest": rest}
    return ", ".join(named)


_BODIES = {
    kinds.DOCUMENT_PUBLISHED: _published,
    kinds.DOCUMENT_CORRECTED: _corrected,
    kinds.DOCUMENT_WITHDRAWN: _taken_back,
    kinds.DOCUMENT_AMENDED: _amended,
    kinds.AMENDMENT_WITHDRAWN: _withdrawn,
    kinds.STATUS_ENTERED: _status,
    kinds.STATUS_AHEAD: _status,
    kinds.STATUS_CHANGED: _status,
}
