"""The lines of our own change log about copies, made from those of the other installation."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes import services as changes
from content.changes.event_types import EventType, Nature
from content.changes.models import Change
from content.contests.models import Contest
from content.contests.services.transitions import facts_of_contest, facts_of_round
from content.copying import home_seals
from content.copying.contests import draw_at_home
from content.copying.files import SHA256
from content.copying.objects import CopiedObject
from content.copying.records import Record
from content.documents.models import LegalDocument
from content.media.models import Material
from content.peer_lines.lines import Line, copied_facts, handed_on_facts, texts
from content.plans.models import Plan
from content.qa.models import Question
from content.record_fields.eids import EID
from content.sync.models import Origin, Peer
from content.topics.models import Topic

TOLD_WITHIN = datetime.timedelta(hours=1)  # what happened earlier is no news
NAMES = {  # what a line says of an object beside what happened, if not its title alone
    LegalDocument: ("number", "title", "doc_type", "is_sample"), Material: ("title", "kind", "is_sample"),
    Plan: ("number", "title"), Question: (),
}  # fmt: skip
ABOUT_A_ROUND = (
    EventType.CONTEST_ROUND_OPENED, EventType.CONTEST_ROUND_ENDS_SOON, EventType.CONTEST_QUESTION_VOIDED,
)  # fmt: skip
KEY_LENGTH, EID_LENGTH, HASH_LENGTH = 100, 120, 64


def write_lines(
    peer: Peer, kind: CopiedObject, row: Any, record: Record, lines: Sequence[Line], sealed_at: int, *, because_of: int,
    is_load: bool, is_new: bool,
) -> list[Change]:  # fmt: skip
    """Our own lines: one for each of the home's, else one that says that the copy came or changed.

    `sealed_at`: the line at which the home sealed the record, as the home numbers them. `because_of`: the line that
    we name where none is about the object itself, 0: that at which it was sealed.
    """
    written = lines_of(peer, row, record["home"], lines, sealed_at, is_load=is_load)
    if not written:
        said_at = because_of if because_of and record["home"] == peer.key else sealed_at
        written = [line_of_copy(kind, row, record, said_at, is_new=is_new)]
    return changes.record_changes(written)


def lines_of(peer: Peer, row: Any, home: str, lines: Sequence[Line], sealed_at: int, *, is_load: bool) -> list[Change]:
    """Unsaved lines of ours, one for each of theirs. Of what is handed on nobody is told, and no words are taken."""
    if home != peer.key:
        return [_line_handed_on(row, home, line, sealed_at) for line in lines]
    return [
        Change(
            event_type=line.event_type, subject=row.key, nature=line.shown["nature"],
            eids=texts(line.shown.get("eids"), EID_LENGTH), topics=texts(line.shown.get("topics"), KEY_LENGTH),
            organisation=str(line.shown.get("organisation") or "")[:KEY_LENGTH],
            hash_before=str(line.shown.get("hash_before") or "")[:HASH_LENGTH],
            hash_after=str(line.shown.get("hash_after") or "")[:HASH_LENGTH],
            facts=_facts_of(row, line, home), notify=_is_told(peer, row, line) and not is_load,
        )
        for line in lines
    ]  # fmt: skip


def _line_handed_on(row: Any, home: str, line: Line, sealed_at: int) -> Change:
    """A line with what happened, as it was handed on, in values of closed lists; what the object is, from the copy."""
    eids, topics = texts(line.shown.get("eids"), EID_LENGTH), texts(line.shown.get("topics"), KEY_LENGTH)
    known = Topic.objects.filter(key__in=topics).values_list("key", flat=True)
    issuer = getattr(row, "issuer", None) or getattr(row, "organisation", None) or getattr(row, "adopter", None)
    hashes = {name: str(line.shown.get(name) or "") for name in ("hash_before", "hash_after")}
    return Change(
        event_type=line.event_type, subject=row.key, nature=line.shown["nature"],
        eids=[each for each in eids if EID.fullmatch(each)], topics=sorted(known),
        organisation=issuer.key if issuer else "", notify=False,
        facts=handed_on_facts(line, home, sealed_at) | _names_of(row) | _round_of(row, line) | _seeds_of(row, line),
        **{name: value if SHA256.fullmatch(value) else "" for name, value in hashes.items()},
    )  # fmt: skip


def _facts_of(row: Any, line: Line, home: str) -> dict[str, Any]:
    """The facts of a line of the home, with those of the copy that its message is made of: a kind, times of rounds."""
    facts = copied_facts(line, home)
    if isinstance(row, Contest):
        facts.pop("round", None)
        return facts | _names_of(row) | _round_of(row, line) | _seeds_of(row, line)
    return facts | (_names_of(row) if isinstance(row, Material) else {})


def _round_of(row: Any, line: Line) -> dict[str, Any]:
    """Which round of a copied contest a line is about; {} for one that the copy does not have, or none."""
    number = line.shown["facts"].get("round")
    if type(number) is not int or not isinstance(row, Contest):
        return {}
    return {"round": number} if number in row.rounds.values_list("number", flat=True) else {}


def _seeds_of(row: Any, line: Line) -> dict[str, Any]:
    """The rounds of a cancelled contest with the seeds that its home published, as in the line of the home; else {}."""
    if line.event_type != EventType.CONTEST_CANCELLED or not isinstance(row, Contest):
        return {}
    seeds = {round: draw_at_home(round).seed for round in row.rounds.order_by("number")}
    return {"rounds": [facts_of_round(round) | ({"seed": seed} if seed else {}) for round, seed in seeds.items()]}


def _is_told(peer: Peer, row: Any, line: Line) -> bool:
    """Whether followers are told of news. What is about a round is told where the copy has that round."""
    is_news = line.changed_at > timezone.now() - TOLD_WITHIN
    is_sayable = line.event_type not in ABOUT_A_ROUND or bool(_round_of(row, line))
    return peer.notifies and is_news and is_sayable and line.shown.get("notify") is True


def line_of_copy(kind: CopiedObject, row: Any, record: Record, said_at: int, *, is_new: bool) -> Change:
    """An unsaved line that says that the copy came, or is another now. `said_at`: which line of the home says it."""
    data, digest = record["data"], hash_of(row)
    facts = {"origin": {"home": record["home"], "key": str(said_at)}} | _names_of(row)
    topics = data["topics"] if "topics" in data else [data["topic"]] if data.get("topic") else []
    body = data.get("issuer") or data.get("organisation") or ""
    event_type = kind.first_event if is_new else kind.corrected_event
    return Change(
        event_type=event_type, subject=row.key, nature=Nature.EDITORIAL, topics=topics, organisation=body, facts=facts,
        hash_after=digest, notify=False,
    )  # fmt: skip


def newest_line_of_home(name: str, key: str, home: str) -> int:
    """The newest line of the home about a copy that our log has, whoever handed it on; 0 without one.

    Never one after that at which the home sealed what we hold: who hands on may number its lines as it likes.
    """
    held = home_seals.kept(name, key)
    lines = Change.objects.filter(reader=None, subject=key, facts__origin__home=home)
    said = [str(each) for each in lines.values_list("facts__origin__key", flat=True)]
    known = [int(each) for each in said if each.isdecimal() and len(each) <= 18]
    return min(max(known, default=0), held.of_change if held else 0)


def hash_of(row: Any) -> str:
    """Hash of what we have, "" where it has none."""
    return row.content_hash if isinstance(row, LegalDocument) else ""


def _names_of(row: Any) -> dict[str, Any]:
    """What a line of the log says of an object beside what happened."""
    if isinstance(row, Contest):
        return facts_of_contest(row)
    return {name: getattr(row, name) for name in NAMES.get(type(row), ("title",))}


def reason_of(peer: Peer, origin: Origin, tombstone: Line) -> str:
    """The reason that the home gave; of what hands on its copies no words are shown as those of the home."""
    if origin.home != peer.key:
        return _("Withdrawn at its home, as %s hands on.") % peer
    reason = tombstone.shown["facts"].get("reason")
    return (reason if isinstance(reason, str) else "").strip()[:10_000] or _("Withdrawn at its home.")
