"""Which objects a page of another installation's change log names, and which of them are to be asked for."""

from collections.abc import Iterable, Mapping

from content.changes.event_types import EventType
from content.peer_lines.lines import Line
from content.sync import queries
from content.sync.models import Peer

Subject = tuple[str, str]  # (object, key)
DONE_BY_ACTS = (EventType.DOCUMENT_AMENDED, EventType.STATUS_ENTERED, EventType.AMENDMENT_WITHDRAWN)


def by_subject(peer: Peer, lines: Iterable[Line]) -> dict[Subject, list[Line]]:
    """The lines of each object that is copied, in the order in which the objects come.

    A copy that is here follows its home also when its kind is not wanted any more: else what its home withdraws stayed
    public here.
    """
    found: dict[Subject, list[Line]] = {}
    for line in lines:
        if (not line.origin or peer.relays) and line.is_ours:
            found.setdefault((line.object, line.subject), []).append(line)
    held = queries.held_of(peer, [key for name, key in found if not peer.wants(name)])
    return {each: named for each, named in found.items() if peer.wants(each[0]) or each in held}


def not_in_our_log(peer: Peer, subjects: Mapping[Subject, list[Line]]) -> dict[Subject, list[Line]]:
    """Those with a line that our own log does not have, and copies that lack an act.

    A page that broke off is read again from its beginning. What was applied then has nothing new in it: its record may
    say more by now, but the line that tells so comes later.
    """
    known = queries.newest_lines(peer, [key for _name, key in subjects])
    return {each: lines for each, lines in subjects.items() if lines[-1].key > known.get(each, 0)}


def acts_of(peer: Peer, lines: Iterable[Line], asked: Iterable[Subject]) -> dict[Subject, int]:
    """The acts that did something to other documents, with the newest line that says so, if we hold them.

    Their records say it too, and no line about the act tells that they changed. Those in `asked` are read anyway, and
    those for which our log names that line were.
    """
    found: dict[Subject, int] = {}
    for line in lines:
        act = line.shown["facts"].get("act")
        if line.event_type in DONE_BY_ACTS and not line.origin and isinstance(act, dict):
            found["document", str(act.get("key"))[:200]] = line.key
    held = queries.newest_lines(peer, [key for _name, key in found]).keys() - set(asked)
    told = queries.lines_of_homes([key for _name, key in held])
    return {each: line for each, line in found.items() if each in held and (each[1], str(line)) not in told}
