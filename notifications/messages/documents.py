"""Messages about legal documents, in Vietnamese and English. A law's title is its name and stays Vietnamese."""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from content.changes import event_types
from content.changes.models import Change
from content.documents.models import StatusEvent
from content.law.doc_types import DocType
from content.law.eids import SEPARATOR, eid_in_words, eid_lineage
from content.law.page_paths import document_path, provision_path
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
MAX_UNITS_NAMED = 5  # in a push; the rest is counted
MAX_UNITS_OF_A_KIND = 3  # where an amendment does several kinds of things
MAX_EFFECTS_TOLD = 2  # sentences; the rest is counted
EFFECT_EVENTS_BY_WEIGHT: list[str] = [  # mentioned first to last
    StatusEvent.Kind.EXPIRES,
    StatusEvent.Kind.SUSPENDED,
    StatusEvent.Kind.RESUMED,
    StatusEvent.Kind.TAKES_EFFECT,
    StatusEvent.Kind.NO_LONGER_SUITABLE,
    StatusEvent.Kind.AMENDED,
]

KINDS_OF_TEXT_CHANGE = (StatusEvent.Kind.AMENDED, StatusEvent.Kind.EXPIRES)  # of parts: told as changes of the text

EffectEventFacts = Mapping[str, Any]  # one of a change's facts["events"]: kind, scope, eids, on


def full_text(change: Change, language: str, title: str | None = None) -> MessageText:
    """The text for a `document.*` change. Without a title, as of a withdrawn document, it is named by its number.

    Raises KeyError for other changes.
    """
    with override(language):
        title = change.facts.get("title") or _document_name(change)
        return MessageText(title, _BODY_BUILDERS[change.event_type](change))


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


def page_path(change: Change) -> str:
    """The path of the page of the unit that the news is about, else of the document.

    Of several units it is what holds all of them. What an amendment adds or repeals is not there on some days: the news
    is read where it was or will be.
    """
    eids = _eids_of_news(change)
    around = [eid for eid in eid_lineage(eids[0]) if all(eid in eid_lineage(each) for each in eids)] if eids else []
    return provision_path(change.subject, around[-1]) if around else document_path(change.subject)


def _eids_of_news(change: Change) -> list[str]:
    """The eids of what is there before and after; none where the news is about the whole document.

    What is taken back or corrected may be a unit that is nowhere now, so that it has no page: none counts.
    """
    if change.event_type in (event_types.AMENDMENT_WITHDRAWN, event_types.DOCUMENT_CORRECTED):
        return []
    if any(event["scope"] == StatusEvent.Scope.WHOLE for event in change.facts.get("events", ())):
        return []
    if change.event_type != event_types.DOCUMENT_AMENDED:
        return list(change.eids)
    units = _changed_units(change)
    moved = [eid.rpartition(SEPARATOR)[0] for kind in ("repealed", "added") for eid in units.get(kind, [])]
    return [] if "" in moved else [*moved, *units.get("amended", [])]


def relevant_until(_change: Change) -> datetime.datetime | None:
    """None: news about a document has no fixed end."""
    return None


def _document_name(change: Change) -> str:
    return " ".join(filter(None, [str(DocType(change.facts["doc_type"]).label), change.facts["number"]]))


def _published_body(change: Change) -> str:
    return _("New document: %s. Tap to read.") % _document_name(change)


def _amended_body(change: Change) -> str:
    """«Điểm b khoản 1 Điều 2: bị bãi bỏ; Điều 1a: được bổ sung theo Luật X từ 01/01/2025.», then other news of effect.

    All that an amendment does to the text begins on its day.
    """
    facts = change.facts
    units = _changed_units(change)
    most = MAX_UNITS_NAMED if len(units) == 1 else MAX_UNITS_OF_A_KIND
    changes = [_text_change(kind, unit_names(eids, most=most)) for kind, eids in units.items()]
    values = {
        "changes": _capitalised("; ".join(changes)),
        "act": facts["act"]["citation"],
        "day": _formatted_date(facts["on"]),
    }
    others = [event for event in facts.get("events", ()) if not _is_text_change(event)]
    sentences = _effect_sentences(others, facts.get("when", ""), facts["on"])
    return " ".join([_("%(changes)s by %(act)s from %(day)s.") % values, *sentences])


def _changed_units(change: Change) -> dict[str, list[str]]:
    """{"repealed", "amended" or "added": eids}, the weightiest first.

    Lines of the log from before they told added units apart have the events of effect only.
    """
    units = change.facts.get("units") or _units_of_events(change.facts.get("events", ()))
    named = {kind: units[kind] for kind in ("repealed", "amended", "added") if units.get(kind)}
    return named or {"amended": change.eids}


def _units_of_events(events: Iterable[EffectEventFacts]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {"repealed": [], "amended": []}
    for event in filter(_is_text_change, events):
        told["repealed" if event["kind"] == StatusEvent.Kind.EXPIRES else "amended"] += event["eids"]
    return told


def _is_text_change(event: EffectEventFacts) -> bool:
    return event["scope"] == StatusEvent.Scope.PART and event["kind"] in KINDS_OF_TEXT_CHANGE


def _text_change(kind: str, named: str) -> str:
    words = {
        "repealed": _("%(units)s: repealed"),
        "amended": _("%(units)s: amended"),
        "added": _("%(units)s: added"),
    }
    return words[kind] % {"units": named or _("Parts of it")}


def _corrected_body(change: Change) -> str:
    return _("Our copy was corrected: %s. Tap to read.") % _document_name(change)


def _document_withdrawn_body(change: Change) -> str:
    return _("Withdrawn by us: %s. Tap to see why.") % _document_name(change)


def _amendment_withdrawn_body(change: Change) -> str:
    values = {"act": change.facts["act"]["citation"], "units": unit_names(change.eids) or _("Parts of it")}
    return _("Correction: %(units)s not amended by %(act)s. Our earlier message was wrong.") % values


def _status_body(change: Change) -> str:
    return " ".join(_effect_sentences(change.facts["events"], change.facts["when"], change.facts["on"]))


def _effect_sentences(events: Iterable[EffectEventFacts], when: str, day_of_change: str | None) -> list[str]:
    """A sentence for each of the two weightiest kinds of news, each with its own day. The rest is counted."""
    news = sorted(_effect_news(events, day_of_change), key=_weight)
    sentences = [_effect_sentence(each, when, day_of_change) for each in news[:MAX_EFFECTS_TOLD]]
    if len(news) > MAX_EFFECTS_TOLD:
        rest = len(news) - MAX_EFFECTS_TOLD
        sentences.append(ngettext("%d more change of effect.", "%d more changes of effect.", rest) % rest)
    return sentences


@dataclass
class _EffectNews:
    """Status events of one kind and one day, told as one."""

    kind: str
    is_whole: bool
    on: str | None  # None: the day is not fixed
    eids: set[str]


def _effect_news(events: Iterable[EffectEventFacts], day_of_change: str | None) -> list[_EffectNews]:
    """Lines of the log from before each event had its day have only that of the change."""
    news: dict[tuple[str, str, str | None], _EffectNews] = {}
    for event in events:
        kind, scope, on = event["kind"], event["scope"], event.get("on", day_of_change)
        told = _EffectNews(kind, scope == StatusEvent.Scope.WHOLE, on, set())
        news.setdefault((kind, scope, on), told).eids.update(event["eids"])
    return list(news.values())


def _weight(news: _EffectNews) -> tuple[bool, int, bool, str]:
    return not news.is_whole, EFFECT_EVENTS_BY_WEIGHT.index(news.kind), news.on is None, news.on or ""


def _effect_sentence(news: _EffectNews, when: str, day_of_change: str | None) -> str:
    what = _("The whole document") if news.is_whole else _capitalised(unit_names(news.eids)) or _("Parts of it")
    relative = when if news.on == day_of_change else ""
    values = {"what": what, "verb": _effect_verb(news.kind), "day": _date_phrase(relative, news.on)}
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


def unit_names(eids: Collection[str], *, most: int = MAX_UNITS_NAMED) -> str:
    """«điểm m khoản 3 Điều 6, Điều 7» for these units, in order, a unit within another of them left out.

    Beyond `most` the rest is counted.
    """
    outermost = [eid for eid in set(eids) if not any(above in eids for above in eid_lineage(eid)[:-1])]
    names = [eid_in_words(eid) for eid in sorted(outermost, key=_order_of_eid)]
    if len(names) <= most:
        return ", ".join(names)
    rest = len(names) - most
    words = ngettext("%(named)s and %(rest)d other place", "%(named)s and %(rest)d other places", rest)
    return words % {"named": ", ".join(names[:most]), "rest": rest}


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _order_of_eid(eid: str) -> list[tuple[str, Any]]:
    steps = [step.partition("_") for step in eid.split(SEPARATOR)]
    return [(prefix, number_order(token.replace("dd", "đ"))) for prefix, _sign, token in steps]


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
