"""Lines of another installation's change log, as its public feed shows them: checked against their chain."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from content.canonical_json import CanonicalizationError
from content.changes.chain import next_chain
from content.changes.event_types import NATURES, PUBLIC_EVENT_TYPES, EventType
from content.contests.states import ContestStatus
from content.copying.objects import OBJECTS
from content.documents.effect import StatusEventKind, StatusEventScope
from content.events.choices import EventKind
from content.events.states import EventStatus
from content.media.choices import MaterialKind
from content.peer_client.client import PeerWrong
from content.public_changes.facts import EFFECT_EVENT_FACTS, PLAIN_FACTS
from content.qa.states import QuestionStatus
from content.relations.models import RelationKind

OUR_CLOCK_WRITES = (  # of copies as of our own objects; a flag of an answer too, by the consumer of our log
    EventType.STATUS_CHANGED, EventType.STATUS_AHEAD, EventType.EVENT_STARTS_SOON, EventType.QUESTION_BASIS_CHANGED,
    EventType.MATERIAL_BASIS_CHANGED,
)  # fmt: skip
CANCELLED = (EventType.EVENT_CANCELLED, EventType.CONTEST_CANCELLED)  # shown with the reason; a sample is deleted
TEXT_FACTS = ("number", "title", "reason", "place")
CLOSED_LISTS = {
    "kind": {*StatusEventKind.values, *RelationKind.values, *EventKind.values, *MaterialKind.values},
    "relation": set(RelationKind.values),
    "scope": set(StatusEventScope.values),
    "status": {*ContestStatus.values, *EventStatus.values, *QuestionStatus.values},
}
MAX_TEXT, MAX_ITEMS, MAX_LINES = 2_000, 5_000, 200
MAX_KEY = 2**63 - 1  # as our own are stored


class Forked(Exception):
    """The other installation has another history than the one we know."""


@dataclass(frozen=True)
class Line:
    """A line that fits the chain. `shown` is the JSON as it was sent."""

    key: int
    object: str
    subject: str
    event_type: str
    is_tombstone: bool  # where its object is not there any more, this line says why
    removes_words: bool
    is_ours: bool  # it says something that we copy: of an object and an event type that we know
    origin: str  # home of the object, "" for that of the sender
    changed_at: datetime.datetime
    shown: Mapping[str, Any]

    @property
    def key_at_home(self) -> int:
        """The number that its home gave it, as who hands it on says; 0 where nothing is said."""
        said = str((self.shown["facts"].get("origin") or {}).get("key") or "")
        return int(said) if said.isdecimal() and len(said) <= 18 else 0


def checked_lines(page: Mapping[str, Any], before: str, after: int) -> list[Line]:
    """The lines of a page, each checked against the chain of the line before. Raises PeerWrong, Forked."""
    results = page.get("results")
    if not isinstance(results, list) or len(results) > MAX_LINES:
        raise PeerWrong(_("A page of its change log has no lines, or too many."))
    found: list[Line] = []
    for shown in results:
        line = _line(shown)
        if line.key <= after:
            raise PeerWrong(_("Its lines are not in their order."))
        if shown.get("chain") == "":  # the release before wrote it; the next line there gives it one
            raise PeerWrong(_("Its newest lines have no chain yet: it is being upgraded."))
        if _chain_of(shown, before, line) != shown.get("chain"):
            raise Forked(_("Line %d does not follow the line before it.") % line.key)
        before, after = shown["chain"], line.key
        found.append(line)
    return found


def stored_line(shown: Any) -> Line:
    """A line that was checked before and kept as it was sent."""
    return _line(shown)


def shown_head(page: Mapping[str, Any]) -> dict[str, str] | None:
    """The head as the other installation gave it, not proved, for the person who decides."""
    head = page.get("head")
    names = ("key", "chain", "at", "seal")
    return {name: str(head.get(name))[:4_000] for name in names} if isinstance(head, dict) else None


def _line(shown: Any) -> Line:
    try:
        event_type, subject, key = shown["event_type"], shown["subject"], int(shown["key"])
        if not 0 < key <= MAX_KEY:
            raise ValueError("no number of a line")
        changed_at = datetime.datetime.fromisoformat(shown["changed_at"])
        facts, name = shown["facts"], event_type.partition(".")[0]
        origin = facts.get("origin") or {}
        correction = facts.get("correction") or {}
        is_ours = name in OBJECTS and event_type in PUBLIC_EVENT_TYPES and shown["nature"] in NATURES
        return Line(
            key, name, str(subject)[:200], event_type, bool(shown["is_tombstone"] or event_type in CANCELLED),
            bool(facts.get("removes_words") or correction.get("removes_words")),
            is_ours and event_type not in OUR_CLOCK_WRITES, str(origin.get("home") or ""), changed_at, shown,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise PeerWrong(_("A line of its change log has another form than ours.")) from error


def _chain_of(shown: Mapping[str, Any], before: str, line: Line) -> str:
    """As `chain.next_chain` computes it where the line was written."""
    names = ("event_type", "nature", "subject", "eids", "topics", "organisation", "notify", "facts_digest")
    said = {"key": shown["key"]} | {name: shown.get(name) for name in names}
    said |= {name: shown.get(name) or "" for name in ("hash_before", "hash_after")}
    try:
        said["changed_at"] = line.changed_at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        return next_chain(before, said)
    except (CanonicalizationError, RecursionError, OverflowError) as error:
        raise PeerWrong(_("A line of its change log has a value that no hash can be made of.")) from error


def copied_facts(line: Line, home: str) -> dict[str, Any]:
    """The facts of a line as our own log takes them over, with whose line it is. What has another form is left out."""
    facts = line.shown["facts"]
    found: dict[str, Any] = {name: value for name, value in facts.items() if name in PLAIN_FACTS and _is_plain(value)}
    found |= {name: facts[name][:MAX_TEXT] for name in TEXT_FACTS if isinstance(facts.get(name), str)}
    if isinstance(facts.get("was"), dict):
        found["was"] = {name: value for name, value in facts["was"].items() if _is_plain(value)}
    act = facts.get("act")
    if isinstance(act, dict) and isinstance(act.get("key"), str):
        found["act"] = {
            name: str(act[name])[:MAX_TEXT] for name in ("key", "number", "title", "citation") if name in act
        }
    if (events := _rows(facts.get("events"), ("kind", "scope"))) is not None:
        found["events"] = [{name: each[name] for name in EFFECT_EVENT_FACTS if name in each} for each in events]
    correction = facts.get("correction")
    if isinstance(correction, dict):
        fields, units = (
            _rows(correction.get("fields"), ("field",)),
            _rows(correction.get("provisions"), ("eid", "change")),
        )
        found["correction"] = {"fields": fields or [], "provisions": units or []} | {
            "removes_words": bool(correction.get("removes_words", True))
        }
    return found | {"origin": {"home": home, "key": str(line.key), "changed_at": str(line.shown["changed_at"])}}


def handed_on_facts(line: Line, home: str, sealed_at: int) -> dict[str, Any]:
    """The facts of a line about the copy of another home: values of closed lists, days, yes and no.

    No words of who hands it on, and no number after that of the line at which the home sealed its record.
    """
    facts = line.shown["facts"]
    found = _closed_values(facts)
    if (events := _rows(facts.get("events"), ("kind", "scope"))) is not None:
        found["events"] = [_closed_values(each) for each in events]
    if isinstance(correction := facts.get("correction"), dict):
        removes = bool(correction.get("removes_words", True))
        found["correction"] = {"fields": [], "provisions": [], "removes_words": removes}
    origin = {"home": home} | ({"key": str(min(line.key_at_home, sealed_at))} if line.key_at_home else {})
    if isinstance(said := facts.get("origin"), dict) and _is_instant(said.get("changed_at")):
        origin["changed_at"] = said["changed_at"]
    return found | {"origin": origin}


def _closed_values(facts: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        name: facts[name] for name in ("is_removed", "online", "removes_words") if facts.get(name) in (True, False)
    }
    for name, values in CLOSED_LISTS.items():
        if isinstance(facts.get(name), str) and facts[name] in values:
            found[name] = facts[name]
    return found | {name: facts[name] for name in ("on", "starts_at", "ends_at") if _is_instant(facts.get(name))}


def _is_instant(value: Any) -> bool:
    """Whether it is a day, or an instant, as ISO 8601 writes it."""
    try:
        return isinstance(value, str) and len(value) <= 40 and bool(datetime.datetime.fromisoformat(value))
    except ValueError:
        return False


def texts(value: Any, most: int) -> list[str]:
    """The texts in a list that somebody sent, each at most so long."""
    found = value if isinstance(value, list) else []
    return [each[:most] for each in found[:MAX_ITEMS] if isinstance(each, str)]


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= MAX_ITEMS and all(map(_is_plain, value))
    if isinstance(value, dict):
        return (
            len(value) <= MAX_ITEMS
            and all(isinstance(each, str) for each in value)
            and all(map(_is_plain, value.values()))
        )
    return value is None or isinstance(value, (bool, int, float)) or (isinstance(value, str) and len(value) <= MAX_TEXT)


def _rows(value: Any, names: Sequence[str]) -> list[dict[str, Any]] | None:
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        return None
    if not all(isinstance(each, dict) and all(isinstance(each.get(name), str) for name in names) for each in value):
        return None
    return value
