"""Who did what with a question, in words: staff from the audit, the asker and the house from its moves."""

from dataclasses import dataclass

from content.people.acts import ACTS
from content.people.models import AuditRow, User
from content.qa.states import Move


@dataclass(frozen=True)
class Entry:
    at: object
    by: User | None
    act: str
    reason: str
    is_askers: bool = False


def history(question):
    """[Entry], the first first."""
    rows = AuditRow.objects.filter(subject=question.key).select_related("by")
    audited = [Entry(row.at, row.by, ACTS.get(row.action, row.action), row.reason) for row in rows]
    others = question.moves.filter(by=None)
    moved = [Entry(m.at, None, m.get_move_display(), m.reason, is_askers=m.move != Move.REOPEN) for m in others]
    return sorted(audited + moved, key=lambda entry: entry.at)
